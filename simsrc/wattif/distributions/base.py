"""What a distribution is to the rest of wattif: a quantile function, and how it is drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# What a parameter is in a result: a number, a word, a list, or the table of another belief.
Stated = Union[float, str, "tuple[Stated, ...]", "dict[str, Stated]"]
QuantileFunction = Callable[[Array, bool], Array]

_TAIL = np.array([2.0**-40, 2.0**-30, 2.0**-4])
_STUCK = 1e-3  # of its width: what grows less between these is bounded


class BeliefError(ValueError):
    """Parameters that make no distribution.

    ``parameter`` is the key to blame (``"sd"``), or ``""`` for the whole; ``hint`` says how to mend
    it.
    """

    def __init__(self, message: str, parameter: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.parameter = parameter
        self.hint = hint


@dataclass(frozen=True)
class Shape:
    """How a distribution is drawn: x = location + scale q(u), clipped to [low, high].

    Where ``exponential``, x = location exp(scale q(u)) instead: a factor keeps its digits where the
    sum of its logarithm would not. ``scale`` > 0.

    ``kind`` "uniform": q(u) = u. "table": q is ``quantile``, to be tabulated; tables are shared by
    all shapes with equal ``key``, whose ``quantile`` and ``kinks`` are equal. "steps": x is the
    first of the increasing ``values`` whose ``cumulative`` probability exceeds u; location and
    scale play no part. "grid": the polynomial in a parameter through all the ``quantiles``, each a
    function of any p in (0, 1), at its Chebyshev points.

    ``quantile(p, upper)`` takes an array of p in (0, 1/2] and returns q(p), or where ``upper`` is
    true q(1 - p), accurate in both tails. ``kinks`` are the interior u, in increasing order, where
    q is not smooth.
    """

    kind: Literal["uniform", "table", "steps", "grid"]
    location: float = 0.0
    scale: float = 1.0
    exponential: bool = False
    low: float = -np.inf
    high: float = np.inf
    key: Hashable = ()
    quantile: QuantileFunction | None = None
    kinks: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    cumulative: tuple[float, ...] = ()
    quantiles: tuple[QuantileFunction, ...] = ()


@dataclass(frozen=True)
class Distribution(ABC):
    """A belief about a quantity: abstract here, final in each family's module.

    Fields of a family are its canonical parameters, under the names of the study language; a
    trailing underscore keeps a name off the methods (``shape_``).
    """

    family: ClassVar[str]

    @property
    def parameters(self) -> dict[str, Stated]:
        """Canonical parameters by name, as stored in a result."""
        return {field.name.rstrip("_"): getattr(self, field.name) for field in fields(self)}

    @abstractmethod
    def shape(self) -> Shape:
        """Return how the sampler draws it."""

    @abstractmethod
    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return P(X <= x), or P(X > x) if ``upper``, each accurate where it is small."""

    def moments(self) -> tuple[float, float]:
        """Return mean and sd by quadrature; a family with closed forms does it better."""
        from wattif.distributions.moments import quantile_moments

        return quantile_moments(self)

    @property
    def mean(self) -> float:
        """Expected value; infinite or NaN where it does not exist."""
        return self.moments()[0]

    @property
    def sd(self) -> float:
        """Standard deviation; infinite or NaN where it does not exist."""
        return self.moments()[1]

    @property
    def support(self) -> tuple[float, float]:
        """Least and greatest possible value; infinite where there is none."""
        shape = self.shape()
        if shape.kind == "steps":
            return shape.values[0], shape.values[-1]
        return shape.low, shape.high

    @property
    def has_inner_tails(self) -> bool:
        """Whether the quantile function may be as steep inside as others are at 0 and 1."""
        return False

    @property
    def atoms(self) -> Array:
        """Values that have a probability of their own, in increasing order."""
        return np.array(self.shape().values)

    def quantile(self, p: ArrayLike, upper: bool = False) -> Array:
        """Return the x with P(X <= x) = p, or with P(X > x) = p if ``upper``, for p in (0, 1)."""
        shape = self.shape()
        p = np.asarray(p, dtype=np.float64)
        if shape.kind == "steps":
            # The least x with P(X <= x) >= p.
            step = np.searchsorted(shape.cumulative, 1.0 - p if upper else p)
            return np.asarray(shape.values)[step]
        return place(shape, fold(shape.quantile or uniform_quantile, p, upper))


def uniform_quantile(p: Array, upper: bool) -> Array:
    """Return the quantile at p, or at 1 - p if ``upper``, of what is uniform between 0 and 1."""
    return 1.0 - p if upper else p


def fold(quantile: QuantileFunction, p: Array, upper: bool) -> Array:
    """Return q(p), or q(1 - p) if ``upper``, at any p in (0, 1)."""
    q = np.empty_like(p)
    far = p > 0.5
    q[~far] = quantile(p[~far], upper)
    q[far] = quantile(1.0 - p[far], not upper)  # 1 - p is exact there
    return q


def place(shape: Shape, q: Array) -> Array:
    """Return the x that standardised quantiles q stand for."""
    with np.errstate(over="ignore"):
        if shape.exponential:
            x = shape.location * np.exp(shape.scale * q)
        else:
            x = shape.location + shape.scale * q
    return np.clip(x, shape.low, shape.high)


def is_smooth_throughout(shape: Shape) -> bool:
    """Return whether what is drawn is positive and has neither kinks nor ends.

    Its logarithm grows on in both tails.
    """
    if shape.kind != "table" or shape.quantile is None or shape.kinks:
        return False
    lower = place(shape, fold(shape.quantile, _TAIL, upper=False))
    upper = place(shape, fold(shape.quantile, _TAIL, upper=True))
    if not (lower[0] > 0.0 and upper[0] < np.inf):
        return False
    (least, low, bottom), (greatest, high, top) = np.log(lower), np.log(upper)
    return bool(min(low - least, greatest - high) > _STUCK * (top - bottom))

"""Beliefs by bins: a cumulative probability of straight lines, and chips laid on bins.

Both are uniform within each bin. A bin that nothing falls into is a gap.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import number
from wattif.distributions.family import Family, Form


@dataclass(frozen=True)
class Binned(Distribution):
    """A belief that is uniform within each of its bins."""

    @property
    @abstractmethod
    def knots(self) -> tuple[Array, Array]:
        """Ends of the bins, increasing, and P(X <= end), from 0 to 1; (bins + 1,) each."""

    @property
    def _kept(self) -> tuple[Array, Array]:
        """The knots from the first bin that holds something to the last."""
        values, below = self.knots
        kept = slice(int(np.searchsorted(below, 0.0, "right")) - 1, np.searchsorted(below, 1.0) + 1)
        return values[kept], below[kept]

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the straight line between the knots."""
        values, below = self._kept
        x = np.asarray(x, dtype=np.float64)
        return np.asarray(np.interp(x, values, 1.0 - below if upper else below))

    def shape(self) -> Shape:
        """Draw from a table of its own on [0, 1], with a kink at every end of a bin."""
        values, below = self._kept
        low, high = float(values[0]), float(values[-1])
        places = (values - low) / (high - low)
        return Shape(
            kind="table",
            location=low,
            scale=high - low,
            low=low,
            high=high,
            key=("piecewise", tuple(places.tolist()), tuple(below.tolist())),
            quantile=partial(_quantile, places, below),
            kinks=tuple(np.unique(below[1:-1]).tolist()),
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and sd: those of the bins' middles, and width^2 / 12 within them."""
        values, below = self._kept
        mass, middle, width = np.diff(below), (values[1:] + values[:-1]) / 2.0, np.diff(values)
        mean = float(mass @ middle)
        return mean, math.sqrt(float(mass @ ((middle - mean) ** 2 + width**2 / 12.0)))


def _quantile(values: Array, below: Array, p: Array, upper: bool) -> Array:
    """Return where the straight lines reach p, in (0, 1/2]; of a gap the end nearer the median."""
    if upper:
        return -_quantile(-values[::-1], 1.0 - below[::-1], p, False)
    first = np.minimum(np.searchsorted(below, p, "right") - 1, below.size - 2)
    slope = (values[first + 1] - values[first]) / (below[first + 1] - below[first])
    line: Array = values[first] + (p - below[first]) * slope
    return line


@dataclass(frozen=True)
class Piecewise(Binned):
    """Straight lines between the points (values, cumulative): P(X <= value) = cumulative."""

    family: ClassVar[str] = "piecewise"
    values: tuple[float, ...]
    cumulative: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_ends("values", self.values)
        if len(self.values) != len(self.cumulative):
            found = f"found {len(self.values)} values and {len(self.cumulative)} probabilities"
            message = f"piecewise needs one cumulative probability for each value, {found}"
            raise BeliefError(message, "cumulative")
        for lower, higher in pairwise(self.cumulative):
            if higher < lower:
                found = f"found {number(lower)} before {number(higher)}"
                raise BeliefError(f"cumulative must not decrease, {found}", "cumulative")
        first, last = self.cumulative[0], self.cumulative[-1]
        if (first, last) != (0.0, 1.0):
            message = "cumulative must start at 0 and end at 1, "
            message += f"found {number(first)} to {number(last)}"
            raise BeliefError(message, "cumulative", _scale_hint(first, last))

    @property
    def knots(self) -> tuple[Array, Array]:
        """Its points."""
        return np.array(self.values), np.array(self.cumulative)


def _scale_hint(first: float, last: float) -> str:
    if (first, last) == (0.0, 100.0):
        return "cumulative probabilities are shares: write 0.5 for 50 %"
    return "add the least and the greatest possible value"


@dataclass(frozen=True)
class Roulette(Binned):
    """Bins between ``edges``, each as likely as there are ``chips`` on it."""

    family: ClassVar[str] = "roulette"
    edges: tuple[float, ...]
    chips: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_ends("edges", self.edges)
        if len(self.edges) != len(self.chips) + 1:
            found = f"found {len(self.edges)} edges and {len(self.chips)} numbers of chips"
            message = f"roulette needs one edge more than numbers of chips, {found}"
            raise BeliefError(message, "chips")
        for chips in self.chips:
            if chips < 0.0:
                message = f"chips must not be negative, found {number(chips)}"
                raise BeliefError(message, "chips")
        total = math.fsum(self.chips)
        if not 0.0 < total < math.inf:
            message = f"chips must add up to more than 0, found {number(total)}"
            raise BeliefError(message, "chips")

    @property
    def knots(self) -> tuple[Array, Array]:
        """The edges, and the share of the chips below each."""
        shares = np.cumsum((0.0, *self.chips)) / math.fsum(self.chips)
        holds = np.flatnonzero(self.chips)
        shares[holds[-1] + 1 :] = 1.0  # whatever the sum was rounded to
        return np.array(self.edges), np.minimum(shares, 1.0)


def _check_ends(name: str, ends: Sequence[float]) -> None:
    if len(ends) < 2:
        raise BeliefError(f"{name} must be two or more, found {len(ends)}", name)
    for lower, higher in pairwise(ends):
        if lower == higher:
            message = f"{name} must increase, found {number(lower)} twice"
            hint = "a single value with a probability of its own is for discrete"
            raise BeliefError(message, name, hint)
        if lower > higher:
            found = f"found {number(lower)} before {number(higher)}"
            raise BeliefError(f"{name} must increase, {found}", name)
    if math.isinf(ends[-1] - ends[0]):
        raise OverflowError


FAMILIES = (
    Family(
        name="piecewise",
        summary="given by cumulative probabilities at some values, straight lines between them",
        forms=(
            Form(("values", "cumulative"), Piecewise, lists=frozenset({"values", "cumulative"})),
        ),
        example='{ dist = "piecewise", values = [0, 2, 5, 10], cumulative = [0, 0.2, 0.9, 1] }',
        advice={"weights": "cumulative probabilities add up; roulette takes weights, as chips"},
    ),
    Family(
        name="roulette",
        summary="chips laid on bins: each bin as likely as its share of the chips",
        forms=(Form(("edges", "chips"), Roulette, lists=frozenset({"edges", "chips"})),),
        example='{ dist = "roulette", edges = [0, 1, 2, 5], chips = [2, 5, 3] }',
        advice={"weights": "the weights of the bins are chips, of which there may be 2.5"},
    ),
)

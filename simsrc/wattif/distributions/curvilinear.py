"""Curvilinear trapezoid: uniform between limits that are themselves uncertain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import increasing, number, positive
from wattif.distributions.family import Family, Form
from wattif.distributions.inversion import solve

# e + (1 - e) ln(1 - e) = sum e^k / (k (k - 1)) from k = 2: by the series where it would cancel.
_SERIES = np.array([0.0, 0.0] + [1.0 / (k * (k - 1)) for k in range(2, 13)])
_SMALL = 0.03
_WIDEST = 0.499995  # of max - min; at a half the density is infinite in the middle


@dataclass(frozen=True)
class CurvilinearTrapezoid(Distribution):
    """Uniform from ``min`` to ``max``, whose middle is known and whose width is not.

    Either limit lies within ``margin`` of where it is said to be. Source: JCGM 101:2008
    (Supplement 1 to the GUM), 6.4.3: CTrap(a, b, d).
    """

    family: ClassVar[str] = "curvilinear-trapezoid"
    min: float
    max: float
    margin: float

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)
        positive("margin", self.margin, hint="with limits known exactly it is a uniform")
        if self.margin > _WIDEST * (self.max - self.min):
            expected = f"less than half of max - min = {number(self.max - self.min)}"
            message = f"margin must be {expected}, found {number(self.margin)}"
            raise BeliefError(message, "margin")

    @property
    def _relative_margin(self) -> float:
        """Margin over the greatest half width."""
        return self.margin / ((self.max - self.min) / 2.0 + self.margin)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the area from the nearer end."""
        middle = self.min + (self.max - self.min) / 2.0
        half = (self.max - self.min) / 2.0 + self.margin
        z = np.clip((np.asarray(x, dtype=np.float64) - middle) / half, -1.0, 1.0)
        near = _area(self._relative_margin, 1.0 - np.abs(z))
        return np.where((z > 0.0) == upper, near, 1.0 - near)

    def shape(self) -> Shape:
        """Draw from a table of its own on [-1, 1], with kinks at the inner limits."""
        margin = self._relative_margin
        inner = float(_area(margin, np.array(2.0 * margin)))
        middle = self.min + (self.max - self.min) / 2.0
        return Shape(
            kind="table",
            location=middle,
            scale=(self.max - self.min) / 2.0 + self.margin,
            low=self.min - self.margin,
            high=self.max + self.margin,
            key=("curvilinear-trapezoid", margin),
            quantile=partial(_curvilinear_quantile, margin),
            kinks=(inner, 1.0 - inner),
        )

    def moments(self) -> tuple[float, float]:
        """Return the middle and sqrt((max - min)^2 / 12 + margin^2 / 9)."""
        span = self.max - self.min
        return self.min + span / 2.0, math.hypot(span / math.sqrt(12.0), self.margin / 3.0)


def _curve(e: Array) -> Array:
    """Return e + (1 - e) ln(1 - e), to all its digits."""
    series = np.polynomial.polynomial.polyval(np.minimum(e, _SMALL), _SERIES)
    return np.where(e < _SMALL, series, e + (1.0 - e) * np.log1p(-np.maximum(e, _SMALL)))


def _area(margin: float, e: Array) -> Array:
    """Return the probability within e of an end, for e in [0, 1]: the density is level inside."""
    edge = np.minimum(e, 2.0 * margin)
    level = -math.log1p(-2.0 * margin) * (e - edge)
    area: Array = (_curve(edge) + level) / (4.0 * margin)
    return area


def _curvilinear_quantile(margin: float, p: Array, upper: bool) -> Array:
    target = 4.0 * margin * p
    inner = float(_curve(np.array(2.0 * margin)))
    density = -math.log1p(-2.0 * margin)
    edge = target < inner
    e = 2.0 * margin + (target - inner) / density

    def curve(root: Array) -> tuple[Array, Array]:
        # By the square root: the curve starts like e^2 / 2.
        value = np.sqrt(2.0 * _curve(root))
        return value, -np.log1p(-root) / value

    wanted = np.sqrt(2.0 * target[edge])
    e[edge] = solve(curve, wanted, np.minimum(wanted, 1.99 * margin), 1e-300, 2.0 * margin)
    return 1.0 - e if upper else e - 1.0


FAMILIES = (
    Family(
        name="curvilinear-trapezoid",
        summary="uniform between limits that are known within margin (GUM Supplement 1)",
        forms=(Form(("min", "max", "margin"), CurvilinearTrapezoid),),
        example='{ dist = "curvilinear-trapezoid", min = 4, max = 8, margin = 0.5 }',
    ),
)

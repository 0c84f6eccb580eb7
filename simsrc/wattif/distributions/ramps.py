"""Densities of straight lines between two bounds: trapezoidal and double-triangular."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import increasing, number, peaked, within
from wattif.distributions.family import Family, Form
from wattif.distributions.percentiles import Bounds, Points, fit


@dataclass(frozen=True)
class Trapezoidal(Distribution):
    """Trapezoidal: level from ``mode_min`` to ``mode_max``, straight down to 0 at min and max."""

    family: ClassVar[str] = "trapezoidal"
    min: float
    mode_min: float
    mode_max: float
    max: float

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)
        if not self.min <= self.mode_min <= self.mode_max <= self.max:
            found = ", ".join(f"{name} = {number(x)}" for name, x in vars(self).items())
            message = f"min, mode_min, mode_max and max must not decrease, found {found}"
            raise BeliefError(message, "mode_min")

    @property
    def _ramps(self) -> tuple[float, float]:
        """Widths of the rising and of the falling part, of the whole."""
        span = self.max - self.min
        return (self.mode_min - self.min) / span, (self.max - self.mode_max) / span

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the area up to x, from the nearer end."""
        x = np.clip(x, self.min, self.max)
        span = self.max - self.min
        near, far = (x - self.min) / span, (self.max - x) / span
        ramps = self._ramps
        if upper:
            near, far, ramps = far, near, ramps[::-1]
        below = _area(*ramps, near)
        return np.where(near < far, below, 1.0 - _area(*ramps[::-1], far))

    def shape(self) -> Shape:
        """Draw from a table of its own on [0, 1], with kinks where the slope changes."""
        r, s = self._ramps
        height = 2.0 / (2.0 - r - s)
        ends = (height * r / 2.0, 1.0 - height * s / 2.0)
        return Shape(
            kind="table",
            location=self.min,
            scale=self.max - self.min,
            low=self.min,
            high=self.max,
            key=("trapezoidal", r, s),
            quantile=partial(_trapezoid_quantile, r, s),
            kinks=tuple(sorted({u for u in ends if 0.0 < u < 1.0})),
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and sd of the trapezoid, measured from the middle of its top.

        With top t and ramps r and s, of an area h (t + (r + s) / 2) = 1.
        """
        t = self.mode_max - self.mode_min
        r, s = self.mode_min - self.min, self.max - self.mode_max
        h = 1.0 / (t + (r + s) / 2.0)
        half = t / 2.0
        # Integrals of y and y^2 over the ramps, their weight at distance half + width / 3.
        first = h * (s * (half / 2.0 + s / 6.0) - r * (half / 2.0 + r / 6.0))
        second = h * (
            2.0 * half**3 / 3.0 + sum(w * (half**2 / 2 + half * w / 3 + w**2 / 12) for w in (r, s))
        )
        middle = self.mode_min + half
        return middle + first, math.sqrt(second - first**2)


def _area(rising: float, falling: float, y: Array) -> Array:
    """Return the area of a trapezoid on [0, 1] up to y."""
    height = 2.0 / (2.0 - rising - falling)
    with np.errstate(divide="ignore", invalid="ignore"):
        ramp = height * y * y / (2.0 * rising)
        fall = 1.0 - height * (1.0 - y) ** 2 / (2.0 * falling)
    level = height * (y - rising / 2.0)
    return np.where(y < rising, ramp, np.where(y <= 1.0 - falling, level, fall))


def _trapezoid_quantile(rising: float, falling: float, p: Array, upper: bool) -> Array:
    """Return the quantile on [0, 1]."""
    if upper:
        return 1.0 - _trapezoid_quantile(falling, rising, p, False)
    height = 2.0 / (2.0 - rising - falling)
    ramp = np.sqrt(2.0 * rising * p / height)
    level = p / height + rising / 2.0
    fall = 1.0 - np.sqrt(2.0 * falling * (1.0 - p) / height)
    up, down = height * rising / 2.0, height * falling / 2.0
    return np.where(p < up, ramp, np.where(p <= 1.0 - down, level, fall))


def _symmetric(low: float, high: float, ratio: float) -> Trapezoidal:
    """Return the symmetric trapezoid whose top is ``ratio`` of its base."""
    increasing("min", low, "max", high)
    within("ratio", ratio, 0.0, 1.0)
    ramp = (high - low) * (1.0 - ratio) / 2.0
    return Trapezoidal(low, low + ramp, max(high - ramp, low + ramp), high)


def _symmetric_of_percentiles(points: Points, bounds: Bounds, ratio: float) -> Trapezoidal:
    low, span = fit(_symmetric(0.0, 1.0, ratio), points, bounds)
    return _symmetric(low, low + span, ratio)


@dataclass(frozen=True)
class DoubleTriangular(Distribution):
    """Double-triangular: a triangle on either side of ``mode``, with ``p`` of the lower one."""

    family: ClassVar[str] = "double-triangular"
    min: float
    mode: float
    max: float
    p: float

    def __post_init__(self) -> None:
        peaked(self.min, self.mode, self.max)
        within("p", self.p, 0.0, 1.0, hint="p is the probability below the mode")
        for name, side, part in (("min", self.min, self.p), ("max", self.max, 1.0 - self.p)):
            if (side == self.mode) != (part == 0.0):
                message = f"p = {number(self.p)} leaves a probability of {number(part)} between "
                message += f"{name} = {number(side)} and mode = {number(self.mode)}"
                raise BeliefError(message, "p")

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return p (distance to min / width)^2 below the mode, and so on."""
        x = np.clip(x, self.min, self.max)
        a, b = self.mode - self.min, self.max - self.mode
        y, z = x - self.min, self.max - x
        with np.errstate(divide="ignore", invalid="ignore"):  # of a side that is empty
            lower = np.where(y > 0.0, self.p * (y / a) ** 2, 0.0)
            higher = np.where(z > 0.0, (1.0 - self.p) * (z / b) ** 2, 0.0)
        if upper:
            return np.where(x < self.mode, 1.0 - lower, higher)
        return np.where(x < self.mode, lower, 1.0 - higher)

    def shape(self) -> Shape:
        """Draw from a table of its own around the mode, where the kink is."""
        span = self.max - self.min
        sides = (self.mode - self.min) / span, (self.max - self.mode) / span
        return Shape(
            kind="table",
            location=self.mode,
            scale=span,
            low=self.min,
            high=self.max,
            key=("double-triangular", *sides, self.p),
            quantile=partial(_double_quantile, *sides, self.p, 1.0 - self.p),
            kinks=(self.p,) if 0.0 < self.p < 1.0 else (),
        )

    def moments(self) -> tuple[float, float]:
        """Return mode + (q b - p a) / 3 and the sd, for sides a and b with probabilities p, q."""
        a, b = self.mode - self.min, self.max - self.mode
        first = ((1.0 - self.p) * b - self.p * a) / 3.0
        second = ((1.0 - self.p) * b * b + self.p * a * a) / 6.0
        return self.mode + first, math.sqrt(second - first**2)


def _double_quantile(
    rise: float, fall: float, below: float, above: float, p: Array, upper: bool
) -> Array:
    """Return the quantile around the mode, for sides of width rise and fall: neither cancels."""
    if upper:
        return -_double_quantile(fall, rise, above, below, p, False)
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = -rise * (1.0 - np.sqrt(p / below))
        falling = fall * (1.0 - np.sqrt((1.0 - p) / above))
    return np.where(p < below, rising, falling)


FAMILIES = (
    Family(
        name="trapezoidal",
        summary="between min and max, level in between from mode_min to mode_max",
        forms=(
            Form(("min", "mode_min", "mode_max", "max"), Trapezoidal),
            Form(("min", "max", "ratio"), _symmetric),
            Form(("ratio",), _symmetric_of_percentiles, percentiles=2),
        ),
        example='{ dist = "trapezoidal", min = 1, mode_min = 2, mode_max = 4, max = 8 }',
        advice={"beta": "the beta of GUM Supplement 1 is ratio, the top over the base"},
    ),
    Family(
        name="double-triangular",
        summary="between min and max, with probability p below the mode, however it lies",
        forms=(Form(("min", "mode", "max", "p"), DoubleTriangular),),
        example='{ dist = "double-triangular", min = 1, mode = 2, max = 8, p = 0.5 }',
    ),
)

"""Uniform, in x and in ln x: drawn without a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape
from wattif.distributions.checks import increasing, positive
from wattif.distributions.family import Family, Form
from wattif.distributions.percentiles import NoParent, Percentile, fit, logarithm, transform
from wattif.distributions.shifted import shift_found, shiftable


@dataclass(frozen=True)
class Uniform(Distribution):
    """Uniform (rectangular) on [min, max]."""

    family: ClassVar[str] = "uniform"
    min: float
    max: float

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return (x - min) / (max - min), or the rest of it."""
        x = np.clip(x, self.min, self.max)
        part: Array = (self.max - x if upper else x - self.min) / (self.max - self.min)
        return part

    def shape(self) -> Shape:
        """Draw min + (max - min) u."""
        return Shape("uniform", self.min, self.max - self.min, low=self.min, high=self.max)

    def moments(self) -> tuple[float, float]:
        """Return the middle, and the range over sqrt(12)."""
        span = self.max - self.min
        return self.min + span / 2.0, span / math.sqrt(12.0)


@dataclass(frozen=True)
class LogUniform(Distribution):
    """Log-uniform (reciprocal): ln x is uniform on [ln min, ln max]."""

    family: ClassVar[str] = "log-uniform"
    min: float
    max: float

    def __post_init__(self) -> None:
        positive("min", self.min)
        increasing("min", self.min, "max", self.max)

    @property
    def _span(self) -> float:
        return float(_log_ratio(np.array(self.min), np.array(self.max)))

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return ln(x / min) / ln(max / min), or the rest of it."""
        x = np.clip(x, self.min, self.max)
        low, high = (x, self.max) if upper else (self.min, x)
        return _log_ratio(np.asarray(low), np.asarray(high)) / self._span

    def shape(self) -> Shape:
        """Draw min exp(ln(max / min) u)."""
        return Shape(
            kind="uniform",
            location=self.min,
            scale=self._span,
            exponential=True,
            low=self.min,
            high=self.max,
        )

    def moments(self) -> tuple[float, float]:
        """Return m = (max - min) / 2 h and m sqrt(h coth h - 1), with h = ln(max / min) / 2."""
        h = self._span / 2.0
        mean = (self.max - self.min) / self._span
        if h < 0.01:  # h coth h - 1 would cancel; next term: 2 h^6 / 945
            return mean, mean * h * math.sqrt(1.0 / 3.0 - h**2 / 45.0)
        return mean, mean * math.sqrt(h / math.tanh(h) - 1.0)


def _log_ratio(a: Array, b: Array) -> Array:
    """Return ln(b / a) for 0 < a <= b: exact where they are near, safe where they are far."""
    near: Array = np.log1p((np.minimum(b, 2.0 * a) - a) / a)
    return np.where(b < 2.0 * a, near, np.log(b) - np.log(a))


def _uniform_of_percentiles(points: tuple[Percentile, ...], bounds: tuple[float, float]) -> Uniform:
    return Uniform(*_ends(points, bounds))


def _log_uniform_of_percentiles(
    points: tuple[Percentile, ...], bounds: tuple[float, float]
) -> LogUniform:
    for point in points:
        positive(point.name, point.x)
    low, high = _ends(*transform(logarithm, points, bounds))
    return LogUniform(math.exp(low), math.exp(high))


def _ends(points: tuple[Percentile, ...], bounds: tuple[float, float]) -> tuple[float, float]:
    """Return the ends that two percentiles fix; a truncated uniform is again a uniform."""
    location, scale = fit(Uniform(0.0, 1.0), points, (-math.inf, math.inf))
    if location < bounds[0] or location + scale > bounds[1]:
        raise NoParent
    return location, location + scale


FAMILIES = (
    Family(
        name="uniform",
        summary="all values between min and max alike",
        forms=(
            Form(("min", "max"), Uniform),
            Form((), _uniform_of_percentiles, percentiles=2),
        ),
        example='{ dist = "uniform", min = 0.35, max = 0.42 }',
    ),
    *shiftable(
        Family(
            name="log-uniform",
            summary="all orders of magnitude between min and max alike",
            forms=(
                Form(("min", "max"), LogUniform),
                Form((), _log_uniform_of_percentiles, percentiles=2),
                Form((), shift_found(_log_uniform_of_percentiles), percentiles=3, finds_shift=True),
            ),
            example='{ dist = "log-uniform", min = 1e-3, max = 10 }',
        )
    ),
)

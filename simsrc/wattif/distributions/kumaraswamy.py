"""Between two bounds, by formulas instead of special functions: Kumaraswamy and arcsine."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape
from wattif.distributions.checks import increasing, inside, positive, within
from wattif.distributions.family import Family, Form
from wattif.distributions.matching import match, positive_pair
from wattif.distributions.percentiles import Bounds, Percentile, Points, fit

_EXPONENTS = (0.1, 1e5)  # below, nearly all of it lies at an end
_STARTS = (2.0, 0.5, 8.0, 30.0, 0.15, 100.0)  # of alpha, from which percentiles are searched


@dataclass(frozen=True)
class Kumaraswamy(Distribution):
    """Kumaraswamy: P(Y > y) = (1 - y^alpha)^beta on [0, 1], stretched to [min, max]."""

    family: ClassVar[str] = "kumaraswamy"
    alpha: float
    beta: float
    min: float = 0.0
    max: float = 1.0

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)
        for name, value in (("alpha", self.alpha), ("beta", self.beta)):
            positive(name, value)
            within(name, value, *_EXPONENTS)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return 1 - (1 - y^alpha)^beta, through logarithms of the distance to the nearer end."""
        x, span = np.clip(x, self.min, self.max), self.max - self.min
        y, z = (x - self.min) / span, (self.max - x) / span
        with np.errstate(divide="ignore"):
            log_y = np.where(y < z, np.log(y), np.log1p(-z))
            log_above = self.beta * log_of_rest(self.alpha * log_y)
        part: Array = np.exp(log_above) if upper else -np.expm1(log_above)
        return part

    def shape(self) -> Shape:
        """Draw from a table of its own on [0, 1]."""
        return Shape(
            kind="table",
            location=self.min,
            scale=self.max - self.min,
            low=self.min,
            high=self.max,
            key=("kumaraswamy", self.alpha, self.beta),
            quantile=partial(_kumaraswamy_quantile, self.alpha, self.beta),
        )


def log_of_rest(log_p: Array) -> Array:
    """Return ln(1 - p) for ln p <= 0."""
    small = log_p < -math.log(2.0)
    near = np.log1p(-np.exp(np.where(small, log_p, -1.0)))
    with np.errstate(divide="ignore"):
        far = np.log(-np.expm1(np.where(small, -1.0, log_p)))
    return np.where(small, near, far)


def _kumaraswamy_quantile(alpha: float, beta: float, p: Array, upper: bool) -> Array:
    """Return (1 - (1 - u)^(1 / beta))^(1 / alpha)."""
    log_above = np.log(p) if upper else np.log1p(-p)
    q: Array = np.exp(log_of_rest(log_above / beta) / alpha)
    return q


def _kumaraswamy_of_percentiles(
    points: Points, bounds: Bounds, low: float, high: float
) -> Distribution:
    increasing("min", low, "max", high)
    for point in points:
        inside(point.name, point.x, low, high)

    def member(alpha: float, beta: float) -> Kumaraswamy:
        return Kumaraswamy(alpha, beta, low, high)

    return match(positive_pair(member), points, bounds, _starts(points[0], low, high))


def _starts(point: Percentile, low: float, high: float) -> Iterator[tuple[float, float]]:
    """Yield logarithms of alpha and of the beta that is right for one percentile.

    First an alpha that takes the percentile to a half, then others.
    """
    log_y = math.log((point.x - low) / (high - low))
    for alpha in (-math.log(2.0) / log_y, -math.log(100.0) / log_y, *_STARTS):
        rest = -math.log1p(-math.exp(alpha * log_y))
        if rest > 0.0:
            yield math.log(alpha), math.log(-math.log1p(-point.p) / rest)


@dataclass(frozen=True)
class Arcsine(Distribution):
    """Arcsine: what a sine of unknown phase takes between ``min`` and ``max``, mostly the ends."""

    family: ClassVar[str] = "arcsine"
    min: float
    max: float

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return 2 / pi atan(sqrt(y / z)), for distances y and z to the ends."""
        x = np.clip(x, self.min, self.max)
        y, z = np.sqrt(x - self.min), np.sqrt(self.max - x)
        part: Array = 2.0 / math.pi * (np.arctan2(z, y) if upper else np.arctan2(y, z))
        return part

    def shape(self) -> Shape:
        """Draw from the family's one table on [0, 1]."""
        return Shape(
            kind="table",
            location=self.min,
            scale=self.max - self.min,
            low=self.min,
            high=self.max,
            key=("arcsine",),
            quantile=_arcsine_quantile,
        )

    def moments(self) -> tuple[float, float]:
        """Return the middle, and the range over sqrt(8)."""
        span = self.max - self.min
        return self.min + span / 2.0, span / math.sqrt(8.0)


def _arcsine_quantile(p: Array, upper: bool) -> Array:
    y: Array = np.sin(math.pi / 2.0 * p) ** 2
    return 1.0 - y if upper else y


def _arcsine_of_moments(mean: float, sd: float) -> Arcsine:
    positive("sd", sd)
    half = sd * math.sqrt(2.0)
    return Arcsine(mean - half, mean + half)


def _arcsine_of_percentiles(points: Points, bounds: Bounds) -> Arcsine:
    location, scale = fit(Arcsine(0.0, 1.0), points, bounds)
    return Arcsine(location, location + scale)


FAMILIES = (
    Family(
        name="kumaraswamy",
        summary="a share, much like a beta",
        forms=(
            Form(("alpha", "beta"), Kumaraswamy, optional={"min": 0.0, "max": 1.0}),
            Form(
                (),
                _kumaraswamy_of_percentiles,
                optional={"min": 0.0, "max": 1.0},
                percentiles=2,
            ),
        ),
        example='{ dist = "kumaraswamy", alpha = 2, beta = 5 }',
    ),
    Family(
        name="arcsine",
        summary="a sine wave met at a random moment: mostly near min or max",
        forms=(
            Form(("min", "max"), Arcsine),
            Form(("mean", "sd"), _arcsine_of_moments),
            Form((), _arcsine_of_percentiles, percentiles=2),
        ),
        example='{ dist = "arcsine", min = -1, max = 1 }',
    ),
)

"""Families between two bounds: triangular, PERT and beta."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import (
    increasing,
    inside,
    number,
    peaked,
    positive,
    spread,
    within,
)
from wattif.distributions.family import Family, Form
from wattif.distributions.matching import match, positive_pair
from wattif.distributions.peaks import peaked_of_mode, peaked_of_percentiles
from wattif.distributions.percentiles import Bounds, Points


def beta_quantile(alpha: float, beta: float, p: Array, upper: bool) -> Array:
    """Return the quantile of the beta distribution on [0, 1]."""
    from scipy import special

    if upper:
        q: Array = special.betainccinv(alpha, beta, p)
        return np.where(np.isnan(q), 1.0, q)  # scipy has none for p < 1e-150
    q = special.betaincinv(alpha, beta, p)
    lost = np.isnan(q)  # below p = 1e-150 or so, where the first term of the series is exact
    q[lost] = p[lost] ** (1.0 / alpha) * (alpha * special.beta(alpha, beta)) ** (1.0 / alpha)
    return q


@dataclass(frozen=True)
class Beta(Distribution):
    """Beta with exponents ``alpha`` and ``beta``, stretched from [0, 1] to [min, max]."""

    family: ClassVar[str] = "beta"
    alpha: float
    beta: float
    min: float = 0.0
    max: float = 1.0

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)
        for name, value in (("alpha", self.alpha), ("beta", self.beta)):
            positive(name, value)
            within(name, value, *_EXPONENTS, hint=_exponent_hint(value))

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the regularised incomplete beta function."""
        from scipy import special

        # The distance to the nearer end keeps its digits.
        y = np.clip(np.asarray(x) - self.min, 0.0, self._range) / self._range
        z = np.clip(self.max - np.asarray(x), 0.0, self._range) / self._range
        near_low = special.betaincc if upper else special.betainc
        near_high = special.betainc if upper else special.betaincc
        part: Array = np.where(
            y < z, near_low(self.alpha, self.beta, y), near_high(self.beta, self.alpha, z)
        )
        return part

    @property
    def _range(self) -> float:
        return self.max - self.min

    def shape(self) -> Shape:
        """Draw from a table of its own on [0, 1]."""
        alpha, beta = self.alpha, self.beta
        return Shape(
            kind="table",
            location=self.min,
            scale=self._range,
            low=self.min,
            high=self.max,
            key=("beta", alpha, beta),
            quantile=partial(beta_quantile, alpha, beta),
        )

    def moments(self) -> tuple[float, float]:
        """Return a / (a + b) and sqrt(a b / (a + b + 1)) / (a + b), stretched."""
        total = self.alpha + self.beta
        sd = math.sqrt(self.alpha * self.beta / (total + 1.0)) / total
        return self.min + self._range * self.alpha / total, self._range * sd


def _beta_of_moments(mean: float, sd: float, low: float, high: float) -> Beta:
    increasing("min", low, "max", high)
    spread("sd", sd, mean)
    inside("mean", mean, low, high)
    above, below = high - mean, mean - low
    total = above * (below / sd) / sd - 1.0
    if total <= 0.0:
        limit = math.sqrt(above * below)
        message = f"sd of a beta with mean {number(mean)} must be less than {limit:.6g}"
        raise BeliefError(f"{message}, found {number(sd)}", "sd")
    return Beta(total * below / (high - low), total * above / (high - low), low, high)


def _beta_of_percentiles(points: Points, bounds: Bounds, low: float, high: float) -> Distribution:
    increasing("min", low, "max", high)
    for point in points:
        inside(point.name, point.x, low, high)

    def member(alpha: float, beta: float) -> Beta:
        return Beta(alpha, beta, low, high)

    return match(positive_pair(member), points, bounds, _beta_starts(points, low, high))


def _beta_starts(points: Points, low: float, high: float) -> Iterator[Array]:
    """Yield logarithms of alpha and beta: like a normal, then like a power law at either end."""
    p, q = [point.p for point in points], [1.0 - point.p for point in points]
    y, z = [point.x - low for point in points], [high - point.x for point in points]
    middle = (y[0] + y[1]) / 2.0 / (high - low)
    total = max(middle * (1.0 - middle) * (3.0 * (high - low) / (y[1] - y[0])) ** 2, 1.0)
    for scale in (1.0, 0.1, 30.0):  # as if they were 3 sd apart
        yield np.log([scale * total * middle, scale * total * (1.0 - middle)])
    rise = math.log(p[1] / p[0]) / math.log(y[1] / y[0])
    fall = math.log(q[0] / q[1]) / math.log(z[0] / z[1])
    for other in (1.0, 10.0, 100.0, 1000.0, 0.3):
        yield np.log([rise, other])
        yield np.log([other, fall])


_EXPONENTS = (0.01, 1e6)  # where scipy's inverse keeps ten digits of the interquartile range


def _exponent_hint(value: float) -> str:
    if value < 1.0:
        return "nearly all of it lies at an end: a bernoulli says that more plainly"
    return "so narrow a beta is a normal: give its mean and sd"


@dataclass(frozen=True)
class Pert(Distribution):
    """PERT: a beta on [min, max] peaked at ``mode``; ``shape`` says how sharply, 4 as a rule."""

    family: ClassVar[str] = "pert"
    min: float
    mode: float
    max: float
    shape_: float = 4.0

    def __post_init__(self) -> None:
        peaked(self.min, self.mode, self.max)
        positive("shape", self.shape_, hint="leave it out for the usual 4")
        within("shape", self.shape_, 0.0, _EXPONENTS[1] - 1.0, hint=_exponent_hint(self.shape_))

    @property
    def _beta(self) -> Beta:
        span = self.max - self.min
        alpha = 1.0 + self.shape_ * (self.mode - self.min) / span
        beta = 1.0 + self.shape_ * (self.max - self.mode) / span
        return Beta(alpha, beta, self.min, self.max)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return that of the beta that it is."""
        return self._beta.probability(x, upper)

    def shape(self) -> Shape:
        """Draw from the table of the beta that it is."""
        return self._beta.shape()

    def moments(self) -> tuple[float, float]:
        """Return those of the beta that it is."""
        return self._beta.moments()


def triangular_quantile(c: float, d: float, p: Array, upper: bool) -> Array:
    """Return the quantile on [0, 1], with probabilities c below the mode and d above it."""
    if upper:
        return np.where(p < d, 1.0 - np.sqrt(p * d), np.sqrt((1.0 - p) * c))
    t = c + p * d
    return np.where(p < c, np.sqrt(p * c), t / (1.0 + np.sqrt(1.0 - t)))  # 1 - sqrt(d (1 - p))


@dataclass(frozen=True)
class Triangular(Distribution):
    """Triangular: density linear from 0 at ``min`` up to ``mode`` and down to 0 at ``max``."""

    family: ClassVar[str] = "triangular"
    min: float
    mode: float
    max: float

    def __post_init__(self) -> None:
        peaked(self.min, self.mode, self.max)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return y^2 / c up to the mode, then (y (2 - y) - c) / d: neither cancels."""
        x = np.clip(x, self.min, self.max)
        c, d = self._sides
        y, side, rest = (x - self.min) / (self.max - self.min), c, d
        rising = x < self.mode
        if upper:
            y, side, rest = (self.max - x) / (self.max - self.min), d, c
            rising = x > self.mode
        with np.errstate(divide="ignore", invalid="ignore"):  # of a side that is empty
            part = np.where(rising, y * y / side, (y * (2.0 - y) - side) / rest)
        return np.where(y <= 0.0, 0.0, np.where(y >= 1.0, 1.0, part))

    @property
    def _sides(self) -> tuple[float, float]:
        """Probabilities below and above the mode."""
        span = self.max - self.min
        return (self.mode - self.min) / span, (self.max - self.mode) / span

    def shape(self) -> Shape:
        """Draw from a table of its own on [0, 1], with a kink at the mode."""
        c, d = self._sides
        return Shape(
            kind="table",
            location=self.min,
            scale=self.max - self.min,
            low=self.min,
            high=self.max,
            key=("triangular", c, d),
            quantile=partial(triangular_quantile, c, d),
            kinks=(c,) if 0.0 < c < 1.0 else (),
        )

    def moments(self) -> tuple[float, float]:
        """Return mode + (b - a) / 3 and sqrt((a^2 + a b + b^2) / 18), for sides a and b."""
        a, b = self.mode - self.min, self.max - self.mode
        return self.mode + (b - a) / 3.0, math.sqrt((a * a + a * b + b * b) / 18.0)


def _triangular_of_percentiles(points: Points, bounds: Bounds) -> Distribution:
    return peaked_of_percentiles(Triangular, points, bounds)


def _triangular_of_mode(points: Points, bounds: Bounds, mode: float) -> Distribution:
    return peaked_of_mode(Triangular, points, bounds, mode)


def _pert_of_percentiles(points: Points, bounds: Bounds, shape: float) -> Distribution:
    return peaked_of_percentiles(partial(Pert, shape_=shape), points, bounds)


def _pert_of_mode(points: Points, bounds: Bounds, mode: float, shape: float) -> Distribution:
    return peaked_of_mode(partial(Pert, shape_=shape), points, bounds, mode)


FAMILIES = (
    Family(
        name="triangular",
        summary="between min and max, straight up to the mode and down again",
        forms=(
            Form(("min", "mode", "max"), Triangular),
            Form(("mode",), _triangular_of_mode, percentiles=2),
            Form((), _triangular_of_percentiles, percentiles=3),
        ),
        example='{ dist = "triangular", min = 1.08, mode = 1.12, max = 1.25 }',
    ),
    Family(
        name="pert",
        summary="between min and max, smoothly up to the mode and down again",
        forms=(
            Form(("min", "mode", "max"), Pert, optional={"shape": 4.0}),
            Form(("mode",), _pert_of_mode, optional={"shape": 4.0}, percentiles=2),
            Form((), _pert_of_percentiles, optional={"shape": 4.0}, percentiles=3),
        ),
        example='{ dist = "pert", min = 0.28, mode = 0.41, max = 0.48 }',
    ),
    Family(
        name="beta",
        summary="a share: between 0 and 1 (or min and max), of any skewness",
        forms=(
            Form(("alpha", "beta"), Beta, optional={"min": 0.0, "max": 1.0}),
            Form(("mean", "sd"), _beta_of_moments, optional={"min": 0.0, "max": 1.0}),
            Form((), _beta_of_percentiles, optional={"min": 0.0, "max": 1.0}, percentiles=2),
        ),
        example='{ dist = "beta", alpha = 18, beta = 2 }',
    ),
)

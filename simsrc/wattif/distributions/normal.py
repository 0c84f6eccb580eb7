"""Normal, and what a normal becomes by exp and by the logistic function.

All three share the table of the standard normal where they can. To add such a family: a class with
its canonical parameters, functions for its other forms, and an entry in ``FAMILIES``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape
from wattif.distributions.checks import increasing, inside, positive, spread, within
from wattif.distributions.family import Family, Form
from wattif.distributions.percentiles import Percentile, fit, logarithm, transform
from wattif.distributions.shifted import shift_found, shiftable


def normal_quantile(p: Array, upper: bool) -> Array:
    """Return the quantile of the standard normal."""
    from scipy import special

    z: Array = special.ndtri(p)
    return -z if upper else z


def normal_probability(z: ArrayLike, upper: bool) -> Array:
    """Return P(Z <= z), or P(Z > z) if ``upper``, of the standard normal."""
    from scipy import special

    z = np.asarray(z, dtype=np.float64)
    probability: Array = special.ndtr(-z if upper else z)
    return probability


@dataclass(frozen=True)
class Normal(Distribution):
    """Normal (Gaussian), by its mean and its standard deviation."""

    family: ClassVar[str] = "normal"
    mean_: float
    sd_: float

    def __post_init__(self) -> None:
        spread("sd", self.sd_, self.mean_)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return Phi((x - mean) / sd)."""
        return normal_probability((np.asarray(x) - self.mean_) / self.sd_, upper)

    def shape(self) -> Shape:
        """Draw from the standard normal's table."""
        return Shape("table", self.mean_, self.sd_, key=("normal",), quantile=normal_quantile)

    def moments(self) -> tuple[float, float]:
        """Return its parameters."""
        return self.mean_, self.sd_


@dataclass(frozen=True)
class Lognormal(Distribution):
    """Lognormal: ln x is normal with mean ln(median) and standard deviation ``sigma``."""

    family: ClassVar[str] = "lognormal"
    median: float
    sigma: float

    def __post_init__(self) -> None:
        positive("median", self.median)
        spread("sigma", self.sigma, self.median)
        within("sigma", self.sigma, 0.0, 80.0, hint="sigma is the standard deviation of ln x")

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return Phi(ln(x / median) / sigma)."""
        with np.errstate(divide="ignore", over="ignore"):
            z = np.log(np.maximum(x, 0.0) / self.median) / self.sigma
        return normal_probability(z, upper)

    def shape(self) -> Shape:
        """Draw exp of the standard normal's table."""
        return Shape(
            kind="table",
            location=self.median,
            scale=self.sigma,
            exponential=True,
            low=0.0,
            key=("normal",),
            quantile=normal_quantile,
        )

    def moments(self) -> tuple[float, float]:
        """Return m = median exp(sigma^2 / 2) and m sqrt(exp(sigma^2) - 1)."""
        with np.errstate(over="ignore"):
            mean = self.median * float(np.exp(self.sigma**2 / 2.0))
            return mean, mean * float(np.sqrt(np.expm1(self.sigma**2)))


def _lognormal_of_moments(mean: float, sd: float) -> Lognormal:
    positive("mean", mean)
    spread("sd", sd, mean)
    ratio = sd / mean
    return Lognormal(mean / math.hypot(1.0, ratio), math.sqrt(math.log1p(ratio * ratio)))


@dataclass(frozen=True)
class LogitNormal(Distribution):
    """Logit-normal: x on (min, max), where ln((x - min) / (max - x)) is normal.

    ``sigma`` is that normal's standard deviation, and ``median`` the median of x.
    """

    family: ClassVar[str] = "logit-normal"
    median: float
    sigma: float
    min: float = 0.0
    max: float = 1.0

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)
        spread("sigma", self.sigma, self.median)
        inside("median", self.median, self.min, self.max)

    @property
    def _mu(self) -> float:
        return logit(self.min, self.max)(self.median)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return Phi((logit(x) - logit(median)) / sigma)."""
        x = np.clip(x, self.min, self.max)
        with np.errstate(divide="ignore"):
            y = np.log(x - self.min) - np.log(self.max - x)
        return normal_probability((y - self._mu) / self.sigma, upper)

    def shape(self) -> Shape:
        """Draw from a table of its own on [0, 1]."""
        mu, sigma = self._mu, self.sigma

        def standard(p: Array, upper: bool) -> Array:
            from scipy import special

            q: Array = special.expit(mu + sigma * normal_quantile(p, upper))
            return q

        return Shape(
            kind="table",
            location=self.min,
            scale=self.max - self.min,
            low=self.min,
            high=self.max,
            key=("logit-normal", mu, sigma),
            quantile=standard,
        )


def logit(low: float, high: float) -> Callable[[float], float]:
    """Return the map from [low, high] to the real line, its ends to the infinities."""

    def to_line(x: float) -> float:
        if x <= low or x >= high:
            return -math.inf if x <= low else math.inf
        return math.log(x - low) - math.log(high - x)

    return to_line


STANDARD = Normal(0.0, 1.0)
Points = tuple[Percentile, ...]
Bounds = tuple[float, float]


def _normal_of_percentiles(points: Points, bounds: Bounds) -> Normal:
    return Normal(*fit(STANDARD, points, bounds))


def _lognormal_of_percentiles(points: Points, bounds: Bounds) -> Lognormal:
    for point in points:
        positive(point.name, point.x, hint="a lognormal is positive; a normal may be negative")
    location, scale = fit(STANDARD, *transform(logarithm, points, bounds))
    return Lognormal(math.exp(location), scale)


def _logit_normal_of_percentiles(
    points: Points, bounds: Bounds, low: float, high: float
) -> LogitNormal:
    increasing("min", low, "max", high)
    for point in points:
        inside(point.name, point.x, low, high)
    location, scale = fit(STANDARD, *transform(logit(low, high), points, bounds))
    median = low + (high - low) / (1.0 + math.exp(-location))
    return LogitNormal(median, scale, low, high)


FAMILIES = (
    Family(
        name="normal",
        summary="symmetric about its mean, unbounded",
        forms=(
            Form(("mean", "sd"), Normal),
            Form((), _normal_of_percentiles, percentiles=2),
        ),
        example='{ dist = "normal", mean = 1.4, sd = 0.1 }',
    ),
    *shiftable(
        Family(
            name="lognormal",
            summary="positive, skewed to the right; its logarithm is normal",
            forms=(
                Form(("median", "sigma"), Lognormal),
                Form(("mean", "sd"), _lognormal_of_moments),
                Form((), _lognormal_of_percentiles, percentiles=2),
                Form((), shift_found(_lognormal_of_percentiles), percentiles=3, finds_shift=True),
            ),
            example='{ dist = "lognormal", p5 = 20_000, p95 = 30_000 }',
            advice={
                "mu": "a lognormal takes the median of x: median = exp(mu), sigma as it is",
                "gsd": "gsd is the geometric standard deviation: sigma = ln(gsd)",
            },
        )
    ),
    Family(
        name="logit-normal",
        summary="between min and max, never at either; its log-odds are normal",
        forms=(
            Form(("median", "sigma"), LogitNormal, optional={"min": 0.0, "max": 1.0}),
            Form(
                (),
                _logit_normal_of_percentiles,
                optional={"min": 0.0, "max": 1.0},
                percentiles=2,
            ),
        ),
        example='{ dist = "logit-normal", p5 = 0.9, p95 = 0.999 }',
        advice={"mu": "a logit-normal takes the median of x: median = 1 / (1 + exp(-mu))"},
    ),
)

"""Waiting times and sizes: gamma, exponential and Weibull."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, fold
from wattif.distributions.checks import number, positive, spread, within
from wattif.distributions.extreme import GumbelMin
from wattif.distributions.family import Family, Form
from wattif.distributions.freeing import logarithmic
from wattif.distributions.matching import match, match_scale, positive_pair, scaled_starts
from wattif.distributions.percentiles import Bounds, Points, fit, logarithm, transform
from wattif.distributions.shifted import shape_found, shift_found, shiftable

_TINY = 1e-17  # below it the first term of the series of the incomplete gamma function is exact
GAMMA_SHAPES = (0.01, 1e5)  # beyond, scipy's lower tail goes wrong: 2e-6 sd off at 1e6
_SHAPES_TRIED = logarithmic(*GAMMA_SHAPES, 28)
_WEIBULL_SHAPES = (0.05, 1000.0)  # beyond, x spans 300 decades, or hardly varies


def gamma_quantile(a: float, p: Array, upper: bool) -> Array:
    """Return the quantile of the gamma distribution of shape a and scale 1."""
    from scipy import special

    q: Array = special.gammainccinv(a, p) if upper else special.gammaincinv(a, p)
    return q


def log_gamma_quantile(a: float, p: Array, upper: bool) -> Array:
    """Return ln of the quantile of the gamma distribution, which itself may underflow."""
    from scipy import special

    first = (np.log1p(-p) if upper else np.log(p)) / a + special.gammaln(a + 1.0) / a
    tiny = first < math.log(_TINY)
    q: Array = first
    q[~tiny] = np.log(gamma_quantile(a, p[~tiny], upper))
    return q


@dataclass(frozen=True)
class Gamma(Distribution):
    """Gamma with mean ``shape * scale``."""

    family: ClassVar[str] = "gamma"
    shape_: float
    scale: float

    def __post_init__(self) -> None:
        positive("shape", self.shape_)
        positive("scale", self.scale)
        within("shape", self.shape_, *GAMMA_SHAPES, hint=_shape_hint(self.shape_))

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the regularised incomplete gamma function."""
        from scipy import special

        x = np.maximum(x, 0.0) / self.scale
        part: Array = (special.gammaincc if upper else special.gammainc)(self.shape_, x)
        return part

    def shape(self) -> Shape:
        """Draw from a table of its own."""
        a = self.shape_
        if a < 0.5:  # x ~ u^(1/a) is no polynomial, its logarithm is
            return Shape(
                kind="table",
                location=self.scale,
                exponential=True,
                low=0.0,
                key=("log-gamma", a),
                quantile=partial(log_gamma_quantile, a),
            )
        return Shape(
            kind="table",
            scale=self.scale,
            low=0.0,
            key=("gamma", a),
            quantile=partial(gamma_quantile, a),
        )

    def quantile(self, p: ArrayLike, upper: bool = False) -> Array:
        """Return the inverse directly: a detour over its logarithm would cost digits."""
        p = np.asarray(p, dtype=np.float64)
        return self.scale * fold(partial(gamma_quantile, self.shape_), p, upper)

    def moments(self) -> tuple[float, float]:
        """Return shape * scale and sqrt(shape) * scale."""
        return self.shape_ * self.scale, math.sqrt(self.shape_) * self.scale


def _shape_hint(a: float) -> str:
    if a < 1.0:
        return "nearly all of it lies at 0: a lognormal may be what is meant"
    return "so narrow a gamma is a normal: give its mean and sd"


def _gamma_of_moments(mean: float, sd: float) -> Gamma:
    positive("mean", mean)
    spread("sd", sd, mean)
    shape = (mean / sd) ** 2
    low, high = GAMMA_SHAPES
    if not low <= shape <= high:
        expected = f"between {mean / math.sqrt(high):.6g} and {mean / math.sqrt(low):.6g}"
        message = f"sd of a gamma with mean {number(mean)} must be {expected}, found {number(sd)}"
        raise BeliefError(message, "sd", _shape_hint(shape))
    return Gamma(shape, sd / mean * sd)


def _gamma_of_percentiles(points: Points, bounds: Bounds) -> Distribution:
    for point in points:
        positive(point.name, point.x)
    starts = scaled_starts(lambda shape: Gamma(shape, 1.0), points, (4.0, 0.5, 50.0, 0.05, 1e4))
    return match(positive_pair(Gamma), points, bounds, starts)


@dataclass(frozen=True)
class Exponential(Distribution):
    """Exponential, by its mean."""

    family: ClassVar[str] = "exponential"
    mean_: float

    def __post_init__(self) -> None:
        positive("mean", self.mean_)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return 1 - exp(-x / mean)."""
        x = np.maximum(x, 0.0) / self.mean_
        part: Array = np.exp(-x) if upper else -np.expm1(-x)
        return part

    def shape(self) -> Shape:
        """Draw from the table of the exponential of mean 1."""
        return Shape(
            kind="table",
            scale=self.mean_,
            low=0.0,
            key=("exponential",),
            quantile=exponential_quantile,
        )

    def moments(self) -> tuple[float, float]:
        """Return the mean twice."""
        return self.mean_, self.mean_


def exponential_quantile(p: Array, upper: bool) -> Array:
    """Return the quantile of the exponential distribution of mean 1."""
    q: Array = -np.log(p) if upper else -np.log1p(-p)
    return q


def _exponential_of_rate(rate: float) -> Exponential:
    positive("rate", rate)
    return Exponential(1.0 / rate)


def _exponential_of_percentile(points: Points, bounds: Bounds) -> Distribution:
    return match_scale(Exponential, points, bounds)


@dataclass(frozen=True)
class Weibull(Distribution):
    """Weibull: (x / scale)^shape is exponential with mean 1."""

    family: ClassVar[str] = "weibull"
    shape_: float
    scale: float

    def __post_init__(self) -> None:
        positive("shape", self.shape_)
        positive("scale", self.scale)
        within("shape", self.shape_, *_WEIBULL_SHAPES)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return 1 - exp(-(x / scale)^shape)."""
        with np.errstate(over="ignore"):
            y = (np.maximum(x, 0.0) / self.scale) ** self.shape_
        part: Array = np.exp(-y) if upper else -np.expm1(-y)
        return part

    def shape(self) -> Shape:
        """Draw exp of the table of a log exponential: it serves every shape."""
        return Shape(
            kind="table",
            location=self.scale,
            scale=1.0 / self.shape_,
            exponential=True,
            low=0.0,
            key=("log-exponential",),
            quantile=lambda p, upper: np.log(exponential_quantile(p, upper)),
        )

    def quantile(self, p: ArrayLike, upper: bool = False) -> Array:
        """Return the inverse directly: a detour over its logarithm would cost digits."""
        p = np.asarray(p, dtype=np.float64)
        with np.errstate(over="ignore"):
            y: Array = exponential_quantile(p, upper) ** (1.0 / self.shape_)
        return self.scale * y

    def moments(self) -> tuple[float, float]:
        """Return g1 and sqrt(g2 - g1^2), with g_n = scale^n Gamma(1 + n / shape)."""
        first = math.gamma(1.0 + 1.0 / self.shape_)
        variance = math.gamma(1.0 + 2.0 / self.shape_) - first**2
        return self.scale * first, self.scale * math.sqrt(variance)


def _weibull_of_percentiles(points: Points, bounds: Bounds) -> Weibull:
    """Return the Weibull whose logarithm, a Gumbel of smallest values, has the percentiles."""
    for point in points:
        positive(point.name, point.x)
    location, scale = fit(GumbelMin(), *transform(logarithm, points, bounds))
    return Weibull(1.0 / scale, math.exp(location))


FAMILIES = shiftable(
    Family(
        name="gamma",
        summary="positive, skewed to the right, with a lighter tail than a lognormal's",
        forms=(
            Form(("shape", "scale"), Gamma),
            Form(("mean", "sd"), _gamma_of_moments),
            Form((), _gamma_of_percentiles, percentiles=2),
            Form((), shape_found(Gamma, _SHAPES_TRIED), percentiles=3, finds_shift=True),
        ),
        example='{ dist = "gamma", mean = 10, sd = 4 }',
    ),
    Family(
        name="exponential",
        summary="the time to an event that is as likely at any moment",
        forms=(
            Form(("mean",), Exponential),
            Form(("rate",), _exponential_of_rate),
            Form((), _exponential_of_percentile, percentiles=1),
            Form((), shift_found(_exponential_of_percentile), percentiles=2, finds_shift=True),
        ),
        example='{ dist = "exponential", mean = 1000 }',
    ),
    Family(
        name="weibull",
        summary="a lifetime whose failures become more (shape > 1) or less (shape < 1) likely",
        forms=(
            Form(("shape", "scale"), Weibull),
            Form((), _weibull_of_percentiles, percentiles=2),
            Form((), shift_found(_weibull_of_percentiles), percentiles=3, finds_shift=True),
        ),
        example='{ dist = "weibull", shape = 1.5, scale = 5 }',
    ),
)

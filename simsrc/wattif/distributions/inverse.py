"""Inverse gamma, and the inverse Gaussian (Wald) distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape
from wattif.distributions.checks import positive, spread, within
from wattif.distributions.family import Family, Form
from wattif.distributions.freeing import logarithmic
from wattif.distributions.gamma import GAMMA_SHAPES, log_gamma_quantile
from wattif.distributions.inversion import solve
from wattif.distributions.matching import match, positive_pair, scaled_starts
from wattif.distributions.percentiles import Bounds, Points
from wattif.distributions.shifted import shape_found, shiftable

_STARTS = (4.0, 1.0, 30.0, 0.3, 1e3)  # of the shape, from which percentiles are searched
_SHAPES = (0.1, GAMMA_SHAPES[1])
_SHAPES_TRIED = logarithmic(*_SHAPES, 24)
_RATIOS = (1e-4, 1e8)  # of shape to mean, which is (mean / sd)^2
_RATIOS_TRIED = logarithmic(*_RATIOS, 48)


@dataclass(frozen=True)
class InverseGamma(Distribution):
    """Inverse gamma: scale / x is a gamma of the given shape."""

    family: ClassVar[str] = "inverse-gamma"
    shape_: float
    scale: float

    def __post_init__(self) -> None:
        positive("shape", self.shape_)
        positive("scale", self.scale)
        within("shape", self.shape_, *_SHAPES)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the other side's regularised incomplete gamma function at scale / x."""
        from scipy import special

        with np.errstate(divide="ignore"):
            y = self.scale / np.maximum(x, 0.0)
        part: Array = (special.gammainc if upper else special.gammaincc)(self.shape_, y)
        return part

    def shape(self) -> Shape:
        """Draw exp of a table of its own: both tails span many decades."""
        return Shape(
            kind="table",
            location=self.scale,
            exponential=True,
            low=0.0,
            key=("inverse-gamma", self.shape_),
            quantile=partial(_log_inverse_gamma_quantile, self.shape_),
        )

    def moments(self) -> tuple[float, float]:
        """Return scale / (shape - 1) and that over sqrt(shape - 2)."""
        if self.shape_ <= 1.0:
            return math.inf, math.inf
        mean = self.scale / (self.shape_ - 1.0)
        return mean, mean / math.sqrt(self.shape_ - 2.0) if self.shape_ > 2.0 else math.inf


def _log_inverse_gamma_quantile(a: float, p: Array, upper: bool) -> Array:
    return -log_gamma_quantile(a, p, not upper)


def _inverse_gamma_of_moments(mean: float, sd: float) -> InverseGamma:
    positive("mean", mean)
    spread("sd", sd, mean)
    shape = 2.0 + (mean / sd) ** 2
    return InverseGamma(shape, mean * (shape - 1.0))


def _inverse_gamma_of_percentiles(points: Points, bounds: Bounds) -> Distribution:
    for point in points:
        positive(point.name, point.x)
    starts = scaled_starts(lambda shape: InverseGamma(shape, 1.0), points, _STARTS)
    return match(positive_pair(InverseGamma), points, bounds, starts)


@dataclass(frozen=True)
class InverseGaussian(Distribution):
    """Inverse Gaussian (Wald): the time a drifting random walk takes; sd = sqrt(mean^3 / shape)."""

    family: ClassVar[str] = "inverse-gaussian"
    mean_: float
    shape_: float

    def __post_init__(self) -> None:
        positive("mean", self.mean_)
        positive("shape", self.shape_)
        low, high = _RATIOS
        hint = "its sd is then beyond 0.0001 or 100 times its mean: a normal or a lognormal may do"
        within("shape", self.shape_, low * self.mean_, high * self.mean_, hint)

    @property
    def _ratio(self) -> float:
        return self.shape_ / self.mean_

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return exp of the logarithm that the quantile is found by."""
        x = np.maximum(np.asarray(x, dtype=np.float64), 0.0) / self.mean_
        inside = (x > 0.0) & (x < np.inf)
        y = np.log(np.where(inside, x, 1.0))
        part = np.exp(_log_probability(self._ratio, y, upper))
        return np.where(inside, part, (x <= 0.0) == upper)

    def shape(self) -> Shape:
        """Draw exp of a table of its own."""
        return Shape(
            kind="table",
            location=self.mean_,
            exponential=True,
            low=0.0,
            key=("inverse-gaussian", self._ratio),
            quantile=partial(_log_wald_quantile, self._ratio),
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and mean sqrt(mean / shape)."""
        return self.mean_, self.mean_ / math.sqrt(self._ratio)


def _log_probability(ratio: float, y: Array, upper: bool) -> Array:
    """Return ln P(X <= e^y), or of the rest, at mean 1.

    With a = sqrt(2 ratio) sinh(y / 2) and b = sqrt(2 ratio) cosh(y / 2), the two terms of the
    textbook are erfc(-a) / 2 and exp(-a^2) erfcx(b) / 2, neither of which overflows.
    """
    from scipy import special

    root = math.sqrt(2.0 * ratio)
    with np.errstate(over="ignore"):
        a, b = root * np.sinh(y / 2.0), root * np.cosh(y / 2.0)
        near, far = special.erfcx(np.abs(a)), special.erfcx(b)
        peak = np.exp(-a * a)
        sign = -1.0 if upper else 1.0
        tail = np.log(near + sign * far) - a * a - math.log(2.0)
        body = np.log1p(peak * (sign * far - near) / 2.0)
    value: Array = np.where((a > 0.0) == upper, tail, body)
    return value


def _log_wald_quantile(ratio: float, p: Array, upper: bool) -> Array:
    """Return ln of the quantile at mean 1."""
    widest = math.acosh(1.0 + 1500.0 / ratio)  # where exp(-a^2) < 1e-320

    def curve(y: Array) -> tuple[Array, Array]:
        value = _log_probability(ratio, y, upper)
        a = math.sqrt(2.0 * ratio) * np.sinh(y / 2.0)
        density = np.exp(-a * a - y / 2.0 - value) * math.sqrt(ratio / (2.0 * math.pi))
        return (-value, density) if upper else (value, density)

    target = -np.log(p) if upper else np.log(p)
    return solve(curve, target, np.zeros_like(p), -widest, widest)


def _inverse_gaussian_of_moments(mean: float, sd: float) -> InverseGaussian:
    positive("mean", mean)
    spread("sd", sd, mean)
    return InverseGaussian(mean, mean * (mean / sd) ** 2)


def _inverse_gaussian_of_percentiles(points: Points, bounds: Bounds) -> Distribution:
    for point in points:
        positive(point.name, point.x)

    starts = scaled_starts(lambda ratio: _of_ratio(ratio, 1.0), points, _STARTS)
    return match(positive_pair(_of_ratio), points, bounds, starts)


def _of_ratio(ratio: float, mean: float) -> InverseGaussian:
    return InverseGaussian(mean, ratio * mean)


FAMILIES = shiftable(
    Family(
        name="inverse-gamma",
        summary="one over a gamma: positive, with a power law for its upper tail",
        forms=(
            Form(("shape", "scale"), InverseGamma),
            Form(("mean", "sd"), _inverse_gamma_of_moments),
            Form((), _inverse_gamma_of_percentiles, percentiles=2),
            Form((), shape_found(InverseGamma, _SHAPES_TRIED), percentiles=3, finds_shift=True),
        ),
        example='{ dist = "inverse-gamma", shape = 3, scale = 20 }',
    ),
    Family(
        name="inverse-gaussian",
        summary="the time until a drifting random walk arrives; more skewed than a gamma",
        forms=(
            Form(("mean", "shape"), InverseGaussian),
            Form(("mean", "sd"), _inverse_gaussian_of_moments),
            Form((), _inverse_gaussian_of_percentiles, percentiles=2),
            Form((), shape_found(_of_ratio, _RATIOS_TRIED), percentiles=3, finds_shift=True),
        ),
        example='{ dist = "inverse-gaussian", mean = 10, sd = 4 }',
        advice={"mu": "mu is the mean as a rule, but scipy's is mean / shape"},
    ),
)

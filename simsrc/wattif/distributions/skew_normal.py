"""Skew-normal: a normal whose one side is longer than the other."""

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
from wattif.distributions.freeing import free
from wattif.distributions.inversion import solve
from wattif.distributions.normal import normal_quantile
from wattif.distributions.percentiles import OPEN, Bounds, Points, fit

_SHAPES = (-1000.0, 1000.0)
_SHAPES_TRIED = tuple(10.0 * math.sinh(step / 4.0) for step in range(-21, 22))
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_DEPTH = 40.0  # of the integrand's logarithm: exp(-40) is beyond rounding


@dataclass(frozen=True)
class SkewNormal(Distribution):
    """Skew-normal with density 2 phi(z) Phi(shape z) / scale, z = (x - location) / scale."""

    family: ClassVar[str] = "skew-normal"
    location: float
    scale: float
    shape_: float

    def __post_init__(self) -> None:
        positive("scale", self.scale)
        within("shape", self.shape_, *_SHAPES, hint="a half-normal is its limit")

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return exp of the logarithm that the quantile is found by."""
        z = (np.asarray(x, dtype=np.float64) - self.location) / self.scale
        z = np.clip(z, -1e100, 1e100)
        if self.shape_ < 0.0:
            z, upper = -z, not upper
        return np.exp(_log_probability(abs(self.shape_), z, upper))

    def shape(self) -> Shape:
        """Draw from a table of its own, at location 0 and scale 1."""
        return Shape(
            kind="table",
            location=self.location,
            scale=self.scale,
            key=("skew-normal", self.shape_),
            quantile=partial(skew_normal_quantile, self.shape_),
        )

    def moments(self) -> tuple[float, float]:
        """Return location + scale m and scale sqrt(1 - m^2), m = sqrt(2 / pi) sin(atan(shape))."""
        m = math.sqrt(2.0 / math.pi) * self.shape_ / math.hypot(1.0, self.shape_)
        return self.location + self.scale * m, self.scale * math.sqrt(1.0 - m * m)


def _log_probability(alpha: float, z: Array, upper: bool) -> Array:
    """Return ln P(Z <= z), or of the rest, for alpha >= 0.

    All from G(w) = P(Z <= -w), w >= 0: P(Z <= w) = erf(w / sqrt(2)) + G(w), and
    P(Z > w) = erfc(w / sqrt(2)) - G(w) loses no digits, since G is at most half of the erfc.
    """
    from scipy import special

    w = np.abs(z)
    tail = _log_tail(alpha, w)
    if upper:
        far = special.log_ndtr(-w) + math.log(2.0)
        part = np.exp(np.minimum(tail - far, -math.log(2.0)))
        return np.where(z >= 0.0, far + np.log1p(-part), np.log1p(-np.exp(tail)))
    near: Array = np.log(np.maximum(special.erf(w / math.sqrt(2.0)) + np.exp(tail), 1e-300))
    return np.where(z >= 0.0, near, tail)


def _log_tail(alpha: float, w: Array) -> Array:
    """Return ln of G(w), the thin tail of the skew-normal beyond -w.

    G(w) = int_v^inf phi(s) erfcx(delta s / sqrt(2)) ds / r, with r = sqrt(1 + alpha^2), v = r w and
    delta = alpha / r: a smooth integrand, by Gauss-Legendre until it has fallen by exp(-40).
    """
    from scipy import special

    r = math.hypot(1.0, alpha)
    v = r * w
    reach = 2.0 * _DEPTH / (v + np.sqrt(v * v + 2.0 * _DEPTH))
    t = reach[..., None] / 2.0 * (_NODES + 1.0)
    s = v[..., None] + t
    terms = np.exp(-t * (v[..., None] + t / 2.0)) * special.erfcx(alpha / r * s / math.sqrt(2.0))
    integral = (terms @ _WEIGHTS) * reach / 2.0
    tail: Array = np.log(integral / (r * math.sqrt(2.0 * math.pi))) - v * v / 2.0
    return tail


def skew_normal_quantile(alpha: float, p: Array, upper: bool) -> Array:
    """Return the quantile at location 0 and scale 1."""
    if alpha < 0.0:
        return -skew_normal_quantile(-alpha, p, not upper)
    from scipy import special

    def curve(z: Array) -> tuple[Array, Array]:
        value = _log_probability(alpha, z, upper)
        log_density = math.log(2.0 / math.sqrt(2.0 * math.pi)) - z * z / 2.0
        slope = np.exp(log_density + special.log_ndtr(alpha * z) - value)
        return (-value, slope) if upper else (value, slope)

    # It lies between the normal and its half.
    start = normal_quantile(p / 2.0, True) if upper else normal_quantile(p, False) / (1.0 + alpha)
    return solve(curve, -np.log(p) if upper else np.log(p), start, -40.0, 40.0)


def _skew_normal_of_moments(mean: float, sd: float, shape: float) -> SkewNormal:
    spread("sd", sd, mean)
    unit_mean, unit_sd = SkewNormal(0.0, 1.0, shape).moments()
    return SkewNormal(mean - unit_mean * sd / unit_sd, sd / unit_sd, shape)


def _skew_normal_of_percentiles(points: Points, bounds: Bounds, shape: float) -> SkewNormal:
    return SkewNormal(*fit(SkewNormal(0.0, 1.0, shape), points, bounds), shape)


def _skew_normal_of_three_percentiles(points: Points, bounds: Bounds) -> Distribution:
    def member(kept: Points, shape: float) -> SkewNormal:
        return _skew_normal_of_percentiles(kept, OPEN, shape)

    return free(member, points, bounds, _SHAPES_TRIED)


FAMILIES = (
    Family(
        name="skew-normal",
        summary="like a normal, with one side longer than the other",
        forms=(
            Form(("location", "scale", "shape"), SkewNormal),
            Form(("mean", "sd", "shape"), _skew_normal_of_moments),
            Form(("shape",), _skew_normal_of_percentiles, percentiles=2),
            Form((), _skew_normal_of_three_percentiles, percentiles=3),
        ),
        example='{ dist = "skew-normal", mean = 20, sd = 3, shape = 4 }',
    ),
)

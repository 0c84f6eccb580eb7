"""The largest or smallest of many: Gumbel and the generalised extreme value distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import number, positive, spread, within
from wattif.distributions.family import Family, Form
from wattif.distributions.freeing import free
from wattif.distributions.location_scale import LocationScale, of_percentiles
from wattif.distributions.percentiles import OPEN, Bounds, Points, fit

_EULER = 0.57721566490153286061
_GUMBEL_SD = math.pi / math.sqrt(6.0)
_SHAPES = (-10.0, 10.0)
SHAPES_TRIED = (-10.0, *(math.sinh(step / 4.0) / 2.0 for step in range(-14, 15)), 10.0)
_NEARLY_GUMBEL = 0.01  # of |shape|: the closed form of the sd cancels below


def gumbel_quantile(p: Array, upper: bool) -> Array:
    """Return the quantile of the largest of many, at location 0 and scale 1."""
    q: Array = -np.log(-np.log1p(-p) if upper else -np.log(p))
    return q


def gumbel_probability(z: Array, upper: bool) -> Array:
    """Return P(Z <= z) = exp(-exp(-z)), or the rest of it."""
    with np.errstate(over="ignore"):
        y = np.exp(-z)
    part: Array = -np.expm1(-y) if upper else np.exp(-y)
    return part


@dataclass(frozen=True)
class Gumbel(LocationScale):
    """Gumbel (type I) of largest values; its mode is ``location``."""

    family: ClassVar[str] = "gumbel"

    @staticmethod
    def curve(p: Array, upper: bool) -> Array:
        """Return -ln(-ln u)."""
        return gumbel_quantile(p, upper)

    @staticmethod
    def curve_probability(z: Array, upper: bool) -> Array:
        """Return exp(-exp(-z)), or the rest of it."""
        return gumbel_probability(z, upper)

    def moments(self) -> tuple[float, float]:
        """Return location + 0.577 scale and scale pi / sqrt(6)."""
        return self.location + _EULER * self.scale, self.scale * _GUMBEL_SD


@dataclass(frozen=True)
class GumbelMin(LocationScale):
    """Gumbel (type I) of smallest values: the mirror image of the other."""

    family: ClassVar[str] = "gumbel-min"

    @staticmethod
    def curve(p: Array, upper: bool) -> Array:
        """Return ln(-ln(1 - u))."""
        return -gumbel_quantile(p, not upper)

    @staticmethod
    def curve_probability(z: Array, upper: bool) -> Array:
        """Return 1 - exp(-exp(z)), or the rest of it."""
        return gumbel_probability(-z, not upper)

    def moments(self) -> tuple[float, float]:
        """Return location - 0.577 scale and scale pi / sqrt(6)."""
        return self.location - _EULER * self.scale, self.scale * _GUMBEL_SD


def _gumbel_of_moments(mean: float, sd: float) -> Gumbel:
    spread("sd", sd, mean)
    return Gumbel(mean - _EULER * sd / _GUMBEL_SD, sd / _GUMBEL_SD)


def _gumbel_min_of_moments(mean: float, sd: float) -> GumbelMin:
    spread("sd", sd, mean)
    return GumbelMin(mean + _EULER * sd / _GUMBEL_SD, sd / _GUMBEL_SD)


def power(shape: float, y: Array) -> Array:
    """Return (exp(shape y) - 1) / shape, which is y at shape 0."""
    if shape == 0.0:
        return y
    with np.errstate(over="ignore"):
        raised: Array = np.expm1(shape * y) / shape
    return raised


def unpower(shape: float, z: Array) -> Array:
    """Return the y of which z is the power; infinite beyond the end that it has."""
    if shape == 0.0:
        return z
    with np.errstate(divide="ignore"):
        y: Array = np.log1p(np.maximum(shape * z, -1.0)) / shape
    return y


@dataclass(frozen=True)
class GeneralisedExtremeValue(Distribution):
    """Generalised extreme value: a power law (``shape`` > 0) or an end (< 0) above."""

    family: ClassVar[str] = "gev"
    location: float
    scale: float
    shape_: float

    def __post_init__(self) -> None:
        positive("scale", self.scale)
        within("shape", self.shape_, *_SHAPES, hint="it is the climatologists' xi: 0 for a gumbel")

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return exp(-(1 + shape z)^(-1 / shape)), z = (x - location) / scale."""
        z = (np.asarray(x, dtype=np.float64) - self.location) / self.scale
        return gumbel_probability(unpower(self.shape_, z), upper)

    def shape(self) -> Shape:
        """Draw from a table of its own, at location 0 and scale 1."""
        xi = self.shape_
        end = self.location - self.scale / xi if xi else math.inf
        return Shape(
            kind="table",
            location=self.location,
            scale=self.scale,
            low=end if xi > 0.0 else -math.inf,
            high=end if xi < 0.0 else math.inf,
            key=("gev", xi),
            quantile=partial(_gev_quantile, xi),
        )

    def moments(self) -> tuple[float, float]:
        """Return location + scale (g1 - 1) / xi and scale sqrt(g2 - g1^2) / |xi|.

        g_n = Gamma(1 - n xi).
        """
        xi = self.shape_
        if abs(xi) < _NEARLY_GUMBEL:
            return super().moments()
        if xi >= 1.0:
            return math.inf, math.inf
        first = math.gamma(1.0 - xi)
        mean = self.location + self.scale * (first - 1.0) / xi
        if xi >= 0.5:
            return mean, math.inf
        return mean, self.scale * math.sqrt(math.gamma(1.0 - 2.0 * xi) - first**2) / abs(xi)


def _gev_quantile(shape: float, p: Array, upper: bool) -> Array:
    return power(shape, gumbel_quantile(p, upper))


def _gev_of_moments(mean: float, sd: float, shape: float) -> GeneralisedExtremeValue:
    """Return the member of given shape that has the mean and the sd."""
    spread("sd", sd, mean)
    if not _SHAPES[0] <= shape < 0.5:
        message = f"shape of a gev with an sd must be between -10 and 0.5, found {number(shape)}"
        raise BeliefError(message, "shape", "give its location and scale instead")
    unit_mean, unit_sd = GeneralisedExtremeValue(0.0, 1.0, shape).moments()
    return GeneralisedExtremeValue(mean - unit_mean * sd / unit_sd, sd / unit_sd, shape)


def _gev_of_percentiles(points: Points, bounds: Bounds, shape: float) -> GeneralisedExtremeValue:
    return GeneralisedExtremeValue(
        *fit(GeneralisedExtremeValue(0.0, 1.0, shape), points, bounds), shape
    )


def _gev_of_three_percentiles(points: Points, bounds: Bounds) -> Distribution:
    def member(kept: Points, shape: float) -> GeneralisedExtremeValue:
        return _gev_of_percentiles(kept, OPEN, shape)

    return free(member, points, bounds, SHAPES_TRIED)


FAMILIES = (
    Family(
        name="gumbel",
        summary="the largest of many: the worst day of a year",
        forms=(
            Form(("location", "scale"), Gumbel),
            Form(("mean", "sd"), _gumbel_of_moments),
            Form((), of_percentiles(Gumbel()), percentiles=2),
        ),
        example='{ dist = "gumbel", location = 40, scale = 5 }',
        advice={"mode": "the mode of a gumbel is its location"},
    ),
    Family(
        name="gumbel-min",
        summary="the smallest of many: the first of many parts to fail",
        forms=(
            Form(("location", "scale"), GumbelMin),
            Form(("mean", "sd"), _gumbel_min_of_moments),
            Form((), of_percentiles(GumbelMin()), percentiles=2),
        ),
        example='{ dist = "gumbel-min", mean = 40, sd = 5 }',
        advice={"mode": "the mode of a gumbel-min is its location"},
    ),
    Family(
        name="gev",
        summary="the largest of many, whose tail is a power law (shape > 0) or ends (shape < 0)",
        forms=(
            Form(("location", "scale", "shape"), GeneralisedExtremeValue),
            Form(("mean", "sd", "shape"), _gev_of_moments),
            Form(("shape",), _gev_of_percentiles, percentiles=2),
            Form((), _gev_of_three_percentiles, percentiles=3),
        ),
        example='{ dist = "gev", location = 40, scale = 5, shape = 0.1 }',
        advice={"c": "shape is -c of scipy: greater than 0 for a heavy tail"},
    ),
)

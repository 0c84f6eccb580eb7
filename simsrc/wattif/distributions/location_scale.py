"""Families that are one fixed curve, moved by a location and stretched by a scale.

To add one: a class with the quantile and the probability of the curve at location 0 and scale 1.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape
from wattif.distributions.checks import positive, spread
from wattif.distributions.family import Family, Form
from wattif.distributions.percentiles import Bounds, Points, fit


@dataclass(frozen=True)
class LocationScale(Distribution):
    """A curve that depends on (x - location) / scale alone."""

    location: float = 0.0
    scale: float = 1.0

    kinks: ClassVar[tuple[float, ...]] = ()

    def __post_init__(self) -> None:
        positive("scale", self.scale)

    @staticmethod
    @abstractmethod
    def curve(p: Array, upper: bool) -> Array:
        """Return the quantile at location 0 and scale 1, for p in (0, 1/2]."""

    @staticmethod
    @abstractmethod
    def curve_probability(z: Array, upper: bool) -> Array:
        """Return P(Z <= z), or P(Z > z) if ``upper``, at location 0 and scale 1."""

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the curve's probability at (x - location) / scale."""
        z = (np.asarray(x, dtype=np.float64) - self.location) / self.scale
        return self.curve_probability(z, upper)

    def shape(self) -> Shape:
        """Draw from the one table of the family."""
        return Shape(
            kind="table",
            location=self.location,
            scale=self.scale,
            key=(self.family,),
            quantile=self.curve,
            kinks=self.kinks,
        )


@dataclass(frozen=True)
class Cauchy(LocationScale):
    """Cauchy: so heavy-tailed that it has no mean; its quartiles are location -+ scale."""

    family: ClassVar[str] = "cauchy"

    @staticmethod
    def curve(p: Array, upper: bool) -> Array:
        """Return -+ cot(pi p)."""
        t = 1.0 / np.tan(np.pi * p)
        return t if upper else -t

    @staticmethod
    def curve_probability(z: Array, upper: bool) -> Array:
        """Return the angle under which z sees the half line, over pi."""
        angle: Array = np.arctan2(1.0, z if upper else -z)
        return angle / np.pi

    def moments(self) -> tuple[float, float]:
        """Return NaN twice: neither integral exists."""
        return math.nan, math.nan


@dataclass(frozen=True)
class Logistic(LocationScale):
    """Logistic: like a normal, with tails that fall like exp(-x / scale)."""

    family: ClassVar[str] = "logistic"

    @staticmethod
    def curve(p: Array, upper: bool) -> Array:
        """Return the log-odds."""
        odds: Array = np.log(p) - np.log1p(-p)
        return -odds if upper else odds

    @staticmethod
    def curve_probability(z: Array, upper: bool) -> Array:
        """Return 1 / (1 + exp(-z))."""
        from scipy import special

        part: Array = special.expit(-z if upper else z)
        return part

    def moments(self) -> tuple[float, float]:
        """Return location and scale pi / sqrt(3)."""
        return self.location, self.scale * _LOGISTIC_SD


_LOGISTIC_SD = math.pi / math.sqrt(3.0)


def _logistic_of_moments(mean: float, sd: float) -> Logistic:
    spread("sd", sd, mean)
    return Logistic(mean, sd / _LOGISTIC_SD)


@dataclass(frozen=True)
class Laplace(LocationScale):
    """Laplace (double exponential): a sharp peak, with tails that fall like exp(-|x| / scale)."""

    family: ClassVar[str] = "laplace"

    kinks: ClassVar[tuple[float, ...]] = (0.5,)

    @staticmethod
    def curve(p: Array, upper: bool) -> Array:
        """Return -+ ln(2 p)."""
        distance: Array = np.log(2.0 * p)
        return -distance if upper else distance

    @staticmethod
    def curve_probability(z: Array, upper: bool) -> Array:
        """Return exp(z) / 2 on the near side, and the rest of it on the far one."""
        near = np.exp(-np.abs(z)) / 2.0
        return np.where((z > 0.0) == upper, near, 1.0 - near)

    def moments(self) -> tuple[float, float]:
        """Return location and sqrt(2) scale."""
        return self.location, self.scale * math.sqrt(2.0)


def _laplace_of_moments(mean: float, sd: float) -> Laplace:
    spread("sd", sd, mean)
    return Laplace(mean, sd / math.sqrt(2.0))


def of_percentiles(standard: LocationScale) -> Callable[[Points, Bounds], LocationScale]:
    """Return what builds a member of the family of ``standard`` from two percentiles."""

    def build(points: Points, bounds: Bounds) -> LocationScale:
        return type(standard)(*fit(standard, points, bounds))

    return build


FAMILIES = (
    Family(
        name="logistic",
        summary="like a normal, with somewhat heavier tails",
        forms=(
            Form(("location", "scale"), Logistic),
            Form(("mean", "sd"), _logistic_of_moments),
            Form((), of_percentiles(Logistic()), percentiles=2),
        ),
        example='{ dist = "logistic", mean = 20, sd = 3 }',
    ),
    Family(
        name="laplace",
        summary="a sharp peak with exponential tails on both sides",
        forms=(
            Form(("location", "scale"), Laplace),
            Form(("mean", "sd"), _laplace_of_moments),
            Form((), of_percentiles(Laplace()), percentiles=2),
        ),
        example='{ dist = "laplace", location = 0, scale = 2 }',
    ),
    Family(
        name="cauchy",
        summary="tails so heavy that there is no mean: a ratio of two errors",
        forms=(
            Form(("location", "scale"), Cauchy),
            Form((), of_percentiles(Cauchy()), percentiles=2),
        ),
        example='{ dist = "cauchy", location = 0, scale = 1 }',
        advice={"mean": "a cauchy has no mean: give its location, the median"},
    ),
)

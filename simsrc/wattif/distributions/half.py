"""Halves of what is symmetric about 0: half-normal and half-Student-t."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape
from wattif.distributions.bounded import beta_quantile
from wattif.distributions.checks import positive, within
from wattif.distributions.family import Family, Form
from wattif.distributions.freeing import free, logarithmic
from wattif.distributions.matching import match_scale
from wattif.distributions.normal import normal_quantile
from wattif.distributions.percentiles import OPEN, Bounds, Points
from wattif.distributions.shifted import shape_found, shift_found, shiftable
from wattif.distributions.student import student_quantile

_HALF_NORMAL_MEAN = math.sqrt(2.0 / math.pi)
_DEGREES = (0.1, 1e6)
_DEGREES_TRIED = logarithmic(*_DEGREES, 28)


@dataclass(frozen=True)
class HalfNormal(Distribution):
    """Half-normal: the absolute value of a normal with mean 0 and standard deviation ``scale``."""

    family: ClassVar[str] = "half-normal"
    scale: float

    def __post_init__(self) -> None:
        positive("scale", self.scale)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return erf(x / (scale sqrt(2))), or the rest of it."""
        from scipy import special

        z = np.maximum(x, 0.0) / (self.scale * math.sqrt(2.0))
        part: Array = (special.erfc if upper else special.erf)(z)
        return part

    def shape(self) -> Shape:
        """Draw from the table of the half-normal of scale 1."""
        return Shape(
            kind="table",
            scale=self.scale,
            low=0.0,
            key=("half-normal",),
            quantile=_half_normal_quantile,
        )

    def moments(self) -> tuple[float, float]:
        """Return scale sqrt(2 / pi) and scale sqrt(1 - 2 / pi)."""
        return self.scale * _HALF_NORMAL_MEAN, self.scale * math.sqrt(1.0 - 2.0 / math.pi)


def _half_normal_quantile(p: Array, upper: bool) -> Array:
    from scipy import special

    if upper:
        return normal_quantile(p / 2.0, True)
    q: Array = math.sqrt(2.0) * special.erfinv(p)
    return q


def _half_normal_of_mean(mean: float) -> HalfNormal:
    positive("mean", mean)
    return HalfNormal(mean / _HALF_NORMAL_MEAN)


def _half_normal_of_percentile(points: Points, bounds: Bounds) -> Distribution:
    return match_scale(HalfNormal, points, bounds)


@dataclass(frozen=True)
class HalfStudentT(Distribution):
    """Half-Student-t: the absolute value of a t with ``df`` degrees of freedom, times ``scale``."""

    family: ClassVar[str] = "half-student-t"
    df: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        positive("df", self.df)
        positive("scale", self.scale)
        within("df", self.df, *_DEGREES, hint="with so many degrees of freedom it is a half-normal")

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return both tails of the t together, or what lies between them."""
        from scipy import special

        t = np.maximum(x, 0.0) / self.scale
        tails: Array = 2.0 * special.stdtr(self.df, -t)
        if upper:
            return tails
        near = np.minimum(t, math.sqrt(self.df))
        middle = special.betainc(0.5, self.df / 2.0, near * near / (self.df + near * near))
        return np.where(t < math.sqrt(self.df), middle, 1.0 - tails)

    def shape(self) -> Shape:
        """Draw from a table of its own, at scale 1."""
        return Shape(
            kind="table",
            scale=self.scale,
            low=0.0,
            key=("half-student-t", self.df),
            quantile=partial(_half_student_quantile, self.df),
        )

    def moments(self) -> tuple[float, float]:
        """Return m and sqrt(scale^2 df / (df - 2) - m^2), where they exist."""
        from scipy import special

        df = self.df
        if df <= 1.0:
            return math.inf, math.inf
        ratio = 2.0 / (math.sqrt(df) * special.beta(df / 2.0, 0.5)) * df / (df - 1.0)
        mean = self.scale * float(ratio)
        if df <= 2.0:
            return mean, math.inf
        return mean, math.sqrt(self.scale**2 * df / (df - 2.0) - mean**2)


def _half_student_quantile(df: float, p: Array, upper: bool) -> Array:
    """Return the quantile of |t|: t^2 / df is y / (1 - y), y a beta variate."""
    if upper:
        return student_quantile(df, p / 2.0, True)
    y, rest = beta_quantile(0.5, df / 2.0, p, False), beta_quantile(df / 2.0, 0.5, p, True)
    return np.sqrt(df * y / rest)


def _half_student_of_percentile(points: Points, bounds: Bounds, df: float) -> Distribution:
    return match_scale(partial(HalfStudentT, df), points, bounds)


def _half_student_of_percentiles(points: Points, bounds: Bounds) -> Distribution:
    def member(kept: Points, df: float) -> Distribution:
        return _half_student_of_percentile(kept, OPEN, df)

    return free(member, points, bounds, _DEGREES_TRIED)


FAMILIES = shiftable(
    Family(
        name="half-normal",
        summary="the size of a normal error, whatever its sign",
        forms=(
            Form(("scale",), HalfNormal),
            Form(("mean",), _half_normal_of_mean),
            Form((), _half_normal_of_percentile, percentiles=1),
            Form((), shift_found(_half_normal_of_percentile), percentiles=2, finds_shift=True),
        ),
        example='{ dist = "half-normal", scale = 2 }',
        advice={"sd": "scale is the sd of the whole normal: scale = sd / 0.6028"},
    ),
    Family(
        name="half-student-t",
        summary="the size of an error with heavy tails, whatever its sign",
        forms=(
            Form(("df", "scale"), HalfStudentT),
            Form(("df",), _half_student_of_percentile, percentiles=1),
            Form((), _half_student_of_percentiles, percentiles=2),
            Form((), shape_found(HalfStudentT, _DEGREES_TRIED), percentiles=3, finds_shift=True),
        ),
        example='{ dist = "half-student-t", df = 4, scale = 2 }',
    ),
)

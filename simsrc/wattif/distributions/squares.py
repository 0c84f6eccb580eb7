"""Sums of squares: chi-square, and the F distribution of a ratio of two."""

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
from wattif.distributions.gamma import Gamma
from wattif.distributions.matching import match, positive_pair
from wattif.distributions.percentiles import Bounds, Points
from wattif.distributions.shifted import shift_found, shiftable

_CHI_DEGREES = (0.02, 2e5)
_F_DEGREES = (0.2, 1e6)
_STARTS = [(a, b) for a in (5.0, 100.0, 1.0) for b in (5.0, 100.0, 1.0)]


@dataclass(frozen=True)
class ChiSquare(Distribution):
    """Chi-square: the sum of ``df`` squared standard normals."""

    family: ClassVar[str] = "chi-square"
    df: float

    def __post_init__(self) -> None:
        positive("df", self.df)
        within("df", self.df, *_CHI_DEGREES)

    @property
    def _gamma(self) -> Gamma:
        return Gamma(self.df / 2.0, 2.0)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return that of the gamma that it is."""
        return self._gamma.probability(x, upper)

    def quantile(self, p: ArrayLike, upper: bool = False) -> Array:
        """Return that of the gamma that it is."""
        return self._gamma.quantile(p, upper)

    def shape(self) -> Shape:
        """Draw from the table of the gamma that it is."""
        return self._gamma.shape()

    def moments(self) -> tuple[float, float]:
        """Return df and sqrt(2 df)."""
        return self.df, math.sqrt(2.0 * self.df)


@dataclass(frozen=True)
class F(Distribution):
    """F: the ratio of two mean squares, with ``df1`` and ``df2`` degrees of freedom."""

    family: ClassVar[str] = "f"
    df1: float
    df2: float

    def __post_init__(self) -> None:
        for name, value in (("df1", self.df1), ("df2", self.df2)):
            positive(name, value)
            within(name, value, *_F_DEGREES)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the regularised incomplete beta function at df1 x / (df2 + df1 x)."""
        from scipy import special

        with np.errstate(divide="ignore"):
            odds = self.df1 / self.df2 * np.maximum(x, 0.0)
            y, z = odds / (1.0 + np.minimum(odds, 1e300)), 1.0 / (1.0 + odds)
        a, b = self.df1 / 2.0, self.df2 / 2.0
        # By the smaller of y and z = 1 - y, which has its digits.
        near_low = special.betaincc if upper else special.betainc
        near_high = special.betainc if upper else special.betaincc
        low, high = np.minimum(y, 1.0), np.minimum(z, 1.0)
        part: Array = np.where(odds < 1.0, near_low(a, b, low), near_high(b, a, high))
        return part

    def shape(self) -> Shape:
        """Draw exp of a table of its own: both tails may span many decades."""
        return Shape(
            kind="table",
            location=1.0,
            exponential=True,
            low=0.0,
            key=("f", self.df1, self.df2),
            quantile=partial(_log_f_quantile, self.df1, self.df2),
        )

    def moments(self) -> tuple[float, float]:
        """Return b / (b - 2) and that times sqrt(2 (a + b - 2) / (a (b - 4))); a, b: df1, df2."""
        a, b = self.df1, self.df2
        if b <= 2.0:
            return math.inf, math.inf
        mean = b / (b - 2.0)
        if b <= 4.0:
            return mean, math.inf
        return mean, mean * math.sqrt(2.0 * (a + b - 2.0) / (a * (b - 4.0)))


def _log_f_quantile(df1: float, df2: float, p: Array, upper: bool) -> Array:
    """Return ln of df2 y / (df1 (1 - y)), both y and 1 - y beta variates with all their digits."""
    a, b = df1 / 2.0, df2 / 2.0
    y, rest = beta_quantile(a, b, p, upper), beta_quantile(b, a, p, not upper)
    with np.errstate(divide="ignore"):
        q: Array = math.log(df2 / df1) + np.log(y) - np.log(rest)
    return q


def _chi_square_of_percentile(points: Points, bounds: Bounds) -> Distribution:
    positive(points[0].name, points[0].x)

    def member(theta: Array) -> ChiSquare:
        return ChiSquare(math.exp(float(theta[0])))

    starts = [[math.log(df)] for df in (max(points[0].x, 0.1), 1.0, 100.0, 1e4)]
    return match(member, points, bounds, starts)


def _f_of_percentiles(points: Points, bounds: Bounds) -> Distribution:
    for point in points:
        positive(point.name, point.x)
    return match(positive_pair(F), points, bounds, np.log(_STARTS))


FAMILIES = shiftable(
    Family(
        name="chi-square",
        summary="a sum of df squared errors",
        forms=(
            Form(("df",), ChiSquare),
            Form((), _chi_square_of_percentile, percentiles=1),
            Form((), shift_found(_chi_square_of_percentile), percentiles=2, finds_shift=True),
        ),
        example='{ dist = "chi-square", df = 4 }',
    ),
    Family(
        name="f",
        summary="a ratio of two estimated variances",
        forms=(
            Form(("df1", "df2"), F),
            Form((), _f_of_percentiles, percentiles=2),
        ),
        example='{ dist = "f", df1 = 5, df2 = 20 }',
    ),
)

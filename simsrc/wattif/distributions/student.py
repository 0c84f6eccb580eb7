"""Student's t: a normal of uncertain width, with heavy tails."""

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
from wattif.distributions.forms import listed
from wattif.distributions.freeing import free, logarithmic
from wattif.distributions.percentiles import OPEN, Bounds, Points, fit

_DEGREES_TRIED = logarithmic(0.1, 1e6, 28)


def student_quantile(df: float, p: Array, upper: bool) -> Array:
    """Return the quantile of Student's t with ``df`` degrees of freedom."""
    from scipy import special

    with np.errstate(divide="ignore", over="ignore"):
        t = -special.stdtrit(df, p)
        # scipy gives out on the way to the largest floats, where the tail is a power law.
        log_far = -(np.log(p * df) + special.betaln(df / 2.0, 0.5)) / df + math.log(df) / 2.0
        t = np.where(np.abs(t) < 1e50, t, np.exp(log_far))
    quantile: Array = t if upper else -t
    return quantile


@dataclass(frozen=True)
class StudentT(Distribution):
    """Student's t with ``df`` degrees of freedom; ``scale`` is not its standard deviation."""

    family: ClassVar[str] = "student-t"
    df: float
    location: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        positive("df", self.df)
        positive("scale", self.scale)
        within("df", self.df, 0.1, math.inf, hint="so heavy a tail leaves the range of floats")

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the distribution function of Student's t."""
        from scipy import special

        t = (np.asarray(x, dtype=np.float64) - self.location) / self.scale
        part: Array = special.stdtr(self.df, -t if upper else t)
        return part

    def shape(self) -> Shape:
        """Draw from a table of its own, at location 0 and scale 1."""
        df = self.df
        return Shape(
            kind="table",
            location=self.location,
            scale=self.scale,
            key=("student-t", df),
            quantile=partial(student_quantile, df),
        )

    def moments(self) -> tuple[float, float]:
        """Return location and scale sqrt(df / (df - 2)); the mean needs df > 1."""
        if self.df <= 1.0:
            return math.nan, math.nan
        if self.df <= 2.0:
            return self.location, math.inf
        return self.location, self.scale * math.sqrt(self.df / (self.df - 2.0))


def _student_of_moments(df: float, sd: float, mean: float) -> StudentT:
    """Return the t with a given standard deviation (the convention of NIST's TN 1900)."""
    positive("df", df)
    if df <= 2.0:
        message = f"df must be greater than 2 for a t with an sd, found {number(df)}"
        raise BeliefError(message, "df", "give its scale instead of its sd")
    spread("sd", sd, mean)
    return StudentT(df, mean, sd * math.sqrt((df - 2.0) / df))


def _student_of_percentiles(points: Points, bounds: Bounds, df: float) -> StudentT:
    return StudentT(df, *fit(StudentT(df), points, bounds))


def _student_of_three_percentiles(points: Points, bounds: Bounds) -> Distribution:
    """Return the t whose degrees of freedom the third percentile tells."""
    if _is_symmetric(points) and math.isinf(bounds[0]) and math.isinf(bounds[1]):
        names = [point.name for point in points]
        message = f"{listed(names)} do not tell the df of a student-t: its median is in the middle"
        hint = "give df and two percentiles, or two on the same side: p50, p75 and p95"
        raise BeliefError(message, points[1].name, hint)

    def member(kept: Points, df: float) -> StudentT:
        return _student_of_percentiles(kept, OPEN, df)

    return free(member, points, bounds, _DEGREES_TRIED)


def _is_symmetric(points: Points) -> bool:
    first, middle, last = (point.p for point in points)
    return abs(first + last - 1.0) < 1e-12 and abs(middle - 0.5) < 1e-12


FAMILIES = (
    Family(
        name="student-t",
        summary="like a normal, with heavier tails: few measurements, or outliers",
        forms=(
            Form(("df",), StudentT, optional={"location": 0.0, "scale": 1.0}),
            Form(("df", "sd"), _student_of_moments, optional={"location": 0.0}),
            Form(("df", "sd", "mean"), _student_of_moments),
            Form(("df",), _student_of_percentiles, percentiles=2),
            Form((), _student_of_three_percentiles, percentiles=3),
        ),
        example='{ dist = "student-t", df = 9, location = 20, scale = 0.5 }',
    ),
)

"""Positive families whose logarithm is one fixed curve: log-logistic and Pareto.

x = centre exp(y / shape), where y is a logistic or an exponential: one table serves every member.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, QuantileFunction, Shape, Stated
from wattif.distributions.checks import positive, within
from wattif.distributions.family import Family, Form
from wattif.distributions.gamma import Exponential, exponential_quantile
from wattif.distributions.location_scale import Logistic
from wattif.distributions.percentiles import Bounds, NoParent, Points, fit, logarithm, transform
from wattif.distributions.shifted import shift_found, shiftable

_ROUNDING = 1e-9  # of percentiles that describe a Pareto cut off below, which starts at the bound
_SHAPES = (0.1, 1e6)
_SHAPE_HINT = "so heavy a tail leaves the range of floats, and a shape above hardly varies"


@dataclass(frozen=True)
class LogCurve(Distribution):
    """A positive x with P(X > x) ~ x^-shape in its upper tail."""

    centre: float
    shape_: float

    least: ClassVar[float] = 0.0  # of x / centre
    standard: ClassVar[Distribution]
    curve: ClassVar[QuantileFunction]
    centre_name: ClassVar[str]

    def __post_init__(self) -> None:
        positive(self.centre_name, self.centre)
        positive("shape", self.shape_)
        within("shape", self.shape_, *_SHAPES, hint=_SHAPE_HINT)

    @property
    def parameters(self) -> dict[str, Stated]:
        """Canonical parameters, under the name that the family has for its centre."""
        return {self.centre_name: self.centre, "shape": self.shape_}

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the curve's probability at shape ln(x / centre)."""
        with np.errstate(divide="ignore", over="ignore"):
            y = self.shape_ * log_ratio(np.maximum(x, 0.0), self.centre)
        return self.standard.probability(y, upper)

    def shape(self) -> Shape:
        """Draw exp of the family's one table."""
        return Shape(
            kind="table",
            location=self.centre,
            scale=1.0 / self.shape_,
            exponential=True,
            low=self.least * self.centre,
            key=(self.family,),
            quantile=type(self).curve,
        )

    @abstractmethod
    def moments(self) -> tuple[float, float]:
        """Return mean and sd, infinite where the tail is too heavy."""


def log_ratio(x: Array, centre: float) -> Array:
    """Return ln(x / centre), exact where they are near; minus infinity at x = 0."""
    near = np.abs(x - centre) < centre / 2.0
    close: Array = np.log1p(np.where(near, (x - centre) / centre, 0.0))
    return np.where(near, close, np.log(x) - math.log(centre))


class LogLogistic(LogCurve):
    """Log-logistic (Fisk), by its median: ln x is logistic, its scale 1 / ``shape``."""

    family: ClassVar[str] = "log-logistic"
    standard: ClassVar[Distribution] = Logistic()
    curve: ClassVar[QuantileFunction] = Logistic.curve
    centre_name: ClassVar[str] = "median"

    def moments(self) -> tuple[float, float]:
        """Return m = median b / sin(b) and m sqrt(tan(b) / b - 1), with b = pi / shape."""
        b = math.pi / self.shape_
        if self.shape_ <= 1.0:
            return math.inf, math.inf
        mean = self.centre * b / math.sin(b)
        if self.shape_ <= 2.0:
            return mean, math.inf
        if b < 0.01:  # tan(b) / b - 1 would cancel; next term: 17 b^6 / 315
            return mean, mean * b * math.sqrt(1.0 / 3.0 + 2.0 * b**2 / 15.0)
        return mean, mean * math.sqrt(math.tan(b) / b - 1.0)


class Pareto(LogCurve):
    """Pareto (type I) above ``min``: P(X > x) = (min / x)^shape."""

    family: ClassVar[str] = "pareto"
    least: ClassVar[float] = 1.0
    standard: ClassVar[Distribution] = Exponential(1.0)
    curve: ClassVar[QuantileFunction] = exponential_quantile
    centre_name: ClassVar[str] = "min"

    def moments(self) -> tuple[float, float]:
        """Return min a / (a - 1) and min / (a - 1) sqrt(a / (a - 2)), for a = shape."""
        a = self.shape_
        if a <= 1.0:
            return math.inf, math.inf
        sd = self.centre / (a - 1.0) * math.sqrt(a / (a - 2.0)) if a > 2.0 else math.inf
        return self.centre * a / (a - 1.0), sd


def _of_percentiles(build: type[LogCurve]) -> Callable[[Points, Bounds], LogCurve]:
    def of_percentiles(points: Points, bounds: Bounds) -> LogCurve:
        for point in points:
            positive(point.name, point.x)
        location, scale = fit(build.standard, *transform(logarithm, points, bounds))
        return build(math.exp(location), 1.0 / scale)

    return of_percentiles


def _pareto_of_percentiles(points: Points, bounds: Bounds) -> LogCurve:
    """Return the Pareto with two percentiles; cut off below, it would be a Pareto all the same."""
    found = _of_percentiles(Pareto)(points, (-math.inf, bounds[1]))
    if found.centre < bounds[0] * (1.0 - _ROUNDING):
        raise NoParent
    return found


FAMILIES = shiftable(
    Family(
        name="log-logistic",
        summary="positive, like a lognormal whose tails are power laws",
        forms=(
            Form(("median", "shape"), LogLogistic),
            Form((), _of_percentiles(LogLogistic), percentiles=2),
            Form((), shift_found(_of_percentiles(LogLogistic)), percentiles=3, finds_shift=True),
        ),
        example='{ dist = "log-logistic", median = 30, shape = 4 }',
        advice={"scale": "the scale of a log-logistic is its median"},
    ),
    Family(
        name="pareto",
        summary="a power law above min: a few large values make up much of the whole",
        forms=(
            Form(("min", "shape"), Pareto),
            Form((), _pareto_of_percentiles, percentiles=2),
            Form((), shift_found(_pareto_of_percentiles), percentiles=3, finds_shift=True),
        ),
        example='{ dist = "pareto", min = 1, shape = 2.5 }',
        advice={
            "scale": "the scale of a pareto is its min",
            "mode": "the mode of a pareto is its min",
        },
    ),
)

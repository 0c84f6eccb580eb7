"""What exceeds a threshold: the generalised Pareto distribution."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import number, positive, within
from wattif.distributions.extreme import SHAPES_TRIED, power, unpower
from wattif.distributions.family import Family, Form
from wattif.distributions.freeing import free
from wattif.distributions.gamma import exponential_quantile
from wattif.distributions.matching import match
from wattif.distributions.percentiles import OPEN, Bounds, Points, fit

_SHAPES = (-10.0, 10.0)
_STARTS = (0.1, -0.3, 1.0, -1.0, 3.0)  # of the shape, from which percentiles are searched


@dataclass(frozen=True)
class GeneralisedPareto(Distribution):
    """Generalised Pareto above ``location``: a power law, exponential (shape 0), or with an end."""

    family: ClassVar[str] = "generalised-pareto"
    location: float
    scale: float
    shape_: float

    def __post_init__(self) -> None:
        positive("scale", self.scale)
        within("shape", self.shape_, *_SHAPES)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return 1 - (1 + shape z)^(-1 / shape), z = (x - location) / scale."""
        z = np.maximum(np.asarray(x, dtype=np.float64) - self.location, 0.0) / self.scale
        y = unpower(self.shape_, z)
        part: Array = np.exp(-y) if upper else -np.expm1(-y)
        return part

    def shape(self) -> Shape:
        """Draw from a table of its own, at location 0 and scale 1."""
        xi = self.shape_
        return Shape(
            kind="table",
            location=self.location,
            scale=self.scale,
            low=self.location,
            high=self.location - self.scale / xi if xi < 0.0 else math.inf,
            key=("generalised-pareto", xi),
            quantile=partial(_exceedance_quantile, xi),
        )

    def moments(self) -> tuple[float, float]:
        """Return location + scale / (1 - xi), and the excess over sqrt(1 - 2 xi)."""
        xi = self.shape_
        if xi >= 1.0:
            return math.inf, math.inf
        excess = self.scale / (1.0 - xi)
        sd = excess / math.sqrt(1.0 - 2.0 * xi) if xi < 0.5 else math.inf
        return self.location + excess, sd


def _exceedance_quantile(shape: float, p: Array, upper: bool) -> Array:
    return power(shape, exponential_quantile(p, upper))


def _of_parameters(scale: float, shape: float, location: float) -> GeneralisedPareto:
    return GeneralisedPareto(location, scale, shape)


def _of_moments(mean: float, sd: float, location: float) -> GeneralisedPareto:
    """Return the member with excess m over the threshold: 1 - 2 xi = (m / sd)^2."""
    positive("sd", sd)
    if mean <= location:
        message = f"mean must be greater than location = {number(location)}, found {number(mean)}"
        raise BeliefError(message, "mean")
    shape = (1.0 - ((mean - location) / sd) ** 2) / 2.0
    return GeneralisedPareto(location, (mean - location) * (1.0 - shape), shape)


def _of_percentiles(points: Points, bounds: Bounds, location: float) -> Distribution:
    if points[0].x <= location:
        first = points[0]
        message = f"{first.name} must be greater than location = {number(location)}"
        raise BeliefError(f"{message}, found {number(first.x)}", first.name)

    def member(theta: Array) -> GeneralisedPareto:
        return GeneralisedPareto(location, math.exp(float(theta[1])), float(theta[0]))

    return match(member, points, bounds, _starts(points, location))


def _starts(points: Points, location: float) -> Iterator[tuple[float, float]]:
    """Yield shapes, and logarithms of the scale that is right for the last percentile.

    An end above is then beyond all of them, so that the search starts inside.
    """
    last = points[-1]
    for shape in _STARTS:
        unit = float(power(shape, np.array(-math.log1p(-last.p))))
        yield shape, math.log((last.x - location) / unit)


def _of_three_percentiles(points: Points, bounds: Bounds) -> Distribution:
    """Return the member whose location is free."""

    def member(kept: Points, shape: float) -> GeneralisedPareto:
        unit = GeneralisedPareto(0.0, 1.0, shape)
        return GeneralisedPareto(*fit(unit, kept, OPEN), shape)

    return free(member, points, bounds, SHAPES_TRIED)


FAMILIES = (
    Family(
        name="generalised-pareto",
        summary="what exceeds a high threshold: a power law (shape > 0), or up to an end (< 0)",
        forms=(
            Form(("scale", "shape"), _of_parameters, optional={"location": 0.0}),
            Form(("mean", "sd"), _of_moments, optional={"location": 0.0}),
            Form((), _of_percentiles, optional={"location": 0.0}, percentiles=2),
            Form((), _of_three_percentiles, percentiles=3),
        ),
        example='{ dist = "generalised-pareto", location = 10, scale = 2, shape = 0.2 }',
        advice={"min": "a generalised-pareto starts at its location"},
    ),
)

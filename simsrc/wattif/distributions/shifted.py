"""Distributions moved along their axis: 1 + lognormal, for what cannot be less than 1.

``shiftable`` gives families that have no location of their own an optional parameter ``shift``.
The other parameters describe x - shift; percentiles and ``truncate`` describe x, as is drawn.
One percentile more than a family has parameters may leave the shift to be found: such a form is
built by ``shift_found``, or faster by ``shape_found``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated, place
from wattif.distributions.checks import number
from wattif.distributions.family import Family, Form
from wattif.distributions.forms import SHIFT
from wattif.distributions.freeing import free
from wattif.distributions.percentiles import OPEN, Bounds, Percentile, Points, fit

# From the least percentile down to the shift, by the logarithm, in widths of all percentiles:
# from 1e-60, for what spans decades, to 1e5, where skewness is hardly seen.
_DISTANCES = (*map(float, range(-140, -20, 10)), *(step / 2.0 for step in range(-40, 25)))


@dataclass(frozen=True)
class Shifted(Distribution):
    """x = ``shift`` + a draw of ``parent``."""

    parent: Distribution
    shift: float

    @property
    def family(self) -> str:  # type: ignore[override]
        """Name of the parent's family."""
        return self.parent.family

    @property
    def parameters(self) -> dict[str, Stated]:
        """Return the parent's parameters, and the shift."""
        return {**self.parent.parameters, SHIFT: self.shift}

    @property
    def support(self) -> tuple[float, float]:
        """The parent's, moved."""
        low, high = self.parent.support
        return low + self.shift, high + self.shift

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the parent's probability at x - shift."""
        return self.parent.probability(np.asarray(x, dtype=np.float64) - self.shift, upper)

    def quantile(self, p: ArrayLike, upper: bool = False) -> Array:
        """Return the parent's quantile, moved."""
        return self.shift + self.parent.quantile(p, upper)

    def shape(self) -> Shape:
        """Draw from the parent's table, or where that is of a logarithm, from one of x itself."""
        whole = self.parent.shape()
        if whole.kind == "steps":
            return replace(whole, values=tuple(value + self.shift for value in whole.values))
        low, high = whole.low + self.shift, whole.high + self.shift
        if not whole.exponential:
            return replace(whole, location=whole.location + self.shift, low=low, high=high)
        unit = replace(whole, location=1.0, low=0.0, high=np.inf)

        def factor(p: Array, upper: bool) -> Array:
            u = 1.0 - p if upper else p
            return place(unit, whole.quantile(p, upper) if whole.quantile else u)

        return Shape(
            kind="table",
            location=self.shift,
            scale=whole.location,
            low=low,
            high=high,
            key=("factor", whole.key, whole.scale),
            quantile=factor,
            kinks=whole.kinks,
        )

    def moments(self) -> tuple[float, float]:
        """Return the parent's, the mean moved."""
        mean, sd = self.parent.moments()
        return self.shift + mean, sd


def shiftable(*families: Family) -> tuple[Family, ...]:
    """Return the families with an optional ``shift`` in each form that does not find it."""
    return tuple(
        replace(
            family,
            forms=tuple(form if form.finds_shift else _shiftable(form) for form in family.forms),
        )
        for family in families
    )


def shift_found(build: Callable[..., Distribution]) -> Callable[..., Distribution]:
    """Return what searches for the shift too, from one percentile more than ``build`` takes."""
    move = _percentiles_shifted(build)

    def find(points: Points, bounds: Bounds, *parameters: float) -> Distribution:
        first, width = points[0].x, points[-1].x - points[0].x

        def member(kept: Points, distance: float) -> Distribution:
            return move(kept, OPEN, *parameters, first - width * math.exp(distance))

        return free(member, points, bounds, _DISTANCES)

    return find


def shape_found(
    member: Callable[[float, float], Distribution], shapes: Sequence[float]
) -> Callable[[Points, Bounds], Distribution]:
    """Return what searches for the shape of a family of shape and scale, given three percentiles.

    Shift and scale follow from two of them, much faster than the shape would from a shift.
    """

    def find(points: Points, bounds: Bounds) -> Distribution:
        def moved(kept: Points, shape: float) -> Distribution:
            shift, scale = fit(member(shape, 1.0), kept, OPEN)
            return _move(member(shape, scale), shift)

        return free(moved, points, bounds, shapes)

    return find


def _shiftable(form: Form) -> Form:
    build = _percentiles_shifted(form.build) if form.percentiles else _shifted(form.build)
    return replace(form, build=build, optional={**form.optional, SHIFT: 0.0})


def _shifted(build: Callable[..., Distribution]) -> Callable[..., Distribution]:
    def move(*values: float) -> Distribution:
        *parameters, shift = values
        return _move(build(*parameters), shift)

    return move


def _percentiles_shifted(build: Callable[..., Distribution]) -> Callable[..., Distribution]:
    def move(
        points: tuple[Percentile, ...], bounds: tuple[float, float], *values: float
    ) -> Distribution:
        *parameters, shift = values
        if shift and points[0].x <= shift:
            raise _below(points[0], shift)
        moved = tuple(point._replace(x=point.x - shift) for point in points)
        low, high = bounds
        return _move(build(moved, (low - shift, high - shift), *parameters), shift)

    return move


def _below(point: Percentile, shift: float) -> BeliefError:
    message = f"{point.name} must be greater than shift = {number(shift)}, found {number(point.x)}"
    return BeliefError(message, point.name)


def _move(parent: Distribution, shift: float) -> Distribution:
    return Shifted(parent, shift) if shift else parent

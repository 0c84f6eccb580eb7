"""One parameter more from one percentile more, by a search for that parameter alone.

What is searched builds members that have the other percentiles already. So the search is for a root
in one dimension, which is bracketed, and where there is none, what can be had is known too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from wattif.distributions.base import Array, BeliefError, Distribution
from wattif.distributions.checks import number
from wattif.distributions.matching import match
from wattif.distributions.percentiles import Bounds, NoParent, Percentile, Points

Build = Callable[[Points, float], Distribution]

FAILURES = (NoParent, BeliefError, ArithmeticError)  # of a search that strays

_FITTED = 1e-10  # of the distance between the percentiles
_NOTHING = 1e-14  # of it
_STARTS = 4  # of the search where it is truncated


def free(build: Build, points: Points, bounds: Bounds, grid: Sequence[float]) -> Distribution:
    """Return the parent whose truncation to the bounds has all the percentiles.

    ``build`` makes, from all percentiles but one and a value of the parameter that is free, the
    parent that has them, truncation left aside. The search is between neighbours of ``grid``. Raise
    NoParent if nothing is found.
    """
    left, kept = _split(points)
    width = points[-1].x - points[0].x

    def missed(value: float) -> float:
        try:
            found = build(kept, value).quantile(left.p)
        except FAILURES:
            return math.nan
        return (float(found) - left.x) / width

    misses = [missed(value) for value in grid]
    values = roots(missed, grid, misses)
    if not all(map(math.isinf, bounds)):
        near = min(zip(map(_or_far, misses), grid, strict=True))[1]
        return _free_truncated(build, points, bounds, [*values[:1], near, *grid[4::9]])
    for value in values:
        parent = build(kept, value)
        if _fits(parent, points):
            return parent
    raise NoParent(_reach(left, kept, [left.x + width * miss for miss in misses]))


def _or_far(miss: float) -> float:
    return math.inf if math.isnan(miss) else abs(miss)


def _free_truncated(
    build: Build, points: Points, bounds: Bounds, values: Sequence[float]
) -> Distribution:
    """Return the parent by a search over its own percentiles, before it is cut, and the value."""
    _, kept = _split(points)
    first, width = points[0].x, points[-1].x - points[0].x

    def parent(theta: Array) -> Distribution:
        *moved, stretched, value = map(float, theta)
        start = first + width * sum(moved)
        x = (start, start + width * math.exp(stretched))
        own = tuple(point._replace(x=at) for point, at in zip(kept, x[-len(kept) :], strict=True))
        try:
            return build(own, value)
        except FAILURES:
            raise BeliefError("no such member") from None

    zeros = [0.0] * len(kept)
    return match(parent, points, bounds, ([*zeros, value] for value in values[:_STARTS]))


def _split(points: Points) -> tuple[Percentile, tuple[Percentile, ...]]:
    """Return the percentile that is left out at first, the middle one, and the others."""
    middle = (len(points) - 1) // 2
    return points[middle], (*points[:middle], *points[middle + 1 :])


def roots(
    function: Callable[[float], float], grid: Sequence[float], values: Sequence[float]
) -> list[float]:
    """Return the roots of a function between neighbours of a grid where its sign changes.

    ``values`` are the function's on the grid, NaN where it has none.
    """
    from scipy import optimize

    # Percentiles on one side of a mode do not tell where it is: any value will do.
    found = [at for at, value in zip(grid, values, strict=True) if abs(value) < _NOTHING]
    for (a, at_a), (b, at_b) in pairwise(zip(grid, values, strict=True)):
        if at_a * at_b > 0.0 or math.isnan(at_a) or math.isnan(at_b):
            continue
        try:
            found.append(float(optimize.brentq(function, a, b, xtol=1e-16, rtol=1e-15)))
        except (ValueError, RuntimeError):  # no value somewhere between the two
            continue
    return found


def _fits(distribution: Distribution, points: Points) -> bool:
    width = points[-1].x - points[0].x
    found = distribution.quantile([point.p for point in points])
    return all(abs(x - point.x) <= _FITTED * width for x, point in zip(found, points, strict=True))


def _reach(left: Percentile, kept: Points, reached: Sequence[float]) -> str:
    """Return between which values the percentile that was left out can lie."""
    values = sorted(x for x in reached if math.isfinite(x))
    if not values or values[0] <= left.x <= values[-1]:
        return ""
    others = " and ".join(f"{point.name} = {number(point.x)}" for point in kept)
    low, high = values[0], values[-1]
    return f"with {others}, its {left.name} lies between {low:.6g} and {high:.6g}"


def logarithmic(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Return a grid of ``steps`` steps that grow by one factor."""
    ratio = (high / low) ** (1.0 / steps)
    return (*(low * ratio**step for step in range(steps)), high)

"""Parameters of any family from as many percentiles, by least squares on their log-odds.

For families that a location and a scale place, :func:`~wattif.distributions.percentiles.fit` is
quicker and needs no starts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution
from wattif.distributions.checks import positive
from wattif.distributions.percentiles import Bounds, NoParent, Points
from wattif.distributions.truncated import drawn

Build = Callable[[Array], Distribution]

_FITTED = 1e-10  # of the distance between the percentiles
_FAR = 1e4  # in log-odds


def match(
    build: Build, points: Points, bounds: Bounds, starts: Iterable[ArrayLike]
) -> Distribution:
    """Return the parent whose truncation to the bounds has the percentiles.

    ``build`` makes it from the vector that is searched, as long as there are percentiles; the
    search begins at each of ``starts`` in turn. Raise NoParent if nothing is found.
    """

    def missed(theta: Array) -> Array:
        return _missed(build, points, bounds, theta)

    for start in starts:
        found = _search(missed, start)
        if _fits(build, points, bounds, found):
            return build(found)
    raise NoParent


@np.errstate(all="ignore")  # of a search that strays
def _search(missed: Callable[[Array], Array], start: ArrayLike) -> Array:
    from scipy import optimize

    near = optimize.least_squares(missed, np.asarray(start, np.float64), method="lm").x
    exact: Array = optimize.root(missed, near, tol=1e-14).x  # in a narrow valley the first creeps
    return exact


def _missed(build: Build, points: Points, bounds: Bounds, theta: Array) -> Array:
    """Return by how much the log-odds of the percentiles are missed; far off where none is left."""
    x, p = np.array([point.x for point in points]), np.array([point.p for point in points])
    try:
        one = drawn(build(theta), bounds)
        below, above = one.probability(x), one.probability(x, upper=True)
    except (BeliefError, OverflowError):
        return np.full(len(points), _FAR)
    with np.errstate(divide="ignore"):
        odds = np.log(below) - np.log(above) - np.log(p) + np.log1p(-p)
    missed: Array = np.nan_to_num(odds, nan=_FAR, posinf=_FAR, neginf=-_FAR)
    return missed


def _fits(build: Build, points: Points, bounds: Bounds, theta: Array) -> bool:
    x, p = np.array([point.x for point in points]), [point.p for point in points]
    try:
        found = drawn(build(theta), bounds).quantile(p)
    except (BeliefError, OverflowError):
        return False
    width = x[-1] - x[0] or abs(x[0])
    return bool(np.all(np.abs(found - x) <= _FITTED * width))


def positive_pair(family: Callable[[float, float], Distribution]) -> Build:
    """Return what makes a member of a family from the logarithms of its two parameters."""

    def build(theta: Array) -> Distribution:
        with np.errstate(over="ignore"):
            first, second = np.exp(theta)
        return family(float(first), float(second))

    return build


def match_scale(
    family: Callable[[float], Distribution], points: Points, bounds: Bounds
) -> Distribution:
    """Return the member with one percentile of a positive family that is given by its scale."""
    (point,) = points
    positive(point.name, point.x)
    start = math.log(point.x / float(family(1.0).quantile(point.p)))

    def build(theta: Array) -> Distribution:
        return family(math.exp(float(theta[0])))

    return match(build, points, bounds, [[start], [start + 2.0], [start - 2.0]])


def scaled_starts(
    member: Callable[[float], Distribution], points: Points, shapes: Iterable[float]
) -> Iterator[tuple[float, float]]:
    """Yield logarithms of shape and scale, the scale right for the shape in between the points.

    ``member`` returns the member of given shape and scale 1.
    """
    x = np.array([point.x for point in points])
    for shape in shapes:
        q = member(shape).quantile([point.p for point in points])
        with np.errstate(divide="ignore"):
            yield math.log(shape), float(np.mean(np.log(x) - np.log(q)))

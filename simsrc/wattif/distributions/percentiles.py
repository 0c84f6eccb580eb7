"""Percentiles as parameters: their names, and the location and scale that they fix."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from wattif.distributions.base import Array, BeliefError, Distribution
from wattif.distributions.checks import increasing
from wattif.distributions.truncated import Truncated

Bounds = tuple[float, float]
OPEN = (-math.inf, math.inf)

_NAME = re.compile(r"p(0|[1-9]\d*)(\.\d+)?")
_FITTED = 1e-10  # of the distance between the percentiles


class NoParent(Exception):
    """No parameters can give the percentiles within the bounds; perhaps with what could be had."""

    def __init__(self, reach: str = "") -> None:
        super().__init__(reach)
        self.reach = reach


class Percentile(NamedTuple):
    """A parameter such as ``p2.5 = x``: the probability ``p`` = 0.025 lies below ``x``."""

    name: str
    p: float
    x: float


Points = Sequence[Percentile]


def is_percentile(name: str) -> bool:
    """Return whether a parameter's name is that of a percentile."""
    return _NAME.fullmatch(name) is not None


def read_percentiles(values: dict[str, float]) -> tuple[Percentile, ...]:
    """Return percentiles in increasing order, from their values by name."""
    points = sorted(
        (Percentile(name, float(name[1:]) / 100.0, x) for name, x in values.items()),
        key=lambda point: point.p,
    )
    for point in points:
        if not 0.0 < point.p < 1.0:
            message = (
                f"{point.name} is no percentile; it must lie between p0 and p100, both excluded"
            )
            raise BeliefError(message, point.name)
    for lower, upper in pairwise(points):
        if lower.p == upper.p:
            raise BeliefError(f"{lower.name} and {upper.name} are the same percentile", upper.name)
        increasing(lower.name, lower.x, upper.name, upper.x)
    return tuple(points)


def transform(
    function: Callable[[float], float],
    points: Sequence[Percentile],
    bounds: tuple[float, float],
) -> tuple[tuple[Percentile, ...], tuple[float, float]]:
    """Return percentiles and bounds under an increasing function."""
    low, high = bounds
    mapped = tuple(point._replace(x=function(point.x)) for point in points)
    return mapped, (function(low), function(high))


def logarithm(x: float) -> float:
    """Return ln x, and minus infinity where x <= 0."""
    return math.log(x) if x > 0.0 else -math.inf


def fit(
    standard: Distribution,
    points: Sequence[Percentile],
    bounds: tuple[float, float],
) -> tuple[float, float]:
    """Return location and scale so that two percentiles hold once the bounds have truncated.

    ``standard`` is the distribution at location 0 and scale 1.
    """
    lower, upper = points
    low, high = bounds
    start, width = lower.x, upper.x - lower.x  # the unit in which the problem is solved
    q = standard.quantile([lower.p, upper.p])
    scale = 1.0 / (q[1] - q[0])
    location = -scale * q[0]
    if low > -math.inf or high < math.inf:
        ends = (low - start) / width, (high - start) / width
        location, scale = _fit_truncated(standard, (lower.p, upper.p), ends, (location, scale))
    return float(start + width * location), float(width * scale)


def _fit_truncated(
    standard: Distribution,
    p: tuple[float, float],
    ends: tuple[float, float],
    untruncated: tuple[float, float],
) -> tuple[float, float]:
    """Return location and scale whose truncation to ``ends`` has its percentiles at 0 and 1.

    The search runs over slope g and curvature c of a normal's log density, in the middle between
    the percentiles: they stay moderate where the parent's location and scale run off together, as
    they do when what is drawn is nearly exponential. c is searched by its logarithm; the later
    starts, ever flatter, serve what is drawn nearly uniformly.
    """
    from scipy import optimize

    location, scale = untruncated
    for step in range(6):
        slope = (location - 0.5) / scale**2 if step == 0 else 0.0
        start = slope, -2.0 * (math.log(scale) + step)
        found = optimize.root(_misfit, start, args=(standard, p, ends), tol=1e-13)
        if np.all(np.abs(_misfit(found.x, standard, p, ends)) < _FITTED):
            return _parent(found.x)
    return _fit_directly(standard, p, ends, untruncated)


def _fit_directly(
    standard: Distribution,
    p: tuple[float, float],
    ends: tuple[float, float],
    untruncated: tuple[float, float],
) -> tuple[float, float]:
    """Return location and scale as _fit_truncated does, by a search over themselves.

    For tails that are heavier than a normal's.
    """
    from scipy import optimize

    def missed(searched: Array) -> Array:
        location, log_scale = float(searched[0]), min(max(float(searched[1]), -300.0), 300.0)
        scale = math.exp(log_scale)
        curved = (location - 0.5) / scale**2, -2.0 * log_scale
        return np.nan_to_num(_misfit(curved, standard, p, ends), nan=1e9)

    location, scale = untruncated
    for factor in (1.0, 0.1, 10.0):
        start = np.array([location, math.log(scale * factor)])
        found = optimize.least_squares(missed, start, method="lm", xtol=1e-15, ftol=1e-15)
        if np.all(np.abs(found.fun) < _FITTED):
            return float(found.x[0]), math.exp(float(found.x[1]))
    raise NoParent


def _parent(searched: Sequence[float]) -> tuple[float, float]:
    """Return location and scale for slope and logarithm of curvature, see _fit_truncated."""
    slope, log_curvature = searched
    scale = math.exp(max(min(-log_curvature / 2.0, 300.0), -300.0))  # the search may run away
    return 0.5 + slope * scale**2, scale


def _misfit(
    searched: Sequence[float],
    standard: Distribution,
    p: tuple[float, float],
    ends: tuple[float, float],
) -> Array:
    """Return by how much the truncated percentiles miss 0 and 1; NaN where nothing is left."""
    location, scale = _parent(searched)
    low, high = ((end - location) / scale for end in ends)
    try:
        q = Truncated(standard, low, high).quantile(p)
    except BeliefError:
        return np.full(2, np.nan)
    missed: Array = location + scale * q - np.array([0.0, 1.0])
    return missed

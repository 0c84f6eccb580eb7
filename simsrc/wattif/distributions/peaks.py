"""Families with min, mode and max, from percentiles: all three free, or the mode given.

What is searched is where the mode lies between the ends, 0 at min and 1 at max.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from wattif.distributions.base import Array, Distribution
from wattif.distributions.freeing import FAILURES, free, roots
from wattif.distributions.matching import match
from wattif.distributions.percentiles import OPEN, Bounds, NoParent, Points, fit

Peaked = Callable[[float, float, float], Distribution]  # of min, mode and max

_PLACES = tuple(step / 16.0 for step in range(17))


def peaked_of_percentiles(family: Peaked, points: Points, bounds: Bounds) -> Distribution:
    """Return the member that has three percentiles."""

    def member(kept: Points, place: float) -> Distribution:
        return _at(family, kept, place)[1]

    return free(member, points, bounds, _PLACES)


def peaked_of_mode(family: Peaked, points: Points, bounds: Bounds, mode: float) -> Distribution:
    """Return the member that has two percentiles and the mode."""

    def missed(place: float) -> float:
        try:
            return _at(family, points, place)[0] - mode
        except FAILURES:
            return math.nan

    for place in roots(missed, _PLACES, [missed(place) for place in _PLACES]):
        parent = _at(family, points, place)[1]
        if all(map(math.isinf, bounds)):
            return parent
        low, high = parent.support
        return _around(family, points, bounds, mode, (mode - low, high - mode))
    raise NoParent


def _around(
    family: Peaked, points: Points, bounds: Bounds, mode: float, sides: tuple[float, float]
) -> Distribution:
    """Return the member with a given mode by a search over its sides, from where they are uncut."""

    def build(theta: Array) -> Distribution:
        below, above = map(math.exp, map(float, theta))
        return family(mode - below, mode, mode + above)

    start = np.log(np.maximum(sides, 1e-3 * sum(sides)))
    return match(build, points, bounds, [start, start + 1.0])


def _at(family: Peaked, points: Points, place: float) -> tuple[float, Distribution]:
    """Return the mode, and the member with two percentiles whose mode is at a place."""
    low, span = fit(family(0.0, place, 1.0), points, OPEN)
    mode = low + span * place
    return mode, family(low, min(max(mode, low), low + span), low + span)

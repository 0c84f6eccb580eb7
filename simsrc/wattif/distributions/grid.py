"""A family over a range of one parameter, for a parameter that varies and has no closed form.

The quantile at a given u is a smooth function of the parameter, so a polynomial through its values
at a few Chebyshev points is as good as exact; how many points are needed is tried out. The range is
that of everything the parameter can be.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wattif.distributions.base import Array, BeliefError, Distribution, Shape

_SIZES = (8, 16, 24, 32, 48)
_ACCURACY = 1e-10  # of max(IQR, |x - median|); a tenth of what is promised
_PROBES = np.cos(np.pi * np.arange(12) / 11.3)  # of the range; none is a Chebyshev point
_TAIL = np.concatenate([np.logspace(-15.5, -1.0, 40), np.linspace(0.11, 0.5, 40)])
_LEAST = 2.0**-53

Build = Callable[[float], Distribution]


@dataclass(frozen=True)
class Grid:
    """Distributions ``members`` at the Chebyshev points of a parameter's range.

    ``logarithmic`` says whether the points are those of its logarithm. ``support`` is that of all
    distributions from one end of the range to the other.
    """

    members: tuple[Distribution, ...]
    low: float
    high: float
    logarithmic: bool
    support: tuple[float, float]

    def shape(self) -> Shape:
        """Draw from all members' tables, weighted by where the parameter is."""
        return Shape(
            kind="grid",
            low=self.support[0],
            high=self.support[1],
            key=("grid", self.members),
            quantiles=tuple(member.quantile for member in self.members),
        )


def points(size: int) -> tuple[Array, Array]:
    """Return Chebyshev points (n,) in (-1, 1) and their barycentric weights (n,)."""
    angle = np.pi * (np.arange(size) + 0.5) / size
    return np.cos(angle), np.sin(angle) * (-1.0) ** np.arange(size)


def blend(at: Array, values: Array) -> Array:
    """Return the polynomial through ``values`` (n, m) at the Chebyshev points, at (k,) places."""
    nodes, weights = points(len(values))
    share = weights / (at[:, np.newaxis] - nodes)
    return np.asarray(share @ values / share.sum(axis=1, keepdims=True))


def range_of(parameter: Distribution) -> tuple[float, float]:
    """Return the least and greatest draw of a parameter."""
    return float(parameter.quantile(_LEAST)), float(parameter.quantile(_LEAST, upper=True))


def make_grid(build: Build, low: float, high: float) -> Grid:
    """Return the grid of the distributions that ``build`` makes of a parameter from low to high.

    Raises
    ------
    BeliefError
        If the parameter may be what makes no distribution, or no grid is accurate.
    """
    logarithmic = low > 0.0
    a, b = (math.log(low), math.log(high)) if logarithmic else (low, high)

    def member(place: float) -> Distribution:
        t = (a + b) / 2.0 + (b - a) / 2.0 * place
        return build(math.exp(t) if logarithmic else t)

    probes = [member(place) for place in _PROBES]
    if any(probe.shape().kind == "steps" for probe in probes):
        raise BeliefError("its draws are separate values, which no parameter moves smoothly")
    if any(probe.shape().kinks for probe in probes):
        raise BeliefError("its quantiles have corners, which a parameter would move")
    exact = np.array([_quantiles(probe) for probe in probes])
    allowed = _ACCURACY * _spread(exact)
    for size in _SIZES:
        members = tuple(member(place) for place in points(size)[0])
        found = blend(_PROBES, np.array([_quantiles(one) for one in members]))
        if np.all(np.abs(found - exact) <= allowed):
            ends = [build(low).support, build(high).support]
            support = min(end[0] for end in ends), max(end[1] for end in ends)
            return Grid(members, low, high, logarithmic, support)
    raise BeliefError("its tails change too much for ten digits")


def _quantiles(distribution: Distribution) -> Array:
    return np.concatenate([distribution.quantile(_TAIL), distribution.quantile(_TAIL, upper=True)])


def _spread(x: Array) -> Array:
    """Return max(IQR, |x - median|) for quantiles (k, m) at both tails."""
    half = _TAIL.size
    lower, upper = x[:, :half], x[:, half:]
    quarter = int(np.searchsorted(_TAIL, 0.25))
    iqr = upper[:, quarter] - lower[:, quarter]
    return np.asarray(np.maximum(iqr[:, np.newaxis], np.abs(x - lower[:, -1:])))

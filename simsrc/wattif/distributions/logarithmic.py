"""The logarithmic pool: the normalised product of densities, each to the power of its weight.

Densities are the slopes of the members' distribution functions, in panels between their quantiles
at powers of 1/2, so that within a panel nothing varies by much more than a factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import number
from wattif.distributions.moments import quantile_moments
from wattif.distributions.panels import TO_SLOPES, Panels, nodes

MOST_OPINIONS = 32
_OCTAVES = 480  # densities beyond 2^-480 of a member would underflow
_THINNEST = 1e-13  # of |x|; between breaks closer than this lies nothing that counts
_NEGLIGIBLE = 1e-18  # of the mass; a cut end with more of it cuts off something
_LEAST = np.finfo(np.float64).tiny


def logarithmic_pool(members: tuple[Distribution, ...], weights: tuple[float, ...]) -> Distribution:
    """Return the pool of continuous members by normalised weights, or refuse what has none."""
    if len(members) > MOST_OPINIONS:
        message = f"pool of {len(members)} opinions; at most {MOST_OPINIONS} are taken"
        raise BeliefError(message, "of")
    pool = LogarithmicPool(members, weights)
    low, high = pool.support
    if not low < high:
        ends = [member.support for member in members]
        first, second = max(ends)[0], min(end for _, end in ends)
        message = (
            f"the opinions do not overlap: one begins at {number(first)}, where another has ended, "
            f"at {number(second)}"
        )
        raise BeliefError(message, "of", 'the linear pool takes any: dist = "mixture"')
    if not pool.is_whole:
        message = "the opinions lie too far apart: where one is possible another is not"
        raise BeliefError(message, "of", 'the linear pool takes any: dist = "mixture"')
    return pool


@dataclass(frozen=True)
class LogarithmicPool(Distribution):
    """Density in proportion to that of each member to the power of its weight."""

    family: ClassVar[str] = "logarithmic pool"
    members: tuple[Distribution, ...]
    weights: tuple[float, ...]

    @property
    def support(self) -> tuple[float, float]:
        """Where all members are possible."""
        low, high = zip(*(member.support for member in self.members), strict=True)
        return max(low), min(high)

    @cached_property
    def _panels(self) -> Panels | None:
        edges = self._edges()
        if edges.size < 2:
            return None
        x = nodes(edges)
        logs = np.zeros_like(x)
        for member, weight in zip(self.members, self.weights, strict=True):
            logs += weight * np.log(_density(member, x, edges))
        return Panels(edges, np.exp(logs - logs.max()))

    @property
    def is_whole(self) -> bool:
        """Whether no mass is lost where the density of a member is too small for a float."""
        panels = self._panels
        if panels is None:
            return False
        ends = zip(self.support, (panels.edges[0], panels.edges[-1]), strict=True)
        cut = [abs(end - edge) > 1e-9 * abs(edge) for end, edge in ends]
        lost = panels.masses[[0, -1]]
        return not np.any(lost[cut] > _NEGLIGIBLE)

    def _edges(self) -> Array:
        """Return the ends of the panels."""
        halves = 0.5 ** np.arange(1.0, _OCTAVES + 1.0)
        breaks = [np.array(self.support)]
        low, high = self.support
        for member in self.members:
            below, above = member.quantile(halves), member.quantile(halves, upper=True)
            u = np.array(member.shape().kinks)
            bends = member.quantile(u) if u.size else u
            breaks += [below, above, bends]
            low, high = max(low, below[-1]), min(high, above[-1])
        every = np.unique(np.concatenate(breaks))
        every = every[(every >= low) & (every <= high)]
        kept = np.append(True, np.diff(every) > _THINNEST * np.abs(every[1:]))[: every.size]
        kept[-1:] = True  # the ends of the support are where they are
        return np.asarray(every[kept])

    def _whole(self) -> Panels:
        assert self._panels is not None  # a pool without panels has been refused
        return self._panels

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the integral of the density up to x, or beyond it."""
        return self._whole().probability(np.asarray(x, dtype=np.float64), upper)

    def shape(self) -> Shape:
        """Draw from a table of its own."""
        low, high = self.support
        panels = self._whole()
        bends = [
            member.quantile(np.array(member.shape().kinks))
            for member in self.members
            if member.shape().kinks
        ]
        u = panels.probability(np.concatenate([np.empty(0), *bends]), False)
        return Shape(
            kind="table",
            low=low,
            high=high,
            key=("logarithmic pool", self),
            quantile=panels.quantile,
            kinks=tuple(np.unique(u[(u > 0.0) & (u < 1.0)]).tolist()),
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and sd by quadrature, over the octaves of p that the panels hold."""
        ends = zip(self.support, self._whole().masses[[0, -1]], strict=True)
        last = max((mass for end, mass in ends if np.isinf(end)), default=1.0)
        return quantile_moments(self, mass=0.5**1000 / max(float(last), 0.5**960))


def _density(member: Distribution, x: Array, edges: Array) -> Array:
    """Return the density at the nodes x of panels: the slope of the lesser of its tails."""
    upper = member.probability((edges[1:] + edges[:-1]) / 2.0) > 0.5
    tail = np.empty_like(x)
    tail[~upper] = member.probability(x[~upper].ravel()).reshape(-1, x.shape[1])
    tail[upper] = -member.probability(x[upper].ravel(), upper=True).reshape(-1, x.shape[1])
    slopes: Array = tail @ TO_SLOPES / (np.diff(edges) / 2.0)[:, None]
    return np.asarray(np.maximum(slopes, _LEAST))

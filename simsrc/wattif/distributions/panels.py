"""A density known at nodes, panel by panel: its integral, and the inverse of that.

Within a panel everything is a Chebyshev series through its nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import chebyshev

from wattif.distributions.base import Array
from wattif.distributions.searching import Places, search

NODES = 16
_ANGLES = np.pi * (np.arange(NODES) + 0.5) / NODES
PLACES = np.cos(_ANGLES[::-1])  # in [-1, 1], in increasing order
# Values at the nodes to coefficients, and to the values of the derivative.
_TO_SERIES = 2.0 / NODES * np.cos(np.outer(_ANGLES[::-1], np.arange(NODES)))
_TO_SERIES[:, 0] /= 2.0
TO_SLOPES = _TO_SERIES @ np.array(
    [chebyshev.chebval(PLACES, chebyshev.chebder(unit)) for unit in np.eye(NODES)]
)
_TO_INTEGRAL = _TO_SERIES @ np.array([chebyshev.chebint(unit, lbnd=-1.0) for unit in np.eye(NODES)])


def nodes(edges: Array) -> Array:
    """Return the nodes of the panels between increasing edges, (panels, NODES)."""
    middle, half = (edges[1:] + edges[:-1]) / 2.0, np.diff(edges) / 2.0
    x: Array = middle[:, None] + half[:, None] * PLACES
    return x


@dataclass(frozen=True, eq=False)
class Panels:
    """Panels between ``edges`` (panels + 1,), with a ``density`` (panels, NODES) of any mass."""

    edges: Array
    density: Array

    @cached_property
    def _integral(self) -> Array:
        """Coefficients of the mass from the left edge of each panel, of all that there is."""
        raw = self.density @ _TO_INTEGRAL * (np.diff(self.edges) / 2.0)[:, None]
        return np.asarray(raw / raw.sum(axis=1).sum())

    @cached_property
    def masses(self) -> Array:
        """Mass of each panel; they add up to 1."""
        return np.asarray(self._integral.sum(axis=1))

    def expectation(self, values: Array) -> float:
        """Return the mean of what has these values at the nodes, (panels, NODES)."""
        terms = self.density * np.diff(self.edges)[:, None] @ np.diag(_TO_INTEGRAL.sum(axis=1))
        return float(np.sum(terms * values) / np.sum(terms))

    @cached_property
    def _before(self) -> Array:
        return np.append(0.0, np.cumsum(self.masses))

    @cached_property
    def _beyond(self) -> Array:
        return np.append(np.cumsum(self.masses[::-1])[::-1], 0.0)

    def probability(self, x: Array, upper: bool) -> Array:
        """Return the mass up to x, or beyond it."""
        last = self.edges.size - 2
        panel = np.clip(np.searchsorted(self.edges, x, side="right") - 1, 0, last)
        left, right = self.edges[panel], self.edges[panel + 1]
        t = np.clip((x - left - (right - x)) / (right - left), -1.0, 1.0)
        mass = self._mass(panel, t)
        if upper:
            mass = self._beyond[panel + 1] + np.maximum(self.masses[panel] - mass, 0.0)
        else:
            mass = self._before[panel] + mass
        return np.clip(mass, 0.0, 1.0)

    def quantile(self, p: Array, upper: bool) -> Array:
        """Return the x up to which, or beyond which, the mass is p."""
        last = self.edges.size - 2
        if upper:
            panel = np.searchsorted(-self._beyond, -p, side="right") - 1
        else:
            panel = np.searchsorted(self._before, p, side="left") - 1
        panel = np.clip(panel, 0, last)
        rest = p - (self._beyond[panel + 1] if upper else self._before[panel])
        target = self.masses[panel] - rest if upper else rest

        def miss(t: Array, which: Places) -> Array:
            return self._mass(panel[which], t) - target[which]

        t = search(miss, np.full(p.size, -1.0), np.ones(p.size))
        left, right = self.edges[panel], self.edges[panel + 1]
        return (left + right) / 2.0 + (right - left) / 2.0 * t

    def _mass(self, panel: Places, t: Array) -> Array:
        """Return the mass from the left edge of panels to t in [-1, 1] (Clenshaw's recurrence)."""
        one, two = np.zeros_like(t), np.zeros_like(t)
        for j in range(NODES, 0, -1):
            one, two = self._integral[panel, j] + 2.0 * t * one - two, one
        return np.asarray(self._integral[panel, 0] + t * one - two)

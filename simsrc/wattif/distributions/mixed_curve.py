"""The quantile function of a mixture: its distribution function, inverted numerically.

Between two members that lie far apart the distribution function all but stands still, and tails
meet inside it. There P - u is what counts, as small as it may be: sums of weights are subtracted
from u first, and each member brings whichever of its two tails is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wattif.distributions.base import Array, Distribution
from wattif.distributions.searching import Places, search


@dataclass(frozen=True)
class Part:
    """A member of a mixture, with its probability in the whole."""

    weight: float
    distribution: Distribution


@dataclass(frozen=True, eq=False)
class Curve:
    """The distribution function of parts, of which one at least is continuous."""

    parts: tuple[Part, ...]

    @cached_property
    def breaks(self) -> Array:
        """Where the distribution function jumps, begins, ends or bends, in increasing order."""
        return np.unique(np.concatenate([_breaks(part.distribution) for part in self.parts]))

    @cached_property
    def _at_breaks(self) -> tuple[Array, Array, Array, Array]:
        """P(X < b), P(X <= b), P(X >= b) and P(X > b) at the breaks b."""
        before = np.nextafter(self.breaks, -np.inf)
        up_to, beyond = self._sums(self.breaks)
        return *self._sums(before)[:1], up_to, *self._sums(before)[1:], beyond

    def _sums(self, x: Array) -> tuple[Array, Array]:
        below, above = np.zeros_like(x), np.zeros_like(x)
        for part in self.parts:
            below += part.weight * part.distribution.probability(x)
            above += part.weight * part.distribution.probability(x, upper=True)
        return below, above

    @property
    def kinks(self) -> tuple[float, ...]:
        """The u where the quantile function is not smooth."""
        before, up_to, from_there, beyond = self._at_breaks
        u = np.concatenate(
            [
                np.where(up_to <= 0.5, up_to, 1.0 - beyond),
                np.where(before <= 0.5, before, 1.0 - from_there),
            ]
        )
        return tuple(np.unique(u[(u > 0.0) & (u < 1.0)]).tolist())

    def quantile(self, p: Array, upper: bool) -> Array:
        """Return the least x with P(X <= x) >= p, or with P(X > x) <= p if ``upper``."""
        before, up_to, from_there, beyond = self._at_breaks
        place = np.searchsorted(-beyond, -p) if upper else np.searchsorted(up_to, p)
        ends = np.concatenate([[-np.inf], self.breaks, [np.inf]])
        low, high = ends[place], ends[place + 1]
        if upper:
            jumps = np.append(from_there, -np.inf)[place] > p
        else:
            jumps = np.append(before, np.inf)[place] < p
        x = np.where(jumps, high, np.nan)
        x[~jumps] = self._between(low[~jumps], high[~jumps], p[~jumps], upper)
        return x

    def log_quantile(self, p: Array, upper: bool) -> Array:
        """Return the logarithm of the quantile."""
        return np.log(np.maximum(self.quantile(p, upper), np.finfo(np.float64).tiny))

    def _between(self, low: Array, high: Array, p: Array, upper: bool) -> Array:
        """Return quantiles that lie between breaks, and so where no member jumps.

        Nor are they beyond the quantiles of all members.
        """
        if not p.size:
            return p
        members = np.array([part.distribution.quantile(p, upper) for part in self.parts])
        low, high = np.maximum(low, members.min(axis=0)), np.minimum(high, members.max(axis=0))

        def miss(x: Array, which: Places) -> Array:
            return self._excess(x, p[which], upper) / p[which]

        return search(miss, np.minimum(low, high), high)

    def _excess(self, x: Array, p: Array, upper: bool) -> Array:
        """Return P(X <= x) - p, or p - P(X > x) if ``upper``, right where it is small."""
        whole, rest = np.zeros_like(x), np.zeros_like(x)
        for part in self.parts:
            tail = part.distribution.probability(x)
            far = tail > 0.5
            tail[far] = -part.distribution.probability(x[far], upper=True)
            whole += part.weight * (far != upper)
            rest += part.weight * tail
        return (p - whole if upper else whole - p) + rest


def _breaks(distribution: Distribution) -> Array:
    """Return where a member's distribution function is not smooth."""
    shape = distribution.shape()
    if shape.kind == "steps":
        return np.array(shape.values)
    ends = np.array(distribution.support)
    u = np.array(shape.kinks)
    bends = np.where(
        u <= 0.5,
        distribution.quantile(np.minimum(u, 0.5)),
        distribution.quantile(np.minimum(1.0 - u, 0.5), upper=True),
    )
    return np.concatenate([ends[np.isfinite(ends)], bends, distribution.atoms])

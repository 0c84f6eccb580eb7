"""Ranks of a distribution's draws, ties included: the margins that rank correlation sees.

The rank of a draw x is m = (P(X < x) + P(X <= x)) / 2. Where the quantile function is flat, at an
atom, all draws tie and m is the middle of the flat; elsewhere it is u itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from wattif.distributions.base import Array, Distribution, Shape, fold

# A flat this narrow counts as none: a hundred of them weaken a rank correlation by 1e-4 of it.
_NARROW = 0.01
_FEWEST = 4  # nodes of a gap between flats

Flats = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Midranks:
    """The ranks of a margin whose quantile function is constant on the ``flats`` (a, b) of u."""

    flats: Flats = ()

    @property
    def is_continuous(self) -> bool:
        """Whether no two draws tie."""
        return not self.flats

    @property
    def ends(self) -> tuple[float, ...]:
        """Where flats begin and end."""
        return tuple(end for flat in self.flats for end in flat)

    @property
    def mirrored(self) -> Midranks:
        """Return the ranks of the margin of -X."""
        return Midranks(tuple((1.0 - b, 1.0 - a) for a, b in reversed(self.flats)))

    def rank(self, u: Array) -> Array:
        """Return the ranks of draws at u."""
        m = np.array(u)
        for a, b in self.flats:
            m[(a <= u) & (u < b)] = (a + b) / 2.0
        return m

    def nodes(self, count: int) -> tuple[Array, Array]:
        """Points u (n,) and weights (n,) that integrate over dm(u), ``count`` to a whole range.

        m grows with u between flats, and jumps by half a flat's width at each of its ends.
        """
        return _nodes(self.flats, count)

    @property
    def sd(self) -> float:
        """Standard deviation of the ranks: sqrt((1 - sum of cubed ties) / 12)."""
        return float(np.sqrt((1.0 - sum((b - a) ** 3 for a, b in self.flats)) / 12.0))


@lru_cache(maxsize=256)
def _nodes(flats: Flats, count: int) -> tuple[Array, Array]:
    u, weight = [], []
    for a, b in _gaps(flats):
        x, w = np.polynomial.legendre.leggauss(max(round(count * (b - a)), _FEWEST))
        u.append((a + b) / 2.0 + (b - a) / 2.0 * x)
        weight.append((b - a) / 2.0 * w)
    for a, b in flats:
        u.append(np.array([a, b]))
        weight.append(np.full(2, (b - a) / 2.0))
    points, weights = np.concatenate(u), np.concatenate(weight)
    inside = (points > 0.0) & (points < 1.0)  # where C(u, v) = u v, nothing depends
    return points[inside], weights[inside]


def midranks(distribution: Distribution) -> Midranks:
    """Return the ranks of a distribution's draws."""
    shape = distribution.shape()
    if shape.kind == "steps":
        edges = np.concatenate([[0.0], shape.cumulative])
    else:
        edges = np.concatenate([[0.0], shape.kinks, [1.0]])
    wide = ((float(a), float(b)) for a, b in pairwise(edges) if b - a > _NARROW)
    return Midranks(tuple((a, b) for a, b in wide if _is_flat(shape, a, b)))


def _is_flat(shape: Shape, a: float, b: float) -> bool:
    if shape.kind == "steps":
        return True
    if shape.quantile is None:
        return False
    inside = a + (b - a) * np.array([0.01, 0.5, 0.99])
    q = fold(shape.quantile, inside, False)
    return bool(np.ptp(q) == 0.0)


def _gaps(flats: Flats) -> list[tuple[float, float]]:
    """Return what lies between flats, those that are too narrow to count included."""
    ends = [0.0, *(end for flat in flats for end in flat), 1.0]
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if b > a]

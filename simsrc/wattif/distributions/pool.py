"""Pools of opinions that are no mixture: quantile by quantile, or density by density.

The linear pool says "one of them is right": a mixture, as wide as the opinions are apart. Averaging
quantiles (Vincent) says "each is a noisy view of one truth": no wider than the opinions are. The
logarithmic pool multiplies their densities: narrow where they agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.logarithmic import logarithmic_pool
from wattif.distributions.moments import quantile_moments
from wattif.distributions.nested import as_tables, check_members
from wattif.distributions.searching import Places, search

METHODS = ("logarithmic", "quantile")
_FARTHEST = 650.0  # of ln(p / (1 - p)): p down to 1e-282


@dataclass(frozen=True)
class Pool(Distribution):
    """The opinions of ``members``, pooled by a ``method``, with ``weights`` in proportion."""

    family: ClassVar[str] = "pool"
    members: tuple[Distribution, ...]
    weights: tuple[float, ...]
    method: Literal["logarithmic", "quantile"]

    def __post_init__(self) -> None:
        check_members(self.family, self.members, self.weights)
        for place, member in enumerate(self.members):
            if member.atoms.size:
                message = f"of[{place}] takes separate values, which have no density to pool"
                hint = 'the linear pool takes any beliefs: dist = "mixture"'
                raise BeliefError(message, "of", hint)
        _ = self.pooled

    @property
    def parameters(self) -> dict[str, Stated]:
        """Return the members as tables, the weights as given, and the method."""
        of = as_tables(self.members)
        return {"of": of, "weights": self.weights, "method": self.method}

    @cached_property
    def pooled(self) -> Distribution:
        """What comes of it."""
        total = math.fsum(self.weights)
        counted = [(m, w / total) for m, w in zip(self.members, self.weights, strict=True) if w]
        members, weights = zip(*counted, strict=True)
        if self.method == "quantile":
            return QuantileAverage(members, weights)
        return logarithmic_pool(members, weights)

    @property
    def support(self) -> tuple[float, float]:
        """That of what comes of it."""
        return self.pooled.support

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return that of what comes of it."""
        return self.pooled.probability(x, upper)

    def shape(self) -> Shape:
        """Draw what comes of it."""
        return self.pooled.shape()

    def moments(self) -> tuple[float, float]:
        """Return those of what comes of it."""
        return self.pooled.moments()


@dataclass(frozen=True)
class QuantileAverage(Distribution):
    """Each quantile is the mean of the members' quantiles, by normalised weights."""

    family: ClassVar[str] = "quantile average"
    members: tuple[Distribution, ...]
    weights: tuple[float, ...]

    @property
    def support(self) -> tuple[float, float]:
        """The means of the members' ends."""
        low, high = zip(*(member.support for member in self.members), strict=True)
        return float(np.dot(self.weights, low)), float(np.dot(self.weights, high))

    @property
    def has_inner_tails(self) -> bool:
        """If a member has."""
        return any(member.has_inner_tails for member in self.members)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the probability whose quantile is x, found on the scale of its log-odds."""
        from scipy import special

        x = np.asarray(x, dtype=np.float64)
        low, high = self.support
        inside = np.clip(x, np.nextafter(low, np.inf), np.nextafter(high, -np.inf)).ravel()

        def miss(odds: Array, which: Places) -> Array:
            p = special.expit(-np.abs(odds))
            q = np.where(odds > 0.0, self._quantile(p, True), self._quantile(p, False))
            return np.asarray(q - inside[which])

        far = np.full(inside.size, _FARTHEST)
        odds = search(miss, -far, far).reshape(x.shape)
        start, end = (1.0, 0.0) if upper else (0.0, 1.0)
        part: Array = special.expit(-odds if upper else odds)
        return np.where(x <= low, start, np.where(x >= high, end, part))

    def _quantile(self, p: Array, upper: bool) -> Array:
        total: Array = np.zeros_like(p)
        for member, weight in zip(self.members, self.weights, strict=True):
            total += weight * member.quantile(p, upper)
        return total

    def shape(self) -> Shape:
        """Draw from a table of its own."""
        low, high = self.support
        kinks = {u for member in self.members for u in member.shape().kinks}
        return Shape(
            kind="table",
            low=low,
            high=high,
            key=("quantile average", self),
            quantile=self._quantile,
            kinks=tuple(sorted(kinks)),
        )

    def moments(self) -> tuple[float, float]:
        """Return the mean of the means, and the sd by quadrature."""
        mean = float(np.dot(self.weights, [member.mean for member in self.members]))
        return mean, quantile_moments(self)[1]

"""How probable values of an output are, from all draws of the run and not only those kept.

A result holds the percentiles of all draws, with their errors, and a histogram of all draws in 200
cells. Through the edges of the cells runs a monotone cubic (Fritsch and Carlson 1980, SIAM Journal
on Numerical Analysis 17, 238), in the logarithm of what is positive. The error of a probability is
that of the nearest percentiles, turned by their slope, half of what the cubic differs from a
straight line, and what percentiles with a factor integrated out differ from the draws that were
counted in the cells. An output that takes a value again and again, a count or an event, is read
from the kept draws instead, which have its values as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.estimates import Array, Estimate, share_of
from wattif.results.answers import read_answers

if TYPE_CHECKING:
    from xarray import DataTree

_ATOM = 3  # kept draws that are equal: of continuous draws not two are


@dataclass(frozen=True, eq=False)
class Cumulative:
    """The distribution of one output of one system, in the output's unit.

    ``percentiles`` (Q,) lie at ``probabilities`` and have ``errors``; ``shares`` of all draws lie
    below ``edges``; ``atoms`` are the kept draws (R, n) of an output that repeats values.
    """

    probabilities: Array = field(repr=False)
    percentiles: Array = field(repr=False)
    errors: Array = field(repr=False)
    edges: Array = field(repr=False)
    shares: Array = field(repr=False)
    atoms: Array | None = field(repr=False, default=None)

    def split(self, low: float, high: float) -> tuple[Estimate, Estimate, Estimate]:
        """Return the probabilities of values under ``low``, from ``low`` to ``high``, and over."""
        if self.atoms is not None:
            kept = self.atoms
            events = kept < low, (kept >= low) & (kept <= high), kept > high
            below, within, above = (share_of(kept, event) for event in events)
            return below, within, above
        under, upto = self._below(low), self._below(high)
        return (
            under,
            Estimate(upto.value - under.value, float(np.hypot(under.error, upto.error))),
            Estimate(1 - upto.value, upto.error),
        )

    def quantile(self, probability: float) -> Estimate:
        """Return one of the percentiles that the result holds, such as 0.05."""
        (at,) = np.flatnonzero(np.isclose(self.probabilities, probability))
        return Estimate(float(self.percentiles[at]), float(self.errors[at]))

    def _below(self, value: float) -> Estimate:
        """Return the probability of values up to one, of an output that does not repeat any."""
        if value <= self.edges[0] or value >= self.edges[-1]:
            return Estimate(float(value >= self.edges[-1]), 0.0)
        share, straight = (float(one[0]) for one in self._read(np.array([value])))
        counting = self._counting * np.sqrt(share * (1 - share))
        errors = self._error(share), (share - straight) / 2, counting
        return Estimate(share, float(np.linalg.norm(errors)))

    def _read(self, values: Array) -> tuple[Array, Array]:
        """Return the shares below values between the edges: on the cubic, and on straight lines."""
        from scipy.interpolate import PchipInterpolator

        scale = np.log if self.edges[0] > 0 else np.asarray
        edges, first = np.unique(scale(self.edges), return_index=True)
        shares, at = self.shares[first], scale(values)
        return PchipInterpolator(edges, shares)(at), np.interp(at, edges, shares)

    @cached_property
    def _counting(self) -> float:
        """How far shares lie from the percentiles' probabilities p, relative to sqrt(p (1 - p))."""
        inside = (self.percentiles > self.edges[0]) & (self.percentiles < self.edges[-1])
        if not inside.any():
            return 0.0
        p = self.probabilities[inside]
        apart = (self._read(self.percentiles[inside])[0] - p) ** 2 / (p * (1 - p))
        return float(np.sqrt(apart.mean()))

    def _error(self, share: float) -> float:
        """Return the standard error of a probability: that of percentiles there, by their slope."""
        if not 0 < share < 1:
            return 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            slopes = np.gradient(self.probabilities) / np.gradient(self.percentiles)
        errors = np.nan_to_num(self.errors * slopes, nan=0.0, posinf=0.0)
        return float(np.interp(share, self.probabilities, errors))


def read_cumulative(tree: DataTree, quantity: str, system: str) -> Cumulative:
    """Return the distribution of an output that a system has.

    Raises
    ------
    ResultError
        If there is no such output or system.
    """
    read_answers(tree, [quantity], [system])
    cells = {
        group: np.asarray(tree[group][quantity].sel(system=system).values, dtype=np.float64)
        for group in ("percentiles", "percentiles_error", "density", "density_edges")
    }
    kept = np.asarray(tree["prior"][quantity].sel(system=system).values, dtype=np.float64)
    return Cumulative(
        probabilities=np.asarray(tree["percentiles"]["percentile"].values, np.float64) / 100,
        percentiles=cells["percentiles"],
        errors=cells["percentiles_error"],
        edges=cells["density_edges"],
        shares=np.r_[0.0, np.cumsum(cells["density"])],
        atoms=kept if _repeats(kept) else None,
    )


def _repeats(kept: Array) -> bool:
    """Return whether some value occurs again and again; of a constant, all do."""
    _, counts = np.unique(kept[np.isfinite(kept)], return_counts=True)
    return bool(counts.max(initial=0) >= _ATOM)

"""Read quantiles and shortest intervals from fine histograms. Needs numpy alone.

Bins follow the bits of 1 + abs(v), v = (y - centre) / scale: ``sub_bins`` equal bins to every
octave of that number, on either side of the centre. So they are equally wide within one scale of
the centre, and further out they keep a constant width relative to the distance. (The bits of abs(v)
alone would spend most bins close to the centre, where nobody looks.) The two end bins take all
beyond 2**40 scales, infinities included.

A quantile is an order statistic: of N draws that are not NaN, p belongs to the one of rank
ceil(p N), as in ``numpy.quantile(method="inverted_cdf")``. Within a bin the density is taken to be
linear, with the slope that the neighbours suggest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

OCTAVES = 40
# Sub-bins an octave. The draws in a bin lie there by chance, which moves a quantile by up to 0.12
# of its standard error with 512 of them and 0.05 with 2,048, for a fifth more time.
FINEST = 2048
COARSEST = 16
# Of the centre: what spreads less is rounding, and its bins would be finer than floats are.
_FINEST_SPREAD = 2.0**-41
BUDGET = 50_000_000  # bytes for one set of 64-bit counts of all outputs

SPREADS = ((0.25, 0.75, 1.349), (0.05, 0.95, 3.290), (0.005, 0.995, 5.152), (0.0, 1.0, 7.0))
"""Ranges and what they measure in a normal distribution, in standard deviations."""


@dataclass(frozen=True, eq=False)
class Binning:
    """Where the bins of K outputs lie: ``centre`` and ``scale`` (K,), the scale a power of two."""

    centre: Floats
    scale: Floats
    sub_bins: int
    octaves: int = OCTAVES

    @property
    def half(self) -> int:
        """Number of bins on either side of the centre."""
        return self.octaves * self.sub_bins + 1

    @property
    def bins(self) -> int:
        """Number of bins of an output."""
        return 2 * self.half

    @property
    def ignored_bits(self) -> int:
        """How many low bits of a float its bin does not depend on."""
        return 52 - (self.sub_bins.bit_length() - 1)

    @cached_property
    def _unit_edges(self) -> Floats:
        octave, place = np.divmod(np.arange(self.half), self.sub_bins)
        upper = np.append(np.ldexp(1.0 + place / self.sub_bins, octave) - 1.0, np.inf)
        return np.concatenate([-upper[:0:-1], upper])

    def edges(self, output: int) -> Floats:
        """Return the edges (bins + 1,) of an output's bins, from minus to plus infinity."""
        with np.errstate(over="ignore"):  # bins beyond the largest float are empty
            edges: Floats = self.centre[output] + self.scale[output] * self._unit_edges
        return edges


def fit_binning(pilot: Floats) -> Binning:
    """Return bins that suit the outputs (K, n) of a pilot run."""
    places = [_fit(np.sort(row[np.isfinite(row)])) for row in pilot]
    centre = np.array([place[0] for place in places], np.float64)
    scale = np.array([_power_of_two(place[1]) for place in places], np.float64)
    most = BUDGET // (8 * 2 * OCTAVES * max(len(places), 1))
    sub_bins = min(max(1 << most.bit_length() >> 1, COARSEST), FINEST)
    return Binning(centre, scale, sub_bins)


def _fit(ordered: Floats) -> tuple[float, float]:
    """Return centre and scale: the median and a robust standard deviation, never 0.

    But 0 and a low quantile for draws of one sign that spread as far as they are from 0: then even
    the narrow foot of a distribution over many decades has bins of constant relative width.
    """
    if ordered.size == 0:
        return 0.0, 1.0
    centre = float(ordered[(ordered.size - 1) // 2])
    spread = _spread(ordered)
    size = np.sort(np.abs(ordered))
    if spread > abs(centre) / 2 and (ordered[0] > 0.0 or ordered[-1] < 0.0):
        foot, top = size[size.size // 200], size[-1]
        return 0.0, float(max(foot, np.ldexp(top, 4 - OCTAVES)))
    return centre, max(spread, _FINEST_SPREAD * abs(centre)) or 1.0


def _spread(ordered: Floats) -> float:
    """Return a robust standard deviation; 0 only if all draws are equal."""
    last = ordered.size - 1
    for low, high, deviations in SPREADS:  # wider ones for draws that pile up in the middle
        spread = ordered[round(high * last)] / deviations - ordered[round(low * last)] / deviations
        if spread > 0.0:
            return float(spread)
    return 0.0


def _power_of_two(spread: float) -> float:
    """Return the power of two below; neither it nor its inverse over- or underflows."""
    exponent = int(np.frexp(spread)[1]) - 1
    return float(np.ldexp(1.0, min(max(exponent, -1000), 1000)))


@dataclass(frozen=True, eq=False)
class Histogram:
    """Where the draws of one output lie.

    ``counts`` (m,) of finite draws between ``edges`` (m + 1,), of which the first and last are the
    least and greatest draw. ``minus`` and ``plus`` count infinities.
    """

    counts: Counts
    edges: Floats
    minus: int
    plus: int

    @cached_property
    def cumulative(self) -> Counts:
        """Number of finite draws below each edge, (m + 1,)."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts)])

    @property
    def draws(self) -> int:
        """Number of draws that are not NaN."""
        return self.minus + int(self.cumulative[-1]) + self.plus

    def ranks(self, probabilities: Floats) -> Counts:
        """Return the ranks of quantiles, from 1 to the number of draws."""
        ranks = np.ceil(probabilities * self.draws).astype(np.int64)
        return np.clip(ranks, 1, max(self.draws, 1))

    def bins(self, probabilities: Floats) -> Counts:
        """Return the bins that hold quantiles, -1 or m where a quantile is infinite."""
        ranks = self.ranks(probabilities) - self.minus
        return np.searchsorted(self.cumulative, ranks, side="left").astype(np.int64) - 1

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the quantiles at probabilities (Q,)."""
        if self.draws == 0:
            return np.full(probabilities.shape, np.nan)
        where = self.bins(probabilities)
        quantiles = np.where(where < 0, -np.inf, np.inf)
        finite = (where >= 0) & (where < self.counts.size)
        j = where[finite]
        rank = self.ranks(probabilities)[finite] - self.minus - self.cumulative[j]
        share = (rank - 0.5) / self.counts[j]
        quantiles[finite] = self.edges[j] + self.widths[j] * _invert(share, self.slopes(j))
        return quantiles

    @cached_property
    def widths(self) -> Floats:
        """Widths of the bins, (m,)."""
        return np.diff(self.edges)

    @cached_property
    def solid_widths(self) -> Floats:
        """Widths of the bins to divide by, none of them 0.

        A bin has no width if all its draws lie on the edge where it was cut off.
        """
        solid = self.widths[self.widths > 0.0]
        return np.where(self.widths > 0.0, self.widths, solid.min(initial=np.inf))

    def densities(self, j: Counts) -> tuple[Floats, Floats, Floats]:
        """Return the densities before, in and after bins j, which lie between others, in draws."""
        w = self.solid_widths
        before, here, after = (self.counts[near] / w[near] for near in (j - 1, j, j + 1))
        return before, here, after

    def expected(self, j: Counts) -> tuple[Floats, Floats]:
        """Return the density in bins j, and its change across them, that the neighbours suggest."""
        before, _, after = self.densities(j)
        w = self.solid_widths
        distance = w[j - 1] / 2 + w[j] + w[j + 1] / 2
        gradient = (after - before) / distance
        return before + gradient * (w[j - 1] + w[j]) / 2, gradient * w[j]

    def slopes(self, j: Counts) -> Floats:
        """Return by how much the density changes across bins j, relative to the density in them.

        At most 1, since what changes faster is no slope; 0 in the first and last bin.
        """
        slopes = np.zeros(j.shape)
        inner = (j > 0) & (j < self.counts.size - 1)
        _, here, _ = self.densities(j[inner])
        slopes[inner] = np.clip(self.expected(j[inner])[1] / here, -1.0, 1.0)
        return slopes

    def shortest(self, mass: float) -> tuple[float, float]:
        """Return the ends of the shortest interval that holds the share ``mass`` of the draws."""
        target = mass * self.draws
        full = np.flatnonzero(self.counts)
        if target > self.cumulative[-1] or full.size == 0:
            return self._with_infinities()
        left, right, width = self.edges[full], self.edges[full + 1], self.widths[full]
        below, above = self.cumulative[full], self.cumulative[full + 1]
        # One end of the shortest interval is the end of a bin: try each as a left and a right end.
        i = below + target <= above[-1]
        j = np.searchsorted(above, below[i] + target, side="left")
        ends = left[j] + width[j] * (below[i] + target - below[j]) / (above[j] - below[j])
        k = above >= target
        j = np.searchsorted(below, above[k] - target, side="right") - 1
        starts = left[j] + width[j] * (above[k] - target - below[j]) / (above[j] - below[j])
        low, high = np.concatenate([left[i], starts]), np.concatenate([ends, right[k]])
        best = np.argmin(high - low)
        return float(low[best]), float(high[best])

    def _with_infinities(self) -> tuple[float, float]:
        if self.draws == 0:
            return np.nan, np.nan
        low = -np.inf if self.minus or not self.counts.size else self.edges[0]
        high = np.inf if self.plus or not self.counts.size else self.edges[-1]
        return float(low), float(high)


def trim(
    counts: Counts, edges: Floats, extremes: tuple[float, float], infinite: tuple[int, int]
) -> Histogram:
    """Return the histogram of an output's bins: counts (bins,) and edges (bins + 1,).

    ``extremes`` are the least and greatest finite draw, ``infinite`` how many draws are minus and
    plus infinity: they are counted in the end bins.
    """
    minus, plus = infinite
    first, last = _used(counts)
    inside = counts[first : last + 1].copy()
    if minus or plus:
        inside[0] -= minus
        inside[-1] -= plus
    low, high = _used(inside)
    inside = inside[low : high + 1]
    if not inside.any():
        return Histogram(inside[:0], np.zeros(1), minus, plus)
    trimmed = edges[first + low : first + high + 2].copy()
    trimmed[0], trimmed[-1] = extremes
    # A draw on an edge can be counted on the other side of it, by rounding.
    np.clip(trimmed, *extremes, out=trimmed)
    return Histogram(inside, trimmed, minus, plus)


def _used(counts: Counts) -> tuple[int, int]:
    """Return the first and the last bin that holds anything; of empty ones, all."""
    used = counts != 0
    return int(used.argmax()), int(used.size - 1 - used[::-1].argmax())


def _invert(share: Floats, slope: Floats) -> Floats:
    """Return where in a bin, from 0 to 1, a share of its draws is passed, at a linear density.

    Solves t + slope (t**2 - t) / 2 = share.
    """
    b = 1.0 - slope / 2.0
    position: Floats = 2.0 * share / (b + np.sqrt(b * b + 2.0 * slope * share))
    return position

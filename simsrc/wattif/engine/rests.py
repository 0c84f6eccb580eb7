"""Keep what is left of outputs without a factor: its draws in merged bins, by replicate.

Every bin stands for its centre. What that does to the moments is taken out again (W. F. Sheppard,
"On the calculation of the most probable values of frequency-constants", Proc. London Math. Soc. 29
(1897) 353-380), so that the error is of fourth order in the width of bins.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import (
    COUNT,
    GREATEST,
    LEAST,
    MEAN,
    MINUS,
    MOMENTS,
    NAN,
    PLUS,
    SQUARES,
)
from wattif.engine.histogram import Binning
from wattif.engine.jit import jit

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

LEAST_PARTS = 64  # merged bins to one scale of the histogram, at most a standard deviation
MOST_PARTS = 512
WIDER = 4  # times as wide are the bins that show what the width of bins does
ROUNDING = 1e-12  # relative: what spreads less is constant
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Slice:
    """The bins that may hold a draw: ``counts`` (n,) of merged bins from number ``first`` on."""

    first: int
    counts: Counts

    @property
    def end(self) -> int:
        """Number of the bin after the last."""
        return self.first + self.counts.size


@dataclass(frozen=True, eq=False)
class Rest:
    """What is left of an output, Z: ``shares`` (m, R) of its draws at the values ``z`` (m,).

    All values have one sign, and increase. Shares may be negative, see the module.
    """

    z: Floats
    shares: Floats


class Rests:
    """Merged bins of some ``rows`` of all that is binned, in R replicates.

    Those that are ``numbers`` need not be entered.
    """

    def __init__(
        self,
        binning: Binning,
        rows: Collection[int],
        replicates: int,
        draws: int,
        numbers: Mapping[int, float] = MappingProxyType({}),
    ) -> None:
        self._binning, self._numbers, self._replicates = binning, numbers, replicates
        self._merged = max(binning.sub_bins // parts_for(replicates * draws), 1)
        self._slices: dict[int, list[Slice]] = {
            row: [Slice(0, np.zeros(0, np.int64))] * replicates
            for row in rows
            if row not in numbers
        }
        self._moments = {row: np.zeros((replicates, MOMENTS)) for row in self._slices}
        self._read: dict[int, tuple[Rest, Rest]] = {}

    def enter(self, place: int, parts: Sequence[NDArray[np.uint32]], moments: Floats) -> None:
        """Take in the counts of the parts of a replicate, (K, bins), and its moments (K, MOMENTS).

        No part has so many draws that their number does not fit.
        """
        for row, slices in self._slices.items():
            if moments[row, COUNT] > 0.0:
                start, stop = self._binning.used(row, *moments[row, [LEAST, GREATEST]].tolist())
                merged = [merge_used(part[row], start, stop, self._merged) for part in parts]
                counts = np.sum([one.counts for one in merged], axis=0)
                slices[place] = Slice(merged[0].first, counts)
            self._moments[row][place] = moments[row]

    def is_smooth(self, row: int, atoms: Floats) -> bool:
        """Return whether a rest is finite, of one sign, and either constant or without atoms.

        ``atoms`` are those that the pilot met.
        """
        if row in self._numbers:
            return np.isfinite(self._numbers[row]) and self._numbers[row] != 0.0
        moments = self._moments[row]
        least, greatest = moments[:, LEAST].min(), moments[:, GREATEST].max()
        first, end = self._range(row)
        is_inside = first > 0 and end * self._merged < self._binning.bins  # edges are finite there
        if moments[:, [NAN, MINUS, PLUS]].any() or not is_inside or least <= 0.0 <= greatest:
            return False
        return self.constant(row) is not None or not atoms.size

    def constant(self, row: int) -> float | None:
        """Return the number that a rest is, None if it varies. It is finite, and of one sign."""
        if row in self._numbers:
            return self._numbers[row]
        least, greatest = self._moments[row][:, LEAST].min(), self._moments[row][:, GREATEST].max()
        is_constant = greatest - least <= ROUNDING * abs(greatest)  # of one sign: no overflow
        return float(greatest) if is_constant else None

    def mean_and_variance(self, row: int) -> tuple[Floats, Floats]:
        """Return those of the draws of a rest, (R,) each. It is finite."""
        if row in self._numbers:
            return np.full(self._replicates, self._numbers[row]), np.zeros(self._replicates)
        moments, binning = self._moments[row], self._binning
        mean = binning.centre[row] + binning.scale[row] * moments[:, MEAN]
        return mean, binning.scale[row] ** 2 * moments[:, SQUARES] / moments[:, COUNT]

    def read(self, row: int) -> tuple[Rest, Rest]:
        """Return a rest as read from its merged bins, and from bins that are WIDER times as wide.

        It is finite, and of one sign.
        """
        if row not in self._read:
            self._read[row] = self._read_both(row)
        return self._read[row]

    def _read_both(self, row: int) -> tuple[Rest, Rest]:
        if row in self._numbers:
            number = Rest(np.array([self._numbers[row]]), np.ones((1, self._replicates)))
            return number, number
        first, end = self._range(row)
        slices, merged = self._slices[row], self._merged
        shares = np.zeros((end - first, len(slices)))
        for replicate, one in enumerate(slices):
            shares[one.first - first : one.end - first, replicate] = one.counts
        shares /= self._moments[row][:, COUNT]
        edges = self._binning.edges(row, first * merged, end * merged, merged)
        a, b, c, d = (shares[i::WIDER] for i in range(WIDER))
        wider = (a + b) + (c + d)  # two fifths of the time of a sum over an axis so short
        return read_rest(shares, edges), read_rest(wider, edges[::WIDER])

    def _range(self, row: int) -> tuple[int, int]:
        """Return the first bin and the one after the last: of wide ones, empty at either end."""
        first = min(one.first for one in self._slices[row])
        end = max(one.end for one in self._slices[row])
        return (first // WIDER - 1) * WIDER, (-(-end // WIDER) + 1) * WIDER


def parts_for(draws: int) -> int:
    """Return how many merged bins to one scale suit so many draws: a power of two.

    Where draws lie in their bins is chance, which adds to the errors of quantiles unless bins are
    narrow. Of the training run's, it adds 1 % at 4,096 draws and 128 parts, 2 % at 65,536 and 256;
    at a million and 256, a quarter. Few parts make short runs short.
    """
    return min(max(1 << draws.bit_length() // 2, LEAST_PARTS), MOST_PARTS)


def read_rest(shares: Floats, edges: Floats) -> Rest:
    """Return what shares (m, R) in bins with finite edges (m + 1,) stand for, of one sign.

    Sums over the centres of bins agree with integrals over the bins: in one of width w, where the
    density is f, the integral of f g exceeds that of f by g at its centre by
    w**3 (2 f' g' + f g'') / 24; derivatives become differences to the neighbours.
    """
    centres, widths = (edges[:-1] + edges[1:]) / 2.0, np.diff(edges)
    positive = centres[np.argmax(shares[:, 0])] > 0.0  # but for the edge of the bin next to 0
    z = np.maximum(centres, _TINY) if positive else np.minimum(centres, -_TINY)
    return Rest(z, without_width(shares, centres, widths))


@jit
def without_width(shares, centres, widths):
    """Return the shares (m, R) at centres (m,), see :func:`read_rest`; the first and last are 0.

    What every bin hands up and down, but gathered from two on either side: a loop that vectorises
    over replicates takes a fifth of the time of one that hands on.
    """
    size = len(shares)
    padded, width = np.zeros((size + 4, shares.shape[1])), np.ones(size + 4)
    up, down, steep = np.zeros(size + 4), np.zeros(size + 4), np.zeros(size + 4)
    for i in range(1, size - 1):  # the first and the last hold nothing
        width[i + 2] = widths[i]
        for r in range(shares.shape[1]):
            padded[i + 2, r] = shares[i, r]
        before, after = centres[i] - centres[i - 1], centres[i + 1] - centres[i]
        bent = widths[i] ** 2 / (12.0 * (before + after))
        up[i + 2], down[i + 2] = bent / after, bent / before
        steep[i + 2] = widths[i] ** 3 / (12.0 * (before + after) ** 2)
    corrected = np.empty_like(shares)
    for i in range(2, size + 2):
        own = 1.0 - up[i] - down[i] + (steep[i - 1] + steep[i + 1]) / width[i]
        below, above = up[i - 1], down[i + 1]
        far_below, far_above = -steep[i - 1] / width[i - 2], -steep[i + 1] / width[i + 2]
        for r in range(shares.shape[1]):
            near = below * padded[i - 1, r] + above * padded[i + 1, r]
            far = far_below * padded[i - 2, r] + far_above * padded[i + 2, r]
            corrected[i - 2, r] = own * padded[i, r] + (near + far)
    return corrected


def merge_used(counts: NDArray[Any], start: int, stop: int, merged: int) -> Slice:
    """Return the sums of so many neighbours of ``counts`` (bins,), from ``start`` to ``stop`` - 1.

    No draw is in other bins, the sums do not overflow, and ``merged`` is a power of two: sums of
    two, and of two of these, take a third of the time of a sum over an axis so short.
    """
    first, end = start // merged, -(-stop // merged)
    used = counts[first * merged : end * merged]
    sums = np.zeros((end - first) * merged, counts.dtype)
    sums[: used.size] = used
    while merged > 1:
        sums, merged = sums[::2] + sums[1::2], merged // 2
    return Slice(first, sums.astype(np.int64))

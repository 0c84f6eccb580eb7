"""Merge and read the bins that hold draws, which are few: those from the least to the greatest one.

The others are not looked at, which would take most of the time of a short run.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

import mmap
import os
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import (
    COUNT,
    GREATEST,
    LEAST,
    MINUS,
    ONE,
    PLUS,
    find_bin,
    greater,
    smaller,
)
from wattif.engine.histogram import Binning, Found
from wattif.engine.jit import jit

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if os.name == "posix" else {}


class Bins(NamedTuple):
    """A :class:`~wattif.engine.histogram.Binning` as kernels take it: per_scale is 1 / scale."""

    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    per_scale: NDArray[np.float64]
    shift: np.uint64
    half: int


def make_bins(binning: Binning) -> Bins:
    """Return a binning as kernels take it."""
    return Bins(
        binning.centre,
        binning.scale,
        1.0 / binning.scale,
        np.uint64(binning.ignored_bits),
        binning.half,
    )


def blank_counts(outputs: int, bins: int, kind: type[np.integer[Any]]) -> NDArray[Any]:
    """Return zeros (K, bins) that take memory only where they are written to.

    ``np.zeros`` may hand out what was freed before, and then clears all of it: 5 ms a run.
    """
    size = outputs * bins
    length = max(size * np.dtype(kind).itemsize, 1)
    # Private where there is a choice: else they would be shared with every process forked later.
    pages = mmap.mmap(-1, length, **_PRIVATE)
    return np.frombuffer(pages, kind, size).reshape(outputs, bins)


def find_quantiles(
    counts: Counts, moments: Floats, bins: Bins, probabilities: Floats, mass: float
) -> Found:
    """Find quantiles at (Q,) and the shortest interval of K outputs in the bins of their draws.

    ``counts`` (K, bins) and ``moments`` (K, MOMENTS) belong together; ``mass`` is the share of the
    draws that is in the interval.
    """
    shape = (len(counts), probabilities.size)
    found = Found(
        rank=np.ones(shape, np.int64),
        value=np.full(shape, np.nan),
        inner=np.zeros(shape, np.bool_),
        counts=np.zeros((*shape, 3), np.int64),
        widths=np.full((*shape, 3), np.inf),
        edges=np.zeros((*shape, 4)),
        shortest=np.full((len(counts), 2), np.nan),
    )
    with np.errstate(over="ignore"):  # bins beyond the largest float are empty
        fill_found(counts, moments, bins, probabilities, mass, found)
    return found


def pour(part: NDArray[Any], moments: Floats, bins: Bins, whole: Counts) -> None:
    """Move counts from ``part`` (K, bins) to ``whole``, where that has fewer rows to nowhere.

    ``moments`` (K, MOMENTS) are those of the part.
    """
    with np.errstate(over="ignore"):
        move_counts(part, moments, bins, whole)


@jit
def used_bins(k, moments, bins):
    """Return the first bin of output k that a finite draw may be in, and the one after the last.

    Bins increase with draws, but for zeros: a negative one lies in the bin before the others.
    """
    if moments[COUNT] == 0.0:
        return 0, 0
    first = find_bin((moments[LEAST] - bins.centre[k]) * bins.per_scale[k], bins.shift, bins.half)
    last = find_bin((moments[GREATEST] - bins.centre[k]) * bins.per_scale[k], bins.shift, bins.half)
    return max(first - 1, 0), min(last + 2, 2 * bins.half)


@jit
def move_counts(part, moments, bins, whole):
    """Move counts as :func:`pour` says."""
    for k in range(part.shape[0]):
        start, stop = used_bins(k, moments[k], bins)
        source, ends = part[k, start:stop], (0, part.shape[1] - 1)  # where infinities are counted
        if k < whole.shape[0]:
            target = whole[k, start:stop]
            for i in range(source.size):
                target[i] += np.int64(source[i])
                source[i] = 0
            for j in ends:
                whole[k, j] += np.int64(part[k, j])
        else:
            source[:] = 0
        for j in ends:
            part[k, j] = 0


@jit
def fill_found(counts, moments, bins, probabilities, mass, found):
    """Fill ``found`` as :func:`find_quantiles` says."""
    for k in range(counts.shape[0]):
        full, above = fill_full(k, counts[k], moments[k], bins)
        minus, plus = np.int64(moments[k, MINUS]), np.int64(moments[k, PLUS])
        finite = above[-1] if above.size > 0 else 0
        draws = minus + finite + plus
        if draws == 0:
            continue
        for q in range(probabilities.size):
            rank = min(max(int(np.ceil(probabilities[q] * draws)), 1), draws)
            found.rank[k, q] = rank
            if rank <= minus:
                found.value[k, q] = -np.inf
            elif rank > minus + finite:
                found.value[k, q] = np.inf
            else:
                fill_place(k, q, rank - minus, full, above, counts[k], moments[k], bins, found)
        if mass * draws <= finite and finite > 0:
            fill_shortest(k, mass * draws, full, above, moments[k], bins, found.shortest[k])
        else:
            found.shortest[k, 0] = -np.inf if minus > 0 or finite == 0 else moments[k, LEAST]
            found.shortest[k, 1] = np.inf if plus > 0 or finite == 0 else moments[k, GREATEST]


@jit
def fill_full(k, counts, moments, bins):
    """Return the bins that hold finite draws, and how many draws there are up to each."""
    start, stop = used_bins(k, moments, bins)
    full = np.empty(stop - start, np.int64)
    above = np.empty(stop - start, np.int64)
    used = counts[start:stop]
    size, total = 0, 0
    for i in range(used.size):
        count = used[i] - infinite_count(start + i, counts, moments)
        total += count
        full[size], above[size] = start + i, total
        size += count > 0  # no branch: what a bin holds cannot be predicted, and it takes a fifth
    return full[:size], above[:size]


@jit
def infinite_count(j, counts, moments):
    """Return how many infinite draws bin j holds: those are counted in the end bins."""
    if j == 0:
        return np.int64(moments[MINUS])
    if j == counts.size - 1:
        return np.int64(moments[PLUS])
    return 0


@jit
def edge(j, k, first, last, moments, bins):
    """Return the lower edge of bin j; the extremes are those of the first and last full bin."""
    if j <= first:
        return moments[LEAST]
    if j > last:
        return moments[GREATEST]
    return inner_edge(j, bins.centre[k], bins.scale[k], moments[LEAST], moments[GREATEST], bins)


@jit
def inner_edge(j, centre, scale, least, greatest, bins):
    """Return the lower edge of bin j, which is not the first that holds a draw.

    A draw on an edge can be counted on the other side of it, by rounding: no edge is beyond them.
    """
    steps = abs(j - bins.half)
    distance = np.uint64(ONE + (np.uint64(steps) << bins.shift)).view(np.float64) - 1.0
    place = centre + scale * (distance if j >= bins.half else -distance)
    return smaller(greater(place, least), greatest)


@jit
def fill_place(k, q, rank, full, above, counts, moments, bins, found):
    """Fill in where the finite draw of a rank is: its bin, and one on either side of it."""
    first, last = full[0], full[-1]
    i = np.searchsorted(above, rank)
    j = full[i]
    inside = above[i] - above[i - 1] if i > 0 else above[0]
    found.inner[k, q] = first < j < last
    edges, widths, three = found.edges[k, q], found.widths[k, q], found.counts[k, q]
    for side in range(4):
        edges[side] = edge(j - 1 + side, k, first, last, moments, bins)
    for side in range(3):
        beside = j - 1 + side
        if beside < first or beside > last:
            continue
        three[side] = counts[beside] - infinite_count(beside, counts, moments)
        width = edges[side + 1] - edges[side]
        widths[side] = width if width > 0.0 else least_width(k, full, moments, bins)
    slope = relative_slope(three, widths) if found.inner[k, q] else 0.0
    share = (rank - (above[i] - inside) - 0.5) / inside
    found.value[k, q] = edges[1] + (edges[2] - edges[1]) * invert_slope(share, slope)


@jit
def relative_slope(counts, widths):
    """Return by how much the density changes across the middle bin of three, relative to it.

    At most 1, since what changes faster is no slope.
    """
    before, here, after = counts[0] / widths[0], counts[1] / widths[1], counts[2] / widths[2]
    change = (after - before) / (widths[0] / 2 + widths[1] + widths[2] / 2) * widths[1]
    return smaller(greater(change / here, -1.0), 1.0)


@jit
def invert_slope(share, slope):
    """Return where in a bin, from 0 to 1, a share of its draws is passed, at a linear density.

    Solves t + slope (t**2 - t) / 2 = share.
    """
    b = 1.0 - slope / 2.0
    return 2.0 * share / (b + np.sqrt(b * b + 2.0 * slope * share))


@jit
def least_width(k, full, moments, bins):
    """Return the least width of a bin that has any; infinity if none has."""
    least = np.inf
    for j in range(full[0], full[-1] + 1):
        low = edge(j, k, full[0], full[-1], moments, bins)
        width = edge(j + 1, k, full[0], full[-1], moments, bins) - low
        if 0.0 < width < least:
            least = width
    return least


@jit
def fill_shortest(k, target, full, above, moments, bins, ends):
    """Fill in the ends of the shortest interval that holds ``target`` draws.

    One of them is the end of a bin: try each as a left and a right end. The other is within a bin
    that moves on as the first one does.
    """
    size = full.size
    below = np.zeros(size, np.int64)
    below[1:] = above[:-1]
    left, right = fill_edges(k, full, moments, bins)
    shortest = np.inf
    ends[0], ends[1] = left[0], right[-1]
    j = 0
    for i in range(size):
        if below[i] + target > above[-1]:
            break
        while above[j] < below[i] + target:
            j += 1
        part = below[i] + target - below[j]
        end = left[j] + (right[j] - left[j]) * part / (above[j] - below[j])
        if end - left[i] < shortest:
            shortest, ends[0], ends[1] = end - left[i], left[i], end
    j = 0
    for i in range(size):
        if above[i] < target:
            continue
        while j + 1 < size and below[j + 1] <= above[i] - target:
            j += 1
        part = above[i] - target - below[j]
        start = left[j] + (right[j] - left[j]) * part / (above[j] - below[j])
        if right[i] - start < shortest:
            shortest, ends[0], ends[1] = right[i] - start, start, right[i]


@jit
def fill_edges(k, full, moments, bins):
    """Return the edges of the bins that hold draws, (n,) and (n,)."""
    centre, scale = bins.centre[k], bins.scale[k]
    least, greatest = moments[LEAST], moments[GREATEST]
    edges = np.empty(full[-1] - full[0] + 2)  # of all bins between: a loop that vectorises
    for i in range(edges.size):
        edges[i] = inner_edge(full[0] + i, centre, scale, least, greatest, bins)
    left, right = np.empty(full.size), np.empty(full.size)
    for i in range(full.size):
        left[i], right[i] = edges[full[i] - full[0]], edges[full[i] - full[0] + 1]
    left[0], right[-1] = least, greatest
    return left, right

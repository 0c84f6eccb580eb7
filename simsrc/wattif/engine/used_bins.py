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
    counts: Counts, moments: Floats, bins: Bins, probabilities: Floats, masses: Floats
) -> Found:
    """Find quantiles at (Q,) and the shortest interval of K outputs in the bins of their draws.

    ``counts`` (K, bins) and ``moments`` (K, MOMENTS) belong together; ``masses`` (K,) are the
    shares of draws that are in the intervals.
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
        fill_found(counts, moments, bins, probabilities, masses, found)
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
def fill_found(counts, moments, bins, probabilities, masses, found):
    """Fill ``found`` as :func:`find_quantiles` says."""
    for k in range(counts.shape[0]):
        start, above = count_up(k, counts[k], moments[k], bins)
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
                fill_place(k, q, rank - minus, start, above, moments[k], bins, found)
        target = masses[k] * draws
        if target <= finite and finite > 0:
            fill_shortest(k, target, start, above, moments[k], bins, found.shortest[k])
        else:
            found.shortest[k, 0] = -np.inf if minus > 0 or finite == 0 else moments[k, LEAST]
            found.shortest[k, 1] = np.inf if plus > 0 or finite == 0 else moments[k, GREATEST]


@jit
def count_up(k, counts, moments, bins):
    """Return the first bin that holds a finite draw, and how many of them there are up to each.

    The last of these bins is the last that holds one.
    """
    start, stop = used_bins(k, moments, bins)
    above = np.empty(stop - start, np.int64)
    used = counts[start:stop]
    total = -np.int64(moments[MINUS]) if start == 0 else 0  # infinities are in the end bins
    for i in range(used.size):
        total += used[i]
        above[i] = total
    if used.size > 0 and stop == counts.size:
        above[-1] -= np.int64(moments[PLUS])
    first, last = 0, above.size - 1
    while first < last and above[first] == 0:
        first += 1
    while last > first and above[last - 1] == above[last]:
        last -= 1
    return start + first, above[first : last + 1]


@jit
def count_in(i, above):
    """Return how many draws the bin holds that is number i of those of :func:`count_up`."""
    return above[i] - above[i - 1] if i > 0 else above[0]


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
def fill_place(k, q, rank, start, above, moments, bins, found):
    """Fill in where the finite draw of a rank is: its bin, and one on either side of it."""
    i, last = np.searchsorted(above, rank), above.size - 1
    found.inner[k, q] = 0 < i < last
    edges, widths, three = found.edges[k, q], found.widths[k, q], found.counts[k, q]
    for side in range(4):
        edges[side] = edge(start + i - 1 + side, k, start, start + last, moments, bins)
    for side in range(3):
        beside = i - 1 + side
        if beside < 0 or beside > last:
            continue
        three[side] = count_in(beside, above)
        width = edges[side + 1] - edges[side]
        widths[side] = width if width > 0.0 else least_width(k, start, start + last, moments, bins)
    slope = relative_slope(three, widths) if found.inner[k, q] else 0.0
    share = (rank - (above[i] - three[1]) - 0.5) / three[1]
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
def least_width(k, first, last, moments, bins):
    """Return the least width of a bin from the first to the last that has any; else infinity."""
    least = np.inf
    for j in range(first, last + 1):
        low = edge(j, k, first, last, moments, bins)
        width = edge(j + 1, k, first, last, moments, bins) - low
        if 0.0 < width < least:
            least = width
    return least


@jit
def fill_shortest(k, target, start, above, moments, bins, ends):
    """Fill in the ends of the shortest interval that holds ``target`` draws.

    One of them is the end of a bin: try each as a left and a right end. The other is within a bin
    that moves on as the first one does; to divide only where that may be shorter, and to leave the
    edges alone that are inside of every interval, takes a third of the time.
    """
    total, after = above[-1], np.searchsorted(above, target)
    before = min(np.searchsorted(above, total - target, side="right") + 2, above.size)
    low = edges_of(k, start, start + before, start, start + above.size, moments, bins)
    high = edges_of(k, start + after, start + above.size, start, start + above.size, moments, bins)
    ends[0], ends[1] = low[0], high[-1]
    shortest = np.inf
    j = after
    for i in range(before):
        wanted = above[i] - count_in(i, above) + target
        if wanted > total:
            break
        while above[j] < wanted:
            j += 1
        if high[j - after] - low[i] < shortest:
            count = count_in(j, above)
            part = wanted - (above[j] - count)
            end = high[j - after] + (high[j - after + 1] - high[j - after]) * part / count
            if end - low[i] < shortest:
                shortest, ends[0], ends[1] = end - low[i], low[i], end
    j = 0
    for i in range(after, above.size):
        right, skipped = high[i - after + 1], above[i] - target
        while j + 1 < before and above[j] <= skipped:
            j += 1
        if right - low[j + 1] < shortest:
            count = count_in(j, above)
            left = low[j] + (low[j + 1] - low[j]) * (skipped - (above[j] - count)) / count
            if right - left < shortest:
                shortest, ends[0], ends[1] = right - left, left, right


@jit
def edges_of(k, first, stop, start, end, moments, bins):
    """Return the edges of bins from the first on; those from start to before end hold all draws."""
    centre, scale = bins.centre[k], bins.scale[k]
    least, greatest = moments[LEAST], moments[GREATEST]
    edges = np.empty(stop - first + 1)
    for i in range(edges.size):  # a loop that vectorises
        edges[i] = inner_edge(first + i, centre, scale, least, greatest, bins)
    if first == start:
        edges[0] = least
    if stop == end:
        edges[-1] = greatest
    return edges

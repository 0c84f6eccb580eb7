"""Count the draws inside narrow windows, in fine parts that remember their extremes."""
# mypy: allow-untyped-defs

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import greater, smaller
from wattif.engine.jit import jit


class Windows(NamedTuple):
    """Disjoint closed intervals, W in all.

    Output k has those from ``first[k]`` to ``first[k + 1]``, first (K + 1,), in increasing order of
    ``low`` and ``high`` (W,). ``resolution`` (W,): sub-bins to a unit of length.
    """

    first: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    resolution: NDArray[np.float64]


class Closeup(NamedTuple):
    """What was seen through W windows of S sub-bins.

    ``cells`` (2 W + K,) counts the draws of an output before its first window, in it, between it
    and the next, and so on; NaN counts as before. ``counts``, ``least``, ``greatest``: (W, S).
    """

    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    least: NDArray[np.float64]
    greatest: NDArray[np.float64]


NO_WINDOWS = Windows(np.zeros(1, np.int64), np.empty(0), np.empty(0), np.empty(0))
NO_CLOSEUP = Closeup(
    np.empty(0, np.int64), np.empty((0, 0), np.int64), np.empty((0, 0)), np.empty((0, 0))
)


def blank_closeup(windows: Windows, sub_bins: int) -> Closeup:
    """Return the closeup of no draws at all."""
    count = windows.low.size
    shape = (count, sub_bins)
    cells = np.zeros(2 * count + windows.first.size - 1, np.int64)
    counts = np.zeros(shape, np.int64)
    return Closeup(cells, counts, np.full(shape, np.inf), np.full(shape, -np.inf))


def add_closeup(part: Closeup, whole: Closeup) -> None:
    """Add what was seen of other draws to ``whole``; in any order, for nothing is rounded."""
    np.add(whole.cells, part.cells, out=whole.cells)
    np.add(whole.counts, part.counts, out=whole.counts)
    np.minimum(whole.least, part.least, out=whole.least)
    np.maximum(whole.greatest, part.greatest, out=whole.greatest)


def clear_closeup(closeup: Closeup) -> None:
    """Forget all that was seen."""
    closeup.cells.fill(0)
    closeup.counts.fill(0)
    closeup.least.fill(np.inf)
    closeup.greatest.fill(-np.inf)


@jit
def look_closer(y, output, windows, closeup, index):
    """Add one block y (n,) of an output to the closeup. index uint32 (n,): scratch."""
    start, stop = windows.first[output], windows.first[output + 1]
    if start == stop:
        return
    index.fill(0)
    for w in range(start, stop):
        count_ends(y, windows.low[w], windows.high[w], index)
    cells = closeup.cells[2 * start + output :]
    for i in range(y.size):
        cells[index[i]] += 1
        if index[i] & np.uint32(1):
            add_to_window(y[i], start + np.int64(index[i] >> np.uint32(1)), windows, closeup)


@jit
def count_ends(y, low, high, index):
    """Add to index (n,) how many ends of a window each draw has passed: 0, 1 inside, or 2."""
    for i in range(y.size):
        index[i] += np.uint32(y[i] >= low) + np.uint32(y[i] > high)


@jit
def add_to_window(y, w, windows, closeup):
    """Add one draw to the window that it is in."""
    place = np.int64((y - windows.low[w]) * windows.resolution[w])
    s = min(max(place, 0), closeup.counts.shape[1] - 1)
    closeup.counts[w, s] += 1
    closeup.least[w, s] = smaller(y, closeup.least[w, s])
    closeup.greatest[w, s] = greater(y, closeup.greatest[w, s])

"""Load machine code while the first draws are made, not when it is wanted.

A kernel takes 3 to 10 ms to load, and threads that come to it together all wait. The draws, which
nobody waits for then, leave the lock of the interpreter to the thread that loads.
"""

from __future__ import annotations

from functools import cache
from threading import Thread

import numpy as np

from wattif.engine.accumulate import empty_moments, merge_moments
from wattif.engine.histogram import Binning
from wattif.engine.law import fill_means
from wattif.engine.rests import read_rest
from wattif.engine.used_bins import blank_counts, find_quantiles, make_bins, pour


@cache
def preload() -> Thread:
    """Begin, once, to load what reduces draws: 10 ms less of the first run of a process."""
    thread = Thread(target=load, name="wattif-preload")
    thread.start()
    return thread


def load() -> None:
    """Call each of these kernels with nothing to do, in the order in which a run needs them."""
    nothing, binning = np.zeros(0), Binning(np.zeros(0), np.ones(0), 1)
    bins, moments = make_bins(binning), empty_moments(0)
    part = blank_counts(0, binning.bins, np.uint32)
    whole = blank_counts(0, binning.bins, np.int64)
    merge_moments(moments, moments)
    pour(part, moments, bins, whole)
    find_quantiles(whole, moments, bins, nothing, nothing)
    pour(whole, moments, bins, whole)
    rest = read_rest(np.ones((1, 1)), np.array([1.0, 2.0]))
    means = np.zeros((0, 1))
    fill_means(nothing, np.zeros((0, 8)), rest.z[:0], rest.shares[:0], nothing, means)

"""Reduce the draws of an output while they are hot: moments, extrema, counts, histogram.

An output is reduced to ``MOMENTS`` numbers and to its bins (:mod:`wattif.engine.histogram`). Mean
and sum of squares are those of v = (y - centre) / scale: the centre is within a few standard
deviations of the mean, so that plain sums of v and v**2 lose few digits; the scale is a power of
two and costs none.

To add a statistic that streams: a column here, its update in :func:`accumulate` and
:func:`accumulate_carefully`, its rule in :func:`merge_moments`, and its value in
:mod:`wattif.engine.findings`.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.engine.histogram import Binning
from wattif.engine.jit import jit

COUNT, MEAN, SQUARES, LEAST, GREATEST, NAN, MINUS, PLUS = range(8)
MOMENTS = 8  # five of the finite draws; then how many were NaN, minus infinity, plus infinity

LANES = 64  # sums side by side, so that the compiler may vectorise them
STRIP = 4 * LANES  # draws that are added to the lanes at once: fewer loads and stores of lanes
ONE = np.uint64(0x3FF0_0000_0000_0000)  # the bits of 1.0
SIGN = np.int64(63)
LARGEST = np.int64(2**63 - 1)


class Tally(NamedTuple):
    """What a task reduces its K outputs to, and how it bins them.

    ``centre`` and ``per_scale`` (K,), which is 1 / scale; ``shift``: how many low bits of a float
    the bins ignore; ``moments`` (K, MOMENTS); ``counts`` uint32 (K, bins).
    """

    centre: NDArray[np.float64]
    per_scale: NDArray[np.float64]
    shift: np.uint64
    moments: NDArray[np.float64]
    counts: NDArray[np.uint32]


NO_TALLY = Tally(
    *(np.empty(0), np.empty(0), np.uint64(0)),
    *(np.empty((0, MOMENTS)), np.empty((0, 0), np.uint32)),
)


def make_tally(binning: Binning, counts: NDArray[np.uint32]) -> Tally:
    """Return a tally that counts in ``counts`` uint32 (K, bins)."""
    moments = empty_moments(len(counts))
    ignored_bits = np.uint64(binning.ignored_bits)
    return Tally(binning.centre, 1.0 / binning.scale, ignored_bits, moments, counts)


def empty_moments(outputs: int) -> NDArray[np.float64]:
    """Return the moments (K, MOMENTS) of no draws at all."""
    moments = np.zeros((outputs, MOMENTS))
    moments[:, LEAST] = np.inf
    moments[:, GREATEST] = -np.inf
    return moments


@jit
def accumulate(y, output, tally, index, lanes):
    """Add one block y (n,) of an output to the tally.

    index uint32 (n,), lanes (2, LANES): scratch. One loop for each statistic: a single one for all
    needs more registers and checks than there are, and takes three times as long.
    """
    centre, per_scale = tally.centre[output], tally.per_scale[output]
    moments, counts = tally.moments[output], tally.counts[output]
    if y.size % STRIP == 0:
        add_strips(y.reshape(-1, 4, LANES), centre, per_scale, lanes)
        total, squares = sum_lanes(lanes)
        if np.isfinite(squares):
            least, greatest = find_extremes(y)
            merge_sums(float(y.size), total, squares, least, greatest, moments)
            count_bins(y, centre, per_scale, tally.shift, counts, index)
            return
    accumulate_carefully(y, centre, per_scale, tally.shift, moments, counts)


@jit
def add_strips(y, centre, per_scale, lanes):
    """Fill the lanes with partial sums of v and v**2 over y (strips, 4, LANES)."""
    total, squares = lanes[0], lanes[1]
    total.fill(0.0)
    squares.fill(0.0)
    for s in range(y.shape[0]):
        for j in range(LANES):
            a, b = (y[s, 0, j] - centre) * per_scale, (y[s, 1, j] - centre) * per_scale
            c, d = (y[s, 2, j] - centre) * per_scale, (y[s, 3, j] - centre) * per_scale
            total[j] += (a + b) + (c + d)
            squares[j] += (a * a + b * b) + (c * c + d * d)


@jit
def sum_lanes(lanes):
    """Return the sums of the two lanes."""
    total, squares = 0.0, 0.0
    for j in range(LANES):
        total += lanes[0, j]
        squares += lanes[1, j]
    return total, squares


@jit
def find_extremes(y):
    """Return the least and the greatest of y (n,), NaN being beyond infinity on its sign's side.

    As integers, whose order does not depend on how the compiler groups them, so that it may
    vectorise: half as long as with floats. Negative floats are ordered backwards.
    """
    least, greatest = np.int64(LARGEST), np.int64(-LARGEST)
    for i in range(y.size):
        bits = mirror(np.float64(y[i]).view(np.int64))
        least, greatest = min(least, bits), max(greatest, bits)
    # 0.0 is added since -0.0 comes before 0.0.
    return (
        np.int64(mirror(least)).view(np.float64) + 0.0,
        np.int64(mirror(greatest)).view(np.float64) + 0.0,
    )


@jit
def mirror(bits):
    """Flip all bits but the sign's where that is set: its own inverse."""
    return bits ^ ((bits >> SIGN) & LARGEST)


@jit
def smaller(a, b):
    """Return the smaller of two numbers; whatever comes first if one is NaN."""
    return a if a < b else b


@jit
def greater(a, b):
    """Return the greater of two numbers; whatever comes first if one is NaN."""
    return a if a > b else b


@jit
def find_bin(v, shift, half):
    """Return the bin of a standardised draw: by the high bits of 1 + abs(v), and by the sign."""
    magnitude = (np.float64(abs(v) + 1.0).view(np.uint64) - ONE) >> shift
    magnitude = np.int64(min(magnitude, np.uint64(half - 1)))
    # An exclusive or with -1 is the complement, so that bins below the centre run backwards.
    return half + (magnitude ^ (np.float64(v).view(np.int64) >> SIGN))


@jit
def count_bins(y, centre, per_scale, shift, counts, index):
    """Count finite y (n,) in their bins; index (n,) is scratch."""
    half = counts.size // 2
    for i in range(y.size):
        index[i] = find_bin((y[i] - centre) * per_scale, shift, half)
    for i in range(y.size):
        counts[index[i]] += np.uint32(1)


@jit
def merge_sums(n, total, squares, least, greatest, moments):
    """Merge n > 0 finite draws, given by their sums, into the moments (MOMENTS,) of others."""
    mean = total / n
    merge(n, mean, max(squares - total * mean, 0.0), least, greatest, moments)


@jit
def accumulate_carefully(y, centre, per_scale, shift, moments, counts):
    """Add one block of draws, of which some may be infinite or NaN, one by one."""
    n, total, squares, least, greatest = 0.0, 0.0, 0.0, np.inf, -np.inf
    for i in range(y.size):
        if np.isnan(y[i]):
            moments[NAN] += 1.0
            continue
        v = (y[i] - centre) * per_scale
        counts[find_bin(v, shift, counts.size // 2)] += np.uint32(1)
        if y[i] == -np.inf:
            moments[MINUS] += 1.0
        elif y[i] == np.inf:
            moments[PLUS] += 1.0
        else:
            n += 1.0
            total += v
            squares += v * v
            least = smaller(least, y[i])
            greatest = greater(greatest, y[i])
    if n > 0.0:
        merge_sums(n, total, squares, least, greatest, moments)


@jit
def merge(n, mean, squares, least, greatest, moments):
    """Merge n > 0 finite draws, given by their moments, into the moments (MOMENTS,) of others.

    Source: Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample
    variances", COMPSTAT 1982.
    """
    before = moments[COUNT]
    share = n / (before + n)
    delta = mean - moments[MEAN]
    moments[COUNT] = before + n
    moments[MEAN] += delta * share
    moments[SQUARES] += squares + delta * delta * share * before
    moments[LEAST] = smaller(least, moments[LEAST])
    moments[GREATEST] = greater(greatest, moments[GREATEST])


@jit
def merge_moments(others, moments):
    """Merge the moments of other draws into ``moments``, both (K, MOMENTS)."""
    for k in range(moments.shape[0]):
        row = others[k]
        if row[COUNT] > 0.0:
            merge(row[COUNT], row[MEAN], row[SQUARES], row[LEAST], row[GREATEST], moments[k])
        for j in (NAN, MINUS, PLUS):
            moments[k, j] += row[j]

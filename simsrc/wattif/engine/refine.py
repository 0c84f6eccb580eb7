"""Find where bins are too coarse for a quantile, and look again at just these places.

The error that binning makes is the same in every replicate, so their spread does not show it. Where
its bound exceeds a tenth of the standard error, all draws are made once more (they are pure
functions of their index), and those within the *windows* concerned are counted in equal sub-bins,
each with its least and its greatest draw. So a sub-bin of equal draws, an atom, is known exactly;
the next windows are only as wide as the sub-bins that hold the quantiles of all replicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattif.engine.closeup import Closeup, Windows
from wattif.engine.histogram import Found

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

TOLERANCE = 0.1  # of the standard error; the two add up in quadrature to 1.005
MOST_SUB_BINS = 4096
BUDGET = 25_000_000  # bytes for one set of windows; 24 a sub-bin
SIGNIFICANT = 6.0  # Poisson standard deviations; many bins are asked, and none may cry wolf
STEEP = 0.25  # relative change across a bin beyond which its density is not taken for smooth
FEW_ATOMS = 8  # an output of which the pilot met more may have atoms anywhere


@dataclass(frozen=True, eq=False)
class Located:
    """Quantiles (..., Q) and the places that hold them, from ``low`` to ``high``."""

    value: Floats
    low: Floats
    high: Floats


def find_atoms(pilot: Floats) -> Floats:
    """Return the values that occur more than once among finite draws (n,)."""
    ordered = np.sort(pilot[np.isfinite(pilot)], kind="stable")  # fast if they are in order
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.unique(again)


def locate(found: Found) -> Located:
    """Return the quantiles, each with its bin and one on either side of it.

    A draw on an edge may have been counted in the next bin, by rounding.
    """
    value, held = found.value, found.held
    low = np.where(held, found.edges[..., 0], value)
    high = np.where(held, found.edges[..., 3], value)
    return Located(value, low, high)


def bound_bias(found: Found, atoms: Sequence[Floats]) -> Floats:
    """Return by how much binning may have moved each quantile, (K, Q).

    Infinite in a bin that holds an atom, of which each output has its own: 0.02 would be a poor
    answer where all draws are integers, however large the standard error.
    """
    bound = found.edges[..., 2] - found.edges[..., 1]
    bound[found.inner] *= _relative_bias(found)
    for k, values in enumerate(atoms):
        left, right = found.edges[k, :, 1], found.edges[k, :, 2]
        atomic = np.searchsorted(values, right, "right") > np.searchsorted(values, left, "left")
        bound[k, found.held[k] & (atomic | (values.size > FEW_ATOMS))] = np.inf
    return np.where(found.held, bound, 0.0)


def _relative_bias(found: Found) -> Floats:
    """Return the bound of the bias of inner quantiles (n,), relative to the widths of their bins.

    Smooth: a density c (x**2 - w**2 / 12) / 2 that the linear one lacks moves a quantile by
    c w**3 / 125 at most; unequal neighbours also make the slope wrong by c w / 4, which moves it by
    c w**3 / 32. Not smooth: a share e of the bin's draws that may be anywhere in it moves a
    quantile by up to e / (1 - e) of the width, and by all of it if the neighbours say nothing about
    the bin. What chance explains is no bias: it differs between replicates, whose spread shows it.
    """
    before, here, after = found.densities()
    expected, change = found.expected()
    chance = np.sqrt(found.counts[found.inner, 1] + 1.0) / found.widths[found.inner, 1]
    curvature = np.maximum(np.abs(before - 2.0 * here + after) - SIGNIFICANT * chance, 0.0)
    excess = np.abs(here - expected)
    stands_out = excess > SIGNIFICANT * chance
    bound = np.where(stands_out, np.minimum(2.0 * excess, here), 0.04 * curvature) / here
    steep = (np.abs(change) > STEEP * here) & (np.abs(change) > SIGNIFICANT * chance)
    return np.where(steep, 1.0, bound)


def standard_errors(replicates: Floats) -> Floats:
    """Return the standard errors of means over the first axis; of one replicate 0, not NaN."""
    count = len(replicates)
    if count < 2:
        return np.zeros(replicates.shape[1:])
    exponent = np.frexp(np.abs(replicates).max(axis=0))[1]  # for squares must not overflow
    with np.errstate(invalid="ignore"):  # infinite quantiles have none
        spread = np.std(np.ldexp(replicates, -exponent), axis=0, ddof=1) / np.sqrt(count)
    errors: Floats = np.ldexp(spread, exponent)
    return errors


def open_windows(
    wanted: NDArray[np.bool_], low: Floats, high: Floats
) -> tuple[Windows, int, Counts]:
    """Return windows on the wanted quantiles (K, Q), their sub-bins, and which window is whose.

    ``low`` and ``high`` (K, Q) are the ends of what has to be seen; windows that overlap are one.
    A quantile that is not wanted has window -1.
    """
    which = np.full(wanted.shape, -1, np.int64)
    ends: list[list[float]] = []
    first = [0]
    for k in range(len(wanted)):
        asked = np.flatnonzero(wanted[k])
        for q in asked[np.argsort(low[k, asked], kind="stable")]:
            if len(ends) > first[-1] and low[k, q] <= ends[-1][1]:
                ends[-1][1] = max(ends[-1][1], high[k, q])
            else:
                ends.append([low[k, q], high[k, q]])
            which[k, q] = len(ends) - 1
        first.append(len(ends))
    left, right = np.array(ends).reshape(-1, 2).T.copy()
    most = max(BUDGET // (24 * max(len(ends), 1)), 1)
    sub_bins = min(1 << most.bit_length() >> 1, MOST_SUB_BINS)
    with np.errstate(over="ignore", divide="ignore"):
        resolution = sub_bins / (right - left)
    resolution[~np.isfinite(resolution)] = 0.0  # all of an atom in its first sub-bin
    return Windows(np.array(first), left, right, resolution), sub_bins, which


def read_closeup(
    closeup: Closeup, windows: Windows, which: Counts, ranks: Counts, nans: Counts, known: Located
) -> Located:
    """Return quantiles (K, Q) as seen through their windows; as they were known, if they have none.

    ``which`` (K, Q) says which window, ``ranks`` (K, Q) which draw in order of size, ``nans`` (K,)
    how many draws have no order.
    """
    seen = Located(known.value.copy(), known.low.copy(), known.high.copy())
    for k, q in np.argwhere(which >= 0):
        w = which[k, q]
        before = closeup.cells[2 * windows.first[k] + k : 2 * w + k + 1].sum() - nans[k]
        cumulative = np.cumsum(closeup.counts[w])
        rank = ranks[k, q] - before
        if not 0 < rank <= cumulative[-1]:  # cannot be: the window was opened on the quantile
            continue
        s = int(np.searchsorted(cumulative, rank, side="left"))
        low, high, count = closeup.least[w, s], closeup.greatest[w, s], closeup.counts[w, s]
        share = (rank - 1 - (cumulative[s] - count)) / max(count - 1, 1)
        seen.value[k, q] = low + (high - low) * share
        seen.low[k, q], seen.high[k, q] = low, high
    return seen

"""Know all about an output from what is left of it without a factor, so that it need not be drawn.

Of Y = Z X only Z is drawn then, but for a first block that shows whether Y is what Z implies. The
least and greatest draws are where random ones have them, in the median; the histogram is what they
come to on average.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wattif.engine.histogram import Binning
from wattif.engine.integrate import below, has_moments
from wattif.engine.law import Law, tabulate
from wattif.engine.program import Factor, Program
from wattif.engine.rests import WIDER, Rest, parts_for

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Solve = Callable[[Floats], Floats]

FEWEST = 1 << 22  # draws in all: to find out takes 3 ms, as long as two million draws of Y
FEWEST_OF_ONE = 1 << 14  # draws of a replicate, of which 4,096 are made in any case
WIDTHS = 4.0  # bins that nine of ten draws of a factor have to spread over
PLACES = 64  # between which straight lines tell where the least and the greatest draw are
CELLS = 128  # between whose edges the distribution function is a cubic
EDGE = 1e-2  # of what lies beside an interval: less on one side, and all replicates have as much
SPREAD = 1.5  # times as much, or as little, may lie beside the shortest interval of a replicate
NODES = chebyshev.chebpts1(9)  # where ends of intervals are computed
FINE = np.linspace(-1.0, 1.0, 201)  # where the shortest of them is looked for
_HIGHEST = NODES.size - 1
_TO_SERIES = np.linalg.inv(chebyshev.chebvander(NODES, _HIGHEST))


def find_implied(
    program: Program,
    pilot: Floats,
    atoms: list[Floats],
    binning: Binning,
    replicates: int,
    draws: int,
) -> dict[int, Factor]:
    """Return the outputs that need not be drawn, each with the factor that is integrated out.

    ``pilot`` (K, n) are some draws of outputs, hidden ones too, in order of size, and ``atoms``
    what they meet more than once. Whether all ``draws`` of the replicates are like them has to be
    seen.
    """
    if draws < FEWEST_OF_ONE or replicates * draws < FEWEST:
        return {}
    rests = {factor.rest for factor in program.factors}
    found = {}
    for factor in program.factors:
        z, y = pilot[factor.rest], pilot[factor.output]
        is_finite = np.isfinite(y).all() and np.isfinite(z).all()
        is_even = z[0] == z[-1] or not atoms[factor.rest].size
        is_smooth = is_finite and z[0] * z[-1] > 0.0 and is_even
        if is_smooth and factor.output not in rests:
            law = tabulate(program.inputs[factor.input].shape)
            if law is not None and has_moments(law, factor):
                widest = WIDER * binning.scale[factor.rest] / parts_for(replicates * draws)
                if is_wide(law, z, binning.centre[factor.rest], binning.scale[factor.rest], widest):
                    found[factor.output] = factor
    return found


def is_wide(law: Law, z: Floats, centre: float, scale: float, width: float) -> bool:
    """Return whether a law is wide enough to smooth bins of that width, at draws z (n,) in order.

    Bins get wider further from the centre, with every octave of the distance.
    """
    typical = z[[z.size // 100, z.size // 2, -1 - z.size // 100]]
    octave = np.floor(np.log2(1.0 + np.abs(typical - centre) / scale))
    low, high = np.interp([0.05, 0.95], law.polynomials[:, 1], law.x[:-1])
    return bool(high - low >= WIDTHS * np.max(width * 2.0**octave / np.abs(typical)))


def find_ends(law: Law, rest: Rest, factor: Factor, draws: int) -> Floats:
    """Return the medians of the least and the greatest of so many draws of each of R replicates.

    They are (R + 1, 2), at the end those of all draws: by straight lines between normal scores and
    logarithms. ``rest`` is read from wide bins, here and below.
    """
    sign, replicates = np.sign(rest.z[0]), rest.shares.shape[1]
    z = np.sort(np.log(np.abs(rest.z[[0, -1]])))
    x = np.sort(factor.power * (np.log(factor.multiplier) + law.x[[0, -1]]))
    logarithms = np.linspace(z[0] + x[0], z[1] + x[1], PLACES)[:: int(sign)]
    rising = np.maximum.accumulate(below(law, rest, factor, sign * np.exp(logarithms)), axis=1)
    scores = ndtri(np.clip(rising, 2.0**-53, 1.0 - 2.0**-53))
    ends = np.empty((replicates + 1, 2))
    for replicate, one in enumerate(scores):
        count = draws if replicate < replicates else replicates * draws
        outside = -np.expm1(-np.log(2.0) / count)  # less than that lies beyond every other least
        wanted = ndtri([outside, 1.0 - outside])
        ends[replicate] = np.interp(wanted, one, logarithms)
    return np.asarray(sign * np.exp(ends))


def fill_counts(
    law: Law, rest: Rest, factor: Factor, draws: int, binning: Binning, ends: Floats, counts: Counts
) -> bool:
    """Fill ``counts`` (bins,) with what bins hold on average of so many draws; say if it can be.

    ``ends`` (2,) are the least and the greatest of all. No bin may be infinite.
    """
    start, stop = binning.used(factor.output, *ends)
    step = max((stop - start) // CELLS, 1)
    stop = start + step * -((start - stop) // step)
    if start == 0 or stop >= binning.bins:
        return False
    edges = binning.edges(factor.output, start, stop)
    p = below(law, rest, factor, edges[::step])[-1]
    p[0], p[-1] = 0.0, 1.0
    up_to = draws * interpolate(edges[::step], p, edges[:-1].reshape(-1, step)).ravel()
    rising = np.maximum.accumulate(np.rint(np.clip(up_to, 0.0, draws)))
    counts[start:stop] = np.diff(rising, append=draws)
    return True


def interpolate(x: Floats, y: Floats, at: Floats) -> Floats:
    """Return the cubics through x and y (n + 1,) at n rows of places, each between two of x.

    Slopes are those of parabolas through three points.
    """
    width, secant = np.diff(x), np.diff(y) / np.diff(x)
    inner = (width[:-1] * secant[1:] + width[1:] * secant[:-1]) / (width[:-1] + width[1:])
    slope = np.concatenate([secant[:1], inner, secant[-1:]])
    left, h = (a[:, np.newaxis] for a in (x[:-1], width))
    s = (at - left) / h
    start, rise = y[:-1, np.newaxis], np.diff(y)[:, np.newaxis]
    first, last = (h * slope[:-1, np.newaxis], h * slope[1:, np.newaxis])
    smooth = s * s * (3.0 - 2.0 * s)
    return np.asarray(start + rise * smooth + s * (1.0 - s) * (first * (1.0 - s) - last * s))


def find_shortest(mass: float, start: float, solve: Solve, ends: Floats) -> Floats:
    """Return the shortest intervals (R + 1, 2) of a mass.

    Their widths are a polynomial in the normal score of what lies below them, next to ``start``,
    which bins suggest; ``solve`` finds quantiles (R + 1, Q) at probabilities (Q,). One that begins
    or ends where hardly a draw is does so in every replicate; ``ends`` (R + 1, 2) are the furthest
    draws.
    """

    def solve_at(*probabilities: Floats) -> list[Floats]:
        found = solve(np.concatenate(probabilities))
        return np.split(found, len(probabilities), axis=1)

    beside = 1.0 - mass
    if not EDGE * beside < start < (1.0 - EDGE) * beside:
        intervals = np.hstack(solve_at(np.array([start]), np.array([start + mass])))
        return np.where(np.isfinite(intervals), intervals, ends)
    above = beside - start
    lowest = ndtri(max(start / SPREAD, beside - above * SPREAD))
    highest = ndtri(min(start * SPREAD, beside - above / SPREAD))
    p = ndtr(lowest + (highest - lowest) * (NODES + 1.0) / 2.0)
    left, right = solve_at(p, p + mass)
    lower, width = left @ _TO_SERIES.T, (right - left) @ _TO_SERIES.T
    at = chebyshev.chebvander(least_of(width), _HIGHEST)
    low = np.sum(lower * at, axis=1)
    return np.stack([low, low + np.sum(width * at, axis=1)], axis=1)


def least_of(series: Floats) -> Floats:
    """Return where in [-1, 1] Chebyshev series (n, terms) are least."""
    values = series @ chebyshev.chebvander(FINE, _HIGHEST).T
    i = np.clip(values.argmin(axis=1), 1, FINE.size - 2)
    a, b, c = (np.take_along_axis(values, (i + j)[:, np.newaxis], 1)[:, 0] for j in (-1, 0, 1))
    bend = a - 2.0 * b + c
    step = np.divide(0.5 * (a - c), bend, out=np.zeros_like(bend), where=bend > 0.0)
    return np.asarray(FINE[i] + np.clip(step, -1.0, 1.0) * (FINE[1] - FINE[0]))

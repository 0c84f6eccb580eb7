"""Compute quantiles of an output from what is left of it without one of its factors.

With Y = Z X or Z / X, the share of draws of Z that puts Y below y is the mean of P(X <= y / Z) or
P(X >= Z / y), which is known exactly: that one input is integrated out. Only Z is counted in bins,
and every bin stands for its centre. What that does to the moments of Z is taken out again (W. F.
Sheppard, "On the calculation of the most probable values of frequency-constants", Proc. London
Math. Soc. 29 (1897) 353-380), so that the error is of fourth order in the width of bins. Wider bins
tell how large it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wattif.distributions.base import Shape, fold, place
from wattif.engine.refine import TOLERANCE, standard_errors

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

NODES = 1 << 12  # where a smooth quantile function is computed
FINER = 16  # pieces between nodes, with cubics: a law is 2e-9 from its chords
FURTHEST = 8.2  # standard deviations: beyond them lies less than one uniform
PARTS = 512  # merged bins to one scale of the histogram, which is at most a standard deviation
WIDER = 4  # times as wide are the bins that show what the width of bins does
SIGNIFICANT = 3.0  # standard errors
NARROWEST = 1e-4  # relative: differences of probabilities keep most of their digits
ROUNDING = 1e-12  # relative: what spreads less is constant
FINEST = 1e-8  # relative: about what a law's chords allow
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Law:
    """The distribution of an input: values ``x`` in increasing order and ``p`` = P(X <= x)."""

    x: Floats
    p: Floats

    def probability(self, x: Floats) -> Floats:
        """Return P(X <= x)."""
        return np.interp(x, self.x, self.p, left=0.0, right=1.0)


def tabulate(shape: Shape) -> Law:
    """Return the law of an input; its nodes lie equally far apart on the normal scale.

    Where the quantile function is smooth, most of them are on cubics through the others.
    """
    nodes, parts = (4 * NODES, 1) if shape.kinks else (NODES, FINER)
    step = 2.0 * FURTHEST / nodes
    coarse = _standard_quantiles(shape, np.linspace(-FURTHEST - step, FURTHEST + step, nodes + 3))
    t = np.arange(parts) / parts
    cubic = np.stack(
        [
            -t * (t - 1.0) * (t - 2.0) / 6.0,
            (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
            -(t + 1.0) * t * (t - 2.0) / 2.0,
            (t + 1.0) * t * (t - 1.0) / 6.0,
        ]
    )
    fine = np.lib.stride_tricks.sliding_window_view(coarse, 4) @ cubic
    z = np.linspace(-FURTHEST, FURTHEST, nodes * parts, endpoint=False)
    return Law(np.maximum.accumulate(place(shape, fine.ravel())), ndtr(z))  # but for rounding


def _standard_quantiles(shape: Shape, z: Floats) -> Floats:
    """Return the standardised quantiles at normal scores z."""
    quantile = shape.quantile or _uniform
    tail, upper = ndtr(-np.abs(z)), z > 0.0
    q = np.empty_like(z)
    for side in (False, True):
        q[upper == side] = fold(quantile, tail[upper == side], side)
    return q


def _uniform(p: Floats, upper: bool) -> Floats:
    return 1.0 - p if upper else p


@dataclass(frozen=True, eq=False)
class Slice:
    """The bins that hold anything: ``counts`` (n,) of merged bins from number ``first`` on."""

    first: int
    counts: Counts

    @property
    def end(self) -> int:
        """Number of the bin after the last."""
        return self.first + self.counts.size

    def merge(self, merged: int) -> Slice:
        """Return the counts of wider bins."""
        return merge_bins(self.counts, merged, self.first)


def merge_bins(counts: Counts, merged: int, first: int = 0) -> Slice:
    """Return counts (n,) of which so many neighbours are one.

    ``first``: the number of the first of them, by which neighbours are told.
    """
    used = np.flatnonzero(counts)
    if not used.size:
        return Slice(0, counts[:0])
    begin, before = divmod(first + int(used[0]), merged)
    inside = counts[used[0] : used[-1] + 1]
    starts = np.maximum(np.arange(-before, inside.size, merged), 0)
    return Slice(begin, np.add.reduceat(inside, starts))


@dataclass(frozen=True, eq=False)
class Rest:
    """What is left of an output, Z: ``shares`` (R + 1, B) of its draws at the values ``z`` (B,).

    Its last row is the whole. Shares may be negative, see the module.
    """

    z: Floats
    shares: Floats


def read_rest(slices: list[Slice], edges: Floats, positive: bool) -> Rest:
    """Return what the merged bins of replicates and whole stand for; ``edges`` are theirs.

    All draws have one sign. Bins are finite, and there is one more on either side.
    """
    first, end = slices[-1].first - 1, slices[-1].end + 1  # the whole holds every replicate
    counts = np.zeros((len(slices), end - first))
    for row, one in zip(counts, slices, strict=True):
        row[one.first - first : one.end - first] = one.counts
    edges = edges[first : end + 1]
    centres = (edges[:-1] + edges[1:]) / 2.0
    shares = _without_width(counts / counts.sum(axis=1, keepdims=True), centres, np.diff(edges))
    return Rest(np.maximum(centres, _TINY) if positive else np.minimum(centres, -_TINY), shares)


def _without_width(shares: Floats, centres: Floats, widths: Floats) -> Floats:
    """Return shares (..., B) at the centres of bins whose sums agree with integrals over the bins.

    In a bin of width w, where the density is f, the integral of f g exceeds that of f by g at its
    centre by w**3 (2 f' g' + f g'') / 24; derivatives become differences to the neighbours.
    """
    before, after = np.diff(centres)[:-1], np.diff(centres)[1:]
    both, width = before + after, widths[1:-1]
    density = shares / widths
    slope = (density[..., 2:] - density[..., :-2]) / both
    first = width**3 / 12.0 * slope / both  # of g after less g before
    second = width**2 / 12.0 * shares[..., 1:-1] / both
    corrected = shares.copy()
    corrected[..., 2:] += second / after + first
    corrected[..., :-2] += second / before - first
    corrected[..., 1:-1] -= second / after + second / before
    return corrected


def solve(law: Law, rest: Rest, power: int, probabilities: Floats, known: Floats) -> Floats:
    """Return the quantiles (R + 1, Q) of Y = Z X**power, NaN where they cannot be had.

    ``known`` (R + 1, Q) are estimates, by whose spread it looks around the last.
    """
    centre = known[-1]
    reach = np.maximum(np.abs(known - centre).max(axis=0), NARROWEST * np.abs(centre))
    y = centre + reach * np.array([[-1.0], [0.0], [1.0]])
    return _interpolate(probabilities, _below(law, rest, power, y), y)


def _below(law: Law, rest: Rest, power: int, y: Floats) -> Floats:
    """Return P(Y <= y), (R + 1, 3, Q), at y (3, Q)."""
    ratio = np.maximum(y[..., np.newaxis] / rest.z, _TINY)  # of other sign: never, or always
    p = law.probability(ratio if power > 0 else 1.0 / ratio)
    rises = (rest.z[0] > 0.0) == (power > 0)
    # einsum, for the bits of a matrix product depend on the threads that BLAS takes
    below: Floats = np.einsum("rb,nqb->rnq", rest.shares, p if rises else 1.0 - p)
    return below


def _interpolate(probabilities: Floats, p: Floats, y: Floats) -> Floats:
    """Return the y (R + 1, Q) at probabilities (Q,) on parabolas through three p and y.

    Parabolas in normal scores, which bend less than probabilities, most of all in the tails.
    """
    at = ndtri(probabilities)
    a, b, c = np.moveaxis(ndtri(p), 1, 0)
    first, second = (y[1] - y[0]) / (b - a), (y[2] - y[1]) / (c - b)
    found = y[1] + (at - b) * (first + (at - a) * (second - first) / (c - a))
    return np.where((a < b) & (b < c), found, np.nan)


def is_accurate(fine: Floats, coarse: Floats) -> NDArray[np.bool_]:
    """Return which quantiles (Q,) are exact to a tenth of their standard errors, but for chance.

    ``coarse`` (R + 1, Q) are from bins that are WIDER times as wide, whose error is at least
    WIDER**2 times as large. Where draws lie in their bins is chance, which the replicates show.
    """
    moved = fine - coarse
    chance = SIGNIFICANT * standard_errors(moved[:-1])
    allowed = (WIDER**2 - 1) * TOLERANCE * standard_errors(fine[:-1])
    rounding = FINEST * np.abs(fine[-1])
    exact: NDArray[np.bool_] = np.abs(moved[-1]) <= allowed + chance + rounding
    return exact & np.isfinite(fine).all(axis=0)

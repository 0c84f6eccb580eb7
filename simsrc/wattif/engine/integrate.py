"""Compute quantiles of an output from what is left of it without one of its factors.

With Y = Z X or Z / X, the share of draws of Z that puts Y below y is the mean of P(X <= y / Z) or
P(X >= Z / y), which is known to nine digits: that one input is integrated out. Only Z is counted in
bins (:mod:`wattif.engine.rests`). Wider bins tell how large the error is that they make, and the
order statistics, from counting Y itself, must not contradict.
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wattif.distributions.base import Shape, fold, place, uniform_quantile
from wattif.engine.findings import Findings
from wattif.engine.law import Law, fill_means, tabulate
from wattif.engine.program import Factor, Program
from wattif.engine.refine import TOLERANCE, standard_errors
from wattif.engine.rests import WIDER, Rest, Rests

Floats = NDArray[np.float64]

SIGNIFICANT = 3.0  # standard errors
# Standard errors by which counting may differ: Student's t with 15 degrees of freedom lies beyond
# that once in a million times.
CONTRADICTION = 8.0
NARROWEST = 1e-4  # relative: differences of probabilities keep most of their digits
FINEST = 1e-8  # relative: about what a law and its parabolas allow
LAW_MISSES = 1e-9  # relative: a quantile's error where it has no other
FEW = 3.0  # standard errors: what is counted has ten or a hundred of them
SMALLEST = 2.0**-53  # uniform
TOLERABLE = 1e-6  # relative: what is counted has hardly ever so little error


class Solved(NamedTuple):
    """Quantiles (R + 1, Q) of an output, and which are ``good`` (Q,); moments if all are.

    They may be off by the ``bias`` (Q,), whatever the replicates show. Whether one is
    ``contradicted`` by the draws that were counted.
    """

    quantiles: Floats
    good: NDArray[np.bool_]
    bias: Floats
    moments: tuple[Floats, Floats] | None
    contradicted: bool


class Integrated(NamedTuple):
    """Which quantiles (K, Q) were integrated, and of which outputs one was contradicted."""

    done: NDArray[np.bool_]
    contradicted: frozenset[int]


class Proposed(NamedTuple):
    """Quantiles, ``good`` and ``bias`` as in Solved, and how far draws are ``beside`` each other.

    Of those that were counted, on average: (Q,).
    """

    quantiles: Floats
    good: NDArray[np.bool_]
    bias: Floats
    beside: Floats


def integrate(
    program: Program,
    findings: Findings,
    rests: Rests,
    atoms: list[Floats],
    implied: Collection[int],
    threads: int,
) -> Integrated:
    """Replace quantiles by those with a factor integrated out; return which were.

    Means and variances too, where all quantiles were. ``atoms`` are what the pilot met of outputs,
    hidden ones too. Outputs that are ``implied`` have hardly been drawn: a bias that a counted
    quantile would not have is better than that.
    """
    reported = len(program.outputs) - program.hidden
    done = np.zeros((reported, findings.probabilities.size), np.bool_)
    if findings.probabilities.size == 0:
        return Integrated(done, frozenset())
    rows = {factor.rest for factor in program.factors}
    smooth = {row for row in rows if rests.is_smooth(row, atoms[row])}
    fit = [f for f in program.factors if f.rest in smooth and findings.is_finite(f.output)]
    with ThreadPoolExecutor(threads) as pool:
        solve = partial(_integrate_one, program, findings, rests, implied)
        solutions = list(pool.map(solve, fit))
    for factor, solved in zip(fit, solutions, strict=True):
        if solved is not None:
            done[factor.output] = solved.good
            findings.replace_quantiles(factor.output, solved.good, solved.quantiles, solved.bias)
            if solved.moments is not None:
                findings.replace_moments(factor.output, *solved.moments)
    pairs = zip(fit, solutions, strict=True)
    contradicted = (factor.output for factor, one in pairs if one and one.contradicted)
    return Integrated(done, frozenset(contradicted))


def _integrate_one(
    program: Program, findings: Findings, rests: Rests, implied: Collection[int], factor: Factor
) -> Solved | None:
    """Return what is found with a factor integrated out, None if it cannot be."""
    shape = program.inputs[factor.input].shape
    law = tabulate(shape)
    if law is None:
        return None
    counted, grain = findings.quantiles(factor.output), 1.0 / findings.counted(factor.output)
    number, p = rests.constant(factor.rest), findings.probabilities
    with np.errstate(all="ignore"):  # infinite quantiles
        if number is not None:
            solved, good, bias, beside = _solve_exactly(shape, factor, number, p, grain)
            solved = np.tile(solved, (len(counted), 1))
        else:
            given = law, *rests.read(factor.rest), factor
            is_implied = factor.output in implied
            solved, good, bias, beside = _solve(*given, counted, p, grain, is_implied)
        agreeing = agrees(solved, counted, findings.bias(factor.output) + beside)
        contradicted = bool((np.isfinite(solved[-1]) & ~agreeing).any())
        good &= agreeing
    if np.any(np.diff(np.where(good, solved, counted)[-1]) < 0.0):
        return None
    has_all = good.all() and has_moments(law, factor)
    mean_and_variance = rests.mean_and_variance(factor.rest)
    moments = moments_of(law, factor, *mean_and_variance) if has_all else None
    return Solved(solved, good, bias, moments, contradicted)


def _solve(
    law: Law,
    fine: Rest,
    coarse: Rest,
    factor: Factor,
    counted: Floats,
    p: Floats,
    grain: float,
    is_implied: bool,
) -> Proposed:
    """Return the quantiles (R + 1, Q) of an output, beginning at those that were counted."""
    curves = look_around(law, coarse, factor, come_close(law, coarse, factor, counted, p))
    known = curves.quantiles(p)
    solved = curves.through(ndtri(below(law, fine, factor, curves.y[1]))).quantiles(p)
    good, bias = is_accurate(solved, known), LAW_MISSES * np.abs(solved[-1])
    if is_implied:
        bias[~good] = find_bias(solved, known)[~good]
        good = is_tolerable(solved, bias)
    return Proposed(solved, good, bias, curves.steepness() * grain)


def _solve_exactly(
    shape: Shape, factor: Factor, number: float, p: Floats, grain: float
) -> Proposed:
    """Return the quantiles (Q,) of an output of which nothing is left but a number."""
    near = np.clip(p + grain * np.array([[-1.0], [0.0], [1.0]]), SMALLEST, 1.0 - SMALLEST)
    below, solved, above = quantiles_of(shape, factor, number, near)
    return Proposed(
        solved,
        np.isfinite(solved) & (p > 0.0) & (p < 1.0),  # the ends are those of the draws
        LAW_MISSES * np.abs(solved),
        np.abs(above - below) / 2.0,
    )


def quantiles_of(shape: Shape, factor: Factor, number: float, p: Floats) -> Floats:
    """Return the quantiles at p of what is a number, times or over an input of that shape."""
    rises = (number > 0.0) == (factor.power > 0)
    quantile = shape.quantile or uniform_quantile
    x = place(shape, fold(quantile, p.ravel(), upper=not rises)).reshape(p.shape)
    return np.asarray(number * (factor.multiplier * x) ** factor.power)


def has_moments(law: Law, factor: Factor) -> bool:
    """Return whether mean and variance of what a factor multiplies by are known."""
    return bool(np.isfinite(_means(law, factor)).all())


def moments_of(law: Law, factor: Factor, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance (R,) of an output, from those of what is left of it (R,)."""
    first, second = _means(law, factor)
    times = factor.multiplier**factor.power
    spread = variance * second + mean * mean * max(second - first * first, 0.0)
    return times * first * mean, times * times * spread


def _means(law: Law, factor: Factor) -> Floats:
    means: Floats = law.means[0 if factor.power > 0 else 1]
    return means


def agrees(solved: Floats, counted: Floats, bias: Floats) -> NDArray[np.bool_]:
    """Return which quantiles (Q,) agree with those that were counted, both (R + 1, Q).

    Counting has larger errors, but needs no law: it would tell one that is wrong. ``bias`` (Q,) is
    by how much its bins may have moved it, and how far the draws next to it may be: points that are
    laid out evenly have as much of an error in all replicates.
    """
    error = np.hypot(standard_errors(solved[:-1]), standard_errors(counted[:-1]))
    agreeing: NDArray[np.bool_] = np.abs(solved[-1] - counted[-1]) <= CONTRADICTION * error + bias
    return agreeing


class Curves(NamedTuple):
    """P(Y <= y) next to Q places: parabolas through three ``y`` (3, Q) and their normal scores.

    ``scores`` (3, R + 1, Q). Scores bend less than probabilities, most of all in the tails.
    """

    y: Floats
    scores: Floats

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the y (R + 1, Q) at probabilities (Q,), NaN where they cannot be had."""
        y, (a, b, c), at = self.y, self.scores, ndtri(probabilities)
        first, second = (y[1] - y[0]) / (b - a), (y[2] - y[1]) / (c - b)
        found = y[1] + (at - b) * (first + (at - a) * (second - first) / (c - a))
        return np.where((a < b) & (b < c), found, np.nan)

    def steepness(self) -> Floats:
        """Return by how much y rises (Q,) with the probability."""
        below, above = ndtr(self.scores[0, -1]), ndtr(self.scores[2, -1])
        return np.asarray((self.y[2] - self.y[0]) / (above - below))

    def through(self, centres: Floats) -> Curves:
        """Return the curves moved to other scores (R + 1, Q) in the middle.

        For bins of another width, which hardly bend them otherwise: a third of the time.
        """
        return Curves(self.y, self.scores + (centres - self.scores[1]))


def look_around(law: Law, rest: Rest, factor: Factor, known: Floats) -> Curves:
    """Return the curves of an output next to quantiles that are ``known`` (R + 1, Q) roughly.

    They reach as far as the replicates are from the last, the whole.
    """
    centre = known[-1]
    reach = np.maximum(np.abs(known - centre).max(axis=0), NARROWEST * np.abs(centre))
    y = centre + reach * np.array([[-1.0], [0.0], [1.0]])
    return Curves(y, np.moveaxis(ndtri(below(law, rest, factor, y)), 1, 0))


def come_close(law: Law, rest: Rest, factor: Factor, counted: Floats, p: Floats) -> Floats:
    """Return quantiles (R + 1, Q) at probabilities p, by a step from those that were counted.

    How far one is off at its place tells how far it has to go: it rises with the normal score as
    those beside it say. A third of the time of a look around.
    """
    if p.size == 1:
        return look_around(law, rest, factor, counted).quantiles(p)
    centre, wanted = counted[-1], ndtri(p)
    slope = np.gradient(centre, wanted)
    return np.asarray(centre + slope * (wanted - ndtri(below(law, rest, factor, centre))))


def below(law: Law, rest: Rest, factor: Factor, y: Floats) -> Floats:
    """Return P(Y <= y), (R + 1, ...), at y (...): by replicate, and in their mean, the whole."""
    size = np.maximum(y.ravel() * np.sign(rest.z[0]), 0.0)  # of other sign: never, or always
    with np.errstate(divide="ignore"):
        ratio = factor.power * np.log(size) - np.log(factor.multiplier)
    points = -factor.power * np.log(np.abs(rest.z))
    order = np.argsort(points)  # of one sign: as they are, or the other way round
    means = np.empty((ratio.size, rest.shares.shape[1]))
    fill_means(law.x, law.polynomials, points[order], rest.shares[order], ratio, means)
    rises = (rest.z[0] > 0.0) == (factor.power > 0)
    p = (means if rises else 1.0 - means).T
    return np.concatenate([p, p.mean(axis=0, keepdims=True)]).reshape(-1, *y.shape)


def is_accurate(fine: Floats, coarse: Floats) -> NDArray[np.bool_]:
    """Return which quantiles (Q,) are exact to a tenth of their standard errors, but for chance.

    ``coarse`` (R + 1, Q) are from bins that are WIDER times as wide, whose error is at least WIDER
    times as large, even where what is left has peaks as narrow as bins. Where draws lie in their
    bins is chance, which the replicates show.
    """
    moved = fine - coarse
    chance = SIGNIFICANT * standard_errors(moved[:-1])
    allowed = (WIDER - 1) * TOLERANCE * standard_errors(fine[:-1])
    rounding = FINEST * np.abs(fine[-1])
    exact: NDArray[np.bool_] = np.abs(moved[-1]) <= allowed + chance + rounding
    return exact & np.isfinite(fine).all(axis=0)


def find_bias(fine: Floats, coarse: Floats) -> Floats:
    """Return by how much bins may have moved quantiles (Q,), see :func:`is_accurate`."""
    return np.asarray(np.abs(fine[-1] - coarse[-1]) / (WIDER - 1))


def is_tolerable(fine: Floats, bias: Floats) -> NDArray[np.bool_]:
    """Return which quantiles (Q,) have a bias of a few standard errors at most, or hardly any."""
    most = np.maximum(FEW * standard_errors(fine[:-1]), TOLERABLE * np.abs(fine[-1]))
    return np.asarray((bias <= most) & np.isfinite(fine).all(axis=0))

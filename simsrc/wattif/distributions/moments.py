"""Mean and standard deviation by quadrature, for what has no closed form."""

from __future__ import annotations

import math

import numpy as np

from wattif.distributions.base import Array, Distribution

# Within an octave of p most quantile functions are analytic, their nearest singularity p = 0: the
# error of n nodes falls like 5.8^(-2 n), so these are exact to rounding. Where tails may lie inside
# an octave, it is halved.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_BOUNDED_OCTAVES = 60  # what lies beyond carries 2^-60 of the range
_OPEN_OCTAVES = 980  # p down to 1e-295
_NOTHING = 1e-30
_CLOSE = 1e-11  # of an interval's integral of |x|
_HALVINGS = 40
_MOST_BAD = 100  # intervals; more are not steep but rough, and no better when halved


def quantile_moments(distribution: Distribution, mass: float = 1.0) -> tuple[float, float]:
    """Return mean and standard deviation by integrating over the quantile function.

    ``mass`` is the probability of the parent that a truncated distribution keeps: the quantiles are
    good for p * mass down to the least floats. Moments that do not exist are infinite or NaN.
    """
    sides = [_side(distribution, upper, mass) for upper in (False, True)]
    mean = sum(_total(weights * x) for x, weights in sides)
    if not math.isfinite(mean):
        return mean, mean
    with np.errstate(over="ignore"):
        variance = sum(_total(weights * (x - mean) ** 2) for x, weights in sides)
    return mean, math.sqrt(variance)


def _side(distribution: Distribution, upper: bool, mass: float) -> tuple[Array, Array]:
    """Return quantiles and weights on one side of the median, from there outwards, (n, nodes)."""
    octaves = _BOUNDED_OCTAVES
    if math.isinf(distribution.support[1 if upper else 0]):
        octaves = _OPEN_OCTAVES + int(math.log2(mass))
    breaks = {0.5 ** (j + 1) for j in range(octaves + 1)}
    least = min(breaks)
    kinks = distribution.shape().kinks
    breaks |= {p for p in ((1.0 - u if upper else u) for u in kinks) if least < p < 0.5}
    ends = np.array(sorted(breaks, reverse=True))
    start, stop = ends[:-1], ends[1:]
    if distribution.has_inner_tails:
        start, stop = _refined(distribution, upper, start, stop)
    return _rule(distribution, upper, start, stop)


def _rule(
    distribution: Distribution, upper: bool, start: Array, stop: Array
) -> tuple[Array, Array]:
    """Return quantiles and weights between start and stop < start, (n, nodes)."""
    half = (start - stop) / 2.0
    p = stop[:, None] + half[:, None] * (_NODES + 1.0)
    return distribution.quantile(p, upper), half[:, None] * _WEIGHTS


def _refined(
    distribution: Distribution, upper: bool, start: Array, stop: Array
) -> tuple[Array, Array]:
    """Return the intervals, halved where that changes the integral: where tails meet inside."""
    done: list[tuple[Array, Array]] = []
    for _ in range(_HALVINGS):
        middle = (start + stop) / 2.0
        whole, size = _sums(distribution, upper, start, stop)
        parts = [_sums(distribution, upper, *ends) for ends in ((start, middle), (middle, stop))]
        with np.errstate(invalid="ignore"):  # infinity less infinity
            bad = np.abs(whole - parts[0][0] - parts[1][0]) > _CLOSE * size
        done.append((start[~bad], stop[~bad]))
        start, middle, stop = start[bad], middle[bad], stop[bad]
        if not 0 < start.size <= _MOST_BAD:
            break
        start, stop = np.concatenate([start, middle]), np.concatenate([middle, stop])
    every = np.concatenate([one for one, _ in [*done, (start, stop)]])
    order = np.argsort(-every)
    return every[order], np.concatenate([one for _, one in [*done, (start, stop)]])[order]


def _sums(
    distribution: Distribution, upper: bool, start: Array, stop: Array
) -> tuple[Array, Array]:
    """Return the integrals of x and of its size."""
    x, weights = _rule(distribution, upper, start, stop)
    return (weights * x).sum(axis=1), (weights * np.abs(x)).sum(axis=1)


def _total(terms: Array) -> float:
    """Return the sum of terms by octave from the median outwards, with what lies beyond the last.

    A power law's octaves form a geometric series; the last two tell its ratio.
    """
    octaves = terms.sum(axis=1)
    total, last = float(octaves.sum()), float(octaves[-1])
    if abs(last) <= _NOTHING * abs(total):  # no tail, but the end of a range, or its rounding
        return total
    ratio = last / float(octaves[-2])
    if not ratio < 1.0 - 1e-12:
        return math.copysign(math.inf, last)
    return total + last * ratio / (1.0 - ratio)

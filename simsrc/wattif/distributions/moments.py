"""Mean and standard deviation by quadrature, for what has no closed form."""

from __future__ import annotations

import math

import numpy as np

from wattif.distributions.base import Array, Distribution

# Within an octave of p a quantile function is analytic, its nearest singularity p = 0: the error of
# n nodes falls like 5.8^(-2 n), so these are exact to rounding.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_BOUNDED_OCTAVES = 60  # what lies beyond carries 2^-60 of the range
_OPEN_OCTAVES = 980  # p down to 1e-295
_NOTHING = 1e-30


def quantile_moments(
    distribution: Distribution, mass: float = 1.0, kinks: tuple[float, ...] = ()
) -> tuple[float, float]:
    """Return mean and standard deviation by integrating over the quantile function.

    ``mass`` is the probability of the parent that a truncated distribution keeps: the quantiles are
    good for p * mass down to the least floats. ``kinks`` are those u where the quantile function is
    not smooth that its table need not know. Moments that do not exist are infinite or NaN.
    """
    kinks = (*distribution.shape().kinks, *kinks)
    sides = [_side(distribution, upper, mass, kinks) for upper in (False, True)]
    mean = sum(_total(weights * x) for x, weights in sides)
    if not math.isfinite(mean):
        return mean, mean
    with np.errstate(over="ignore"):
        variance = sum(_total(weights * (x - mean) ** 2) for x, weights in sides)
    return mean, math.sqrt(variance)


def _side(
    distribution: Distribution, upper: bool, mass: float, kinks: tuple[float, ...]
) -> tuple[Array, Array]:
    """Return quantiles and their weights on one side of the median, (octaves, nodes) each."""
    octaves = _BOUNDED_OCTAVES
    if math.isinf(distribution.support[1 if upper else 0]):
        octaves = _OPEN_OCTAVES + int(math.log2(mass))
    breaks = {0.5 ** (j + 1) for j in range(octaves + 1)}
    least = min(breaks)
    breaks |= {p for p in ((1.0 - u if upper else u) for u in kinks) if least < p < 0.5}
    ends = np.array(sorted(breaks, reverse=True))
    half = (ends[:-1] - ends[1:]) / 2.0
    p = ends[1:, None] + half[:, None] * (_NODES + 1.0)
    return distribution.quantile(p, upper), half[:, None] * _WEIGHTS


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

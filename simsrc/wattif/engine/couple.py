"""Turn the independent points of several inputs into dependent ones, through a copula.

A copula takes uniforms and gives uniforms, so it stands between the points and their inversion: any
family goes with any copula, under every sampling scheme. The first member keeps its points; each
further one is drawn given those before it.

To add a copula of two: a function that solves its conditional distribution here, a kind in
:mod:`wattif.engine.couplings`, and its formulas in :mod:`wattif.distributions.copulas`.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

import math

import numpy as np

from wattif.engine.couplings import CLAYTON, GUMBEL
from wattif.engine.invert import MASK, REST_BITS, SEGMENT_BITS, invert_table, power_of_e
from wattif.engine.jit import jit
from wattif.engine.tail_table import TAIL_SEGMENTS

FIRST_TAIL_ROW = 1023 * TAIL_SEGMENTS  # of 1.0, whose exponent field is 1023
BITS_OF_2 = 0x4000000000000000
UNIT = 2.0**-52
LAST = float(MASK)
LAST_BELOW_HALF = float((1 << 51) - 1)


@jit
def to_scores(couplings, k, z):
    """Fill z (n,) with the normal scores of the points k (n,)."""
    table = couplings.normal, couplings.normal_begin, couplings.normal_link
    row, s = np.empty(k.size, np.int64), np.empty(k.size)
    invert_table(k, k.size, 0, False, table[0], table[1], table[2], row, s, z)


@jit
def combine(factor, z):
    """Replace independent scores z (m, n) by ``factor @ z``, for a lower triangular factor (m, m).

    From the last row up, since a row needs only those before it.
    """
    m = z.shape[0]
    for row in range(m - 1, -1, -1):
        target = z[row]
        for i in range(target.size):
            target[i] *= factor[row, row]
        for column in range(row):
            weight, other = factor[row, column], z[column]
            for i in range(target.size):
                target[i] += weight * other[i]


@jit
def stretch(mixing, df, z):
    """Divide scores z (m, n) by the square roots of chi-square draws (n,) over df."""
    for i in range(mixing.size):
        mixing[i] = math.sqrt(df / mixing[i])
    for row in range(z.shape[0]):
        for i in range(mixing.size):
            z[row, i] *= mixing[i]


@jit
def to_points(tails, z, k):
    """Fill k (n,) with the points of scores z (n,), whose tails are tabulated, see build_tail."""
    last = tails.shape[0] - 1
    for i in range(z.size):
        bits = np.float64(1.0 + abs(z[i])).view(np.int64)
        row = min((bits >> REST_BITS) - FIRST_TAIL_ROW, last)
        s = np.int64(((bits << SEGMENT_BITS) & MASK) | BITS_OF_2).view(np.float64) - 3.0
        low = tails[row, 0] + s * tails[row, 1]
        middle = tails[row, 2] + s * tails[row, 3]
        high = tails[row, 4] + s * tails[row, 5]
        p = power_of_e(low + s * s * (middle + s * s * high))
        folded = np.int64(min(p / UNIT, LAST_BELOW_HALF))
        k[i] = np.uint64(folded if z[i] <= 0.0 else MASK - folded)


@jit
def clayton(theta, u, w):
    """Return the v below which a share w of the draws at u lies; theta > 0 (Nelsen 4.2.1)."""
    # log(1 + (w^(-theta / (1 + theta)) - 1) u^-theta), where u^-theta may overflow
    power = math.log(math.expm1(-theta / (1.0 + theta) * math.log(w))) - theta * math.log(u)
    logarithm = power if power > 40.0 else math.log1p(math.exp(power))
    return math.exp(-logarithm / theta)


@jit
def frank(theta, u, w):
    """Return the v below which a share w of the draws at u lies; theta > 0 (Nelsen 4.2.5)."""
    a = math.exp(-theta * u)
    below = a * (1.0 - w) + w
    if theta < 1.0:
        return -math.log1p(w * math.expm1(-theta) / below) / theta
    return (math.log(below) - math.log(a * (1.0 - w) + w * math.exp(-theta))) / theta


@jit
def gumbel(theta, u, w):
    """Return the v below which a share w of the draws at u lies; theta >= 1 (Nelsen 4.2.4).

    With x = -log u and y = -log v, it is (x^theta + y^theta)^(1 / theta) = x + d where
    d + (theta - 1) log(1 + d / x) = -log w. Newton's method on a concave function: after one step
    it approaches from below and cannot fail.
    """
    x, target = -math.log(u), -math.log(w)
    d = target
    for _ in range(60):
        step = (target - d - (theta - 1.0) * math.log1p(d / x)) / (1.0 + (theta - 1.0) / (x + d))
        d = max(d + step, 0.0)
        if abs(step) <= 1e-15 * d:
            break
    share = -math.expm1(-theta * math.log1p(d / x))
    return math.exp(-(x + d) * share ** (1.0 / theta))


@jit
def couple_pair(kind, theta, first, second):
    """Replace the points of the second input by points that depend on those of the first."""
    for i in range(first.size):
        u = (np.float64(np.int64(first[i])) + 0.5) * UNIT
        # Frank's copula with -theta is that with theta, seen from the other end.
        turned = np.int64(second[i]) if theta > 0.0 else MASK - np.int64(second[i])
        w = (np.float64(turned) + 0.5) * UNIT
        if kind == CLAYTON:
            v = clayton(theta, u, w)
        elif kind == GUMBEL:
            v = gumbel(theta, u, w)
        else:
            v = frank(abs(theta), u, w)
        k = np.int64(min(max(v / UNIT, 0.0), LAST))
        second[i] = np.uint64(k if theta > 0.0 else MASK - k)

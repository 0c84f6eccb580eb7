"""Turn uniforms into draws of a distribution.

Uniforms are 52-bit integers k standing for u = (k + 1/2) 2^-52. Nothing here branches on u: a
branch that goes either way costs more than the rest of an inversion. Rows of a table are found in
one loop, polynomials evaluated in a second, so that the first touches no table and the second need
not wait for it.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np

from wattif.engine.jit import jit
from wattif.engine.llvm import fma
from wattif.engine.polynomials import evaluate
from wattif.engine.quantile_table import ROWS, SEGMENTS, SIDE
from wattif.engine.steps import GUIDE_SHIFT

HALF = 51  # the bit of k that says u >= 1/2
MASK = (1 << 52) - 1
SEGMENT_BITS = 4  # leading mantissa bits that are part of the row
REST_BITS = 52 - SEGMENT_BITS
FIRST_ROW = 1022 * SEGMENTS  # of k' + 1/2 >= 1/2, whose exponent field is at least 1022
BITS_OF_2_51 = 0x4320000000000000  # the float 2^51, whose mantissa counts halves
BITS_OF_2 = 0x4000000000000000
TWO_51 = 2.0**51
EDGE = 1.0 + 1e-9  # the ends of a grid's range, and the rounding of a unit's conversion


@jit
def locate(k, n, first, row, s):
    """Find for the first n points k the rows of a table from ``first`` on, and s in [-1, 1) there.

    k' = min(k, 2^52 - 1 - k) folds both sides together; the float k' + 1/2 is p 2^52.
    """
    for i in range(n):
        word = np.int64(k[i])
        side = word >> HALF
        folded = word ^ ((-side) & MASK)
        p = np.int64((2 * folded + 1) | BITS_OF_2_51).view(np.float64) - TWO_51
        bits = np.float64(p).view(np.int64)
        row[i] = (bits >> REST_BITS) - FIRST_ROW + side * SIDE + first
        # The rest of the mantissa becomes that of a float in [2, 4).
        s[i] = np.int64(((bits << SEGMENT_BITS) & MASK) | BITS_OF_2).view(np.float64) - 3.0


@jit
def follow(row, n, s, begin, link):
    """Move on to the piece that holds s, where a segment has several, and measure s from there.

    s and the beginnings are whole multiples of 2^-51, so that the distance is exact.
    """
    for i in range(n):
        first = link[row[i]]
        if first > 0:
            last = link[first]
            while first < last:
                middle = (first + last + 1) // 2
                if s[i] < begin[middle]:
                    last = middle - 1
                else:
                    first = middle
            row[i] = first
            s[i] -= begin[first]


@jit
def scale_and_clip(location, scale, low, high, n, x):
    """Replace the first n of x by location + scale x within [low, high]."""
    for i in range(n):
        x[i] = min(max(location + scale * x[i], low), high)


LOG2_E = 1.4426950408889634
ROUNDER = 1.5 * 2.0**52  # adding it rounds to an integer, in the low bits of the sum
# 2^f for |f| <= 1/2 to 3e-16: the polynomial through its values at the eleven Chebyshev nodes.
C0, C1, C2, C3 = 1.0, 0.69314718055995, 0.24022650695910097, 0.055504108664447716
C4, C5, C6 = 0.009618129107606888, 0.0013333558230165074, 0.0001540353044173611
C7, C8 = 1.5252657260139547e-05, 1.32154425878863e-06
C9, C10 = 1.0208690312216523e-07, 7.072585956347123e-09


@jit
def power_of_two(w):
    """Return 2^w to 3 units in the last place, for w clipped to what normal floats hold.

    Below -1022 it is 2^-1022, from 1024 on infinite. Straight-line code, so that the compiler does
    several at a time: four times as fast as the C library's.
    """
    w = min(max(w, -1022.0), 1024.0)
    rounded = w + ROUNDER
    f = w - (rounded - ROUNDER)  # exact
    f2 = f * f  # in pairs rather than by Horner's rule, whose steps wait for each other
    power = fma(f2, C10, fma(f, C9, C8))
    power = fma(f2, fma(f2, power, fma(f, C7, C6)), fma(f, C5, C4))
    power = fma(f2, fma(f2, power, fma(f, C3, C2)), fma(f, C1, C0))
    # Times 2^n, by adding n to the exponent: the low bits of ``rounded`` are n.
    exponent = np.float64(rounded).view(np.int64) << 52
    return np.int64(np.float64(power).view(np.int64) + exponent).view(np.float64)


@jit
def power_of_e(v):
    """Return exp(v), to a relative error of (2 + |v|) 2^-52."""
    return power_of_two(v * LOG2_E)


@jit
def exponentiate_and_clip(location, scale, low, high, n, x):
    """Replace the first n of x by location exp(scale x) within [low, high]."""
    scale *= LOG2_E
    for i in range(n):
        x[i] = min(max(location * power_of_two(scale * x[i]), low), high)


@jit
def place(location, scale, exponential, low, high, n, x):
    """Replace the first n standardised quantiles x by those of the distribution."""
    if exponential:
        exponentiate_and_clip(location, scale, low, high, n, x)
    else:
        scale_and_clip(location, scale, low, high, n, x)


@jit
def invert_table(k, n, first, is_split, coefficients, begin, link, row, s, x):
    """Fill x with the standardised draws for the first n points k, see Shape and Table.

    The table has the rows from ``first`` on, and links to others if it is split; row, s: scratch.
    """
    locate(k, n, first, row, s)
    if is_split:
        follow(row, n, s, begin, link)
    evaluate(row, n, s, coefficients, x)


@jit
def invert_grid(k, place, nodes, weights, coefficients, low, high, x):
    """Fill x (n,) with the draws for k (n,) of a grid whose parameter is at places (n,) in [-1, 1].

    The barycentric formula, over one table a node, one after the other in ``coefficients``.
    """
    row = np.empty(k.size, np.int64)
    s = np.empty(k.size)
    q = np.empty(k.size)
    total = np.zeros(k.size)
    hit = np.full(k.size, np.nan)
    locate(k, k.size, 0, row, s)
    x[:] = 0.0
    for node in range(nodes.size):
        evaluate(row, k.size, s, coefficients[node * ROWS : (node + 1) * ROWS], q)
        for i in range(k.size):
            distance = place[i] - nodes[node]
            hit[i] = q[i] if distance == 0.0 else hit[i]
            share = weights[node] / distance
            x[i] += share * q[i]
            total[i] += share
    for i in range(k.size):
        value = x[i] / total[i] if hit[i] != hit[i] else hit[i]
        inside = min(max(value, low), high)
        x[i] = inside if abs(place[i]) <= EDGE else np.nan


@jit
def invert_uniform(k, n, location, scale, low, high, x):
    """Fill x with location + scale u, within [low, high], for the first n points k."""
    for i in range(n):
        u = (np.float64(np.int64(k[i])) + 0.5) * 2.0**-52
        x[i] = min(max(location + scale * u, low), high)


@jit
def invert_steps(k, values, cumulative, guide, x):
    """Fill x (n,) with the first of the values whose cumulative probability exceeds u.

    The first bits of k lead through the guide to the few steps that can be meant: mostly one.
    """
    for i in range(k.size):
        cell = np.int64(k[i]) >> GUIDE_SHIFT
        first, last = np.int64(guide[cell]), np.int64(guide[cell + 1])
        if first < last:
            u = (np.float64(np.int64(k[i])) + 0.5) * 2.0**-52  # exact: k has 52 bits
            while first < last:
                middle = (first + last) // 2
                if u < cumulative[middle]:
                    last = middle
                else:
                    first = middle + 1
        x[i] = values[first]

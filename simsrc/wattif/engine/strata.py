"""Invert a block of Sobol points in the order of their size, and put the draws into theirs.

Of n = 2**m points in a row, every dimension has one in each of n equal strata, under scrambling
too. The points are linear in their index over the field of two elements, and so they are in the
stratum that they lie in: point h in order of size is an exclusive or of *sorted columns*, one for
each set bit of h, and of one word that all points of a block share. So nothing is looked up: with
the columns of :mod:`wattif.engine.stratum_table` in the order of strata too, all loads and stores
are in sequence and the compiler does eight at a time. What is left is a permutation, the same for
all blocks but for an exclusive or. It takes 0.7 ns a draw where :func:`~wattif.engine.invert.
invert_table` takes 2 to 3.

A stratum of the table may be *rough*: no polynomial is good enough in it. Its points, mostly those
of the tails, go through the table by octaves instead.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.engine.invert import BITS_OF_2, MASK
from wattif.engine.jit import jit
from wattif.engine.llvm import fma
from wattif.engine.memory import aligned_zeros
from wattif.engine.philox import BITS, ONE, ZERO
from wattif.engine.stratum_table import STRATA, STRATUM_BITS

Bits = NDArray[np.uint64]
Places = NDArray[np.uint16]

_REST = np.uint64(BITS - STRATUM_BITS)  # bits of a point that say where in its stratum it lies
_STRATUM_BITS = np.uint64(STRATUM_BITS)
_MASK = np.uint64(MASK)
_TWO = np.uint64(BITS_OF_2)


class Ordered(NamedTuple):
    """Memory for a block of n points in order of size.

    ``stratum`` uint64 (STRATA,) and ``within`` uint64 (n / STRATA,): a point is an exclusive or of
    the two. ``values`` (n / STRATA, STRATA) holds draws, ``place`` uint16 (n,) says where in
    ``flat`` (n,), the same memory, each of them is.
    """

    stratum: Bits
    within: Bits
    values: NDArray[np.float64]
    flat: NDArray[np.float64]
    place: Places


def make_ordered(n: int) -> Ordered:
    """Return memory for blocks of n points, a power of two; of no use below STRATA."""
    depth = n // STRATA
    values = aligned_zeros((depth, STRATA))
    return Ordered(
        aligned_zeros(STRATA, np.uint64),
        np.zeros(depth, np.uint64),
        values,
        values.reshape(-1),
        np.zeros(n, np.uint16),
    )


class Points(NamedTuple):
    """One replicate's Sobol points in D dimensions, in blocks of 2**m.

    ``columns`` uint64 (D, 52) and ``shift`` (D,): see :func:`~wattif.engine.sobol.fill_sobol`.
    ``words`` uint64 (D, m): sorted columns, less the bits that say the stratum. ``places`` uint16
    (D, m): by how much each of the first m columns moves a draw in ``Ordered.flat``.
    """

    columns: Bits
    shift: Bits
    words: Bits
    places: Places


def arrange(columns: Bits, shift: Bits, block: int) -> Points:
    """Return the points of :func:`~wattif.engine.sobol.scramble`, in blocks of so many."""
    m = block.bit_length() - 1 if block >= STRATA else 0
    words, places = columns[:, :m].copy(), np.zeros((len(columns), m), np.uint16)
    _sort_columns(columns, words, places)
    return Points(columns, shift, words, places)


@jit
def _sort_columns(columns, words, places):
    """Fill places (d, m), and replace the first columns, words (d, m), by sorted columns.

    Of sorted column b, the first m bits are those of the number 2**b: found by elimination.
    """
    m = words.shape[1]
    for d in range(words.shape[0]):
        for j in range(m):
            places[d, j] = find_place(columns[d, j] >> np.uint64(BITS - m), m)
        w = words[d]
        for b in range(m):
            bit = ONE << np.uint64(BITS - m + b)
            pivot = b
            while not w[pivot] & bit:
                pivot += 1
            w[b], w[pivot] = w[pivot], w[b]
            for i in range(m):
                if i != b and w[i] & bit:
                    w[i] ^= w[b]
        for b in range(m):
            w[b] = (w[b] << _STRATUM_BITS) & _MASK


@jit
def spread(columns, d, first, words):
    """Fill words (2**b,) from the first on: word i is it, and the columns of the set bits of i.

    The columns are ``columns[d, first : first + b]``.
    """
    size, j = 1, first
    while size < words.size:
        column = columns[d, j]
        for i in range(size):
            words[size + i] = words[i] ^ column
        size, j = 2 * size, j + 1


@jit
def order_block(columns, shift, words, places, d, first, stratum, within, place):
    """Fill what is known of a block in dimension d: its first point is number ``first``.

    The first four: see Points; the last three: see Ordered.
    """
    m = words.shape[1]
    point = shift[d] ^ combine(columns, d, np.uint64(first))
    h = point >> np.uint64(BITS - m)
    # Words are the bits of floats in [2, 4): what follows the stratum in a point is their mantissa.
    stratum[0] = _TWO
    spread(words, d, m - STRATUM_BITS, stratum)
    within[0] = ((point << _STRATUM_BITS) & _MASK) ^ combine(words, d, h)
    spread(words, d, 0, within)
    place[0] = find_place(h, m)
    spread(places, d, 0, place)


@jit
def combine(columns, d, index):
    """Return the exclusive or of those columns (d, m) of dimension d whose bit of index is set."""
    word, j = ZERO, 0
    while index > ZERO:
        if index & ONE:
            word ^= columns[d, j]
        index >>= ONE
        j += 1
    return word


@jit
def find_place(h, m):
    """Return where draw h in order of size is in ``flat``: all of a stratum are in one column."""
    depth = np.uint64(m - STRATUM_BITS)
    return np.uint16((h >> depth) | ((h & ((ONE << depth) - ONE)) << _STRATUM_BITS))


@jit
def evaluate_strata(c, t, stratum, within, values):
    """Fill the values of a block with the polynomials of the strata, coefficients c[t] (8, STRATA).

    Two rows at a time, which share what they load: 0.27 instead of 0.33 ns a draw.
    """
    for j in range(0, within.size - 1, 2):
        word, other = within[j], within[j + 1]
        for q in range(STRATA):
            c0, c1, c2, c3 = c[t, 0, q], c[t, 1, q], c[t, 2, q], c[t, 3, q]
            c4, c5, c6, c7 = c[t, 4, q], c[t, 5, q], c[t, 6, q], c[t, 7, q]
            values[j, q] = evaluate_at(stratum[q] ^ word, c0, c1, c2, c3, c4, c5, c6, c7)
            values[j + 1, q] = evaluate_at(stratum[q] ^ other, c0, c1, c2, c3, c4, c5, c6, c7)
    if within.size == 1:
        for q in range(STRATA):
            c0, c1, c2, c3 = c[t, 0, q], c[t, 1, q], c[t, 2, q], c[t, 3, q]
            c4, c5, c6, c7 = c[t, 4, q], c[t, 5, q], c[t, 6, q], c[t, 7, q]
            values[0, q] = evaluate_at(stratum[q] ^ within[0], c0, c1, c2, c3, c4, c5, c6, c7)


@jit
def evaluate_at(word, c0, c1, c2, c3, c4, c5, c6, c7):
    """Return the polynomial in s, where the word is the bits of s + 3."""
    s = np.uint64(word).view(np.float64) - 3.0
    high = fma(s, fma(s, fma(s, c7, c6), c5), c4)
    return fma(s, fma(s, fma(s, fma(s, high, c3), c2), c1), c0)


@jit
def evaluate_strata_singly(c, t, rough, first, last, k, x):
    """Replace those of x (n,) whose points k (n,) lie in no rough stratum, in their own order.

    For blocks that are too short for the rest of this module; its plain twin in the tests.
    """
    for i in range(k.size):
        q = np.int64(k[i] >> _REST)
        is_rough = False
        for j in range(first, last):
            is_rough |= rough[j] == q
        if not is_rough:
            word = ((k[i] << _STRATUM_BITS) & _MASK) | _TWO
            c0, c1, c2, c3 = c[t, 0, q], c[t, 1, q], c[t, 2, q], c[t, 3, q]
            c4, c5, c6, c7 = c[t, 4, q], c[t, 5, q], c[t, 6, q], c[t, 7, q]
            x[i] = evaluate_at(word, c0, c1, c2, c3, c4, c5, c6, c7)


@jit
def gather_rough(rough, first, last, stratum, within, k):
    """Fill k, from its start on, with the points in the strata ``rough[first:last]``."""
    i = 0
    for r in range(first, last):
        q = np.uint64(rough[r])
        point = (q << _REST) | ((stratum[q] & _MASK) >> _STRATUM_BITS)
        for j in range(within.size):
            k[i] = point ^ (within[j] >> _STRATUM_BITS)
            i += 1


@jit
def scatter_rough(rough, first, last, x, values):
    """Put the draws x for the points of :func:`gather_rough` where they belong."""
    i = 0
    for r in range(first, last):
        q = rough[r]
        for j in range(values.shape[0]):
            values[j, q] = x[i]
            i += 1

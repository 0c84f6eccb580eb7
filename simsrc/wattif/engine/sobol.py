"""Address scrambled Sobol points by index.

A point is a 52-bit integer k and stands for the uniform u = (k + 1/2) 2**-52. In one dimension,
point i (in natural order, not Gray-code order) is the digital shift XOR the columns of the set bits
of i; columns and shift differ by dimension and replicate.

Direction numbers: new-joe-kuo-6 of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
two-dimensional projections", SIAM J. Sci. Comput. 30 (2008) 2635-2654, as far as its polynomials
have degree 16 or less; taken from the copy in scipy. ``joe_kuo.npz`` holds ``polynomials`` (d,),
the coefficients as bits with the leading one, and ``initial`` (d, 16), the m_1 ... m_degree. They
are under the 3-clause BSD licence, which ``joe_kuo.txt`` gives.

Scrambling: a random lower-triangular matrix over the bits and a random shift, by dimension:
J. Matousek, "On the L2-discrepancy for anchored boxes", J. Complexity 14 (1998) 527-556. Every net
stays a net, and every point becomes uniform.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wattif.engine.jit import jit
from wattif.engine.philox import BITS, ONE, ZERO, fill_random, stream_key

Bits = NDArray[np.uint64]

MAX_DIMENSIONS = 5_715
FIRST_BIT = np.uint64(1 << (BITS - 1))  # of a point: worth u = 1/2


def directions(dimensions: int) -> Bits:
    """Return the direction numbers (dimensions, 52): column j belongs to bit j of the index."""
    if not 0 <= dimensions <= MAX_DIMENSIONS:
        limit = f"Sobol points have at most {MAX_DIMENSIONS:,} dimensions"
        raise ValueError(f"{limit}, not {dimensions:,}")
    with np.load(Path(__file__).with_name("joe_kuo.npz")) as file:
        polynomials = file["polynomials"][:dimensions].astype(np.uint64)
        initial = file["initial"][:dimensions].astype(np.uint64)
    v = np.zeros((dimensions, BITS), np.uint64)
    _expand(polynomials, initial, v)
    return v


def scramble(directions: Bits, seed: int, replicate: int) -> tuple[Bits, Bits]:
    """Return the scrambled columns (d, 52) and the shifts (d,) of one replicate.

    Dimension d takes the random points of stream "sobol-scramble" from index d * 2**33 on: 52 for
    the columns of its matrix, from the first bit down, and one for its shift.
    """
    columns, shift = np.empty_like(directions), np.empty(len(directions), np.uint64)
    _scramble(directions, *stream_key(seed, "sobol-scramble", ""), replicate, columns, shift)
    return columns, shift


@jit
def fill_sobol(columns, shift, first, k):
    """Fill k, uint64 (n,), with one dimension of points first ... first + n - 1, below 2**52.

    n must be a power of two, and first a multiple of it. columns : (52,).
    """
    index, j = np.uint64(first), 0
    k[0] = shift
    while index > ZERO:
        if index & ONE:
            k[0] ^= columns[j]
        index >>= ONE
        j += 1
    size, j = 1, 0
    while size < k.size:
        column = columns[j]
        for i in range(size):
            k[size + i] = k[i] ^ column
        size, j = 2 * size, j + 1


@jit
def _expand(polynomials, initial, v):
    """Fill v (d, 52) by the recurrence of each dimension's polynomial (Joe & Kuo, equation 2)."""
    for d in range(v.shape[0]):
        degree = 0
        while polynomials[d] >> np.uint64(degree + 1):
            degree += 1
        for j in range(BITS):
            if degree == 0:  # van der Corput
                v[d, j] = FIRST_BIT >> np.uint64(j)
            elif j < degree:
                v[d, j] = initial[d, j] << np.uint64(BITS - 1 - j)
            else:
                v[d, j] = v[d, j - degree] >> np.uint64(degree)
                for i in range(1, degree + 1):
                    v[d, j] ^= v[d, j - i] * (polynomials[d] >> np.uint64(degree - i) & ONE)


@jit
def _scramble(directions, key0, key1, replicate, columns, shift):
    """Multiply every direction number by its dimension's matrix."""
    matrix = np.empty(BITS + 1, np.uint64)
    for d in range(directions.shape[0]):
        fill_random(key0, key1, replicate, np.uint64(d) << np.uint64(33), matrix)
        shift[d] = matrix[BITS]
        for c in range(BITS):  # a column: zeros above the diagonal, one on it, random below
            matrix[c] = (matrix[c] >> np.uint64(c)) | (FIRST_BIT >> np.uint64(c))
        for j in range(BITS):
            v = np.uint64(0)
            for c in range(j + 1):  # direction number j has no bits beyond bit j
                v ^= matrix[c] * (directions[d, j] >> np.uint64(BITS - 1 - c) & ONE)
            columns[d, j] = v

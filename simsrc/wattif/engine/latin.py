"""Draw Latin hypercube points that can be extended, each by its index.

The layers are indices [2**m, 2**(m+1)), and each layer is one complete Latin hypercube: in every
dimension it has one point in each of 2**m cells of equal width. So doubling a run adds one layer
and changes no point. Index 0 is a plain random point.

A point is the random point of the same index, scaled down into its cell (52-bit integers, see
:mod:`wattif.engine.philox`). Cells are dealt out by a random permutation of the layer, one for each
dimension (by its key) and replicate: a Feistel network on the m bits of the place in the layer.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np

from wattif.engine.jit import jit
from wattif.engine.philox import (
    BITS,
    HALF,
    MULTIPLIER_0,
    MULTIPLIER_1,
    ONE,
    WORD,
    fill_random,
    philox4x32,
)


@jit
def fill_latin(key0, key1, replicate, first, k):
    """Fill k, uint64 (n,), with the points of indices first ... first + n - 1, below 2**52.

    The key is that of one dimension: ``stream_key(seed, "latin", name)``.
    """
    fill_random(key0, key1, replicate, first, k)
    done = 0
    while done < k.size:
        index = np.int64(first) + done
        layer = 0
        while index >> (layer + 1):
            layer += 1
        stop = min(k.size, done + (2 << layer) - index)
        if layer > 0:
            _deal_cells(key0, key1, replicate, layer, index - (1 << layer), k[done:stop])
        done = stop


@jit
def _deal_cells(key0, key1, replicate, layer, place, k):
    """Move points k, at places ``place`` and on in their layer, into their cells."""
    cell = np.empty(k.size, np.uint64)
    permute(key0, key1, replicate, layer, place, cell)
    depth = np.uint64(layer)
    for i in range(k.size):
        k[i] = (cell[i] << (np.uint64(BITS) - depth)) | (k[i] >> depth)


@jit
def permute(key0, key1, replicate, layer, place, cell):
    """Fill ``cell`` with where the permutation of 0 ... 2**layer - 1 sends ``place`` and on."""
    key0, key1, replicate = np.uint64(key0), np.uint64(key1), np.uint64(replicate)
    for i in range(cell.size):
        cell[i] = np.uint64(place + i)
    half = np.uint64(layer // 2)
    low, high = (ONE << half) - ONE, (ONE << (np.uint64(layer) - half)) - ONE
    # Narrow halves mix slowly: with these turns no pair of cells is favoured in 10**4 permutations.
    for turn in range(3 + 20 // (layer + 1)):
        a, b, _, _ = philox4x32(np.uint64(layer), np.uint64(turn), replicate, ONE, key0, key1)
        for i in range(cell.size):
            x = cell[i]
            x ^= scatter((x >> half) ^ a) & low
            x ^= (scatter((x & low) ^ b) & high) << half
            cell[i] = x


@jit
def scatter(word):
    """Return a word each of whose bits depends on every bit of ``word`` (below 2**32)."""
    product = word * MULTIPLIER_0
    product = ((product >> HALF) ^ (product & WORD)) * MULTIPLIER_1
    return (product >> HALF) ^ (product & WORD)

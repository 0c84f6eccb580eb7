"""Draw random points by Philox4x32-10: pure functions of a counter and a key, no state.

Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

A 32-bit word travels in a uint64: numba would widen it anyway, its products fit, and four of them
fill a vector register. A point is a 52-bit integer k, 0 <= k < 2**52, and stands for the uniform
u = (k + 1/2) 2**-52, so that u is at least 2**-53 and at most 1 - 2**-53.

Layout of the counter, by word:

====  ============================  ===================================================
word  for points (fill_random)      for the round keys of :mod:`wattif.engine.latin`
====  ============================  ===================================================
0     index >> 1, its low 32 bits   layer
1     index >> 1, the bits above    round
2     replicate                     replicate
3     0                             1
====  ============================  ===================================================
"""
# mypy: allow-untyped-defs

from __future__ import annotations

import hashlib

import numpy as np

from wattif.engine.jit import jit

BITS = 52  # of a point
WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)  # golden ratio, sqrt(3) - 1
ROUNDS = 10
ZERO, ONE = np.uint64(0), np.uint64(1)


def stream_key(seed: int, domain: str, name: str) -> tuple[np.uint64, np.uint64]:
    """Return the Philox key of a named stream: two 32-bit words.

    They are the first and second half, little-endian, of the 8-byte BLAKE2b digest, personalised
    as "wattif", of the seed (8 bytes, little-endian; 0 <= seed < 2**64), the domain, a zero byte
    and the name, both in UTF-8. ``domain`` says what the stream is for and holds no zero byte.
    """
    text = seed.to_bytes(8, "little") + f"{domain}\0{name}".encode()
    digest = hashlib.blake2b(text, digest_size=8, person=b"wattif").digest()
    low, high = np.frombuffer(digest, "<u4").astype(np.uint64)
    return low, high


@jit
def mix(turn, c0, c1, c2, c3, k0, k1):
    """Return the counter after one round; ``turn`` counts the rounds before it."""
    turn = np.uint64(turn)
    p0 = MULTIPLIER_0 * c0
    p1 = MULTIPLIER_1 * c2
    c0 = (p1 >> HALF) ^ c1 ^ ((k0 + turn * WEYL_0) & WORD)
    c2 = (p0 >> HALF) ^ c3 ^ ((k1 + turn * WEYL_1) & WORD)
    return c0, p1 & WORD, c2, p0 & WORD


@jit
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Return the four words made of a counter and a key, all of them uint64 below 2**32."""
    for turn in range(ROUNDS):
        c0, c1, c2, c3 = mix(turn, c0, c1, c2, c3, k0, k1)
    return c0, c1, c2, c3


@jit
def join(high, low):
    """Return the point made of the first 52 bits of two words."""
    return (high << np.uint64(20)) | (low >> np.uint64(12))


@jit
def random_point(key0, key1, replicate, index):
    """Return one random point; all are uint64."""
    pair = index >> ONE
    c0, c1, c2, c3 = philox4x32(pair & WORD, pair >> HALF, replicate, ZERO, key0, key1)
    return join(c2, c3) if index & ONE else join(c0, c1)


@jit
def _fill_pairs(key0, key1, replicate, first, k):
    for j in range(k.size // 2):
        pair = first + np.uint64(j)
        c0, c1, c2, c3 = pair & WORD, pair >> HALF, replicate, ZERO
        # philox4x32, unrolled, is too long for LLVM to inline, and a call here costs a factor of 4.
        for turn in range(ROUNDS):
            c0, c1, c2, c3 = mix(turn, c0, c1, c2, c3, key0, key1)
        k[2 * j] = join(c0, c1)
        k[2 * j + 1] = join(c2, c3)


@jit
def fill_random(key0, key1, replicate, first, k):
    """Fill k, uint64 (n,), with the random points of indices first ... first + n - 1.

    Indices 2 j and 2 j + 1 are the two halves of block j of the generator.
    """
    key0, key1 = np.uint64(key0), np.uint64(key1)
    replicate, first = np.uint64(replicate), np.uint64(first)
    start = min(np.int64(first & ONE), k.size)
    stop = start + (k.size - start) // 2 * 2
    if start:
        k[0] = random_point(key0, key1, replicate, first)
    if stop < k.size:
        k[stop] = random_point(key0, key1, replicate, first + np.uint64(stop))
    _fill_pairs(key0, key1, replicate, (first + ONE) >> ONE, k[start:stop])

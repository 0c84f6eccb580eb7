"""Philox against its published answers, and streams as they are used."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from wattif.engine.philox import fill_random, philox4x32, random_point, stream_key

ANSWERS = Path(__file__).parents[1] / "data" / "philox4x32_10.txt"
ROWS = [row.split() for row in ANSWERS.read_text().splitlines() if not row.startswith("#")]
KEY = stream_key(412, "random", "pue")
P_VALUE = 1e-6  # of 5 standard deviations, two-sided; seeds are fixed


def slow_philox(counter, key):
    """Return Philox4x32-10 as the paper has it, in Python's integers."""
    (a, b, c, d), (k, q) = counter, key
    for _ in range(10):
        p, r = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (r >> 32) ^ b ^ k, r % 2**32, (p >> 32) ^ d ^ q, p % 2**32
        k, q = (k + 0x9E3779B9) % 2**32, (q + 0xBB67AE85) % 2**32
    return a, b, c, d


def slow_point(key, replicate, index):
    pair = index // 2
    words = slow_philox((pair % 2**32, pair // 2**32, replicate, 0), [int(word) for word in key])
    high, low = words[2 * (index % 2) :][:2]
    return (high << 32 | low) >> 12


def points(key, replicate, first, n):
    k = np.empty(n, np.uint64)
    fill_random(*key, replicate, first, k)
    return k


@pytest.mark.parametrize("row", ROWS, ids=["zeros", "ones", "pi"])
def test_known_answers(row):
    words = [int(word, 16) for word in row]
    assert slow_philox(words[:4], words[4:6]) == tuple(words[6:])
    assert philox4x32(*map(np.uint64, words[:6])) == tuple(words[6:])


@pytest.mark.parametrize("first", [0, 1, 6, 2**33 - 2, 2**33 - 1, 2**52 - 8])
@pytest.mark.parametrize("n", [0, 1, 2, 7, 8])
def test_points_are_the_documented_words(first, n):
    expected = [slow_point(KEY, 15, first + i) for i in range(n)]
    assert points(KEY, 15, first, n).tolist() == expected


@pytest.mark.parametrize("index", [0, 1, 2**40 + 1])
def test_one_point_is_the_point_of_its_block(index):
    key0, key1 = KEY
    one = random_point(key0, key1, np.uint64(3), np.uint64(index))
    assert one == points(KEY, 3, index, 1)[0]


@pytest.mark.parametrize("size", [1, 3, 64, 512])
def test_a_point_is_the_same_in_every_block(size):
    whole = points(KEY, 0, 0, 1536)
    for first in reversed(range(0, 1536, size)):
        assert (points(KEY, 0, first, size) == whole[first : first + size]).all()


def test_points_have_52_bits_and_use_them_all():
    k = points(KEY, 0, 0, 4096)
    assert np.bitwise_or.reduce(k) == 2**52 - 1
    assert np.bitwise_and.reduce(k) == 0


def test_the_key_is_the_documented_digest():
    text = (412).to_bytes(8, "little") + b"random\0gpt-4.gpu_count"
    digest = hashlib.blake2b(text, digest_size=8, person=b"wattif").digest()
    key = stream_key(412, "random", "gpt-4.gpu_count")
    assert [int(word) for word in key] == [
        int.from_bytes(digest[:4], "little"),
        int.from_bytes(digest[4:], "little"),
    ]


def test_seed_domain_name_and_replicate_all_matter():
    streams = [
        points(stream_key(seed, domain, name), replicate, 0, 8).tobytes()
        for seed in (0, 1, 2**32, 2**64 - 1)
        for domain in ("random", "latin")
        for name in ("", "a", "b")
        for replicate in (0, 1, 2**32 - 1)
    ]
    assert len(set(streams)) == len(streams)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_has_64_bits(seed):
    with pytest.raises(OverflowError):
        stream_key(seed, "random", "a")


def interleavings():
    """Return four ways to read 16 neighbouring streams of 4,096 points as one."""
    names = np.array([points(stream_key(1, "random", f"x{j}"), 0, 0, 4096) for j in range(16)])
    replicates = np.array([points(KEY, replicate, 0, 4096) for replicate in range(16)])
    return {
        "by name": names.ravel(),
        "by draw": names.T.ravel(),
        "by replicate": replicates.ravel(),
        "replicates by draw": replicates.T.ravel(),
    }


def test_interleaved_streams_are_uniform_in_pairs():
    for k in interleavings().values():
        for shift in (46, 20, 0):  # first, middle and last six bits
            digit = (k >> np.uint64(shift) & np.uint64(63)).astype(np.int64)
            for lag in (1, 2, 16):
                pairs = np.bincount(digit[:-lag] * 64 + digit[lag:], minlength=4096)
                assert stats.chisquare(pairs).pvalue > P_VALUE


def test_the_pair_test_can_fail():
    k = np.arange(2**16, dtype=np.uint64) * np.uint64(2**36 + 1)
    digit = (k >> np.uint64(46) & np.uint64(63)).astype(np.int64)
    pairs = np.bincount(digit[:-1] * 64 + digit[1:], minlength=4096)
    assert stats.chisquare(pairs).pvalue < P_VALUE

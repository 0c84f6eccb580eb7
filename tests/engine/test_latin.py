"""Layered Latin hypercubes: each layer complete, each permutation fair."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from wattif.engine.latin import fill_latin, permute
from wattif.engine.philox import fill_random, philox4x32, stream_key

KEY = stream_key(412, "latin", "pue")
KEYS = [stream_key(412, "latin", name) for name in ("pue", "mfu", "gpu_count", "price")]
P_VALUE = 1e-6  # of 5 standard deviations, two-sided; seeds are fixed


def points(key, replicate, first, n, fill=fill_latin):
    k = np.empty(n, np.uint64)
    fill(*key, replicate, first, k)
    return k


def permutation(layer, replicate=0, key=KEY):
    cell = np.empty(1 << layer, np.uint64)
    permute(*key, replicate, layer, 0, cell)
    return cell.astype(np.int64)


def slow_scatter(word):
    for multiplier in (0xD2511F53, 0xCD9E8D57):
        product = word * multiplier
        word = product >> 32 ^ product % 2**32
    return word


def slow_permutation(layer, replicate, place):
    """Return where one place goes, by a Feistel network of two unequal halves."""
    narrow, wide = layer // 2, layer - layer // 2
    left, right = divmod(place, 1 << narrow)
    for turn in range(3 + 20 // (layer + 1)):
        a, b = philox4x32(*map(np.uint64, (layer, turn, replicate, 1)), *KEY)[:2]
        right ^= slow_scatter(left ^ int(a)) % (1 << narrow)
        left ^= slow_scatter(right ^ int(b)) % (1 << wide)
    return left << narrow | right


def slow_point(replicate, index):
    random = int(points(KEY, replicate, index, 1, fill_random)[0])
    if index < 2:
        return random
    layer = index.bit_length() - 1
    cell = slow_permutation(layer, replicate, index - (1 << layer))
    return cell << 52 - layer | random >> layer


@pytest.mark.parametrize("layer", [*range(17), 20])
def test_a_permutation_permutes(layer):
    if layer > 12 and not hasattr(permute, "py_func"):
        pytest.skip("too slow as Python")
    assert (np.sort(permutation(layer)) == np.arange(1 << layer)).all()


@pytest.mark.parametrize("index", [0, 1, 2, 3, 7, 8, 100, 4095, 2**20 + 7, 2**40 + 3, 2**52 - 1])
def test_a_point_is_what_is_documented(index):
    assert points(KEY, 9, index, 1)[0] == slow_point(9, index)


@pytest.mark.parametrize("layer", range(11))
def test_every_layer_is_a_latin_hypercube(layer):
    n = 1 << layer
    for key in KEYS:
        for replicate in (0, 1, 15):
            cells = points(key, replicate, n, n) >> np.uint64(52 - layer)
            assert (np.sort(cells) == np.arange(n)).all()


@pytest.mark.parametrize("size", [1, 3, 64, 512])
def test_a_point_is_the_same_in_every_block(size):
    whole = points(KEY, 0, 0, 1536)
    for first in reversed(range(0, 1536, size)):
        assert (points(KEY, 0, first, size) == whole[first : first + size]).all()


def test_twice_as_many_points_begin_with_the_same():
    whole = points(KEY, 2, 0, 1024)
    for m in range(10):
        assert (points(KEY, 2, 0, 2**m) == whole[: 2**m]).all()


def test_no_point_leaves_its_52_bits():
    k = np.concatenate([points(KEY, 0, first, 512) for first in (0, 4096, 2**52 - 512)])
    assert k.max() < 2**52


def test_a_point_is_uniform_in_its_cell():
    layer = 12
    k = points(KEY, 0, 1 << layer, 1 << layer)
    place = (k & np.uint64(2 ** (52 - layer) - 1)) >> np.uint64(52 - layer - 6)
    assert stats.chisquare(np.bincount(place.astype(int), minlength=64)).pvalue > P_VALUE


def test_all_permutations_of_four_are_equally_likely():
    counts = dict.fromkeys(itertools.permutations(range(4)), 0)
    for replicate in range(2400):
        counts[tuple(permutation(2, replicate).tolist())] += 1
    assert stats.chisquare(list(counts.values())).pvalue > P_VALUE


@pytest.mark.parametrize("layer", [3, 4, 5])
def test_any_two_places_go_to_any_two_cells(layer):
    n = 1 << layer
    cells = np.array([permutation(layer, replicate) for replicate in range(1500)])
    for one, other in [(0, 1), (0, n // 2), (1, n - 1), (2, 3)]:
        pairs = np.bincount(cells[:, one] * n + cells[:, other], minlength=n * n)
        different = ~np.eye(n, dtype=bool).ravel()
        assert stats.chisquare(pairs[different]).pvalue > P_VALUE


def test_dimensions_are_not_correlated():
    n = 256
    scores = []
    for replicate in range(64):
        one, other = (points(key, replicate, n, n).astype(float) for key in KEYS[:2])
        scores.append(np.corrcoef(one, other)[0, 1] * math.sqrt(n - 1))
    assert abs(np.mean(scores)) < 5 / math.sqrt(64)  # each is about standard normal
    assert 0.6 < np.std(scores) < 1.5  # 5 standard errors of it are 0.44


CHANCE = math.exp(5 * math.sqrt(4 / 32))  # 5 standard errors of the log ratio of two such errors


def mean_squared_error(function, integral, fill):
    errors = []
    for replicate in range(32):
        u = np.array([(points(key, replicate, 0, 1024, fill) + 0.5) * 2.0**-52 for key in KEYS])
        errors.append(function(u).mean() - integral)
    return np.mean(np.square(errors))


def test_an_additive_function_is_integrated_far_better_than_at_random():
    case = (lambda u: np.exp(u).sum(axis=0), 4 * (math.e - 1))
    latin, random = (mean_squared_error(*case, fill) for fill in (fill_latin, fill_random))
    assert latin < random / 50  # theory says 330, and CHANCE is 6


def test_no_function_is_integrated_worse_than_at_random():
    case = (lambda u: np.prod(2 * u - 1, axis=0), 0.0)  # no additive part at all
    latin, random = (mean_squared_error(*case, fill) for fill in (fill_latin, fill_random))
    assert latin < CHANCE * random

"""Sobol points against scipy's, and what every scrambling must keep."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from wattif.engine.philox import fill_random, stream_key
from wattif.engine.sobol import MAX_DIMENSIONS, directions, fill_sobol, scramble

FIRST_POINTS = Path(__file__).parents[1] / "data" / "sobol_points.txt"
ROWS = [
    [int(word) for word in row.split()]
    for row in FIRST_POINTS.read_text().splitlines()
    if not row.startswith("#")
]
ZERO = np.uint64(0)
SEED = 412
P_VALUE = 1e-6  # of 5 standard deviations, two-sided; seeds are fixed


def fill(columns, shift, first, n):
    """Return points (d, n) of every dimension."""
    k = np.empty((len(columns), n), np.uint64)
    for dimension, row in enumerate(k):
        fill_sobol(columns[dimension], shift[dimension], first, row)
    return k


def plain(dimensions, n):
    return fill(directions(dimensions), np.zeros(dimensions, np.uint64), 0, n)


def scrambled(dimensions, n, replicate=0, seed=SEED):
    return fill(*scramble(directions(dimensions), seed, replicate), 0, n)


def gray(n):
    """Return the places in natural order of n points in Gray-code order."""
    return np.arange(n) ^ np.arange(n) >> 1


def uniform(k):
    return (k.astype(float) + 0.5) * 2.0**-52


def slow_directions(polynomial, initial):
    """Return the 52 direction numbers m_j 2**-j of Joe & Kuo, as fractions of 2**52."""
    degree = polynomial.bit_length() - 1
    m = list(initial[:degree]) if degree else [1] * 52
    while len(m) < 52:
        new = m[-degree] << degree ^ m[-degree]
        for i in range(1, degree):
            if polynomial >> degree - i & 1:
                new ^= m[-i] << i
        m.append(new)
    return [number << 51 - j for j, number in enumerate(m)]


def slow_point(columns, shift, index):
    k = int(shift)
    for j in range(52):
        if index >> j & 1:
            k ^= int(columns[j])
    return k


@pytest.mark.parametrize("row", ROWS, ids=[f"dimension {row[0]}" for row in ROWS])
def test_first_points(row):
    k = plain(row[0], 8)[-1]
    assert (k[gray(8)] >> np.uint64(48)).tolist() == row[1:]


def test_first_thousand_points():
    numbers = plain(64, 1024)[:, gray(1024)].T >> np.uint64(22)
    digest = hashlib.sha256(numbers.astype("<u4").tobytes()).hexdigest()  # scipy's, in 30 bits
    assert digest == "cb94897c29992070a63fe741d854053c208ffe018a0612e50bb327878aa9ff01"


@pytest.mark.parametrize("dimensions", [1, 2, 37, 1111])
def test_every_power_of_two_is_the_point_set_of_scipy(dimensions):
    ours = plain(dimensions, 128) * 2.0**-52
    for m in range(8):
        theirs = qmc.Sobol(dimensions, scramble=False).random_base2(m).T
        assert (np.sort(ours[:, : 2**m]) == np.sort(theirs)).all()
        assert (ours[:, gray(2**m)] == theirs).all()


@pytest.mark.parametrize("dimension", [0, 1, 2, 7, 99, 1110, MAX_DIMENSIONS - 1])
def test_direction_numbers_follow_their_recurrence(dimension):
    with np.load(Path(qmc.__file__).with_name("_sobol_direction_numbers.npz")) as file:
        polynomial, initial = file["poly"][dimension], file["vinit"][dimension]
    expected = slow_directions(int(polynomial), initial.tolist())
    assert directions(dimension + 1)[-1].tolist() == expected


def test_no_dimensions_are_no_trouble():
    assert directions(0).shape == (0, 52)


@pytest.mark.parametrize("dimensions", [-1, MAX_DIMENSIONS + 1])
def test_too_many_dimensions_are_refused(dimensions):
    with pytest.raises(ValueError, match=f"at most 5,715 dimensions, not {dimensions:,}"):
        directions(dimensions)


@pytest.mark.parametrize("index", [0, 1, 77, 2**31 + 5, 2**52 - 1])
def test_a_point_is_the_shift_and_the_columns_of_its_bits(index):
    columns, shift = scramble(directions(5), SEED, 3)
    for n in (1, 64):
        first = index // n * n
        k = fill(columns, shift, first, n)[:, index - first]
        expected = [slow_point(*pair, index) for pair in zip(columns, shift, strict=True)]
        assert k.tolist() == expected


def test_the_scramble_is_the_documented_matrix_and_shift():
    numbers = directions(4)
    columns, shift = scramble(numbers, SEED, 5)
    for dimension in range(4):
        words = np.empty(53, np.uint64)
        fill_random(*stream_key(SEED, "sobol-scramble", ""), 5, dimension * 2**33, words)
        matrix = np.eye(52, dtype=int)
        for column, word in enumerate(words[:52].tolist()):
            below = [word >> 51 - row & 1 for row in range(1, 52 - column)]
            matrix[column + 1 :, column] = below
        bits = np.array([[int(v) >> 51 - row & 1 for v in numbers[dimension]] for row in range(52)])
        product = (matrix @ bits) % 2
        weights = [1 << 51 - row for row in range(52)]
        expected = [
            sum(w for w, bit in zip(weights, column, strict=True) if bit) for column in product.T
        ]
        assert columns[dimension].tolist() == expected
        assert shift[dimension] == words[52]


def test_scrambles_differ_by_dimension_replicate_and_seed():
    columns, shifts = zip(
        *(scramble(directions(20), seed, replicate) for seed in (1, 2) for replicate in range(4)),
        strict=True,
    )
    assert len({int(shift) for shift in np.concatenate(shifts)}) == 2 * 4 * 20
    # The first column of the product is the first of the random matrix, whatever the dimension.
    assert len({int(column[0]) for column in np.concatenate(columns)}) == 2 * 4 * 20


def test_more_dimensions_change_no_scramble():
    few, many = scramble(directions(3), SEED, 0), scramble(directions(8), SEED, 0)
    assert all((a == b[:3]).all() for a, b in zip(few, many, strict=True))


def test_one_point_in_every_interval_of_every_column():
    for replicate in range(3):
        cells = np.sort(scrambled(50, 4096, replicate) >> np.uint64(40))
        assert (cells == np.arange(4096)).all()


def test_first_two_dimensions_are_a_net():
    for k in [plain(2, 1024), *(scrambled(2, 1024, replicate) for replicate in range(4))]:
        for a in range(11):  # boxes of 2**-a by 2**(a - 10)
            x, y = k[0] >> np.uint64(52 - a), k[1] >> np.uint64(42 + a)
            assert len(set((x << np.uint64(10 - a) | y).tolist())) == 1024


@pytest.fixture(scope="module")
def many_scrambles():
    """Return 64 points in two dimensions under 400 seeds: (400, 2, 64)."""
    return uniform(np.array([scrambled(2, 64, seed=seed) for seed in range(400)]))


@pytest.mark.parametrize("index", [0, 1, 5, 63])
def test_every_point_is_uniform_over_seeds(index, many_scrambles):
    x, y = many_scrambles[:, :, index].T
    assert stats.kstest(x, "uniform").pvalue > P_VALUE
    assert stats.kstest(y, "uniform").pvalue > P_VALUE
    assert stats.spearmanr(x, y).pvalue > P_VALUE


def test_two_points_of_a_net_are_independent_within_their_halves(many_scrambles):
    x, y = many_scrambles[:, 0, :2].T
    assert ((x < 0.5) != (y < 0.5)).all()
    assert stats.spearmanr(x % 0.5, y % 0.5).pvalue > P_VALUE


@pytest.mark.parametrize("size", [64, 256, 4096])
def test_a_point_is_the_same_in_every_block(size):
    columns, shift = scramble(directions(2), SEED, 1)
    whole = fill(columns, shift, 0, 8192)
    for first in reversed(range(0, 8192, size)):
        assert (fill(columns, shift, first, size) == whole[:, first : first + size]).all()


def test_twice_as_many_points_begin_with_the_same():
    points = scrambled(3, 1024)
    for m in range(10):
        assert (scrambled(3, 2**m) == points[:, : 2**m]).all()


def test_points_have_52_bits_and_use_them_all():
    k = np.concatenate([scrambled(8, 256, replicate) for replicate in range(4)])
    assert np.bitwise_or.reduce(k, axis=None) == 2**52 - 1
    assert np.bitwise_and.reduce(k, axis=None) == 0


# Function of u (d, n), its integral, and the slope of log2 MSE that must be beaten. Plain Monte
# Carlo has -1; Owen (1997) has -3, with logarithms, for smooth functions. Measured with scipy's
# points: -3.75, -2.75, -1.52, -1.24; 64 replicates know a slope to about 0.1.
INTEGRANDS = {
    "additive": (lambda u: np.exp(u[:4]).sum(axis=0), 4 * (math.e - 1), -2.7),
    "smooth product": (lambda u: np.prod(1 + (u[:4] - 0.5) / 2, axis=0), 1.0, -2.4),
    "half plane": (lambda u: u[0] + u[1] < 1, 0.5, -1.3),
    "ball": (lambda u: (u**2).sum(axis=0) < 1, math.pi**2 / 60, -1.05),
}


@pytest.fixture(scope="module")
def replicates():
    return [uniform(scrambled(5, 8192, replicate)) for replicate in range(64)]


@pytest.mark.parametrize("name", INTEGRANDS)
def test_error_falls_as_theory_says(name, replicates):
    function, integral, accepted = INTEGRANDS[name]
    sizes = 2 ** np.arange(5, 14)
    totals = np.array([np.cumsum(function(u), dtype=float)[sizes - 1] for u in replicates])
    log_error = np.log2(((totals / sizes - integral) ** 2).mean(axis=0))
    slope = np.polynomial.Polynomial.fit(np.log2(sizes), log_error, 1).convert().coef[1]
    assert slope < accepted

"""Which matrices are correlations, and the nearest that is."""

from __future__ import annotations

import numpy as np
import pytest

from wattif.distributions.correlation_matrix import (
    complete,
    factor,
    is_feasible,
    nearest,
    refuse_infeasible,
)

IMPOSSIBLE = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])


def random_correlations(size, rank, seed):
    columns = np.random.default_rng(seed).normal(size=(size, rank))
    columns /= np.linalg.norm(columns, axis=1, keepdims=True)
    return columns @ columns.T


@pytest.mark.parametrize(("size", "rank"), [(1, 1), (2, 1), (5, 5), (6, 3), (40, 40)])
def test_the_factor_gives_the_matrix_back_singular_or_not(size, rank):
    matrix = random_correlations(size, rank, 1)
    lower = factor(matrix)
    assert np.array_equal(lower, np.tril(lower))
    # a pivot below 1e-4 counts as 0
    np.testing.assert_allclose(lower @ lower.T, matrix, atol=1e-7)


def test_the_nearest_matrix_is_higham_s():
    # Higham 2002, section 5: nearest to the tridiagonal of ones.
    matrix = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    expected = [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]
    np.testing.assert_allclose(nearest(matrix), expected, atol=5e-5)  # printed to four digits


def test_the_nearest_to_a_feasible_one_is_itself():
    matrix = random_correlations(6, 6, 2)
    np.testing.assert_allclose(nearest(matrix), matrix, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_nearest_is_feasible_and_no_feasible_one_on_the_way_is_nearer(seed):
    rng = np.random.default_rng(seed)
    matrix = np.clip(np.triu(rng.uniform(-1.0, 1.0, (7, 7)), 1), -1.0, 1.0)
    matrix = matrix + matrix.T + np.eye(7)
    repaired = nearest(matrix)
    assert is_feasible(repaired)
    distance = np.linalg.norm(repaired - matrix)
    for other in (random_correlations(7, 7, s) for s in range(20)):
        step = repaired + 0.01 * (other - repaired)  # feasible: they are a convex set
        assert np.linalg.norm(step - matrix) >= distance - 1e-9


def test_three_that_cannot_be_are_named_with_what_could_be():
    error = refuse_infeasible(IMPOSSIBLE, ("a", "b", "c"), np.full((3, 3), True))
    assert "a with b 0.9, a with c -0.9, b with c 0.9" in error.message
    assert "given the other two, that of a with b must lie between -1 and -0.62" in error.message
    assert "repair = true" in error.hint


def test_many_that_cannot_be_are_named_by_where_they_fail():
    # Every three of them can be, all four cannot: the smallest eigenvalue is 1 - 3 * 0.4.
    matrix = np.full((4, 4), -0.4) + 1.4 * np.eye(4)
    error = refuse_infeasible(matrix, ("a", "b", "c", "d"), np.full((4, 4), True))
    assert "smallest eigenvalue of their matrix is -0.2, below 0" in error.message
    assert "a with b -0.4" in error.message


def stated_pairs(size, **pairs):
    matrix, stated = np.eye(size), np.eye(size, dtype=bool)
    for name, r in pairs.items():
        i, j = int(name[1]), int(name[2])
        matrix[i, j] = matrix[j, i] = r
        stated[i, j] = stated[j, i] = True
    return matrix, stated


def test_a_chain_and_a_star_are_filled_with_products():
    found = complete(*stated_pairs(4, r01=0.8, r12=0.8, r13=-0.5))
    pairs = [found[i, j] for i, j in ((0, 1), (1, 2), (1, 3), (0, 2), (0, 3), (2, 3))]
    # sweeps end at 1e-12
    np.testing.assert_allclose(pairs, [0.8, 0.8, -0.5, 0.64, -0.4, -0.4], atol=1e-11)


def test_a_ring_is_filled_so_that_nothing_else_is_said():
    matrix, stated = stated_pairs(4, r01=0.8, r12=0.6, r23=0.5, r03=0.3)
    found = complete(matrix, stated)
    np.testing.assert_array_equal(found[stated], matrix[stated])
    np.testing.assert_allclose(np.linalg.inv(found)[~stated], 0.0, atol=1e-9)


def test_perfect_correlations_are_passed_on():
    found = complete(*stated_pairs(3, r01=1.0, r12=-1.0))
    assert found[0, 2] == pytest.approx(-1.0, abs=1e-8)  # blocks stop 1e-9 short of one


def test_what_is_impossible_is_left_unfilled():
    matrix, stated = stated_pairs(4, r01=0.9, r12=0.9, r02=-0.9)
    found = complete(matrix, stated)
    assert not is_feasible(found)
    np.testing.assert_array_equal(found[3, :3], 0.0)

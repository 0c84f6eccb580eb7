"""Draws put into the order of their points, against numpy's indexing."""

import numpy as np
import pytest

from wattif.engine.reorder import multiply_in_order, restore_order

N = 512


@pytest.fixture
def block():
    generator = np.random.default_rng(11)
    place = np.arange(N, dtype=np.uint16)
    generator.shuffle(place)
    rows = np.full((4, N + 8), 7.0)
    rows[2, :N] = generator.normal(size=N)
    return generator.normal(size=N), place, rows


def test_a_row_takes_the_draws_from_their_places(block):
    flat, place, rows = block
    before = rows.copy()
    restore_order(flat, place, rows, 1)
    np.testing.assert_array_equal(rows[1, :N], flat[place])
    np.testing.assert_array_equal(rows[[0, 2, 3]], before[[0, 2, 3]])
    assert (rows[:, N:] == 7.0).all()


@pytest.mark.parametrize("target", [1, 2, 3])
@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_a_row_takes_their_product_with_another_and_a_scale(block, target, scale):
    flat, place, rows = block
    before = rows.copy()
    multiply_in_order(flat, place, rows, 2, scale, target)
    np.testing.assert_array_equal(rows[target, :N], before[2, :N] * flat[place] * scale)
    others = [row for row in range(4) if row != target]
    np.testing.assert_array_equal(rows[others], before[others])
    assert (rows[:, N:] == 7.0).all()


def test_places_may_be_those_of_the_largest_block():
    n = 2**16
    flat, place = np.arange(n, dtype=np.float64), np.arange(n, dtype=np.uint16)[::-1].copy()
    rows = np.zeros((1, n))
    restore_order(flat, place, rows, 0)
    np.testing.assert_array_equal(rows[0], flat[::-1])

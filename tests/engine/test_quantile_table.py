"""Tables: their layout, their splits, and what cannot be tabulated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from wattif.distributions import Shape, make
from wattif.engine.quantile_table import ROWS, SEGMENTS, SIDE, TERMS, TableError, build


def shape_of(family, truncate=None, **parameters):
    return make(family, parameters, truncate).shape()


def look_up(table, p, upper):
    """Evaluate a table in the plainest way, as its docstring tells it."""
    mantissa, exponent = np.frexp(p)
    segment = int((2 * mantissa - 1) * SEGMENTS)
    s = 2 * ((2 * mantissa - 1) * SEGMENTS - segment) - 1
    row = (exponent + 52) * SEGMENTS + segment + (SIDE if upper else 0)
    if first := table.link[row]:
        pieces = np.arange(first, table.link[first] + 1)
        row = pieces[table.begin[pieces] <= s][-1]
        s -= table.begin[row]
    return np.polynomial.polynomial.polyval(s, table.coefficients[row])


def test_the_layout_is_52_octaves_of_16_segments_a_side():
    table = build(shape_of("normal", mean=0, sd=1))
    assert table.coefficients.shape == (1664, 6)
    assert not table.link.any()
    assert table.coefficients.flags.c_contiguous


@pytest.mark.parametrize("upper", [False, True])
def test_a_look_up_by_hand(upper):
    shape = shape_of("normal", mean=0, sd=1)
    table = build(shape)
    for p in (2.0**-53, 1e-15, 0.001, 0.25, 0.4999, 0.5 - 2.0**-53):
        exact = shape.quantile(np.array([p]), upper)[0]
        assert look_up(table, p, upper) == pytest.approx(exact, abs=1e-11)


@pytest.mark.parametrize("mode", [1e-9, 0.03, 0.2, 0.25, 0.4, 0.5, 0.6, 0.77, 1 - 1e-7])
def test_a_kink_splits_its_segment(mode):
    shape = shape_of("triangular", min=0, mode=mode, max=1)
    table = build(shape)
    # A kink at a segment's end needs no split: 0.25 and 0.5 are.
    assert len(table.link) == ROWS + 2 * (mode not in (0.25, 0.5))
    near, upper = min(mode, 1 - mode), mode > 0.5
    for p in (near * (1 - 1e-12), near * (1 + 1e-12), near * 0.999, near * 1.001):
        if p < 0.5:
            exact = shape.quantile(np.array([p]), upper)[0]
            assert look_up(table, p, upper) == pytest.approx(exact, abs=1e-11)


def test_kinks_close_together_and_beyond_the_grid():
    jumps = np.array([1e-20, 0.3, 0.3 + 1e-9, 0.301, 0.5, 0.9, 1 - 1e-17])

    def stairs(p, upper):
        u = 1 - p if upper else p
        return np.searchsorted(jumps, u) + 0.1 * u

    table = build(Shape("table", key=("stairs",), quantile=stairs, kinks=tuple(jumps)))
    assert len(table.link) == ROWS + 4 + 2  # those at 0.5 and below 2^-53 split nothing
    for u in (0.2999, 0.3 + 5e-10, 0.3005, 0.302, 0.4999):
        assert look_up(table, u, upper=False) == pytest.approx(stairs(u, False), abs=1e-9)
    for p in (0.0999, 0.1001, 1e-15):
        assert look_up(table, p, upper=True) == pytest.approx(stairs(p, True), abs=1e-9)


def test_what_bends_too_much_is_halved():
    smooth, steep = build(shape_of("student-t", df=5)), build(shape_of("student-t", df=0.3))
    assert len(smooth.link) == ROWS
    assert len(steep.link) > ROWS
    first = steep.link[:ROWS][steep.link[:ROWS] > 0]
    reached = [piece for one in first for piece in range(one, steep.link[one] + 1)]
    assert reached == list(range(ROWS, len(steep.link)))  # each piece once


def test_location_and_scale_do_not_change_a_shared_table():
    one = build(shape_of("lognormal", median=1, sigma=80))
    other = build(shape_of("lognormal", median=1e9, sigma=1e-6))
    third = build(shape_of("normal", mean=-1e12, sd=1))
    for table in (other, third):
        np.testing.assert_array_equal(table.coefficients, one.coefficients)


def rough(p, upper):
    return np.sin(1e7 * (1 - p if upper else p))


def undefined(p, upper):
    return np.where(p < 0.1, np.nan, p)


@pytest.mark.parametrize("quantile", [rough, undefined])
def test_what_cannot_be_tabulated_is_refused(quantile):
    with pytest.raises(
        TableError, match=r"cannot be sampled to nine digits.*too rough near u = [\d.e-]+$"
    ):
        build(Shape("table", key=(quantile.__name__,), quantile=quantile))


def test_an_undeclared_jump_is_found_to_the_last_uniform():
    def step(p, upper):
        u = 1 - p if upper else p
        return np.where(u < 0.3, u, 1 + u)

    table = build(Shape("table", key=("step",), quantile=step))
    k = np.floor(0.3 * 2.0**52) + np.array([-9.0, -2.0, 2.0, 9.0])
    for p in (k + 0.5) * 2.0**-52:
        assert look_up(table, p, upper=False) == pytest.approx(step(p, False), abs=1e-10)


def test_a_tail_inside_is_as_good_as_one_at_the_end():
    """Two halves of a normal's tails meet at u = 0.3, at +-infinity."""

    def inner(p, upper):
        below = (0.7 - p) if upper else (p - 0.3)
        z = special.ndtri(np.maximum(np.abs(below), 2.0**-54))
        return np.where(below > 0.0, 20.0 + z, -z)

    table = build(Shape("table", key=("inner",), quantile=inner))
    for away in (1e-3, 1e-6, 1e-9, 1e-12):
        for p in (0.3 - away, 0.3 + away):
            # p - 0.3 is off by 2^-55, which moves z by 0.2 of that over away.
            allowed = 1e-9 + 2.0**-54 / away
            assert abs(look_up(table, p, upper=False) - inner(p, False)) < allowed


def test_a_smooth_quantile_function_is_asked_for_each_segment_once():
    """Once at the nodes, once between them: nothing is halved, which is what takes time."""
    smooth = shape_of("logit-normal", median=0.5, sigma=0.2)
    asked = []

    def quantile(p, upper):
        asked.append(p.size)
        return smooth.quantile(p, upper)

    build(replace(smooth, quantile=quantile))
    assert sum(size for size in asked if size > 2) == (TERMS + 3) * ROWS

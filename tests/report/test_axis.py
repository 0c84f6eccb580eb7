"""Axes hold what they are made for, and carry few round ticks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattif.report.axis import Axis, choose_axis
from wattif.report.labels import make_labels
from wattif.report.numbers import Numbers

SIZES = st.floats(1e-12, 1e15)


@given(st.lists(st.one_of(SIZES, SIZES.map(lambda x: -x)), min_size=1, max_size=6))
def test_everything_lies_on_the_axis_in_order(values):
    axis = choose_axis(values)
    places = [axis.place(value) for value in sorted(values)]
    assert all(0 <= place <= 100 for place in places)
    assert places == sorted(places)


@given(SIZES, st.floats(1.01, 1e9))
def test_there_are_two_to_five_ticks_and_their_labels_differ(low, ratio):
    axis = choose_axis([low, low * ratio])
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= 5
    labels = make_labels(Numbers(), [low, low * ratio], "GWh").of(axis, ticks)
    assert len(set(labels)) == len(ticks)


def test_an_axis_is_logarithmic_if_numbers_span_more_than_fifteen():
    assert choose_axis([1, 15]).kind == "linear"
    assert choose_axis([1, 16]).kind == "log"
    assert choose_axis([-1, 1e6]).kind == "linear"


def test_zero_is_shown_where_it_is_near():
    assert choose_axis([1, 10]).low == 0
    assert choose_axis([8, 10]).low > 7


def test_what_lies_beyond_is_placed_at_the_edge():
    axis = Axis("log", 1, 100)
    assert [axis.place(x) for x in (-math.inf, 0, 1, 10, 1e9)] == [0, 0, 0, 50, 100]


@pytest.mark.parametrize(
    ("low", "high", "unit", "labels"),
    [
        (3e5, 3e9, "USD", ["$1 M", "$10 M", "$100 M", "$1 bn"]),
        (1.2, 11, "GWh", ["0", "2.5 GWh", "5.0 GWh", "7.5 GWh", "10.0 GWh"]),
        (-2.0, 2.0, "EUR", ["−€2", "−€1", "€0", "€1", "€2"]),  # noqa: RUF001
        (0.91, 0.99, "", ["0.92", "0.94", "0.96", "0.98"]),
    ],
)
def test_ticks_are_labelled_in_units_that_fit(low, high, unit, labels):
    axis = choose_axis([low, high])
    found = make_labels(Numbers(), [low, high], unit).of(axis, axis.ticks())
    assert [label.replace("\xa0", " ") for label in found] == labels

"""Intervals in other shapes: the ends stay, bounds are kept, what cannot be is refused."""

from __future__ import annotations

import math

import pytest

from wattif.distributions import BeliefError
from wattif.language.loader import load
from wattif.reshape.alternatives import SHAPES, read_as, stated_intervals, with_distributions


def stated(value):
    model = load({"quantities": {"x": value, "y": {"formula": "x * 2"}}})
    (found,) = stated_intervals(model)
    return found


POSITIVE = ["2 to 8", "0.1 to 1000", "20_000 to 30_000", "1e-9 to 2e-9"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("value", POSITIVE)
def test_every_shape_of_a_positive_interval_has_its_ends(shape, value):
    one = stated(value)
    found = read_as(shape, one)
    ends = [float(found.quantile(0.05)), float(found.quantile(0.05, upper=True))]
    assert ends == pytest.approx([one.low, one.high], rel=1e-9)
    assert found.family == shape


@pytest.mark.parametrize("shape", ["normal", "pert", "metalog"])
def test_shapes_across_zero_have_the_ends(shape):
    found = read_as(shape, stated("-3 to 5"))
    ends = [float(found.quantile(0.05)), float(found.quantile(0.05, upper=True))]
    assert ends == pytest.approx([-3, 5], rel=1e-9)
    assert float(found.quantile(0.5)) == pytest.approx(1.0, abs=1e-12)


def test_what_it_was_read_as_is_the_same_distribution():
    one = stated("2 to 8")
    assert read_as("lognormal", one) == one.read
    one = stated("-2 to 8")
    assert read_as("normal", one) == one.read


def test_a_pert_has_its_mode_in_the_geometric_middle_of_a_positive_interval():
    assert read_as("pert", stated("2 to 8")).parameters["mode"] == pytest.approx(4.0, rel=1e-12)
    assert read_as("pert", stated("-2 to 8")).parameters["mode"] == pytest.approx(3.0, rel=1e-12)


def test_a_metalog_of_a_positive_interval_stays_positive():
    assert read_as("metalog", stated("2 to 8")).support == (0.0, math.inf)
    assert read_as("metalog", stated("-2 to 8")).support == (-math.inf, math.inf)


@pytest.mark.parametrize("shape", ["normal", "lognormal", "log-uniform", "metalog"])
def test_a_domain_is_kept(shape):
    one = stated({"value": "0.3 to 0.8", "domain": [0, 1]})
    assert one.read.family == "logit-normal"
    found = read_as(shape, one)
    low, high = found.support
    assert low >= 0.0
    assert high <= 1.0
    assert found.quantile([0.05, 0.95]) == pytest.approx([0.3, 0.8], rel=1e-9)


def test_truncate_is_kept():
    one = stated({"value": "2 to 8", "truncate": [1, 10]})
    for shape in ("normal", "lognormal", "metalog"):
        low, high = read_as(shape, one).support
        assert low >= 1.0
        assert high <= 10.0


REFUSED = [
    ("lognormal", "-3 to 5", "p5 must be greater than 0, found -3"),
    ("log-uniform", "-3 to 5", "p5 must be greater than 0, found -3"),
    (
        "pert",
        {"value": "0.1 to 0.9", "domain": [0, 1]},
        "its range 0.01641 to 1.44 leaves the domain",
    ),
]


@pytest.mark.parametrize(("shape", "value", "message"), REFUSED)
def test_what_cannot_be_is_refused(shape, value, message):
    with pytest.raises(BeliefError) as refused:
        read_as(shape, stated(value))
    assert refused.value.message == message


def test_only_intervals_that_an_output_needs_count_and_each_once():
    model = load(
        {
            "quantities": {
                "x": "2 to 8",
                "idle": "1 to 2",
                "k": 3,
                "n": {"dist": "normal", "mean": 1, "sd": 1},
                "p": {"dist": "lognormal", "p5": 1, "p95": 2},
            },
            "systems": {"a": {}, "b": {}},
            "equations": {"e": {"quantities": {"y": {"formula": "x * k + n + p"}}}},
            "uses": ["e"],
        }
    )
    assert [one.key for one in stated_intervals(model)] == ["x"]
    other = read_as("normal", stated_intervals(model)[0])
    changed = with_distributions(model, {"x": other})
    assert changed.find("a", "x").belief.distribution == other
    assert changed.find("a", "n") == model.find("a", "n")
    assert changed.find("a", "x").belief.stated == "2 to 8"

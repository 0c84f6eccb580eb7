"""What lies between rival formulas, and what within."""

from __future__ import annotations

import pytest

import wattif as wi
from wattif.analysis.alternatives import find_rivalries, split_by_form

STUDY = {
    "quantities": {
        "a": {"dist": "normal", "mean": 10.0, "sd": 1.0},
        "b": {"dist": "normal", "mean": 14.0, "sd": 3.0},
        "x": {
            "alternatives": [{"formula": "a", "label": "the first law"}, {"formula": "b"}],
            "weights": [0.75, 0.25],
        },
        "y": {"formula": "2 * x"},
    }
}


@pytest.fixture(scope="module")
def tree():
    return wi.load(STUDY).run(draws=2**16)


def test_the_variance_is_split_as_its_law_says(tree):
    (rivalry,) = find_rivalries(tree)
    between = 0.75 * 0.25 * (14.0 - 10.0) ** 2
    within = 0.75 * 1.0 + 0.25 * 9.0
    share = between / (between + within)
    assert abs(rivalry.between.value - share) < 4.0 * rivalry.between.error + 0.003
    assert rivalry.between.error < 0.02


def test_each_rival_is_told_with_what_it_would_give(tree):
    first, second = split_by_form(tree, "x", "study").alternatives
    assert (first.stated, second.stated) == ("the first law", "b")
    assert first.share == pytest.approx(0.75, abs=0.002)  # a net
    assert abs(first.output.median.value - 10.0) < 5.0 * first.output.median.error
    assert abs(second.output.median.value - 14.0) < 5.0 * second.output.median.error


def test_a_study_without_rivals_has_none():
    plain = wi.load({"quantities": {"a": "1 to 2", "y": {"formula": "a"}}}).run(draws=2**10)
    assert find_rivalries(plain) == ()

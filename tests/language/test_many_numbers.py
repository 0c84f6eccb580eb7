"""Beliefs given by many numbers, as a study states them, and where a wrong one is pointed at."""

from __future__ import annotations

import jsonschema
import pytest

from wattif.errors import StudyError
from wattif.language.loader import from_resolved, load
from wattif.language.schema import json_schema

BELIEFS = {
    "through": {"dist": "metalog", "p10": 2, "p50": 5, "p90": 12, "min": 0, "unit": "m"},
    "near": {"dist": "metalog", "p5": 1, "p25": 2, "p75": 8, "p95": 12, "p50": 5, "terms": 3},
    "quoted": {"dist": "metalog", "p2.5": 1, "p97.5": 2},
    "by_coefficients": {"dist": "metalog", "coefficients": [5, 2.25, 1.5]},
    "points": {"dist": "piecewise", "values": [0, 2, 5, 10], "cumulative": [0, 0.2, 0.9, 1]},
    "bins": {"dist": "roulette", "edges": [0, 1, 2, 5], "chips": [2, 5, 3]},
    "even": {"dist": "max-entropy", "min": 0, "max": 10, "mean": 3},
    "evener": {"dist": "max-entropy", "min": 0, "max": 10, "mean": 3, "sd": 2},
}


def study(quantities):
    return {
        "quantities": {**quantities, "y": {"formula": " + ".join(f"0 * {q}" for q in quantities)}}
    }


def test_a_study_of_them_loads_and_comes_back_from_its_result():
    plain = {key: {k: v for k, v in form.items() if k != "unit"} for key, form in BELIEFS.items()}
    model = load(study(plain))
    for key, form in plain.items():
        assert model.find("study", key).belief.distribution.family == form["dist"]
        assert model.find("study", key).belief.stated.startswith(form["dist"])
    assert from_resolved(model.resolved).table == model.table


def test_editors_accept_them():
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.validate({"quantities": BELIEFS})
    assert not validator.is_valid({"quantities": {"x": {**BELIEFS["bins"], "chips": 3}}})


# form, the key that is pointed at, message
REFUSED = [
    (
        {"dist": "metalog", "p10": 1, "p50": 1.01, "p90": 9},
        "p90",
        "no metalog passes through p10 = 1, p50 = 1.01, p90 = 9: its quantile function falls "
        "below p29",
    ),
    (
        {"dist": "metalog", "p10": 1, "p90": 9, "terms": 3},
        "terms",
        "terms must be 2, found 3",
    ),
    (
        {"dist": "metalog", "coefficients": 3},
        "coefficients",
        "coefficients must be a list of numbers, found 3",
    ),
    (
        {"dist": "roulette", "edges": [0, 1, 2], "chips": [1, "2"]},
        "chips",
        'chips is the text "2"; expected a finite number',
    ),
    (
        {"dist": "piecewise", "values": [0, 1], "cumulative": [0, 100]},
        "cumulative",
        "cumulative must start at 0 and end at 1, found 0 to 100",
    ),
    (
        {"dist": "max-entropy", "min": 0, "max": 10, "mean": 5, "sd": 5},
        "sd",
        "sd of a max-entropy between 0 and 10 with mean 5 must be at most 4.642, found 5",
    ),
]


@pytest.mark.parametrize(("form", "key", "message"), REFUSED)
def test_what_is_wrong_is_pointed_at(form, key, message):
    with pytest.raises(StudyError) as refused:
        load(study({"x": form}))
    (problem,) = refused.value.problems
    assert (problem.key, problem.message) == (f"quantities.x.{key}", message)

"""[scenarios]: what is replaced, what it is called, and every refusal's words."""

from __future__ import annotations

import pytest

from wattif.errors import StudyError
from wattif.language.loader import from_resolved, load
from wattif.simulate import with_settings


def study(**scenarios):
    return {
        "quantities": {"power": "8 to 11 kW", "batch": 1.0},
        "systems": {
            "a": {"quantities": {"energy": {"formula": "power / batch"}}},
            "b": {"quantities": {"power": "20 kW", "energy": {"formula": "power / batch"}}},
        },
        "scenarios": {
            "dimension": "batch_size",
            "labels": [1, 8],
            "quantities": {"batch": [1.0, 8.0]},
            **scenarios,
        },
    }


def test_each_scenario_is_a_study_of_its_own():
    found = load(study()).scenarios
    assert (found.dimension, found.labels) == ("batch_size", (1, 8))
    values = [one.find("a", "batch").belief.value for one in found.models]
    assert values == [1.0, 8.0]
    keys = {one.find("a", "power").key for one in found.models}
    assert keys == {"power"}  # so they are drawn alike


def test_one_systems_own_value_may_be_replaced():
    replaced = {"batch": [1.0, 8.0], "b.power": ["20 kW", "25 to 30 kW"]}
    first, second = load(study(quantities=replaced)).scenarios.models
    assert first.find("b", "power").belief.value == 20.0
    assert second.find("b", "power").belief.distribution.family == "lognormal"
    assert second.find("a", "power") == first.find("a", "power")


def test_settings_reach_all_scenarios():
    model = with_settings(load(study()), draws=2**12, seed=3)
    assert {one.run.seed for one in model.scenarios.models} == {3}
    assert model.resolved["study"]["run"]["draws"] == 2**12


def test_a_resolved_study_has_the_same_scenarios():
    model = load(study())
    assert from_resolved(model.resolved).scenarios == model.scenarios


REFUSED = {
    "no dimension": ({"dimension": "a b"}, "dimension", "expected a name of ASCII letters"),
    "a dimension that results have": ({"dimension": "system"}, "dimension", "expected a name"),
    "a quantity's name": ({"dimension": "batch"}, "dimension", "is a quantity's name too"),
    "one label": ({"labels": [1]}, "labels", "found 1; expected at least 2"),
    "the same label": ({"labels": [8, 8]}, "labels", "found one of them twice"),
    "numbers and texts": ({"labels": [1, "8"]}, "labels", "found numbers and texts"),
    "a table for a label": ({"labels": [1, {}]}, "labels[1]", "expected a number or a text"),
    "too few values": (
        {"quantities": {"batch": [1.0]}},
        "quantities.batch",
        "found 1 values; expected 2, one a label",
    ),
    "no list": ({"quantities": {"batch": 1.0}}, "quantities.batch", "expected a list"),
    "nothing replaced": ({"quantities": {}}, "quantities", "expected at least 1"),
    "an unknown quantity": (
        {"quantities": {"batsh": [1.0, 2.0]}},
        "quantities.batsh",
        "no output needs batsh",
    ),
    "an unknown system": (
        {"quantities": {"c.power": ["1 kW", "2 kW"]}},
        "c.power",
        "no system is called 'c'",
    ),
    "a misspelt key": ({"lables": [1, 2]}, "scenarios.lables", "unknown key lables"),
    "a wrong unit": ({"quantities": {"power": ["1 kW", "1 USD"]}}, "power", "expected a unit like"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name):
    scenarios, key, words = REFUSED[name]
    with pytest.raises(StudyError) as caught:
        load(study(**scenarios))
    problem = next(one for one in caught.value.problems if words in one.message)
    assert key in problem.key


@pytest.mark.parametrize(("typed", "meant"), [("batsh", "batch"), ("a.batsh", "a.batch")])
def test_a_quantity_that_nothing_needs_is_answered_by_the_nearest(typed, meant):
    with pytest.raises(StudyError, match=f"no output needs {typed}") as caught:
        load(study(quantities={typed: [1.0, 2.0]}))
    hints = [one.hint for one in caught.value.problems]
    assert hints == [f"did you mean '{meant}'?"]


def test_a_replaced_value_is_pointed_at_where_it_stands(tmp_path):
    text = """\
[quantities]
x = 1.0
y = { formula = "2 * x" }

[scenarios]
dimension = "year"
labels = [2024, 2025]
[scenarios.quantities]
x = [1.0, "2 to 1"]
"""
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load(path)
    (problem,) = caught.value.problems
    assert problem.line == 9
    assert problem.column > 10

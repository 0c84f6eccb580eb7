"""Rival definitions of a quantity: one choice a draw, seen by all."""

from __future__ import annotations

import numpy as np
import pytest

import wattif as wi
from wattif.errors import StudyError
from wattif.language.loader import from_resolved, load

RIVALS = {
    "alternatives": [{"formula": "2 * a"}, "3 kWh", {"value": 5.0, "unit": "Wh"}],
    "weights": [2.0, 1.0, 1.0],
    "unit": "kWh",
    "label": "Energy",
}


def study(rivals=RIVALS, **more):
    quantities = {"a": "1 kWh", "x": rivals, "y": {"formula": "2 * x"}, **more}
    return {"quantities": quantities}


def test_each_draw_takes_one_by_its_weight():
    tree = wi.load(study()).run(draws=2**14)
    x = tree["prior"]["x"].values.ravel()
    values, counts = np.unique(x, return_counts=True)
    np.testing.assert_allclose(values, [0.005, 2.0, 3.0], rtol=1e-12)
    np.testing.assert_allclose(counts / x.size, [0.25, 0.5, 0.25], atol=0.002)  # Sobol: 1/n


def test_all_uses_share_the_choice():
    more = {"z": {"formula": "where(x_form == 1, 10, 20) + (x - x) / a"}}
    prior = wi.load(study(**more)).run(draws=2**10)["prior"]
    np.testing.assert_array_equal(prior["y"].values, 2.0 * prior["x"].values)
    np.testing.assert_array_equal(prior["z"].values == 10.0, np.isclose(prior["x"].values, 2.0))


def test_without_weights_all_are_alike():
    model = load(study({"alternatives": [1.0, 2.0]}))
    assert model.find("study", "x_form").belief.distribution.weights == (1.0, 1.0)


def test_it_is_an_output_like_a_formula_and_keeps_its_label():
    model = load(study())
    assert model.outputs == ("x", "y")
    assert model.find("study", "x").label == "Energy"
    assert model.find("study", "x_form").label == "Form of Energy"


def test_systems_share_a_shared_choice_and_evaluate_it_themselves():
    systems = {key: {"quantities": {"a": f"{n} kWh"}} for key, n in (("s", 1), ("t", 7))}
    data = {**study(), "systems": systems}
    del data["quantities"]["a"]
    x = wi.load(data).run(draws=2**10)["prior"]["x"].values
    first = np.isclose(x[..., 0], 2.0)
    np.testing.assert_array_equal(first, np.isclose(x[..., 1], 14.0))


def test_an_equation_set_may_have_them():
    sets = {"law": {"quantities": {"a": {"unit": "kWh"}, "x": RIVALS}}}
    data = {"equations": sets, "uses": ["law"], "quantities": {"a": "1 kWh"}}
    assert load(data).outputs == ("x",)


def test_a_resolved_study_is_the_same():
    model = load(study())
    assert from_resolved(model.resolved) == model


REFUSED = {
    "one": ({"alternatives": [1.0]}, "x.alternatives", "at least 2"),
    "no list": ({"alternatives": "a"}, "x.alternatives", "expected a list"),
    "too few weights": ({**RIVALS, "weights": [1.0]}, "x.weights", "found 1; expected 3"),
    "no weight": ({**RIVALS, "weights": [0.0] * 3}, "x.weights", "weights"),
    "an unknown name": ({"alternatives": [1.0, {"formula": "b"}]}, "[1].formula", "needs 'b'"),
    "another dimension": (
        {"alternatives": ["1 kWh", "2 USD"]},
        "x.alternatives",
        "but 'x_2' is in",
    ),
    "itself": ({"alternatives": [1.0, {"formula": "x"}]}, "quantities.x", "circle"),
    "an absent one": ({"alternatives": [1.0, {"absent": "why"}]}, "alternatives[1]", ""),
    "a misspelt key": ({**RIVALS, "weigths": [1.0]}, "x.weigths", "unknown key weigths"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name):
    rivals, key, words = REFUSED[name]
    with pytest.raises(StudyError) as caught:
        load(study(rivals))
    problem = caught.value.problems[0]
    assert key in problem.key
    assert words in problem.message


def test_its_names_must_be_free():
    with pytest.raises(StudyError, match="x has alternatives, and so needs the name x_form"):
        load(study(x_form=1.0))

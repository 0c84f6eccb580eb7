"""Parameters that are quantities: lookup, units, absence, refusals; and what the draws then do."""

from __future__ import annotations

import math

import numpy as np
import pytest

import wattif as wi
from wattif.errors import StudyError
from wattif.language.loader import from_resolved, load


def study(quantities, outputs=("x",), **more):
    return {"quantities": quantities, "run": {"outputs": list(outputs)}, **more}


def statistics(tree, name, label):
    return (
        tree["summary"][name].sel(statistic=label).item(),
        tree["summary_error"][name].sel(statistic=label).item(),
    )


HIERARCHY = {
    "base": {"dist": "normal", "mean": 10.0, "sd": 2.0, "unit": "USD"},
    "x": {"dist": "normal", "mean": "base", "sd": 1.5, "unit": "USD"},
}


def test_a_normal_about_a_normal_has_the_sum_of_variances():
    tree = wi.load(study(HIERARCHY)).run(draws=2**16)
    sd, error = statistics(tree, "x", "sd")
    assert abs(sd - math.hypot(2.0, 1.5)) < 5.0 * error


def test_a_coin_of_uncertain_bias_has_its_mean():
    quantities = {
        "bias": {"dist": "beta", "alpha": 2.0, "beta": 5.0},
        "x": {"dist": "bernoulli", "p": "bias"},
    }
    mean, error = statistics(wi.load(study(quantities)).run(draws=2**16), "x", "mean")
    assert abs(mean - 2.0 / 7.0) < 5.0 * error


def test_two_regimes():
    quantities = {
        "busy": {"dist": "bernoulli", "p": 0.25},
        "x": {"dist": "exponential", "mean": "where(busy, 8, 2)"},
    }
    tree = wi.load(study(quantities)).run(draws=2**16)
    mean, error = statistics(tree, "x", "mean")
    assert abs(mean - 3.5) < 5.0 * error
    # Var = E[Var] + Var[E]: (0.25 * 64 + 0.75 * 4) + 0.25 * 0.75 * 36
    sd, error = statistics(tree, "x", "sd")
    assert abs(sd - math.sqrt(25.75)) < 5.0 * error


def test_units_are_those_of_the_quantity_and_convert():
    quantities = {
        "base": "2 kWh",
        "x": {"dist": "normal", "mean": "base", "sd": 100.0, "unit": "Wh"},
        "y": {"dist": "normal", "mean": "base", "sd": 0.1},
        "z": {"dist": "lognormal", "median": "base", "sigma": 0.5},
    }
    model = load(study(quantities, ("x", "y", "z")))
    assert model.units["x"].text == "Wh"
    assert model.units["y"].text == "kWh"  # that of its mean
    tree = wi.load(study(quantities, ("x", "y", "z"))).run(draws=2**12)
    assert statistics(tree, "x", "mean")[0] == pytest.approx(2000.0, rel=1e-3)
    assert statistics(tree, "z", "p50")[0] == pytest.approx(2.0, rel=1e-2)


def test_a_unit_that_is_a_pure_number_is_kept():
    """Hour/day has no dimension left, but its numbers are not those of 1."""
    quantities = {
        "base": "6 to 8 hour/day",
        "x": {"dist": "normal", "mean": "base", "sd": 1.0},
    }
    model = load(study(quantities))
    assert model.units["x"].text == "hour/day"
    tree = wi.load(study(quantities)).run(draws=2**12)
    assert statistics(tree, "x", "sd")[0] == pytest.approx(1.16, rel=0.05)


def test_a_shared_quantity_is_drawn_once_and_placed_by_each_system():
    quantities = {"noise": {"dist": "normal", "mean": "level", "sd": 1.0}}
    systems = {
        key: {"quantities": {"level": level, "x": {"formula": "noise"}}}
        for key, level in (("a", 10.0), ("b", 20.0))
    }
    tree = wi.load({"quantities": quantities, "systems": systems}).run(draws=2**10)
    draws = tree["prior"]["x"].values
    np.testing.assert_allclose(draws[..., 1] - draws[..., 0], 10.0, rtol=1e-12)


def test_the_kept_draws_hold_its_values():
    tree = wi.load(study({**HIERARCHY, "y": {"formula": "2 * x"}}, ["y"])).run(draws=2**10)
    prior = tree["prior"]
    assert set(prior.data_vars) == {"y", "base", "x"}
    np.testing.assert_array_equal(2.0 * prior["x"].values, prior["y"].values[..., 0])
    row = tree["inputs"].to_dataset().sel(quantity="x")
    assert row["kind"].item() == "conditional"
    assert row["reading"].item() == "normal(mean = base, sd = 1.5)"


def test_it_is_absent_with_what_it_needs():
    quantities = {**HIERARCHY, "base": {"absent": "nobody knows", "unit": "USD"}}
    tree = wi.load(study(quantities)).run(draws=2**10)
    assert "nobody knows" in tree["status"]["x"].item()


def test_a_resolved_study_is_the_same():
    model = load(study(HIERARCHY))
    assert from_resolved(model.resolved) == model


def test_it_may_be_the_default_of_an_equation_set():
    equations = {
        "noisy": {
            "quantities": {
                "level": {"unit": "USD"},
                "noise": {
                    "unit": "USD",
                    "default": {"dist": "normal", "mean": "level", "sd": 1.0},
                },
                "x": {"formula": "2 * noise", "unit": "USD"},
            }
        }
    }
    data = {"equations": equations, "uses": ["noisy"], "quantities": {"level": "5 USD"}}
    assert statistics(wi.load(data).run(draws=2**12), "x", "mean")[0] == pytest.approx(10, rel=1e-3)


SHAPES = {
    "few": {"dist": "uniform", "min": 1.0, "max": 3.0},
    "many": {"dist": "uniform", "min": 1.0, "max": 100.0},
    "any": {"dist": "uniform", "min": -1.0, "max": 1.0},
}


def test_a_shape_varies_from_draw_to_draw():
    quantities = {**SHAPES, "x": {"dist": "beta", "alpha": "few", "beta": 2.0}}
    mean, error = statistics(wi.load(study(quantities)).run(draws=2**16), "x", "mean")
    assert abs(mean - (1.0 - math.log(5.0 / 3.0))) < 5.0 * error  # E[a / (a + 2)]


def test_a_shape_and_a_scale_vary_together():
    quantities = {**SHAPES, "x": {"dist": "gamma", "shape": "few", "scale": "1 / few"}}
    tree = wi.load(study(quantities)).run(draws=2**16)
    mean, error = statistics(tree, "x", "mean")
    assert abs(mean - 1.0) < 5.0 * error
    sd, error = statistics(tree, "x", "sd")  # Var = E[1 / few]
    assert abs(sd - math.sqrt(math.log(3.0) / 2.0)) < 5.0 * error


def test_systems_have_grids_of_their_own():
    quantities = {"x": {"dist": "gamma", "shape": "k", "scale": 1.0}}
    systems = {
        key: {"quantities": {"k": {"dist": "uniform", "min": low, "max": low + 1.0}}}
        for key, low in (("a", 2.0), ("b", 20.0))
    }
    tree = wi.load({**study(quantities), "systems": systems}).run(draws=2**14)
    means = tree["summary"]["x"].sel(statistic="mean").values
    np.testing.assert_allclose(means, [2.5, 20.5], rtol=0.01)


def test_a_system_may_know_the_shape_that_others_draw():
    quantities = {"x": {"dist": "gamma", "shape": "k", "scale": 1.0}}
    systems = {
        "unsure": {"quantities": {"k": {"dist": "uniform", "min": 2.0, "max": 3.0}}},
        "sure": {"quantities": {"k": 5.0}},
    }
    tree = wi.load({**study(quantities), "systems": systems}).run(draws=2**14)
    means = tree["summary"]["x"].sel(statistic="mean").values
    np.testing.assert_allclose(means, [2.5, 5.0], rtol=0.01)


def test_a_shape_known_everywhere_is_no_trouble():
    quantities = {"k": 5.0, "x": {"dist": "gamma", "shape": "k", "scale": 1.0}}
    tree = wi.load(study(quantities)).run(draws=2**14)
    assert statistics(tree, "x", "mean")[0] == pytest.approx(5.0, rel=0.01)


def test_a_shape_by_formula_in_one_system_is_refused():
    quantities = {"x": {"dist": "gamma", "shape": "k", "scale": 1.0}}
    systems = {
        "a": {"quantities": {"k": {"dist": "uniform", "min": 2.0, "max": 3.0}}},
        "b": {"quantities": {"q": 1.0, "k": {"formula": "q + 1"}}},
    }
    with pytest.raises(StudyError, match="has no closed form, and so may not be a formula"):
        load({**study(quantities), "systems": systems})


REFUSED = {
    "unknown name": ({"dist": "normal", "mean": "bass", "sd": 1.0}, "x needs 'bass'", "'base'"),
    "no formula": ({"dist": "normal", "mean": "base +", "sd": 1.0}, "after '+'", ""),
    "a number with a unit": (
        {"dist": "normal", "mean": "5 USD", "sd": 1.0},
        "'USD'",
        "write the number alone",
    ),
    "a number in quotes": (
        {"dist": "normal", "mean": "5", "sd": 1.0},
        'mean is the text "5"; expected a finite number, or a quantity',
        "write the number alone",
    ),
    "another dimension": (
        {"dist": "normal", "mean": "base", "sd": 1.0, "unit": "kWh"},
        "its unit is kWh",
        "",
    ),
    "a shape with a unit": (
        {"dist": "lognormal", "median": 1.0, "sigma": "base"},
        "x: the formula gives",
        "",
    ),
    "truncated": (
        {"dist": "normal", "mean": "base", "sd": 1.0, "truncate": [0, 1]},
        "truncate needs numbers for parameters",
        "max(x, 0)",
    ),
    "a shape by a formula": (
        {"dist": "gamma", "shape": "2 * few", "scale": 1.0},
        "the shape of gamma has no closed form, and so may not be a formula",
        "name one quantity with a distribution of its own",
    ),
    "a shape that varies too much": (
        {"dist": "student-t", "df": "many"},
        "the df of student-t cannot vary from 1 to 100: its tails change too much",
        "truncate",
    ),
    "a shape beyond its bounds": (
        {"dist": "gamma", "shape": "any", "scale": 1.0},
        "the shape of gamma cannot vary from -1 to 1: shape must be",
        "truncate",
    ),
    "a shape of separate values": (
        {"dist": "poisson", "mean": "few"},
        "its draws are separate values",
        "",
    ),
    "corners": (
        {"dist": "double-triangular", "min": 0.0, "mode": "few", "max": 10.0, "p": 0.3},
        "its quantiles have corners",
        "",
    ),
    "numbers that make no distribution": (
        {"dist": "student-t", "df": -1.0, "location": "few", "scale": 1.0},
        "df must be",
        "",
    ),
    "numbers that break a condition": (
        {"dist": "normal", "mean": "few", "sd": -1.0},
        "normal needs sd > 0",
        "",
    ),
    "bounds the wrong way round": (
        {"dist": "triangular", "min": 5.0, "mode": "few", "max": 3.0},
        "triangular needs min < max",
        "",
    ),
    "a list": ({"dist": "normal", "mean": "few", "sd": [1.0]}, "sd must be a number", ""),
    "true": ({"dist": "normal", "mean": "few", "sd": True}, "sd must be a number", ""),
    "lists of values": (
        {"dist": "discrete", "values": "few", "weights": [1.0]},
        "the parameters of discrete must all be numbers",
        "",
    ),
    "a domain": (
        {"dist": "normal", "mean": "few", "sd": 1.0, "domain": [0, 1]},
        "domain cannot be kept to",
        "min(max(x, 0), 1)",
    ),
    "itself": ({"dist": "normal", "mean": "x", "sd": 1.0}, "circle", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name):
    form, words, hint = REFUSED[name]
    with pytest.raises(StudyError) as caught:
        load(study({"base": "5 USD", **SHAPES, "x": form}))
    problem = caught.value.problems[0]
    assert words in problem.message
    assert hint in problem.hint
    assert problem.key.startswith("quantities.x")


def test_it_cannot_be_correlated():
    correlate = [{"quantities": ["base", "x"], "rank": 0.5}]
    with pytest.raises(StudyError, match="x is given other quantities"):
        load(study(HIERARCHY, correlate=correlate))

"""Every rule gives the very quantiles that the family has when its parameters are numbers."""

from __future__ import annotations

import numpy as np
import pytest

from wattif.distributions import FAMILIES, BeliefError, make
from wattif.distributions.conditional import RULES, find_recipe
from wattif.language.expression import Call, Draw, Name, Number
from wattif.language.functions import FUNCTIONS
from wattif.language.loader import load

U = np.concatenate([np.logspace(-12, -0.4, 30), [0.5], 1.0 - np.logspace(-0.4, -12, 30)])
PARAMETERS = {
    "mean": 3.0,
    "sd": 0.7,
    "median": 2.0,
    "sigma": 0.4,
    "min": 1.0,
    "mode": 1.5,
    "max": 4.0,
    "rate": 0.3,
    "shape": 1.7,
    "scale": 2.5,
    "location": -1.0,
    "p": 0.3,
    "alpha": 2.0,
    "beta": 3.0,
    "df": 4.0,
}


def evaluate(expression, values):
    match expression:
        case Number(value):
            return np.asarray(value)
        case Name(name):
            return np.asarray(values[name])
        case Draw():
            return values["the draw"]
        case Call(function, arguments):
            with np.errstate(all="ignore"):
                return FUNCTIONS[function].evaluate(*(evaluate(one, values) for one in arguments))


def cases():
    for family, rules in RULES.items():
        for rule in rules:
            forms = [
                form
                for form in FAMILIES[family].forms
                if rule.names <= set(form.names) and not form.percentiles
            ]
            names = [name for name in forms[0].names if name in PARAMETERS]
            yield pytest.param(family, rule, names, id=f"{family}({', '.join(sorted(rule.names))})")


@pytest.mark.parametrize(("family", "rule", "names"), list(cases()))
def test_the_rule_gives_the_quantiles_of_the_family(family, rule, names):
    parameters = {name: PARAMETERS[name] for name in names}
    fixed = {name: x for name, x in parameters.items() if name not in rule.names}
    recipe = find_recipe(family, fixed, tuple(rule.names))
    assert recipe.rule == rule
    study = {
        "quantities": {
            **{f"the_{name}": PARAMETERS[name] for name in rule.names},
            "x": {"dist": family, **fixed, **{name: f"the_{name}" for name in rule.names}},
        },
        "run": {"outputs": ["x"]},
    }
    belief = load(study).find("study", "x").belief
    values = {f"the_{name}": PARAMETERS[name] for name in rule.names}
    z = recipe.standard().quantile(U)
    found = evaluate(belief.expression, {**values, "the draw": z})
    exact = make(family, parameters).quantile(U)
    spread = np.abs(exact - np.median(exact)).clip(min=np.ptp(exact[20:40]))
    # Two roundings of a standard quantile, and an exponential of it at worst.
    assert np.all(np.abs(found - exact) <= 1e-11 * spread + 1e-12 * np.abs(exact))


@pytest.mark.parametrize("family", RULES)
def test_a_rule_is_of_a_family_and_of_its_parameters(family):
    for rule in RULES[family]:
        assert any(rule.names <= set(form.names) for form in FAMILIES[family].forms)
        assert not any("_" in name for name in rule.names)


def test_parameters_that_make_no_distribution_give_nan():
    study = {
        "quantities": {
            "spread": {"dist": "discrete", "values": [-1.0, 1.0], "weights": [1.0, 1.0]},
            "x": {"dist": "normal", "mean": 0.0, "sd": "spread"},
        },
        "run": {"outputs": ["x"]},
    }
    belief = load(study).find("study", "x").belief
    found = evaluate(belief.expression, {"spread": np.array([-1.0, 1.0]), "the draw": np.ones(2)})
    np.testing.assert_array_equal(found, [np.nan, 1.0])


@pytest.mark.parametrize(
    ("family", "numbers", "varying", "words"),
    [
        ("beta", {}, ("alpha", "beta"), "alpha and beta of beta cannot vary together; max and min"),
        ("pert", {"min": 0.0}, ("mode", "max"), "mode and max of pert cannot vary together; one"),
        ("lognormal", {"p5": 1.0}, ("p95",), "percentiles must be numbers"),
        ("normal", {"p5": 1.0}, ("p95",), "percentiles must be numbers"),
        ("normal", {"mean": 1.0}, ("sdd",), "unknown parameter 'sdd' of normal"),
        ("normal", {}, ("mean",), "normal needs sd beside mean"),
    ],
)
def test_what_cannot_vary_is_refused(family, numbers, varying, words):
    with pytest.raises(BeliefError, match=words):
        find_recipe(family, numbers, varying)

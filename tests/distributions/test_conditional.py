"""Every rule gives the very quantiles that the family has when its parameters are numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wattif.distributions import FAMILIES, BeliefError, make
from wattif.distributions.conditional import RULES, _fits, find_recipe, power_of
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
    "shape": 0.4,
    "scale": 2.5,
    "location": -1.0,
    "p": 0.3,
    "alpha": 2.0,
    "beta": 3.0,
    "df": 4.0,
    "df1": 3.0,
    "df2": 5.0,
    "ratio": 0.5,
    "margin": 0.2,
    "mode_min": 1.5,
    "mode_max": 3.0,
}
HEAVY = ("generalised-pareto", True)  # no tail goes with the mean and sd of PARAMETERS
COUNTS = ("poisson", "binomial", "negative-binomial", "geometric", "hypergeometric", "integers")
COUNTS += ("discrete", "bernoulli")
COUNTS += ("chi-square", "f")  # no scale: their quantities are pure numbers


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
    """Yield every rule with every form of its family that it serves."""
    for family, rules in RULES.items():
        for form in FAMILIES[family].forms:
            for rule in rules:
                if _fits(rule, family, form) and not form.percentiles:
                    names = [name for name in form.names if name != "shift"]
                    yield pytest.param(family, rule, names, id=f"{family}({', '.join(names)})")


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


def test_every_rule_serves_a_form():
    served = {(family, rule.formula) for family, rule, _ in (case.values for case in cases())}
    assert served == {(family, rule.formula) for family in RULES for rule in RULES[family]}


def test_mean_and_sd_of_bounds_are_no_rule_of_the_bounds():
    """They are in the quantity's unit, and would be stretched with it."""
    recipe = find_recipe("beta", {"mean": 0.5, "sd": 0.1, "min": 0.0}, ("max",))
    assert recipe.is_itself
    assert recipe.varying == "max"


SCALED = 3.0


@pytest.mark.parametrize("family", [name for name in FAMILIES if name not in COUNTS])
def test_a_parameter_has_the_power_of_the_unit_that_scaling_shows(family):
    for form in FAMILIES[family].forms:
        names = [name for name in form.names if name != "shift"]
        unknown = not set(names) <= set(PARAMETERS)
        if form.percentiles or form.lists or unknown or (family, "sd" in names) == HEAVY:
            continue
        parameters = {name: PARAMETERS[name] for name in names}
        scaled = {k: x * SCALED ** power_of(family, k) for k, x in parameters.items()}
        one, other = make(family, parameters), make(family, scaled)
        np.testing.assert_allclose(other.quantile(U), SCALED * one.quantile(U), rtol=1e-8)


@pytest.mark.parametrize("cv", [1e-12, 1e-6, 1e-3, 0.0099, 0.0101, 0.1, 3.0])
def test_a_lognormal_of_little_spread_keeps_its_digits(cv):
    study = {
        "quantities": {"m": 2.0, "x": {"dist": "lognormal", "mean": "m", "sd": 2.0 * cv}},
        "run": {"outputs": ["x"]},
    }
    expression = load(study).find("study", "x").belief.expression
    tiny = 1e-3  # so that exp does not round away what sigma has
    one, none = (float(evaluate(expression, {"m": 2.0, "the draw": z})) for z in (tiny, 0.0))
    sigma = math.sqrt(math.log1p(cv * cv))
    assert one - none == pytest.approx(none * math.expm1(sigma * tiny), rel=1e-11, abs=4e-16)


@pytest.mark.parametrize("p", [1e-12, 1e-6, 0.00099, 0.00101, 0.3])
def test_a_geometric_of_a_rare_success_keeps_its_digits(p):
    study = {
        "quantities": {"q": p, "x": {"dist": "geometric", "p": "q"}},
        "run": {"outputs": ["x"]},
    }
    expression = load(study).find("study", "x").belief.expression
    found = float(evaluate(expression, {"q": p, "the draw": 7.3}))
    assert found == pytest.approx(1.0 + math.floor(-7.3 / math.log1p(-p)), rel=1e-12)


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

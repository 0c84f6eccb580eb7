"""What is taken for a distribution, and the words in which all else is refused."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math

import numpy as np
import pytest

from wattif.distributions import FAMILIES, BeliefError, make


def refusal(family, parameters, truncate=None) -> BeliefError:
    with pytest.raises(BeliefError) as refused:
        make(family, parameters, truncate)
    return refused.value


EQUAL_FORMS = [
    (
        ("lognormal", {"median": 4, "sigma": 0.5}),
        ("lognormal", {"p50": 4, "p95": 4 * math.exp(0.5 * 1.6448536269514722)}),
    ),
    (("gamma", {"shape": 6.25, "scale": 1.6}), ("gamma", {"mean": 10, "sd": 4})),
    (("exponential", {"mean": 0.25}), ("exponential", {"rate": 4})),
    (("half-normal", {"scale": 2}), ("half-normal", {"mean": 2 * math.sqrt(2 / math.pi)})),
    (("geometric", {"p": 0.2}), ("geometric", {"mean": 5})),
    (
        ("trapezoidal", {"min": 2, "max": 4, "ratio": 0.5}),
        ("trapezoidal", {"min": 2, "mode_min": 2.5, "mode_max": 3.5, "max": 4}),
    ),
    (
        ("generalised-pareto", {"scale": 2, "shape": 0.2}),
        ("generalised-pareto", {"scale": 2, "shape": 0.2, "location": 0}),
    ),
    (
        ("student-t", {"df": 9, "location": 1, "scale": 3}),
        ("student-t", {"df": 9, "location": 1, "sd": 3 * math.sqrt(9 / 7)}),
    ),
    (
        ("student-t", {"df": 9, "mean": 1, "sd": 2}),
        ("student-t", {"df": 9, "location": 1, "sd": 2}),
    ),
    (
        ("pert", {"min": 0, "mode": 1, "max": 2}),
        ("pert", {"min": 0, "mode": 1, "max": 2, "shape": 4}),
    ),
    (("beta", {"alpha": 2, "beta": 3}), ("beta", {"alpha": 2, "beta": 3, "min": 0, "max": 1})),
]


@pytest.mark.parametrize(("one", "other"), EQUAL_FORMS)
def test_two_forms_of_one_distribution(one, other):
    first, second = make(*one), make(*other)
    assert list(first.parameters) == list(second.parameters)
    assert list(first.parameters.values()) == pytest.approx(list(second.parameters.values()))


BY_MOMENTS = [
    (family.name, form)
    for family in FAMILIES.values()
    for form in family.forms
    if {"mean", "sd"} <= set(form.required)
]
OWN_MOMENTS = {
    "beta": (0.4, 0.1),
    "max-entropy": (0.4, 0.1),
    "negative-binomial": (10.0, 6.0),
}
BESIDE = {"shape": 0.3, "df": 4.0, "min": 0.0, "max": 1.0}


@pytest.mark.parametrize(("family", "form"), BY_MOMENTS, ids=lambda x: x if type(x) is str else "")
@pytest.mark.parametrize(("mean", "sd"), [(10.0, 4.0), (1e-6, 2e-6), (0.4, 0.1)])
def test_who_is_given_by_mean_and_sd_has_them(family, form, mean, sd):
    mean, sd = OWN_MOMENTS.get(family, (mean, sd))
    beside = {name: value for name, value in BESIDE.items() if name in form.required}
    distribution = make(family, {"mean": mean, "sd": sd, **beside})
    assert (distribution.mean, distribution.sd) == pytest.approx((mean, sd), rel=1e-11)


def test_student_t_by_sd_has_it():
    distribution = make("student-t", {"df": 4, "location": 3, "sd": 2})
    assert (distribution.mean, distribution.sd) == pytest.approx((3, 2))
    assert distribution.parameters["scale"] == pytest.approx(2 * math.sqrt(0.5))


def test_integers_and_numpy_numbers_are_numbers():
    assert make("normal", {"mean": np.int64(3), "sd": np.float32(0.5)}) == make(
        "normal", {"mean": 3, "sd": 0.5}
    )


# family, parameter given instead, what is suggested
SPELLINGS = [
    ("normal", "mu", "mean"),
    ("normal", "std", "sd"),
    ("normal", "stdev", "sd"),
    ("normal", "sdev", "sd"),
    ("normal", "sigma", "sd"),
    ("normal", "loc", "mean"),
    ("normal", "scale", None),
    ("normal", "Mean", "mean"),
    ("normal", "maen", "mean"),
    ("normal", "median", "p50"),
    ("normal", "p05", "p5"),
    ("normal", "P95", "p95"),
    ("lognormal", "std", "sd"),
    ("lognormal", "average", "mean"),
    ("uniform", "low", "min"),
    ("uniform", "high", "max"),
    ("uniform", "lower", "min"),
    ("uniform", "upper", "max"),
    ("uniform", "a", "min"),
    ("uniform", "b", "max"),
    ("uniform", "minimum", "min"),
    ("uniform", "mni", "min"),
    ("triangular", "peak", "mode"),
    ("triangular", "most_likely", "mode"),
    ("triangular", "most-likely", "mode"),
    ("triangular", "c", "mode"),
    ("pert", "lambda", "shape"),
    ("beta", "a", "alpha"),
    ("beta", "b", "beta"),
    ("beta", "low", "min"),
    ("gamma", "k", "shape"),
    ("gamma", "theta", "scale"),
    ("exponential", "lambda", "rate"),
    ("exponential", "lam", "rate"),
    ("weibull", "k", "shape"),
    ("weibull", "lambda", "scale"),
    ("student-t", "nu", "df"),
    ("student-t", "loc", "location"),
    ("student-t", "dof", "df"),
    ("discrete", "probabilities", "weights"),
    ("gumbel", "loc", "location"),
    ("pareto", "xm", "min"),
    ("pareto", "alpha", "shape"),
    ("gev", "xi", "shape"),
    ("inverse-gaussian", "lambda", "shape"),
    ("gamma", "loc", "shift"),
    ("gamma", "offset", "shift"),
    ("f", "dfn", "df1"),
    ("f", "dfd", "df2"),
    ("von-mises", "concentration", "kappa"),
    ("curvilinear-trapezoid", "d", "margin"),
    ("poisson", "lambda", "mean"),
    ("binomial", "trials", "n"),
    ("negative-binomial", "r", "successes"),
    ("integers", "low", "min"),
    ("discrete", "value", "values"),
    ("bernoulli", "prob", "p"),
    ("metalog", "low", "min"),
    ("metalog", "median", "p50"),
    ("piecewise", "x", "values"),
    ("piecewise", "probabilities", "cumulative"),
    ("roulette", "bins", "edges"),
    ("roulette", "counts", "chips"),
    ("max-entropy", "upper", "max"),
    ("max-entropy", "std", "sd"),
]


@pytest.mark.parametrize(("family", "wrong", "right"), SPELLINGS)
def test_spellings_of_other_programs(family, wrong, right):
    refused = refusal(family, {wrong: 1.0})
    assert refused.parameter == wrong
    assert refused.message.startswith(f"unknown parameter {wrong!r} of {family}; it takes ")
    assert refused.hint == (f"did you mean {right!r}?" if right else "")


def test_parameters_without_an_equal_are_explained():
    assert refusal("lognormal", {"mu": 1, "sigma": 1}).hint.startswith(
        "a lognormal takes the median of x: median = exp(mu)"
    )
    assert "ln(gsd)" in refusal("lognormal", {"median": 1, "gsd": 2}).hint
    assert "scipy's is mean / shape" in refusal("inverse-gaussian", {"mu": 1, "shape": 1}).hint
    assert "1 / (1 + exp(-mu))" in refusal("logit-normal", {"mu": 0, "sigma": 1}).hint


UNKNOWN_FAMILIES = [
    ("gaussian", "normal"),
    ("Normal", "normal"),
    ("nromal", "normal"),
    ("log-normal", "lognormal"),
    ("lognorm", "lognormal"),
    ("loguniform", "log-uniform"),
    ("triangle", "triangular"),
    ("t", "student-t"),
    ("expon", "exponential"),
    ("beta-pert", "pert"),
    ("betapert", "pert"),
    ("weibul", "weibull"),
    ("fisk", "log-logistic"),
    ("chi2", "chi-square"),
    ("invgamma", "inverse-gamma"),
    ("wald", "inverse-gaussian"),
    ("gumbel_r", "gumbel"),
    ("genextreme", "gev"),
    ("genpareto", "generalised-pareto"),
    ("generalized-pareto", "generalised-pareto"),
    ("ctrap", "curvilinear-trapezoid"),
    ("trapezoid", "trapezoidal"),
    ("vonmises", "von-mises"),
    ("nbinom", "negative-binomial"),
    ("randint", "integers"),
    ("lorentz", "cauchy"),
    ("histogram", "roulette"),
    ("cdf", "piecewise"),
    ("maxent", "max-entropy"),
    ("maximum-entropy", "max-entropy"),
    ("meta-log", "metalog"),
]


@pytest.mark.parametrize(("wrong", "right"), UNKNOWN_FAMILIES)
def test_unknown_families(wrong, right):
    refused = refusal(wrong, {})
    assert refused.message == f"unknown family {wrong!r}"
    assert refused.hint == f"did you mean {right!r}?"


def test_families_out_of_reach():
    assert refusal("qwertyuiop", {}).hint.startswith("known are uniform, log-uniform, normal, ")
    message = "family 'mixture' is made of other beliefs, not of parameters"
    assert refusal("mixture", {}).message == message
    assert refusal("constant", {"value": 3}).hint == "write value = ... instead of dist"


# family, parameters, the key to blame, message, hint
REFUSED = [
    ("normal", {}, "", "normal was given no parameters; it takes mean and sd, or 2 percentiles", ""),
    ("normal", {"mean": 1}, "", "normal needs sd beside mean; it takes mean and sd, or 2 percentiles", ""),
    ("logit-normal", {"min": 1}, "", "logit-normal needs 2 percentiles beside min; it takes median and sigma (optional: min, max), or 2 percentiles (optional: min, max)", ""),
    ("triangular", {"min": 1}, "", "triangular needs mode and max beside min; it takes min, mode and max, or mode and 2 percentiles, or 3 percentiles", ""),
    ("student-t", {"location": 1}, "", "student-t needs df beside location; it takes df (optional: location, scale), or df and sd (optional: location), or df, sd and mean, or df and 2 percentiles, or 3 percentiles", ""),
    ("student-t", {"df": 3, "sd": 1, "scale": 1}, "scale", "sd and scale exclude each other in student-t; it takes df (optional: location, scale), or df and sd (optional: location), or df, sd and mean, or df and 2 percentiles, or 3 percentiles", ""),
    ("student-t", {"df": 3, "sd": 1, "mean": 1, "location": 1}, "location", "mean and location exclude each other in student-t; it takes df (optional: location, scale), or df and sd (optional: location), or df, sd and mean, or df and 2 percentiles, or 3 percentiles", ""),
    ("lognormal", {"median": 1, "sd": 1}, "sd", "median and sd exclude each other in lognormal; it takes median and sigma, or mean and sd, or 2 or 3 percentiles", ""),
    ("exponential", {"mean": 1, "rate": 1}, "rate", "mean and rate exclude each other in exponential; it takes mean, or rate, or 1 or 2 percentiles", ""),
    ("normal", {"mean": 0, "sd": -1}, "sd", "sd must be greater than 0, found -1", ""),
    ("normal", {"mean": 20, "sd": 0}, "sd", "sd must be greater than 0, found 0", "without spread it is a constant: write value = 20"),
    ("normal", {"mean": 0, "sd": math.nan}, "sd", "sd must be a finite number, found nan", ""),
    ("normal", {"mean": math.inf, "sd": 1}, "mean", "mean must be a finite number, found inf", ""),
    ("normal", {"mean": 10**400, "sd": 1}, "mean", "mean must be a finite number, found inf", ""),
    ("normal", {"mean": True, "sd": 1}, "mean", "mean must be a number, found true", ""),
    ("normal", {"mean": np.bool_(True), "sd": 1}, "mean", "mean must be a number, found true", ""),
    ("normal", {"mean": "5 GPU", "sd": 1}, "mean", "mean must be a number, found '5 GPU'", "parameters are plain numbers in the quantity's unit, without quotes"),
    ("normal", {"mean": [1, 2], "sd": 1}, "mean", "mean must be a number, found a list of 2", ""),
    ("normal", {"mean": None, "sd": 1}, "mean", "mean must be a number, found nothing", ""),
    ("normal", {"p2": {"5": 1}, "p95": 1}, "p2", "p2 must be a number, found a table", 'a percentile with a decimal point is written in quotes: "p2.5" = ...'),
    ("uniform", {"min": 1, "max": 0}, "min", "min must be less than max, found min = 1 and max = 0", "exchange min and max"),
    ("uniform", {"min": 3, "max": 3}, "min", "min must be less than max, found min = 3 and max = 3", "without spread it is a constant: write value = 3"),
    ("uniform", {"min": -1e308, "max": 1e308}, "min", "min and max are too far apart, found min = -1e+308 and max = 1e+308", ""),
    ("log-uniform", {"min": 0, "max": 1}, "min", "min must be greater than 0, found 0", ""),
    ("lognormal", {"median": -1, "sigma": 1}, "median", "median must be greater than 0, found -1", ""),
    ("lognormal", {"median": 5, "sigma": 0}, "sigma", "sigma must be greater than 0, found 0", "without spread it is a constant: write value = 5"),
    ("lognormal", {"median": 5, "sigma": 100}, "sigma", "sigma must be between 0 and 80, found 100", "sigma is the standard deviation of ln x"),
    ("lognormal", {"mean": 0, "sd": 1}, "mean", "mean must be greater than 0, found 0", ""),
    ("lognormal", {"mean": 1e-300, "sd": 1e300}, "", "lognormal with these parameters lies beyond floating-point numbers", ""),
    ("logit-normal", {"median": 2, "sigma": 1}, "median", "median must be between min = 0 and max = 1, found 2", ""),
    ("triangular", {"min": 0, "mode": 5, "max": 2}, "mode", "mode must be between min and max, found min = 0, mode = 5, max = 2", ""),
    ("triangular", {"min": 2, "mode": 1, "max": 0}, "min", "min must be less than max, found min = 2 and max = 0", "exchange min and max"),
    ("pert", {"min": 0, "mode": 1, "max": 2, "shape": 0}, "shape", "shape must be greater than 0, found 0", "leave it out for the usual 4"),
    ("beta", {"alpha": 0, "beta": 1}, "alpha", "alpha must be greater than 0, found 0", ""),
    ("beta", {"alpha": 1, "beta": 1e-5}, "beta", "beta must be between 0.01 and 1000000, found 1e-05", "nearly all of it lies at an end: a bernoulli says that more plainly"),
    ("beta", {"alpha": 1e9, "beta": 1e9}, "alpha", "alpha must be between 0.01 and 1000000, found 1000000000", "so narrow a beta is a normal: give its mean and sd"),
    ("gamma", {"shape": -1, "scale": 1}, "shape", "shape must be greater than 0, found -1", ""),
    ("gamma", {"shape": 1e6, "scale": 1}, "shape", "shape must be between 0.01 and 100000, found 1000000", "so narrow a gamma is a normal: give its mean and sd"),
    ("gamma", {"mean": 10, "sd": 0}, "sd", "sd must be greater than 0, found 0", "without spread it is a constant: write value = 10"),
    ("gamma", {"mean": 10, "sd": 0.001}, "sd", "sd of a gamma with mean 10 must be between 0.0316228 and 100, found 0.001", "so narrow a gamma is a normal: give its mean and sd"),
    ("exponential", {"rate": 0}, "rate", "rate must be greater than 0, found 0", ""),
    ("exponential", {"rate": 1e-310}, "", "exponential with these parameters lies beyond floating-point numbers", ""),
    ("weibull", {"shape": 1e4, "scale": 1}, "shape", "shape must be between 0.05 and 1000, found 10000", ""),
    ("student-t", {"df": 0.01}, "df", "df must be at least 0.1, found 0.01", "so heavy a tail leaves the range of floats"),
    ("student-t", {"df": 2, "sd": 1}, "df", "df must be greater than 2 for a t with an sd, found 2", "give its scale instead of its sd"),
    ("pareto", {"min": 0, "shape": 1}, "min", "min must be greater than 0, found 0", ""),
    ("pareto", {"min": 1, "shape": 0.01}, "shape", "shape must be between 0.1 and 1000000, found 0.01", "so heavy a tail leaves the range of floats, and a shape above hardly varies"),
    ("cauchy", {"location": 1, "scale": 0}, "scale", "scale must be greater than 0, found 0", ""),
    ("cauchy", {"mean": 1, "scale": 1}, "mean", "unknown parameter 'mean' of cauchy; it takes location and scale, or 2 percentiles", "a cauchy has no mean: give its location, the median"),
    ("gev", {"location": 0, "scale": 1, "shape": 11}, "shape", "shape must be between -10 and 10, found 11", "it is the climatologists' xi: 0 for a gumbel"),
    ("gev", {"mean": 0, "sd": 1, "shape": 0.5}, "shape", "shape of a gev with an sd must be between -10 and 0.5, found 0.5", "give its location and scale instead"),
    ("generalised-pareto", {"mean": 1, "sd": 1, "location": 2}, "mean", "mean must be greater than location = 2, found 1", ""),
    ("generalised-pareto", {"p5": 1, "p95": 3, "location": 2}, "p5", "p5 must be greater than location = 2, found 1", ""),
    ("inverse-gaussian", {"mean": 1, "shape": 1e9}, "shape", "shape must be between 0.0001 and 100000000, found 1000000000", "its sd is then beyond 0.0001 or 100 times its mean: a normal or a lognormal may do"),
    ("half-student-t", {"df": 1e7, "scale": 1}, "df", "df must be between 0.1 and 1000000, found 10000000", "with so many degrees of freedom it is a half-normal"),
    ("half-normal", {"sd": 1}, "sd", "unknown parameter 'sd' of half-normal; it takes scale, or mean, or 1 or 2 percentiles", "scale is the sd of the whole normal: scale = sd / 0.6028"),
    ("skew-normal", {"location": 0, "scale": 1, "shape": 2000}, "shape", "shape must be between -1000 and 1000, found 2000", "a half-normal is its limit"),
    ("trapezoidal", {"min": 0, "mode_min": 3, "mode_max": 2, "max": 4}, "mode_min", "min, mode_min, mode_max and max must not decrease, found min = 0, mode_min = 3, mode_max = 2, max = 4", ""),
    ("trapezoidal", {"min": 0, "max": 4, "ratio": 2}, "ratio", "ratio must be between 0 and 1, found 2", ""),
    ("double-triangular", {"min": 0, "mode": 0, "max": 4, "p": 0.5}, "p", "p = 0.5 leaves a probability of 0.5 between min = 0 and mode = 0", ""),
    ("curvilinear-trapezoid", {"min": 4, "max": 8, "margin": 2}, "margin", "margin must be less than half of max - min = 4, found 2", ""),
    ("curvilinear-trapezoid", {"min": 4, "max": 8, "margin": 0}, "margin", "margin must be greater than 0, found 0", "with limits known exactly it is a uniform"),
    ("kumaraswamy", {"p5": 0.1, "p95": 1.5}, "p95", "p95 must be between min = 0 and max = 1, found 1.5", ""),
    ("beta", {"mean": 0.5, "sd": 0.5}, "sd", "sd of a beta with mean 0.5 must be less than 0.5, found 0.5", ""),
    ("beta", {"mean": 1.5, "sd": 0.5}, "mean", "mean must be between min = 0 and max = 1, found 1.5", ""),
    ("von-mises", {"location": 0, "kappa": 0}, "kappa", "kappa must be greater than 0, found 0", "with kappa = 0 it is uniform from -pi to pi"),
    ("von-mises", {"location": 0, "kappa": 1e9}, "kappa", "kappa must be between 0 and 100000000, found 1000000000", "so narrow a von-mises is a normal"),
    ("student-t", {"df": 3, "sd": 0, "mean": 4}, "sd", "sd must be greater than 0, found 0", "without spread it is a constant: write value = 4"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "parameters", "blamed", "message", "hint"), REFUSED)
def test_refusals(family, parameters, blamed, message, hint):
    refused = refusal(family, parameters)
    assert (refused.message, refused.parameter, refused.hint) == (message, blamed, hint)
    assert str(refused) == message


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_refuses_what_is_no_number(name):
    form = FAMILIES[name].forms[0]
    for value in (math.nan, math.inf, True, "1", None):
        parameters = {key: [1.0, 2.0] if key in form.lists else 0.5 for key in form.required}
        blamed = form.required[-1]
        parameters[blamed] = [value, 1.0] if blamed in form.lists else value
        assert refusal(name, parameters).parameter.partition("[")[0] == blamed


def test_a_long_string_is_cut():
    assert len(refusal("normal", {"mean": "x" * 10_000, "sd": 1}).message) < 100
    assert len(refusal("normal", {"x" * 200: 1}).message) < 400

"""Percentiles as parameters: what goes in comes out."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from wattif.distributions import FAMILIES, BeliefError, make

PAIRS = [
    {"p5": 20_000.0, "p95": 30_000.0},
    {"p10": 1.0, "p90": 4.0},
    {"p25": 129.0, "p75": 618.0},
    {"p2.5": 0.05, "p97.5": 0.12},
    {"p50": 3.0, "p95": 3.0001},
    {"p1": 1e-12, "p99.9": 1e12},
    {"p60": 2.0, "p90": 3.0},
]


def check(distribution, percentiles):
    """Assert that the distribution has the percentiles, to 1e-9 of what lies between them."""
    p = [float(name[1:]) / 100.0 for name in percentiles]
    wanted = np.array(list(percentiles.values()))
    found = distribution.quantile(p)
    assert np.all(np.abs(found - wanted) <= 1e-9 * abs(wanted[-1] - wanted[0]))
    assert distribution.probability(wanted) == pytest.approx(p, rel=1e-8)


@pytest.mark.parametrize("family", ["normal", "lognormal", "uniform", "log-uniform"])
@pytest.mark.parametrize("percentiles", PAIRS, ids=str)
def test_percentiles_in_are_percentiles_out(family, percentiles):
    if family == "log-uniform" and percentiles.get("p99.9"):
        percentiles = {"p1": 1e-6, "p99.9": 1e6}
    distribution = make(family, percentiles)
    assert distribution.family == family
    check(distribution, percentiles)


@pytest.mark.parametrize(
    "percentiles",
    [{"p5": 0.9, "p95": 0.999}, {"p25": 0.01, "p75": 0.02}, {"p5": 1e-6, "p95": 1 - 1e-6}],
)
def test_logit_normal_percentiles(percentiles):
    check(make("logit-normal", percentiles), percentiles)


def test_logit_normal_percentiles_on_another_range():
    percentiles = {"p5": 12.0, "p95": 19.0}
    distribution = make("logit-normal", {**percentiles, "min": 10, "max": 20})
    check(distribution, percentiles)
    assert distribution.support == (10.0, 20.0)


def test_order_does_not_matter():
    assert make("normal", {"p95": 3, "p5": 1}) == make("normal", {"p5": 1, "p95": 3})


# family, percentiles, bounds
TRUNCATED = [
    ("normal", {"p5": 1.0, "p95": 5.0}, (0.0, math.inf)),
    ("normal", {"p5": 0.2, "p95": 5.0}, (0.0, math.inf)),
    ("normal", {"p5": 1.0, "p95": 5.0}, (-math.inf, 5.5)),
    ("normal", {"p5": 1.0, "p95": 9.0}, (0.0, 10.0)),
    ("normal", {"p10": 4.9, "p90": 5.1}, (0.0, 10.0)),
    ("normal", {"p25": 1.0, "p75": 2.0}, (-1e6, 1e6)),
    ("lognormal", {"p5": 1.0, "p95": 8.0}, (0.5, 10.0)),
    ("lognormal", {"p5": 1.0, "p95": 8.0}, (0.0, 10.0)),
    ("lognormal", {"p5": 1.0, "p95": 8.0}, (-5.0, 10.0)),
    ("lognormal", {"p10": 1e3, "p50": 2e3}, (500.0, math.inf)),
    ("logit-normal", {"p5": 0.6, "p95": 0.95}, (0.5, 1.0)),
    ("uniform", {"p5": 1.0, "p95": 5.0}, (0.0, 10.0)),
    ("log-uniform", {"p25": 1.0, "p75": 5.0}, (0.1, math.inf)),
]


@pytest.mark.parametrize(("family", "percentiles", "bounds"), TRUNCATED)
def test_percentiles_describe_what_is_drawn(family, percentiles, bounds):
    distribution = make(family, percentiles, bounds)
    check(distribution, percentiles)
    low, high = distribution.support
    assert bounds[0] <= low
    assert high <= bounds[1]


@pytest.mark.parametrize("seed", range(40))
def test_every_truncated_normal_is_found_by_its_percentiles(seed):
    rng = np.random.default_rng(seed)
    mean, sd = rng.normal(scale=100), 10 ** rng.uniform(-3, 3)
    low = mean + sd * rng.uniform(-4, 3)
    high = low + sd * 10 ** rng.uniform(-1, 1)
    low, high = [(low, high), (-math.inf, high), (low, math.inf)][seed % 3]
    drawn = make("normal", {"mean": mean, "sd": sd}, (low, high))
    percents = np.sort(rng.choice([1, 5, 10, 25, 50, 75, 90, 95, 99], 2, replace=False))
    percentiles = {f"p{p}": float(drawn.quantile(p / 100)) for p in percents}
    check(make("normal", percentiles, (low, high)), percentiles)


DATA = Path(__file__).parent.parent / "data"
BY_PERCENTILES = [
    member
    for member in tomllib.loads((DATA / "families.toml").read_text())["member"]
    if FAMILIES[member["family"]].percentiles and "p5" not in member["parameters"]
]
# A member at the limit of what its family takes may be found a rounding error beyond it.
LIMITS = {
    "gamma": 1e5,
    "pareto": 0.1,
    "log-logistic": 0.1,
    "inverse-gamma": 1e5,
    "inverse-gaussian": 1e8,
    "f": 1e6,
    "generalised-pareto": -10.0,
    "kumaraswamy": 0.1,
    "von-mises": 1e8,
}


def by_percentiles(member, percents, bounds=None):
    """Return what a member's percentiles describe, and those percentiles."""
    parameters = make(member["family"], member["parameters"]).parameters
    drawn = make(member["family"], member["parameters"], bounds)
    form = next(form for form in FAMILIES[member["family"]].forms if form.percentiles)
    given = {name: parameters[name] for name in form.names if name in parameters}
    percentiles = {f"p{p}": float(drawn.quantile(p / 100)) for p in percents}
    return make(member["family"], {**given, **percentiles}, bounds), percentiles


@pytest.mark.parametrize("percents", [(5, 95), (25, 75), (1, 50), (90, 99)], ids=str)
@pytest.mark.parametrize(
    "member", BY_PERCENTILES, ids=lambda m: m["family"] + str(list(m["parameters"].values()))
)
def test_every_member_is_found_by_its_percentiles(member, percents):
    family = make(member["family"], member["parameters"])
    if LIMITS.get(family.family) in family.parameters.values():
        pytest.skip("it is at the limit of its family")
    low, high = family.quantile([p / 100 for p in percents])
    if not high - low > 1e-280 or high - low < 1e-6 * abs(low):
        pytest.skip("the percentiles are as good as equal")
    if 1.0 - 1e-12 < high / family.support[1] < math.inf:
        pytest.skip("a percentile is as good as the end of the range")
    distribution, percentiles = by_percentiles(member, percents)
    wanted = np.array(list(percentiles.values()))
    found = distribution.quantile([p / 100 for p in percents])
    assert np.all(np.abs(found - wanted) <= 1e-9 * (high - low))


@pytest.mark.parametrize(
    ("family", "parameters", "bounds"),
    [
        ("gamma", {"shape": 2.5, "scale": 3.0}, (2.0, 20.0)),
        ("weibull", {"shape": 0.7, "scale": 3.0}, (0.1, math.inf)),
        ("beta", {"alpha": 2.0, "beta": 5.0}, (0.1, 0.9)),
        ("inverse-gamma", {"shape": 3.0, "scale": 20.0}, (2.0, 50.0)),
        ("inverse-gaussian", {"mean": 3.0, "shape": 5.0}, (-math.inf, 6.0)),
        ("log-logistic", {"median": 30.0, "shape": 4.0}, (10.0, 90.0)),
        ("pareto", {"min": 1.0, "shape": 2.0}, (2.0, 50.0)),
        ("kumaraswamy", {"alpha": 2.0, "beta": 5.0}, (0.1, 0.9)),
        ("f", {"df1": 5.0, "df2": 9.0}, (0.2, math.inf)),
        ("generalised-pareto", {"location": 1.0, "scale": 2.0, "shape": 0.3}, (2.0, 50.0)),
        ("von-mises", {"location": 1.0, "kappa": 4.0}, (0.0, 2.0)),
        ("cauchy", {"location": 1.0, "scale": 4.0}, (0.0, 100.0)),
        ("laplace", {"location": 1.0, "scale": 4.0}, (0.0, math.inf)),
        ("logistic", {"location": 1.0, "scale": 4.0}, (-20.0, 2.0)),
        ("gumbel", {"location": 1.0, "scale": 4.0}, (0.0, 30.0)),
        ("gev", {"location": 1.0, "scale": 4.0, "shape": 0.3}, (0.0, 30.0)),
        ("skew-normal", {"location": 1.0, "scale": 4.0, "shape": 3.0}, (0.0, 6.0)),
        ("student-t", {"df": 3.0, "location": 1.0, "scale": 4.0}, (0.0, 30.0)),
    ],
)
def test_truncated_members_are_found_by_their_percentiles(family, parameters, bounds):
    member = {"family": family, "parameters": parameters}
    check(*by_percentiles(member, (10, 80), bounds))


IMPOSSIBLE = [
    # U-shaped: 5 % within 1 % of either bound.
    ("normal", {"p5": 0.1, "p95": 9.9}, (0.0, 10.0)),
    # Heavier-tailed than an exponential.
    ("normal", {"p50": 0.1, "p95": 9.9}, (0.0, math.inf)),
    ("uniform", {"p5": 0.1, "p95": 9.9}, (0.0, 10.0)),
]


@pytest.mark.parametrize(("family", "percentiles", "bounds"), IMPOSSIBLE)
def test_percentiles_that_no_parent_can_give(family, percentiles, bounds):
    with pytest.raises(BeliefError) as refused:
        make(family, percentiles, bounds)
    (first, low), (second, high) = percentiles.items()
    assert refused.value.message == (
        f"no {family} truncated to [{bounds[0]:g}, {bounds[1]:g}] "
        f"has {first} = {low} and {second} = {high}"
    )
    assert refused.value.hint.startswith("move the bounds away from the percentiles")


# family, parameters, bounds, the key to blame, message
REFUSED = [
    ("normal", {"p5": 1}, None, "p5", "normal is fixed by exactly 2 percentiles, found 1: p5"),
    ("normal", {"p5": 1, "p50": 2, "p95": 3}, None, "p95", "normal is fixed by exactly 2 percentiles, found 3: p5, p50 and p95"),
    ("normal", {"p5": 5, "p95": 1}, None, "p5", "p5 must be less than p95, found p5 = 5 and p95 = 1"),
    ("normal", {"p5": 1, "p95": 1}, None, "p5", "p5 must be less than p95, found p5 = 1 and p95 = 1"),
    ("normal", {"p5": 1, "p5.0": 2}, None, "p5.0", "p5 and p5.0 are the same percentile"),
    ("normal", {"p0": 1, "p95": 2}, None, "p0", "p0 is no percentile; it must lie between p0 and p100, both excluded"),
    ("normal", {"p5": 1, "p100": 2}, None, "p100", "p100 is no percentile; it must lie between p0 and p100, both excluded"),
    ("normal", {"p5": 1, "p195": 2}, None, "p195", "p195 is no percentile; it must lie between p0 and p100, both excluded"),
    ("normal", {"p5": 1, "p95": 2, "mean": 1}, None, "mean", "normal cannot take mean beside p5 and p95; it takes mean and sd, or 2 percentiles"),
    ("normal", {"p5": math.nan, "p95": 2}, None, "p5", "p5 must be a finite number, found nan"),
    ("triangular", {"p5": 0.1, "p95": 0.2}, None, "p5", "triangular cannot be given by percentiles; it takes min, mode and max"),
    ("lognormal", {"p5": 0, "p95": 2}, None, "p5", "p5 must be greater than 0, found 0"),
    ("lognormal", {"p5": -1, "p95": 2}, None, "p5", "p5 must be greater than 0, found -1"),
    ("log-uniform", {"p5": -1, "p95": 2}, None, "p5", "p5 must be greater than 0, found -1"),
    ("logit-normal", {"p5": 0.5, "p95": 2}, None, "p95", "p95 must be between min = 0 and max = 1, found 2"),
    ("logit-normal", {"p5": 0.5, "p95": 2, "min": 3, "max": 1}, None, "min", "min must be less than max, found min = 3 and max = 1"),
    ("normal", {"p5": -1, "p95": 2}, (0, 10), "p5", "p5 must lie inside truncate = [0, 10], found -1"),
    ("normal", {"p5": 1, "p95": 12}, (-math.inf, 10), "p95", "p95 must lie inside truncate = [-inf, 10], found 12"),
    ("lognormal", {"p90": 1e-200, "p95": 1e200}, None, "", "lognormal with these parameters lies beyond floating-point numbers"),
    ("log-uniform", {"p50": 1.0, "p51": 1e200}, None, "", "log-uniform with these parameters lies beyond floating-point numbers"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "parameters", "bounds", "blamed", "message"), REFUSED)
def test_refusals(family, parameters, bounds, blamed, message):
    with pytest.raises(BeliefError) as refused:
        make(family, parameters, bounds)
    assert (refused.value.message, refused.value.parameter) == (message, blamed)


# Beyond what their shapes can do, or where two percentiles do not settle it.
OUT_OF_REACH = [
    ("gamma", {"p5": 1e-200, "p95": 1.0}),
    ("gamma", {"p5": 1.0, "p95": 1.001}),
    ("beta", {"p5": 1e-200, "p95": 0.5}),
    ("f", {"p5": 100.0, "p95": 101.0}),
    ("inverse-gaussian", {"p5": 1.0, "p95": 1.0000001}),
    ("von-mises", {"p5": -50.0, "p95": 50.0}),
]


@pytest.mark.parametrize(("family", "percentiles"), OUT_OF_REACH)
def test_percentiles_out_of_reach(family, percentiles):
    with pytest.raises(BeliefError) as refused:
        make(family, percentiles)
    assert refused.value.message.startswith(f"no {family} has p5 = ")
    assert "choose another family" in refused.value.hint


def test_equal_percentiles_are_a_constant():
    with pytest.raises(BeliefError) as refused:
        make("normal", {"p5": 7, "p95": 7})
    assert refused.value.hint == "without spread it is a constant: write value = 7"

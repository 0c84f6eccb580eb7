"""Percentiles as parameters: what goes in comes out."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy.special import erfinv

from wattif.distributions import FAMILIES, BeliefError, Form, make

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


def parameters_of(member):
    """Return canonical parameters, with those that percentiles may stand beside."""
    one = make(member["family"], member["parameters"])
    ratio = {"ratio": one.parameters.get("ratio", 0.5)} if one.family == "trapezoidal" else {}
    return {**ratio, **one.parameters}


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
MEMBERS = tomllib.loads((DATA / "families.toml").read_text())["member"]
PERCENTS = {
    1: [(50,), (95,)],
    2: [(5, 95), (25, 75), (1, 50), (90, 99)],
    3: [(5, 50, 95), (10, 40, 90), (25, 75, 99), (50, 75, 95)],
}
WAYS = [
    (member, form, percents)
    for member in MEMBERS
    for form in FAMILIES[member["family"]].forms
    if "p5" not in member["parameters"] and set(form.required) <= set(parameters_of(member))
    for percents in PERCENTS.get(form.percentiles, [])
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
    "student-t": 1e6,
    "half-student-t": 1e6,
    "chi-square": 2e5,
    "gev": -10.0,
}


def by_percentiles(member, form, percents, bounds=None):
    """Return what a member's percentiles describe, and those percentiles."""
    parameters = parameters_of(member)
    drawn = make(member["family"], member["parameters"], bounds)
    given = {name: parameters[name] for name in form.names if name in parameters}
    percentiles = {f"p{p}": float(drawn.quantile(p / 100)) for p in percents}
    return make(member["family"], {**given, **percentiles}, bounds), percentiles


def is_lost(member, form, percents):
    """Return whether the percentiles, as floats, no longer tell the member."""
    distribution = make(member["family"], member["parameters"])
    if LIMITS.get(distribution.family) in parameters_of(member).values():
        return True  # at the limit of its family
    x = [float(distribution.quantile(p / 100)) for p in percents]
    low, high = x[0], x[-1]
    if len(x) > 1 and (not high - low > 1e-280 or high - low < 1e-6 * abs(low)):
        return True  # the percentiles are as good as equal
    if distribution.family == "student-t" and percents == (5, 50, 95):
        return True  # symmetric about the median, whatever the df
    return 1.0 - 1e-12 < high / distribution.support[1] < math.inf  # as good as the end


@pytest.mark.parametrize(
    ("member", "form", "percents"),
    WAYS,
    ids=lambda one: (
        one["family"] + str(list(one["parameters"].values()))
        if isinstance(one, dict)
        else ""
        if isinstance(one, Form)
        else str(one)
    ),
)
def test_every_member_is_found_by_its_percentiles(member, form, percents):
    if is_lost(member, form, percents):
        pytest.skip("the percentiles do not tell the member")
    distribution, percentiles = by_percentiles(member, form, percents)
    wanted = np.array(list(percentiles.values()))
    found = distribution.quantile([p / 100 for p in percents])
    spread = wanted[-1] - wanted[0] or abs(wanted[0])
    assert np.all(np.abs(found - wanted) <= 1e-9 * spread)


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
        ("exponential", {"mean": 3.0}, (-math.inf, 5.0)),
        ("half-normal", {"scale": 3.0}, (1.0, 5.0)),
        ("half-student-t", {"df": 3.0, "scale": 3.0}, (1.0, 5.0)),
        ("chi-square", {"df": 3.0}, (1.0, 5.0)),
        ("log-uniform", {"min": 1.0, "max": 5.0}, (0.5, 8.0)),
        ("lognormal", {"median": 3.0, "sigma": 0.5}, (1.5, 8.0)),
        ("triangular", {"min": 1.0, "mode": 2.0, "max": 5.0}, (1.5, 4.5)),
        ("pert", {"min": 1.0, "mode": 2.0, "max": 5.0}, (1.5, 4.5)),
    ],
)
def test_truncated_members_are_found_by_their_percentiles(family, parameters, bounds):
    member = {"family": family, "parameters": parameters}
    percents = {1: (60,), 2: (10, 80), 3: (10, 45, 80)}
    for form in FAMILIES[family].forms:
        if form.percentiles and set(form.required) <= set(parameters):
            distribution, percentiles = by_percentiles(
                member, form, percents[form.percentiles], bounds
            )
            wanted = np.array(list(percentiles.values()))
            found = distribution.quantile([float(name[1:]) / 100 for name in percentiles])
            spread = wanted[-1] - wanted[0] or wanted[0]
            assert np.all(np.abs(found - wanted) <= 1e-9 * spread), form


BESIDE = {"df": 4.0, "shape": 0.3, "ratio": 0.4}
FORMS = [(f.name, form) for f in FAMILIES.values() for form in f.forms if form.percentiles]


def drawn_percentiles(rng, number):
    """Return percentiles of some skewness and spread, all positive."""
    percents = np.sort(rng.choice(np.arange(1, 100), number, replace=False))
    z = np.sqrt(2.0) * np.array([erfinv(2.0 * p / 100.0 - 1.0) for p in percents])
    skewness = rng.uniform(-0.3, 0.6)
    x = (10.0 + np.expm1(skewness * z) / skewness) * 10.0 ** rng.uniform(-3.0, 3.0)
    return {f"p{p}": float(value) for p, value in zip(percents, x, strict=True)}


def made(family, form, given, bounds):
    """Return the member with the percentiles, None if it is refused as it should be."""
    x = list(given.values())
    ends = {"mode": (x[0] + x[-1]) / 2.0, "min": 0.0, "max": 2.0 * x[-1], **BESIDE}
    beside = {name: ends[name] for name in form.names if name in ends}
    try:
        return make(family, {**beside, **given}, bounds)
    except BeliefError as refused:
        if not refused.message.startswith((f"no {family} ", f"{family} with these", "p")):
            raise
    return None


# Never met here: angles within 2 pi, ratios about 1, and what starts at 0 or has no skewness to lend.
NEVER = {("f", 2), ("von-mises", 2), ("half-student-t", 2), ("half-student-t", 3), ("pareto", 3)}


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
@pytest.mark.parametrize(
    ("family", "form"), FORMS, ids=lambda one: one if isinstance(one, str) else ""
)
def test_any_percentiles_are_met_or_refused(family, form, cut):
    rng = np.random.default_rng(5)
    met = 0
    for _ in range(4 if cut else 12):
        given = drawn_percentiles(rng, form.percentiles)
        x = list(given.values())
        spread = x[-1] - x[0] or x[0]
        bounds = (x[0] - 3.0 * spread, x[-1] + 3.0 * spread) if cut else None
        found = made(family, form, given, bounds)
        if found is not None:
            met += 1
            again = found.quantile([float(name[1:]) / 100.0 for name in given])
            assert np.all(np.abs(again - x) <= 1e-9 * spread), given
    assert met or (family, form.percentiles) in NEVER


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
    ("lognormal", {"p5": 1, "p50": 2, "p95": 3, "p99": 4}, None, "p99", "lognormal is fixed by 2 or 3 percentiles, found 4: p5, p50, p95 and p99"),
    ("chi-square", {"p5": 1, "p50": 2, "p95": 3}, None, "p95", "chi-square is fixed by 1 or 2 percentiles, found 3: p5, p50 and p95"),
    ("lognormal", {"p5": 1, "p50": 2, "p95": 3, "shift": 0}, None, "shift", "lognormal cannot take shift beside p5, p50 and p95; it takes median and sigma, or mean and sd, or 2 or 3 percentiles"),
    ("trapezoidal", {"p5": 1, "p95": 3}, None, "", "trapezoidal needs ratio beside p5 and p95; it takes min, mode_min, mode_max and max, or min, max and ratio, or ratio and 2 percentiles"),
    ("poisson", {"p50": 3}, None, "p50", "poisson cannot be given by percentiles; it takes mean"),
    ("exponential", {"p50": -3}, None, "p50", "p50 must be greater than 0, found -3"),
    ("student-t", {"p5": 1, "p50": 2, "p95": 3}, None, "p50", "p5, p50 and p95 do not tell the df of a student-t: its median is in the middle"),
    ("lognormal", {"p5": 5, "p50": 10, "p95": 15}, None, "p50", "no lognormal has p5 = 5, p50 = 10 and p95 = 15"),
    ("triangular", {"p5": 5, "p50": 8, "p95": 15}, None, "p50", "no triangular has p5 = 5, p50 = 8 and p95 = 15"),
    ("triangular", {"p5": 5, "p95": 15, "mode": 99}, None, "p95", "no triangular has p5 = 5 and p95 = 15"),
    ("normal", {"p5": 5, "p95": 1}, None, "p5", "p5 must be less than p95, found p5 = 5 and p95 = 1"),
    ("normal", {"p5": 1, "p95": 1}, None, "p5", "p5 must be less than p95, found p5 = 1 and p95 = 1"),
    ("normal", {"p5": 1, "p5.0": 2}, None, "p5.0", "p5 and p5.0 are the same percentile"),
    ("normal", {"p0": 1, "p95": 2}, None, "p0", "p0 is no percentile; it must lie between p0 and p100, both excluded"),
    ("normal", {"p5": 1, "p100": 2}, None, "p100", "p100 is no percentile; it must lie between p0 and p100, both excluded"),
    ("normal", {"p5": 1, "p195": 2}, None, "p195", "p195 is no percentile; it must lie between p0 and p100, both excluded"),
    ("normal", {"p5": 1, "p95": 2, "mean": 1}, None, "mean", "normal cannot take mean beside p5 and p95; it takes mean and sd, or 2 percentiles"),
    ("normal", {"p5": math.nan, "p95": 2}, None, "p5", "p5 must be a finite number, found nan"),
    ("triangular", {"p5": 0.1, "p95": 0.2}, None, "", "triangular needs mode beside p5 and p95; it takes min, mode and max, or mode and 2 percentiles, or 3 percentiles"),
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


@pytest.mark.parametrize(
    ("family", "reach"),
    [
        # Between those of its limits, where the mode is at an end: q50 = 0.3562 of the way, by hand
        # from 1 - sqrt(1 - p), and its mirror image.
        ("triangular", "8.56254 and 11.4375"),
        # Nearly those of the half-normals, 8.2244 and 11.7756, by scipy.stats.halfnorm.
        ("skew-normal", "8.22457 and 11.7754"),
    ],
)
def test_what_three_percentiles_can_be_is_told(family, reach):
    with pytest.raises(BeliefError) as refused:
        make(family, {"p5": 5, "p50": 8, "p95": 15})
    assert refused.value.hint == f"with p5 = 5 and p95 = 15, its p50 lies between {reach}"


@pytest.mark.parametrize(("mode", "shape"), [(2.0, 4.0), (4.5, 4.0), (2.5, 10.0)])
@pytest.mark.parametrize("family", ["triangular", "pert"])
def test_a_mode_stands_beside_two_percentiles(family, mode, shape):
    more = {"shape": shape} if family == "pert" else {}
    known = make(family, {"min": 1, "mode": mode, "max": 5, **more})
    low, high = known.quantile([0.1, 0.9])
    found = make(family, {"p10": low, "mode": mode, "p90": high, **more})
    for name, value in known.parameters.items():
        assert found.parameters[name] == pytest.approx(value, rel=1e-9), name


def test_equal_percentiles_are_a_constant():
    with pytest.raises(BeliefError) as refused:
        make("normal", {"p5": 7, "p95": 7})
    assert refused.value.hint == "without spread it is a constant: write value = 7"

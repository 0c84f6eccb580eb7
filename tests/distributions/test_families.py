"""Every family against scipy.stats, and against quantiles computed to 50 digits."""

from __future__ import annotations

import math
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from wattif.distributions import FAMILIES, make
from wattif.distributions.base import Distribution

DATA = Path(__file__).parent.parent / "data"
MEMBERS = tomllib.loads((DATA / "families.toml").read_text())["member"]
QUANTILES = tomllib.loads((DATA / "quantiles.toml").read_text())["quantile"]


def is_continuous(member: dict) -> bool:
    return make(member["family"], member["parameters"]).shape().kind != "steps"


SMOOTH = [m for m in MEMBERS if is_continuous(m)]

# Both tails to 1e-12, the middle, and the ends of the halves.
TAIL = np.concatenate([np.logspace(-12, -2, 101), np.linspace(0.01, 0.5, 99)])


# Their quantiles are checked to ulp, by how much an ulp of p moves them.
CONDITIONED = ("normal", "gamma", "beta", "student-t", "exponential", "weibull")


def name_of(case: dict) -> str:
    return case["family"] + repr(list(case["parameters"].values()))


members = pytest.mark.parametrize("member", MEMBERS, ids=name_of)
smooth = pytest.mark.parametrize("member", SMOOTH, ids=name_of)
with_scipy = pytest.mark.parametrize("member", [m for m in MEMBERS if "scipy" in m], ids=name_of)


def scipy_equal(member: dict) -> stats.rv_continuous:
    name, *arguments = member["scipy"]
    return getattr(stats, name)(*arguments)


def exact(member: dict, p: np.ndarray, upper: bool) -> np.ndarray:
    """Return scipy's quantile; where its ``isf`` is ppf(1 - p), the mirror image's instead."""
    equal = scipy_equal(member)
    if not upper:
        return equal.ppf(p)
    if member["family"] == "triangular":
        c, low, span = member["scipy"][1:]
        return -stats.triang(1.0 - c, -low - span, span).ppf(p)
    return equal.isf(p)


def distance(distribution: Distribution, x: np.ndarray) -> np.ndarray:
    """Return max(IQR, |x - median|), by which errors of quantiles are judged."""
    first, median, third = distribution.quantile([0.25, 0.5, 0.75])
    return np.maximum(third - first, np.abs(x - median))


def rounding(x: np.ndarray) -> np.ndarray:
    return 4.0 * np.spacing(np.abs(x))


@pytest.mark.parametrize("member", [m for m in SMOOTH if "scipy" in m], ids=name_of)
@pytest.mark.parametrize("upper", [False, True], ids=["lower", "upper"])
def test_quantiles_agree_with_scipy_in_both_tails(member, upper):
    distribution = make(member["family"], member["parameters"])
    p, accuracy = TAIL, 1e-12
    if member.get("middle"):
        p, accuracy = TAIL[TAIL >= 0.01], 1e-9
    x = exact(member, p, upper)
    found = distribution.quantile(p, upper)
    # Both sides invert the same special functions by different routes: some 1e-14 each.
    assert np.all(np.abs(found - x) <= accuracy * distance(distribution, x) + rounding(x))


@smooth
@pytest.mark.parametrize("upper", [False, True], ids=["lower", "upper"])
def test_quantiles_are_the_same_from_the_other_side(member, upper):
    distribution = make(member["family"], member["parameters"])
    x = distribution.quantile(TAIL, upper)
    other = distribution.quantile(1.0 - TAIL, not upper)
    # 1 - p is off by 2^-54, which moves x by the slope there: left to p > 1e-3.
    away = TAIL > 1e-3
    assert np.all(
        np.abs(other - x)[away] <= (1e-11 * distance(distribution, x) + rounding(x))[away]
    )


@pytest.mark.parametrize(
    "case", QUANTILES, ids=lambda c: f"{name_of(c)}{'>' if c['upper'] else '<'}{c['p']}"
)
def test_quantiles_agree_with_fifty_digits(case):
    distribution = make(case["family"], case["parameters"])
    p, x = case["p"], float(case["value"])
    found = float(distribution.quantile(p, case["upper"]))
    if case["family"] not in CONDITIONED:
        assert abs(found - x) <= 1e-12 * distance(distribution, np.array(x)) + rounding(x)
        return
    allowed = 4.0
    if case["family"] != "normal":
        # An ulp of p moves x by kappa = p / (x f(x)) ulp; scipy takes small p through logarithms,
        # whose ulp are worth ln p or ln x of those of the result.
        kappa = min(p, 1.0 - p) / (x * density(case, x)) if x else 0.0
        allowed = 12.0 + 4.0 * abs(kappa) + max(abs(math.log(p)), abs(math.log(abs(x))))
    assert abs(found - x) <= allowed * np.spacing(abs(x))


def density(case: dict, x: float) -> float:
    """Return the density, or infinity where it leaves the range of floats."""
    a = {key: value for key, value in case["parameters"].items() if key not in ("scale", "rate")}
    name = {"student-t": "t", "exponential": "expon", "weibull": "weibull_min"}
    scipy = getattr(stats, name.get(case["family"], case["family"]))
    with np.errstate(over="ignore"):
        return float(scipy(*a.values()).pdf(x)) or np.inf


@with_scipy
def test_probability_inverts_the_quantile(member):
    distribution = make(member["family"], member["parameters"])
    equal = scipy_equal(member)
    x = distribution.quantile(np.linspace(0.01, 0.99, 33))
    # scipy's beta.cdf at 1e4, 1e4 is good to 1e-12 only, its f.cdf at 20, 1e5 to 2e-12.
    np.testing.assert_allclose(distribution.probability(x), equal.cdf(x), rtol=5e-12, atol=1e-15)
    np.testing.assert_allclose(
        distribution.probability(x, True), equal.sf(x), rtol=5e-12, atol=1e-15
    )


@smooth
def test_probability_is_accurate_far_out(member):
    distribution = make(member["family"], member["parameters"])
    for upper in (False, True):
        p = np.array([1e-12, 1e-9, 1e-5])
        x = distribution.quantile(p, upper)
        # How far p moves when x moves by its rounding, an ulp of x.
        step = np.spacing(np.abs(x))
        moved = np.abs(
            distribution.probability(x + step, upper) - distribution.probability(x - step, upper)
        )
        found = distribution.probability(x, upper)
        assert np.all(np.abs(found - p) <= 1e-10 * p + 4.0 * moved + 2e-16)


@members
def test_probability_is_0_and_1_beyond_the_support(member):
    distribution = make(member["family"], member["parameters"])
    low, high = distribution.support
    beyond = [-np.inf, low - 1.0 - abs(low), high + 1.0 + abs(high), np.inf]
    inside = [0.0, 0.0, 1.0, 1.0]
    np.testing.assert_array_equal(distribution.probability(beyond), inside)
    np.testing.assert_array_equal(distribution.probability(beyond, True), 1.0 - np.array(inside))


@with_scipy
def test_mean_and_sd_agree_with_scipy(member):
    distribution = make(member["family"], member["parameters"])
    equal = scipy_equal(member)
    if not math.isfinite(distribution.mean):
        pytest.skip("it has no mean, as the quadrature confirms")
    # scipy takes the difference of two squares for some, and small numbers from large ones.
    rough = member["family"] in ROUGH_MOMENTS
    assert distribution.mean == pytest.approx(equal.mean(), rel=1e-9 if rough else 1e-11)
    if math.isfinite(distribution.sd):
        assert distribution.sd == pytest.approx(equal.std(), rel=1e-6 if rough else 1e-11)


ROUGH_MOMENTS = ("log-uniform", "weibull", "gev", "generalised-pareto")


@smooth
def test_quadrature_agrees_with_closed_forms(member):
    distribution = make(member["family"], member["parameters"])
    mean, sd = Distribution.moments(distribution)
    closed = distribution.moments()
    if not math.isfinite(closed[0]):
        assert not math.isfinite(mean)
        return
    assert mean == pytest.approx(closed[0], rel=1e-9, abs=1e-9 * min(sd, 1e300))
    assert sd == pytest.approx(closed[1], rel=1e-8)


@members
def test_parameters_give_the_same_distribution_again(member):
    distribution = make(member["family"], member["parameters"])
    assert distribution.family == member["family"]
    assert make(distribution.family, distribution.parameters) == distribution


@with_scipy
def test_support_is_scipys(member):
    if member["family"] == "von-mises":
        pytest.skip("scipy's goes round and round")
    low, high = make(member["family"], member["parameters"]).support
    assert (low, high) == pytest.approx(scipy_equal(member).support())


def test_every_family_is_tested():
    tested = {member["family"] for member in MEMBERS} | {"discrete", "logit-normal"}
    oracles = {m["family"] for m in MEMBERS if "scipy" in m} | {q["family"] for q in QUANTILES}
    assert tested == oracles | {"discrete", "logit-normal"}
    assert tested == set(FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_example_is_a_distribution(name):
    value = tomllib.loads("x = " + FAMILIES[name].example)["x"]
    assert value.pop("dist") == name
    assert make(name, value).family == name
    assert FAMILIES[name].summary


LOGIT_NORMALS = [
    (0.5, 1.0, 0.0, 1.0),
    (0.99, 1.4, 0.0, 1.0),
    (0.2, 8.0, 0.0, 1.0),
    (7.0, 0.3, 5.0, 30.0),
]


@pytest.mark.parametrize(("median", "sigma", "low", "high"), LOGIT_NORMALS)
def test_logit_normal_is_normal_in_the_logit(median, sigma, low, high):
    distribution = make("logit-normal", {"median": median, "sigma": sigma, "min": low, "max": high})
    z = special.ndtri(TAIL)
    mu = special.logit((median - low) / (high - low))
    for upper, sign in ((False, 1.0), (True, -1.0)):
        x = distribution.quantile(TAIL, upper)
        expected = low + (high - low) * special.expit(mu + sign * sigma * z)
        np.testing.assert_allclose(x, expected, atol=1e-13 * (high - low), rtol=1e-13)
    assert distribution.support == (low, high)
    x = distribution.quantile([0.01, 0.3, 0.9])
    assert distribution.probability(x) == pytest.approx([0.01, 0.3, 0.9], rel=1e-10)


def test_moments_of_a_logit_normal():
    # Hermite quadrature, an integral over z instead of u; 200 nodes are exact to rounding here.
    nodes, weights = np.polynomial.hermite_e.hermegauss(200)
    weights = weights / weights.sum()
    x = special.expit(special.logit(0.3) + 0.8 * nodes)
    distribution = make("logit-normal", {"median": 0.3, "sigma": 0.8})
    mean = weights @ x
    assert distribution.mean == pytest.approx(mean, rel=1e-12)
    assert distribution.sd == pytest.approx(math.sqrt(weights @ (x - mean) ** 2), rel=1e-11)


def test_a_narrow_log_uniform_keeps_its_sd():
    # On so short a range it is uniform, to 1e-8 of its sd.
    sd = make("log-uniform", {"min": 1.0, "max": 1.0 + 1e-7}).sd
    assert sd == pytest.approx(1e-7 / math.sqrt(12.0), rel=1e-7)


def test_quantiles_take_scalars_and_any_array():
    normal = make("normal", {"mean": 0, "sd": 1})
    assert normal.quantile(0.5) == 0.0
    assert normal.quantile([[0.1, 0.9], [0.2, 0.8]]).shape == (2, 2)
    assert normal.quantile(np.empty(0)).shape == (0,)


def test_importing_the_families_loads_no_heavy_library():
    script = (
        "import sys, wattif.distributions as d; d.make('normal', {'p5': 1, 'p95': 2});"
        "heavy = ('scipy.stats', 'scipy.optimize', 'numba', 'xarray');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

"""Draws as the kernels make them: through k, against the exact quantiles."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from wattif.distributions import make
from wattif.distributions.grid import make_grid, points
from wattif.engine.invert import (
    invert_grid,
    invert_steps,
    invert_table,
    invert_uniform,
    locate,
    place,
    power_of_e,
    power_of_two,
)
from wattif.engine.quantile_table import ROWS, SIDE, build, build_grid
from wattif.engine.steps import make_guide

DATA = Path(__file__).parent.parent / "data"
MEMBERS = tomllib.loads((DATA / "families.toml").read_text())["member"]
INF = math.inf
LAST = 2**52 - 1

# As numbers: the ends of the grid, u from 1e-12 to 1/2, and both sides of ends of segments.
_SEGMENTS = np.concatenate([2.0**j * (1.0 + np.arange(0, 16, 5) / 16.0) for j in range(4, 51, 3)])
LOWER = np.unique(
    np.concatenate(
        [
            np.arange(4.0),
            np.logspace(-12, -2, 60) * 2.0**52,
            np.linspace(0.01, 0.4999, 80) * 2.0**52,
            _SEGMENTS - 1.0,
            _SEGMENTS,
            [2.0**51 - 1.0],
        ]
    )
).astype(np.uint64)


def draw(shape, k):
    """Return the draws of a shape for k, by the kernel of its kind."""
    x = np.empty(k.size)
    if shape.kind == "steps":
        guide = make_guide(shape.cumulative)
        invert_steps(k, np.array(shape.values), np.array(shape.cumulative), guide, x)
        return x
    if shape.kind == "uniform":
        invert_uniform(k, k.size, 0.0, 1.0, 0.0, 1.0, x)
    else:
        table = build(shape)
        is_split, row, s = table.link.size > ROWS, np.empty(k.size, np.int64), np.empty(k.size)
        arrays = table.coefficients, table.begin, table.link
        invert_table(k, k.size, 0, is_split, *arrays, row, s, x)
    place(shape.location, shape.scale, shape.exponential, shape.low, shape.high, k.size, x)
    return x


def check(distribution, accuracy=1e-9):
    """Assert the promise: |x - exact| <= 1e-9 max(IQR, |x - median|), on both sides."""
    shape = distribution.shape()
    kinks = [np.floor(min(u, 1 - u) * 2.0**52) + d for u in shape.kinks for d in (-1, 0, 1)]
    k = np.concatenate([LOWER, np.clip(kinks, 0, 2**51 - 1).astype(np.uint64)])
    p = (k + 0.5) * 2.0**-52
    x = draw(shape, np.concatenate([k, np.uint64(LAST) - k]))
    exact = np.concatenate([distribution.quantile(p), distribution.quantile(p, upper=True)])
    first, median, third = distribution.quantile([0.25, 0.5, 0.75])
    allowed = accuracy * np.maximum(third - first, np.abs(exact - median))
    # Nor can x be nearer than a float: 4 ulp, for the multiplication and the addition.
    assert np.all(np.abs(x - exact) <= allowed + 4.0 * np.spacing(np.abs(exact)))
    assert np.all((x >= distribution.support[0]) & (x <= distribution.support[1]))


def check_steps(distribution):
    """Assert that draws change where u passes the probability up to a value, to its rounding."""
    k = np.concatenate([LOWER, np.uint64(LAST) - LOWER])
    u = (k + 0.5) * 2.0**-52
    x = draw(distribution.shape(), k)
    least = distribution.support[0]
    assert np.all(distribution.probability(x) >= u * (1.0 - 1e-12))
    assert np.all((x == least) | (distribution.probability(x - 1.0) <= u * (1.0 + 1e-12)))


@pytest.mark.parametrize("member", MEMBERS, ids=lambda m: m["family"] + str(m["parameters"]))
def test_every_family_to_nine_digits(member):
    distribution = make(member["family"], member["parameters"])
    if distribution.shape().kind == "steps":
        check_steps(distribution)
    else:
        check(distribution, accuracy=3e-10)  # a third of the promise


EXTREMES = [
    ("beta", {"alpha": 0.01, "beta": 0.01}),
    ("beta", {"alpha": 0.01, "beta": 3.0}),
    ("beta", {"alpha": 1e6, "beta": 1e6}),
    ("beta", {"alpha": 0.5, "beta": 1e6, "min": 3.0, "max": 3.5}),
    ("gamma", {"shape": 0.01, "scale": 1.0}),
    ("weibull", {"shape": 0.05, "scale": 1.0}),
    ("weibull", {"shape": 1000.0, "scale": 1.0}),
    ("student-t", {"df": 0.1}),
    ("student-t", {"df": 1e300}),
    ("lognormal", {"median": 1.0, "sigma": 20.0}),
    ("lognormal", {"median": 1e12, "sigma": 1e-6}),
    ("normal", {"mean": 1e6, "sd": 1e-3}),
    ("logit-normal", {"median": 0.5, "sigma": 1.0}),
    ("logit-normal", {"median": 0.999, "sigma": 30.0}),
    ("pert", {"min": 0.0, "mode": 0.5, "max": 1.0, "shape": 1e5}),
    ("triangular", {"min": 5.0, "mode": 5.0 + 1e-12, "max": 6.0}),
    ("inverse-gamma", {"shape": 0.1, "scale": 7.0}),
    ("inverse-gaussian", {"mean": 3.0, "shape": 3e-4 + 1e-12}),
    ("inverse-gaussian", {"mean": 3.0, "shape": 3e8}),
    ("chi-square", {"df": 0.02}),
    ("f", {"df1": 2.0, "df2": 0.2}),
    ("skew-normal", {"location": 0.0, "scale": 1.0, "shape": -1000.0}),
    ("kumaraswamy", {"alpha": 0.1, "beta": 1e5}),
    ("metalog", {"coefficients": [0.0, 1.0, 1.667]}),
    ("metalog", {"coefficients": [0.0, 10.0, -8.0], "min": 0.0}),
    ("metalog", {"p5": 1.0, "p50": 1.6, "p95": 2.5, "max": 2.6}),
    ("metalog", {f"p{p}": p**1.1 for p in range(5, 100, 5)}),
    ("roulette", {"edges": list(range(201)), "chips": [i % 7 for i in range(1, 201)]}),
    ("piecewise", {"values": [0.0, 1.0, 9.0, 10.0], "cumulative": [0.0, 0.5, 0.5, 1.0]}),
    ("max-entropy", {"min": 0.0, "max": 1e9, "mean": 1.0}),
    ("max-entropy", {"min": 0.0, "max": 10.0, "mean": 5.0, "sd": 4.64}),
    ("max-entropy", {"min": -1.0, "max": 1e6, "mean": 0.0, "sd": 0.5}),
    ("max-entropy", {"min": 0.0, "max": 10.0, "mean": 9.0, "sd": 2.0}),
    ("double-triangular", {"min": 0.0, "mode": 1e-5, "max": 1.0, "p": 0.9}),
    ("curvilinear-trapezoid", {"min": 4.0, "max": 8.0, "margin": 1.99997}),
    ("von-mises", {"location": 1.0, "kappa": 1e-9}),
    ("lognormal", {"median": 0.1, "sigma": 3.0, "shift": 1.0}),
    ("gamma", {"shape": 0.05, "scale": 1.0, "shift": -7.0}),
    ("log-uniform", {"min": 1e-3, "max": 10.0, "shift": 1.0}),
    ("scipy.johnsonsu", {"a": 2.0, "b": 1.5}),
    ("scipy.kappa3", {"a": 2.0}),
]


@pytest.mark.parametrize(("family", "parameters"), EXTREMES)
def test_extreme_members_to_nine_digits(family, parameters):
    check(make(family, parameters))


TRUNCATED = [
    ("normal", {"mean": 1.4, "sd": 0.1}, (1.1, 2.0)),
    ("normal", {"mean": 0.0, "sd": 1.0}, (8.0, INF)),
    ("normal", {"mean": 0.0, "sd": 1.0}, (-25.0, -24.0)),
    ("normal", {"mean": 0.0, "sd": 1.0}, (-0.01, 0.01)),
    ("lognormal", {"median": 1.0, "sigma": 4.0}, (0.5, INF)),
    ("lognormal", {"median": 1.0, "sigma": 0.5}, (-INF, 1.5)),
    ("uniform", {"min": 0.0, "max": 1.0}, (0.25, 4.0)),
    ("log-uniform", {"min": 1.0, "max": 100.0}, (0.0, 10.0)),
    ("triangular", {"min": 0.0, "mode": 0.2, "max": 1.0}, (0.1, 0.9)),
    ("beta", {"alpha": 0.1, "beta": 0.1}, (0.2, 0.7)),
    ("gamma", {"shape": 0.05, "scale": 1.0}, (0.001, INF)),
    ("exponential", {"mean": 1.0}, (30.0, INF)),
    ("weibull", {"shape": 0.3, "scale": 1.0}, (5.0, 500.0)),
    ("student-t", {"df": 1.5}, (0.0, INF)),
    ("logit-normal", {"median": 0.5, "sigma": 1.0}, (0.5, 0.6)),
    ("cauchy", {"location": 0.0, "scale": 1.0}, (100.0, INF)),
    ("laplace", {"location": 0.0, "scale": 1.0}, (-1.0, 20.0)),
    ("pareto", {"min": 1.0, "shape": 0.5}, (5.0, 1e6)),
    ("gev", {"location": 0.0, "scale": 1.0, "shape": 0.3}, (3.0, INF)),
    ("skew-normal", {"location": 0.0, "scale": 1.0, "shape": 4.0}, (-1.0, -0.5)),
    ("inverse-gaussian", {"mean": 3.0, "shape": 5.0}, (20.0, INF)),
    ("von-mises", {"location": 0.0, "kappa": 4.0}, (-3.0, -2.0)),
    ("trapezoidal", {"min": 1.0, "mode_min": 2.0, "mode_max": 4.0, "max": 8.0}, (1.5, 6.0)),
    ("curvilinear-trapezoid", {"min": 4.0, "max": 8.0, "margin": 0.5}, (3.6, 5.0)),
    ("lognormal", {"median": 0.1, "sigma": 1.0, "shift": 1.0}, (1.05, INF)),
    ("metalog", {"coefficients": [5.0, 2.25, 1.5]}, (0.0, 20.0)),
    ("metalog", {"coefficients": [1.5, 0.4, -0.02], "min": 0.0}, (2.0, INF)),
    ("roulette", {"edges": [0.0, 1.0, 2.0, 5.0], "chips": [2.0, 5.0, 3.0]}, (0.5, 4.0)),
    ("piecewise", {"values": [-3, 0, 1, 4], "cumulative": [0, 0.25, 0.25, 1]}, (-1.0, INF)),
    ("max-entropy", {"min": 0.0, "max": 10.0, "mean": 3.0, "sd": 3.5}, (1.0, 9.0)),
]


@pytest.mark.parametrize(("family", "parameters", "bounds"), TRUNCATED)
def test_truncated_to_nine_digits(family, parameters, bounds):
    check(make(family, parameters, bounds))


@pytest.mark.parametrize(("family", "parameters", "bounds"), TRUNCATED)
def test_truncated_draws_have_the_right_distribution(family, parameters, bounds):
    distribution = make(family, parameters, bounds)
    k = np.random.default_rng(7).integers(0, 2**52, 4000, dtype=np.uint64)
    x = draw(distribution.shape(), k)
    # Through the parent's probabilities, not the inverse. The 0.1 % point of Kolmogorov's statistic
    # for 4000 draws is 1.95 / sqrt(4000) = 0.0308; the seed is fixed.
    assert stats.kstest(distribution.probability(x), "uniform").statistic < 0.0308
    assert np.count_nonzero((x == bounds[0]) | (x == bounds[1])) == 0  # nothing piled up there


MANY_NUMBERS = [
    m for m in MEMBERS if m["family"] in ("metalog", "piecewise", "roulette", "max-entropy")
]


@pytest.mark.parametrize("member", MANY_NUMBERS, ids=lambda m: m["family"] + str(m["parameters"]))
def test_a_million_draws_have_the_right_distribution(member):
    distribution = make(member["family"], member["parameters"])
    k = np.random.default_rng(11).integers(0, 2**52, 10**6, dtype=np.uint64)
    x = draw(distribution.shape(), k)
    # The 0.1 % point of Kolmogorov's statistic for 10^6 draws is 1.95 / 1000; the seed is fixed.
    assert stats.kstest(distribution.probability(x), "uniform").statistic < 1.95e-3


def test_k_stands_for_the_middle_of_its_cell():
    k = np.array([0, 1, 2**51 - 1, 2**51, LAST - 1, LAST], np.uint64)
    u = draw(make("uniform", {"min": 0, "max": 1}).shape(), k)
    np.testing.assert_array_equal(
        u, [2.0**-53, 3 * 2.0**-53, 0.5 - 2.0**-53, 0.5 + 2.0**-53, 1 - 3 * 2.0**-53, 1 - 2.0**-53]
    )


def test_the_ends_of_the_grid_reach_eight_sigma():
    x = draw(make("normal", {"mean": 0, "sd": 1}).shape(), np.array([0, LAST], np.uint64))
    # The reference for p = 2^-53, from 50 digits.
    np.testing.assert_allclose(x, [-8.2095361516013868556, 8.2095361516013868556], rtol=1e-11)


def test_both_sides_are_mirror_images():
    k = np.random.default_rng(3).integers(0, 2**52, 1000, dtype=np.uint64)
    shape = make("normal", {"mean": 0, "sd": 1}).shape()
    np.testing.assert_array_equal(draw(shape, k), -draw(shape, np.uint64(LAST) - k))


def test_locate_against_the_floats_of_numpy():
    k = np.concatenate([LOWER, np.uint64(LAST) - LOWER])
    row, s = np.empty(k.size, np.int64), np.empty(k.size)
    locate(k, k.size, 0, row, s)
    p = (np.minimum(k, np.uint64(LAST) - k) + 0.5) * 2.0**-52
    mantissa, exponent = np.frexp(p)
    whole = (2.0 * mantissa - 1.0) * 16.0
    side = SIDE * (k >= 2**51)
    np.testing.assert_array_equal(row, (exponent + 52) * 16 + np.floor(whole) + side)
    np.testing.assert_array_equal(s, 2.0 * (whole - np.floor(whole)) - 1.0)
    assert row.min() == 0
    assert row.max() == ROWS - 1


def test_draws_do_not_fall_as_k_rises():
    for family, parameters in (
        ("normal", {"mean": 0, "sd": 1}),
        ("triangular", {"min": 0, "mode": 0.3, "max": 1}),
    ):
        k = np.linspace(0, LAST, 3001).astype(np.uint64)
        assert np.all(np.diff(draw(make(family, parameters).shape(), k)) > 0.0)


def test_steps_change_exactly_where_u_passes_a_cumulative_probability():
    coin = make("bernoulli", {"p": 0.75}).shape()
    k = np.array([0, 2**50 - 1, 2**50, LAST], np.uint64)
    np.testing.assert_array_equal(draw(coin, k), [0, 0, 1, 1])
    thirds = make("discrete", {"values": [5, 7, 9], "weights": [1, 1, 1]}).shape()
    k = np.random.default_rng(1).integers(0, 2**52, 3000, dtype=np.uint64)
    u = (k + 0.5) * 2.0**-52
    expected = np.array(thirds.values)[np.searchsorted(thirds.cumulative, u, side="right")]
    np.testing.assert_array_equal(draw(thirds, k), expected)
    assert np.all(draw(make("bernoulli", {"p": 0.0}).shape(), k) == 0.0)
    assert np.all(draw(make("bernoulli", {"p": 1.0}).shape(), k) == 1.0)


def test_the_exponential_is_as_good_as_the_rounding_of_its_exponent():
    v = np.concatenate(
        [np.linspace(-708, 709.4, 1501), np.linspace(-1, 1, 201), [1e-300, 1e-9, -1e-17]]
    )
    found = np.array([power_of_e(x) for x in v])
    exact = np.array([math.exp(x) for x in v])  # the C library's, good to less than 1 ulp
    assert np.all(np.abs(found / exact - 1.0) <= (2.0 + np.abs(v)) * 2.0**-52)
    assert [power_of_e(x) for x in (-1e9, -INF)] == [2.0**-1022] * 2
    assert [power_of_e(x) for x in (709.9, 1e9, INF)] == [INF] * 3
    assert power_of_e(0.0) == 1.0


def test_powers_of_two_are_exact_and_others_good_to_three_ulp():
    whole = np.arange(-1022.0, 1024.0)
    assert [power_of_two(w) for w in whole] == list(np.ldexp(1.0, whole.astype(int)))
    w = np.linspace(-1022.0, 1023.99, 4001)
    exact = np.exp2(w)
    found = np.array([power_of_two(one) for one in w])
    assert np.all(np.abs(found - exact) <= 3.0 * np.spacing(exact))


def gamma_of_shape(shape):
    return make("gamma", {"shape": shape, "scale": 1.0})


def test_a_grid_is_the_polynomial_through_its_tables():
    grid = make_grid(gamma_of_shape, 0.7, 12.0)
    table = build_grid(grid.shape())
    nodes, weights = points(len(grid.members))
    rng = np.random.default_rng(2)
    k = rng.integers(0, 2**52, 500, dtype=np.uint64)
    shape = rng.uniform(0.7, 12.0, 500)
    place = (2.0 * np.log(shape) - np.log(0.7 * 12.0)) / np.log(12.0 / 0.7)
    place[:3] = nodes[0], -1.0, 1.0
    x = np.empty(500)
    invert_grid(k, place, nodes, weights, table.coefficients, 0.0, np.inf, x)
    shape = np.exp((np.log(0.7 * 12.0) + place * np.log(12.0 / 0.7)) / 2.0)
    u = (k.astype(np.float64) + 0.5) * 2.0**-52
    exact = np.array([gamma_of_shape(a).quantile(p) for a, p in zip(shape, u, strict=True)])
    spread = np.array([np.subtract(*gamma_of_shape(a).quantile([0.75, 0.25])) for a in shape])
    assert np.all(np.abs(x - exact) <= 1e-9 * np.maximum(spread, np.abs(exact - shape)))


def test_outside_its_grid_a_parameter_gives_nan():
    grid = make_grid(gamma_of_shape, 0.7, 12.0)
    nodes, weights = points(len(grid.members))
    place, x = np.array([1.0 + 1e-12, 1.1, -1.1, np.nan]), np.empty(4)
    k = np.full(4, 2**50, np.uint64)
    invert_grid(k, place, nodes, weights, build_grid(grid.shape()).coefficients, 0.0, 99.0, x)
    np.testing.assert_array_equal(np.isnan(x), [False, True, True, True])

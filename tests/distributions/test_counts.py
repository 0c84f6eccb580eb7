"""Counts: drawn by their steps, the unreachable ones left out, too many refused."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from wattif.distributions import BeliefError, make

DATA = Path(__file__).parent.parent / "data"
COUNTS = ("poisson", "binomial", "negative-binomial", "geometric", "hypergeometric", "integers")
MEMBERS = [
    member
    for member in tomllib.loads((DATA / "families.toml").read_text())["member"]
    if member["family"] in COUNTS
]
members = pytest.mark.parametrize(
    "member", MEMBERS, ids=lambda m: m["family"] + str(m["parameters"])
)


@members
def test_cumulative_probabilities_are_scipys(member):
    shape = make(member["family"], member["parameters"]).shape()
    name, *arguments = member["scipy"]
    equal = getattr(stats, name)(*arguments)
    k, cumulative = np.array(shape.values), np.array(shape.cumulative)
    np.testing.assert_array_equal(np.diff(k), 1.0)
    assert np.all(np.diff(cumulative) >= 0.0)
    assert cumulative[-1] == 1.0
    np.testing.assert_allclose(cumulative, equal.cdf(k), rtol=1e-10, atol=2e-16)
    # Nothing that a uniform of 52 bits reaches is missing on either side.
    assert equal.cdf(k[0] - 1.0) <= 2.0**-53 * (1.0 + 1e-9)
    assert equal.sf(k[-1]) <= 2.0**-53 * (1.0 + 1e-9)


@members
def test_steps_out_of_reach_are_left_out(member):
    shape = make(member["family"], member["parameters"]).shape()
    name, *arguments = member["scipy"]
    equal = getattr(stats, name)(*arguments)
    assert equal.cdf(shape.values[0]) > 2.0**-53 * (1.0 - 1e-9)
    assert len(shape.values) == 1 or equal.sf(shape.values[-2]) > 2.0**-54


@pytest.mark.parametrize("mean", [1e3, 2e4, 1e6, 1e9])
def test_large_poissons_against_the_incomplete_gamma_function(mean):
    shape = make("poisson", {"mean": mean}).shape()
    k, cumulative = np.array(shape.values), np.array(shape.cumulative)
    # scipy's function is good there, by Temme's expansion; further out it is off by 1e-6.
    near = np.abs(k - mean) < 4.0 * math.sqrt(mean)
    expected = special.gammaincc(k[near] + 1.0, mean)
    np.testing.assert_allclose(cumulative[near], expected, rtol=0.0, atol=1e-12)
    # Further out, the tail is about that of a normal and its skewness (Cornish and Fisher).
    z = special.ndtri([1e-12, 1.0 - 1e-12])
    skewed = mean - 0.5 + math.sqrt(mean) * z + (z * z - 1.0) / 6.0
    np.testing.assert_allclose(k[np.searchsorted(cumulative, [1e-12, 1 - 1e-12])], skewed, atol=2.0)


def test_large_hypergeometrics_against_the_binomial():
    # Of a population that is past counting, drawing without return is drawing with it.
    urn = make("hypergeometric", {"population": 1e15, "marked": 3e14, "draws": 1000})
    coin = make("binomial", {"n": 1000, "p": 0.3})
    k = np.arange(200.0, 400.0)
    np.testing.assert_allclose(urn.probability(k), coin.probability(k), rtol=1e-8)


def test_building_a_million_steps_takes_a_moment():
    start = time.perf_counter()
    shape = make("integers", {"min": 1, "max": 1_000_000}).shape()
    assert len(shape.values) == 1_000_000
    assert time.perf_counter() - start < 3.0  # 0.1 s measured


def test_probability_counts_whole_numbers():
    dice = make("integers", {"min": 1, "max": 6})
    x = [-math.inf, 0.9, 1.0, 3.99, 6.0, math.inf]
    np.testing.assert_allclose(dice.probability(x), [0, 0, 1 / 6, 0.5, 1, 1])
    np.testing.assert_allclose(dice.probability(x, upper=True), [1, 1, 5 / 6, 0.5, 0, 0])
    assert dice.support == (1.0, 6.0)


def test_a_shifted_count():
    count = make("poisson", {"mean": 4.5, "shift": 1})
    assert count.support == (1.0, math.inf)
    assert count.shape().values[0] == 1.0
    assert count.mean == 5.5


def test_negative_binomial_by_mean_and_sd_has_them():
    count = make("negative-binomial", {"mean": 10, "sd": 6})
    assert (count.mean, count.sd) == pytest.approx((10, 6), rel=1e-14)


TWIN = "so large a count is well represented by dist = "

# family, parameters, the key to blame, words of the message, words of the hint
REFUSED = [
    ("poisson", {"mean": 0}, "mean", "mean must be greater than 0, found 0", ""),
    ("poisson", {"mean": 1e12}, "", "poisson would take about 1.64e+07 separate values, more than 1,000,000", TWIN + '"normal", sd = sqrt(mean)'),
    ("binomial", {"n": 2.5, "p": 0.5}, "n", "n must be a whole number, found 2.5", ""),
    ("binomial", {"n": 0, "p": 0.5}, "n", "n must be at least 1, found 0", ""),
    ("binomial", {"n": 7, "p": 1}, "p", "p must lie between 0 and 1, both excluded, found 1", "write value = 7"),
    ("binomial", {"n": 7, "p": 1.5}, "p", "p must lie between 0 and 1, both excluded, found 1.5", ""),
    ("binomial", {"n": 1e15, "p": 0.5}, "", "binomial would take about", TWIN + '"normal"'),
    ("geometric", {"p": 0}, "p", "p must lie between 0 and 1, both excluded, found 0", ""),
    ("geometric", {"p": 1e-6}, "", "geometric would take about 3.67e+07 separate values", TWIN + '"exponential", mean = 1 / p'),
    ("geometric", {"mean": 0.5}, "mean", "mean must be at least 1, found 0.5", "it counts the trials"),
    ("negative-binomial", {"mean": 10, "sd": 3}, "sd", "sd of a negative-binomial must be greater than sqrt(mean), found 3", "a poisson has an sd of sqrt(mean)"),
    ("negative-binomial", {"successes": 2, "p": 1e-7}, "", "negative-binomial would take about", TWIN + '"gamma"'),
    ("hypergeometric", {"population": 10, "marked": 11, "draws": 2}, "marked", "marked must be between 0 and 10, found 11", ""),
    ("hypergeometric", {"population": 10, "marked": 10, "draws": 2}, "draws", "leaves nothing to chance", "write value = 2"),
    ("hypergeometric", {"population": 1e15, "marked": 5e14, "draws": 1e13}, "", "hypergeometric", TWIN + '"normal"'),
    ("integers", {"min": 1, "max": 1}, "min", "min must be less than max", "write value = 1"),
    ("integers", {"min": 1.5, "max": 3}, "min", "min must be a whole number, found 1.5", ""),
    ("integers", {"min": 0, "max": 1e6}, "", "integers would take about 1e+06 separate values", "floor() in a formula"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "parameters", "blamed", "message", "hint"), REFUSED)
def test_refusals(family, parameters, blamed, message, hint):
    with pytest.raises(BeliefError) as refused:
        make(family, parameters)
    assert message in refused.value.message
    assert refused.value.parameter == blamed
    assert hint in refused.value.hint


@pytest.mark.parametrize("family", COUNTS)
def test_counts_cannot_be_truncated(family):
    member = next(m for m in MEMBERS if m["family"] == family)
    with pytest.raises(BeliefError, match="it takes separate values"):
        make(family, member["parameters"], (1, 3))

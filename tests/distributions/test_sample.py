"""Samples: their distribution function, smoothed, and fitted."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from wattif.distributions import BeliefError, make
from wattif.distributions.fitting import RECIPES, fit_sample
from wattif.distributions.sample import Empirical, Sample
from wattif.distributions.smooth import Smooth, silverman


def sample(values, weights=None):
    values = tuple(float(value) for value in values)
    return Sample(values, tuple(map(float, weights or [1] * len(values))))


RANDOM = np.random.default_rng(3)
DRAWN = RANDOM.gamma(3.0, 2.0, 400)
SKEWED = sample(DRAWN)


def test_the_empirical_distribution_is_that_of_scipy():
    found = Empirical(SKEWED)
    x = np.concatenate([DRAWN[:20], [0.0, 5.0, 99.0]])
    np.testing.assert_allclose(found.probability(x), stats.ecdf(DRAWN).cdf.evaluate(x), rtol=1e-13)
    assert found.mean == pytest.approx(DRAWN.mean())
    assert found.sd == pytest.approx(DRAWN.std())


def test_weights_count_as_repetitions():
    weighted = Empirical(sample([1, 2, 5], [1, 2, 1]))
    repeated = Empirical(sample([1, 2, 2, 5]))
    assert weighted.shape() == repeated.shape()
    assert weighted.parameters["weights"] == (1.0, 2.0, 1.0)


def test_many_values_are_stored_by_their_number_and_hash():
    stated = Empirical(SKEWED).parameters
    assert stated["n"] == 400.0
    assert len(stated["sha256"]) == 16
    assert stated["sha256"] != Empirical(sample(DRAWN * 2)).parameters["sha256"]


BANDWIDTH = 0.7


@pytest.mark.parametrize("upper", [False, True])
def test_a_smooth_sample_is_a_mean_of_normals(upper):
    found = Smooth(SKEWED, BANDWIDTH)
    x = np.linspace(-2.0, 25.0, 50)
    side = stats.norm.sf if upper else stats.norm.cdf
    exact = np.mean(side((x[:, None] - DRAWN) / BANDWIDTH), axis=1)
    # Values are moved to a grid of h / 16: the variance grows by at most h^2 / 1024.
    np.testing.assert_allclose(found.probability(x, upper), exact, rtol=2e-2, atol=1e-4)
    assert found.mean == pytest.approx(DRAWN.mean(), rel=1e-12)
    assert found.sd == pytest.approx(math.sqrt(DRAWN.var() + BANDWIDTH**2), rel=1e-3)


def test_values_on_the_grid_are_smoothed_exactly():
    values = np.array([0.0, 0.25, 1.0, 3.0])
    found = Smooth(sample(values), 0.5)
    x = np.array([-4.0, -1.0, 0.3, 2.0, 5.0])
    for upper in (False, True):
        side = stats.norm.sf if upper else stats.norm.cdf
        exact = np.mean(side((x[:, None] - values) / 0.5), axis=1)
        np.testing.assert_allclose(found.probability(x, upper), exact, rtol=1e-9)


def test_a_bound_reflects_what_would_lie_beyond():
    found = Smooth(SKEWED, BANDWIDTH, min=0.0)
    free = Smooth(SKEWED, BANDWIDTH)
    x = np.array([0.01, 0.5, 2.0])
    exact = free.probability(x) - free.probability(-x)
    np.testing.assert_allclose(found.probability(x), exact, rtol=3e-2)
    assert found.support == (0.0, math.inf)
    assert found.quantile(1e-12) >= 0.0


def test_a_log_scale_smooths_the_logarithms():
    found = Smooth(SKEWED, 0.2, "log")
    logs = Smooth(sample(np.log(DRAWN)), 0.2)
    p = np.array([1e-9, 0.2, 0.7])
    np.testing.assert_allclose(found.quantile(p), np.exp(logs.quantile(p)), rtol=1e-12)
    mean = np.mean(DRAWN) * math.exp(0.2**2 / 2)
    assert found.mean == pytest.approx(mean, rel=1e-3)  # the grid again


def test_silvermans_rule():
    spread = min(DRAWN.std(), (np.quantile(DRAWN, 0.75) - np.quantile(DRAWN, 0.25)) / 1.34)
    # Quartiles of a sample are defined in several ways, a percent apart.
    assert silverman(SKEWED) == pytest.approx(0.9 * spread * 400**-0.2, rel=2e-2)


SCIPYS = {
    "normal": (stats.norm, {}, lambda m, s: (m, s)),
    "lognormal": (stats.lognorm, {"floc": 0}, lambda s, _, scale: (scale, s)),
    "exponential": (stats.expon, {"floc": 0}, lambda _, scale: (scale,)),
    "gamma": (stats.gamma, {"floc": 0}, lambda a, _, scale: (a, scale)),
    "weibull": (stats.weibull_min, {"floc": 0}, lambda c, _, scale: (c, scale)),
    "beta": (stats.beta, {"floc": 0, "fscale": 1}, lambda a, b, *_: (a, b)),
    "logistic": (stats.logistic, {}, lambda m, s: (m, s)),
    "log-logistic": (stats.fisk, {"floc": 0}, lambda c, _, scale: (scale, c)),
    "gumbel": (stats.gumbel_r, {}, lambda m, s: (m, s)),
    "inverse-gaussian": (stats.invgauss, {"floc": 0}, lambda mu, _, scale: (mu * scale, scale)),
}


@pytest.mark.parametrize("family", SCIPYS)
def test_a_fit_is_scipys(family):
    scipy, fixed, ours = SCIPYS[family]
    values = DRAWN / 40 if family == "beta" else DRAWN
    expected = ours(*scipy.fit(values, **fixed))
    found = fit_sample(family, sample(values)).errors
    # scipy stops its search when parameters change by 1e-4.
    assert [x for x, _ in found.values()] == pytest.approx(expected, rel=1e-4)


def test_a_fit_of_student_t_is_likelier_than_scipys():
    values = stats.t(4, 10, 2).rvs(300, random_state=RANDOM)
    found = [x for x, _ in fit_sample("student-t", sample(values)).errors.values()]
    likelihood = stats.t.logpdf(values, *found).sum()
    assert likelihood >= stats.t.logpdf(values, *stats.t.fit(values)).sum() - 1e-6


def test_every_recipe_is_tested_and_makes_its_family():
    assert set(RECIPES) == {*SCIPYS, "student-t"}
    for family, recipe in RECIPES.items():
        assert make(family, dict.fromkeys(recipe.names, 1.5)).family == family


def test_standard_errors_by_hand():
    n, mean, sd = DRAWN.size, DRAWN.mean(), DRAWN.std()
    errors = fit_sample("normal", SKEWED).errors
    assert errors["mean"] == pytest.approx((mean, sd / math.sqrt(n)), rel=1e-5)
    assert errors["sd"] == pytest.approx((sd, sd / math.sqrt(2 * n)), rel=1e-5)
    (rate,) = fit_sample("exponential", SKEWED).errors.values()
    assert rate == pytest.approx((mean, mean / math.sqrt(n)), rel=1e-5)


def test_the_errors_of_a_fit_widen_what_it_predicts():
    few = sample(DRAWN[:12])
    fit = fit_sample("normal", few)
    plain, predictive = fit.distribution, fit.predictive()
    assert predictive.mean == pytest.approx(plain.mean, rel=1e-2)
    # The variance of the mean is added, and the skewness of sd's error: some 5 to 15 % for 12.
    assert 1.02 < predictive.sd / plain.sd < 1.2
    again = fit_sample("normal", few).predictive()
    assert again == predictive


REFUSED = [
    (lambda: sample([3, 3, 3]), "a sample needs two different values, found only 3", "values"),
    (lambda: sample([1, 2], [1]), "a sample needs one weight for each value, found 2 values and 1 weights", "weights"),
    (lambda: sample([1, 2], [1, -1]), "weights must not be negative, found -1", "weights"),
    (lambda: Smooth(sample([1, 2]), 0.0), "bandwidth must be greater than 0, found 0", "bandwidth"),
    (lambda: Smooth(sample([1, 2]), 1e-5), "the sample is 100,000 bandwidths wide; at most 8,192 are smoothed", "bandwidth"),
    (lambda: Smooth(sample([-1, 2]), 1.0, min=0.0), "min must not leave out values of the sample, found -1 in it", "min"),
    (lambda: Smooth(sample([-1, 2]), 1.0, "log"), "only values greater than 0 have logarithms, found -1", "values"),
    (lambda: Smooth(sample([1, 2]), 1.0, "log", min=0.0), "a smoothed sample has either bounds or a log scale, which keeps it above 0", "scale"),
    (lambda: fit_sample("gamma", sample([-1, 2, 3])), "gamma takes values greater than 0, found -1", "family"),
    (lambda: fit_sample("student-t", sample([1, 2, 3])), "student-t fits this sample the better the more extreme it is: there is no likeliest", "family"),
    (lambda: fit_sample("beta", sample([0.5, 1.0])), "beta takes values between 0 and 1, both excluded, found 1", "family"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message", "parameter"), REFUSED)
def test_refusals(build, message, parameter):
    with pytest.raises(BeliefError) as refused:
        build()
    assert (refused.value.message, refused.value.parameter) == (message, parameter)


def test_families_without_a_recipe_are_refused():
    with pytest.raises(
        BeliefError, match="no fit for family 'pareto'; fitted are normal, lognormal"
    ):
        fit_sample("pareto", SKEWED)


def test_a_location_that_is_small_beside_its_error_is_fitted():
    wide = sample(np.random.default_rng(1).normal(500.0, 4000.0, 60))
    assert fit_sample("normal", wide).errors["sd"][0] == pytest.approx(4000.0, rel=0.3)

"""Correlations of draws: against scipy, and as a result reports them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import wattif as wi
from wattif.results.correlations import measure, midranks

RNG = np.random.default_rng(4)
X = RNG.normal(size=500)
Y = X + RNG.normal(size=500)
TIED = np.floor(3.0 * Y)


def test_ranks_are_those_of_scipy():
    np.testing.assert_array_equal(midranks(TIED), stats.rankdata(TIED) - 0.5)


@pytest.mark.parametrize("y", [Y, TIED])
def test_rank_correlation_is_spearmans(y):
    assert measure("rank", X, y) == pytest.approx(stats.spearmanr(X, y).statistic, rel=1e-13)


def test_kendalls_tau_is_scipys():
    assert measure("kendall", X, Y) == pytest.approx(stats.kendalltau(X, Y).statistic, rel=1e-13)


def test_pearson_is_of_normal_scores():
    scores = [stats.norm.ppf(stats.rankdata(v) / 500 - 0.001) for v in (X, Y)]
    assert measure("pearson", X, Y) == pytest.approx(np.corrcoef(*scores)[0, 1], rel=1e-12)


def result(**changes):
    study = {
        "quantities": {
            "price": "10 to 20 USD",
            "rent": "1 to 2 USD",
            "idle": "1 to 2",
            "cost": {"formula": "price + rent"},
        },
        "correlate": [
            {"quantities": ["price", "rent"], "rank": 0.6, "source": "a survey"},
            {"quantities": ["price", "idle"], "rank": 0.1},
        ],
    }
    return wi.load(study).run(**{"draws": 2**14, "sampling": "random", **changes})


def test_a_result_reports_what_was_asked_and_achieved():
    pairs = result()["correlations"].to_dataset()
    assert pairs["first"].values.tolist() == ["price", "price"]
    assert pairs["second"].values.tolist() == ["rent", "idle"]
    assert pairs["source"].values.tolist() == ["a survey", ""]
    achieved, error = float(pairs["achieved"][0]), float(pairs["achieved_error"][0])
    assert abs(achieved - 0.6) < 4.0 * error  # 16 replicates know their error to 18 %
    assert 0.0 < error < 0.02
    assert np.isnan(pairs["achieved"][1])  # no output needs idle, so it is not drawn


def test_the_kept_draws_are_correlated_too():
    prior = result()["prior"].to_dataset()
    rho = stats.spearmanr(prior["price"].values.ravel(), prior["rent"].values.ravel()).statistic
    assert rho == pytest.approx(0.6, abs=0.03)  # 4 standard errors of 16,384 draws


def test_correlation_changes_no_margin():
    with_it = result(sampling="sobol")["prior"].to_dataset()["price"].values
    without = wi.load(
        {"quantities": {"price": "10 to 20 USD", "cost": {"formula": "price + 1 * price"}}}
    ).run(draws=2**14)["prior"]["price"].values
    np.testing.assert_array_equal(with_it, without)

"""Correlations of draws: against scipy, and as a result reports them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import wattif as wi
from wattif.results.correlations import kendall, midranks

RNG = np.random.default_rng(4)
X = RNG.normal(size=500)
Y = X + RNG.normal(size=500)
TIED = np.floor(3.0 * Y)


def test_ranks_are_those_of_scipy():
    np.testing.assert_array_equal(midranks(TIED), stats.rankdata(TIED) - 0.5)


def test_kendalls_tau_is_scipys():
    assert kendall(X, Y) == pytest.approx(stats.kendalltau(X, Y).statistic, rel=1e-13)


def measured(correlate, **quantities):
    """Return what a result says was achieved, and the kept draws of x and y."""
    pair = {"quantities": ["x", "y"], **correlate}
    study = {"quantities": {**quantities, "z": {"formula": "x + y"}}, "correlate": [pair]}
    tree = wi.load(study).run(draws=2**14, sampling="random")
    prior = tree["prior"].to_dataset()
    found = tree["correlations"].to_dataset()
    draws = zip(prior["x"].values, prior["y"].values, strict=True)
    return float(found["achieved"][0]), float(found["achieved_error"][0]), list(draws)


NORMAL = {"dist": "normal", "mean": 0.0, "sd": 1.0}
POISSON = {"dist": "poisson", "mean": 2.0}


@pytest.mark.parametrize("y", [NORMAL, POISSON])
def test_the_rank_correlation_is_the_mean_of_spearmans(y):
    achieved, error, draws = measured({"rank": 0.5}, x=NORMAL, y=y)
    each = [stats.spearmanr(a, b).statistic for a, b in draws]
    assert achieved == pytest.approx(np.mean(each), rel=1e-12)
    assert error == pytest.approx(np.std(each, ddof=1) / 4.0, rel=1e-12)


def test_pearson_is_of_normal_scores():
    achieved, _, draws = measured({"pearson": 0.5}, x=NORMAL, y=NORMAL)
    n = len(draws[0][0])
    scores = [[stats.norm.ppf((stats.rankdata(v) - 0.5) / n) for v in pair] for pair in draws]
    each = [np.corrcoef(a, b)[0, 1] for a, b in scores]
    assert achieved == pytest.approx(np.mean(each), rel=1e-12)


def test_pearson_of_a_student_t_copula_is_that_of_its_own_scores():
    correlate = {"pearson": 0.8, "copula": "student-t", "df": 1.0}
    achieved, error, _ = measured(correlate, x=NORMAL, y=NORMAL)
    assert abs(achieved - 0.8) < 4.0 * error


def test_too_few_kept_draws_have_no_correlation():
    study = {"quantities": {"x": NORMAL, "y": NORMAL, "z": {"formula": "x + y"}}}
    study["correlate"] = [{"quantities": ["x", "y"], "rank": 0.5}]
    pairs = wi.load(study).run(draws=64)["correlations"].to_dataset()
    assert np.isnan(pairs["achieved"][0])


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
    # Alone it is drawn in strata, with others by octaves: both to 1e-10.
    np.testing.assert_allclose(with_it, without, rtol=1e-9)

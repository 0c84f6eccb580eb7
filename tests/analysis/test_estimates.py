"""Errors from replicates are those of theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wattif.analysis.estimates import mean_of, share_of, spread
from wattif.analysis.ranks import rank

DRAWS = np.random.default_rng(3).normal(size=(16, 1024))


def test_error_of_a_mean_is_the_spread_of_the_replicates_means() -> None:
    found = mean_of(DRAWS)
    assert found.value == pytest.approx(DRAWS.mean())
    assert found.error == pytest.approx(DRAWS.mean(axis=1).std(ddof=1) / 4)


def test_errors_of_quantiles_are_right_over_seeds() -> None:
    generator = np.random.default_rng(11)
    errors = [spread(generator.normal(size=(16, 1024)), 0.9).high.error for _ in range(40)]
    truth = np.sqrt(0.05 * 0.95 / 16_384) / stats.norm.pdf(stats.norm.ppf(0.95))
    # One error is known to 18 %, their root mean square over 40 to 3 %.
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(truth, rel=0.12)


def test_share_leaves_out_what_is_not_finite() -> None:
    draws = DRAWS.copy()
    draws[3, :500] = np.nan
    share = share_of(draws, draws > 0)
    assert share.value == pytest.approx(np.nanmean(np.where(np.isnan(draws), np.nan, draws > 0)))
    assert share.error == pytest.approx(np.sqrt(0.25 / 15_884), rel=0.5)
    nothing = share_of(np.full((4, 8), np.nan), np.full((4, 8), True))
    assert np.isnan(nothing.value)


def test_spread_of_nothing_is_unknown() -> None:
    assert np.isnan(spread(np.full((4, 8), np.nan), 0.9).median.value)


def test_ranks_agree_with_scipy() -> None:
    values = np.random.default_rng(5).integers(0, 40, 500).astype(float)
    np.testing.assert_array_equal(rank(values), stats.rankdata(values))

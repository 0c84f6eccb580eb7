"""The reported numbers are the pooled ones; their errors come from the replicates."""

from __future__ import annotations

import math
import statistics as slow
from dataclasses import replace

import numpy as np
import wattif as wi
import pytest

from wattif.engine import implied
from wattif.results.statistics import STATISTICS, percentiles, report, standard_error
from wattif.simulate import measure


def test_the_grid_of_percentiles_holds_the_ends_of_the_interval():
    assert {5.0, 95.0} <= set(percentiles(0.90))
    assert {2.5, 97.5} <= set(percentiles(0.95))
    assert {4.5, 95.5} <= set(percentiles(0.91))
    assert percentiles(0.91) == tuple(sorted(percentiles(0.91)))


def test_no_percentile_appears_twice_by_rounding():
    for level in (0.8, 0.9, 0.95, 0.98, 0.99):
        grid = percentiles(level)
        assert len(grid) == len({round(p, 6) for p in grid})


def test_the_standard_error_is_the_spread_over_the_root_of_the_count():
    values = np.random.default_rng(1).normal(size=(16, 3))
    expected = [slow.stdev(column) / math.sqrt(16) for column in values.T]
    assert standard_error(values) == pytest.approx(expected, rel=1e-12)


def test_replicates_that_agree_have_no_error():
    assert (standard_error(np.full((16, 2), 3.0)) == 0.0).all()


def test_an_infinite_replicate_makes_the_error_unknown():
    assert np.isnan(standard_error(np.array([[np.inf], [1.0], [2.0]]))).all()


def test_what_bins_may_have_moved_is_part_of_the_error(monkeypatch):
    product = {"a": "1 to 4", "b": "2 to 9", "y": {"formula": "a * b"}}
    study = wi.load({"run": {"outputs": ["y"]}, "quantities": product})
    _, found = measure(study.model)
    plain = report(found, 0.9)
    biased = report(replace(found, bias=np.full_like(found.bias, 0.5)), 0.9)
    np.testing.assert_allclose(biased.quantile_error, np.hypot(plain.quantile_error, 0.5))
    named = [STATISTICS.index(name) for name in ("p5", "p50", "eti_low", "eti_high")]
    np.testing.assert_allclose(biased.error[:, named], np.hypot(plain.error[:, named], 0.5))
    others = [STATISTICS.index(name) for name in ("mean", "sd", "hdi_low", "hdi_high")]
    np.testing.assert_array_equal(biased.error[:, others], plain.error[:, others])


@pytest.mark.parametrize("fewest", [1, 2**60])
def test_the_error_of_a_shortest_interval_is_that_of_one_counted_or_computed(monkeypatch, fewest):
    """Counted ones approach theirs with the cube root of the draws, computed ones the square root."""
    monkeypatch.setattr(implied, "FEWEST", fewest)
    product = {"a": "1 to 4", "b": "2 to 9", "y": {"formula": "a * b"}}
    study = wi.load({"run": {"outputs": ["y"]}, "quantities": product})
    found, stated = [], []
    for seed in range(60):
        tree = study.run(draws=2**14, seed=seed, sampling="random", threads=1)
        ends = {"statistic": ["hdi_low", "hdi_high"]}
        found.append(tree["summary"]["y"].sel(ends).values.ravel())
        stated.append(tree["summary_error"]["y"].sel(ends).values.ravel())
    ratio = np.std(found, axis=0, ddof=1) / np.sqrt(np.mean(np.square(stated), axis=0))
    # 60 seeds know it to 9 %; the square root would make it 1.6 times as large as it is.
    assert np.all((ratio > 0.75) & (ratio < 1.35))

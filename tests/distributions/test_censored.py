"""Censoring: what lies beyond a bound is put on it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from wattif.distributions import BeliefError, make
from wattif.distributions.censored import Censored
from wattif.distributions.mixture import ZeroInflated

NORMAL = make("normal", {"mean": 1, "sd": 2})


def test_values_beyond_are_put_on_the_bounds():
    found = Censored(NORMAL, 0.0, 3.0)
    below, above = stats.norm.cdf(-0.5), stats.norm.sf(1.0)
    assert found.probability(0.0) == pytest.approx(below)
    assert found.probability(-1e-300) == 0.0
    assert found.probability(np.nextafter(3.0, 0.0), upper=True) == pytest.approx(above)
    assert found.probability(3.0, upper=True) == 0.0
    np.testing.assert_array_equal(found.quantile([0.01, below - 1e-9]), 0.0)
    np.testing.assert_array_equal(found.quantile([0.01, above - 1e-9], upper=True), 3.0)
    assert found.quantile(0.5) == NORMAL.quantile(0.5)
    np.testing.assert_array_equal(found.atoms, [0.0, 3.0])
    assert found.support == (0.0, 3.0)


def test_moments_of_a_rectified_normal():
    found = Censored(NORMAL, 0.0)
    z = 0.5  # mean / sd
    # Closed forms of max(0, X): mean m Phi(z) + s phi(z), second moment (m^2 + s^2) Phi + m s phi.
    mean = stats.norm.cdf(z) + 2.0 * stats.norm.pdf(z)
    square = 5.0 * stats.norm.cdf(z) + 2.0 * stats.norm.pdf(z)
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert found.sd == pytest.approx(math.sqrt(square - mean**2), rel=1e-12)


def test_separate_values_are_gathered_on_the_bound():
    found = Censored(make("poisson", {"mean": 2.0}), max=3.0)
    shape = found.shape()
    assert shape.values == (0.0, 1.0, 2.0, 3.0)
    assert shape.cumulative == pytest.approx([*stats.poisson.cdf([0, 1, 2], 2.0), 1.0])
    values, masses = np.arange(4.0), np.diff([0.0, *stats.poisson.cdf([0, 1, 2], 2.0), 1.0])
    assert found.mean == pytest.approx(values @ masses)


def test_a_bound_that_touches_nothing_changes_nothing():
    beta = make("beta", {"alpha": 2, "beta": 3})
    found = Censored(beta, -1.0, 2.0)
    np.testing.assert_array_equal(found.quantile([0.1, 0.9]), beta.quantile([0.1, 0.9]))
    assert found.atoms.size == 0


def test_values_of_their_own_stay():
    found = Censored(ZeroInflated(0.2, NORMAL), max=2.0)
    np.testing.assert_array_equal(found.atoms, [0.0, 2.0])
    assert found.parameters["of"]["dist"] == "zero-inflated"
    assert found.parameters["min"] == -math.inf


REFUSED = [
    ({}, "censored needs min or max, found neither"),
    ({"min": 3.0, "max": 2.0}, "min must be less than max, found min = 3 and max = 2"),
]


@pytest.mark.parametrize(("bounds", "message"), REFUSED)
def test_refusals(bounds, message):
    with pytest.raises(BeliefError) as refused:
        Censored(NORMAL, **bounds)
    assert refused.value.message == message


def test_a_bound_that_leaves_one_value_is_refused():
    with pytest.raises(BeliefError) as refused:
        Censored(make("uniform", {"min": 1, "max": 2}), min=2.0)
    assert refused.value.message == "min = 2 leaves nothing uncertain: all lies beyond"
    assert refused.value.hint == "without spread it is a constant: write value = 2"

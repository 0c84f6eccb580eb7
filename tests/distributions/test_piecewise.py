"""Bins: straight lines between cumulative points, chips on bins, gaps, and their refusals."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wattif.distributions import BeliefError, make

EDGES, CHIPS = [0.0, 1.0, 2.0, 5.0, 9.0], [2.0, 5.0, 3.0, 0.5]


def test_it_is_the_histogram_of_scipy():
    # density=True, since heights and not counts are given: the bins differ in width.
    heights = np.array(CHIPS) / np.diff(EDGES)
    scipy = stats.rv_histogram((heights, EDGES), density=True)
    found = make("roulette", {"edges": EDGES, "chips": CHIPS})
    p = np.array([1e-9, 0.1, 0.4, 0.5, 0.9, 0.999])
    np.testing.assert_allclose(found.quantile(p), scipy.ppf(p), rtol=1e-13)
    x = np.linspace(-1, 10, 45)
    np.testing.assert_allclose(found.probability(x), scipy.cdf(x), atol=1e-15)
    assert (found.mean, found.sd) == pytest.approx((scipy.mean(), scipy.std()), rel=1e-13)


def test_chips_are_shares_whatever_their_number():
    few, many = (
        make("roulette", {"edges": EDGES, "chips": [n * c for c in CHIPS]}) for n in (1, 8)
    )
    assert few.quantile(0.3) == many.quantile(0.3)
    points = {"values": EDGES, "cumulative": [0.0, *(np.cumsum(CHIPS) / sum(CHIPS))]}
    assert make("piecewise", points).quantile(0.3) == few.quantile(0.3)


def test_what_goes_in_comes_out():
    values, cumulative = [0, 2, 5, 10], [0, 0.2, 0.9, 1]
    found = make("piecewise", {"values": values, "cumulative": cumulative})
    assert found.quantile([0.2, 0.9]) == pytest.approx([2, 5], rel=1e-15)
    assert found.probability(values) == pytest.approx(cumulative, rel=1e-15)
    assert found.shape().kinks == (0.2, 0.9)


def test_nothing_falls_into_a_gap():
    found = make("roulette", {"edges": [0, 1, 2, 3], "chips": [1, 0, 3]})
    assert found.shape().kinks == (0.25,)
    x = found.quantile([0.25 - 1e-12, 0.25 + 1e-12])
    assert x == pytest.approx([1.0, 2.0], abs=1e-11)
    assert found.probability([1.0, 1.5, 2.0]) == pytest.approx([0.25, 0.25, 0.25])
    # At the very probability of the gap its end nearer the median, whichever side is asked.
    assert found.quantile(0.25) == found.quantile(0.75, upper=True) == 2.0
    mirrored = make("roulette", {"edges": [0, 1, 2, 3], "chips": [3, 0, 1]})
    assert mirrored.quantile(0.75) == mirrored.quantile(0.25, upper=True) == 1.0


def test_bins_without_chips_at_the_ends_are_no_part_of_the_range():
    found = make("roulette", {"edges": [0, 1, 2, 3, 4], "chips": [0, 1, 3, 0]})
    assert found.support == (1.0, 3.0)
    found = make("piecewise", {"values": [0, 1, 2, 3], "cumulative": [0, 0, 1, 1]})
    assert found.support == (1.0, 2.0)


def test_sums_that_round_still_end_at_1():
    found = make("roulette", {"edges": list(range(12)), "chips": [0.1] * 10 + [0]})
    assert found.support == (0.0, 10.0)
    assert found.probability(10.0) == 1.0


# family, parameters, the key to blame, message, hint
REFUSED = [
    ("piecewise", {"values": [0, 1]}, "", "piecewise needs cumulative beside values; it takes values and cumulative", ""),
    ("piecewise", {"values": [0, 1, 2], "cumulative": [0, 1]}, "cumulative", "piecewise needs one cumulative probability for each value, found 3 values and 2 probabilities", ""),
    ("piecewise", {"values": [1], "cumulative": [1]}, "values", "values must be two or more, found 1", ""),
    ("piecewise", {"values": [0, 2, 1], "cumulative": [0, 0.5, 1]}, "values", "values must increase, found 2 before 1", ""),
    ("piecewise", {"values": [0, 2, 2, 3], "cumulative": [0, 0.2, 0.5, 1]}, "values", "values must increase, found 2 twice", "a single value with a probability of its own is for discrete"),
    ("piecewise", {"values": [0, 1, 2], "cumulative": [0, 0.5, 0.4]}, "cumulative", "cumulative must not decrease, found 0.5 before 0.4", ""),
    ("piecewise", {"values": [0, 1, 2], "cumulative": [0, 50, 100]}, "cumulative", "cumulative must start at 0 and end at 1, found 0 to 100", "cumulative probabilities are shares: write 0.5 for 50 %"),
    ("piecewise", {"values": [0, 1, 2], "cumulative": [0.1, 0.5, 1]}, "cumulative", "cumulative must start at 0 and end at 1, found 0.1 to 1", "add the least and the greatest possible value"),
    ("piecewise", {"values": [0, 1], "weights": [1, 2]}, "weights", "unknown parameter 'weights' of piecewise; it takes values and cumulative", "cumulative probabilities add up; roulette takes weights, as chips"),
    ("piecewise", {"values": [-1e308, 1e308], "cumulative": [0, 1]}, "", "piecewise with these parameters lies beyond floating-point numbers", ""),
    ("piecewise", {"p0": 1, "p100": 2}, "p0", "piecewise cannot be given by percentiles; it takes values and cumulative", ""),
    ("roulette", {"edges": [0, 1, 2], "chips": [1]}, "chips", "roulette needs one edge more than numbers of chips, found 3 edges and 1 numbers of chips", ""),
    ("roulette", {"edges": [0, 1, 1], "chips": [1, 1]}, "edges", "edges must increase, found 1 twice", "a single value with a probability of its own is for discrete"),
    ("roulette", {"edges": [0, 1, 2], "chips": [1, -1]}, "chips", "chips must not be negative, found -1", ""),
    ("roulette", {"edges": [0, 1, 2], "chips": [0, 0]}, "chips", "chips must add up to more than 0, found 0", ""),
    ("roulette", {"edges": [0, 1], "weights": [1]}, "weights", "unknown parameter 'weights' of roulette; it takes edges and chips", "the weights of the bins are chips, of which there may be 2.5"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "parameters", "blamed", "message", "hint"), REFUSED)
def test_refusals(family, parameters, blamed, message, hint):
    with pytest.raises(BeliefError) as refused:
        make(family, parameters)
    found = refused.value
    assert (found.message, found.parameter, found.hint) == (message, blamed, hint)

"""Distributions over separate values."""

from __future__ import annotations

import numpy as np
import pytest

from wattif.distributions import BeliefError, make

COINS = {"values": [16, 8, 32], "weights": [5, 2, 3]}


def test_values_are_sorted_and_weights_normalised():
    shape = make("discrete", COINS).shape()
    assert shape.kind == "steps"
    assert shape.values == (8.0, 16.0, 32.0)
    assert shape.cumulative == pytest.approx((0.2, 0.7, 1.0))


def test_the_parameters_stay_as_given():
    parameters = make("discrete", COINS).parameters
    assert parameters == {"values": (16.0, 8.0, 32.0), "weights": (5.0, 2.0, 3.0)}


def test_equal_values_add_up_and_impossible_ones_vanish():
    shape = make("discrete", {"values": [1, 2, 1, 9], "weights": [1, 2, 1, 0]}).shape()
    assert shape.values == (1.0, 2.0)
    assert shape.cumulative == pytest.approx((0.5, 1.0))


def test_the_last_cumulative_probability_is_exactly_1():
    weights = [0.1] * 10  # which add up to 0.9999999999999999
    assert make("discrete", {"values": range(10), "weights": weights}).shape().cumulative[-1] == 1.0


def test_moments_by_hand():
    coins = make("discrete", COINS)
    assert coins.mean == pytest.approx(0.2 * 8 + 0.5 * 16 + 0.3 * 32)
    assert coins.sd == pytest.approx(np.sqrt(0.2 * 64 + 0.5 * 256 + 0.3 * 1024 - coins.mean**2))
    assert coins.support == (8.0, 32.0)


def test_quantile_is_the_least_value_that_reaches_p():
    coins = make("discrete", COINS)
    np.testing.assert_array_equal(coins.quantile([0.1, 0.3, 0.69, 0.71, 0.99]), [8, 16, 16, 32, 32])
    np.testing.assert_array_equal(coins.quantile([0.01, 0.31, 0.81], upper=True), [32, 16, 8])


def test_probability_counts_the_value_itself():
    coins = make("discrete", COINS)
    x = [-np.inf, 7, 8, 15.9, 16, 40, np.inf]
    np.testing.assert_allclose(coins.probability(x), [0, 0, 0.2, 0.2, 0.7, 1, 1])
    np.testing.assert_allclose(coins.probability(x, upper=True), [1, 1, 0.8, 0.8, 0.3, 0, 0])


@pytest.mark.parametrize("p", [0.0, 0.25, 1.0])
def test_bernoulli_may_be_certain(p):
    coin = make("bernoulli", {"p": p})
    assert coin.mean == p
    assert coin.sd == pytest.approx(np.sqrt(p * (1 - p)))
    np.testing.assert_allclose(coin.probability([-0.1, 0.0, 1.0]), [0, 1 - p, 1])
    np.testing.assert_allclose(coin.probability([-0.1, 0.0, 1.0], upper=True), [1, p, 0])


def test_bernoulli_quantiles():
    coin = make("bernoulli", {"p": 0.25})
    np.testing.assert_array_equal(coin.quantile([0.5, 0.74, 0.76]), [0, 0, 1])
    assert make("bernoulli", {"p": 1.0}).quantile(1e-9) == 1.0


REFUSED = [
    ("discrete", {"values": [1, 2], "weights": [1]}, "one weight for each value, found 2 values"),
    ("discrete", {"values": [1, 2], "weights": [1, -1]}, "weights must not be negative, found -1"),
    ("discrete", {"values": [1, 2], "weights": [0, 0]}, "weights must add up to more than 0"),
    (
        "discrete",
        {"values": [1, 2], "weights": [1, 0]},
        "two or more possible values, found only 1",
    ),
    ("discrete", {"values": [], "weights": []}, "values must not be empty"),
    ("discrete", {"values": 3, "weights": [1]}, "values must be a list of numbers, found 3"),
    ("discrete", {"values": "12", "weights": [1]}, "values must be a list of numbers, found '12'"),
    ("discrete", {"values": [1, "b"], "weights": [1, 1]}, "values[1] must be a number, found 'b'"),
    ("discrete", {"values": [1, np.nan], "weights": [1, 1]}, "values[1] must be a finite number"),
    (
        "discrete",
        {"values": [1, True], "weights": [1, 1]},
        "values[1] must be a number, found true",
    ),
    ("bernoulli", {"p": 1.5}, "p must be between 0 and 1, found 1.5"),
    ("bernoulli", {"p": [0.5]}, "p must be a number, found a list of 1"),
]


@pytest.mark.parametrize(("family", "parameters", "words"), REFUSED)
def test_refusals(family, parameters, words):
    with pytest.raises(BeliefError) as refused:
        make(family, parameters)
    assert words in refused.value.message


def test_one_value_is_a_constant():
    with pytest.raises(BeliefError) as refused:
        make("discrete", {"values": [7], "weights": [1]})
    assert refused.value.hint == "without spread it is a constant: write value = 7"

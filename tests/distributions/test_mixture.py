"""Mixtures: against roots of the exact distribution function, and against plain draws."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize, stats

from wattif.distributions import BeliefError, interval, make
from wattif.distributions.mixture import Mixture, ZeroInflated
from wattif.distributions.point import Point
from wattif.distributions.truncated import Truncated


def normal(mean, sd):
    return make("normal", {"mean": mean, "sd": sd})


def mixture(*members, weights=None):
    return Mixture(members, tuple(map(float, weights or [1] * len(members))))


def lognormal_of(low, high):
    sigma = math.log(high / low) / (2 * stats.norm.ppf(0.95))
    return stats.lognorm(sigma, scale=math.sqrt(low * high))


# mixture, and the same members in scipy; weights add up to 1 exactly
CASES = {
    "far apart": (
        mixture(interval(2, 4), interval(10, 20), weights=[0.75, 0.25]),
        [lognormal_of(2, 4), lognormal_of(10, 20)],
    ),
    "very far apart": (
        mixture(interval(1, 2), interval(1e6, 2e6), weights=[0.25, 0.75]),
        [lognormal_of(1, 2), lognormal_of(1e6, 2e6)],
    ),
    "overlapping": (
        mixture(normal(0, 1), normal(1, 3), weights=[0.5, 0.5]),
        [stats.norm(0, 1), stats.norm(1, 3)],
    ),
    "a spike in a plain": (
        mixture(normal(0, 1), normal(3, 1e-4), weights=[0.875, 0.125]),
        [stats.norm(0, 1), stats.norm(3, 1e-4)],
    ),
    "a gap": (
        mixture(
            make("uniform", {"min": 0, "max": 1}),
            make("beta", {"alpha": 2, "beta": 3, "min": 5, "max": 9}),
            weights=[0.25, 0.75],
        ),
        [stats.uniform(0, 1), stats.beta(2, 3, 5, 4)],
    ),
    "heavy tails": (
        mixture(
            make("cauchy", {"location": 0, "scale": 1}),
            make("lognormal", {"median": 1, "sigma": 3}),
            weights=[0.5, 0.5],
        ),
        [stats.cauchy(0, 1), stats.lognorm(3)],
    ),
}
cases = pytest.mark.parametrize("name", CASES)


def slow_quantile(members, weights, p, upper):
    """Return the root of the mixture's distribution function, by scipy alone.

    Sums of weights are exact, and each member brings the smaller of its tails: near a gap all else
    is rounding.
    """

    def excess(x):
        parts = [(m.cdf(x), m.sf(x), w) for m, w in zip(members, weights, strict=True)]
        whole = sum((Fraction(w) for below, _, w in parts if (below > 0.5) != upper), Fraction(0))
        tails = math.fsum(w * (below if below <= 0.5 else -above) for below, above, w in parts)
        base = float(whole - Fraction(p))
        return (-base if upper else base) + tails

    ends = [m.isf(p) if upper else m.ppf(p) for m in members]
    low, high = min(ends), max(ends)
    if excess(low) >= 0.0 or excess(high) <= 0.0:
        return low if excess(low) >= 0.0 else high
    return optimize.brentq(excess, low, high, xtol=1e-300, rtol=1e-14)


# Both tails to 1e-12, the middle, and both sides of where the members' weights end.
P = [1e-12, 1e-9, 1e-5, 0.01, 0.2, 0.3, 0.4, 0.4999]
AWAY = [1e-2, 1e-5, 1e-8, 1e-11, 1e-13]


def near_the_weights(weights):
    ends = (weights[0], weights[1])
    return [w + d for w in ends if w < 0.5 for d in (*AWAY, *(-a for a in AWAY))]


@cases
@pytest.mark.parametrize("upper", [False, True])
def test_quantiles_are_roots_of_the_distribution_function(name, upper):
    found, members = CASES[name]
    p = np.array([*P, *near_the_weights(found.weights[::-1] if upper else found.weights)])
    p = p[p <= 0.5]
    exact = np.array([slow_quantile(members, found.weights, x, upper) for x in p])
    first, median, third = found.quantile([0.25, 0.5, 0.75])
    allowed = 1e-11 * np.maximum(third - first, np.abs(exact - median))
    assert np.all(np.abs(found.quantile(p, upper) - exact) <= allowed + 1e-13 * np.abs(exact))


@cases
def test_probabilities_are_weighted_sums_in_both_tails(name):
    found, members = CASES[name]
    x = np.concatenate([found.quantile(P), found.quantile(P, upper=True)])
    below = sum(w * m.cdf(x) for w, m in zip(found.weights, members, strict=True))
    above = sum(w * m.sf(x) for w, m in zip(found.weights, members, strict=True))
    # scipy's lognormal takes the logarithm of a rounded ratio: 1e-12 that far out.
    np.testing.assert_allclose(found.probability(x), below, rtol=1e-11)
    np.testing.assert_allclose(found.probability(x, upper=True), above, rtol=1e-11)


@cases
def test_moments_against_quadrature(name):
    found, members = CASES[name]
    if not math.isfinite(members[0].mean()):
        assert not math.isfinite(found.mean)
        return
    mean = sum(w * m.mean() for w, m in zip(found.weights, members, strict=True))
    square = sum(w * (m.var() + m.mean() ** 2) for w, m in zip(found.weights, members, strict=True))
    assert found.mean == pytest.approx(mean, rel=1e-12, abs=1e-12)
    assert found.sd == pytest.approx(math.sqrt(square - mean**2), rel=1e-9)


def test_weights_count_in_proportion_and_zero_leaves_out():
    one = mixture(normal(0, 1), normal(5, 1), normal(9, 1), weights=[2, 0, 6])
    other = mixture(normal(0, 1), normal(9, 1), weights=[0.25, 0.75])
    np.testing.assert_array_equal(one.quantile([0.1, 0.5]), other.quantile([0.1, 0.5]))


def test_nested_mixtures_are_one_mixture():
    inner = mixture(normal(3, 1), normal(9, 2), weights=[1, 3])
    nested = mixture(normal(0, 1), inner, weights=[1, 1])
    plain = mixture(normal(0, 1), normal(3, 1), normal(9, 2), weights=[4, 1, 3])
    np.testing.assert_allclose(nested.quantile(P), plain.quantile(P), rtol=1e-14)
    assert [part.weight for part in nested.parts] == [0.5, 0.125, 0.375]


def test_quantiles_rise_with_u():
    for found, _ in CASES.values():
        u = np.linspace(1e-6, 1 - 1e-6, 2001)
        assert np.all(np.diff(found.quantile(u)) >= 0.0)


def test_a_separate_value_keeps_its_probability():
    found = mixture(normal(0, 1), Point(0.5), make("bernoulli", {"p": 0.25}), weights=[2, 1, 1])
    np.testing.assert_array_equal(found.atoms, [0.0, 0.5, 1.0])
    before = 0.5 * stats.norm.cdf(0.5) + 0.25 * 0.75
    inside = before + np.array([1e-9, 0.1, 0.25 - 1e-9])
    np.testing.assert_array_equal(found.quantile(inside), 0.5)
    assert found.quantile(before - 1e-6) < 0.5 < found.quantile(before + 0.25 + 1e-6)
    assert found.probability(0.5) - found.probability(np.nextafter(0.5, 0)) == pytest.approx(0.25)
    assert found.shape().kind == "table"
    for end in (before, before + 0.25):
        assert np.min(np.abs(np.array(found.shape().kinks) - end)) < 1e-15


def test_separate_values_alone_stay_separate():
    dice = make("integers", {"min": 1, "max": 6})
    found = mixture(dice, Point(6.0), Point(9.0), weights=[6, 1, 1])
    shape = found.shape()
    assert shape.kind == "steps"
    assert shape.values == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0)
    assert shape.cumulative == pytest.approx([i / 8 for i in (1, 2, 3, 4, 5, 7, 8)])
    assert found.mean == pytest.approx((21 + 6 + 9) / 8)


def test_zero_inflated_is_a_mixture_with_zero():
    found = ZeroInflated(0.3, interval(2, 5))
    assert found.probability(0.0) == 0.3
    np.testing.assert_array_equal(found.quantile([0.01, 0.2999]), 0.0)
    assert found.quantile(0.3 + 0.7 * 0.05) == pytest.approx(2.0)
    assert found.mean == pytest.approx(0.7 * interval(2, 5).mean)
    assert found.parameters["p"] == 0.3


@pytest.mark.parametrize("low", [-0.5, 0.0])
def test_truncation_keeps_a_value_on_its_bound(low):
    parent = ZeroInflated(0.5, normal(1, 1))
    kept = Truncated(parent, low, 2.0)
    inside = 0.5 * (stats.norm.cdf(1.0) - stats.norm.cdf(low - 1.0))
    assert kept.probability(0.0) - kept.probability(-1e-300) == pytest.approx(0.5 / (0.5 + inside))
    assert kept.probability(np.nextafter(low, -1)) == 0.0
    x = np.array([0.3, 1.0, 1.9])
    expected = (0.5 + 0.5 * (stats.norm.cdf(x - 1) - stats.norm.cdf(low - 1))) / (0.5 + inside)
    np.testing.assert_allclose(kept.probability(x), expected, rtol=1e-13)
    np.testing.assert_allclose(kept.probability(kept.quantile([0.8, 0.9])), [0.8, 0.9], rtol=1e-12)
    np.testing.assert_array_equal(kept.atoms, [0.0])


def test_a_truncated_mixture_is_renormalised():
    found, members = CASES["far apart"]
    kept = Truncated(found, 3.0, 12.0)
    x = np.array([3.5, 5.0, 11.0])
    ends = [sum(w * m.cdf(e) for w, m in zip(found.weights, members, strict=True)) for e in (3, 12)]
    at = sum(w * m.cdf(x) for w, m in zip(found.weights, members, strict=True))
    np.testing.assert_allclose(
        kept.probability(x), (at - ends[0]) / (ends[1] - ends[0]), rtol=1e-12
    )
    np.testing.assert_allclose(kept.quantile(kept.probability(x)), x, rtol=1e-9)


def test_a_result_says_what_it_is_made_of():
    found = mixture(normal(0, 1), Point(3.0), weights=[1, 2])
    assert found.family == "mixture"
    assert found.parameters == {
        "of": ({"dist": "normal", "mean": 0.0, "sd": 1.0}, 3.0),
        "weights": (1.0, 2.0),
    }


REFUSED = [
    (lambda: mixture(normal(0, 1), weights=[1, 2]), "mixture needs one weight for each belief, found 1 beliefs and 2 weights", "weights"),
    (lambda: mixture(normal(0, 1), normal(1, 1), weights=[1, -2]), "weights must not be negative, found -2", "weights"),
    (lambda: mixture(normal(0, 1), normal(1, 1), weights=[0, 0]), "weights must add up to more than 0, found 0", "weights"),
    (lambda: mixture(Point(3.0), Point(3.0)), "mixture has only one possible value, 3", "of"),
    (lambda: mixture(*[normal(i, 1) for i in range(257)]), "mixture of 257 beliefs; at most 256 are taken", "of"),
    (lambda: mixture(normal(0, 1), make("integers", {"min": 1, "max": 5000})), "mixture of a continuous belief with 5,000 separate values; at most 2,000 are taken", "of"),
    (lambda: ZeroInflated(1.0, normal(0, 1)), "p must lie between 0 and 1, both excluded, found 1", "p"),
    (lambda: Truncated(mixture(Point(1.0), Point(2.0)), 0.0, 1.5), "mixture cannot be truncated: it takes separate values", "truncate"),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message", "parameter"), REFUSED)
def test_refusals(build, message, parameter):
    with pytest.raises(BeliefError) as refused:
        build()
    assert (refused.value.message, refused.value.parameter) == (message, parameter)

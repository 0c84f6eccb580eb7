"""Pools: against the closed forms of conjugate families, and against quadrature."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from wattif.distributions import BeliefError, interval, make
from wattif.distributions.mixture import ZeroInflated
from wattif.distributions.pool import Pool

P = np.concatenate([np.logspace(-12, -2, 21), np.linspace(0.02, 0.5, 25)])


def pool(method, *members, weights=None):
    given = [1] * len(members) if weights is None else weights
    return Pool(members, tuple(map(float, given)), method)


def product(*members, weights=None):
    return pool("logarithmic", *members, weights=weights)


def normal(mean, sd):
    return make("normal", {"mean": mean, "sd": sd})


W = np.array([0.375, 0.625])


def pooled_normal():
    precision = W[0] / 1.0 + W[1] / 4.0
    return normal((W[1] * 3.0 / 4.0) / precision, precision**-0.5)


# A pool, and the member of the same family that it is, by adding up exponents.
CLOSED = {
    "normal": (product(normal(0, 1), normal(3, 2), weights=W), pooled_normal()),
    "lognormal": (
        product(interval(2, 4), interval(10, 20)),
        interval(math.sqrt(20), math.sqrt(80)),
    ),
    "beta": (
        product(
            make("beta", {"alpha": 0.5, "beta": 3}),
            make("beta", {"alpha": 7, "beta": 2}),
            weights=W,
        ),
        make("beta", {"alpha": W @ [0.5, 7], "beta": W @ [3, 2]}),
    ),
    "gamma": (
        product(
            make("gamma", {"shape": 2, "scale": 3}),
            make("gamma", {"shape": 5, "scale": 0.5}),
            weights=W,
        ),
        make("gamma", {"shape": W @ [2, 5], "scale": 1 / (W @ [1 / 3, 2])}),
    ),
    "uniform": (
        product(make("uniform", {"min": 0, "max": 2}), make("uniform", {"min": 1, "max": 5})),
        make("uniform", {"min": 1, "max": 2}),
    ),
    "exponential": (
        product(make("exponential", {"mean": 1}), make("exponential", {"mean": 4}), weights=W),
        make("exponential", {"mean": 1 / (W @ [1, 0.25])}),
    ),
}


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("upper", [False, True])
def test_the_logarithmic_pool_of_a_conjugate_family(name, upper):
    found, exact = CLOSED[name]
    x = exact.quantile(P, upper)
    first, median, third = exact.quantile([0.25, 0.5, 0.75])
    allowed = 1e-10 * np.maximum(third - first, np.abs(x - median))  # a tenth of the promise
    assert np.all(np.abs(found.quantile(P, upper) - x) <= allowed)
    # How far p moves when x moves by its rounding, which at an end is much; slopes magnify it.
    step = 500.0 * np.spacing(x)
    moved = np.abs(exact.probability(x + step, upper) - exact.probability(x - step, upper))
    assert np.all(np.abs(found.probability(x, upper) - P) <= 1e-9 * P + moved)
    assert found.mean == pytest.approx(exact.mean, rel=1e-10)
    assert found.sd == pytest.approx(exact.sd, rel=1e-9)


def test_the_logarithmic_pool_of_different_families():
    found = product(
        make("lognormal", {"median": 1, "sigma": 1}),
        make("triangular", {"min": 0, "mode": 1, "max": 2}),
        weights=[1, 3],
    )
    one, other = stats.lognorm(1.0), stats.triang(0.5, 0, 2)

    def density(x):
        return one.pdf(x) ** 0.25 * other.pdf(x) ** 0.75

    pieces = [integrate.quad(density, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in ((0, 1), (1, 2))]
    for x in (0.3, 0.9, 1.4):
        left = integrate.quad(density, 0, min(x, 1), epsabs=0, epsrel=1e-12)[0]
        left += integrate.quad(density, 1, x, epsabs=0, epsrel=1e-12)[0] if x > 1 else 0.0
        assert found.probability(x) == pytest.approx(left / sum(pieces), rel=1e-9)
    assert found.support == (0.0, 2.0)


def test_opinions_that_agree_are_pooled_to_themselves():
    opinion = interval(2, 4)
    for method in ("logarithmic", "quantile"):
        found = pool(method, opinion, opinion, opinion)
        np.testing.assert_allclose(found.quantile(P), opinion.quantile(P), rtol=1e-12)


def test_quantiles_are_averaged():
    found = pool("quantile", normal(0, 1), normal(3, 2), weights=W)
    exact = normal(W @ [0, 3], W @ [1, 2])  # of a family of location and scale, the averages
    np.testing.assert_allclose(found.quantile(P), exact.quantile(P), rtol=1e-13)
    np.testing.assert_allclose(found.quantile(P, True), exact.quantile(P, True), rtol=1e-13)
    for upper in (False, True):
        x = exact.quantile(P, upper)
        np.testing.assert_allclose(found.probability(x, upper), P, rtol=1e-12)
    assert found.mean == pytest.approx(exact.mean, rel=1e-12)
    assert found.sd == pytest.approx(exact.sd, rel=1e-10)


def test_quantiles_of_bounded_opinions_keep_their_bounds():
    found = pool(
        "quantile",
        make("pert", {"min": 0, "mode": 1, "max": 2}),
        make("uniform", {"min": 1, "max": 4}),
    )
    assert found.support == (0.5, 3.0)
    np.testing.assert_array_equal(found.probability([0.4, 0.5, 3.0, 9.0]), [0, 0, 1, 1])
    p = np.array([1e-12, 0.3, 0.95])
    np.testing.assert_allclose(found.probability(found.quantile(p)), p, rtol=1e-9)


def test_a_pool_is_never_wider_than_the_mixture():
    from wattif.distributions.mixture import Mixture

    members = interval(2, 4), interval(3, 9)
    linear = Mixture(members, (1.0, 1.0))
    for method in ("logarithmic", "quantile"):
        assert pool(method, *members).sd < linear.sd


def test_a_result_says_what_was_pooled():
    found = product(normal(0, 1), normal(3, 2), weights=[1, 2])
    assert found.family == "pool"
    assert found.parameters["method"] == "logarithmic"
    assert found.parameters["weights"] == (1.0, 2.0)
    assert found.parameters["of"][1] == {"dist": "normal", "mean": 3.0, "sd": 2.0}


REFUSED = [
    ("logarithmic", [make("uniform", {"min": 0, "max": 1}), make("uniform", {"min": 2, "max": 3})], "the opinions do not overlap: one begins at 2, where another has ended, at 1", "of"),
    ("logarithmic", [interval(1, 2), interval(1e6, 2e6)], "the opinions lie too far apart: where one is possible another is not", "of"),
    ("logarithmic", [interval(1, 2), make("poisson", {"mean": 3.0})], "of[1] takes separate values, which have no density to pool", "of"),
    ("quantile", [ZeroInflated(0.5, interval(1, 2)), interval(1, 2)], "of[0] takes separate values, which have no density to pool", "of"),
    ("logarithmic", [interval(1, 2)] * 33, "pool of 33 opinions; at most 32 are taken", "of"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "members", "message", "parameter"), REFUSED)
def test_refusals(method, members, message, parameter):
    with pytest.raises(BeliefError) as refused:
        pool(method, *members)
    assert (refused.value.message, refused.value.parameter) == (message, parameter)

"""A product of quantities has the distribution that theory or plain integration says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special, stats

from wattif.distributions import make
from wattif.distributions.base import fold, is_smooth_throughout, place
from wattif.engine.law import tabulate
from wattif.engine.product import Curve, multiply, resolve
from wattif.engine.program import Merged, Op, Power

P = np.array([1e-12, 1e-9, 1e-6, 1e-3, 0.01, 0.05, 0.25, 0.5])
# By tails: a distribution function near 1 has no digits beyond 1e-16, and laws are as good as 4e-9.
TAILS = np.array([3e-4, 1e-6, 1e-8, 3e-9, 3e-9, 3e-9, 3e-9, 3e-9])


def shape(family, **parameters):
    return make(family, parameters).shape()


def lognormal(median, sigma):
    return shape("lognormal", median=median, sigma=sigma)


OTHERS = {
    "uniform": shape("uniform", min=1.0, max=3.0),
    "triangular": shape("triangular", min=1.0, mode=1.3, max=4.0),
    "beta": shape("beta", alpha=18.0, beta=2.0),
    "step": shape("uniform", min=1.0, max=1.0001),
}


def quantiles(product, p, upper):
    return place(product, fold(product.quantile, p, upper))


def powers(*parts):
    return tuple(Power(one, exponent) for one, exponent in parts)


@pytest.mark.parametrize("upper", [False, True])
def test_lognormals_make_a_lognormal(upper):
    product = multiply(
        powers((lognormal(3.0, 0.2), 1.0), (lognormal(1e6, 0.4), -1.0), (lognormal(7.0, 0.9), 0.5))
    )
    mu, sigma = np.log(3e-6 * np.sqrt(7.0)), np.hypot(np.hypot(0.2, 0.4), 0.45)
    z = special.ndtri(P) * (-1 if upper else 1)
    found = np.log(quantiles(product, P, upper))
    assert (np.abs(found - mu - sigma * z) < sigma * TAILS).all()


def test_equal_parts_are_independent_all_the_same():
    part = Power(lognormal(3.0, 0.2), 1.0)
    product = multiply((part, part, part))
    expected = 3.0 * np.log(3.0) + np.sqrt(3.0) * 0.2 * special.ndtri(P)
    assert (np.abs(np.log(quantiles(product, P, False)) - expected) < TAILS).all()


def test_a_wide_part_is_smoothed_by_others_in_another_order():
    """Not by the first, which is too narrow for it."""
    parts = powers((lognormal(1.0, 1e-4), 1.0), (OTHERS["triangular"], 1.0), (lognormal(1, 1), 1.0))
    assert multiply(parts[:2]) is None
    found, expected = (np.log(quantiles(multiply(x), P, True)) for x in (parts, parts[1:]))
    assert (np.abs(found - expected) < 10 * TAILS).all()


@pytest.mark.parametrize("upper", [False, True])
def test_a_beta_part_of_a_gamma_is_a_gamma(upper):
    gamma = make("gamma", {"shape": 7.0, "scale": 2.0}).shape()
    product = multiply(powers((shape("beta", alpha=3.0, beta=4.0), 1.0), (gamma, 1.0)))
    exact = stats.gamma(3.0, scale=2.0)
    found = quantiles(product, P, upper)
    p = exact.sf(found) if upper else exact.cdf(found)
    # By the score: a tail of 1e-12 may be off by more of itself than one of 0.1.
    off = np.abs(special.ndtri(p) - special.ndtri(P))
    assert (off < TAILS).all()


@pytest.mark.parametrize("exponent", [1.0, -1.0, 2.0])
@pytest.mark.parametrize("name", OTHERS)
def test_a_product_is_what_plain_integration_says(name, exponent):
    sigma, other = 0.3, OTHERS[name]
    product = multiply(powers((other, exponent), (lognormal(2.0, sigma), 1.0)))
    p = np.array([1e-3, 0.1, 0.5])
    breaks = [1e-4, 1e-2, *other.kinks, 0.99, 1.0 - 1e-4]

    def log_of(u):
        z = place(other, fold(other.quantile or (lambda p, up: 1.0 - p if up else p), u, False))
        return exponent * np.log(z)

    for upper in (False, True):
        for one, w in zip(p, quantiles(product, p, upper), strict=True):

            def below(u, w=w):
                return special.ndtr((np.log(w / 2.0) - log_of(np.array([u]))[0]) / sigma)

            total, _ = integrate.quad(below, 0.0, 1.0, points=breaks, epsabs=1e-11, limit=400)
            assert total == pytest.approx(1.0 - one if upper else one, abs=3e-9)


def test_the_order_of_parts_does_not_matter():
    parts = powers((OTHERS["beta"], 1.0), (lognormal(2.0, 0.3), 1.0), (OTHERS["uniform"], -1.0))
    first, second = multiply(parts), multiply(parts[::-1])
    found, expected = (np.log(quantiles(one, P, True)) for one in (first, second))
    assert (np.abs(found - expected) < TAILS).all()


def test_quantiles_increase_and_have_no_seams():
    product = multiply(powers((lognormal(2.0, 0.3), 1.0), (OTHERS["triangular"], 1.0)))
    z = np.linspace(-8.2, 8.2, 20_001)
    q = np.empty_like(z)
    for upper in (False, True):
        side = (z > 0.0) == upper
        q[side] = product.quantile(special.ndtr(-np.abs(z[side])), upper)
    assert (np.diff(q) > 0.0).all()
    # Third differences of what is smooth: a seam of 1e-9 would stand out by a factor of ten.
    inner = np.abs(z) < 5.0
    assert np.abs(np.diff(q[inner], 3)).max() < 1e-9


def test_a_curve_goes_on_as_a_line():
    score = np.linspace(-1.0, 1.0, 8)
    curve = Curve(score[:1], 1.0, score[np.newaxis], np.array([[-2.0, 2.0, *[0.0] * 6]]))
    p = np.array([1e-15, 0.3, 0.5])
    np.testing.assert_allclose(curve.quantile(p, False), 2.0 * special.ndtri(p), rtol=1e-14)
    np.testing.assert_allclose(curve.quantile(p, True), -2.0 * special.ndtri(p), rtol=1e-14)


def test_moments_are_products_of_moments():
    parts = powers((OTHERS["beta"], 1.0), (lognormal(2.0, 0.3), 1.0), (OTHERS["uniform"], -1.0))
    law = tabulate(multiply(parts))
    inverse, square = np.log(3.0) / 2.0, 1.0 / 3.0  # means of 1 / u and 1 / u**2
    beta = stats.beta(18, 2)
    normal = np.exp(0.3**2 / 2)
    assert law.means[0, 0] == pytest.approx(beta.mean() * 2.0 * normal * inverse, rel=1e-8)
    second = beta.moment(2) * 4.0 * normal**4 * square
    assert law.means[0, 1] == pytest.approx(second, rel=1e-8)


@pytest.mark.parametrize(
    "parts",
    [
        powers((OTHERS["uniform"], 1.0), (OTHERS["uniform"], 1.0)),  # none is smooth
        powers((lognormal(1.0, 1e-6), 1.0), (OTHERS["uniform"], 1.0)),  # hardly smooths the other
    ],
)
def test_what_is_not_known_to_nine_digits_is_refused(parts):
    assert multiply(parts) is None


@pytest.mark.parametrize(
    ("one", "smooth"),
    [
        (lognormal(1.0, 0.5), True),
        (make("gamma", {"shape": 7.0, "scale": 2.0}).shape(), True),
        (OTHERS["uniform"], False),
        (OTHERS["triangular"], False),
        (OTHERS["beta"], False),  # ends at 1
        (shape("normal", mean=0.0, sd=1.0), False),  # negative
        (shape("poisson", mean=5.0), False),
    ],
)
def test_what_is_smooth_has_neither_ends_nor_kinks(one, smooth):
    assert is_smooth_throughout(one) is smooth


def test_a_program_whose_products_cannot_be_made_is_not_resolved(make_program):
    program = make_program([lognormal(1.0, 0.5)] * 2, [(Op.DRAW, 0, 0), (Op.OUTPUT, 0, 0)])
    good = powers((lognormal(2.0, 0.3), 1.0), (OTHERS["beta"], 1.0))
    bad = powers((OTHERS["uniform"], 1.0), (OTHERS["uniform"], 1.0))
    assert resolve(Merged(program, {0: good, 1: bad})) is None
    resolved = resolve(Merged(program, {1: good}))
    assert resolved.inputs[0] is program.inputs[0]
    assert resolved.inputs[1].key == "x1"
    assert resolved.inputs[1].shape is multiply(good)

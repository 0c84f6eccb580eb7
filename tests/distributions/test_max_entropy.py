"""Maximum entropy: the moments asked for, the limits that are known, nothing flatter."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, special, stats

from wattif.distributions import BeliefError, make
from wattif.distributions.tilted import tilt


def test_the_mean_in_the_middle_makes_a_uniform():
    found = make("max-entropy", {"min": 2, "max": 6, "mean": 4})
    assert found.quantile([0.1, 0.75]) == pytest.approx([2.4, 5], rel=1e-14)
    assert found.sd == pytest.approx(4 / math.sqrt(12), rel=1e-14)


def test_the_sd_of_a_uniform_makes_a_uniform():
    found = make("max-entropy", {"min": 2, "max": 6, "mean": 4, "sd": 4 / math.sqrt(12)})
    assert found.quantile([0.1, 0.75]) == pytest.approx([2.4, 5], rel=1e-12)


def test_far_from_its_ends_a_mean_makes_an_exponential_and_an_sd_a_normal():
    p = np.array([1e-9, 0.1, 0.5, 0.999])
    found = make("max-entropy", {"min": 0, "max": 1e9, "mean": 3})
    np.testing.assert_allclose(found.quantile(p), -3 * np.log1p(-p), rtol=1e-9, atol=1e-14)
    found = make("max-entropy", {"min": -1e3, "max": 1e3, "mean": 3, "sd": 2})
    np.testing.assert_allclose(found.quantile(p), stats.norm(3, 2).ppf(p), rtol=1e-12)


def test_a_small_sd_makes_a_truncated_normal():
    # Its parent by scipy's moments, solved for here.
    found = make("max-entropy", {"min": 0, "max": 10, "mean": 2, "sd": 1.4})
    a, b = found._tilted.a, found._tilted.b
    scale = 1.4 / math.sqrt(-2 * b)
    location = 2 + a * scale**2 / 1.4
    scipy = stats.truncnorm(-location / scale, (10 - location) / scale, location, scale)
    assert (scipy.mean(), scipy.std()) == pytest.approx((2, 1.4), rel=1e-10)
    p = np.array([1e-9, 0.1, 0.5, 0.999])
    np.testing.assert_allclose(found.quantile(p), scipy.ppf(p), rtol=1e-10, atol=1e-14)


MOMENTS = [
    (0.0, 1.0, 0.3, 0.1),
    (0.0, 1.0, 0.3, 0.28),
    (0.0, 1.0, 0.5, 0.45),
    (-5.0, 20.0, -4.0, 0.9),
    (0.0, 1e9, 5.0, 3.0),
    (3.0, 4.0, 3.999, 0.0005),
]


@pytest.mark.parametrize(("low", "high", "mean", "sd"), MOMENTS)
def test_it_has_the_moments_by_another_integral(low, high, mean, sd):
    found = make("max-entropy", {"min": low, "max": high, "mean": mean, "sd": sd})
    p = np.array([1e-12, 1e-6, 1e-3, 0.1, 0.3, 0.5])
    ends = [low, *found.quantile(p), *found.quantile(p[-2::-1], upper=True), high]
    tilted = found._tilted
    sums = np.zeros(3)
    for a, b in pairwise((np.array(ends) - mean) / sd):
        for k in range(3):
            sums[k] += integrate.quad(lambda s, k=k: s**k * tilted.density(s), a, b)[0]
    # quad's own tolerance is 1.5e-8 of each part; the smooth parts come out far better.
    assert sums[1] / sums[0] == pytest.approx(0, abs=1e-10)
    assert sums[2] / sums[0] == pytest.approx(1, abs=1e-10)


def test_no_density_with_its_moments_is_flatter():
    # A perturbation orthogonal to 1, x and x^2 keeps both moments and lowers the entropy.
    x = np.linspace(-1, 1, 20_001)
    tilted = tilt(-1.25, 1.25, (0.0, 1.0), (0.0, -0.5))
    s = 1.25 * x
    density = tilted.density(s)
    weight = np.gradient(s)
    density /= (density * weight).sum()

    def entropy(q):
        return -(special.xlogy(q, q) * weight).sum()

    basis, _ = np.linalg.qr(np.stack([np.ones_like(s), s, s * s], axis=1) * weight[:, None])
    for wave in (3, 5, 8):
        bump = np.sin(wave * x)
        bump = bump - basis @ (basis.T @ bump)
        for size in (0.01, -0.01):
            assert entropy(density + size * bump) < entropy(density)


@pytest.mark.parametrize("seed", range(30))
def test_moments_are_met_all_over(seed):
    rng = np.random.default_rng(seed)
    mean = 10 * 10 ** rng.uniform(-6, 0) * 0.999
    sd = math.sqrt(mean * (10 - mean)) * 10 ** rng.uniform(-4, 0)
    try:
        found = make("max-entropy", {"min": 0, "max": 10, "mean": mean, "sd": sd})
    except BeliefError as refused:
        most = float(refused.message.split(" must be at most ")[1].split(",")[0])
        assert most < sd * 1.001
        return
    first, second = found._tilted.moments(2)
    assert abs(first) < 1e-12
    assert second == pytest.approx(1, abs=1e-12)


# parameters, the key to blame, message, hint
HOLLOW = "a greater one leaves next to nothing between the ends: a discrete says that"
REFUSED = [
    ({"min": 0, "max": 10}, "", "max-entropy needs mean beside min and max; it takes min, max and mean, or min, max, mean and sd", ""),
    ({"min": 0, "max": 10, "sd": 1}, "", "max-entropy needs mean beside min, max and sd; it takes min, max and mean, or min, max, mean and sd", ""),
    ({"min": 10, "max": 0, "mean": 5}, "min", "min must be less than max, found min = 10 and max = 0", "exchange min and max"),
    ({"min": 0, "max": 10, "mean": 10}, "mean", "mean must be between min = 0 and max = 10, found 10", ""),
    ({"min": 0, "max": 10, "mean": 3, "sd": 0}, "sd", "sd must be greater than 0, found 0", "without spread it is a constant: write value = 3"),
    ({"min": 0, "max": 10, "mean": 5, "sd": 5}, "sd", "sd of a max-entropy between 0 and 10 with mean 5 must be at most 4.642, found 5", HOLLOW),
    ({"min": 0, "max": 10, "mean": 5, "sd": 4.65}, "sd", "sd of a max-entropy between 0 and 10 with mean 5 must be at most 4.642, found 4.65", HOLLOW),
    ({"min": 0, "max": 10, "mean": 0.01, "sd": 0.02}, "sd", "sd of a max-entropy between 0 and 10 with mean 0.01 must be at most 0.01001, found 0.02", HOLLOW),
    ({"min": 0, "max": 10, "mean": 5, "sd": 1e-310}, "", "max-entropy with these parameters lies beyond floating-point numbers", ""),
    ({"lower": 2, "upper": 10, "mass": 0.9}, "lower", "unknown parameter 'lower' of max-entropy; it takes min, max and mean, or min, max, mean and sd", "did you mean 'min'?"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "blamed", "message", "hint"), REFUSED)
def test_refusals(parameters, blamed, message, hint):
    with pytest.raises(BeliefError) as refused:
        make("max-entropy", parameters)
    found = refused.value
    assert (found.message, found.parameter, found.hint) == (message, blamed, hint)


def test_the_greatest_sd_that_a_refusal_names_can_be_drawn():
    found = make("max-entropy", {"min": 0, "max": 10, "mean": 5, "sd": 4.642})
    assert found.sd == 4.642

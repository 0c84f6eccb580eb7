"""Metalogs: percentiles in are percentiles out, a fall is never missed, refusals help."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from wattif.distributions import BeliefError, make
from wattif.distributions.metalog_curve import Curve, fit, where_it_falls

GIVEN = [
    {"p10": 2, "p90": 12},
    {"p10": 2, "p50": 5, "p90": 12},
    {"p1": 0.1, "p50": 5, "p99": 40},
    {"p10": 2, "p50": 5, "p90": 12, "min": 0},
    {"p10": 2, "p50": 5, "p90": 12, "max": 20},
    {"p10": 2, "p50": 5, "p90": 12, "min": 0, "max": 20},
    {"p10": -7e9, "p25": -1e9, "p60": 3e9, "p95": 8e9},
    {"p5": 100000.01, "p50": 100000.02, "p95": 100000.03},
    {"p5": 1, "p20": 2.5, "p40": 3.6, "p60": 4.6, "p80": 6, "p95": 9},
    {"p0.1": 0.2, "p10": 1, "p50": 3, "p90": 9, "p99.9": 60, "min": 0},
    {f"p{p}": p**1.1 for p in range(5, 100, 5)},
]  # fmt: skip


@pytest.mark.parametrize("given", GIVEN, ids=str)
def test_percentiles_in_are_percentiles_out(given):
    distribution = make("metalog", given)
    percentiles = {name: x for name, x in given.items() if name.startswith("p")}
    p, wanted = (
        [float(name[1:]) / 100 for name in percentiles],
        np.array(list(percentiles.values())),
    )
    span = wanted[-1] - wanted[0]
    assert np.all(np.abs(distribution.quantile(p) - wanted) <= 1e-9 * span)
    # What a rounded x can tell of p: a part in 1e9 where x = 100000.02 spans 0.02.
    assert distribution.probability(wanted) == pytest.approx(p, rel=1e-8)
    assert distribution.support == (given.get("min", -math.inf), given.get("max", math.inf))


def test_two_percentiles_make_a_logistic_and_with_min_0_a_log_logistic():
    p = np.array([1e-9, 0.01, 0.5, 0.9])
    for given, scipy in (
        ({"p25": 1, "p75": 3}, stats.logistic(2, 1 / math.log(3))),
        ({"p25": 1, "p75": 4, "min": 0}, stats.fisk(math.log(9) / math.log(4), scale=2)),
    ):
        np.testing.assert_allclose(make("metalog", given).quantile(p), scipy.ppf(p), rtol=1e-12)


def test_percentiles_of_a_uniform_make_a_uniform():
    distribution = make("metalog", {"p10": 1, "p25": 2.5, "p75": 7.5, "p90": 9})
    assert distribution.support == pytest.approx((0, 10), abs=1e-13)
    assert distribution.quantile([1e-6, 0.3]) == pytest.approx([1e-5, 3], rel=1e-9)


def test_fewer_terms_are_a_least_squares_fit():
    given = {"p5": 1.0, "p25": 2.0, "p50": 3.0, "p75": 5.0, "p95": 11.0}
    distribution = make("metalog", {**given, "terms": 3})
    p = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    odds = np.log(p / (1 - p))
    basis = np.stack([np.ones(5), odds, (p - 0.5) * odds], axis=1)
    normal = np.linalg.solve(basis.T @ basis, basis.T @ list(given.values()))
    assert distribution.parameters["coefficients"] == pytest.approx(normal, rel=1e-12)


@pytest.mark.parametrize("bounds", [(0.0, 20.0), (-math.inf, 15.0), (1.0, math.inf)])
def test_with_truncate_percentiles_are_those_of_what_is_drawn(bounds):
    drawn = make("metalog", {"p10": 2, "p50": 5, "p90": 12}, bounds)
    assert drawn.quantile([0.1, 0.5, 0.9]) == pytest.approx([2, 5, 12], rel=1e-9)


# Keelin 2016, sections 3.2 and 3.4: mean of three and of four terms.
@pytest.mark.parametrize("a", [(5.0, 2.25, 1.5), (-3.0, 1.0, -0.5, 2.0)])
def test_mean_by_keelins_formula(a):
    assert make("metalog", {"coefficients": a}).mean == pytest.approx(a[0] + a[2] / 2, rel=1e-11)


def test_moments_by_another_integral():
    distribution = make("metalog", {"coefficients": [1.5, 0.2, 0.1], "min": 0})
    for k in (1, 2):
        # Over the log-odds, where the integrand falls off exponentially on both sides.
        def weighted(z, k=k):
            density = 0.25 / math.cosh(z / 2) ** 2
            return math.exp(k * (1.5 + (0.2 + 0.05 * math.tanh(z / 2)) * z)) * density

        moment = integrate.quad(weighted, -60, 60, epsabs=0, epsrel=1e-10, limit=200)[0]
        found = distribution.mean if k == 1 else distribution.mean**2 + distribution.sd**2
        assert found == pytest.approx(moment, rel=1e-9)


def test_a_tail_without_a_mean_has_none():
    assert make("metalog", {"coefficients": [0.0, 1.2], "min": 0}).mean == math.inf


def slope(a, u):
    """Return the quantile density times u (1 - u), by Keelin's terms one by one."""
    c, odds = u - 0.5, np.log(u) - np.log1p(-u)
    value = np.zeros_like(u)
    for j, coefficient in enumerate(a):
        power, by_odds = _powers(j)
        change = power * c ** max(power - 1, 0) * u * (1 - u)
        value += coefficient * ((change * odds + c**power) if by_odds else change)
    return value


def _powers(j):
    """Return the power of u - 1/2 in term j, and whether ln(u / (1 - u)) multiplies it."""
    if j < 4:
        return [(0, False), (0, True), (1, True), (1, False)][j]
    return (j // 2, j % 2 == 1)


@pytest.mark.parametrize("seed", range(120))
def test_feasible_is_what_rises_on_a_very_fine_grid(seed):
    rng = np.random.default_rng(seed)
    terms = int(rng.integers(2, 11))
    a = rng.normal(size=terms) * 2.0 ** rng.uniform(-3, 3, terms)
    a[1] = abs(a[1]) * 2 ** rng.uniform(0, 4)
    near = np.geomspace(1e-15, 0.5, 20_000)
    least = min(slope(a, near).min(), slope(mirrored(a), near).min())
    fall = where_it_falls(Curve(tuple(a.tolist())))
    assert (fall is None) == (least > 0)
    if fall is not None:
        middle = np.array([np.clip(sum(fall) / 2, 1e-15, 1 - 1e-15)])
        assert slope(a, middle)[0] <= 0


def mirrored(a):
    """Return the coefficients of -x, whose quantile at u is that of x at 1 - u with its sign."""
    signs = [(-1) ** (power + by_odds + 1) for power, by_odds in map(_powers, range(len(a)))]
    return np.array(a) * signs


@pytest.mark.parametrize(("excess", "falls"), [(1e-11, True), (-1e-11, False)])
def test_a_fall_too_narrow_for_a_grid_is_found(excess, falls):
    # The slope times u (1 - u) is 1 - 2 k u^2 (1 - u), whose only root is double: k = 27 / 8 at
    # u = 2 / 3. A k greater by 1e-11 makes it negative within 2e-6 of there.
    k = 27 / 8 * (1 + excess)
    fall = where_it_falls(Curve((0.0, 1.0, 0.0, -k, -k)))
    assert (fall is not None) == falls
    if fall is not None:
        assert fall == pytest.approx((2 / 3, 2 / 3), abs=3e-6)


def test_a_fall_beyond_every_draw_is_found():
    # s(1/2) = -1e-4 < 0: the quantile function turns down at u = 1 - exp(-1e4) or so.
    assert where_it_falls(Curve((0.0, 1.0, -2.0002))) is not None
    assert where_it_falls(Curve((0.0, 1.0, 0.0, 0.0))) is None


def test_the_limits_of_three_terms_are_keelins():
    # Feasible if and only if |a3 / a2| < 1.66711 (Keelin 2016, section 3.3).
    for ratio, falls in ((1.6671, False), (1.6672, True)):
        for sign in (1.0, -1.0):
            assert (where_it_falls(Curve((0.0, 1.0, sign * ratio))) is not None) == falls


def test_a_fit_goes_through_its_points_to_rounding():
    p, y = np.array([0.01, 0.2, 0.5, 0.7, 0.99]), np.array([1.0, 3.0, 4.0, 6.0, 20.0])
    curve = Curve(fit(p, y, 5))
    found = [curve.quantile(np.array([min(q, 1 - q)]), q > 0.5)[0] for q in p]
    np.testing.assert_allclose(found, y, rtol=1e-13)


# parameters, truncate, the key to blame, message, hint
REFUSED = [
    ({}, None, "", "metalog was given no parameters; it takes coefficients (optional: min, max), or 2 or more percentiles (optional: terms, min, max)", ""),
    ({"p50": 5}, None, "p50", "metalog is fixed by 2 or more percentiles, found 1: p50", ""),
    ({"p50": 5, "min": 0}, None, "p50", "metalog is fixed by 2 or more percentiles, found 1: p50", ""),
    ({"min": 0}, None, "", "metalog needs coefficients beside min; it takes coefficients (optional: min, max), or 2 or more percentiles (optional: terms, min, max)", ""),
    ({"p10": 1, "p90": 2, "coefficients": [1, 2]}, None, "coefficients", "metalog cannot take coefficients beside p10 and p90; it takes coefficients (optional: min, max), or 2 or more percentiles (optional: terms, min, max)", ""),
    ({"p10": 3, "p50": 2, "p90": 4}, None, "p10", "p10 must be less than p50, found p10 = 3 and p50 = 2", "exchange p10 and p50"),
    ({"p10": 1, "p50": 1.01, "p90": 9}, None, "p90", "no metalog passes through p10 = 1, p50 = 1.01, p90 = 9: its quantile function falls below p29", 'terms = 2 misses them by up to 33 % of their range; dist = "piecewise" passes through any'),
    ({"p10": 1, "p50": 8.99, "p90": 9}, None, "p90", "no metalog passes through p10 = 1, p50 = 8.99, p90 = 9: its quantile function falls above p71", 'terms = 2 misses them by up to 33 % of their range; dist = "piecewise" passes through any'),
    ({"p5": 1, "p25": 2, "p50": 5, "p75": 8, "p95": 12, "terms": 4}, None, "p95", "no metalog passes with terms = 4 near p5 = 1, p25 = 2, p50 = 5, p75 = 8, p95 = 12: its quantile function falls below p6", 'terms = 3 misses them by up to 8.8 % of their range; dist = "piecewise" passes through any'),
    ({"p10": 2, "p50": 5, "p90": 12, "terms": 4}, None, "terms", "terms must be a whole number from 2 to 3, found 4", "there can be no more terms than percentiles"),
    ({"p10": 2, "p50": 5, "p90": 12, "terms": 2.5}, None, "terms", "terms must be a whole number from 2 to 3, found 2.5", ""),
    ({"p10": 2, "p50": 5, "p90": 12, "terms": 1}, None, "terms", "terms must be a whole number from 2 to 3, found 1", ""),
    ({f"p{p}": p for p in range(5, 30)}, None, "", "a metalog has 2 to 20 terms, found 25 percentiles", "write terms = 5, to pass near them all"),
    ({"coefficients": [1]}, None, "", "a metalog has 2 to 20 terms, found 1 coefficients", ""),
    ({"coefficients": [3, 0, 0]}, None, "coefficients", "coefficients after the first must not all be 0", "without spread it is a constant: write value = 3"),
    ({"coefficients": [1, 1, 2]}, None, "coefficients", "these coefficients make no distribution: the quantile function falls below p22", "every step to a higher percentile must lead to a higher value"),
    ({"coefficients": [1, 1, 1.99, 0.2]}, None, "coefficients", "these coefficients make no distribution: the quantile function falls between p0.037 and p20", "every step to a higher percentile must lead to a higher value"),
    ({"coefficients": [0, -1]}, None, "coefficients", "these coefficients make no distribution: the quantile function falls everywhere", "every step to a higher percentile must lead to a higher value"),
    ({"coefficients": [1000, 1], "min": 3}, None, "", "metalog with these parameters lies beyond floating-point numbers", ""),
    ({"coefficients": [1, 1e308]}, None, "", "metalog with these parameters lies beyond floating-point numbers", ""),
    ({"p10": 2, "p90": 5, "min": 3}, None, "p10", "p10 must be greater than min = 3, found 2", ""),
    ({"p10": 2, "p90": 5, "max": 5}, None, "p90", "p90 must be less than max = 5, found 5", ""),
    ({"p10": 2, "p90": 5, "min": 0, "max": 5}, None, "p90", "p90 must be between min = 0 and max = 5, found 5", ""),
    ({"p10": 2, "p90": 5, "min": 9, "max": 5}, None, "min", "min must be less than max, found min = 9 and max = 5", "exchange min and max"),
    ({"p10": 2, "p50": 5, "p90": 12, "terms": 2}, (0, 20), "terms", "a truncated metalog meets its 3 percentiles, and takes no terms", "keep it between bounds by min and max in place of truncate"),
    ({"p10": 2, "p50": 5, "p90": 5.001}, (0, 5.002), "truncate", "no metalog truncated to [0, 5.002] has p10 = 2, p50 = 5 and p90 = 5.001", "move the bounds away from the percentiles, or choose a family that lies between bounds"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "truncate", "blamed", "message", "hint"), REFUSED)
def test_refusals(parameters, truncate, blamed, message, hint):
    with pytest.raises(BeliefError) as refused:
        make("metalog", parameters, truncate)
    found = refused.value
    assert (found.message, found.parameter, found.hint) == (message, blamed, hint)


def test_many_percentiles_are_counted_rather_than_listed():
    steep = {f"p{p}": float(p**6) for p in range(10, 100, 10)}
    with pytest.raises(BeliefError, match="passes with terms = 5 near these 9 percentiles: its"):
        make("metalog", {**steep, "terms": 5})


def test_the_terms_that_a_refusal_advises_are_feasible():
    steep = {"p5": 1.0, "p25": 2.0, "p50": 5.0, "p75": 8.0, "p95": 12.0}
    with pytest.raises(BeliefError) as refused:
        make("metalog", steep)
    assert refused.value.hint.startswith("terms = 3 misses them by up to 8.8 % of their range;")
    found = make("metalog", {**steep, "terms": 3}).quantile([0.05, 0.25, 0.5, 0.75, 0.95])
    miss = np.abs(found - list(steep.values())).max() / 11
    assert miss == pytest.approx(0.088, abs=5e-4)

"""From a stated rank correlation to a copula, against closed forms, twins and many draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from wattif.distributions import BeliefError, make
from wattif.distributions.calibration import pair_parameter, score_correlation
from wattif.distributions.copulas import EllipticalCopula, PairCopula, attainable
from wattif.distributions.midranks import Midranks, midranks

SMOOTH = Midranks()
COIN = midranks(make("bernoulli", {"p": 0.3}))
RARE = midranks(make("bernoulli", {"p": 0.02}))
COUNT = midranks(make("poisson", {"mean": 2.0}))
BOTH = (SMOOTH, SMOOTH)


@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.0, 0.5, 0.99])
def test_the_normal_formula_holds_for_smooth_margins(rho):
    r = score_correlation(rho, "rank", math.inf, BOTH)
    assert r == pytest.approx(2.0 * math.sin(math.pi * rho / 6.0), abs=1e-15)
    # The quadrature that serves all other cases agrees with Pearson's closed form.
    assert EllipticalCopula()._beyond_zero(r, BOTH) == pytest.approx(rho, abs=1e-7)


def test_a_student_t_copula_needs_another_correlation_than_the_normal_formula_says():
    r = score_correlation(0.5, "rank", 2.0, BOTH)
    assert EllipticalCopula(2.0).rank_correlation(r, BOTH) == pytest.approx(0.5, abs=1e-8)
    assert r > 2.0 * math.sin(math.pi / 12.0) + 0.01


@pytest.mark.parametrize("df", [1.0, 3.0, 10.0])
@pytest.mark.parametrize("r", [-0.8, 0.3, 0.9])
def test_the_rank_correlation_of_a_student_t_copula_is_that_of_its_draws(df, r):
    rng = np.random.default_rng(17)
    n = 400_000
    z = rng.multivariate_normal([0.0, 0.0], [[1.0, r], [r, 1.0]], n)
    x = z / np.sqrt(rng.chisquare(df, (n, 1)) / df)
    found = stats.spearmanr(x[:, 0], x[:, 1]).statistic
    # 5 standard errors: a rank correlation's is below 1.2 / sqrt(n) for these copulas
    assert EllipticalCopula(df).rank_correlation(r, BOTH) == pytest.approx(
        found, abs=5.0 * 1.2 / math.sqrt(n)
    )


@pytest.mark.parametrize("margins", [(COIN, SMOOTH), (COIN, COUNT), (COUNT, COUNT)])
@pytest.mark.parametrize("df", [math.inf, 2.0])
def test_ties_are_counted(margins, df):
    """Against the sum over all pairs of steps of scipy's bivariate probabilities."""
    r = 0.6
    found = EllipticalCopula(df).rank_correlation(r, margins)
    rng = np.random.default_rng(5)
    n = 400_000
    z = rng.multivariate_normal([0.0, 0.0], [[1.0, r], [r, 1.0]], n)
    if math.isfinite(df):
        z = z / np.sqrt(rng.chisquare(df, (n, 1)) / df)
    u = stats.norm.cdf(z) if math.isinf(df) else stats.t(df).cdf(z)
    ranks = [_rank(margin, column) for margin, column in zip(margins, u.T, strict=True)]
    assert found == pytest.approx(np.corrcoef(*ranks)[0, 1], abs=5.0 * 1.2 / math.sqrt(n))


def _rank(margin, u):
    m = u.copy()
    for a, b in margin.flats:
        m[(a <= u) & (u < b)] = (a + b) / 2.0
    return m


@pytest.mark.parametrize(
    ("kind", "rho", "theta"),
    # thetas and their rank correlations by a midpoint rule of 6,000 x 6,000, itself good to 1e-6
    [("clayton", 0.99, 23.0954), ("gumbel", 0.99, 12.0591), ("frank", 0.99, 42.888)],
)
def test_strong_dependence_is_as_strong_as_asked(kind, rho, theta):
    assert pair_parameter(rho, "rank", kind, BOTH) == pytest.approx(theta, rel=2e-4)


def test_scores_without_correlation_may_leave_lopsided_ties_correlated():
    # Student's t scores are large together; a rare event on one side sees only that side of it.
    assert EllipticalCopula(1.0)._at_zero((RARE, RARE)) > 0.01
    assert EllipticalCopula(1.0)._at_zero((COIN, SMOOTH)) == 0.0
    assert EllipticalCopula()._at_zero((RARE, RARE)) == 0.0


@pytest.mark.parametrize(
    ("kind", "tau", "theta"),
    [
        ("clayton", 0.5, 2.0),
        ("gumbel", 0.5, 2.0),
        ("frank", 0.4567009, 5.0),  # 1 - 4 (1 - D(5)) / 5, D the Debye function
        ("frank", -0.4567009, -5.0),
    ],
)
def test_kendalls_tau_has_closed_forms(kind, tau, theta):
    # seven digits of tau are given
    assert pair_parameter(tau, "kendall", kind, BOTH) == pytest.approx(theta, rel=1e-6)


@pytest.mark.parametrize(
    ("kind", "rho"),
    [("clayton", 0.02), ("clayton", 0.9), ("gumbel", 0.02), ("gumbel", 0.9)]
    + [("frank", rho) for rho in (-0.9, -0.02, 0.02, 0.9)],
)
def test_a_pair_copula_has_the_rank_correlation_that_was_asked_for(kind, rho):
    theta = pair_parameter(rho, "rank", kind, BOTH)
    copula = PairCopula(kind, theta)
    assert copula.rank_correlation(BOTH) == pytest.approx(rho, abs=1e-7)
    exact = 12.0 * integrate.dblquad(lambda v, u: _excess(copula, u, v), 0, 1, 0, 1, epsabs=1e-6)[0]
    assert exact == pytest.approx(rho, abs=2e-5)  # quadrature over a corner singularity


def _excess(copula, u, v):
    """Return C(u, v) - u v by the textbook's formula, without regard to rounding."""
    t = copula.theta
    if copula.kind == "clayton":
        return (u**-t + v**-t - 1.0) ** (-1.0 / t) - u * v
    if copula.kind == "gumbel":
        return math.exp(-(((-math.log(u)) ** t + (-math.log(v)) ** t) ** (1.0 / t))) - u * v
    ratio = math.expm1(-t * u) * math.expm1(-t * v) / math.expm1(-t)
    return -math.log1p(ratio) / t - u * v


def test_the_bounds_of_ties_are_those_of_sorting_them():
    u = (np.arange(200_000) + 0.5) / 200_000
    for one, other in ((COIN, SMOOTH), (COIN, RARE), (SMOOTH, SMOOTH), (COUNT, COIN)):
        low, high = attainable((one, other))
        # 1e-4: the grid has 1/200,000 of the mass of a tie on its wrong side
        assert high == pytest.approx(np.corrcoef(_rank(one, u), _rank(other, u))[0, 1], abs=1e-4)
        falling = np.corrcoef(_rank(one, u), _rank(other, 1.0 - u))[0, 1]
        assert low == pytest.approx(falling, abs=1e-4)


@pytest.mark.parametrize(
    ("value", "measure", "copula", "margins", "words"),
    [
        (0.9, "rank", "gaussian", (COIN, SMOOTH), r"out of reach.*between -0\.7937 and 0\.7937"),
        (0.5, "kendall", "gaussian", (COIN, SMOOTH), "kendall means little where draws tie"),
        (0.5, "pearson", "gaussian", (COIN, SMOOTH), "pearson means little where draws tie"),
        (-0.5, "rank", "clayton", BOTH, "only makes quantities rise together"),
        (0.5, "pearson", "gumbel", BOTH, "normal scores, which a gumbel copula does not have"),
        (0.0, "rank", "frank", BOTH, "leaves quantities independent"),
        (1.0, "kendall", "clayton", BOTH, "a clayton copula goes up to 0.999, found kendall = 1"),
        (-1.0, "rank", "frank", BOTH, "a frank copula goes up to 0.999, found rank = -1"),
        (0.998, "kendall", "frank", BOTH, r"a frank copula reaches kendall = 0\.9943 here, found"),
    ],
)
def test_what_cannot_be_is_refused(value, measure, copula, margins, words):
    calibrate = score_correlation if copula == "gaussian" else pair_parameter
    kind = math.inf if copula == "gaussian" else copula
    with pytest.raises(BeliefError, match=words) as caught:
        calibrate(value, measure, kind, margins)
    assert caught.value.hint

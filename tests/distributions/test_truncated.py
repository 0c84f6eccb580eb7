"""Truncation: renormalised, exact deep in either tail, nothing piled up at a bound."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from wattif.distributions import BeliefError, make

INF = math.inf
NORMAL = ("normal", {"mean": 0.0, "sd": 1.0})
P = np.concatenate([np.logspace(-12, -2, 21), np.linspace(0.02, 0.98, 25)])

# family, parameters, bounds: everywhere from the middle to far out on either side
CASES = [
    (*NORMAL, (-1.0, 2.0)),
    (*NORMAL, (-1.0, INF)),
    (*NORMAL, (-INF, 0.3)),
    (*NORMAL, (-0.001, 0.001)),
    (*NORMAL, (8.0, INF)),
    (*NORMAL, (8.0, 8.5)),
    (*NORMAL, (-INF, -20.0)),
    (*NORMAL, (-25.0, -24.0)),
    ("normal", {"mean": 1.4, "sd": 0.1}, (1.1, 2.0)),
    ("lognormal", {"median": 1.0, "sigma": 1.0}, (0.1, 3.0)),
    ("lognormal", {"median": 1.0, "sigma": 4.0}, (100.0, INF)),
    ("uniform", {"min": 0.0, "max": 1.0}, (0.25, 4.0)),
    ("log-uniform", {"min": 1.0, "max": 100.0}, (0.0, 10.0)),
    ("triangular", {"min": 0.0, "mode": 0.2, "max": 1.0}, (0.1, 0.9)),
    ("triangular", {"min": 0.0, "mode": 0.2, "max": 1.0}, (0.5, INF)),
    ("pert", {"min": 0.0, "mode": 0.2, "max": 1.0}, (0.9, 1.0)),
    ("beta", {"alpha": 18.0, "beta": 2.0}, (-INF, 0.3)),
    ("beta", {"alpha": 0.1, "beta": 0.1}, (0.2, 0.7)),
    ("gamma", {"shape": 0.05, "scale": 1.0}, (0.001, INF)),
    ("gamma", {"shape": 20.0, "scale": 1.0}, (50.0, 60.0)),
    ("exponential", {"mean": 1.0}, (30.0, INF)),
    ("weibull", {"shape": 0.3, "scale": 1.0}, (5.0, 500.0)),
    ("student-t", {"df": 1.5}, (0.0, INF)),
    ("student-t", {"df": 1.5}, (1e6, 1e7)),
    ("student-t", {"df": 5.0}, (-INF, -3.0)),
    ("logit-normal", {"median": 0.5, "sigma": 1.0}, (0.5, 0.6)),
    ("laplace", {"location": 0.0, "scale": 1.0}, (-1.0, 20.0)),
    ("cauchy", {"location": 0.0, "scale": 1.0}, (100.0, 200.0)),
    ("skew-normal", {"location": 0.0, "scale": 1.0, "shape": 4.0}, (-1.0, -0.5)),
    ("skew-normal", {"location": 0.0, "scale": 1.0, "shape": 4.0}, (3.0, INF)),
    ("inverse-gaussian", {"mean": 3.0, "shape": 5.0}, (0.1, 0.3)),
    ("inverse-gaussian", {"mean": 3.0, "shape": 5.0}, (20.0, INF)),
    ("von-mises", {"location": 0.0, "kappa": 4.0}, (-3.0, -2.0)),
    ("half-student-t", {"df": 4.0, "scale": 1.0}, (0.0, 0.01)),
    ("gev", {"location": 0.0, "scale": 1.0, "shape": -0.3}, (1.0, INF)),
    ("kumaraswamy", {"alpha": 2.0, "beta": 5.0}, (0.8, 0.9)),
    ("f", {"df1": 5.0, "df2": 20.0}, (0.0, 0.01)),
    ("trapezoidal", {"min": 1.0, "mode_min": 2.0, "mode_max": 4.0, "max": 8.0}, (1.5, 6.0)),
    ("double-triangular", {"min": 1.0, "mode": 2.0, "max": 8.0, "p": 0.5}, (1.5, 6.0)),
    ("curvilinear-trapezoid", {"min": 4.0, "max": 8.0, "margin": 0.5}, (3.6, 5.0)),
    ("lognormal", {"median": 0.1, "sigma": 1.0, "shift": 1.0}, (1.05, 1.2)),
    ("metalog", {"coefficients": [5.0, 2.25, 1.5]}, (0.0, 20.0)),
    ("metalog", {"coefficients": [1.5, 0.2, -0.02], "min": 0.0}, (2.0, INF)),
    ("metalog", {"coefficients": [-0.5, 0.6, 0.2], "min": 1.0, "max": 20.0}, (19.0, INF)),
    ("roulette", {"edges": [0.0, 1.0, 2.0, 5.0], "chips": [2.0, 5.0, 3.0]}, (0.5, 4.0)),
    ("piecewise", {"values": [-3, 0, 1, 4], "cumulative": [0, 0.25, 0.5, 1]}, (-1.0, INF)),
    ("max-entropy", {"min": 0.0, "max": 10.0, "mean": 3.0}, (5.0, 7.0)),
    ("max-entropy", {"min": 0.0, "max": 10.0, "mean": 3.0, "sd": 3.5}, (1.0, 9.0)),
]
cases = pytest.mark.parametrize(("family", "parameters", "bounds"), CASES)


@cases
def test_truncation_renormalises(family, parameters, bounds):
    parent, drawn = make(family, parameters), make(family, parameters, bounds)
    low, high = bounds
    # By whichever side of the parent is small: F where the bounds are low, 1 - F where they are high.
    upper = bool(parent.probability(min(max(low, -1e300), 1e300)) > 0.5)
    first, last = (high, low) if upper else (low, high)
    a, b = parent.probability(first, upper), parent.probability(last, upper)
    for p, side in ((P, upper), (1.0 - P, not upper)):
        x = drawn.quantile(p, side)
        assert np.all((x >= low) & (x <= high))
        inside = (parent.probability(x, upper) - a) / (b - a)
        # Differences of probabilities, the ends' and that of x rounded.
        allowed = 4e-15 * max(a, b) / (b - a) + 1e-11
        # And what a rounded x can tell of p.
        step = np.spacing(np.abs(x))
        blur = np.abs(parent.probability(x + step, upper) - parent.probability(x - step, upper)) / (
            b - a
        )
        assert np.all(np.abs(inside - P) <= allowed + 4.0 * blur)


@cases
def test_probability_inverts_the_quantile(family, parameters, bounds):
    drawn = make(family, parameters, bounds)
    p = np.linspace(0.01, 0.99, 21)
    for upper in (False, True):
        found = drawn.probability(drawn.quantile(p, upper), upper)
        np.testing.assert_allclose(found, p, rtol=1e-8)  # 16 digits less those of a thin slice
    low, high = drawn.support
    np.testing.assert_array_equal(drawn.probability([low - 1, low, high, high + 1]), [0, 0, 1, 1])
    np.testing.assert_array_equal(drawn.probability([low - 1, high + 1], upper=True), [1, 0])


@cases
def test_moments_by_another_integral(family, parameters, bounds):
    drawn = make(family, parameters, bounds)
    if math.isinf(bounds[1]) and (family == "student-t" or parameters.get("sigma", 0) > 2):
        pytest.skip("moments from beyond the 1e-15 tail; see the closed forms below")
    # E X = low + int S(x) dx and E (X - low)^2 = 2 int (x - low) S(x) dx, over x instead of u.
    tail = np.logspace(-15, -1, 29)
    u = np.concatenate([tail, np.linspace(0.02, 0.98, 97), drawn.shape().kinks])
    ends = np.concatenate([drawn.quantile(u), drawn.quantile(tail, upper=True), drawn.support])
    ends = np.unique(ends[np.isfinite(ends)])
    low = ends[0]
    nodes, weights = np.polynomial.legendre.leggauss(24)
    half = np.diff(ends)[:, None] / 2.0
    x = ends[:-1, None] + half * (1.0 + nodes)
    mass = half * weights * drawn.probability(x, upper=True)
    mean = low + mass.sum()
    second = (mass * 2.0 * (x - low)).sum()
    # What lies beyond the 1e-15 tail, and 24 nodes from there to 1e-14.5.
    assert abs(drawn.mean - mean) <= 1e-8 * drawn.sd
    assert drawn.sd == pytest.approx(math.sqrt(second - (mean - low) ** 2), rel=1e-6)


def test_moments_of_a_truncated_lognormal():
    # E X^n; X > a = exp(n^2 s^2 / 2) Phi(n s - ln a / s) / Phi(-ln a / s)
    a, s = 100.0, 4.0
    drawn = make("lognormal", {"median": 1.0, "sigma": s}, (a, INF))
    first, second = (
        math.exp((n * s) ** 2 / 2.0)
        * special.ndtr(n * s - math.log(a) / s)
        / special.ndtr(-math.log(a) / s)
        for n in (1.0, 2.0)
    )
    assert drawn.mean == pytest.approx(first, rel=1e-11)
    assert drawn.sd == pytest.approx(math.sqrt(second - first**2), rel=1e-11)


def test_moments_of_a_truncated_normal():
    # The textbook's formula; scipy.stats uses it too.
    for low, high in ((-1.0, 2.0), (0.5, INF), (8.0, 9.0)):
        drawn = make(*NORMAL, (low, high))
        equal = stats.truncnorm(low, high)
        assert drawn.mean == pytest.approx(equal.mean(), rel=1e-10)
        assert drawn.sd == pytest.approx(equal.std(), rel=1e-6)


def test_moments_of_half_a_student_t():
    df = 3.0
    half = make("student-t", {"df": df}, (0.0, INF))
    mean = (
        2
        * math.sqrt(df)
        * special.gamma((df + 1) / 2)
        / (special.gamma(df / 2) * math.sqrt(math.pi) * (df - 1))
    )
    assert half.mean == pytest.approx(mean, rel=1e-10)
    assert half.sd == pytest.approx(math.sqrt(df / (df - 2) - mean**2), rel=1e-9)
    slow = make("student-t", {"df": 1.05}, (0.0, INF))
    expected = (
        integrate.quad(lambda t: 2 * stats.t.sf(t, 1.05), 0, 1)[0]
        + integrate.quad(
            lambda y: 2 * stats.t.sf(math.exp(y), 1.05) * math.exp(y), 0, 600, limit=500
        )[0]
    )
    assert slow.mean == pytest.approx(expected, rel=1e-6)
    assert slow.sd == INF


def test_moments_that_do_not_exist():
    cauchy = ("student-t", {"df": 1})
    assert make(*cauchy, (0, INF)).mean == INF
    assert make(*cauchy, (-INF, 0)).mean == -INF
    assert make(*cauchy, (-10, 10)).mean == pytest.approx(0.0, abs=1e-12)
    assert make("student-t", {"df": 2}, (0, INF)).sd == INF


def test_far_tails_agree_with_logarithms_of_the_normal():
    # ln S(x) from scipy's log_ndtr, another route than the difference of two probabilities.
    drawn = make(*NORMAL, (25.0, INF))
    x = drawn.quantile(P, upper=True)
    np.testing.assert_allclose(
        special.log_ndtr(-x) - special.log_ndtr(-25.0), np.log(P), rtol=1e-11, atol=1e-12
    )


def test_a_quiet_truncation_changes_nothing():
    parent = make(*NORMAL)
    drawn = make(*NORMAL, (-40.0, 40.0))
    np.testing.assert_allclose(drawn.quantile(P), parent.quantile(P), rtol=1e-14)


def test_it_says_what_it_is():
    drawn = make("gamma", {"mean": 10, "sd": 4}, (2.0, INF))
    assert drawn.family == "gamma"
    assert drawn.parameters == {"shape": 6.25, "scale": 1.6, "truncate": (2.0, INF)}
    assert drawn.support == (2.0, INF)


def test_shape_parameters_describe_the_parent():
    assert make("normal", {"mean": 0, "sd": 1}, (0, INF)).mean == pytest.approx(
        math.sqrt(2 / math.pi)
    )


REFUSED = [
    (*NORMAL, (5, 2), "truncate must be two increasing bounds, found truncate = [5, 2]"),
    (*NORMAL, (2, 2), "truncate must be two increasing bounds, found truncate = [2, 2]"),
    (*NORMAL, (math.nan, 2), "truncate must be two increasing bounds, found truncate = [nan, 2]"),
    (*NORMAL, (-INF, INF), "truncate needs at least one finite bound, found truncate = [-inf, inf]"),
    (*NORMAL, (1,), "truncate must be two bounds, as in [0, 10], found a list of 1"),
    (*NORMAL, 3, "truncate must be two bounds, as in [0, 10], found 3"),
    (*NORMAL, "ab", "truncate must be two bounds, as in [0, 10], found 'ab'"),
    (*NORMAL, (True, 2), "truncate must be a number, found true"),
    (*NORMAL, (40, 50), "truncate = [40, 50] leaves next to nothing of normal, which lies between -3.09023 and 3.09023 (99.8 %)"),
    (*NORMAL, (1.0, 1.0 + 1e-9), "truncate = [1, 1.000000001] leaves next to nothing of normal, which lies between -3.09023 and 3.09023 (99.8 %)"),
    ("uniform", {"min": 0, "max": 1}, (2, 3), "truncate = [2, 3] leaves next to nothing of uniform, which lies between 0.001 and 0.999 (99.8 %)"),
    ("lognormal", {"median": 1, "sigma": 1}, (-5, 0), "truncate = [-5, 0] leaves next to nothing of lognormal, which lies between 0.0454914 and 21.9822 (99.8 %)"),
    ("bernoulli", {"p": 0.5}, (0, 1), "bernoulli cannot be truncated: it takes separate values"),
    ("discrete", {"values": [1, 2], "weights": [1, 1]}, (0, 1), "discrete cannot be truncated: it takes separate values"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "parameters", "bounds", "message"), REFUSED)
def test_refusals(family, parameters, bounds, message):
    with pytest.raises(BeliefError) as refused:
        make(family, parameters, bounds)
    assert (refused.value.message, refused.value.parameter) == (message, "truncate")

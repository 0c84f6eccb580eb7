"""Copulas in the kernel: uniform margins, the right conditional distributions, the same bits."""

from __future__ import annotations

import math

import mpmath as mp
import numba
import numpy as np
import pytest
from scipy import integrate, stats

from wattif.distributions import make
from wattif.distributions.base import Shape
from wattif.distributions.copulas import clayton as clayton_cdf
from wattif.distributions.copulas import frank as frank_cdf
from wattif.distributions.copulas import gumbel as gumbel_cdf
from wattif.engine.couple import (
    clayton,
    combine,
    couple_pair,
    frank,
    gumbel,
    to_points,
    to_scores,
)
from wattif.engine.couplings import CLAYTON, FRANK, GUMBEL, flatten
from wattif.engine.program import Coupling, Input, Op, Output, Program
from wattif.engine.sample import sample
from wattif.engine.tail_table import build_tail
from wattif.errors import RunError

needs_jit = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many draws for Python")

R = 0.7
FACTOR = ((1.0, 0.0), (R, math.sqrt(1.0 - R * R)))
UNIFORM = Shape("uniform")
KINDS = {
    "gaussian": Coupling("gaussian", (0, 1), FACTOR),
    "student-t": Coupling("student-t", (0, 1), FACTOR, 4.0, mixing=2),
    "clayton": Coupling("clayton", (0, 1), parameter=2.0),
    "gumbel": Coupling("gumbel", (0, 1), parameter=3.0),
    "frank": Coupling("frank", (0, 1), parameter=5.0),
    "frank, falling": Coupling("frank", (0, 1), parameter=-5.0),
}
TAU = {  # closed forms: Nelsen 2006, section 5.1; Lindskog, McNeil & Schmock 2003
    "gaussian": 2.0 / math.pi * math.asin(R),
    "student-t": 2.0 / math.pi * math.asin(R),
    "clayton": 0.5,
    "gumbel": 1.0 - 1.0 / 3.0,
    "frank": 1.0
    - 4.0 / 5.0 * (1.0 - integrate.quad(lambda t: t / math.expm1(t), 0.0, 5.0)[0] / 5.0),
}
TAU["frank, falling"] = -TAU["frank"]


def pair_program(coupling: Coupling) -> Program:
    inputs = [Input("a", UNIFORM), Input("b", UNIFORM)]
    if coupling.mixing >= 0:
        chi_square = make("chi-square", {"df": coupling.parameter})
        inputs.append(Input("mixing", chi_square.shape()))
    code = [(Op.COUPLE, 0, 0), (Op.DRAW, 0, 0), (Op.OUTPUT, 0, 0), (Op.DRAW, 0, 1)]
    rows = [(*row, 0, 0) for row in (*code, (Op.OUTPUT, 1, 0))]
    return Program(
        inputs=tuple(inputs),
        outputs=(Output("", "a"), Output("", "b")),
        code=np.array(rows, np.int32),
        constants=np.empty(0),
        registers=1,
        couplings=(coupling,),
    )


def draw(coupling, *, draws=4096, replicates=16, sampling="random", threads=2):
    """Return the two coupled uniforms, (2, replicates, draws)."""
    found = sample(
        pair_program(coupling),
        draws_per_replicate=draws,
        replicates=replicates,
        seed=20,
        sampling=sampling,
        interval=0.9,
        probabilities=(0.5,),
        kept=draws,
        threads=threads,
    )
    return found.kept_outputs.transpose(1, 0, 2)


@needs_jit
@pytest.mark.parametrize("sampling", ["random", "latin-hypercube", "sobol"])
@pytest.mark.parametrize("kind", KINDS)
def test_margins_stay_uniform_and_ranks_go_together(kind, sampling):
    a, b = draw(KINDS[kind], sampling=sampling)
    # 0.1 % twice: six copulas and three schemes, with a fixed seed
    assert stats.kstest(a.ravel(), "uniform").pvalue > 1e-3
    assert stats.kstest(b.ravel(), "uniform").pvalue > 1e-3
    tau = [stats.kendalltau(x, y)[0] for x, y in zip(a, b, strict=True)]
    error = np.std(tau, ddof=1) / math.sqrt(len(tau))
    # 5 standard errors; under Sobol a replicate's net is a coarse population of its own: 1/n
    assert abs(np.mean(tau) - TAU[kind]) < 5.0 * error + 2.0 / a.shape[1]


@pytest.mark.parametrize("kind", KINDS)
def test_threads_do_not_change_a_bit(kind):
    few = {"draws": 256, "replicates": 2}
    np.testing.assert_array_equal(
        draw(KINDS[kind], threads=1, **few), draw(KINDS[kind], threads=3, **few)
    )


def test_the_first_of_a_coupling_keeps_its_draws():
    few = {"draws": 256, "replicates": 2}
    alone = draw(Coupling("gaussian", (0, 1), ((1.0, 0.0), (0.0, 1.0))), **few)[0]
    for kind in ("gaussian", "clayton", "gumbel", "frank"):
        np.testing.assert_array_equal(draw(KINDS[kind], **few)[0], alone)


@pytest.mark.parametrize("sampling", ["random", "latin-hypercube", "sobol"])
def test_perfect_correlation_makes_two_draws_one(sampling):
    rising = Coupling("gaussian", (0, 1), ((1.0, 0.0), (1.0, 0.0)))
    falling = Coupling("gaussian", (0, 1), ((1.0, 0.0), (-1.0, 0.0)))
    few = {"draws": 256, "replicates": 2, "sampling": sampling}
    a, b = draw(rising, **few)
    np.testing.assert_allclose(b, a, rtol=0.0, atol=1e-10)  # through a table of scores and back
    a, b = draw(falling, **few)
    np.testing.assert_allclose(b, 1.0 - a, rtol=0.0, atol=1e-10)


U = np.array([1e-15, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0 - 1e-9])
CONDITIONAL = {"clayton": clayton, "gumbel": gumbel, "frank": frank}
CDF = {"clayton": clayton_cdf, "gumbel": gumbel_cdf, "frank": frank_cdf}


def share_below(kind, theta, u, v):
    """Return dC/du in 60 digits, by mpmath."""
    with mp.workdps(60):
        u, v, theta = mp.mpf(float(u)), mp.mpf(float(v)), mp.mpf(theta)
        match kind:
            case "clayton":
                s = u**-theta + v**-theta - 1
                return float(s ** (-1 / theta - 1) * u ** (-theta - 1))
            case "gumbel":
                x, y = -mp.log(u), -mp.log(v)
                s = x**theta + y**theta
                c = mp.exp(-(s ** (1 / theta)))
                return float(c * s ** (1 / theta - 1) * x ** (theta - 1) / u)
            case _:
                a, b, g = mp.expm1(-theta * u), mp.expm1(-theta * v), mp.expm1(-theta)
                return float((a + 1) * b / (g + a * b))


@pytest.mark.parametrize("theta", [1.0001, 1.5, 4.0, 40.0])
@pytest.mark.parametrize("kind", CONDITIONAL)
def test_a_conditional_draw_has_its_share_of_draws_below_it(kind, theta):
    for u in U:
        for w in (1e-9, 0.01, 0.4, 0.7, 0.999, 1.0 - 1e-9):
            v = CONDITIONAL[kind](theta, u, w)
            # v is a double: the share is known to its slope times half a unit of v, and that may be
            # steep; so compare with the shares at its neighbours, 8 units away.
            low, high = v * (1.0 - 2e-15) - 1e-16, min(v * (1.0 + 2e-15) + 1e-16, 1.0 - 1e-17)
            low = max(low, 1e-300)
            shares = share_below(kind, theta, u, low), share_below(kind, theta, u, high)
            assert shares[0] - 1e-12 <= w <= shares[1] + 1e-12, (u, w, v)


@pytest.mark.parametrize("kind", CDF)
def test_the_distribution_function_is_the_integral_of_the_conditional(kind):
    theta, v = 2.5, 0.35
    area = integrate.quad(lambda u: share_below(kind, theta, u, v), 0.0, 0.6, epsabs=1e-10)[0]
    assert CDF[kind](theta, np.array(0.6), np.array(v)) == pytest.approx(area, abs=1e-9)


@pytest.mark.parametrize("kind", [CLAYTON, GUMBEL, FRANK])
def test_no_point_leaves_its_range_however_strong_the_copula(kind):
    ends = np.array([0, 1, 2**51, 2**52 - 2, 2**52 - 1], np.uint64)
    first, second = (grid.ravel().copy() for grid in np.meshgrid(ends, ends))
    for theta in (1.0 + 1e-12, 3.0, 500.0):
        k = second.copy()
        couple_pair(kind, theta, first, k)
        assert k.max() < 2**52


@pytest.mark.parametrize("df", [1.0, 1.5, 4.0, 30.0, 1e6, math.inf])
def test_scores_become_points_again(df):
    exact = stats.norm if math.isinf(df) else stats.t(df)
    p = np.logspace(-15, -0.31, 400)
    z = exact.ppf(p)
    k, mirrored = np.empty(p.size, np.uint64), np.empty(p.size, np.uint64)
    table = build_tail(df)
    to_points(table, z, k)
    to_points(table, -z, mirrored)
    # 1e-9 of the probability, and the width of a point
    found = (k.astype(np.float64) + 0.5) * 2.0**-52
    np.testing.assert_allclose(found, p, rtol=1e-9, atol=2.0**-52)
    np.testing.assert_array_equal(k + mirrored, np.full(p.size, 2**52 - 1, np.uint64))


def test_points_become_normal_scores():
    plan = flatten([KINDS["gaussian"]], 2)
    k = np.array([0, 1, 2**40, 2**51, 2**52 - 1], np.uint64)
    z = np.empty(k.size)
    to_scores(plan, k, z)
    p = (np.minimum(k, 2**52 - 1 - k).astype(np.float64) + 0.5) * 2.0**-52
    exact = np.where(k < 2**51, stats.norm.ppf(p), stats.norm.isf(p))
    np.testing.assert_allclose(z, exact, rtol=1e-9, atol=1e-12)


def test_scores_are_combined_as_by_a_matrix_product():
    rng = np.random.default_rng(3)
    factor, z = np.tril(rng.normal(size=(5, 5))), rng.normal(size=(5, 33))
    expected = factor @ z
    combine(factor, z)
    np.testing.assert_allclose(z, expected, rtol=1e-13, atol=1e-14)  # sums of five terms


@needs_jit
def test_the_tails_of_a_student_t_copula_go_together():
    """McNeil, Frey & Embrechts 2005, section 5.3: 2 t_(df+1)(-sqrt((df+1)(1-r)/(1+r)))."""
    a, b = draw(KINDS["student-t"], draws=2**16)
    limit = 2.0 * stats.t(5.0).cdf(-math.sqrt(5.0 * (1.0 - R) / (1.0 + R)))
    q = 1e-3
    both = (a < q) & (b < q)
    share = both.mean() / q
    exact = stats.multivariate_t(shape=[[1.0, R], [R, 1.0]], df=4.0).cdf(
        [stats.t(4.0).ppf(q)] * 2, random_state=1
    )
    error = math.sqrt(exact * (1.0 - exact) / a.size) / q
    assert share == pytest.approx(exact / q, abs=5.0 * error)
    assert abs(share - limit) < 0.05  # how far q = 0.001 still is from the limit
    upper = ((a > 1.0 - q) & (b > 1.0 - q)).mean() / q
    assert upper == pytest.approx(exact / q, abs=5.0 * error)


def test_too_heavy_a_tail_is_refused():
    with pytest.raises(RunError, match=r"0\.1 degrees of freedom are too heavy"):
        build_tail(0.1)

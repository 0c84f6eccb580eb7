"""Quantiles with a factor integrated out are those of the output, and far closer to them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from wattif.distributions import make
from wattif.engine.histogram import Binning
from wattif.engine.law import build_cells, fill_means, move_cells, tabulate
from wattif.engine.program import Factor, Op, Output
from wattif.engine.rests import merge_used, read_rest
from wattif.engine.sample import sample

P = np.array([0.001, 0.05, 0.5, 0.95, 0.999])
LOG_SD = np.array([0.5, 0.3, 0.2])
SHAPES = [make("lognormal", {"median": 1.0, "sigma": float(sd)}).shape() for sd in LOG_SD]
DRAW_THREE = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.DRAW, 2, 2)]


def split_off(program, output=0, power=1):
    """Return the program with what is left of an output without its first input."""
    kept, spare, rest = program.registers, program.registers + 1, len(program.outputs)
    code = []
    for row in program.code.tolist():
        code.append(row)
        if row[:3:2] == [Op.DRAW, 0]:
            code.append([Op.COPY, kept, row[1], 0, 0])
        if row[:2] == [Op.OUTPUT, output]:
            code.append([Op.DIV if power > 0 else Op.MUL, spare, row[2], kept, 0])
            code.append([Op.OUTPUT, rest, spare, 0, 0])
    return replace(
        program,
        outputs=(*program.outputs, Output("", "rest")),
        code=np.array(code, np.int32),
        registers=program.registers + 2,
        factors=(Factor(output, rest, 0, power),),
        hidden=1,
    )


def run(program, draws=2**10, seed=5, sampling="sobol"):
    return sample(
        program,
        draws_per_replicate=draws,
        replicates=16,
        seed=seed,
        sampling=sampling,
        interval=0.9,
        probabilities=tuple(P),
        kept=0,
    )


def errors(statistics, output=0):
    return statistics.by_replicate.quantiles[:, output].std(axis=0, ddof=1) / 4.0


def lognormal(sd):
    return np.exp(sd * special.ndtri(P))


@pytest.mark.parametrize(
    ("power", "code", "truth"),
    [
        (1, [(Op.MUL, 3, 0, 1), (Op.MUL, 3, 3, 2)], lognormal(np.sqrt(np.sum(LOG_SD**2)))),
        (-1, [(Op.DIV, 3, 1, 0), (Op.MUL, 3, 3, 2)], lognormal(np.sqrt(np.sum(LOG_SD**2)))),
        (
            -1,
            [(Op.DIV, 3, 1, 0), (Op.MUL, 3, 3, 2), (Op.NEG, 3, 3)],
            -lognormal(np.sqrt(np.sum(LOG_SD**2)))[::-1],
        ),
        (
            1,
            [(Op.MUL, 3, 0, 1), (Op.NEG, 3, 3), (Op.MUL, 3, 3, 2)],
            -lognormal(np.sqrt(np.sum(LOG_SD**2)))[::-1],
        ),
    ],
)
@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube", "random"])
def test_products_and_quotients_of_lognormals(make_program, power, code, truth, sampling):
    program = make_program(SHAPES, [*DRAW_THREE, *code, (Op.OUTPUT, 0, 3)])
    smooth = run(split_off(program, power=power), sampling=sampling)
    assert smooth.integrated.all()
    # Student's t with 15 degrees: 1 of 60 numbers lies beyond 5.2 by chance once in 150 seeds.
    assert (np.abs(smooth.pooled.quantiles[0] - truth) < 5.2 * errors(smooth)).all()
    plain = run(program, sampling=sampling)
    # Measured: 9 to 90 times under Sobol points, 1.3 to 4 times otherwise.
    least = 4.0 if sampling == "sobol" else 1.1
    assert np.median(errors(plain) / errors(smooth)) > least


def test_outputs_may_share_a_rest_that_is_itself_reported(make_program):
    code = [*DRAW_THREE, (Op.MUL, 3, 0, 1), (Op.OUTPUT, 0, 3), (Op.OUTPUT, 3, 0)]
    code += [(Op.MUL, 4, 2, -1), (Op.MUL, 4, 3, 4), (Op.OUTPUT, 1, 4)]
    code += [(Op.MUL, 5, 2, -2), (Op.DIV, 5, 3, 5), (Op.OUTPUT, 2, 5)]
    factors = (
        Factor(output=2, rest=0, input=2, power=-1, multiplier=5.0),
        Factor(output=0, rest=3, input=1, power=1),
        Factor(output=1, rest=0, input=2, power=1, multiplier=3.0),
    )
    program = replace(make_program(SHAPES, code, [3.0, 5.0]), factors=factors, hidden=1)
    found = run(program)
    assert found.integrated[:, 1:4].all()
    assert found.factors == ("x1", "x2", "x2")
    assert found.kept_outputs.shape[1] == found.pooled.mean.size == len(found.histogram) == 3
    all_three = np.sqrt(np.sum(LOG_SD**2))
    truth = [lognormal(np.hypot(*LOG_SD[:2])), 3 * lognormal(all_three), lognormal(all_three) / 5]
    for k in range(3):  # Student's t with 15 degrees: 1 of 15 beyond 5.2 once in 600 seeds
        assert (np.abs(found.pooled.quantiles[k] - truth[k]) < 5.2 * errors(found, k)).all()


def by_quadrature(first):
    """Return quantiles of a positive variable times a lognormal: the trapezoidal rule in scores."""
    z = np.linspace(-8.5, 8.5, 2**15)
    weights = stats.norm.pdf(z) * (z[1] - z[0])
    second = np.exp(LOG_SD[2] * z)

    def solve(p):
        return optimize.brentq(
            lambda y: first.cdf(y / second) @ weights - p, 1e-3, 50.0, rtol=1e-12
        )

    return np.array([solve(p) for p in P[1:4]])


@pytest.mark.parametrize(
    ("family", "parameters", "is_moved"),
    [
        ("lognormal", {"median": 3e4, "sigma": 0.7}, True),
        ("lognormal", {"median": 2.0, "sigma": 2e-3}, True),
        ("lognormal", {"median": 2.0, "sigma": 2e-4}, False),
        ("lognormal", {"median": 1e-280, "sigma": 9.0}, False),
        ("weibull", {"shape": 1.7, "scale": 5.0}, True),
        ("log-logistic", {"median": 2.0, "shape": 6.0}, True),
        ("uniform", {"min": 3.0, "max": 5.0}, False),
    ],
)
def test_cells_of_a_power_are_as_good_as_its_own(family, parameters, is_moved):
    shape = make(family, parameters).shape()
    moved, own = move_cells(shape), build_cells(shape)
    assert (moved is not None) == is_moved
    if moved:
        # Rounding of logarithms, over the width of a cell.
        np.testing.assert_allclose(moved.x, own.x, rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(moved.polynomials[:, 1:], own.polynomials[:, 1:], atol=1e-9)


@pytest.mark.parametrize(
    ("belief", "oracle"),
    [
        (("uniform", {"min": 1.0, "max": 5.0}), stats.uniform(1.0, 4.0)),
        (("triangular", {"min": 1.0, "mode": 2.0, "max": 9.0}), stats.triang(0.125, 1.0, 8.0)),
        (("beta", {"alpha": 2.0, "beta": 3.0}), stats.beta(2.0, 3.0)),
    ],
)
def test_other_families_agree_with_quadrature(make_program, belief, oracle):
    shapes = [make(*belief).shape(), SHAPES[2]]
    code = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.MUL, 2, 0, 1), (Op.OUTPUT, 0, 2)]
    smooth = run(split_off(make_program(shapes, code)), draws=2**14)
    truth = by_quadrature(oracle)
    # With two inputs one is left, and its points lie in strata: some 1e-6 of the truth.
    np.testing.assert_allclose(smooth.pooled.quantiles[0, 1:4], truth, rtol=1e-5)
    assert (np.abs(smooth.pooled.quantiles[0, 1:4] - truth) < 6 * errors(smooth)[1:4]).all()


def test_a_single_factor_is_known_to_its_last_digits(make_program):
    program = make_program(
        SHAPES[:1], [(Op.DRAW, 0, 0), (Op.MUL, 0, 0, -1), (Op.OUTPUT, 0, 0)], [3.0]
    )
    smooth = run(split_off(program))
    # Polynomials of the law are 1e-9 from it, which the small density further out magnifies.
    np.testing.assert_allclose(smooth.pooled.quantiles[0], 3.0 * lognormal(0.5), rtol=1e-6)
    np.testing.assert_allclose(smooth.pooled.quantiles[0, 1:4], 3 * lognormal(0.5)[1:4], rtol=2e-8)


@pytest.mark.parametrize(
    "code",
    [
        [(Op.SUB, 1, 1, -1), (Op.MUL, 2, 0, 1)],  # of both signs
        [(Op.FLOOR, 1, 1), (Op.ADD, 1, 1, -1), (Op.MUL, 2, 0, 1)],  # steps
        [(Op.LT, 1, 1, -1), (Op.DIV, 2, 0, 1)],  # infinite where it is 0
    ],
)
def test_what_is_not_smooth_keeps_its_order_statistics(make_program, code):
    shapes = [SHAPES[0], SHAPES[1]]
    draws = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1)]
    program = make_program(shapes, [*draws, *code, (Op.OUTPUT, 0, 2)], [1.0])
    split = split_off(program)
    smooth, plain = run(split), run(program)
    assert not smooth.integrated.any()
    np.testing.assert_array_equal(smooth.pooled.quantiles, plain.pooled.quantiles)
    np.testing.assert_array_equal(smooth.by_replicate.quantiles, plain.by_replicate.quantiles)


def test_other_quantiles_may_still_be_refined(make_program):
    code = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.MUL, 2, 0, 1), (Op.OUTPUT, 1, 2)]
    code += [(Op.FLOOR, 2, 2), (Op.OUTPUT, 0, 2)]
    program = make_program(SHAPES[:2], code)
    smooth = run(split_off(program, output=1))
    assert smooth.passes > 0
    np.testing.assert_array_equal(smooth.integrated.all(axis=1), [False, True])
    np.testing.assert_array_equal(smooth.pooled.quantiles[0], run(program).pooled.quantiles[0])


@pytest.mark.parametrize(
    ("family", "parameters", "most"),
    [
        ("lognormal", {"p5": 1.0, "p95": 4.0}, 4e-9),
        ("gamma", {"mean": 3.0, "sd": 2.0}, 4e-9),
        ("beta", {"alpha": 18.0, "beta": 2.0}, 4e-9),
        ("triangular", {"min": 90.0, "mode": 100.0, "max": 180.0}, 4e-9),
        ("beta", {"alpha": 0.5, "beta": 0.5}, 4e-9),
        ("gamma", {"mean": 3.0, "sd": 9.0}, 4e-9),
    ],
)
def test_a_law_is_that_of_the_belief(family, parameters, most):
    belief = make(family, parameters)
    u = np.random.default_rng(1).random(10_000)
    x = np.asarray(belief.quantile(u))
    law = tabulate(belief.shape())
    # Polynomials miss Phi by 1e-9 at most, and arcsines by more.
    np.testing.assert_allclose(probability(law, x), u, rtol=0, atol=most)
    assert (np.diff(law.x) >= 0.0).all()
    assert tabulate(belief.shape()) is law


@pytest.mark.parametrize(
    ("belief", "oracle"),
    [
        (("lognormal", {"median": 2.0, "sigma": 0.8}), stats.lognorm(0.8, scale=2.0)),
        (("uniform", {"min": 3.0, "max": 5.0}), stats.uniform(3.0, 2.0)),
        (("beta", {"alpha": 18.0, "beta": 2.0}), stats.beta(18.0, 2.0)),
        (("triangular", {"min": 1.0, "mode": 2.0, "max": 5.0}), stats.triang(0.25, 1.0, 4.0)),
        (("gamma", {"shape": 9.0, "scale": 1.0}), stats.gamma(9.0)),
    ],
)
def test_a_law_knows_the_means_of_powers(belief, oracle):
    found = tabulate(make(*belief).shape()).means
    low, high = oracle.ppf([1e-14, 1.0 - 1e-14])
    parts = [low, *oracle.ppf([0.01, 0.25, 0.5, 0.99]), high]  # a kink of the triangular is one
    for (i, j), power in zip(np.ndindex(2, 2), (1, 2, -1, -2), strict=True):
        pieces = [
            integrate.quad(lambda x, n=power: x**n * oracle.pdf(x), *ends, epsrel=1e-12)[0]
            for ends in itertools.pairwise(parts)
        ]
        assert found[i, j] == pytest.approx(sum(pieces), rel=2e-9)


def test_means_that_depend_on_what_is_hardly_ever_drawn_are_not_known():
    wide = tabulate(make("lognormal", {"median": 1.0, "sigma": 1.5}).shape())
    np.testing.assert_array_equal(np.isfinite(wide.means), [[True, False]] * 2)
    near_zero = tabulate(make("gamma", {"shape": 0.5, "scale": 1.0}).shape())
    np.testing.assert_array_equal(np.isfinite(near_zero.means), [[True, True], [False, False]])


@pytest.mark.parametrize("power", [1, -1])
@pytest.mark.parametrize("sampling", ["sobol", "random"])
def test_moments_are_those_of_what_is_left_times_those_of_the_factor(make_program, power, sampling):
    op = Op.MUL if power > 0 else Op.DIV
    code = [*DRAW_THREE, (Op.MUL, 1, 1, 2), (Op.OUTPUT, 0, 1), (op, 0, 1, 0), (Op.MUL, 0, 0, -1)]
    program = make_program(SHAPES, [*code, (Op.OUTPUT, 1, 0)], [5.0])
    factor = Factor(1, 0, 0, power, 5.0 if power > 0 else 0.2)
    found = run(replace(program, factors=(factor,)), sampling=sampling)
    of_factor = stats.lognorm(LOG_SD[0])
    rest, mean, square = found.pooled, of_factor.mean(), of_factor.moment(2)
    assert rest.mean[1] == pytest.approx(5.0 * mean * rest.mean[0], rel=1e-9)
    n = 2**14
    within = found.by_replicate.sd[:, 0] ** 2 * (2**10 - 1) / 2**10
    variance = 25.0 * (within * square + found.by_replicate.mean[:, 0] ** 2 * (square - mean**2))
    between = (25.0 * mean**2) * found.by_replicate.mean[:, 0].var()
    expected = np.sqrt((variance.mean() + between) * n / (n - 1))
    assert rest.sd[1] == pytest.approx(expected, rel=1e-9)
    truth = 5.0 * np.exp(np.sum(LOG_SD**2) / 2.0)
    error = found.by_replicate.mean[:, 1].std(ddof=1) / 4.0
    assert abs(rest.mean[1] - truth) < 5.2 * error  # t with 15 degrees: once in 10,000 times
    plain = run(program, sampling=sampling)
    assert error < plain.by_replicate.mean[:, 1].std(ddof=1) / 4.0
    np.testing.assert_array_equal(rest.minimum, plain.pooled.minimum)


def probability(law, x):
    """Return P(X <= x), from the kernel."""
    found = np.empty((x.size, 1))
    fill_means(law.x, law.polynomials, np.zeros(1), np.ones((1, 1)), np.log(x), found)
    return found[:, 0]


def test_means_are_sums_over_points():
    rng = np.random.default_rng(2)
    law = tabulate(make("triangular", {"min": 1.0, "mode": 2.0, "max": 3.0}).shape())
    points, shares = np.sort(rng.uniform(0.1, 4.0, 50)), rng.dirichlet(np.ones(50), 3).T
    factors = np.array([0.0, 0.2, 1.0, 3.0, 1e9, np.inf])
    means = np.empty((factors.size, 3))
    with np.errstate(divide="ignore"):
        logarithms = np.log(points), np.log(factors)
    shares = np.ascontiguousarray(shares)
    fill_means(law.x, law.polynomials, logarithms[0], shares, logarithms[1], means)
    x = np.outer(factors, points)
    twin = stats.triang(0.5, 1.0, 2.0).cdf(x) @ shares
    np.testing.assert_allclose(means, twin, rtol=0, atol=1e-8)


@pytest.mark.parametrize("merged", [1, 4, 16])
def test_merged_bins_are_sums_of_neighbours(merged):
    y = np.random.default_rng(3).normal(7.0, 1.0, 500)
    binning = Binning(np.array([6.5]), np.array([0.5]), 64)
    counts = np.histogram(y, binning.edges(0))[0]
    found = merge_used(counts, *binning.used(0, y.min(), y.max()), merged)
    first, sums = found.first, found.counts
    whole = np.append(counts, np.zeros(-counts.size % merged, np.int64)).reshape(-1, merged)
    np.testing.assert_array_equal(sums, whole.sum(axis=1)[first : first + sums.size])
    assert sums.sum() == y.size


def test_the_width_of_bins_is_taken_out_to_fourth_order():
    """The mean of exp over a normal Z, from bins that double in width as they go out."""
    errors = []
    for sub_bins in (16, 32):
        edges = Binning(np.array([5.0]), np.array([0.5]), sub_bins).edges(0)
        shares = np.diff(stats.norm(5.2, 0.7).cdf(edges))
        first = int(np.flatnonzero(shares > 1e-14)[0])
        inner = shares[first : np.flatnonzero(shares > 1e-14)[-1] + 1]
        around = np.append(np.insert(inner, 0, 0.0), 0.0)[:, np.newaxis]
        rest = read_rest(around, edges[first - 1 : first + inner.size + 2])
        errors.append(float(np.exp(rest.z) @ rest.shares[:, 0]) / np.exp(5.2 + 0.245) - 1.0)
    # Uncorrected, it would be 6e-4 and a quarter of that. Half the width: a sixteenth, roughly.
    assert abs(errors[0]) < 1e-5
    assert abs(errors[1]) < abs(errors[0]) / 14.0

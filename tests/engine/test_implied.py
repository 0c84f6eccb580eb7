"""Outputs that are not drawn have the statistics of those that are, and closer to the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, special, stats

from wattif.distributions import make
from wattif.engine import implied, job
from wattif.engine.histogram import fit_binning
from wattif.engine.implied import find_implied, interpolate, least_of
from wattif.engine.program import Factor, Op
from wattif.engine.sample import sample

P = np.array([0.05, 0.5, 0.95])
LOG_SD = np.array([0.5, 0.3, 0.2])
ALL = float(np.sqrt(np.sum(LOG_SD**2)))
SHAPES = [make("lognormal", {"median": 1.0, "sigma": float(sd)}).shape() for sd in LOG_SD]
DRAW_THREE = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.DRAW, 2, 2)]
REPLICATES = 16


@pytest.fixture(autouse=True)
def always(monkeypatch):
    monkeypatch.setattr(implied, "FEWEST", 1)


@pytest.fixture
def make_product(make_program):
    """Make (x1 x2) x0 or (x1 x2) / x0, perhaps of the other sign, times a constant."""

    def build(power=1, sign=1, shapes=SHAPES):
        code = [*DRAW_THREE, (Op.MUL, 1, 1, 2), *[(Op.NEG, 1, 1)] * (sign < 0), (Op.OUTPUT, 1, 1)]
        code += [(Op.MUL if power > 0 else Op.DIV, 0, 1, 0), (Op.MUL, 0, 0, -1), (Op.OUTPUT, 0, 0)]
        factor = Factor(0, 1, 0, power, 3.0 if power > 0 else 1.0 / 3.0)
        program = make_program(shapes, code, [3.0])
        return replace(program, factors=(factor,), hidden=1)

    return build


def run(program, draws=2**15, **changes):
    settings = {
        "draws_per_replicate": draws,
        "replicates": REPLICATES,
        "seed": 5,
        "sampling": "sobol",
        "interval": 0.9,
        "probabilities": tuple(P),
        "kept": 64,
        "threads": 2,
    }
    return sample(program, **(settings | changes))


def plainly(program, monkeypatch, **changes):
    with monkeypatch.context() as patch:
        patch.setattr(implied, "FEWEST", 2**60)
        return run(program, **changes)


def shortest_of_lognormal(sd, mass=0.9):
    def width(p):
        return float(np.diff(np.exp(sd * special.ndtri([p, p + mass])))[0])

    p = optimize.minimize_scalar(width, bounds=(1e-5, 0.0999), options={"xatol": 1e-12}).x
    return np.exp(sd * special.ndtri([p, p + mass]))


def error(values):
    return values.std(axis=0, ddof=1) / np.sqrt(REPLICATES)


@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube", "random"])
@pytest.mark.parametrize("power", [1, -1])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_product_of_lognormals_is_known_without_its_draws(make_product, sampling, power, sign):
    found = run(make_product(power, sign), sampling=sampling)
    assert found.integrated.all()
    assert found.passes == 0
    pooled, each = found.pooled, found.by_replicate
    mean = sign * 3.0 * np.exp(ALL**2 / 2)
    truths = {
        "mean": mean,
        "sd": abs(mean) * np.sqrt(np.expm1(ALL**2)),
        "hdi": 3.0 * np.sort(sign * shortest_of_lognormal(ALL)),
        "quantiles": 3.0 * np.sort(sign * np.exp(ALL * special.ndtri(P))),
    }
    for name, truth in truths.items():
        got, spread = getattr(pooled, name)[0], error(getattr(each, name)[:, 0])
        # Student's t with 15 degrees of freedom: beyond 5.2 once in 10,000 times.
        assert np.all(np.abs(got - truth) < 5.2 * spread + 1e-6 * np.abs(truth)), name
        # Counting 2^19 draws leaves 2e-3 in the ends of the interval, and 1e-3 in quantiles.
        assert np.all(spread < (2e-4 if sampling == "sobol" else 4e-3) * np.abs(truth)), name
    assert pooled.finite[0] == 2**19
    assert each.finite[:, 0].tolist() == [2**15] * REPLICATES


def test_extremes_are_the_medians_of_those_of_random_draws(make_product):
    found = run(make_product(), kept=0)
    for summary, draws in ((found.pooled, 2**19), (found.by_replicate, 2**15)):
        outside = -np.expm1(-np.log(2.0) / draws)
        least, greatest = 3.0 * np.exp(ALL * special.ndtri([outside, 1.0 - outside]))
        # Straight lines between 64 places lie within 2 %. The first block has draws of its own,
        # one of eight of a replicate's: by chance the least of all is among them.
        assert np.median(summary.minimum[..., 0]) == pytest.approx(least, rel=0.02)
        assert np.median(summary.maximum[..., 0]) == pytest.approx(greatest, rel=0.02)
    assert found.pooled.minimum[0] <= found.by_replicate.minimum[:, 0].min()


def test_bins_hold_what_they_would_on_average(make_product):
    found = run(make_product())
    counts, edges = found.histogram[0], found.binning.edges(0)
    assert counts.sum() == 2**19
    with np.errstate(divide="ignore"):
        scores = np.log(np.maximum(edges, 0.0) / 3.0) / ALL
    expected = 2**19 * np.diff(special.ndtr(scores))
    # Rounded to whole draws; what Sobol points leave in the rest, and cubics over 1/128 of all.
    assert np.abs(np.cumsum(counts) - np.cumsum(expected)).max() < 2**19 * 1e-4
    assert np.abs(counts - expected)[expected > 20].max() < 2.5


def test_what_is_kept_are_draws_of_it(make_product):
    found = run(make_product(), draws=2**14, kept=2**13)
    inputs, outputs = found.kept_inputs, found.kept_outputs
    np.testing.assert_allclose(outputs[:, 0], 3.0 * inputs.prod(axis=1), rtol=1e-14)
    assert inputs.shape == (REPLICATES, 3, 2**13)


@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube", "random"])
def test_all_else_is_as_if_it_had_been_drawn(make_program, monkeypatch, sampling):
    code = [*DRAW_THREE, (Op.MUL, 1, 1, 2), (Op.OUTPUT, 1, 1), (Op.OUTPUT, 2, 2)]
    code += [(Op.MUL, 0, 1, 0), (Op.OUTPUT, 0, 0)]
    factors = (Factor(0, 1, 0, 1),)
    program = replace(make_program(SHAPES, code), factors=factors)
    found = run(program, sampling=sampling)
    plain = plainly(program, monkeypatch, sampling=sampling)
    assert found.pooled.hdi[0, 0] != plain.pooled.hdi[0, 0]
    for name in ("mean", "sd", "minimum", "maximum", "quantiles", "hdi"):
        got, expected = getattr(found.pooled, name), getattr(plain.pooled, name)
        np.testing.assert_array_equal(got[1:], expected[1:], err_msg=name)
    np.testing.assert_array_equal(found.histogram[1:], plain.histogram[1:])
    np.testing.assert_array_equal(found.pooled.mean, plain.pooled.mean)


def test_threads_change_no_bit(make_product, monkeypatch):
    monkeypatch.setattr(job, "SEGMENT", 1 << 13)
    one, three = (run(make_product(), threads=threads) for threads in (1, 3))
    np.testing.assert_array_equal(one.histogram, three.histogram)
    for name in ("mean", "sd", "minimum", "maximum", "quantiles", "hdi"):
        got, expected = getattr(one.by_replicate, name), getattr(three.by_replicate, name)
        np.testing.assert_array_equal(got, expected, err_msg=name)


def test_other_quantiles_may_still_need_another_pass(make_program, monkeypatch):
    code = [*DRAW_THREE, (Op.MUL, 1, 1, 2), (Op.OUTPUT, 2, 1), (Op.MUL, 0, 1, 0), (Op.OUTPUT, 0, 0)]
    code += [(Op.FLOOR, 2, 2), (Op.OUTPUT, 1, 2)]
    program = replace(make_program(SHAPES, code), factors=(Factor(0, 2, 0, 1),), hidden=1)
    found = run(program)
    assert found.passes > 0
    plain = plainly(program, monkeypatch)
    np.testing.assert_array_equal(found.pooled.quantiles[1], plain.pooled.quantiles[1])
    assert found.integrated[0].all()


def test_what_the_pilot_did_not_show_makes_all_be_drawn_again(make_program, monkeypatch):
    """Z is below 0 once in 20,000 draws: not in a pilot of 4,096."""
    shapes = [SHAPES[0], make("normal", {"mean": 3.9, "sd": 1.0}).shape()]
    code = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.OUTPUT, 1, 1), (Op.MUL, 0, 1, 0)]
    program = make_program(shapes, [*code, (Op.OUTPUT, 0, 0)])
    program = replace(program, factors=(Factor(0, 1, 0, 1),), hidden=1)
    done = []
    found = run(program, progress=lambda now, total: done.append((now, total)))
    plain = plainly(program, monkeypatch)
    assert not found.integrated.any()
    assert found.passes == plain.passes + 1
    assert done[-1] == (2**20 * (1 + plain.passes / 2), 2**20 * (1 + plain.passes / 2))
    for name in ("mean", "sd", "minimum", "maximum", "quantiles", "hdi"):
        got, expected = getattr(found.by_replicate, name), getattr(plain.by_replicate, name)
        np.testing.assert_array_equal(got, expected, err_msg=name)
    np.testing.assert_array_equal(found.histogram, plain.histogram)


def test_what_cannot_be_told_is_drawn_again_alone(make_program):
    """The second output's rest is below 0 once in 75,000 draws: not in a pilot of 4,096."""
    shapes = [*SHAPES, make("normal", {"mean": 4.2, "sd": 1.0}).shape()]
    code = [*DRAW_THREE, (Op.MUL, 1, 1, 2), (Op.OUTPUT, 2, 1), (Op.MUL, 1, 1, 0), (Op.OUTPUT, 0, 1)]
    code += [(Op.DRAW, 3, 3), (Op.OUTPUT, 3, 3), (Op.MUL, 0, 0, 3), (Op.OUTPUT, 1, 0)]
    program = replace(make_program(shapes, code), hidden=2)
    both, one = (Factor(0, 2, 0, 1), Factor(1, 3, 0, 1)), (Factor(0, 2, 0, 1),)
    found = run(replace(program, factors=both))
    assert found.implied.tolist() == [True, False]
    assert found.passes >= 1
    alone = run(replace(program, factors=one))
    for name in ("mean", "sd", "quantiles", "hdi"):
        got, expected = getattr(found.by_replicate, name), getattr(alone.by_replicate, name)
        np.testing.assert_array_equal(got, expected, err_msg=name)
    np.testing.assert_array_equal(found.histogram, alone.histogram)


@pytest.mark.parametrize("power", [1, -1])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_output_that_is_a_number_and_an_input_is_exact(make_program, power, sign):
    """Up to where the draws of the input end, too close for a curve through three places."""
    code = [(Op.DRAW, 0, 0), (Op.OUTPUT, 1, -1), (Op.MUL if power > 0 else Op.DIV, 0, -1, 0)]
    ramp = make("triangular", {"min": 1.0, "mode": 1.0, "max": 5.0}).shape()
    program = make_program([ramp], [*code, (Op.OUTPUT, 0, 0)], [3.0 * sign])
    program = replace(program, factors=(Factor(0, 1, 0, power),), hidden=1)
    p = np.array([1e-5, 0.001, 0.5, 0.999])
    found = run(program, probabilities=tuple(p))
    assert found.implied.all()
    oracle = stats.triang(0.0, 1.0, 4.0)
    x = oracle.ppf(p if (sign > 0) == (power > 0) else 1.0 - p)
    exact = sign * 3.0 * x**power
    # A table is as good as ten digits.
    np.testing.assert_allclose(found.pooled.quantiles[0], exact, rtol=1e-9)
    np.testing.assert_allclose(found.by_replicate.quantiles[:, 0], np.tile(exact, (16, 1)), 1e-9)
    mean = 7.0 / 3.0 if power > 0 else (5.0 * np.log(5.0) - 4.0) / 8.0
    np.testing.assert_allclose(found.pooled.mean[0], sign * 3.0 * mean, rtol=1e-8)
    assert found.histogram.sum() == found.pooled.finite[0] == 2**19
    assert found.bias.max() < 1e-8 * np.abs(exact).max()


@pytest.mark.parametrize("rises", [False, True])
def test_an_interval_may_begin_or_end_with_the_draws(make_product, rises):
    mode = 5.0 if rises else 1.0
    ramp = make("triangular", {"min": 1.0, "mode": mode, "max": 5.0}).shape()
    narrow = [make("lognormal", {"median": 1.0, "sigma": 1e-5}).shape()] * 2
    found = run(make_product(shapes=[ramp, *narrow]))
    assert found.passes == 0
    oracle = stats.triang(float(rises), 3.0, 12.0)
    expected = [oracle.ppf(0.1), 15.0] if rises else [3.0, oracle.ppf(0.9)]
    # Where the density is steep, bins of 1/2,048 of its scale tell where the interval is.
    np.testing.assert_allclose(found.pooled.hdi[0], expected, rtol=1e-3)


@pytest.fixture
def draws():
    rng = np.random.default_rng(4)
    return np.sort(rng.lognormal(size=(2, 400)), axis=1)


def find(program, pilot, atoms=(), replicates=REPLICATES, draws=2**15):
    met = [np.array(values) for values in [*atoms, (), ()][:2]]
    return set(find_implied(program, pilot, met, fit_binning(pilot), replicates, draws))


@pytest.mark.parametrize("z", [-0.01, np.inf, np.nan])
def test_what_has_two_signs_or_no_end_is_drawn(make_product, draws, z):
    assert find(make_product(), draws) == {0}
    assert not find(make_product(), np.stack([draws[0], np.sort([*draws[1, 1:], z])]))
    assert (z < 0) or not find(make_product(), np.stack([np.sort([*draws[0, 1:], z]), draws[1]]))


def test_what_repeats_values_is_drawn(make_product, draws):
    assert not find(make_product(), draws, atoms=[[], [1.0]])


def test_a_factor_without_moments_or_as_narrow_as_bins_leaves_its_output_drawn(make_product, draws):
    for sigma, is_implied in ((3.0, False), (0.5, True), (0.05, True), (1e-4, False)):
        factor = make("lognormal", {"median": 1.0, "sigma": sigma}).shape()
        found = find(make_product(shapes=[factor, *SHAPES[1:]]), draws)
        assert found == ({0} if is_implied else set()), sigma


def test_few_draws_are_made(make_product, draws, monkeypatch):
    monkeypatch.setattr(implied, "FEWEST", 2**20)
    assert find(make_product(), draws, replicates=32) == {0}
    assert not find(make_product(), draws, replicates=31)
    assert not find(make_product(), draws, replicates=1024, draws=2**13)


def test_a_rest_of_another_output_is_drawn(make_program):
    code = [*DRAW_THREE, (Op.OUTPUT, 2, 2), (Op.MUL, 1, 1, 2), (Op.OUTPUT, 1, 1)]
    code += [(Op.MUL, 0, 1, 0), (Op.OUTPUT, 0, 0)]
    factors = (Factor(1, 2, 1, 1), Factor(0, 1, 0, 1))
    program = replace(make_program(SHAPES, code), factors=factors, hidden=1)
    pilot = np.sort(np.random.default_rng(4).lognormal(size=(3, 400)), axis=1)
    nothing = [np.empty(0)] * 3
    assert set(find_implied(program, pilot, nothing, fit_binning(pilot), 16, 2**15)) == {0}


@pytest.mark.parametrize("probabilities", [(), (0.0, 0.5), (0.5, 1.0)])
def test_where_the_ends_are_asked_for_all_is_drawn(make_product, probabilities):
    assert not run(make_product(), probabilities=probabilities).implied.any()


def test_bias_that_bins_leave_is_told(make_program):
    """Z is uniform: where it ends, the rule for bins of some width is rough."""
    low, high, sigma = 1.0, 1.5, 0.1
    shapes = [
        make("lognormal", {"median": 1.0, "sigma": sigma}).shape(),
        make("uniform", {"min": low, "max": high}).shape(),
    ]
    code = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.OUTPUT, 1, 1), (Op.MUL, 0, 1, 0)]
    program = make_program(shapes, [*code, (Op.OUTPUT, 0, 0)])
    found = run(replace(program, factors=(Factor(0, 1, 0, 1),), hidden=1), draws=2**16)
    assert found.implied.all()
    spread, bias = error(found.by_replicate.quantiles[:, 0]), found.bias[0]
    assert (bias[[0, 2]] > spread[[0, 2]]).all()  # beyond the median, next to the ends of Z
    assert (bias < 1e-6 * found.pooled.quantiles[0]).all()
    z = low + (high - low) * (np.arange(20_000) + 0.5) / 20_000  # midpoints: 1e-10 of the mean

    def miss(y, p):
        return special.ndtr(np.log(y / z) / sigma).mean() - p

    truth = [optimize.brentq(miss, 0.5, 3.0, args=(p,), xtol=1e-14) for p in P]
    assert (np.abs(found.pooled.quantiles[0] - truth) < np.hypot(5.2 * spread, bias)).all()


def test_cubics_miss_a_smooth_function_by_the_fourth_power_of_their_width():
    missed = []
    for cells in (32, 64):
        x = np.linspace(0.0, 1.0, cells + 1) ** 1.5  # uneven
        at = x[:-1, np.newaxis] + np.diff(x)[:, np.newaxis] * np.arange(5) / 5.0
        got = interpolate(x, np.exp(x), at)
        assert got.shape == (cells, 5)
        np.testing.assert_allclose(got[:, 0], np.exp(x[:-1]), rtol=1e-15)
        missed.append(np.abs(got - np.exp(at))[1:-1].max())  # the outer slopes are secants
    assert missed[1] < missed[0] / 7.0  # 8 for slopes from three points, and uneven
    assert missed[0] < 1e-5


def test_the_least_of_a_series_is_found_between_places():
    series = np.zeros((3, 9))
    series[:, :3] = [[0.5, -0.6, 0.5], [0.0, 1.0, 0.0], [0.0, -1.0, 0.0]]
    # t**2 - 0.6 t is least at 0.3; what rises or falls throughout, at an end.
    np.testing.assert_allclose(least_of(series), [0.3, -1.0, 1.0], atol=0.011)
    assert least_of(series)[0] == pytest.approx(0.3, abs=1e-9)

import numba
import numpy as np
import pytest
from scipy import special

from wattif.distributions.base import Shape
from wattif.engine.program import Op
from wattif.engine.refine import (
    BUDGET,
    MOST_SUB_BINS,
    bound_bias,
    find_atoms,
    open_windows,
    standard_errors,
)
from wattif.engine.sample import sample

needs_jit = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many draws for Python")

P = (0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999)
UNIFORM = Shape("uniform")


def normal_quantile(p, upper):
    return -special.ndtri(p) if upper else special.ndtri(p)


NORMAL = Shape("table", key=("normal",), quantile=normal_quantile)
DRAW = (Op.DRAW, 0, 0)
# Each computes from one draw, in register 0, one output of an awkward distribution.
AWKWARD = {
    "constant": (UNIFORM, [(Op.OUTPUT, 0, -1)], [0.1]),
    "zero-inflated": (NORMAL, [(Op.MAX, 0, 0, -1), (Op.OUTPUT, 0, 0)], [0.5]),
    "mostly zero": (
        UNIFORM,
        [(Op.SUB, 0, 0, -1), (Op.MAX, 0, 0, -2), (Op.OUTPUT, 0, 0)],
        [0.9, 0.0],
    ),
    "two atoms": (UNIFORM, [(Op.GT, 0, 0, -1), (Op.OUTPUT, 0, 0)], [0.95]),
    "small atom far out": (NORMAL, [(Op.MIN, 0, 0, -1), (Op.OUTPUT, 0, 0)], [1.6]),
    "integers": (NORMAL, [(Op.MUL, 0, 0, -1), (Op.FLOOR, 0, 0), (Op.OUTPUT, 0, 0)], [20.0]),
    "fine lattice": (
        NORMAL,
        [(Op.MUL, 0, 0, -1), (Op.FLOOR, 0, 0), (Op.OUTPUT, 0, 0)],
        [3000.0],
    ),
    "steps": (
        Shape("steps", values=(1.0, 2.0, 1e6), cumulative=(0.3, 0.7, 1.0)),
        [(Op.OUTPUT, 0, 0)],
        [],
    ),
    "minus infinity and NaN": (
        NORMAL,
        [(Op.SUB, 0, 0, -1), (Op.MAX, 0, 0, -2), (Op.LOG, 0, 0), (Op.OUTPUT, 0, 0)],
        [-1.0, 0.0],
    ),
}


def run(program, **changes):
    settings = {
        "draws_per_replicate": 1 << 14,
        "replicates": 8,
        "seed": 3,
        "sampling": "random",
        "interval": 0.9,
        "probabilities": P,
        "kept": 1 << 14,
        "threads": 2,
    }
    return sample(program, **(settings | changes))


def sorted_quantiles(statistics):
    kept = statistics.kept_outputs
    pooled = kept.transpose(1, 0, 2).reshape(kept.shape[1], -1)
    return np.quantile(pooled, P, axis=1, method="inverted_cdf").T


@needs_jit
@pytest.mark.parametrize("sampling", ["random", "sobol"])
@pytest.mark.parametrize("case", AWKWARD.values(), ids=AWKWARD)
def test_atoms_give_the_exact_order_statistic(make_program, case, sampling):
    shape, code, constants = case
    statistics = run(make_program([shape], [DRAW, *code], constants), sampling=sampling)
    kept = statistics.kept_outputs[:, 0]
    for got, draws in zip(
        [*statistics.by_replicate.quantiles[:, 0], statistics.pooled.quantiles[0]],
        [*kept, kept.ravel()],
        strict=True,
    ):
        draws = draws[~np.isnan(draws)]
        exact = np.quantile(draws, P, method="inverted_cdf")
        values, counts = np.unique(draws, return_counts=True)
        atom = counts[np.searchsorted(values, exact)] > 1
        np.testing.assert_array_equal(got[atom], exact[atom])
        assert atom.any() or not np.isfinite(exact).all()


def two_modes(make_program):
    """Return a program: 1 +- 1e-3 or, one time in two, 1e9 +- 1e-3."""
    code = [
        (Op.DRAW, 0, 0),
        (Op.DRAW, 1, 1),
        (Op.MUL, 1, 1, -1),
        (Op.LT, 0, 0, -2),
        (Op.WHERE, 0, 0, -3, -4),
        (Op.ADD, 0, 0, 1),
        (Op.OUTPUT, 0, 0),
    ]
    return make_program([UNIFORM, NORMAL], code, [1e-3, 0.5, 1.0, 1e9])


@needs_jit
def test_narrow_modes_far_apart_are_both_resolved(make_program):
    statistics = run(two_modes(make_program))
    errors = standard_errors(statistics.by_replicate.quantiles)[0]
    off = np.abs(statistics.pooled.quantiles[0] - sorted_quantiles(statistics)[0])
    assert statistics.passes >= 2
    clear = np.array(P) != 0.5  # there the replicates are in different modes
    assert (errors[clear] < 1e-3).all()
    assert (off <= 0.1 * errors).all()


@needs_jit
def test_smooth_outputs_need_no_second_pass(make_program):
    program = make_program(
        [NORMAL, UNIFORM],
        [
            *((Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.OUTPUT, 0, 0)),
            *((Op.EXP, 2, 0), (Op.OUTPUT, 1, 2), (Op.MUL, 2, 2, 2), (Op.OUTPUT, 2, 2)),
            *((Op.ADD, 1, 0, 1), (Op.OUTPUT, 3, 1)),
        ],
    )
    for sampling in ("random", "sobol", "latin-hypercube"):
        assert run(program, draws_per_replicate=1 << 16, sampling=sampling).passes == 0


def test_an_atom_among_smooth_draws_is_found_by_its_bin(find):
    y = np.random.default_rng(1).normal(size=100_000)
    smooth = bound_bias(find(y, [0.84, 0.5]), [np.empty(0)])[0]
    y[:2000] = 1.0
    found = find(y, [float((y <= 1.0).mean()) - 0.01, 0.5])
    bound = bound_bias(found, [np.empty(0)])[0]
    width = found.widths[0, 0, 1]
    assert bound[0] == pytest.approx(width, rel=1e-12)
    assert (smooth < 0.01 * width).all()
    assert bound[1] < 0.01 * width


def test_an_atom_that_the_pilot_met_opens_its_bin_alone(find):
    found = find(np.random.default_rng(2).normal(size=100_000), [0.25, 0.75])
    bound = bound_bias(found, [found.value[0, :1]])[0]
    assert bound[0] == np.inf
    assert bound[1] < 0.01 * found.widths[0, 1, 1]


def test_many_atoms_open_every_bin(find):
    found = find(np.random.default_rng(3).normal(size=1000), [0.25, 0.75])
    np.testing.assert_array_equal(bound_bias(found, [np.arange(100.0, 109.0)]), np.inf)


def test_atoms_of_a_pilot_are_its_repeated_values():
    y = np.array([1.0, 2.0, 2.0, np.nan, np.nan, np.inf, np.inf, -0.0, 0.0])
    np.testing.assert_array_equal(find_atoms(y), [0.0, 2.0])


def test_windows_that_overlap_are_one():
    low = np.array([[0.0, 5.0, 0.5], [3.0, 1.0, 2.0]])
    high = np.array([[1.0, 6.0, 2.0], [4.0, 2.0, 2.5]])
    wanted = np.array([[True, True, True], [False, True, True]])
    windows, sub_bins, which = open_windows(wanted, low, high)
    np.testing.assert_array_equal(which, [[0, 1, 0], [-1, 2, 2]])
    np.testing.assert_array_equal(windows.first, [0, 2, 3])
    np.testing.assert_array_equal(windows.low, [0.0, 5.0, 1.0])
    np.testing.assert_array_equal(windows.high, [2.0, 6.0, 2.5])
    np.testing.assert_array_equal(windows.resolution * (windows.high - windows.low), sub_bins)


def test_windows_of_no_width_or_of_any_width_are_safe():
    low, high = np.array([[1.0, -1.7e308]]).T, np.array([[1.0, 1.7e308]]).T
    windows, _, _ = open_windows(np.ones((2, 1), np.bool_), low, high)
    np.testing.assert_array_equal(windows.resolution, 0.0)


def test_windows_stay_within_their_memory():
    low = np.arange(3000.0)[:, np.newaxis]
    _, sub_bins, _ = open_windows(np.ones((3000, 1), np.bool_), low, low + 0.5)
    assert 24 * 3000 * sub_bins <= BUDGET
    assert sub_bins <= MOST_SUB_BINS

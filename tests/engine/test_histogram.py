import numpy as np
import pytest
from scipy import stats

from wattif.engine.accumulate import COUNT, GREATEST, LEAST, empty_moments
from wattif.engine.histogram import BUDGET, COARSEST, FINEST, Binning, fit_binning
from wattif.engine.refine import bound_bias
from wattif.engine.used_bins import find_quantiles, make_bins

NO_ATOMS = np.empty(0)
P = np.array([0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999])
SMOOTH = {
    "normal": stats.norm(3.0, 2.0),
    "narrow": stats.norm(100_000.0, 1e-3),
    "lognormal of nine decades": stats.lognorm(3.0),
    "exponential": stats.expon(),
    "uniform": stats.uniform(2.0, 3.0),
    "student": stats.t(3.0),
    "beta": stats.beta(2.0, 30.0),
    "two modes": None,
}


class TwoModes:
    """Half at 0 with deviation 1, half at 12 with deviation 3."""

    parts = (stats.norm(0.0, 1.0), stats.norm(12.0, 3.0))

    def rvs(self, size, random_state):
        first, second = (part.rvs(size, random_state=random_state) for part in self.parts)
        return np.where(random_state.random(size) < 0.5, first, second)

    def support(self):
        return -np.inf, np.inf

    def pdf(self, x):
        return sum(part.pdf(x) for part in self.parts) / 2

    def cdf(self, x):
        return sum(part.cdf(x) for part in self.parts) / 2


SMOOTH["two modes"] = TwoModes()
smooth = pytest.mark.parametrize("law", SMOOTH.values(), ids=SMOOTH)


def check_quantiles(find, law, size):
    y = law.rvs(size, random_state=np.random.default_rng(7))
    p = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    exact = np.quantile(y, p, method="inverted_cdf")
    errors = np.sqrt(p * (1.0 - p) / size) / law.pdf(exact)
    found = find(y, p)
    off = np.abs(found.value[0] - exact)
    # Draws in a bin are not spread evenly but by chance, which is felt where bins hold many.
    chance = 1.5 * found.widths[0, :, 1] / np.sqrt(found.counts[0, :, 1])  # 3 deviations
    assert (off <= np.maximum(0.1 * errors, chance)).all()
    assert (chance < 0.3 * errors).all()


@smooth
def test_quantiles_are_those_of_the_sorted_draws(find, law):
    check_quantiles(find, law, 1 << 20)


@pytest.mark.slow
@smooth
def test_quantiles_are_those_of_many_sorted_draws(find, law):
    check_quantiles(find, law, 10_000_000)


@smooth
def test_the_bias_of_bins_is_within_its_bound(law):
    y = law.rvs(4096, random_state=np.random.default_rng(8))
    binning = fit_binning(y[np.newaxis])
    edges = binning.edges(0)
    counts = np.rint(1e15 * np.diff(law.cdf(edges))).astype(np.int64)
    used = np.flatnonzero(counts)
    moments = empty_moments(1)
    moments[0, COUNT] = counts.sum()
    moments[0, [LEAST, GREATEST]] = np.clip(edges[[used[0], used[-1] + 1]], *law.support())
    found = find_quantiles(counts[np.newaxis], moments, make_bins(binning), P, np.array([0.9]))
    got, bound = found.value[0], bound_bias(found, [NO_ATOMS])[0]
    rounding = 1e-11 * binning.scale[0] + 1e-15 * np.abs(got)
    slack = 0.1 * np.sqrt(P * (1.0 - P) / 1e15)  # what chance may hide
    assert (np.abs(law.cdf(got) - P) <= law.pdf(got) * (bound + rounding) + slack).all()
    central = (P >= 0.05) & (P <= 0.95)
    assert (law.pdf(got) * bound < 1e-5)[central].all()  # would be felt at 10**8 draws


@pytest.mark.parametrize("size", [1, 2, 3, 10, 1000])
def test_few_draws_are_found_in_their_bins(find, size):
    y = np.random.default_rng(9).normal(size=size)
    binning = fit_binning(y[np.newaxis])
    exact = np.quantile(y, P, method="inverted_cdf")
    got = find(y, P).value[0]
    width = binning.scale[0] * (1.0 + np.abs(exact - binning.centre[0]) / binning.scale[0]) / FINEST
    assert (np.abs(got - exact) <= 2.0 * width).all()
    assert (y.min() <= got).all()
    assert (got <= y.max()).all()


def test_a_constant_is_exact(find):
    found = find(np.full(1000, 0.1), P)
    np.testing.assert_array_equal(found.value, 0.1)
    np.testing.assert_array_equal(found.shortest, 0.1)


def test_infinities_keep_their_order(find):
    y = np.concatenate([np.full(10, -np.inf), np.linspace(0.0, 1.0, 70), np.full(20, np.inf)])
    p = [0.1, 0.11, 0.8, 0.81]
    found = find(y, p, 0.7)
    np.testing.assert_allclose(found.value, [[-np.inf, 0.0, 1.0, np.inf]], atol=1e-2)
    np.testing.assert_array_equal(found.rank, [[10, 11, 80, 81]])
    assert found.shortest[0, 0] == 0.0
    np.testing.assert_array_equal(find(y, p, 0.71).shortest, [[-np.inf, np.inf]])


def test_infinities_alone_are_ordered(find):
    found = find(np.array([-np.inf, np.inf, np.inf]), [0.3, 0.5])
    np.testing.assert_array_equal(found.value, [[-np.inf, np.inf]])


def test_no_draws_have_no_quantiles(find):
    found = find(np.array([np.nan, np.nan]), P)
    assert np.isnan(found.value).all()
    assert np.isnan(found.shortest).all()


def test_end_bins_take_what_is_far_out(find):
    y = np.concatenate([np.random.default_rng(10).normal(size=998), [1e300, -1e300]])
    got = find(y, [0.0005, 0.5, 0.9995]).value[0]
    assert abs(got[1]) < 0.2
    # In the middle between the bin's inner edge and the only draw that it holds.
    np.testing.assert_allclose(got[[0, 2]], [-5e299, 5e299], rtol=1e-9)


@smooth
def test_the_shortest_interval_is_that_of_the_sorted_draws(find, law):
    y = np.sort(law.rvs(1 << 16, random_state=np.random.default_rng(11)))
    inside = int(np.ceil(0.9 * y.size))
    widths = y[inside - 1 :] - y[: y.size - inside + 1]
    low, high = find(y, P).shortest[0]
    assert ((y >= low) & (y <= high)).mean() == pytest.approx(0.9, abs=2e-4)
    assert high - low == pytest.approx(widths.min(), rel=1e-3)


def test_the_shortest_interval_may_leap_over_a_gap(find):
    rng = np.random.default_rng(12)
    y = np.concatenate([rng.uniform(0.0, 1.0, 60_000), rng.uniform(9.0, 11.0, 40_000)])
    low, high = find(y, P, 0.3).shortest[0]
    # 30,000 of the 60,000 draws of a unit; counts of so many are off by a hundredth by chance.
    assert 0.0 < low < high < 1.0
    assert high - low == pytest.approx(0.5, rel=0.02)
    assert find(y, P, 0.99).shortest[0] == pytest.approx((0.0, 10.95), abs=0.1)


@pytest.mark.parametrize(
    "pilot",
    [
        np.zeros(64),
        np.full(64, 1e-320),
        np.full(64, -3e307),
        np.full(64, np.nan),
        np.array([np.inf, -np.inf] * 32),
        np.where(np.arange(64) < 60, 0.0, 5.0),
        np.where(np.arange(64) < 1, 1e308, -1e308),
        1.7e308 * np.linspace(-1.0, 1.0, 64),
        np.linspace(0.0, 1e-320, 64),
        1e9 + np.arange(64) * 1e-7,
        np.append(np.zeros(63), np.nan),
    ],
)
def test_any_pilot_makes_usable_bins(pilot):
    binning = fit_binning(pilot[np.newaxis])
    assert np.isfinite(binning.centre).all()
    assert np.isfinite(1.0 / binning.scale).all()
    assert np.frexp(binning.scale[0])[0] == 0.5  # a power of two
    edges = binning.edges(0)
    assert edges.size == binning.bins + 1
    assert (edges[0], edges[-1]) == (-np.inf, np.inf)
    assert (edges[1:] >= edges[:-1]).all()


def test_bins_of_many_outputs_stay_within_bounds():
    for outputs in (1, 100, 152, 153, 1000, 3000):
        binning = fit_binning(np.zeros((outputs, 4)))
        assert 8 * outputs * binning.bins <= 1.01 * BUDGET
        assert COARSEST <= binning.sub_bins <= FINEST
    assert fit_binning(np.zeros((38, 4))).sub_bins == FINEST


def test_bins_are_equal_near_the_centre_and_proportional_beyond():
    edges = Binning(np.array([5.0]), np.array([2.0]), 4).edges(0)
    middle = edges.size // 2
    expected = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0])
    np.testing.assert_array_equal(edges[middle : middle + 10], 5.0 + 2.0 * expected)
    np.testing.assert_array_equal(edges[middle - 9 : middle + 1], 5.0 - 2.0 * expected[::-1])

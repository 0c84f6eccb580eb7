"""What is read from the bins in use, against a twin that walks all of them with numpy."""

import numpy as np
import pytest

from wattif.engine.accumulate import COUNT, GREATEST, LEAST, MINUS, PLUS
from wattif.engine.histogram import Binning, fit_binning
from wattif.engine.refine import locate
from wattif.engine.used_bins import blank_counts, find_quantiles, make_bins, pour, used_bins

P = np.array([0.0, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1.0])


def normal(size):
    return np.random.default_rng(size).normal(size=size)


DRAWS = {
    "one": np.array([0.3]),
    "two": np.array([0.3, 1.7]),
    "a constant": np.full(50, 7.0),
    "a hundred": normal(100),
    "many": normal(20_000),
    "one side": np.exp(4.0 * normal(5000)),
    "the other side": -np.exp(4.0 * normal(5001)),
    "lattice": np.floor(20.0 * normal(4000)),
    "two modes": np.concatenate([normal(700), 1e7 + normal(300)]),
    "infinities": np.concatenate([normal(900), np.full(60, np.inf), np.full(40, -np.inf)]),
    "infinities alone": np.array([np.inf, -np.inf, -np.inf]),
    "far out": np.concatenate([normal(998), [1e300, -1e300]]),
    "as fine as floats": 1.0 + np.arange(64) * 2.0**-52,
    "not a number": np.concatenate([normal(30), np.full(30, np.nan)]),
    "not one number": np.full(4, np.nan),
}
draws = pytest.mark.parametrize("y", DRAWS.values(), ids=DRAWS)


class Twin:
    """All bins of one output: counts (m,) of finite draws from the first full one to the last."""

    def __init__(self, counts, moments, edges):
        counts, self.minus, self.plus = counts.copy(), int(moments[MINUS]), int(moments[PLUS])
        counts[0] -= self.minus
        counts[-1] -= self.plus
        full = np.flatnonzero(counts)
        start, stop = (full[0], full[-1] + 1) if full.size else (0, 0)
        self.counts = counts[start:stop]
        self.edges = np.clip(edges[start : stop + 1], moments[LEAST], moments[GREATEST])
        self.edges[[0, -1]] = moments[[LEAST, GREATEST]]
        self.widths = np.diff(self.edges)
        self.cumulative = np.concatenate([[0], np.cumsum(self.counts)])
        self.draws = self.minus + int(self.cumulative[-1]) + self.plus

    def ranks(self):
        return np.clip(np.ceil(P * self.draws).astype(np.int64), 1, max(self.draws, 1))

    def quantile(self, rank):
        """Return a quantile, and the ends of its bin and of one on either side of it."""
        if self.draws == 0:
            return np.nan, np.nan, np.nan
        j = int(np.searchsorted(self.cumulative, rank - self.minus)) - 1
        if j < 0 or j >= self.counts.size:
            return (np.inf if j >= 0 else -np.inf,) * 3
        share = (rank - self.minus - self.cumulative[j] - 0.5) / self.counts[j]
        b = 1.0 - self.slope(j) / 2.0
        part = 2.0 * share / (b + np.sqrt(b * b + 2.0 * self.slope(j) * share))
        value = self.edges[j] + self.widths[j] * part
        return value, self.edges[max(j - 1, 0)], self.edges[min(j + 2, self.counts.size)]

    def slope(self, j):
        if not 0 < j < self.counts.size - 1:
            return 0.0
        w = np.where(self.widths > 0.0, self.widths, self.widths[self.widths > 0.0].min())
        before, here, after = self.counts[j - 1 : j + 2] / w[j - 1 : j + 2]
        distance = w[j - 1] / 2 + w[j] + w[j + 1] / 2
        return np.clip((after - before) / distance * w[j] / here, -1.0, 1.0)

    def shortest(self, mass):
        target, below, above = mass * self.draws, self.cumulative[:-1], self.cumulative[1:]
        if self.draws == 0:
            return np.nan, np.nan
        if target > self.cumulative[-1] or not self.counts.any():
            low = -np.inf if self.minus or not self.counts.size else self.edges[0]
            return low, np.inf if self.plus or not self.counts.size else self.edges[-1]
        full = np.flatnonzero(self.counts)
        tries = [self.reach(self.edges[i], below[i] + target, True) for i in full]
        tries += [self.reach(self.edges[i + 1], above[i] - target, False) for i in full]
        return min((one for one in tries if one), key=lambda one: one[1] - one[0])

    def reach(self, end, count, is_left):
        """Return the interval from an end to where ``count`` draws lie below, if there are."""
        if not 0 <= count <= self.cumulative[-1]:
            return None
        if is_left:
            j = np.searchsorted(self.cumulative[1:], count)
        else:
            j = np.searchsorted(self.cumulative[:-1], count, side="right") - 1
        part = self.widths[j] * (count - self.cumulative[j]) / self.counts[j]
        return (end, self.edges[j] + part) if is_left else (self.edges[j] + part, end)


@draws
@pytest.mark.parametrize("mass", [0.5, 0.9, 1.0])
def test_what_is_found_is_what_the_twin_finds(count_draws, y, mass):
    binning = fit_binning(y[np.newaxis])
    counts, moments = count_draws(y, binning)
    found = find_quantiles(counts, moments, make_bins(binning), P, np.array([mass]))
    twin, located = Twin(counts[0], moments[0], binning.edges(0)), locate(found)
    np.testing.assert_array_equal(found.rank[0], twin.ranks())
    expected = np.array([twin.quantile(rank) for rank in twin.ranks()]).T
    np.testing.assert_array_equal([located.value[0], located.low[0], located.high[0]], expected)
    np.testing.assert_array_equal(found.shortest[0], twin.shortest(mass))


@draws
def test_no_finite_draw_is_outside_the_bins_in_use(count_draws, y):
    finite = y[np.isfinite(y)]
    binning = fit_binning(y[np.newaxis])
    counts, moments = count_draws(finite, binning)
    if finite.size == 0:
        assert counts.sum() == 0
        return
    start, stop = binning.used(0, finite.min(), finite.max())
    assert counts[0, start:stop].sum() == finite.size
    np.testing.assert_array_equal(binning.edges(0, start, stop), binning.edges(0)[start : stop + 1])
    assert (start, stop) == used_bins(0, moments[0], make_bins(binning))


@draws
@pytest.mark.parametrize("kind", [np.uint32, np.int64])
def test_all_counts_are_moved(count_draws, y, kind):
    binning = fit_binning(y[np.newaxis])
    counts, moments = count_draws(y, binning)
    part, whole = counts.astype(kind), np.ones_like(counts)
    pour(part, moments, make_bins(binning), whole)
    np.testing.assert_array_equal(part, 0)
    np.testing.assert_array_equal(whole, counts + 1)


def test_counts_that_nobody_wants_are_cleared(count_draws):
    binning = Binning(np.zeros(2), np.ones(2), 8)
    y = np.array([-1.5, 0.25, 3.0])
    counts, moments = count_draws(y, binning)
    part, moments = np.repeat(counts, 2, axis=0), np.repeat(moments, 2, axis=0)
    part[:, -1] = 5  # infinities
    whole = np.ones((1, binning.bins), np.int64)
    pour(part, moments, make_bins(binning), whole)
    assert not part.any()
    assert whole.sum() == binning.bins + y.size + 5


def test_a_negative_zero_is_not_left_behind():
    """It has a bin below zero's, and is not less than zero: the least draw may be either."""
    binning = Binning(np.zeros(1), np.ones(1), 16)
    for least in (-0.0, 0.0):
        counts, moments = np.zeros((1, binning.bins), np.int64), np.zeros((1, 8))
        counts[0, [binning.half - 1, binning.half]] = 3, 4
        moments[0, [COUNT, LEAST, GREATEST]] = 7, least, least
        whole = np.zeros_like(counts)
        pour(counts, moments, make_bins(binning), whole)
        assert whole.sum() == 7
        assert counts.sum() == 0


@pytest.mark.parametrize("kind", [np.uint32, np.int64])
def test_blank_counts_are_zeros_to_write_to(kind):
    counts = blank_counts(3, 50, kind)
    assert counts.dtype == kind
    np.testing.assert_array_equal(counts, np.zeros((3, 50)))
    counts += kind(1)
    assert blank_counts(3, 50, kind).sum() == 0

import numpy as np
import pytest

from wattif.engine.accumulate import (
    COUNT,
    GREATEST,
    LANES,
    LEAST,
    MEAN,
    MINUS,
    MOMENTS,
    NAN,
    PLUS,
    SQUARES,
    STRIP,
    accumulate,
    empty_moments,
    make_tally,
    merge_moments,
)
from wattif.engine.closeup import Windows, add_closeup, blank_closeup, clear_closeup, look_closer
from wattif.engine.histogram import fit_binning

N = 4 * STRIP
SAMPLES = {
    "normal": lambda rng: rng.normal(size=N),
    "narrow and far from zero": lambda rng: 1e9 + 1e-3 * rng.normal(size=N),
    "heavy-tailed": lambda rng: np.exp(5.0 * rng.normal(size=N)),
    "few": lambda rng: rng.normal(size=8),
    "one": lambda rng: rng.normal(size=1),
    "tiny": lambda rng: 1e-300 * rng.normal(size=N),
    "huge": lambda rng: 1e300 * rng.normal(size=N),
}


def reduce(binning, *blocks):
    """Return the tally of blocks of one output."""
    tally = make_tally(binning, np.zeros((1, binning.bins), np.uint32))
    for block in blocks:
        index = np.zeros(block.size, np.uint32)
        with np.errstate(all="ignore"):
            accumulate(block, 0, tally, index, np.zeros((2, LANES)))
    return tally


def mean_and_sd(tally, binning):
    count, mean, squares = tally.moments[0, [COUNT, MEAN, SQUARES]]
    scale = binning.scale[0]
    return binning.centre[0] + scale * mean, scale * np.sqrt(squares / (count - 1))


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_moments_agree_with_numpy(sample):
    y = sample(np.random.default_rng(1))
    binning = fit_binning(y[np.newaxis])
    tally = reduce(binning, y)
    wide = y.astype(np.longdouble)
    assert tally.moments[0, COUNT] == y.size
    assert tally.moments[0, LEAST] == y.min()
    assert tally.moments[0, GREATEST] == y.max()
    if y.size > 1:
        mean, sd = mean_and_sd(tally, binning)
        assert mean == pytest.approx(float(wide.mean()), rel=1e-14, abs=1e-14 * float(wide.std()))
        # Rounding y itself costs 1e-7 of the narrow one's deviation, but not twice.
        assert sd == pytest.approx(float(wide.std(ddof=1)), rel=1e-13)


def test_a_constant_has_no_deviation_at_all():
    y = np.full(N, 0.1)
    binning = fit_binning(y[np.newaxis])
    tally = reduce(binning, y, y, y)
    assert mean_and_sd(tally, binning) == (0.1, 0.0)


@pytest.mark.parametrize("size", [N, 64])
def test_what_is_not_finite_is_counted_and_left_out(size):
    rng = np.random.default_rng(2)
    y = rng.normal(size=size)
    y[[3, 5]], y[[7, 11, 13]], y[17] = np.nan, np.inf, -np.inf
    finite = y[np.isfinite(y)]
    binning = fit_binning(y[np.newaxis])
    tally = reduce(binning, y)
    np.testing.assert_array_equal(
        tally.moments[0, [COUNT, LEAST, GREATEST, NAN, MINUS, PLUS]],
        [size - 6, finite.min(), finite.max(), 2, 1, 3],
    )
    assert mean_and_sd(tally, binning) == pytest.approx((finite.mean(), finite.std(ddof=1)))
    assert tally.counts.sum() == size - 2
    assert tally.counts[0, 0] == 1
    assert tally.counts[0, -1] == 3


def test_nothing_finite_leaves_the_moments_empty():
    tally = reduce(fit_binning(np.full((1, N), np.nan)), np.full(N, np.nan))
    expected = empty_moments(1)
    expected[0, NAN] = N
    np.testing.assert_array_equal(tally.moments, expected)


def test_merging_is_reducing_together():
    rng = np.random.default_rng(3)
    blocks = [rng.normal(size=N), rng.normal(5.0, 2.0, size=8), np.array([np.nan, np.inf])]
    binning = fit_binning(blocks[0][np.newaxis])
    together = reduce(binning, np.concatenate(blocks)).moments
    merged = empty_moments(1)
    for block in blocks:
        merge_moments(reduce(binning, block).moments, merged)
    np.testing.assert_allclose(merged, together, rtol=1e-13)


def test_merging_with_nothing_changes_nothing():
    moments = reduce(fit_binning(np.ones((1, 4))), np.arange(8.0)).moments
    merged = empty_moments(1)
    merge_moments(moments, merged)
    merge_moments(empty_moments(1), merged)
    np.testing.assert_array_equal(merged, moments)
    assert merged.shape == (1, MOMENTS)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_bins_hold_what_lies_between_their_edges(sample):
    y = sample(np.random.default_rng(4))
    binning = fit_binning(y[np.newaxis])
    counts = reduce(binning, y).counts[0]
    expected, _ = np.histogram(y, binning.edges(0))
    # Where a draw and an edge agree but for rounding, it may be in either bin.
    disagreements = np.abs(np.cumsum(counts.astype(np.int64) - expected))
    assert disagreements.max() <= 4
    assert disagreements.sum() <= 0.2 * y.size  # where a bin is some 10 roundings wide


def test_a_closeup_sees_what_numpy_sees():
    rng = np.random.default_rng(5)
    y = rng.normal(size=N)
    y[:3] = np.nan, np.inf, -np.inf
    windows = Windows(
        np.array([0, 0, 2]),
        np.array([-1.0, 0.5]),
        np.array([-0.5, 0.5 + 2**-9]),
        np.array([32.0, 8192.0]),
    )
    part, whole = blank_closeup(windows, 16), blank_closeup(windows, 16)
    for half in (y[: N // 2], y[N // 2 :]):
        clear_closeup(part)
        for output in (0, 1):
            look_closer(half, output, windows, part, np.zeros(half.size, np.uint32))
        add_closeup(part, whole)
    gaps = np.histogram(y[1:], [-np.inf, -1.0, -0.5, 0.5, 0.5 + 2**-9, np.inf])[0]
    np.testing.assert_array_equal(whole.cells, [0, gaps[0] + 1, *gaps[1:]])  # NaN is in the first
    for w in (0, 1):
        edges = np.linspace(windows.low[w], windows.high[w], 17)
        np.testing.assert_array_equal(whole.counts[w], np.histogram(y[3:], edges)[0])
        for s in np.flatnonzero(whole.counts[w]):
            inside = y[(y >= edges[s]) & (y < edges[s + 1])]
            assert (whole.least[w, s], whole.greatest[w, s]) == (inside.min(), inside.max())

"""Draws of composite beliefs by the kernels: nine digits, and the right distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wattif.distributions import interval, make
from wattif.distributions.censored import Censored
from wattif.distributions.mixture import Mixture, ZeroInflated
from wattif.distributions.point import Point
from wattif.distributions.pool import Pool
from wattif.distributions.sample import Empirical, Sample
from wattif.distributions.smooth import Smooth
from wattif.distributions.truncated import Truncated
from wattif.engine.invert import invert_steps, invert_table, place
from wattif.engine.quantile_table import ROWS, build
from wattif.engine.steps import make_guide

LAST = 2**52 - 1


def mixture(*members, weights=None):
    return Mixture(members, tuple(map(float, weights or [1] * len(members))))


def sample(n=200):
    values = np.random.default_rng(5).lognormal(1.0, 0.7, n)
    return Sample(tuple(values.tolist()), (1.0,) * n)


FAR = mixture(interval(2, 4), interval(10, 20), weights=[0.7, 0.3])
BELIEFS = {
    "far apart": FAR,
    "very far apart": mixture(interval(1, 2), interval(1e6, 2e6), weights=[0.3, 0.7]),
    "three normals": mixture(
        make("normal", {"mean": 0, "sd": 1}),
        make("normal", {"mean": 100, "sd": 2}),
        make("normal", {"mean": 3, "sd": 0.1}),
        weights=[0.2, 0.5, 0.3],
    ),
    "gaps whose ends are singular": mixture(
        make("triangular", {"min": 0, "mode": 1, "max": 2}),
        make("beta", {"alpha": 0.3, "beta": 0.5, "min": 5, "max": 6}),
    ),
    "uniforms": mixture(
        make("uniform", {"min": 0, "max": 1}), make("uniform", {"min": 5, "max": 7})
    ),
    "counts and a gamma": mixture(
        make("poisson", {"mean": 50}), make("gamma", {"mean": 50, "sd": 20})
    ),
    "a value far out": mixture(interval(2, 4), Point(1e4), weights=[0.999, 0.001]),
    "zero-inflated": ZeroInflated(0.3, interval(2, 5)),
    "truncated": Truncated(FAR, 3.0, 12.0),
    "truncated at a value": Truncated(
        ZeroInflated(0.3, make("normal", {"mean": 1, "sd": 1})), 0, 4
    ),
    "censored": Censored(make("normal", {"mean": 1, "sd": 2}), 0.0, 3.0),
    "logarithmic pool": Pool(
        (interval(2, 4), make("pert", {"min": 1, "mode": 3, "max": 9})), (1.0, 2.0), "logarithmic"
    ),
    "quantile average": Pool((interval(2, 4), interval(3, 8)), (1.0, 2.0), "quantile"),
    "smooth": Smooth(sample(), 0.5, "linear", min=0.0),
    "smooth with gaps": Smooth(Sample((0.0, 50.0, 51.0), (1.0, 1.0, 1.0)), 0.5),
    "smooth in logs": Smooth(sample(), 0.2, "log"),
}
beliefs = pytest.mark.parametrize("name", BELIEFS)


@pytest.fixture(scope="module")
def drawn():
    """Return a function: name of a belief, k -> draws; tables are built once."""
    tables = {}

    def draw(name, k):
        shape = BELIEFS[name].shape()
        table = tables.setdefault(name, None) or build(shape)
        tables[name] = table
        x, row, s = np.empty(k.size), np.empty(k.size, np.int64), np.empty(k.size)
        is_split, arrays = table.link.size > ROWS, (table.coefficients, table.begin, table.link)
        invert_table(k, k.size, 0, is_split, *arrays, row, s, x)
        place(shape.location, shape.scale, shape.exponential, shape.low, shape.high, k.size, x)
        return x

    draw.tables = tables
    return draw


def places(distribution):
    """Return k < 2^51: u from 1e-12 to 1/2, and close to where the quantile function is steep."""
    ends = [0.3, 0.7, 0.2, 0.5, 2 / 3, *distribution.shape().kinks]
    away = [0.0, *(s * 10.0**-j for j in range(2, 16) for s in (1, -1))]
    near = [min(u, 1 - u) + d for u in ends for d in away]
    u = np.concatenate([np.logspace(-12, -2, 60), np.linspace(0.01, 0.4999, 80), near])
    return np.unique(np.clip(u * 2.0**52, 1, 2.0**51 - 2).astype(np.uint64))


@beliefs
def test_nine_digits(name, drawn):
    distribution = BELIEFS[name]
    k = places(distribution)
    x = drawn(name, np.concatenate([k, np.uint64(LAST) - k]))

    def exact(step):
        p = (k + 0.5 + step) * 2.0**-52
        return np.concatenate([distribution.quantile(p), distribution.quantile(p, upper=True)])

    first, median, third = distribution.quantile([0.25, 0.5, 0.75])
    allowed = 1e-9 * np.maximum(third - first, np.abs(exact(0.0) - median))
    allowed += 4.0 * np.spacing(np.abs(x))
    # Inside, u has no more than 53 bits: where x is so steep that u's neighbours differ by more,
    # being between theirs is all that can be asked.
    low, high = np.minimum(exact(-0.5), exact(0.5)), np.maximum(exact(-0.5), exact(0.5))
    assert np.all((x >= low - allowed) & (x <= high + allowed))


@beliefs
def test_a_million_draws_have_the_right_distribution(name, drawn):
    distribution = BELIEFS[name]
    k = np.random.default_rng(7).integers(0, 2**52, 10**6, dtype=np.uint64)
    x = np.sort(drawn(name, k))
    atoms = distribution.atoms
    for value in atoms[:5]:
        mass = float(
            distribution.probability(value) - distribution.probability(np.nextafter(value, -1))
        )
        found = np.count_nonzero(x == value) / x.size
        assert abs(found - mass) <= 5.0 * np.sqrt(mass * (1.0 - mass) / x.size)  # 5 standard errors
    # With ties, P(X <= x) at the last of them and P(X < x) at the first.
    values, first, count = np.unique(x, return_index=True, return_counts=True)
    below = distribution.probability(values)
    distance = np.max(np.abs(below - (first + count) / x.size))
    # The 0.01 % point of Kolmogorov's statistic is 2.23 / sqrt(n); the seed is fixed.
    assert distance < 2.23 / np.sqrt(x.size)


@beliefs
def test_draws_do_not_fall_as_k_rises(name, drawn):
    k = np.linspace(0, LAST, 30_001).astype(np.uint64)
    x = drawn(name, k)
    spread = np.ptp(BELIEFS[name].quantile([0.05, 0.95]))
    assert np.all(np.diff(x) >= -1e-10 * spread)  # on flat pieces, the rounding of polynomials


@beliefs
def test_moments_are_those_of_the_draws(name):
    distribution = BELIEFS[name]
    u = (np.arange(200_000) + 0.5) / 200_000
    x = distribution.quantile(u)
    # The midpoint rule misses the tails beyond 2e-6, and some of a jump.
    assert distribution.mean == pytest.approx(x.mean(), rel=1e-3, abs=1e-3 * distribution.sd)
    assert distribution.sd == pytest.approx(x.std(), rel=2e-3)


@beliefs
def test_tables_are_of_a_size(name, drawn):
    drawn(name, np.zeros(1, np.uint64))
    assert len(drawn.tables[name].link) < 2 * ROWS  # 160 KiB


def test_a_sample_is_drawn_by_its_weights():
    weighted = Empirical(Sample((3.0, 1.0, 3.0, 7.0), (1.0, 2.0, 1.0, 4.0)))
    shape = weighted.shape()
    k = np.random.default_rng(1).integers(0, 2**52, 10**6, dtype=np.uint64)
    x = np.empty(k.size)
    guide = make_guide(shape.cumulative)
    invert_steps(k, np.array(shape.values), np.array(shape.cumulative), guide, x)
    counts = [np.count_nonzero(x == value) for value in (1.0, 3.0, 7.0)]
    # A chi-square of 2 degrees of freedom passes 18.4 once in ten thousand; the seed is fixed.
    assert stats.chisquare(counts, np.array([0.25, 0.25, 0.5]) * k.size).statistic < 18.4

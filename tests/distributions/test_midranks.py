"""Ranks with ties, against ranking many draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wattif.distributions import make
from wattif.distributions.midranks import midranks

DISCRETE = {
    "bernoulli": make("bernoulli", {"p": 0.3}),
    "poisson": make("poisson", {"mean": 2.0}),
    "binomial": make("binomial", {"n": 5, "p": 0.9}),
}
CONTINUOUS = {
    "normal": make("normal", {"mean": 0.0, "sd": 1.0}),
    "triangular": make("triangular", {"min": 0.0, "mode": 1.0, "max": 3.0}),
    "uniform": make("uniform", {"min": 0.0, "max": 1.0}),
    "truncated": make("lognormal", {"median": 1.0, "sigma": 1.0}, (0.5, 4.0)),
}


@pytest.mark.parametrize("name", DISCRETE)
def test_the_spread_of_ranks_is_that_of_ranked_draws(name):
    u = (np.arange(100_000) + 0.5) / 100_000
    ranks = stats.rankdata(DISCRETE[name].quantile(u)) / u.size
    assert midranks(DISCRETE[name]).sd == pytest.approx(ranks.std(), rel=1e-4)  # 1/n of a step


@pytest.mark.parametrize("name", DISCRETE)
def test_the_nodes_integrate_over_the_ranks(name):
    u, weight = midranks(DISCRETE[name]).nodes(64)
    grid = (np.arange(400_000) + 0.5) / 400_000
    x = DISCRETE[name].quantile(grid)
    below = DISCRETE[name].probability(x - 0.5)
    m = (DISCRETE[name].probability(x) + below) / 2.0
    # The integral of u^2 (1 - u) over dm, by its jumps.
    jumps = np.diff(m, prepend=m[0])
    exact = float((grid**2 * (1.0 - grid) * jumps).sum())
    # steps below 0.01 count as smooth, and the grid has 400,000 points
    assert float((u**2 * (1.0 - u)) @ weight) == pytest.approx(exact, abs=1e-4)


def test_many_small_steps_cost_no_more_than_none():
    fine = midranks(make("integers", {"min": 1, "max": 1000}))
    assert fine.is_continuous
    coarse = midranks(make("integers", {"min": 1, "max": 80}))
    assert len(coarse.nodes(64)[0]) < 200


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_margins_have_no_ties_so_their_family_does_not_matter(name):
    assert midranks(CONTINUOUS[name]).is_continuous
    assert midranks(CONTINUOUS[name]).sd == pytest.approx(1.0 / np.sqrt(12.0), rel=1e-15)

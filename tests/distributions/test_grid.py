"""A family over a range of one parameter: as accurate in between as at the tables."""

from __future__ import annotations

import numpy as np
import pytest

from wattif.distributions import BeliefError, make
from wattif.distributions.grid import blend, make_grid, points, range_of

U = np.concatenate([np.logspace(-14, -0.4, 50), np.linspace(0.4, 0.5, 10)])
FAMILIES = {
    "gamma": (lambda x: make("gamma", {"shape": x, "scale": 1.0}), 0.7, 12.0),
    "beta": (lambda x: make("beta", {"alpha": x, "beta": 2.0}), 0.5, 8.0),
    "pert": (lambda x: make("pert", {"min": -1.0, "mode": x, "max": 3.0}), -0.8, 2.5),
    "chi-square": (lambda x: make("chi-square", {"df": x}), 2.0, 20.0),
    "inverse-gaussian": (lambda x: make("inverse-gaussian", {"mean": 1.0, "shape": x}), 0.5, 5.0),
}


def quantiles(distribution):
    return np.concatenate([distribution.quantile(U), distribution.quantile(U, upper=True)])


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_right_between_its_members(family):
    build, low, high = FAMILIES[family]
    grid = make_grid(build, low, high)
    members = np.array([quantiles(one) for one in grid.members])
    for x in np.random.default_rng(1).uniform(low, high, 20):
        a, b, t = (np.log(v) if grid.logarithmic else v for v in (low, high, x))
        place = np.array([(2.0 * t - a - b) / (b - a)])
        exact = quantiles(build(x))
        iqr = np.subtract(*build(x).quantile([0.75, 0.25]))
        spread = np.maximum(iqr, np.abs(exact - build(x).quantile(0.5)))
        assert np.all(np.abs(blend(place, members)[0] - exact) <= 1e-9 * spread)


def test_a_polynomial_is_met_exactly():
    nodes, _ = points(8)
    at = np.linspace(-1.0, 1.0, 13)
    values = np.stack([nodes**7 - 3.0 * nodes, nodes**2], axis=1)
    np.testing.assert_allclose(
        blend(at, values), np.stack([at**7 - 3.0 * at, at**2], axis=1), atol=1e-14
    )


def test_the_range_is_that_of_all_points():
    low, high = range_of(make("uniform", {"min": 1.0, "max": 3.0}))
    assert (low, high) == pytest.approx((1.0, 3.0), abs=1e-15)


def test_what_changes_too_much_is_refused():
    with pytest.raises(BeliefError, match="its tails change too much for ten digits"):
        make_grid(lambda x: make("student-t", {"df": x}), 1.0, 100.0)


def test_separate_values_are_refused():
    with pytest.raises(BeliefError, match="separate values, which no parameter moves smoothly"):
        make_grid(lambda x: make("poisson", {"mean": x}), 1.0, 3.0)

"""Coarse densities keep all mass, and make sense of constants, atoms and endless bins."""

from __future__ import annotations

import numpy as np
import pytest

from wattif.results.density import CELLS, coarsen

RNG = np.random.default_rng(412)


def fine(sample: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    counts, _ = np.histogram(sample, edges)
    return counts, edges


@pytest.mark.parametrize(
    "sample",
    [
        RNG.normal(size=100_000),
        RNG.lognormal(sigma=3.0, size=100_000),
        np.r_[np.zeros(30_000), RNG.exponential(size=70_000)],
        np.r_[np.full(30_000, -10.0), np.zeros(30_000), np.full(40_000, 10.0)],
    ],
    ids=["normal", "lognormal", "zero-inflated", "three values"],
)
def test_all_mass_is_kept_between_the_extremes(sample):
    edges = np.r_[-np.inf, np.linspace(-10, 10, 2000), np.geomspace(10.1, 1e7, 2000), np.inf]
    mass, coarse = coarsen(*fine(sample, edges), sample.min(), sample.max())
    assert mass.shape == (CELLS,)
    assert mass.sum() == pytest.approx(1.0, abs=1e-12)  # sums of 200 doubles
    assert (mass >= 0).all()
    assert (np.diff(coarse) >= 0).all()  # the least draw may be where the bulk begins
    assert coarse[0] == sample.min()
    assert coarse[-1] == sample.max()


def test_draws_at_an_extreme_stay_in_its_cell():
    counts, edges = np.array([3, 4, 0, 5, 0]), np.array([-np.inf, 0.0, 1.0, 2.0, 3.0, np.inf])
    mass, _ = coarsen(counts, edges, 0.0, 2.5)
    assert mass[0] >= 3 / 12
    assert mass.sum() == pytest.approx(1.0, abs=1e-12)  # sums of 200 doubles


def test_masses_agree_with_counting_the_draws():
    sample = RNG.normal(size=100_000)
    mass, coarse = coarsen(*fine(sample, np.linspace(-6, 6, 12_001)), sample.min(), sample.max())
    counted, _ = np.histogram(sample, coarse)
    # A coarse edge divides one fine bin, of at most 50 draws, in proportion.
    assert np.abs(mass * sample.size - counted).max() < 50


def test_a_positive_output_over_decades_is_divided_logarithmically():
    sample = RNG.lognormal(sigma=3.0, size=100_000)
    _, coarse = coarsen(*fine(sample, np.geomspace(1e-7, 1e7, 5001)), sample.min(), sample.max())
    ratios = coarse[2:-1] / coarse[1:-2]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-9)


def test_a_constant_is_one_cell():
    mass, coarse = coarsen(np.array([0, 10]), np.array([-np.inf, 7.0, np.inf]), 7.0, 7.0)
    assert mass[0] == 1.0
    assert (coarse == 7.0).all()


def test_an_output_without_a_finite_draw_has_no_place():
    _, coarse = coarsen(np.array([10, 0]), np.array([-np.inf, 0.0, np.inf]), np.nan, np.nan)
    assert np.isnan(coarse).all()

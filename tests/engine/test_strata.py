"""Draws in the order of their size: against exact quantiles, and against one at a time."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from wattif.distributions import make
from wattif.distributions.censored import Censored
from wattif.engine.plan import make_plan
from wattif.engine.program import Input, Program
from wattif.engine.reorder import restore_order
from wattif.engine.segment import draw_rough, fill, invert
from wattif.engine.sobol import directions, fill_sobol, scramble
from wattif.engine.strata import (
    arrange,
    evaluate_strata,
    evaluate_strata_singly,
    make_ordered,
    order_block,
)
from wattif.engine.stratum_table import STRATA

DATA = Path(__file__).parent.parent / "data"
MEMBERS = [
    (member["family"], member["parameters"])
    for member in tomllib.loads((DATA / "families.toml").read_text())["member"]
    if make(member["family"], member["parameters"]).shape().kind == "table"
]
EXTREMES = [
    ("beta", {"alpha": 0.01, "beta": 3.0}),
    ("beta", {"alpha": 1e6, "beta": 1e6}),
    ("weibull", {"shape": 0.05, "scale": 1.0}),
    ("student-t", {"df": 0.1}),
    ("lognormal", {"median": 1.0, "sigma": 20.0}),
    ("lognormal", {"median": 1e12, "sigma": 1e-6}),
    ("normal", {"mean": 1e6, "sd": 1e-3}),
    ("triangular", {"min": 5.0, "mode": 5.0 + 1e-12, "max": 6.0}),
    ("metalog", {"p5": 1.0, "p50": 1.6, "p95": 2.5, "max": 2.6}),
    ("roulette", {"edges": list(range(201)), "chips": [i % 7 for i in range(1, 201)]}),
    ("piecewise", {"values": [0.0, 1.0, 9.0, 10.0], "cumulative": [0.0, 0.5, 0.5, 1.0]}),
    ("skew-normal", {"location": 0.0, "scale": 1.0, "shape": -1000.0}),
    ("max-entropy", {"min": -1.0, "max": 1e6, "mean": 0.0, "sd": 0.5}),
]
UNKNOWN = -1e308


def make_plan_of(*distributions):
    inputs = tuple(Input(f"x{j}", one.shape()) for j, one in enumerate(distributions))
    return make_plan(Program(inputs, (), np.empty((0, 5), np.int32), np.empty(0), 1), 7, "sobol")


def make_points(dimensions, block, replicate=0):
    return arrange(*scramble(directions(dimensions), 7, replicate), block)


def draw_in_strata(plan, j, k):
    """Return the draws at k (n,) of the strata that are not rough; UNKNOWN in others."""
    one, x = plan.inputs[j], np.full(k.size, UNKNOWN)
    evaluate_strata_singly(plan.strata, one.stratum, plan.rough, one.rough, one.last_rough, k, x)
    return x


@pytest.mark.parametrize(("family", "parameters"), [*MEMBERS, *EXTREMES], ids=str)
def test_smooth_strata_keep_what_is_promised_of_a_draw(family, parameters):
    distribution = make(family, parameters)
    plan = make_plan_of(distribution)
    edges = np.arange(STRATA, dtype=np.uint64) << np.uint64(44)
    inner = np.random.default_rng(5).integers(0, 2**44, (40, STRATA), dtype=np.uint64)
    k = np.concatenate([edges, edges + np.uint64(2**44 - 1), (edges + inner).ravel()])
    x = draw_in_strata(plan, 0, k)
    smooth = x != UNKNOWN
    lower = k < 2**51
    exact = np.empty(k.size)
    exact[lower] = distribution.quantile((k[lower] + 0.5) * 2.0**-52)
    far = (np.uint64(2**52 - 1) - k[~lower] + 0.5) * 2.0**-52
    exact[~lower] = distribution.quantile(far, upper=True)
    first, median, third = distribution.quantile([0.25, 0.5, 0.75])
    # A third of the promise, and the roundings of a float.
    allowed = 3e-10 * np.maximum(third - first, np.abs(exact - median))
    allowed += 6.0 * np.spacing(np.abs(exact))
    assert np.all(np.abs(x - exact)[smooth] <= allowed[smooth])
    low, high = distribution.support
    assert np.all((x[smooth] >= low) & (x[smooth] <= high))


@pytest.mark.parametrize(
    ("family", "parameters", "most"),
    [
        ("normal", {"mean": 3, "sd": 2}, 16),
        ("lognormal", {"p5": 1, "p95": 9}, 18),
        ("beta", {"alpha": 18, "beta": 2}, 16),
        ("triangular", {"min": 1, "mode": 2, "max": 4}, 18),
        ("gamma", {"shape": 2, "scale": 3}, 18),
    ],
)
def test_few_strata_are_rough(family, parameters, most):
    plan = make_plan_of(make(family, parameters))
    assert 0 < plan.rough.size <= most


def test_an_atom_is_met_exactly_and_smooth():
    plan = make_plan_of(Censored(make("normal", {"mean": 0, "sd": 1}), min=-0.5, max=2.0))
    k = (np.linspace(0.001, 0.29, 50) * 2.0**52).astype(np.uint64)
    assert np.all(draw_in_strata(plan, 0, k) == -0.5)
    assert plan.rough.size < 12


DISTRIBUTIONS = [
    make("normal", {"mean": 3, "sd": 2}),
    make("lognormal", {"p5": 1, "p95": 9}),
    make("triangular", {"min": 1, "mode": 2, "max": 4}),
    make("student-t", {"df": 2}),
]


@pytest.mark.parametrize("block", [STRATA, 512, 2048, 4096])
@pytest.mark.parametrize("replicate", [0, 3])
@pytest.mark.parametrize("dimension", range(len(DISTRIBUTIONS)))
def test_a_block_is_its_points_one_by_one(block, replicate, dimension):
    plan, j = make_plan_of(*DISTRIBUTIONS), dimension
    one, points, ordered = (
        plan.inputs[j],
        make_points(len(DISTRIBUTIONS), block, replicate),
        make_ordered(block),
    )
    for first in (0, 5 * block, (2**20 + 3) * block):
        k, x, rows = np.zeros(block, np.uint64), np.zeros(block), np.zeros((3, block + 8))
        scratch = np.zeros(block, np.int64), np.zeros(block)
        arranged = ordered.stratum, ordered.within, ordered.place
        order_block(*points, j, first, *arranged)
        evaluate_strata(plan.strata, one.stratum, ordered.stratum, ordered.within, ordered.values)
        tables = plan.coefficients, plan.begin, plan.link
        words = ordered.stratum, ordered.within
        draw_rough(one, plan.rough, *tables, *words, k, *scratch, x, ordered.values)
        restore_order(ordered.flat, ordered.place, rows, 1)

        fill(plan.scheme, one, points.columns, points.shift, j, replicate, first, k)
        invert(one, *tables, k, block, *scratch, x)
        # From the table by octaves, a different polynomial: both are right to 1e-10.
        np.testing.assert_allclose(rows[1, :block], x, rtol=0, atol=1e-8)
        own = one.rough, one.last_rough
        evaluate_strata_singly(plan.strata, one.stratum, plan.rough, *own, k, x)
        np.testing.assert_array_equal(rows[1, :block], x)
        assert not rows[[0, 2]].any()


@pytest.mark.parametrize("block", [STRATA, 2048])
def test_places_are_a_permutation_and_values_ascend(block):
    points, ordered = make_points(3, block, 1), make_ordered(block)
    for j in range(3):
        order_block(*points, j, 7 * block, ordered.stratum, ordered.within, ordered.place)
        assert sorted(ordered.place) == list(range(block))
        k = np.zeros(block, np.uint64)
        fill_sobol(points.columns[j], points.shift[j], 7 * block, k)
        depth = block // STRATA
        by_place = np.zeros(block, np.uint64)
        by_place[ordered.place] = k
        strata = by_place.reshape(depth, STRATA) >> np.uint64(44)
        np.testing.assert_array_equal(strata, np.broadcast_to(np.arange(STRATA), strata.shape))
        assert np.all(np.diff(by_place.reshape(depth, STRATA).T.ravel().astype(np.int64)) > 0)

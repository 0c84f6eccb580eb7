"""Paired comparisons agree with closed forms, and sharing draws pays."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from xarray import DataTree

from wattif.analysis import Comparison, compare_systems, less_matrix
from wattif.errors import ResultError

Run = Callable[..., DataTree]

SYSTEMS = {
    "a": {"quantities": {"own": {"dist": "normal", "mean": 0, "sd": 1}}},
    "b": {"label": "The other", "quantities": {"own": {"dist": "normal", "mean": 1, "sd": 2}}},
    "c": {"quantities": {"own": {"absent": "never measured"}}},
}
SHARED = {
    "common": {"dist": "normal", "mean": 100, "sd": 50},
    "y": {"formula": "common + own", "label": "Sum"},
}
Z = stats.norm.ppf(0.95)


@pytest.fixture(scope="module")
def tree(simulate: Run) -> DataTree:
    return simulate(SHARED, systems=SYSTEMS)


@pytest.fixture(scope="module")
def found(tree: DataTree) -> Comparison:
    return compare_systems(tree, "y", "a", "b")


def test_what_is_shared_cancels_in_the_difference(found: Comparison) -> None:
    width = math.hypot(1, 2)  # not sqrt(2) times 50
    for estimate, truth in (
        (found.difference.median, -1.0),
        (found.difference.low, -1 - Z * width),
        (found.difference.high, -1 + Z * width),
    ):
        assert abs(estimate.value - truth) < 4 * estimate.error  # of 16 replicates
        assert estimate.error < 0.05


def test_probability_of_being_less_is_that_of_the_normal_difference(found: Comparison) -> None:
    truth = stats.norm.cdf(1 / math.hypot(1, 2))
    assert abs(found.less.value - truth) < 4 * found.less.error
    assert found.less.error < math.sqrt(truth * (1 - truth) / 16_384)  # Sobol beats random
    assert found.equal.value == 0


def test_summaries_are_compared_by_replicate(found: Comparison, tree: DataTree) -> None:
    means = tree["replicates"]["y"].sel(statistic="mean")
    paired = (means.sel(system="a") - means.sel(system="b")).values
    assert found.mean_difference.error == pytest.approx(np.std(paired, ddof=1) / 4)
    assert abs(found.mean_difference.value + 1) < 4 * found.mean_difference.error + 1e-9


def test_ratio_of_lognormals_is_lognormal(simulate: Run) -> None:
    systems = {
        name: {"quantities": {"y": {"dist": "lognormal", "median": m, "sigma": s, "unit": "USD"}}}
        for name, m, s in (("a", 6.0, 0.3), ("b", 2.0, 0.4))
    }
    tree = simulate({}, systems=systems, run={"outputs": ["y"]})
    ratio = compare_systems(tree, "y", "a", "b").ratio
    for estimate, z in ((ratio.low, -Z), (ratio.median, 0.0), (ratio.high, Z)):
        assert abs(estimate.value - 3 * math.exp(0.5 * z)) < 4 * estimate.error


def test_matrix_holds_both_ways_and_leaves_out_what_is_absent(tree: DataTree) -> None:
    matrix = less_matrix(tree, "y")
    assert matrix.systems == ("a", "b")
    assert matrix.labels == ("a", "The other")
    assert matrix.probability[0, 1] + matrix.probability[1, 0] == pytest.approx(1)
    assert np.isnan(np.diag(matrix.probability)).all()
    assert matrix.error[0, 1] == pytest.approx(matrix.error[1, 0])


def test_equal_draws_are_neither_less_nor_more(simulate: Run) -> None:
    systems = {name: {"quantities": {"y": 3.0}} for name in "ab"}
    found = compare_systems(simulate({}, systems=systems, run={"outputs": ["y"]}), "y", "a", "b")
    assert (found.less.value, found.equal.value) == (0, 1)
    assert (found.difference.low.value, found.ratio.high.value) == (0, 1)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("y", "a", "a"), "'a' is compared with itself; name two systems"),
        (("y", "a", "c"), "c: Sum is not given: needs own, which is absent: never"),
        (("y", "a", "bb"), "the result has no system 'bb'; did you mean 'b'?"),
        (("z", "a", "b"), "the result has no quantity 'z'"),
    ],
)
def test_refusals_say_what_is_wrong(tree: DataTree, names: tuple[str, ...], words: str) -> None:
    with pytest.raises(ResultError) as refusal:
        compare_systems(tree, *names)
    assert words in str(refusal.value)


def test_one_system_is_compared_with_none(tree: DataTree) -> None:
    with pytest.raises(ResultError, match="fewer than two systems have it"):
        less_matrix(tree, "y", ["a", "c"])

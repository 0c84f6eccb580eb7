"""Two systems on the same draws: how far apart they are, and which is the smaller, how surely.

What systems share was drawn once, so it cancels draw by draw: the interval of a difference is
narrower than two separate intervals suggest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.draws import kept_output, output_systems
from wattif.analysis.estimates import UNKNOWN, Array, Estimate, Spread, share_of, spread
from wattif.errors import ResultError
from wattif.results.answers import read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree


@dataclass(frozen=True)
class Comparison:
    """How an output of one system stands to the same output of another.

    ``difference`` is first minus second, in ``unit``, and ``ratio`` first over second, both draw by
    draw over the kept draws. ``less`` is the probability that the first is the smaller one, and
    ``equal`` that they are the same. ``mean_difference`` and ``median_ratio`` compare the two
    summaries over all draws of the run, with the error of the paired replicates.
    """

    label: str
    unit: str
    first: str
    second: str
    difference: Spread
    ratio: Spread
    less: Estimate
    equal: Estimate
    mean_difference: Estimate
    median_ratio: Estimate


@dataclass(frozen=True, eq=False)
class LessMatrix:
    """Probability (S, S) that the system of the row is below the one of the column, and its error.

    ``systems`` and their ``labels`` leave out those that lack the quantity; NaN on the diagonal.
    """

    label: str
    systems: tuple[str, ...]
    labels: tuple[str, ...]
    probability: Array = field(repr=False)
    error: Array = field(repr=False)

    @property
    def equal(self) -> Array:
        """Probability (S, S) that the two are the same, which is neither's chance to be below."""
        return np.maximum(1 - self.probability - self.probability.T, 0)


def compare_systems(
    tree: DataTree, quantity: str, first: str, second: str, language: Language = "en"
) -> Comparison:
    """Return how ``quantity`` of the system ``first`` stands to that of ``second``.

    Raises
    ------
    ResultError
        If the result lacks the quantity or a system, it is absent in one of them, or the two
        systems are the same.
    """
    if first == second:
        raise ResultError(f"'{first}' is compared with itself; name two systems")
    one, other = (kept_output(tree, quantity, system) for system in (first, second))
    (found,) = read_answers(tree, [quantity], [first, second], language)
    a, b = _both_finite(one.values, other.values)
    level = float(tree.attrs["interval"])
    mean, median = _summaries(tree, quantity, first, second)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = a / b
    return Comparison(
        found.label,
        found.unit,
        found.answers[0].label,
        found.answers[1].label,
        spread(a - b, level),
        spread(ratio, level),
        share_of(a, a < b),
        share_of(a, a == b),
        mean_difference=mean,
        median_ratio=median,
    )


def less_matrix(
    tree: DataTree, quantity: str, systems: Sequence[str] = (), language: Language = "en"
) -> LessMatrix:
    """Return which system is below which in ``quantity``, with what probability.

    Raises
    ------
    ResultError
        If the result lacks the quantity or a system, or fewer than two systems have the quantity.
    """
    (found,) = read_answers(tree, [quantity], systems, language)
    have = output_systems(tree, quantity)
    answers = [answer for answer in found.answers if answer.system in have]
    if len(answers) < 2:
        raise ResultError(
            f"{found.label}: fewer than two systems have it, so there is nothing to compare; "
            "choose another quantity, or more systems"
        )
    draws = [kept_output(tree, quantity, answer.system).values for answer in answers]
    cells = [[_less(a, b) if a is not b else UNKNOWN for b in draws] for a in draws]
    numbers = np.array([[(cell.value, cell.error) for cell in row] for row in cells])
    keys, labels = zip(*((answer.system, answer.label) for answer in answers), strict=True)
    return LessMatrix(found.label, keys, labels, numbers[..., 0], numbers[..., 1])


def _less(a: Array, b: Array) -> Estimate:
    a, b = _both_finite(a, b)
    return share_of(a, a < b)


def _both_finite(a: Array, b: Array) -> tuple[Array, Array]:
    """Return the draws with NaN for both where one of them is not finite."""
    finite = np.isfinite(a) & np.isfinite(b)
    return np.where(finite, a, np.nan), np.where(finite, b, np.nan)


def _summaries(tree: DataTree, quantity: str, a: str, b: str) -> tuple[Estimate, Estimate]:
    """Return the difference of the means and the ratio of the medians, over all draws."""
    pooled, replicates = (tree[group][quantity] for group in ("summary", "replicates"))

    def of(values: object, statistic: str) -> tuple[Array, Array]:
        chosen = values.sel(statistic=statistic)  # type: ignore[attr-defined]
        return np.asarray(chosen.sel(system=a).values), np.asarray(chosen.sel(system=b).values)

    with np.errstate(divide="ignore", invalid="ignore"):
        difference = [np.subtract(*of(values, "mean")) for values in (pooled, replicates)]
        ratio = [np.divide(*of(values, "p50")) for values in (pooled, replicates)]
        root = np.sqrt(replicates.sizes["replicate"])
        mean, median = (
            Estimate(float(value), float(np.std(each, ddof=1) / root))
            for value, each in (difference, ratio)
        )
    return mean, median

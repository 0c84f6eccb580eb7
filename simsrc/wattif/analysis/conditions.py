"""What would have to be true of which assumptions for a claim to hold.

Where the claim holds in some draws: the assumptions that are most unlike elsewhere in just these
draws, with their medians there. Where it holds in none: to which value one assumption alone would
have to go, all others at their medians, for the output's median to reach the claim.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from wattif.analysis.draws import label_for
from wattif.analysis.estimates import Array, Estimate, quantiles
from wattif.analysis.lineage import Place, stored_study
from wattif.analysis.point import Point, at_medians
from wattif.analysis.ranks import rank
from wattif.analysis.sample import Sample, read_sample
from wattif.errors import ResultError
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.language.model import Quantity

MOST = 3  # conditions that are told
_ENOUGH = 64  # draws in which it holds, for their medians to say something
_SHIFT = 0.05  # of the mean rank, from 0 to 1: less is no condition worth telling
_DECADES, _STEPS = 6, 1200  # how far an assumption is moved either way; steps a decade


@dataclass(frozen=True)
class Condition:
    """What one assumption would have to be, in ``unit``, beside its median of all draws.

    "together": its median in the draws in which the claim holds, all conditions at once. "alone":
    the value at which it brings the output's median to the claim all by itself. ``place`` is the
    share of what is believed of it that lies below: 0 or 1 is outside all belief; NaN for a
    constant.
    """

    how: Literal["together", "alone"]
    key: str
    label: str
    unit: str
    usual: float
    needed: Estimate
    place: float


def conditions_in_draws(
    tree: DataTree, place: Place, ends: tuple[float, float], language: Language
) -> tuple[Condition, ...]:
    """Return what sets the kept draws within some ends apart; nothing if there are too few."""
    try:
        sample = read_sample(tree, place[1], place[0], language)
    except ResultError:  # it does not vary, or rests on nothing that does
        return ()
    holds = (sample.y >= ends[0]) & (sample.y <= ends[1])
    if holds.sum() < _ENOUGH:
        return ()
    ranks = np.array([(rank(x) - 0.5) / len(x) for x in sample.x])
    shifts = np.abs(ranks[:, holds].mean(axis=1) - 0.5)
    least = max(_SHIFT, 3 * math.sqrt(1 / 12 / holds.sum()))
    others = [one.key != sample.output.key for one in sample.inputs]
    order = [i for i in np.argsort(-shifts, kind="stable") if shifts[i] > least and others[i]]
    return tuple(_together(sample, i, holds, ranks[i]) for i in order[:MOST])


def _together(sample: Sample, i: int, holds: NDArray[np.bool_], ranks: Array) -> Condition:
    one, x = sample.inputs[i], sample.x[i]
    parts = [x[holds & (sample.replicate == r)] for r in range(sample.replicates)]
    (needed,) = quantiles(parts, np.array([0.5]))
    place = float(np.median(ranks[holds]))
    return Condition("together", one.key, one.label, one.unit, float(np.median(x)), needed, place)


def conditions_alone(
    tree: DataTree, place: Place, factor: float, language: Language
) -> tuple[Condition, ...]:
    """Return to what single assumptions would have to go to multiply the median by a factor.

    Those come first that need to be least unlike what is believed of them.
    """
    try:
        model = stored_study(tree)
        point = at_medians(model, place)
    except ResultError:  # another version's study, or something without a median of its own
        return ()
    found = [
        (*solved, quantity)
        for key, (quantity, median) in point.stated.items()
        if median > 0 and key != model.table[place].key
        for solved in _solve(point, key, factor)
    ]
    ordered = sorted(found, key=lambda one: _unlikely(one[2], one[0], one[1]))
    return tuple(
        Condition(
            "alone",
            quantity.key,
            label_for(model, quantity, place[0], language),
            quantity.unit.text,
            usual,
            Estimate(needed, 0.0),
            _place(quantity, needed),
        )
        for usual, needed, quantity in ordered[:MOST]
    )


def _solve(point: Point, key: str, factor: float) -> Iterator[tuple[float, float]]:
    """Yield the median of an assumption and the nearest value that has the effect, if any."""
    quantity, median = point.stated[key]
    steps = np.arange(-_DECADES * _STEPS, _DECADES * _STEPS + 1)
    values = median * 10.0 ** (steps / _STEPS)
    low, high = quantity.domain or (-math.inf, math.inf)
    values = values[(values >= low) & (values <= high)]
    outputs = point.output(key, values)
    target = factor * point.output(key, np.array([median]))[0]
    miss = outputs - target
    crossed = np.flatnonzero(miss[:-1] * miss[1:] <= 0)
    if not crossed.size or np.ptp(outputs) == 0:
        return
    at = crossed[np.argmin(np.abs(np.log(values[crossed] / median)))]
    share = miss[at] / (miss[at] - miss[at + 1]) if miss[at] != miss[at + 1] else 0.0
    yield median, float(values[at] * (values[at + 1] / values[at]) ** share)


def _unlikely(quantity: Quantity, usual: float, needed: float) -> tuple[float, float]:
    """Return how many standard deviations of its logarithm a value is away; constants go last."""
    from wattif.language.model import Random

    away = abs(math.log(needed / usual))
    if not isinstance(quantity.belief, Random):
        return math.inf, away
    low, high = quantity.belief.distribution.quantile(np.array([0.05, 0.95]))
    spread = math.log(high / low) if 0 < low < high else 0.0
    return (away / spread if spread else math.inf), away


def _place(quantity: Quantity, value: float) -> float:
    from wattif.language.model import Random

    if not isinstance(quantity.belief, Random):
        return math.nan
    return float(quantity.belief.distribution.probability(np.array([value]))[0])

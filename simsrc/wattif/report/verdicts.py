"""Where a claim falls among the draws, and what follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from wattif.report.claims import Claim
from wattif.report.panels import Panel, Row

Verdict = Literal["inside", "overlaps", "below", "above", "certain", "unknown"]


@dataclass(frozen=True)
class Judged:
    """A claim, the row it is about, and the percentiles at which its bounds lie (NaN: unknown)."""

    claim: Claim
    panel: Panel
    row: Row
    low: float
    high: float
    verdict: Verdict

    @property
    def agreeing(self) -> float:
        """Share of the draws that the claim holds for."""
        return (self.high - self.low) / 100


def judge(
    claims: Sequence[Claim], panels: Sequence[Panel], grid: Sequence[float], level: float
) -> list[Judged]:
    """Return the claims about what the panels show, held against the interval of a level."""
    shown = {(row.answer.system, p.quantity.name): (p, row) for p in panels for row in p.rows}
    found = [(claim, shown.get((claim.system, claim.quantity))) for claim in claims]
    return [_judge(claim, *place, grid, level) for claim, place in found if place is not None]


def percentile_of(value: float, percentiles: Sequence[float], grid: Sequence[float]) -> float:
    """Return at which percentile a value lies, from a grid of percentiles.

    Between two of them the normal score runs straight in the logarithm of the value, or in the
    value if some percentile is not positive: exact for a lognormal, and for a normal that crosses
    zero. Beyond the grid: 0 or 100.
    """
    if math.isnan(value) or any(map(math.isnan, percentiles)):
        return math.nan
    if value < percentiles[0]:
        return 0.0
    if value > percentiles[-1]:
        return 100.0
    after = int(np.searchsorted(percentiles, value, side="left"))
    if percentiles[after] == value:
        return grid[after]
    score = NormalDist().inv_cdf
    start, end = score(grid[after - 1] / 100), score(grid[after] / 100)
    measure = math.log if percentiles[0] > 0 else float
    low, here, high = map(measure, (percentiles[after - 1], value, percentiles[after]))
    part = (here - low) / (high - low) if math.isfinite(high - low) else 0.5
    return 100 * NormalDist().cdf(start + part * (end - start))


def _judge(claim: Claim, panel: Panel, row: Row, grid: Sequence[float], level: float) -> Judged:
    values = [float(x) for x in row.percentiles]
    low, high = (percentile_of(panel.factor * end, values, grid) for end in (claim.low, claim.high))
    return Judged(claim, panel, row, low, high, _verdict(low, high, 50 * (1 - level)))


def _verdict(low: float, high: float, tail: float) -> Verdict:
    """Return how a claim lies to the interval between the percentiles ``tail`` and 100 - tail."""
    if math.isnan(low) or math.isnan(high):
        return "unknown"
    if high < tail:
        return "below"
    if low > 100 - tail:
        return "above"
    if low <= tail and high >= 100 - tail:
        return "certain"
    return "inside" if low >= tail and high <= 100 - tail else "overlaps"

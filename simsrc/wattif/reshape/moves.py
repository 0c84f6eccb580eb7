"""How far statistics of outputs move between two runs on the same draws."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattif.engine.statistics import Statistics
from wattif.reshape.report import Shift
from wattif.results.statistics import STATISTICS, report, standard_error

Array = NDArray[np.float64]

_PARTS = [STATISTICS.index(name) for name in ("p50", "eti_low", "eti_high")]
_MEAN = STATISTICS.index("mean")


@dataclass(frozen=True, eq=False)
class Numbers:
    """Median, low and high end of K outputs, of all draws (K, 3) and by replicate (R, K, 3).

    Of an event the probability stands in place of the median, and NaN for the ends.
    """

    pooled: Array
    replicates: Array

    def widths(self) -> Array:
        """Return the widths of the intervals, (K,); 1 for events."""
        with np.errstate(invalid="ignore"):  # between infinities
            width: Array = self.pooled[:, 2] - self.pooled[:, 1]
        return np.where(np.isnan(self.pooled[:, 1]) & ~np.isnan(self.pooled[:, 0]), 1.0, width)


def numbers_of(statistics: Statistics, level: float, events: Collection[int]) -> Numbers:
    """Return the numbers of a run; ``events`` are the outputs that are either 0 or 1."""
    found = report(statistics, level)
    pooled, replicates = found.pooled[:, _PARTS], found.replicates[..., _PARTS]
    chosen = list(events)
    pooled[chosen], replicates[:, chosen] = np.nan, np.nan
    pooled[chosen, 0] = found.pooled[chosen, _MEAN]
    replicates[:, chosen, 0] = found.replicates[:, chosen, _MEAN]
    return Numbers(pooled, replicates)


def numbers_of_draws(values: Array, level: float, events: Collection[int]) -> Numbers:
    """Return the numbers of draws (K, R, n)."""
    tail = (1.0 - level) / 2.0
    probabilities = [0.5, tail, 1.0 - tail]
    with np.errstate(invalid="ignore"):  # between infinities
        pooled = np.quantile(values.reshape(values.shape[0], -1), probabilities, axis=-1).T
        replicates = np.quantile(values, probabilities, axis=-1).transpose(2, 1, 0)
        for k in events:
            pooled[k] = values[k].mean(), np.nan, np.nan
            replicates[:, k] = np.nan
            replicates[:, k, 0] = values[k].mean(axis=-1)
    return Numbers(pooled, replicates)


def shifts(before: Numbers, after: Numbers, widths: Array) -> tuple[Shift, ...]:
    """Return how far each output moved, of its width (K,)."""
    with np.errstate(invalid="ignore", divide="ignore"):  # of what is infinite, or constant
        moved = (after.pooled - before.pooled) / widths[:, None]
        errors = standard_error(after.replicates - before.replicates) / widths[:, None]
    return tuple(
        Shift(median, low, high, tuple(error))
        for (median, low, high), error in zip(moved.tolist(), errors.tolist(), strict=True)
    )

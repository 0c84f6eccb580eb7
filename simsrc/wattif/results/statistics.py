"""The statistics a result reports, and their standard errors from the spread of the replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattif.engine.statistics import Statistics, Summary

Array = NDArray[np.float64]

# Percentiles kept of every output, so that another interval level needs no new run. The ends of the
# run's own interval are added where they are not among them.
PERCENTILES = (
    *(0.1, 0.5, 1.0, 2.0, 2.5),
    *(float(p) for p in range(5, 100, 5)),
    *(97.5, 98.0, 99.0, 99.5, 99.9),
)
_NAMED = (5.0, 25.0, 50.0, 75.0, 95.0)
STATISTICS = (
    *("mean", "sd", "min", "max"),
    *("p5", "p25", "p50", "p75", "p95"),
    *("eti_low", "eti_high", "hdi_low", "hdi_high"),
)


def percentiles(interval: float) -> tuple[float, ...]:
    """Return the percentiles to compute: the fixed grid and the ends of the run's interval."""
    return tuple(sorted({*PERCENTILES, *_interval_ends(interval)}))


def _interval_ends(interval: float) -> tuple[float, float]:
    low = round(50 * (1 - interval), 10)  # 5.0, not 4.999999999999999
    return low, round(100 - low, 10)
_SHORTEST_MISSES = 1e-6  # of its width: how far off an end may be that is computed


@dataclass(frozen=True, eq=False)
class Report:
    """Every reported number of every output.

    Shapes, for R replicates, K outputs, S statistics and Q percentiles: ``pooled`` (K, S),
    ``replicates`` (R, K, S), ``error`` (K, S), ``quantiles`` and ``quantile_error`` (K, Q).
    """

    pooled: Array
    replicates: Array
    error: Array
    quantiles: Array
    quantile_error: Array


def report(statistics: Statistics, interval: float) -> Report:
    """Return the reported numbers and their standard errors.

    The reported value is the pooled one, over all draws; its error is the spread of the replicates'
    values divided by the square root of their number. Extremes have none: NaN. The ends of the
    shortest interval approach theirs with the cube root of the draws (Grübel, "The length of the
    shorth", Annals of Statistics 16 (1988) 619-628), so that the cube root divides, unless they
    were computed instead of counted: then they may be off by a millionth of the interval, since a
    width hardly changes next to where it is least.
    """
    pick = [percentiles(interval).index(p) for p in (*_NAMED, *_interval_ends(interval))]
    pooled = _arrange(statistics.pooled, pick)
    replicates = _arrange(statistics.by_replicate, pick)
    quantile_error = np.hypot(standard_error(statistics.by_replicate.quantiles), statistics.bias)
    error = standard_error(replicates)
    first = STATISTICS.index("p5")
    error[:, first : first + len(pick)] = quantile_error[:, pick]
    error[:, [STATISTICS.index("min"), STATISTICS.index("max")]] = np.nan
    counted = np.flatnonzero(~statistics.implied)[:, np.newaxis]
    ends = STATISTICS.index("hdi_low"), STATISTICS.index("hdi_high")
    error[counted, ends] *= len(replicates) ** (1 / 6)
    computed = np.flatnonzero(statistics.implied)[:, np.newaxis]
    widths = np.diff(pooled[computed, ends], axis=1)
    error[computed, ends] = np.hypot(error[computed, ends], _SHORTEST_MISSES * widths)
    return Report(pooled, replicates, error, statistics.pooled.quantiles, quantile_error)


def _arrange(summary: Summary, pick: list[int]) -> Array:
    """Return the statistics in the order of ``STATISTICS``, (..., K, S)."""
    columns = [
        *(summary.mean, summary.sd, summary.minimum, summary.maximum),
        *(summary.quantiles[..., j] for j in pick),
        *(summary.hdi[..., j] for j in (0, 1)),
    ]
    return np.stack(columns, axis=-1)


def standard_error(replicates: Array) -> Array:
    """Return the Monte Carlo standard error of the mean over the first axis, the replicates."""
    exponent = np.frexp(np.abs(replicates).max(axis=0))[1]  # for squares must not overflow
    with np.errstate(invalid="ignore"):  # infinite values have no spread: NaN
        spread = np.ldexp(replicates, -exponent).std(axis=0, ddof=1)
    return np.asarray(np.ldexp(spread / np.sqrt(len(replicates)), exponent))

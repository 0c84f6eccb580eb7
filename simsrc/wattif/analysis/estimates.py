"""A number with its Monte Carlo standard error, from the replicates.

Replicates are independent however their points were made, so this is right for random and for
quasi-random draws. Quantiles are computed in each replicate, and their spread is the error.
Smooth statistics, which may need more draws than one replicate has, are computed without each
replicate in turn: the jackknife over groups (Tukey 1958; Efron and Stein 1981, Annals of Statistics
9, 586), whose error is right or, for squares, too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A number computed from the draws, and its Monte Carlo standard error."""

    value: float
    error: float


_ROUNDING = 1e-12  # relative: draws that differ by less are one constant, computed in two ways

UNKNOWN = Estimate(np.nan, np.nan)


@dataclass(frozen=True)
class Spread:
    """Median and equal-tailed interval of some draws, at ``level``."""

    median: Estimate
    low: Estimate
    high: Estimate
    level: float


def jackknife_error(without: Array) -> Array:
    """Return the standard error of a pooled statistic, (...).

    ``without`` (R, ...) is the statistic of all replicates but one.
    """
    count = without.shape[0]
    deviations = without - without.mean(axis=0)
    return np.asarray(np.sqrt((count - 1) / count * np.sum(deviations**2, axis=0)))


def leave_one_out_and_all(per_replicate: Array | NDArray[np.int64]) -> Array:
    """Return sums without each of R replicates, and last the sum of all: (R + 1, ...).

    ``per_replicate`` (R, ...) are the sums within each replicate.
    """
    whole = per_replicate.sum(axis=0, keepdims=True)
    return np.concatenate([whole - per_replicate, whole]).astype(np.float64)


def estimates(statistic: Array) -> list[Estimate]:
    """Return k estimates from a statistic (R + 1, k) without each replicate, and with all."""
    errors = jackknife_error(statistic[:-1])
    return [Estimate(*pair) for pair in zip(statistic[-1].tolist(), errors.tolist(), strict=True)]


def mean_of(draws: Array) -> Estimate:
    """Return the mean of those draws (R, n) that are finite."""
    finite = np.isfinite(draws)
    counts = leave_one_out_and_all(finite.sum(axis=1))
    sums = leave_one_out_and_all(np.where(finite, draws, 0.0).sum(axis=1))
    return estimates((sums / counts)[:, None])[0] if counts.all() else UNKNOWN


def share_of(draws: Array, event: NDArray[np.bool_]) -> Estimate:
    """Return the share of an event (R, n) among those draws (R, n) that are finite."""
    return mean_of(np.where(np.isfinite(draws), event, np.nan))


def spread(draws: Array, level: float) -> Spread:
    """Return median and equal-tailed interval of draws (R, n); those that are NaN are left out.

    All NaN if a replicate has no finite draw.
    """
    ends = np.array([0.5, (1 - level) / 2, (1 + level) / 2])
    if not np.isfinite(draws).any(axis=1).all():
        return Spread(UNKNOWN, UNKNOWN, UNKNOWN, level)
    kept = [row[np.isfinite(row)] for row in draws]
    least, most = (float(end(np.concatenate(kept))) for end in (np.min, np.max))
    if most - least <= _ROUNDING * max(abs(least), abs(most)):
        constant = Estimate(float(f"{most:.12g}"), 0.0)
        return Spread(constant, constant, constant, level)
    median, low, high = quantiles(kept, ends)
    return Spread(median, low, high, level)


def quantiles(replicates: Sequence[Array], probabilities: Array) -> list[Estimate]:
    """Return quantiles of all draws, given by replicate; their errors are those of the replicates.

    A replicate without draws does not count; the error is NaN if fewer than two have any.
    """
    given = [draws for draws in replicates if draws.size]
    if len(given) < 2:
        return [UNKNOWN] * len(probabilities)
    pooled = np.quantile(np.concatenate(given), probabilities, method="hazen")
    each = np.array([np.quantile(draws, probabilities, method="hazen") for draws in given])
    errors = each.std(axis=0, ddof=1) / np.sqrt(len(given))
    return [Estimate(*pair) for pair in zip(pooled.tolist(), errors.tolist(), strict=True)]

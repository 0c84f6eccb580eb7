"""Ranks of draws, and sums by bin and replicate: the means by which dependence is measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattif.analysis.estimates import Array

Places = NDArray[np.int64]


def rank(values: Array) -> Array:
    """Return the ranks, from 1, of values (n,); equal ones share the mean of their ranks."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    last = np.r_[first[1:], len(values)]
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((first + 1 + last) / 2, last - first)
    return ranks


def standardise(values: Array) -> Array:
    """Return values (n,) with mean 0 and standard deviation 1; zeros if they are all the same."""
    centred = values - values.mean()
    deviation = centred.std()
    return np.asarray(centred / deviation) if deviation > 0 else np.zeros_like(values)


def bin_by_rank(values: Array, edges: Array) -> Places:
    """Return the bin, from 0, of each of values (n,) by the rank shares at which bins end."""
    return np.searchsorted(edges, (rank(values) - 0.5) / len(values), side="right")


def gram_by_replicate(columns: Array, replicate: Places, count: int) -> Array:
    """Return the sums of products of columns (n, k) and a leading 1, (count, k + 1, k + 1)."""
    rows = np.column_stack([np.ones(len(columns)), columns])
    parts = [rows[replicate == r] for r in range(count)]
    return np.array([part.T @ part for part in parts])


def correlation_of(gram: Array) -> Array:
    """Return the correlation matrix (..., k, k) of a sum of products (..., k + 1, k + 1).

    NaN for a column that does not vary.
    """
    count, sums = gram[..., 0, 0, None], gram[..., 0, 1:]
    products = gram[..., 1:, 1:] / count[..., None]
    means = sums / count
    covariance = products - means[..., :, None] * means[..., None, :]
    deviations = np.sqrt(np.clip(np.diagonal(covariance, axis1=-2, axis2=-1), 0, None))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(covariance / (deviations[..., :, None] * deviations[..., None, :]))

"""Separate values with their probabilities: what discrete, empirical and their mixtures share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Shape
from wattif.distributions.checks import number

MOST_VALUES = 1_000_000


@dataclass(frozen=True, eq=False)
class Steps:
    """Increasing ``values``, and their probabilities ``masses``, all of them positive."""

    values: Array
    masses: Array

    def probability(self, x: ArrayLike, upper: bool) -> Array:
        """Return the sum of the probabilities up to x, or beyond it."""
        below = np.searchsorted(self.values, np.asarray(x, dtype=np.float64), side="right")
        sums: Array
        if upper:
            sums = np.append(np.cumsum(self.masses[::-1])[::-1], 0.0)
        else:
            sums = np.append(0.0, np.cumsum(self.masses))
        sums = np.clip(sums, 0.0, 1.0)
        # Exactly, however the sums were rounded.
        sums[0], sums[-1] = (1.0, 0.0) if upper else (0.0, 1.0)
        return sums[below]

    def shape(self) -> Shape:
        """Draw by searching the cumulative probabilities."""
        cumulative = np.minimum(np.cumsum(self.masses), 1.0)
        cumulative[-1] = 1.0  # whatever the sum was rounded to
        values = tuple(self.values.tolist())
        return Shape("steps", values=values, cumulative=tuple(cumulative.tolist()))

    def moments(self) -> tuple[float, float]:
        """Return the weighted mean and standard deviation."""
        mean = float(self.values @ self.masses)
        return mean, math.sqrt(float((self.values - mean) ** 2 @ self.masses))


def gather(values: ArrayLike, weights: ArrayLike) -> Steps:
    """Return the steps of values that may repeat, with probabilities in proportion to weights."""
    distinct, place = np.unique(np.asarray(values, dtype=np.float64), return_inverse=True)
    total = np.bincount(place.ravel(), weights=np.asarray(weights, dtype=np.float64))
    possible = total > 0.0
    return Steps(distinct[possible], total[possible] / total.sum())


def check_weights(weights: tuple[float, ...]) -> None:
    """Refuse weights of which one is negative, or that are all 0."""
    for weight in weights:
        if weight < 0.0:
            raise BeliefError(f"weights must not be negative, found {number(weight)}", "weights")
    total = math.fsum(weights)
    if not 0.0 < total < math.inf:
        message = f"weights must add up to more than 0, found {number(total)}"
        raise BeliefError(message, "weights")

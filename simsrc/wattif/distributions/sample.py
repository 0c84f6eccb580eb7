"""A sample of values with weights, and the belief that the next value is one of them."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.checks import constant_hint, number
from wattif.distributions.steps import MOST_VALUES, Steps, check_weights, gather

_FEW = 20  # values that are worth listing


@dataclass(frozen=True)
class Sample:
    """Two or more different ``values``, and their ``weights``, one each."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) > MOST_VALUES:
            message = f"a sample of {len(self.values):,} values; at most {MOST_VALUES:,} are taken"
            raise BeliefError(message, "values")
        if len(self.values) != len(self.weights):
            found = f"found {len(self.values)} values and {len(self.weights)} weights"
            raise BeliefError(f"a sample needs one weight for each value, {found}", "weights")
        check_weights(self.weights)
        if self.steps.values.size == 1:
            value = float(self.steps.values[0])
            message = f"a sample needs two different values, found only {number(value)}"
            raise BeliefError(message, "values", constant_hint(value))

    @cached_property
    def steps(self) -> Steps:
        """The different values that are possible, with their probabilities."""
        return gather(self.values, self.weights)

    @property
    def size(self) -> float:
        """How many equally weighted values tell as much (Kish)."""
        weights = np.array(self.weights)
        return float(weights.sum() ** 2 / (weights @ weights))

    @property
    def stated(self) -> dict[str, Stated]:
        """The values if they are few, else how many there are and their SHA-256."""
        if len(self.values) <= _FEW:
            return {"values": self.values, "weights": self.weights}
        content = np.array([self.values, self.weights], dtype="<f8").tobytes()
        return {"n": float(len(self.values)), "sha256": hashlib.sha256(content).hexdigest()[:16]}

    def quartiles(self) -> tuple[float, float]:
        """Return the least values up to which a quarter and three quarters of it lie."""
        place = np.searchsorted(np.cumsum(self.steps.masses), [0.25, 0.75])
        first, third = self.steps.values[np.minimum(place, self.steps.values.size - 1)]
        return float(first), float(third)

    def logarithms(self) -> Sample:
        """Return the sample of the logarithms, or refuse values that have none."""
        least = min(self.values)
        if least <= 0.0:
            message = f"only values greater than 0 have logarithms, found {number(least)}"
            raise BeliefError(message, "values")
        return Sample(tuple(map(math.log, self.values)), self.weights)


@dataclass(frozen=True)
class Empirical(Distribution):
    """One of the values of a sample, by its weight (ECDF)."""

    family: ClassVar[str] = "empirical"
    sample: Sample

    @property
    def parameters(self) -> dict[str, Stated]:
        """What a result says of the sample."""
        return {**self.sample.stated, "form": "ecdf"}

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the share of the sample up to x, or beyond it."""
        return self.sample.steps.probability(x, upper)

    def shape(self) -> Shape:
        """Draw by searching the cumulative weights."""
        return self.sample.steps.shape()

    def moments(self) -> tuple[float, float]:
        """Return mean and sd of the sample, which is all there is (n, not n - 1)."""
        return self.sample.steps.moments()

"""Counts between two whole numbers: hypergeometric, and integers that are all alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from wattif.distributions.base import Array, BeliefError
from wattif.distributions.checks import constant_hint, increasing, within
from wattif.distributions.count import MOST_STEPS, Count, Sums, add_up, whole
from wattif.distributions.family import Family, Form


@dataclass(frozen=True)
class Hypergeometric(Count):
    """Hypergeometric: how many of ``draws`` without return are among the ``marked``."""

    family: ClassVar[str] = "hypergeometric"
    twin: ClassVar[str] = 'so large a count is well represented by dist = "normal", by mean and sd'
    population: float
    marked: float
    draws: float

    def check(self) -> None:
        """Refuse more than the population, and certainty."""
        for name, value in vars(self).items():
            whole(name, value)
        within("population", self.population, 1.0, math.inf)
        within("marked", self.marked, 0.0, self.population)
        within("draws", self.draws, 0.0, self.population)
        if self.least == self.greatest:
            message = "hypergeometric with these parameters leaves nothing to chance"
            raise BeliefError(message, "draws", constant_hint(self.least))
        _, sd = self.moments()
        if min(16.0 * sd, self.greatest - self.least) > 2 * MOST_STEPS:
            raise self.too_many(16.0 * sd)

    @property
    def least(self) -> float:
        """What must be marked, since the others do not suffice."""
        return max(0.0, self.draws - (self.population - self.marked))

    @property
    def greatest(self) -> float:
        """All marked, or all drawn."""
        return min(self.marked, self.draws)

    def below(self, k: Array) -> Array:
        """Return the sum of the probabilities up to k."""
        return _sums(self.population, self.marked, self.draws).below(k)

    def above(self, k: Array) -> Array:
        """Return the sum of the probabilities beyond k."""
        return _sums(self.population, self.marked, self.draws).above(k)

    def moments(self) -> tuple[float, float]:
        """Return n p and sqrt(n p (1 - p) (N - n) / (N - 1)), p = marked / population."""
        p = self.marked / self.population
        rest = (self.population - self.draws) / (self.population - 1.0)
        return self.draws * p, math.sqrt(self.draws * p * (1.0 - p) * rest)


@lru_cache(maxsize=8)
def _sums(population: float, marked: float, draws: float) -> Sums:
    """Return the sums of the counts that Hoeffding's bound lets occur more often than 1e-300.

    The bound is 2 exp(-2 t^2 / n) for the distance t from the mean.
    """
    trials = min(draws, marked, population - draws, population - marked)
    mean, reach = draws * marked / population, math.sqrt(350.0 * trials) + 2.0
    low = max(0.0, draws - (population - marked), math.floor(mean - reach))
    high = min(marked, draws, math.ceil(mean + reach))
    k = np.arange(low, high)
    ratios = (marked - k) * (draws - k) / ((k + 1.0) * (population - marked - draws + k + 1.0))
    return add_up(low, ratios)


@dataclass(frozen=True)
class Integers(Count):
    """Whole numbers from ``min`` to ``max``, both included, all alike."""

    family: ClassVar[str] = "integers"
    twin: ClassVar[str] = 'write dist = "uniform" from min to max + 1, and floor() in a formula'
    min: float
    max: float

    def check(self) -> None:
        """Refuse ends that are not whole, or not in order."""
        whole("min", self.min)
        whole("max", self.max)
        increasing("min", self.min, "max", self.max)

    @property
    def least(self) -> float:
        """Return min."""
        return self.min

    @property
    def greatest(self) -> float:
        """Return max."""
        return self.max

    def below(self, k: Array) -> Array:
        """Return the share of the numbers up to k."""
        return (np.asarray(k) - self.min + 1.0) / (self.max - self.min + 1.0)

    def above(self, k: Array) -> Array:
        """Return the share of the numbers beyond k."""
        return (self.max - np.asarray(k)) / (self.max - self.min + 1.0)

    def moments(self) -> tuple[float, float]:
        """Return the middle, and sqrt((n^2 - 1) / 12) of n numbers."""
        n = self.max - self.min + 1.0
        return self.min + (n - 1.0) / 2.0, math.sqrt((n - 1.0) * (n + 1.0) / 12.0)


FAMILIES = (
    Family(
        name="hypergeometric",
        summary="how many of those drawn are marked, if none is put back",
        forms=(Form(("population", "marked", "draws"), Hypergeometric),),
        example='{ dist = "hypergeometric", population = 100, marked = 15, draws = 20 }',
    ),
    Family(
        name="integers",
        summary="the whole numbers from min to max, all alike",
        forms=(Form(("min", "max"), Integers),),
        example='{ dist = "integers", min = 1, max = 6 }',
    ),
)

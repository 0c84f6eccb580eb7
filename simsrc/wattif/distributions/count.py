"""What all counts have in common: whole numbers, drawn by their steps.

Steps that no uniform of 52 bits can reach are left out. To add a family of counts: a class with the
probabilities up to and beyond a count, each accurate where it is small.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import constant_hint, number

MOST_STEPS = 1_000_000
_UNREACHED = 2.0**-53  # the least uniform
_GREATEST = 2.0**53  # beyond, floats skip whole numbers


@dataclass(frozen=True)
class Count(Distribution):
    """Whole numbers from ``least`` to ``greatest``."""

    twin: ClassVar[str]  # what represents large counts well

    @property
    def least(self) -> float:
        """The least count."""
        return 0.0

    @property
    def greatest(self) -> float:
        """The greatest count, if there is one."""
        return math.inf

    @abstractmethod
    def below(self, k: Array) -> Array:
        """Return P(X <= k) for whole numbers k of the support."""

    @abstractmethod
    def above(self, k: Array) -> Array:
        """Return P(X > k) for whole numbers k of the support."""

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the probability up to the whole number at or below x, or of the rest."""
        whole = np.floor(np.asarray(x, dtype=np.float64))
        part = (self.above if upper else self.below)(np.clip(whole, self.least, self._last))
        start, end = (1.0, 0.0) if upper else (0.0, 1.0)
        return np.where(whole < self.least, start, np.where(whole >= self.greatest, end, part))

    @property
    def _last(self) -> float:
        """The greatest count that has a float of its own."""
        return min(self.greatest, _GREATEST)

    @property
    def support(self) -> tuple[float, float]:
        """Least and greatest count."""
        return self.least, self.greatest

    def shape(self) -> Shape:
        """Draw by searching the cumulative probabilities that can be reached."""
        first, last = self.reach()
        k = np.arange(first, last + 1.0)
        below, above = self.below(k), self.above(k)
        # A step of less than 2^-53 must not be a step down.
        cumulative = np.maximum.accumulate(np.where(below <= 0.5, below, 1.0 - above))
        cumulative[-1] = 1.0
        return Shape("steps", values=tuple(k.tolist()), cumulative=tuple(cumulative.tolist()))

    def reach(self) -> tuple[float, float]:
        """Return the first and the last count that the least and greatest uniforms reach."""
        low, high = self.least, self._last
        first = _bisect(lambda k: bool(self.below(np.array(k)) > _UNREACHED), low, high)
        last = _bisect(lambda k: bool(self.above(np.array(k)) < _UNREACHED), first, high)
        if last - first >= MOST_STEPS:
            raise self.too_many(last - first + 1.0)
        return first, last

    def too_many(self, steps: float) -> BeliefError:
        """Return the refusal of so many steps."""
        message = f"{self.family} would take about {steps:.3g} separate values"
        return BeliefError(message + f", more than {MOST_STEPS:,}", hint=self.twin)

    def __post_init__(self) -> None:
        self.check()
        self.reach()

    @abstractmethod
    def check(self) -> None:
        """Refuse parameters that make no distribution."""


def _bisect(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return the least whole number in [low, high] for which something holds, the last if none."""
    while low < high:
        middle = math.floor((low + high) / 2.0)
        low, high = (low, middle) if holds(middle) else (middle + 1.0, high)
    return low


@dataclass(frozen=True, eq=False)
class Sums:
    """Probabilities up to and beyond the counts ``first``, ``first`` + 1, ..."""

    first: float
    up_to: Array
    beyond: Array

    def below(self, k: Array) -> Array:
        """Return P(X <= k)."""
        place = np.asarray(k - self.first).astype(np.int64)
        return np.where(place < 0, 0.0, self.up_to[np.clip(place, 0, self.up_to.size - 1)])

    def above(self, k: Array) -> Array:
        """Return P(X > k)."""
        place = np.asarray(k - self.first).astype(np.int64)
        return np.where(place < 0, 1.0, self.beyond[np.clip(place, 0, self.beyond.size - 1)])


def add_up(first: float, ratios: Array) -> Sums:
    """Return the sums for probabilities with given ratios of neighbours, which must fall.

    From the mode outwards, so that rounding errors grow by one ulp a step.
    """
    mode = int(np.searchsorted(-ratios, -1.0))
    falling = np.cumprod(ratios[mode:])
    rising = np.cumprod(1.0 / ratios[:mode][::-1])[::-1]
    mass = np.concatenate([rising, [1.0], falling])
    mass /= mass.sum()
    up_to, beyond = np.cumsum(mass), np.append(np.cumsum(mass[:0:-1])[::-1], 0.0)
    return Sums(first, np.minimum(up_to, 1.0), np.minimum(beyond, 1.0))


def whole(name: str, value: float) -> None:
    """Refuse a number that is not whole."""
    if value != math.floor(value) or abs(value) > _GREATEST:
        raise BeliefError(f"{name} must be a whole number, found {number(value)}", name)


def uncertain(p: float, sure: float) -> None:
    """Refuse a probability outside (0, 1); at 0 and 1 the count is known."""
    if not 0.0 < p < 1.0:
        hint = constant_hint(sure * p) if p in (0.0, 1.0) else ""
        raise BeliefError(
            f"p must lie between 0 and 1, both excluded, found {number(p)}", "p", hint
        )

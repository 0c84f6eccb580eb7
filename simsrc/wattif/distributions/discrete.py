"""Separate values: discrete and Bernoulli."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape
from wattif.distributions.checks import constant_hint, number, within
from wattif.distributions.family import Family, Form
from wattif.distributions.steps import Steps, check_weights, gather


@dataclass(frozen=True)
class Discrete(Distribution):
    """One of ``values``, with probabilities in proportion to ``weights``."""

    family: ClassVar[str] = "discrete"
    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.weights):
            found = f"found {len(self.values)} values and {len(self.weights)} weights"
            raise BeliefError(f"discrete needs one weight for each value, {found}", "weights")
        check_weights(self.weights)
        self._refuse_constant()

    def _refuse_constant(self) -> None:
        possible = {v for v, w in zip(self.values, self.weights, strict=True) if w > 0.0}
        if len(possible) == 1:
            value = possible.pop()
            message = f"discrete needs two or more possible values, found only {number(value)}"
            raise BeliefError(message, "values", constant_hint(value))

    @property
    def _steps(self) -> Steps:
        return gather(self.values, self.weights)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the sum of the probabilities up to x."""
        return self._steps.probability(x, upper)

    def shape(self) -> Shape:
        """Draw by searching the cumulative probabilities."""
        return self._steps.shape()

    def moments(self) -> tuple[float, float]:
        """Return the weighted mean and standard deviation."""
        return self._steps.moments()


@dataclass(frozen=True)
class Bernoulli(Distribution):
    """1 with probability ``p``, else 0."""

    family: ClassVar[str] = "bernoulli"
    p: float

    def __post_init__(self) -> None:
        within("p", self.p, 0.0, 1.0)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return 0, 1 - p or 1."""
        x = np.asarray(x, dtype=np.float64)
        below = np.where(x < 0.0, 0.0, np.where(x < 1.0, 1.0 - self.p, 1.0))
        above = np.where(x < 0.0, 1.0, np.where(x < 1.0, self.p, 0.0))
        return above if upper else below

    def shape(self) -> Shape:
        """Draw 0 where u < 1 - p, else 1."""
        return Shape("steps", values=(0.0, 1.0), cumulative=(1.0 - self.p, 1.0))

    def moments(self) -> tuple[float, float]:
        """Return p and sqrt(p (1 - p))."""
        return self.p, math.sqrt(self.p * (1.0 - self.p))


FAMILIES = (
    Family(
        name="discrete",
        summary="one of a few values",
        forms=(Form(("values", "weights"), Discrete, lists=frozenset({"values", "weights"})),),
        example='{ dist = "discrete", values = [8, 16, 32], weights = [0.2, 0.5, 0.3] }',
    ),
    Family(
        name="bernoulli",
        summary="1 with probability p, else 0: a thing that happens or not",
        forms=(Form(("p",), Bernoulli),),
        example='{ dist = "bernoulli", p = 0.1 }',
    ),
)

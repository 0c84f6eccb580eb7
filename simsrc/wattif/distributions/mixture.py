"""Mixtures: with probability 0.7 it is this, with 0.3 that. The linear pool of opinions.

A draw is the mixture's own quantile at one u, so that it rises with u and correlates as any other.
Separate values stay what they are: flat pieces of the quantile function, with jumps around them.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.checks import number
from wattif.distributions.mixed_curve import Curve, Part
from wattif.distributions.nested import as_table, as_tables, check_members
from wattif.distributions.point import Point
from wattif.distributions.steps import MOST_VALUES, Steps, gather

MOST_PARTS = 256
_MOST_BREAKS = 2_000  # each costs a piece or two of the table, which has room for 25,000


@dataclass(frozen=True)
class Blend(Distribution):
    """One of several beliefs, each with its probability."""

    @property
    @abstractmethod
    def shares(self) -> tuple[Part, ...]:
        """The beliefs with their probabilities, which add up to 1; those of 0 left out."""

    def __post_init__(self) -> None:
        self.check()
        if len(self.parts) > MOST_PARTS:
            message = f"{self.family} of {len(self.parts)} beliefs; at most {MOST_PARTS} are taken"
            raise BeliefError(message, "of")
        self._refuse_many()
        if self._steps is not None and self._steps.values.size == 1:
            value = number(float(self._steps.values[0]))
            hint = f"write value = {value}"
            raise BeliefError(f"{self.family} has only one possible value, {value}", "of", hint)

    @abstractmethod
    def check(self) -> None:
        """Refuse parameters that make no distribution."""

    def _refuse_many(self) -> None:
        if self._steps is not None:
            if self._steps.values.size > MOST_VALUES:
                message = f"{self.family} of {self._steps.values.size:,} separate values"
                raise BeliefError(f"{message}; at most {MOST_VALUES:,} are taken", "of")
        elif self.atoms.size > _MOST_BREAKS:
            message = f"{self.family} of a continuous belief with {self.atoms.size:,} separate"
            hint = 'make the many values continuous: form = "smooth" for data'
            raise BeliefError(f"{message} values; at most {_MOST_BREAKS:,} are taken", "of", hint)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The beliefs with their probabilities, blends among them taken apart."""
        return tuple(_parts(self, 1.0))

    @cached_property
    def _steps(self) -> Steps | None:
        """All values with their probabilities, if there is nothing else."""
        shapes = [part.distribution.shape() for part in self.parts]
        if any(shape.kind != "steps" for shape in shapes):
            return None
        masses = [
            part.weight * np.diff(shape.cumulative, prepend=0.0)
            for part, shape in zip(self.parts, shapes, strict=True)
        ]
        values = np.concatenate([np.array(shape.values) for shape in shapes])
        return gather(values, np.concatenate(masses))

    @cached_property
    def _curve(self) -> Curve:
        return Curve(self.parts)

    @property
    def support(self) -> tuple[float, float]:
        """From the least of the members' to the greatest."""
        ends = [part.distribution.support for part in self.parts]
        return min(low for low, _ in ends), max(high for _, high in ends)

    @property
    def has_inner_tails(self) -> bool:
        """Where one member ends and the next begins."""
        return True

    @cached_property
    def atoms(self) -> Array:
        """Those of all members."""
        return np.unique(np.concatenate([part.distribution.atoms for part in self.parts]))

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the weighted mean of the members' probabilities."""
        sums: Array = np.zeros(np.shape(x))
        for part in self.parts:
            sums = sums + part.weight * part.distribution.probability(x, upper)
        low, high = self.support
        outside = (np.asarray(x) < low, np.asarray(x) >= high)
        start, end = (1.0, 0.0) if upper else (0.0, 1.0)
        # Exactly, however the weights were rounded.
        return np.select(outside, (start, end), np.clip(sums, 0.0, 1.0))

    def shape(self) -> Shape:
        """Draw from a table of its own; of logarithms, if the members' are."""
        if self._steps is not None:
            return self._steps.shape()
        low, high = self.support
        curve = self._curve
        is_log = not self.atoms.size and all(p.distribution.shape().exponential for p in self.parts)
        return Shape(
            kind="table",
            location=1.0 if is_log else 0.0,
            exponential=is_log,
            low=low,
            high=high,
            key=(self.family, self),
            quantile=curve.log_quantile if is_log else curve.quantile,
            kinks=curve.kinks,
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and sd from those of the members."""
        known = [(part.weight, *part.distribution.moments()) for part in self.parts]
        mean = sum(weight * m for weight, m, _ in known)
        if not math.isfinite(mean):
            return mean, mean
        return mean, math.sqrt(math.fsum(w * (s * s + (m - mean) ** 2) for w, m, s in known))


def _parts(blend: Blend, factor: float) -> Iterator[Part]:
    for part in blend.shares:
        if isinstance(part.distribution, Blend):
            yield from _parts(part.distribution, factor * part.weight)
        else:
            yield Part(factor * part.weight, part.distribution)


@dataclass(frozen=True)
class Mixture(Blend):
    """One of the ``members``, with probabilities in proportion to ``weights``."""

    family: ClassVar[str] = "mixture"
    members: tuple[Distribution, ...]
    weights: tuple[float, ...]

    def check(self) -> None:
        """Refuse weights that are none, or are not one for each member."""
        check_members(self.family, self.members, self.weights)

    @property
    def parameters(self) -> dict[str, Stated]:
        """Return the members as tables, and the weights as given."""
        return {"of": as_tables(self.members), "weights": self.weights}

    @property
    def shares(self) -> tuple[Part, ...]:
        """The members, with normalised weights."""
        total = math.fsum(self.weights)
        every = zip(self.weights, self.members, strict=True)
        return tuple(Part(weight / total, member) for weight, member in every if weight > 0.0)


@dataclass(frozen=True)
class ZeroInflated(Blend):
    """0 with probability ``p``, else a draw of ``of``."""

    family: ClassVar[str] = "zero-inflated"
    p: float
    of: Distribution

    def check(self) -> None:
        """Refuse a probability that leaves nothing uncertain."""
        if not 0.0 < self.p < 1.0:
            message = f"p must lie between 0 and 1, both excluded, found {number(self.p)}"
            raise BeliefError(message, "p", "p is the probability of exactly 0")

    @property
    def parameters(self) -> dict[str, Stated]:
        """Return p, and the belief as a table."""
        return {"p": self.p, "of": as_table(self.of)}

    @property
    def shares(self) -> tuple[Part, ...]:
        """0, and the belief."""
        return Part(self.p, Point(0.0)), Part(1.0 - self.p, self.of)

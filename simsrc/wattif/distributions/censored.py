"""Censoring: what lies beyond a bound is put on it, where truncation leaves it out.

Stock that cannot be sold below 0, a meter that reads 100 at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.checks import constant_hint, number
from wattif.distributions.moments import quantile_moments
from wattif.distributions.nested import as_table
from wattif.distributions.steps import gather


@dataclass(frozen=True)
class Censored(Distribution):
    """A draw of ``of``, moved to ``min`` or ``max`` (infinite where open) if it lies beyond."""

    family: ClassVar[str] = "censored"
    of: Distribution
    min: float = -math.inf
    max: float = math.inf

    def __post_init__(self) -> None:
        found = f"found min = {number(self.min)} and max = {number(self.max)}"
        if math.isinf(self.min) and math.isinf(self.max):
            raise BeliefError("censored needs min or max, found neither", "of")
        if not self.min < self.max:
            raise BeliefError(f"min must be less than max, {found}", "min")
        low, high = self.of.support
        for bound, name in ((self.min, "min"), (self.max, "max")):
            if math.isfinite(bound) and (bound >= high if name == "min" else bound <= low):
                message = f"{name} = {number(bound)} leaves nothing uncertain: all lies beyond"
                raise BeliefError(message, name, constant_hint(bound))

    @property
    def parameters(self) -> dict[str, Stated]:
        """Return the belief as a table, and the bounds there are."""
        bounds: dict[str, Stated] = {"min": self.min, "max": self.max}
        return {"of": as_table(self.of), **bounds}

    @property
    def _mass_at(self) -> tuple[float, float]:
        """Probabilities of the two bounds."""
        below = float(self.of.probability(self.min)) if math.isfinite(self.min) else 0.0
        if math.isinf(self.max):
            return below, 0.0
        return below, float(self.of.probability(np.nextafter(self.max, -np.inf), upper=True))

    @property
    def has_inner_tails(self) -> bool:
        """If the belief has."""
        return self.of.has_inner_tails

    @property
    def atoms(self) -> Array:
        """Those of the belief that lie between the bounds, and the bounds."""
        ends = [b for b, mass in zip((self.min, self.max), self._mass_at, strict=True) if mass > 0]
        inside = self.of.atoms[(self.of.atoms >= self.min) & (self.of.atoms <= self.max)]
        return np.unique(np.concatenate([inside, ends]))

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return that of the belief between the bounds."""
        x = np.asarray(x, dtype=np.float64)
        start, end = (1.0, 0.0) if upper else (0.0, 1.0)
        inside = self.of.probability(x, upper)
        return np.where(x < self.min, start, np.where(x >= self.max, end, inside))

    def shape(self) -> Shape:
        """Draw the belief's quantiles between the bounds."""
        whole = self.of.shape()
        if whole.kind == "steps":
            masses = np.diff(whole.cumulative, prepend=0.0)
            return gather(np.clip(whole.values, self.min, self.max), masses).shape()
        low, high = self.of.support
        below, above = self._mass_at
        kinks = {*whole.kinks, below, 1.0 - above}
        return Shape(
            kind="table",
            low=max(low, self.min),
            high=min(high, self.max),
            key=("censored", self),
            quantile=lambda p, upper: np.clip(self.of.quantile(p, upper), self.min, self.max),
            kinks=tuple(sorted(u for u in kinks if 0.0 < u < 1.0)),
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and sd: of separate values exactly, else by quadrature."""
        shape = self.shape()
        if shape.kind == "steps":
            return gather(shape.values, np.diff(shape.cumulative, prepend=0.0)).moments()
        return quantile_moments(self)

"""Truncation: what is left of a distribution between two bounds, renormalised."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import (
    Array,
    BeliefError,
    Distribution,
    QuantileFunction,
    Shape,
    Stated,
    place,
)
from wattif.distributions.checks import number
from wattif.distributions.moments import quantile_moments

_LEAST_MASS = 1e-200  # leaves room for tails of 2^-53 of it, and for their quantiles
_THINNEST = 1e-7  # of a side; a thinner slice is lost in the rounding of its ends' probabilities


@dataclass(frozen=True)
class Slice:
    """The part of a distribution between two bounds, by the probabilities of its ends.

    Each end has P(X <= end) and P(X > end), so that whichever is small is exact.
    """

    low_below: float
    low_above: float
    high_below: float
    high_above: float

    @property
    def mass(self) -> float:
        """Probability between the bounds."""
        if self.high_below <= 0.5:
            return self.high_below - self.low_below
        if self.low_above <= 0.5:
            return self.low_above - self.high_above
        return 1.0 - self.low_below - self.high_above

    @property
    def is_usable(self) -> bool:
        """Whether quantiles inside the slice keep ten digits."""
        side = min(self.high_below, self.low_above, 0.5)
        return self.mass > max(_LEAST_MASS, _THINNEST * side)

    def quantile(self, whole: QuantileFunction, p: Array, upper: bool) -> Array:
        """Return the slice's quantiles, given those of the whole; p in (0, 1/2]."""
        if upper:
            below = self.high_below - p * self.mass
            above = self.high_above + p * self.mass
        else:
            below = self.low_below + p * self.mass
            above = self.low_above - p * self.mass
        x = np.empty_like(p)
        near = below <= 0.5
        x[near] = whole(below[near], False)
        x[~near] = whole(above[~near], True)
        return x

    def inside(self, u: float) -> float:
        """Return where in the slice the whole's u falls; outside (0, 1) if it does not."""
        return (u - self.low_below) / self.mass


def cut(distribution: Distribution, low: float, high: float) -> Slice:
    """Return the slice of a distribution between two bounds, infinite where open."""
    # A value that has a probability of its own is kept if it is a bound.
    start = np.nextafter(low, -math.inf) if low in distribution.atoms else low
    ends = np.array([start, high])
    below, above = distribution.probability(ends), distribution.probability(ends, upper=True)
    return Slice(float(below[0]), float(above[0]), float(below[1]), float(above[1]))


def check_bounds(low: float, high: float) -> None:
    """Refuse bounds that enclose nothing or leave out nothing."""
    found = f"found truncate = [{number(low)}, {number(high)}]"
    if not low < high:
        raise BeliefError(f"truncate must be two increasing bounds, {found}", "truncate")
    if math.isinf(low) and math.isinf(high):
        raise BeliefError(f"truncate needs at least one finite bound, {found}", "truncate")


@dataclass(frozen=True)
class Truncated(Distribution):
    """A continuous ``parent``, kept between ``low`` and ``high`` (infinite where open)."""

    parent: Distribution
    low: float
    high: float

    def __post_init__(self) -> None:
        check_bounds(self.low, self.high)
        if self.parent.shape().kind == "steps":
            message = f"{self.parent.family} cannot be truncated: it takes separate values"
            hint = "leave out the values that cannot occur, with their weights"
            raise BeliefError(message, "truncate", hint)
        if not cut(self.parent, self.low, self.high).is_usable:
            raise self._nothing_left()

    def _nothing_left(self) -> BeliefError:
        lower, upper = self.parent.quantile([0.001, 0.999])
        message = (
            f"truncate = [{number(self.low)}, {number(self.high)}] leaves next to nothing of "
            f"{self.parent.family}, which lies between {lower:.6g} and {upper:.6g} (99.8 %)"
        )
        return BeliefError(message, "truncate", "check the bounds against the parameters")

    @property
    def family(self) -> str:  # type: ignore[override]
        """Name of the parent's family."""
        return self.parent.family

    @property
    def parameters(self) -> dict[str, Stated]:
        """Return the parent's parameters, and the bounds as ``truncate``."""
        return {**self.parent.parameters, "truncate": (self.low, self.high)}

    @property
    def has_inner_tails(self) -> bool:
        """If the parent has."""
        return self.parent.has_inner_tails

    @property
    def atoms(self) -> Array:
        """The parent's, between the bounds."""
        every = self.parent.atoms
        return every[(every >= self.low) & (every <= self.high)]

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the parent's probability beyond the bound, over what is kept."""
        below_all = np.less if self.low in self.parent.atoms else np.less_equal
        starts = below_all(x, self.low)
        x = np.clip(x, self.low, self.high)
        part = cut(self.parent, self.low, self.high)
        below, above = self.parent.probability(x), self.parent.probability(x, upper=True)
        if upper:
            kept = np.where(below <= 0.5, part.high_below - below, above - part.high_above)
            at_low, at_high = 1.0, 0.0
        else:
            kept = np.where(below <= 0.5, below - part.low_below, part.low_above - above)
            at_low, at_high = 0.0, 1.0
        inside = np.clip(kept / part.mass, 0.0, 1.0)
        # Exactly, whichever way the mass was rounded.
        return np.where(starts, at_low, np.where(x >= self.high, at_high, inside))

    def shape(self) -> Shape:
        """Draw from the parent's quantiles between those of the bounds."""
        whole = self.parent.shape()
        part = cut(self.parent, self.low, self.high)
        low, high = max(whole.low, self.low), min(whole.high, self.high)
        if whole.quantile is None:
            first, span = part.low_below, part.mass
            if whole.exponential:
                location = float(place(whole, np.array(first)))
            else:
                location = whole.location + whole.scale * first
            scale = whole.scale * span
            return replace(whole, location=location, scale=scale, low=low, high=high)
        quantile = whole.quantile
        kinks = (part.inside(u) for u in whole.kinks)
        return replace(
            whole,
            low=low,
            high=high,
            key=("truncated", whole.key, whole.exponential, part),
            quantile=lambda p, upper: part.quantile(quantile, p, upper),
            kinks=tuple(u for u in kinks if 0.0 < u < 1.0),
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and sd by quadrature."""
        return quantile_moments(self, cut(self.parent, self.low, self.high).mass)


def drawn(parent: Distribution, bounds: tuple[float, float]) -> Distribution:
    """Return what is drawn of a parent within bounds, infinite where open."""
    if math.isinf(bounds[0]) and math.isinf(bounds[1]):
        return parent
    return Truncated(parent, *bounds)

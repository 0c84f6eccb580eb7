"""The shapes that an interval "a to b" could have, with its two ends where they are.

To add a shape: its name in ``SHAPES``, and a case in :func:`read_as`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wattif.distributions import BeliefError, Distribution, make
from wattif.distributions.truncated import Truncated
from wattif.language.model import Model, Quantity, Random

SHAPES = ("normal", "lognormal", "pert", "log-uniform", "metalog")


@dataclass(frozen=True)
class Stated:
    """An "a to b" of a study: its ends, in the quantity's unit, and what it was read as.

    ``bounds`` are those that the study sets by ``domain`` and ``truncate``, infinite where open.
    """

    quantity: Quantity
    low: float
    high: float
    level: float
    read: Distribution
    bounds: tuple[float, float]

    @property
    def key(self) -> str:
        """Key of the quantity."""
        return self.quantity.key

    @property
    def tails(self) -> tuple[float, float]:
        """The percentiles that its ends are: 5 and 95."""
        below = round(50.0 * (1.0 - self.level), 10)  # 5.0, not 4.999999999999999
        return below, round(100.0 - below, 10)


def stated_intervals(model: Model) -> tuple[Stated, ...]:
    """Return every "a to b" that an output of a model needs, each once."""
    found: dict[str, Stated] = {}
    for place in model.table:
        quantity = model.table[place]
        belief = quantity.belief
        if place in model.needed and isinstance(belief, Random) and belief.interval:
            low, high = belief.interval
            bounds = _bounds(quantity, belief.distribution)
            read = belief.distribution
            found[quantity.key] = Stated(quantity, low, high, belief.level, read, bounds)
    return tuple(found.values())


def _bounds(quantity: Quantity, read: Distribution) -> tuple[float, float]:
    low, high = quantity.domain or (-math.inf, math.inf)
    if isinstance(read, Truncated):
        low, high = max(low, read.low), min(high, read.high)
    return low, high


def with_distributions(model: Model, distributions: Mapping[str, Distribution]) -> Model:
    """Return a model in which quantities, by key, have other distributions."""
    return replace(
        model,
        table={place: _with(quantity, distributions) for place, quantity in model.table.items()},
    )


def _with(quantity: Quantity, distributions: Mapping[str, Distribution]) -> Quantity:
    if quantity.key not in distributions or not isinstance(quantity.belief, Random):
        return quantity
    belief = replace(quantity.belief, distribution=distributions[quantity.key])
    return replace(quantity, belief=belief)


def read_as(shape: str, stated: Stated) -> Distribution:
    """Return the distribution of a shape whose interval has the stated ends, within the bounds.

    Raises
    ------
    BeliefError
        If there is none, as no lognormal reaches across 0.
    """
    first, last = stated.tails
    points = {f"p{first:.12g}": stated.low, f"p{last:.12g}": stated.high}
    low, high = stated.bounds
    if shape == "pert":
        return _pert(stated)
    if shape == "metalog":
        ends = {"min": max(low, 0.0) if stated.low > 0.0 else low, "max": high}
        finite = {name: end for name, end in ends.items() if math.isfinite(end)}
        return make("metalog", {**points, **finite})
    if shape != "normal" and low <= 0.0:
        low = -math.inf  # the others do not come there anyway
    bounds = (low, high) if math.isfinite(low) or math.isfinite(high) else None
    return make(shape, points, bounds)


def _pert(stated: Stated) -> Distribution:
    """Return the PERT whose interval has the ends, and whose mode lies in their middle.

    In the geometric middle if both are positive. Where the mode lies within the range fixes alpha
    and beta, and these how far the range reaches beyond the interval.
    """
    from scipy import optimize

    low, high = stated.low, stated.high
    mode = math.sqrt(low) * math.sqrt(high) if low > 0.0 else (low + high) / 2.0
    wanted = (mode - low) / (high - low)

    def missed(place: float) -> float:
        first, last = _ends(place, stated.tails)
        return (place - first) / (last - first) - wanted

    place = float(optimize.brentq(missed, 0.0, 1.0, xtol=1e-15, rtol=1e-14))
    first, last = _ends(place, stated.tails)
    span = (high - low) / (last - first)
    least = low - first * span
    if least < stated.bounds[0] or least + span > stated.bounds[1]:
        message = f"its range {least:.4g} to {least + span:.4g} leaves the domain"
        raise BeliefError(message)
    return make("pert", {"min": least, "mode": least + place * span, "max": least + span})


def _ends(place: float, tails: tuple[float, float]) -> tuple[float, float]:
    """Return two percentiles of the PERT on [0, 1] with its mode at a place."""
    pert = make("pert", {"min": 0.0, "mode": place, "max": 1.0})
    first = float(pert.quantile(tails[0] / 100.0))
    return first, float(pert.quantile(1.0 - tails[1] / 100.0, upper=True))

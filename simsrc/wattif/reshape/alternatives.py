"""The shapes that an interval "a to b" could have, with its two ends where they are.

To add a shape: its name in ``SHAPES``, and a case in :func:`read_as`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wattif.distributions import BeliefError, Distribution, make
from wattif.distributions.truncated import Truncated
from wattif.language.expression import Call, Draw, Expression, Name
from wattif.language.model import Conditional, Model, Quantity, Random

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
    """Return every "a to b" that an output of a model needs and that may change, each once."""
    found: dict[str, Stated] = {}
    settled = settled_intervals(model)
    for place in model.table:
        quantity = model.table[place]
        belief = quantity.belief
        if quantity.key in settled or place not in model.needed:
            continue
        if isinstance(belief, Random) and belief.interval:
            low, high = belief.interval
            bounds = _bounds(quantity, belief.distribution)
            read = belief.distribution
            found[quantity.key] = Stated(quantity, low, high, belief.level, read, bounds)
    return tuple(found.values())


def settled_intervals(model: Model) -> tuple[str, ...]:
    """Return the keys of intervals that decide the shape of another quantity.

    That one is drawn from a grid of distributions, made for the range of the interval as it was
    read.
    """
    keys = [
        model.find(name.system or system, name.name).key
        for system, name in _places_in_grids(model)
        if isinstance(model.find(name.system or system, name.name).belief, Random)
    ]
    return tuple(dict.fromkeys(keys))


def _places_in_grids(model: Model) -> Iterator[tuple[str, Name]]:
    """Yield the names that say where in a grid a draw is, with the system that asks."""
    for place in model.table:
        belief = model.table[place].belief
        if place in model.needed and isinstance(belief, Conditional):
            for part in _parts(belief.expression):
                if isinstance(part, Draw) and part.place is not None:
                    names = (one for one in _parts(part.place) if isinstance(one, Name))
                    yield from ((place[0], name) for name in names)


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    if isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _parts(argument)


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

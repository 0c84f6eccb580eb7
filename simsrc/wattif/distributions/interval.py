"""What "a to b" means."""

from __future__ import annotations

import math
from decimal import Decimal

from wattif.distributions.base import BeliefError, Distribution
from wattif.distributions.checks import increasing, number
from wattif.distributions.make import make
from wattif.distributions.reading import read_number


def interval(
    low: float,
    high: float,
    domain: tuple[float, float] | None = None,
    level: float = 0.90,
) -> Distribution:
    """Return the distribution with a share ``level`` between two ends, and as much on each side.

    Lognormal if both are positive, normal if ``low`` is negative. Logit-normal if the quantity can
    only lie in a finite ``domain``, since those would leave it.
    """
    low, high = read_number("the first number", low), read_number("the second", high)
    increasing("the first number", low, "the second", high)
    first, last = tails(level)
    points = {first: low, last: high}
    floor, ceiling = domain or (-math.inf, math.inf)
    if not floor < low or not high < ceiling:
        raise _outside(low, high, floor, ceiling, first)
    if math.isfinite(floor) and math.isfinite(ceiling):
        return make("logit-normal", {**points, "min": floor, "max": ceiling})
    if low == 0.0:
        message = "an interval that starts at 0 could be lognormal or normal, and fits neither"
        hint = 'start it just above 0, or choose a family: dist = "uniform", min = 0, max = ...'
        raise BeliefError(message, hint=hint)
    return make("lognormal" if low > 0.0 else "normal", points)


def tails(level: float) -> tuple[str, str]:
    """Return the names of the percentiles that enclose a central share: p10 and p90 for 0.8."""
    if not 0.0 < level < 1.0:
        expected = "between 0 and 1, both excluded"
        raise BeliefError(f"level must lie {expected}, found {number(level)}", "level")
    below = (1 - Decimal(repr(float(level)))) * 50  # of the decimal number: 0.8 leaves 10, not 9.99
    return _name(below), _name(100 - below)


def _name(percent: Decimal) -> str:
    text = format(percent, "f")
    return "p" + (text.rstrip("0").rstrip(".") if "." in text else text)


def _outside(low: float, high: float, floor: float, ceiling: float, first: str) -> BeliefError:
    message = (
        f"the interval {number(low)} to {number(high)} must lie inside the domain "
        f"{number(floor)} to {number(ceiling)}, both ends excluded"
    )
    hint = (
        f"{first[1:]} % of it lies on either side: leave room there, or choose a family that "
        "reaches the end"
    )
    return BeliefError(message, hint=hint)

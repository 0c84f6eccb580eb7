"""What "a to b" means."""

from __future__ import annotations

import math

from wattif.distributions.base import BeliefError, Distribution
from wattif.distributions.checks import increasing, number
from wattif.distributions.make import make
from wattif.distributions.reading import read_number


def interval(low: float, high: float, domain: tuple[float, float] | None = None) -> Distribution:
    """Return the distribution with 5 % below ``low`` and 5 % above ``high``.

    Lognormal if both are positive, normal if ``low`` is negative. Logit-normal if the quantity can
    only lie in a finite ``domain``, since those would leave it.
    """
    low, high = read_number("the first number", low), read_number("the second", high)
    increasing("the first number", low, "the second", high)
    points = {"p5": low, "p95": high}
    floor, ceiling = domain or (-math.inf, math.inf)
    if not floor < low or not high < ceiling:
        raise _outside(low, high, floor, ceiling)
    if math.isfinite(floor) and math.isfinite(ceiling):
        return make("logit-normal", {**points, "min": floor, "max": ceiling})
    if low == 0.0:
        message = "an interval that starts at 0 could be lognormal or normal, and fits neither"
        hint = 'start it just above 0, or choose a family: dist = "uniform", min = 0, max = ...'
        raise BeliefError(message, hint=hint)
    return make("lognormal" if low > 0.0 else "normal", points)


def _outside(low: float, high: float, floor: float, ceiling: float) -> BeliefError:
    message = (
        f"the interval {number(low)} to {number(high)} must lie inside the domain "
        f"{number(floor)} to {number(ceiling)}, both ends excluded"
    )
    hint = (
        "5 % of it lies on either side: leave room there, or choose a family that reaches the end"
    )
    return BeliefError(message, hint=hint)

"""What the rule for claims looks at: how much of the study agrees, and how much of the claim."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wattif.analysis.claims import ClaimCheck
from wattif.analysis.cumulative import Cumulative
from wattif.analysis.estimates import UNKNOWN, Estimate

ROUNDING, ABOUT = 1.05, 1.10  # factors by which a figure, and one with "~", may be rounded
_FLOATS = 1e-12  # relative: what the rounding of a formula may do to a bound that is met


@dataclass(frozen=True)
class Measures:
    """What the rule looks at.

    ``holds`` is the probability of the claim; ``reached`` that of values at its nearer end or
    beyond; ``inside`` the share of the claim that lies within the 90 % interval; ``room`` the
    factor by which its ends lie beyond the interval, on average; ``width`` that between the
    interval's ends.
    """

    holds: Estimate
    reached: Estimate
    inside: Estimate
    room: float
    width: float


def measure(check: ClaimCheck, found: Cumulative) -> Measures:
    """Return the measures of a claim by the distribution of what it is about."""
    low, high = bounds(check)
    interval = found.quantile(0.05), found.quantile(0.95)
    ends = interval[0].value, interval[1].value
    loosened = _widened(low, high, ROUNDING)
    return Measures(
        holds=found.split(low, high)[1],
        reached=_reached(found, *loosened),
        inside=_inside((low, high), interval),
        room=_room(low, high, ends),
        width=ends[1] / ends[0] if ends[0] > 0 else math.nan,
    )


def bounds(check: ClaimCheck) -> tuple[float, float]:
    """Return the ends within which a value agrees with a claim: a figure is a rounded one."""
    if check.figure:
        return _widened(check.low, check.high, ABOUT if check.relation == "about" else ROUNDING)
    strict = check.relation in ("above", "below") and "=" not in check.says
    if strict:  # a value on the bound does not agree with "> 5"
        return _shifted(check.low, math.inf), _shifted(check.high, -math.inf)
    return _shifted(check.low, -math.inf), _shifted(check.high, math.inf)


def _shifted(bound: float, towards: float) -> float:
    """Return a bound moved by no more than the rounding of a formula."""
    if math.isinf(bound):
        return bound
    return math.nextafter(bound + math.copysign(_FLOATS * abs(bound), towards), towards)


def _widened(low: float, high: float, factor: float) -> tuple[float, float]:
    """Return ends that lie further apart, each by a factor."""
    return (low / factor if low > 0 else low * factor, high * factor if high > 0 else high / factor)


def _reached(found: Cumulative, low: float, high: float) -> Estimate:
    """Return the probability of values at the claim's nearer end or beyond it."""
    below, _, above = found.split(low, high)
    further = below if below.value > above.value else above
    return Estimate(1 - further.value, further.error)


def _inside(claim: tuple[float, float], interval: tuple[Estimate, Estimate]) -> Estimate:
    """Return the share of a claim that lies within an interval, on a log scale if it can be.

    That of a bound is 0: it goes on for ever.
    """
    if math.isinf(claim[0]) or math.isinf(claim[1]):
        return Estimate(0.0, 0.0)
    ends = np.array([*claim, *(end.value for end in interval)])
    if claim[0] == claim[1]:
        return Estimate(float(ends[2] <= claim[0] <= ends[3]), 0.0)
    errors = np.array([end.error for end in interval])
    if (ends > 0).all():
        errors, ends = errors / ends[2:], np.log(ends)
    length = ends[1] - ends[0]
    shared = min(ends[1], ends[3]) - max(ends[0], ends[2])
    return Estimate(max(shared / length, 0.0), float(np.hypot(*errors) / length))


def _room(low: float, high: float, interval: tuple[float, float]) -> float:
    """Return the factor by which a claim's ends lie beyond an interval, on average.

    An end that no positive quantity could cross, such as "> 0", is none.
    """
    scale = max(map(abs, interval))
    ends = [
        _beyond(low, interval[0], scale),
        _beyond(-high, -interval[1], scale),
    ]
    told = [end for end in ends if math.isfinite(end)]
    if not told:
        return math.inf
    return float(np.prod(told) ** (1 / len(told)))


def _beyond(end: float, edge: float, scale: float) -> float:
    """Return the factor by which a lower end lies below the interval's; infinite if it is none."""
    if math.isinf(end) or end <= 0 < edge:
        return math.inf
    return edge / end if edge > 0 else 1 + (edge - end) / (scale or 1.0)


def factor_of(check: ClaimCheck) -> Estimate:
    """Return the middle of a claim over the median; NaN where they have no ratio."""
    median, error = check.answer.median, check.answer.errors["p50"]
    middle = _middle(check)
    if not middle * median > 0:
        return UNKNOWN
    return Estimate(middle / median, middle / median * error / abs(median))


def _middle(check: ClaimCheck) -> float:
    if math.isinf(check.low) or math.isinf(check.high):
        return check.high if math.isinf(check.low) else check.low
    if check.low > 0:
        return math.sqrt(check.low) * math.sqrt(check.high)
    return (check.low + check.high) / 2

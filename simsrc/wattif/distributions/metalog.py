"""Metalog: a curve through any number of percentiles, unbounded or between bounds.

The curve and the proof that it rises are in :mod:`wattif.distributions.metalog_curve`.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.checks import constant_hint, increasing, inside, number
from wattif.distributions.family import Family, Form
from wattif.distributions.matching import match
from wattif.distributions.metalog_curve import Curve, fit, where_it_falls
from wattif.distributions.percentiles import Bounds, Points

MOST_TERMS = 20  # beyond it powers of u - 1/2 are no longer told apart
_LARGEST = 1e300  # coefficient whose curve stays within floats
_TINY = 1e-4  # of a percentile, written with an exponent
_LISTED = 6  # percentiles in a message


@dataclass(frozen=True)
class Metalog(Distribution):
    """Metalog of Keelin (2016), by the ``coefficients`` a1, a2, ... of its quantile function.

    They are those of x, or where there is a ``min``, a ``max`` or both, of ln(x - min),
    -ln(max - x) or ln((x - min) / (max - x)).
    """

    family: ClassVar[str] = "metalog"
    coefficients: tuple[float, ...]
    min: float = -math.inf
    max: float = math.inf

    def __post_init__(self) -> None:
        _check_terms(len(self.coefficients), f"found {len(self.coefficients)} coefficients")
        increasing("min", self.min, "max", self.max)
        if max(map(abs, self.coefficients)) > _LARGEST:
            raise OverflowError
        if not any(self.coefficients[1:]):
            centre = float(_outward(np.array(self.coefficients[0]), self.min, self.max))
            message = "coefficients after the first must not all be 0"
            raise BeliefError(message, "coefficients", constant_hint(centre))
        if fall := where_it_falls(self._curve):
            message = f"these coefficients make no distribution: the quantile function {_at(fall)}"
            hint = "every step to a higher percentile must lead to a higher value"
            raise BeliefError(message, "coefficients", hint)
        self.shape()  # overflows where no float holds the median

    @property
    def _curve(self) -> Curve:
        return Curve(self.coefficients)

    @property
    def parameters(self) -> dict[str, Stated]:
        """Coefficients, and the bounds that there are."""
        bounds = {"min": self.min, "max": self.max}
        finite = {name: bound for name, bound in bounds.items() if math.isfinite(bound)}
        return {"coefficients": self.coefficients, **finite}

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the u at which the quantile function reaches x, by Newton's method."""
        from scipy import special

        x = np.asarray(x, dtype=np.float64)
        low, high = self.support
        t = self._curve.log_odds(np.ravel(_inward(x, self.min, self.max))).reshape(x.shape)
        part: Array = special.expit(-t if upper else t)
        part = np.where(x <= low, 1.0 if upper else 0.0, part)
        return np.where(x >= high, 0.0 if upper else 1.0, part)

    def shape(self) -> Shape:
        """Draw from a table of its own, of ln x where its only bound is 0."""
        centre, rest = self.coefficients[0], Curve((0.0, *self.coefficients[1:]))
        low, high = (float(_outward(np.array(y), self.min, self.max)) for y in self._curve.ends)
        if self.min == 0.0 and math.isinf(self.max):
            key: Hashable = ("metalog", rest)
            return Shape("table", math.exp(centre), 1.0, True, low, high, key, rest.quantile)
        start, location, scale = 0.0, centre, 1.0
        unit = (0.0 if math.isfinite(self.min) else -math.inf, math.inf)
        if math.isfinite(self.max - self.min):
            start, location, scale, unit = centre, self.min, self.max - self.min, (0.0, 1.0)
        elif math.isfinite(self.min):
            location, scale = self.min, math.exp(centre)
        elif math.isfinite(self.max):
            location, scale, unit = self.max, math.exp(-centre), (-math.inf, 0.0)
        key = ("metalog", rest, start, unit)
        quantile = partial(_unit_quantile, rest, start, unit)
        return Shape("table", location, scale, False, low, high, key, quantile)


def _unit_quantile(curve: Curve, start: float, unit: Bounds, p: Array, upper: bool) -> Array:
    return _outward(start + curve.quantile(p, upper), *unit)


def _outward(y: Array, low: float, high: float) -> Array:
    """Return the x between the bounds that stands at y on the curve."""
    from scipy import special

    with np.errstate(over="ignore"):
        if math.isfinite(high - low):
            return np.asarray(low + (high - low) * special.expit(y))
        if math.isfinite(low):
            return np.asarray(low + np.exp(y))
        return np.asarray(high - np.exp(-y) if math.isfinite(high) else y)


def _inward(x: Array, low: float, high: float) -> Array:
    """Return where on the curve an x between the bounds stands."""
    with np.errstate(divide="ignore"):
        above = np.log(np.maximum(x - low, 0.0)) if math.isfinite(low) else None
        below = np.log(np.maximum(high - x, 0.0)) if math.isfinite(high) else None
    if above is not None and below is not None:
        return np.asarray(above - below)
    if above is not None:
        return np.asarray(above)
    return x if below is None else np.asarray(-below)


def _of_percentiles(
    points: Points, bounds: Bounds, terms: float, low: float, high: float
) -> Distribution:
    """Return the metalog through percentiles, or with fewer terms than these, the nearest one."""
    _check_bounds(points, low, high)
    count = _count_terms(points, terms)
    p = np.array([point.p for point in points])
    y = _inward(np.array([point.x for point in points]), low, high)
    coefficients = fit(p, y, count)
    if math.isfinite(bounds[0]) or math.isfinite(bounds[1]):
        _check_truncated(points, count)
        return match(lambda theta: _member(theta, low, high), points, bounds, [coefficients])
    if fall := where_it_falls(Curve(coefficients)):
        raise _infeasible(points, count, fall, (low, high))
    return Metalog(coefficients, low, high)


def _member(theta: Array, low: float, high: float) -> Metalog:
    return Metalog(tuple(theta.tolist()), low, high)


def _check_bounds(points: Points, low: float, high: float) -> None:
    increasing("min", low, "max", high)
    for point in points:
        if math.isfinite(high - low):
            inside(point.name, point.x, low, high)
        elif point.x <= low:
            message = f"{point.name} must be greater than min = {number(low)}"
            raise BeliefError(f"{message}, found {number(point.x)}", point.name)
        elif point.x >= high:
            message = f"{point.name} must be less than max = {number(high)}"
            raise BeliefError(f"{message}, found {number(point.x)}", point.name)


def _count_terms(points: Points, terms: float) -> int:
    """Return the number of terms: as many as percentiles, unless fewer are asked for."""
    if math.isinf(terms):
        found = f"found {len(points)} percentiles"
        _check_terms(len(points), found, hint="write terms = 5, to pass near them all")
        return len(points)
    most = min(len(points), MOST_TERMS)
    if terms != int(terms) or not 2 <= terms <= most:
        expected = "2" if most == 2 else f"a whole number from 2 to {most}"
        message = f"terms must be {expected}, found {number(terms)}"
        hint = "there can be no more terms than percentiles" if terms > len(points) else ""
        raise BeliefError(message, "terms", hint)
    return int(terms)


def _check_terms(count: int, found: str, hint: str = "") -> None:
    if not 2 <= count <= MOST_TERMS:
        message = f"a metalog has 2 to {MOST_TERMS} terms, {found}"
        raise BeliefError(message, hint=hint)


def _check_truncated(points: Points, terms: int) -> None:
    if terms < len(points):
        message = f"a truncated metalog meets its {len(points)} percentiles, and takes no terms"
        hint = "keep it between bounds by min and max in place of truncate"
        raise BeliefError(message, "terms", hint)


def _infeasible(points: Points, terms: int, fall: tuple[float, float], ends: Bounds) -> BeliefError:
    """Return why percentiles make no metalog, and with how many terms they nearly would."""
    wanted = f"these {len(points)} percentiles"
    if len(points) <= _LISTED:
        wanted = ", ".join(f"{point.name} = {number(point.x)}" for point in points)
    passes = "through" if terms == len(points) else f"with terms = {terms} near"
    message = f"no metalog passes {passes} {wanted}: its quantile function {_at(fall)}"
    piecewise = 'dist = "piecewise" passes through any'
    for fewer in range(terms - 1, 1, -1):
        p = np.array([point.p for point in points])
        x = np.array([point.x for point in points])
        coefficients = fit(p, _inward(x, *ends), fewer)
        if where_it_falls(Curve(coefficients)) is None:
            miss = np.abs(Metalog(coefficients, *ends).quantile(p) - x).max() / (x[-1] - x[0])
            near = f"terms = {fewer} misses them by up to {100 * miss:.2g} % of their range"
            return BeliefError(message, points[-1].name, f"{near}; {piecewise}")
    return BeliefError(message, points[-1].name, piecewise)


def _at(fall: tuple[float, float]) -> str:
    """Return where a quantile function falls, in words."""
    first, last = fall
    if (first, last) == (0.0, 1.0):
        return "falls everywhere"
    if first == last:
        return f"does not rise at {_percentile(first)}"
    if first == 0.0:
        return f"falls below {_percentile(last)}"
    if last == 1.0:
        return f"falls above {_percentile(first)}"
    return f"falls between {_percentile(first)} and {_percentile(last)}"


def _percentile(u: float) -> str:
    near, far = 100.0 * min(u, 1.0 - u), u > 0.5
    if near < _TINY:
        return f"p100 less {near:.1e}" if far else f"p{near:.1e}"
    decimals = max(1 - math.floor(math.log10(near)), 0)
    return f"p{round(100.0 - near if far else near, decimals):.12g}"


FAMILIES = (
    Family(
        name="metalog",
        summary="goes through any number of percentiles; unbounded, or within min, max or both",
        forms=(
            Form(
                ("coefficients",),
                Metalog,
                optional={"min": -math.inf, "max": math.inf},
                lists=frozenset({"coefficients"}),
            ),
            Form(
                (),
                _of_percentiles,
                # As many terms as percentiles, and no bounds.
                optional={"terms": math.inf, "min": -math.inf, "max": math.inf},
                percentiles=2,
                or_more=True,
            ),
        ),
        example='{ dist = "metalog", p10 = 2, p50 = 5, p90 = 12, min = 0 }',
    ),
)

"""The curve of a metalog: its quantile function, its fit to percentiles, and whether it rises.

M(u) = mu(c) + s(c) L, with c = u - 1/2, L = ln(u / (1 - u)) and two polynomials. Keelin, "The
metalog distributions", Decision Analysis 13 (2016), numbers their coefficients a1 (mu_0), a2 (s_0),
a3 (s_1), a4 (mu_1), then mu_2, s_2, mu_3, s_3, ...
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray

from wattif.distributions.base import Array
from wattif.distributions.inversion import solve

_LAST_LOG_ODDS = 745.0  # exp(-745) is the least float
_LEAST_P = 1e-16  # the grid on which a fall is described begins here; draws begin at 2^-53
_HALVINGS = 64
_MOST_CELLS = 100_000
_ROUNDING = 1e-14  # of the largest coefficient; what is less is no more than that
_LOWEST = 0.17604088548519852  # the p in (0, 1/2) where p (1 - p) L is least


def powers(terms: int) -> tuple[list[int], list[int]]:
    """Return the places of mu's and of s's coefficients among those of a metalog."""
    in_centre = [j for j in range(terms) if j in (0, 3) or (j > 3 and j % 2 == 0)]
    return in_centre, [j for j in range(terms) if j not in in_centre]


@dataclass(frozen=True)
class Curve:
    """A metalog's quantile function, unbounded. ``coefficients`` are Keelin's a1, a2, ..."""

    coefficients: tuple[float, ...]

    @property
    def centre(self) -> Polynomial:
        """The polynomial mu, in c."""
        places, _ = powers(len(self.coefficients))
        return Polynomial([self.coefficients[j] for j in places])

    @property
    def spread(self) -> Polynomial:
        """The polynomial s, in c."""
        _, places = powers(len(self.coefficients))
        return Polynomial([self.coefficients[j] for j in places])

    @property
    def ends(self) -> tuple[float, float]:
        """M(0) and M(1), infinite unless s is 0 throughout."""
        if self.spread.coef.any():
            return -np.inf, np.inf
        return float(self.centre(-0.5)), float(self.centre(0.5))

    def quantile(self, p: Array, upper: bool) -> Array:
        """Return M(p), or M(1 - p) if ``upper``, for p in (0, 1/2]."""
        c, log_odds = p - 0.5, np.log(p) - np.log1p(-p)
        if upper:
            c, log_odds = -c, -log_odds
        q: Array = self.centre(c) + self.spread(c) * log_odds
        return q

    def log_odds(self, y: Array) -> Array:
        """Return ln(u / (1 - u)) for the u with M(u) = y."""
        centre, spread = self.centre, self.spread
        rise, change = centre.deriv(), spread.deriv()

        def curve(t: Array) -> tuple[Array, Array]:
            c = np.tanh(t / 2.0) / 2.0
            product = (0.5 - c) * (0.5 + c)
            slope = product * (rise(c) + change(c) * t) + spread(c)
            return centre(c) + spread(c) * t, slope

        return solve(curve, y, np.zeros_like(y), -_LAST_LOG_ODDS, _LAST_LOG_ODDS)


def fit(p: Array, y: Array, terms: int) -> tuple[float, ...]:
    """Return the coefficients of the curve through (p, y), or nearest to them by least squares.

    p : (n,) increasing in (0, 1).  y : (n,).  terms : 2 to n.
    """
    basis = _basis(p, terms)
    middle = y[y.size // 2]
    wanted = y - middle
    found = np.linalg.lstsq(basis, wanted, rcond=0.0)[0]
    found += np.linalg.lstsq(basis, wanted - basis @ found, rcond=0.0)[0]  # a digit or two more
    found[np.abs(found) < _ROUNDING * np.abs(found).max()] = 0.0  # of a uniform all of s is 0
    found *= _halvings(terms)
    found[0] += middle
    return tuple(found.tolist())


def _basis(p: Array, terms: int) -> Array:
    """Return the functions that the coefficients multiply, (n, terms), with 2 c in place of c."""
    in_centre, in_spread = powers(terms)
    columns = np.empty((p.size, terms))
    columns[:, in_centre] = np.vander(2.0 * p - 1.0, len(in_centre), increasing=True)
    columns[:, in_spread] = np.vander(2.0 * p - 1.0, len(in_spread), increasing=True)
    columns[:, in_spread] *= (np.log(p) - np.log1p(-p))[:, None]
    return columns


def _halvings(terms: int) -> Array:
    """Return what turns coefficients of powers of 2 c into those of powers of c, exactly."""
    factors = np.empty(terms)
    for places in powers(terms):
        factors[places] = 2.0 ** np.arange(len(places))
    return factors


def where_it_falls(curve: Curve) -> tuple[float, float] | None:
    """Return a range of u in which the curve does not rise; None if it rises on all of (0, 1).

    The range is looked for on a grid that is fine in both tails. That there is none is then proved:
    the slope is bounded from below on cells that cover (0, 1), halved until each bound is positive.
    """
    slopes = [_Slope.of(curve, upper) for upper in (False, True)]
    if seen := _seen_fall(slopes):
        return seen
    for upper, slope in enumerate(slopes):
        p = _unproved(slope)
        if p is not None:
            u = 1.0 - p if upper else p
            return u, u
    return None


@dataclass(frozen=True)
class _Slope:
    """dM / dL on one side as a + h b: polynomials in p, and h = p (1 - p) ln(p / (1 - p)).

    Where s is 0 throughout it is divided by p (1 - p), for it then falls to 0 at the ends.
    """

    a: Polynomial
    b: Polynomial

    @staticmethod
    def of(curve: Curve, upper: bool) -> _Slope:
        """Return the slope of a curve's lower or upper half, by the distance to its end."""
        c = Polynomial([0.5, -1.0]) if upper else Polynomial([-0.5, 1.0])
        rise, spread = curve.centre.deriv()(c), curve.spread(c)
        if not curve.spread.coef.any():
            return _Slope(_plain(rise), Polynomial([0.0]))
        a = _plain(rise * Polynomial([0.0, 1.0, -1.0]) + spread)
        b = _plain(curve.spread.deriv()(c) * (-1.0 if upper else 1.0))
        return _Slope(a, b)

    @property
    def rounding(self) -> float:
        """What is too small to tell from 0."""
        return _ROUNDING * float(max(np.abs(self.a.coef).max(), np.abs(self.b.coef).max()))

    def at(self, p: Array) -> Array:
        """Return the slope at p (n,)."""
        value: Array = self.a(p) + _h(p) * self.b(p)
        return value

    def least(self, low: Array, high: Array) -> Array:
        """Return a lower bound of the slope on the cells [low, high] (n,), within [0, 1/2]."""
        middle, radius = (low + high) / 2.0, (high - low) / 2.0
        a, _ = _bounds(self.a, middle, radius)
        b = _bounds(self.b, middle, radius)
        ends = _h(low), _h(high)
        holds_lowest = (low < _LOWEST) & (high > _LOWEST)
        lowest = np.where(holds_lowest, _h(np.array(_LOWEST)), np.minimum(*ends))
        products = [h * side for h in (lowest, np.maximum(*ends)) for side in b]
        bound: Array = a + np.min(products, axis=0)
        return bound


def _plain(polynomial: Polynomial) -> Polynomial:
    """Return a polynomial without zeros at its end, for bounds that are no wider than need be."""
    return polynomial.trim()


def _h(p: Array) -> Array:
    """Return p (1 - p) ln(p / (1 - p)), which is 0 at p = 0."""
    safe = np.maximum(p, 1e-300)
    h: Array = p * (1.0 - p) * (np.log(safe) - np.log1p(-p))
    return h


def _bounds(polynomial: Polynomial, middle: Array, radius: Array) -> tuple[Array, Array]:
    """Return bounds of a polynomial within ``radius`` of ``middle``, by its Taylor series."""
    value = polynomial(middle)
    margin, factor, derivative = np.zeros_like(middle), np.ones_like(middle), polynomial
    for order in range(1, polynomial.degree() + 1):
        derivative = derivative.deriv()
        factor = factor * radius / order
        margin = margin + np.abs(derivative(middle)) * factor
    return value - margin, value + margin


def _unproved(slope: _Slope) -> float | None:
    """Return a p in (0, 1/2] where the slope cannot be shown to be positive, or None."""
    ends = np.linspace(0.0, 0.5, 65)
    low, high = ends[:-1], ends[1:]
    for _ in range(_HALVINGS):
        left = ~(slope.least(low, high) > slope.rounding)  # NaN is no proof
        low, high = low[left], high[left]
        if not low.size:
            return None
        middle = (low + high) / 2.0
        at = slope.at(middle)
        if not np.all(at > 0.0) or low.size > _MOST_CELLS:
            return float(middle[np.argmin(at)])
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    return float(high[0])


def _seen_fall(slopes: list[_Slope]) -> tuple[float, float] | None:
    """Return the first range of u on a fine grid where the curve does not rise, if there is one."""
    p = np.unique(np.concatenate([np.geomspace(_LEAST_P, 0.5, 2000), np.linspace(1e-3, 0.5, 500)]))
    low, high = (slope.at(p) for slope in slopes)
    u = np.concatenate([p, 1.0 - p[::-1]])
    falls: NDArray[np.bool_] = ~(np.concatenate([low, high[::-1]]) > 0.0)
    if not falls.any():
        return None
    first = int(np.argmax(falls))
    after = np.flatnonzero(~falls[first:])
    last = first + int(after[0]) - 1 if after.size else u.size - 1
    return (0.0 if first == 0 else float(u[first])), (1.0 if last == u.size - 1 else float(u[last]))

"""Quantile functions as polynomials over equal strata of u, for points that come in their order.

Beside the table by octaves (:mod:`wattif.engine.quantile_table`) and made from the same quantile
function, but of one quantity: location and scale, or location and exponential, are worked in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Array, Shape, fold, place
from wattif.engine.chebyshev import nodes
from wattif.engine.quantile_table import Table, split_ranges

STRATUM_BITS = 8
STRATA = 1 << STRATUM_BITS
STRATUM_TERMS = 8

_ACCURACY = 1e-10  # of max(IQR, |x - median|); a tenth of what is promised
_ROUNDING = 3 * np.finfo(np.float64).eps
_NODES = nodes(STRATUM_TERMS)
_PLACES = np.concatenate([_NODES.places, _NODES.extremes])


@dataclass(frozen=True, eq=False)
class StratumTable:
    """``coefficients`` (8, STRATA) by power of s, from -1 to 1 through a stratum of u.

    The strata in ``rough`` (r,) have none.
    """

    coefficients: Array
    rough: NDArray[np.int64]


def stratum_quantiles(shape: Shape) -> Array:
    """Return the standardised quantiles (STRATA, 11) at the nodes and extremes of every stratum."""
    assert shape.quantile is not None
    from_below = np.arange(STRATA)[:, None] + (_PLACES + 1.0) / 2.0
    from_above = np.arange(STRATA)[::-1, None] + (1.0 - _PLACES) / 2.0
    upper = np.arange(STRATA) >= STRATA // 2
    q = np.empty((STRATA, _PLACES.size))
    p = from_below[~upper] / STRATA
    q[~upper] = fold(shape.quantile, p.ravel(), False).reshape(p.shape)
    p = from_above[upper] / STRATA
    q[upper] = fold(shape.quantile, p.ravel(), True).reshape(p.shape)
    return q


def build_strata(shape: Shape, quantiles: Array, table: Table) -> StratumTable:
    """Return the polynomials of one quantity.

    ``quantiles`` are those of :func:`stratum_quantiles`, and ``table`` is the one by octaves: what
    that had to split is rough here.
    """
    x = place(shape, quantiles)
    coefficients = _interpolate(shape, quantiles[:, :STRATUM_TERMS])
    level = np.ptp(x, axis=1) == 0.0  # a value that has a probability of its own is met exactly
    coefficients[level] = 0.0
    coefficients[level, 0] = x[level, 0]
    allowed = _allowed(x)
    error = np.abs(coefficients @ _NODES.at_extremes - x[:, STRATUM_TERMS:])
    good = np.all(error <= allowed[:, STRATUM_TERMS:], axis=1)
    # A polynomial may step over an end of the range where draws come close to it.
    good &= np.all((x > shape.low + 4.0 * allowed) & (x < shape.high - 4.0 * allowed), axis=1)
    good[[0, -1]] = False
    rough = ~(good | level)
    for low, high in [*((u, u) for u in shape.kinks), *split_ranges(table)]:
        rough[int(low * STRATA) : int(high * STRATA) + 1] = True
    coefficients[rough] = 0.0
    return StratumTable(np.ascontiguousarray(coefficients.T), np.flatnonzero(rough))


def _interpolate(shape: Shape, q: Array) -> Array:
    """Return coefficients (STRATA, 8) through the values that quantiles (STRATA, 8) stand for.

    From differences of q, since a large x with a small spread would lose digits.
    """
    change = shape.scale * (q - q[:, :1])
    with np.errstate(over="ignore", invalid="ignore"):  # then no polynomial fits
        if shape.exponential:
            first = shape.location * np.exp(shape.scale * q[:, 0])
            change = first[:, None] * np.expm1(change)
        else:
            first = shape.location + shape.scale * q[:, 0]
        coefficients: Array = change @ _NODES.to_powers
    coefficients[:, 0] += first
    return coefficients


def _allowed(x: Array) -> Array:
    """Return the error that draws x (STRATA, m) may have."""
    quarter = STRATA // 4
    spread = np.median(x[3 * quarter]) - np.median(x[quarter])
    distance = np.maximum(spread, np.abs(x - np.median(x[2 * quarter])))
    allowed: Array = _ACCURACY * distance + _ROUNDING * np.abs(x)
    return allowed

"""Probabilities of normal and Student's t scores, as tables of polynomials.

The logarithm of P(T > t) at t >= 0 is tabulated over the octaves of 1 + t, each of 16 segments:
fine near 0, and of constant relative width in a tail however heavy. It serves to turn correlated
scores back into points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattif.engine.quantile_table import TERMS
from wattif.errors import RunError

Array = NDArray[np.float64]

TAIL_SEGMENTS = 16  # an octave
_LEAST = 2.0**-54  # half the smallest probability of a point: what lies beyond is the last point
_MOST_OCTAVES = 200
_ACCURACY = 1e-10  # of the logarithm, so relative to the probability
_NODES = np.cos(np.pi * (np.arange(TERMS) + 0.5) / TERMS)
_BETWEEN = np.cos(np.pi * np.array([1.0, 3.0, 5.0]) / TERMS)


def build_tail(df: float) -> Array:
    """Return the polynomials (rows, 6), by increasing power of s in [-1, 1] through a segment.

    ``df`` is infinite for the normal distribution.

    Raises
    ------
    RunError
        If so few degrees of freedom that no table reaches the end of the tail.
    """
    rows = _count_octaves(df) * TAIL_SEGMENTS
    coefficients = np.linalg.solve(np.vander(_NODES, increasing=True), _logarithm(df, rows, _NODES))
    found = np.vander(_BETWEEN, TERMS, increasing=True) @ coefficients
    if np.any(np.abs(found - _logarithm(df, rows, _BETWEEN)) > _ACCURACY):
        raise RunError(f"Student's t with {df:g} degrees of freedom cannot be tabulated")
    return np.ascontiguousarray(coefficients.T)


def _count_octaves(df: float) -> int:
    """Return how many octaves of 1 + t reach the smallest probability."""
    for octaves in range(1, _MOST_OCTAVES):
        if _tail(df, np.array([2.0**octaves - 1.0]))[0] < _LEAST:
            return octaves
    raise RunError(f"the tails of Student's t with {df:g} degrees of freedom are too heavy")


def _logarithm(df: float, rows: int, s: Array) -> Array:
    """Return the logarithm (m, rows) of the tail at places s (m,) of every segment."""
    octave, segment = np.divmod(np.arange(rows), TAIL_SEGMENTS)
    mantissa = 1.0 + (segment + (s[:, np.newaxis] + 1.0) / 2.0) / TAIL_SEGMENTS
    t = np.ldexp(mantissa, octave) - 1.0
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(np.log(_tail(df, t)), -700.0))


def _tail(df: float, t: Array) -> Array:
    """Return P(T > t)."""
    from scipy import special

    return np.asarray(special.ndtr(-t) if np.isinf(df) else special.stdtr(df, -t))

"""Coarse densities for pictures, from the engine's fine histograms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CELLS = 200  # cells of a stored density: more than a picture's width can show
_DECADES = 1.5  # a positive output that spans more is divided on a logarithmic scale


def coarsen(
    counts: NDArray[np.int64], edges: Array, low: float, high: float
) -> tuple[Array, Array]:
    """Return (mass, edges) of a coarse histogram: ``CELLS`` masses that add up to 1.

    ``counts`` (B,) lie between the increasing ``edges`` (B + 1,), which may end at infinity;
    ``low`` and ``high`` are the observed extremes. The first and last cells take the tails; a fine
    bin across a coarse edge is divided in proportion.
    """
    if not low < high:  # a constant, or nothing finite
        return np.r_[1.0, np.zeros(CELLS - 1)], np.full(CELLS + 1, low)
    edges = np.clip(edges, low, high)
    total = counts.sum()
    cumulative = np.r_[0.0, np.cumsum(counts) / total]
    start, stop = _bulk(cumulative, edges)
    positive = start > 0 and stop / start > 10**_DECADES
    inner = (
        np.geomspace(start, stop, CELLS - 1) if positive else np.linspace(start, stop, CELLS - 1)
    )
    coarse = np.r_[low, inner, high]
    shares = np.asarray(np.interp(coarse, edges, cumulative), dtype=np.float64)
    shares[0], shares[-1] = 0.0, 1.0  # draws that all lie at an extreme belong to its cell
    return np.diff(shares), coarse


def _bulk(cumulative: Array, edges: Array) -> tuple[float, float]:
    """Return where all but a thousandth of the draws lie."""
    inside = np.flatnonzero((cumulative > 0.0005) & (cumulative < 0.9995))
    if inside.size == 0:
        return float(edges[0]), float(edges[-1])
    first, last = max(inside[0] - 1, 0), min(inside[-1] + 1, len(edges) - 1)
    return float(edges[first]), float(edges[last])

"""Quantiles by root finding, for families whose probability has no inverse in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wattif.distributions.base import Array

Curve = Callable[[Array], tuple[Array, Array]]

_STEPS = 80  # bisection alone reaches the last bit in 60; Newton's method takes about 8
_CLOSE = 1e-15  # of a step, absolute and relative; the step after it is quadratically better


def solve(curve: Curve, target: Array, start: Array, low: float, high: float) -> Array:
    """Return the t (n,) in [low, high] at which an increasing curve reaches the target (n,).

    ``curve(t)`` returns value and slope. Newton's method; a step that leaves the bracket found so
    far becomes a bisection.
    """
    t = np.array(start, dtype=np.float64)
    below, above = np.full_like(t, low), np.full_like(t, high)
    todo = np.arange(t.size)
    for _ in range(_STEPS):
        value, slope = curve(t[todo])
        miss = value - target[todo]
        below[todo] = np.where(miss < 0.0, t[todo], below[todo])
        above[todo] = np.where(miss > 0.0, t[todo], above[todo])
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = t[todo] - np.where(miss == 0.0, 0.0, miss / slope)
        inside = (step >= below[todo]) & (step <= above[todo])
        step = np.where(inside, step, (below[todo] + above[todo]) / 2.0)
        moved = np.abs(step - t[todo]) > _CLOSE * (1.0 + np.abs(step))
        t[todo] = step
        todo = todo[moved]
        if not todo.size:
            break
    return t

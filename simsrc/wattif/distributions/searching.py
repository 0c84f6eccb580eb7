"""Where an increasing function crosses zero, if nothing but its values is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wattif.distributions.base import Array

Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Miss = Callable[[Array, Places], Array]

_STEPS = 200  # halving alone comes from 1e300 to the last bit in 2,050, from what occurs in 60
_CLOSE = 2.0 * np.finfo(np.float64).eps


def search(miss: Miss, low: Array, high: Array) -> Array:
    """Return the x (n,) between low and high (n,) where an increasing function crosses zero.

    ``miss(x, which)`` returns the values at x (m,) of the functions number ``which`` (m,). Where
    one is positive at low already, or negative at high still, that end is the answer.

    Inverse quadratic steps where they are safe, halving elsewhere (Chandrupatla 1997).
    """
    every = np.arange(low.size)
    a, b = np.array(high), np.array(low)
    at_a, at_b = miss(a, every), miss(b, every)
    found = np.where(at_b >= 0.0, b, a)
    todo = every[(at_b < 0.0) & (at_a > 0.0)]
    # b is the latest point, a the other end of the bracket, c the one before.
    a, b, at_a, at_b = a[todo], b[todo], at_a[todo], at_b[todo]
    c, at_c, t = a, at_a, np.full(todo.size, 0.5)
    for _ in range(_STEPS):
        if not todo.size:
            break
        x = a + t * (b - a)
        at_x = miss(x, todo)
        same = np.sign(at_x) == np.sign(at_a)
        c, at_c = np.where(same, a, b), np.where(same, at_a, at_b)
        b, at_b = np.where(same, b, a), np.where(same, at_b, at_a)
        a, at_a = x, at_x
        best = np.where(np.abs(at_a) < np.abs(at_b), a, b)
        found[todo] = best
        width = np.abs(b - a)
        least = np.where(width > 0.0, _CLOSE * np.abs(best) / np.maximum(width, 1e-308), 1.0)
        goes_on = (least < 0.5) & (at_a != 0.0)
        t = np.clip(_next(a, b, c, at_a, at_b, at_c), least, 1.0 - least)
        todo, t = todo[goes_on], t[goes_on]
        a, b, c = a[goes_on], b[goes_on], c[goes_on]
        at_a, at_b, at_c = at_a[goes_on], at_b[goes_on], at_c[goes_on]
    return found


def _next(a: Array, b: Array, c: Array, at_a: Array, at_b: Array, at_c: Array) -> Array:
    """Return how far from a to b to look next."""
    with np.errstate(all="ignore"):
        xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
        is_safe = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        t = at_a / (at_b - at_a) * at_c / (at_b - at_c)
        t += (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
    return np.where(is_safe & np.isfinite(t), t, 0.5)

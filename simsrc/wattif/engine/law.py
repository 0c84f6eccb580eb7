"""Tabulate P(X <= x) of an input as polynomials that a kernel walks along.

Cells are equally long on the normal scale and end where the quantile function has a kink, so that
it is smooth in each. There P(X <= x) is a polynomial in log x, through the ends and points between.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wattif.distributions.base import Shape, fold, place, uniform_quantile
from wattif.engine.jit import jit
from wattif.engine.llvm import fma
from wattif.engine.remember import Remembered

Floats = NDArray[np.float64]

CELLS = 256  # few are walked along faster than many
DEGREE = 5  # misses Phi by 1e-11
FURTHEST = 8.2  # standard deviations: beyond them lies less than one uniform
BESIDE = 1e-9  # standard deviations from a kink, in case that quantiles jump there
TINY = 1e-300  # what underflows is not 0
HUGE = 1e300
# Relative, since x are logarithms: what is narrower has no digits for a polynomial.
NARROWEST = 1e-10
ACCURACY = 4e-9  # of probabilities between the points
LIGHTEST = 1e-8  # a cell with less probability cannot be wrong by more
NEGLIGIBLE = 1e-9  # of a mean: what the outermost cell may have
FLATTEST = 1e-3  # times the logarithms of another input: all differences are far from NARROWEST
UNEVEN = 8.0  # times as far apart as others may points of a cell be, if a polynomial is to fit
STRIP = 8  # products that are summed at once: fewer loads and stores of sums


class Law(NamedTuple):
    """The distribution of a positive input in n cells.

    ``x`` (n + 1,) are the logarithms of their edges. A row of ``polynomials`` (n, 8) has 1 / width,
    six coefficients by increasing power of the share of the width that lies below log x, and
    P(X <= x) at the right edge. ``means`` (2, 2) are those of X and X**2, and of 1 / X and 1 /
    X**2: NaN if they have more to do with what lies beyond the cells than is good for a digit.
    """

    x: Floats
    polynomials: Floats
    means: Floats


class Cells(NamedTuple):
    """Cells of a law: normal scores and logarithms (n, 2 DEGREE + 1), polynomials (n, 8)."""

    z: Floats
    x: Floats
    polynomials: Floats

    def moved(self, location: float, scale: float) -> Cells:
        """Return those of a power of the input, its exponent being the scale, times a location."""
        polynomials = self.polynomials.copy()
        polynomials[:, 0] /= scale
        return Cells(self.z, np.log(location) + scale * self.x, polynomials)


_LAWS: Remembered[Law | None] = Remembered(256)  # 5 MB
_UNITS: Remembered[Cells | None] = Remembered(16)  # 7 MB


def tabulate(shape: Shape) -> Law | None:
    """Return the law of an input, or None where its quantile function is too steep for one.

    It is made anew only if none of its kind and place was before.
    """
    where = shape.location, shape.scale, shape.exponential, shape.low, shape.high
    return _LAWS.recall((shape.kind, shape.key, where), partial(_build, shape))


def _build(shape: Shape) -> Law | None:
    cells = move_cells(shape) or build_cells(shape)
    if cells is None:
        return None
    edges = np.append(cells.x[:, 0], cells.x[-1, -1])
    return Law(edges, cells.polynomials, _means(cells.z, cells.x))


def move_cells(shape: Shape) -> Cells | None:
    """Return the cells of a power of another input times a location, as all lognormals are.

    A seventh of the time. None where they would not be as good as cells of its own.
    """
    is_whole = shape.low <= 0.0 and shape.high == np.inf
    if not (shape.exponential and is_whole and shape.location > 0.0 and shape.scale > FLATTEST):
        return None
    unit = replace(shape, location=1.0, scale=1.0)
    cells = _UNITS.recall((shape.kind, shape.key), partial(build_cells, unit))
    if cells is None:
        return None
    moved = cells.moved(shape.location, shape.scale)
    furthest = max(np.abs(cells.x).max(), np.abs(moved.x).max())
    return moved if furthest < np.log(HUGE) else None


def build_cells(shape: Shape) -> Cells | None:
    """Return the cells of an input, or None where polynomials are not good enough in one."""
    edges, parts = _edges(shape), 2 * DEGREE  # every other point is between two of the polynomial
    inner = edges[:-1, np.newaxis] + np.diff(edges)[:, np.newaxis] * (np.arange(parts) / parts)
    z = np.append(inner, edges[-1])
    placed = np.maximum.accumulate(place(shape, _standard_quantiles(shape, z)))  # but for rounding
    x, p = np.log(np.clip(placed, TINY, HUGE)), ndtr(z)
    points = np.arange(0, z.size - 1, parts)[:, np.newaxis] + np.arange(parts + 1)
    polynomials = _polynomials(x[points[:, ::2]], p[points[:, ::2]])
    if not _is_accurate(polynomials, x[points], p[points]):
        return None
    return Cells(z[points], x[points], polynomials)


def _means(z: Floats, x: Floats) -> Floats:
    """Return means as in a :class:`Law`, from normal scores and logarithms (n, m) in n cells.

    By Simpson's rule in every cell, which misses 1e-11 of what is smooth there.
    """
    parts = z.shape[1] - 1
    simpson = np.array([1.0, *[4.0, 2.0] * (parts // 2 - 1), 4.0, 1.0])
    shares = simpson * np.exp(-0.5 * z * z) * (z[:, -1:] - z[:, :1])
    shares /= shares.sum()
    means = np.empty((2, 2))
    for (i, j), power in zip(np.ndindex(2, 2), (1, 2, -1, -2), strict=True):
        with np.errstate(over="ignore", invalid="ignore"):
            terms = (shares * np.exp(power * x)).sum(axis=1)
            mean = terms.sum()
            is_known = max(terms[0], terms[-1]) <= NEGLIGIBLE * mean < np.inf
        means[i, j] = mean if is_known else np.nan
    return means


def _is_accurate(polynomials: Floats, x: Floats, p: Floats) -> bool:
    """Return whether polynomials are right between their points, among x and p (n, m).

    Where draws are rare, in the gap of a mixture, points are too: there a polynomial may be wrong
    between them, and nobody would notice.
    """
    t = (x - x[:, :1]) * polynomials[:, :1]
    powers = t[..., np.newaxis] ** np.arange(DEGREE + 1)
    found = np.einsum("nmk,nk->nm", powers, polynomials[:, 1:-1])
    found = np.clip(found, polynomials[:, 1:2], polynomials[:, -1:])
    apart = np.diff(x, axis=1)
    is_level = apart.max(axis=1) <= NARROWEST  # an atom, or close to it
    is_even = apart.max(axis=1) <= UNEVEN * apart.min(axis=1)
    is_right = np.abs(found - p).max(axis=1) <= ACCURACY
    is_light = p[:, -1] - p[:, 0] <= LIGHTEST
    return bool(np.all(is_light | is_level | (is_even & is_right)))


def _edges(shape: Shape) -> Floats:
    """Return the normal scores of the ends of cells."""
    kinks = ndtri(np.array(shape.kinks, np.float64))
    kinks = kinks[np.abs(kinks) < FURTHEST - BESIDE]
    equal = np.linspace(-FURTHEST, FURTHEST, CELLS + 1)
    return np.unique(np.concatenate([equal, kinks - BESIDE, kinks + BESIDE]))


def _standard_quantiles(shape: Shape, z: Floats) -> Floats:
    """Return the standardised quantiles at normal scores z."""
    quantile = shape.quantile or uniform_quantile
    tail, upper = ndtr(-np.abs(z)), z > 0.0
    q = np.empty_like(z)
    for side in (False, True):
        q[upper == side] = fold(quantile, tail[upper == side], side)
    return q


def _polynomials(x: Floats, p: Floats) -> Floats:
    """Return the polynomials of cells through points x and p (n, DEGREE + 1) each.

    Straight lines where points are too close, and a step where they are one.
    """
    width = x[:, -1:] - x[:, :1]
    with np.errstate(divide="ignore", over="ignore"):
        per_width = np.where(width > 0.0, 1.0 / width, 0.0)
    wide = np.diff(x, axis=1).min(axis=1, keepdims=True) > NARROWEST
    line = np.arange(DEGREE + 1) / DEGREE
    t = np.where(wide, (x - x[:, :1]) * per_width, line)
    p = np.where(wide, p, p[:, :1] + line * (p[:, -1:] - p[:, :1]))
    powers = t[:, 1:, np.newaxis] ** np.arange(1, DEGREE + 1)
    solved = np.linalg.solve(powers, (p[:, 1:] - p[:, :1])[..., np.newaxis])[..., 0]
    return np.hstack([per_width, p[:, :1], solved, p[:, -1:]])


@jit
def fill_means(x, polynomials, points, shares, factors, means):
    """Fill means (n, R) with those of P(X <= c t) over T, for every c of n.

    T has R laws: ``shares`` (m, R) at ``points`` (m,), the logarithms of increasing t; those of c
    are ``factors`` (n,).
    """
    p = np.empty(points.size)
    for n in range(factors.size):
        fill_probabilities(x, polynomials, points, factors[n], p)
        add_products(p, shares, means[n])


@jit
def fill_probabilities(x, polynomials, points, factor, p):
    """Fill p (m,) with P(X <= c t), as :func:`fill_means` says, with log c the ``factor``.

    Cell by cell, so that the points in each, which are many, are a loop that vectorises.
    """
    stop = 0
    while stop < points.size and factor + points[stop] < x[0]:
        p[stop] = 0.0
        stop += 1
    for i in range(x.size - 1):
        start = stop
        while stop < points.size and factor + points[stop] < x[i + 1]:
            stop += 1
        if start < stop:
            per_width, c0, c1 = polynomials[i, 0], polynomials[i, 1], polynomials[i, 2]
            c2, c3, c4 = polynomials[i, 3], polynomials[i, 4], polynomials[i, 5]
            c5, most = polynomials[i, 6], polynomials[i, 7]
            for j in range(start, stop):
                t = (factor + points[j] - x[i]) * per_width
                value = fma(t, fma(t, fma(t, fma(t, fma(t, c5, c4), c3), c2), c1), c0)
                p[j] = min(max(value, c0), most)
    p[stop:] = 1.0


@jit
def add_products(p, shares, means):
    """Fill means (R,) with the sums of p (m,) times shares (m, R), a strip at a time."""
    means[:] = 0.0
    size, strips = len(shares), len(shares) // STRIP * STRIP
    for i in range(0, strips, STRIP):
        a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
        e, f, g, h = p[i + 4], p[i + 5], p[i + 6], p[i + 7]
        for r in range(means.size):
            first = fma(c, shares[i + 2, r], d * shares[i + 3, r])
            first = fma(a, shares[i, r], fma(b, shares[i + 1, r], first))
            second = fma(g, shares[i + 6, r], h * shares[i + 7, r])
            means[r] += first + fma(e, shares[i + 4, r], fma(f, shares[i + 5, r], second))
    for j in range(strips, size):
        for r in range(means.size):
            means[r] += p[j] * shares[j, r]

"""Tabulate P(X <= x) of an input as cubics that a kernel walks along.

Cells are equally long on the normal scale and end where the quantile function has a kink, so that
it is smooth in each. There P(X <= x) is the cubic in x through its two ends and two points between.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wattif.distributions.base import Shape, fold, place
from wattif.engine.jit import jit
from wattif.engine.remember import Remembered

Floats = NDArray[np.float64]

CELLS = 512  # a cubic misses Phi by 5e-10 in one
FURTHEST = 8.2  # standard deviations: beyond them lies less than one uniform
BESIDE = 1e-9  # standard deviations from a kink, in case that quantiles jump there
NARROWEST = 1e-10  # relative to x: what is narrower has no digits for a cubic
STRIP = 4  # products that are summed at once: fewer loads and stores of sums


class Law(NamedTuple):
    """The distribution of an input in n cells: edges ``x`` (n + 1,), and ``cubics`` (n, 5).

    Those are coefficients of powers of x less the cell's left edge, from 0 to 3, and P(X <= x) at
    its right edge.
    """

    x: Floats
    cubics: Floats


_LAWS: Remembered[Law] = Remembered(256)  # 6 MB


def tabulate(shape: Shape) -> Law:
    """Return the law of an input, made anew only if none of its kind and place was before."""
    where = shape.location, shape.scale, shape.exponential, shape.low, shape.high
    return _LAWS.recall((shape.kind, shape.key, where), partial(_build, shape))


def _build(shape: Shape) -> Law:
    edges = _edges(shape)
    inner = edges[:-1, np.newaxis] + np.diff(edges)[:, np.newaxis] * (np.arange(3) / 3.0)
    z = np.append(inner, edges[-1])
    x = np.maximum.accumulate(place(shape, _standard_quantiles(shape, z)))  # but for rounding
    starts = np.arange(0, z.size - 1, 3)[:, np.newaxis] + np.arange(4)
    return Law(x[::3].copy(), _cubics(x[starts], ndtr(z)[starts]))


def _edges(shape: Shape) -> Floats:
    """Return the normal scores of the ends of cells."""
    kinks = ndtri(np.array(shape.kinks, np.float64))
    kinks = kinks[np.abs(kinks) < FURTHEST - BESIDE]
    equal = np.linspace(-FURTHEST, FURTHEST, CELLS + 1)
    return np.unique(np.concatenate([equal, kinks - BESIDE, kinks + BESIDE]))


def _standard_quantiles(shape: Shape, z: Floats) -> Floats:
    """Return the standardised quantiles at normal scores z."""
    quantile = shape.quantile or _uniform
    tail, upper = ndtr(-np.abs(z)), z > 0.0
    q = np.empty_like(z)
    for side in (False, True):
        q[upper == side] = fold(quantile, tail[upper == side], side)
    return q


def _uniform(p: Floats, upper: bool) -> Floats:
    return 1.0 - p if upper else p


def _cubics(x: Floats, p: Floats) -> Floats:
    """Return the cubics of cells through four points x and p (n, 4) each: Newton's, multiplied out.

    Straight lines where points are too close, and a step where they are one.
    """
    t = (x[:, 1:] - x[:, :1]).T
    gaps = np.diff(x, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = (np.diff(p, axis=1) / gaps).T
        second = (first[1] - first[0]) / t[1], (first[2] - first[1]) / (t[2] - t[0])
        third = (second[1] - second[0]) / t[2]
        bend = second[0] - (t[0] + t[1]) * third
        slope = first[0] - t[0] * second[0] + t[0] * t[1] * third
        chord = np.where(t[2] > 0.0, (p[:, 3] - p[:, 0]) / t[2], 0.0)
    wide = gaps.min(axis=1) > NARROWEST * np.abs(x[:, 3])
    powers = [np.where(wide, slope, chord), np.where(wide, bend, 0.0), np.where(wide, third, 0.0)]
    return np.stack([p[:, 0], *powers, p[:, 3]], axis=1)


@jit
def fill_means(x, cubics, points, shares, factors, means):
    """Fill means (n, R) with those of P(X <= c t) over T, for every c of ``factors`` (n,).

    T has R laws: ``shares`` (m, R) of the positive and increasing ``points`` (m,).
    """
    p = np.empty(points.size)
    for n in range(factors.size):
        fill_probabilities(x, cubics, points, factors[n], p)
        add_products(p, shares, means[n])


@jit
def fill_probabilities(x, cubics, points, c, p):
    """Fill p (m,) with P(X <= c t) at positive and increasing ``points`` t (m,)."""
    last, i = x.size - 1, 0
    for j in range(points.size):
        at = c * points[j]
        while i < last and at >= x[i + 1]:
            i += 1
        if i == last:
            p[j:] = 1.0
            break
        t = at - x[i]
        value = cubics[i, 0] + t * (cubics[i, 1] + t * (cubics[i, 2] + t * cubics[i, 3]))
        p[j] = min(max(value, cubics[i, 0]), cubics[i, 4]) if t >= 0.0 else 0.0


@jit
def add_products(p, shares, means):
    """Fill means (R,) with the sums of p (m,) times shares (m, R), a strip at a time."""
    means[:] = 0.0
    size, strips = len(shares), len(shares) // STRIP * STRIP
    for j in range(0, strips, STRIP):
        a, b, c, d = p[j], p[j + 1], p[j + 2], p[j + 3]
        for r in range(means.size):
            first = a * shares[j, r] + b * shares[j + 1, r]
            means[r] += first + (c * shares[j + 2, r] + d * shares[j + 3, r])
    for j in range(strips, size):
        for r in range(means.size):
            means[r] += p[j] * shares[j, r]

"""The distribution of a product of independent positive quantities: the sum of their logarithms.

With W = X Z, P(W <= w) is the mean of P(X <= w / z) over Z, which is summed at Gauss's nodes on the
normal scale. A product of many is made one by one, beginning with one whose quantile function is
smooth from end to end, so that all that is integrated is. Its own quantile function is then put
together from polynomials in the normal score, through points of the distribution function.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from wattif.distributions.base import (
    QuantileFunction,
    Shape,
    fold,
    is_smooth_throughout,
    place,
    uniform_quantile,
)
from wattif.engine.law import HUGE, TINY, Law, fill_means, tabulate
from wattif.engine.program import Merged, Power, Program
from wattif.engine.remember import Remembered

Floats = NDArray[np.float64]

FURTHEST = 8.25  # standard deviations: below lies less than one uniform
CERTAIN = 7.0  # above, 1 - P(W <= w) has hardly a digit: 1e-12 of all draws
PANELS = 40  # each of them a polynomial
DEGREE = 7
GUESSES = 96  # places between which panels begin
TERMS = 4  # of Gauss's rule in a cell
CELLS, MOST_CELLS = 192, 4096
GAP = 0.5  # standard deviations of X, as far apart as nodes may be: misses 1e-11
BULK = 5.0  # standard deviations: nodes beyond are as far apart as they are
ACCURACY = 2e-9  # of probabilities, by a rule with a node less


class Nodes(NamedTuple):
    """Where and with which ``weights`` (m,) a mean over a quantity is summed up.

    ``logarithms`` (m,) are those of the quantity, in increasing order.
    """

    logarithms: Floats
    weights: Floats


class Curve(NamedTuple):
    """A quantile function: polynomials in the normal score, by Newton's divided differences.

    Panel i of n begins at the score ``begin[i]`` and goes through ``points[i]`` (DEGREE + 1,), with
    the ``differences[i]`` (DEGREE + 1,). Beyond ``begin[0]`` and ``end`` it goes on as a line.
    """

    begin: Floats
    end: float
    points: Floats
    differences: Floats

    def quantile(self, p: Floats, upper: bool) -> Floats:
        """Return the quantiles at p in (0, 1/2], or at 1 - p."""
        score = -ndtri(p) if upper else ndtri(p)
        inside = np.clip(score, self.begin[0], self.end)
        panel = np.searchsorted(self.begin, inside, side="right") - 1
        points, differences = self.points[panel], self.differences[panel]
        value, slope = differences[:, -1].copy(), np.zeros_like(inside)
        for j in range(DEGREE - 1, -1, -1):
            step = inside - points[:, j]
            slope = slope * step + value
            value = value * step + differences[:, j]
        return np.asarray(value + slope * (score - inside))


# From 0 to 1, and both are among them, so that polynomials meet.
_LOBATTO = (1.0 - np.cos(np.pi * np.arange(DEGREE + 1) / DEGREE)) / 2.0
# Of two, which many products share, and of all their parts.
_PRODUCTS: Remembered[Shape | None] = Remembered(256)  # 2 MB
_NODES: Remembered[Nodes] = Remembered(64)  # 1 MB
_RULES = {terms: np.polynomial.legendre.leggauss(terms) for terms in (TERMS - 1, TERMS)}
_MADE: Remembered[Shape | None] = Remembered(256)


def resolve(merged: Merged) -> Program | None:
    """Return a program with all its products made, None where one cannot be."""
    inputs = list(merged.program.inputs)
    for number, parts in merged.products.items():
        shape = multiply(parts)
        if shape is None:
            return None
        inputs[number] = replace(inputs[number], shape=shape)
    return replace(merged.program, inputs=tuple(inputs))


def multiply(parts: tuple[Power, ...]) -> Shape | None:
    """Return how a product of powers is drawn, None where it is not known to nine digits.

    The parts are independent and positive. One of them at least has to be smooth, see the module.
    """
    return _MADE.recall(tuple(map(_key, parts)), partial(_multiply, parts))


def _multiply(parts: Sequence[Power]) -> Shape | None:
    """Return the product, in the order of the parts, or if need be of their widths.

    Products of a study begin alike, and what they begin with is only made once.
    """
    is_rough = [not is_smooth_throughout(part.shape) for part in parts]
    if len(parts) > 1 and all(is_rough):
        return None
    first = is_rough.index(False) if len(parts) > 1 else 0
    as_given = [parts[first], *parts[:first], *parts[first + 1 :]]
    rank = [(rough, _narrowness(part)) for rough, part in zip(is_rough, parts, strict=True)]
    by_width = [parts[i] for i in sorted(range(len(parts)), key=rank.__getitem__)]
    return _multiply_in_order(as_given) or _multiply_in_order(by_width)


def _multiply_in_order(parts: Sequence[Power]) -> Shape | None:
    product, *factors = (take_logarithm(part) for part in parts)
    for factor in factors:
        key = "product", product.key, factor.key
        made = _PRODUCTS.recall(key, partial(_times, key, product, factor))
        if made is None:
            return None
        product = made
    return product


def _key(part: Power) -> Hashable:
    shape = part.shape
    where = shape.location, shape.scale, shape.exponential, shape.low, shape.high
    return "power", shape.kind, shape.key, where, part.exponent


def take_logarithm(part: Power) -> Shape:
    """Return the shape of a power of a quantity, its standardised quantiles being logarithms."""
    shape, power = part.shape, part.exponent

    def quantile(p: Floats, upper: bool) -> Floats:
        standard = fold(shape.quantile or uniform_quantile, p, upper != (power < 0.0))
        return np.asarray(power * np.log(np.clip(place(shape, standard), TINY, HUGE)))

    kinks = shape.kinks if power > 0.0 else tuple(1.0 - u for u in reversed(shape.kinks))
    return _of_logarithms(_key(part), quantile, kinks)


def _of_logarithms(
    key: Hashable, quantile: QuantileFunction, kinks: tuple[float, ...] = ()
) -> Shape:
    return Shape(*("table", 1.0, 1.0, True), low=0.0, key=key, quantile=quantile, kinks=kinks)


def _narrowness(part: Power) -> float:
    low, high = _quantiles(take_logarithm(part), np.array([-1.0, 1.0]))
    return float(low - high)


def _quantiles(shape: Shape, scores: Floats) -> Floats:
    """Return the quantiles at normal scores."""
    assert shape.quantile is not None
    upper, tail = scores > 0.0, ndtr(-np.abs(scores))
    q = np.empty_like(scores)
    for side in (False, True):
        q[upper == side] = shape.quantile(tail[upper == side], side)
    return q


def _times(key: Hashable, x: Shape, z: Shape) -> Shape | None:
    """Return the product of two quantities, by their logarithms; None if it is not accurate."""
    law = tabulate(x)
    low, high = _quantiles(x, np.array([-1.0, 1.0]))
    edges = _find_edges(z, GAP * float(high - low) / 2.0)
    if law is None or edges is None:
        return None
    nodes = _nodes_of(z, edges, TERMS)
    with np.errstate(divide="ignore"):  # scores of 0 and 1
        t = _spread_over_panels(law, nodes)
        p = _below(law, nodes, t)
        curve = _draw_through(ndtri(p), t)
    other = _below(law, _nodes_of(z, edges, TERMS - 1), t[::DEGREE])
    if curve is None or not np.abs(other - p[::DEGREE]).max() <= ACCURACY:
        return None
    return _of_logarithms(key, curve.quantile)


def _find_edges(shape: Shape, gap: float) -> Floats | None:
    """Return scores between which nodes are no further apart than a gap, but in the tails.

    None if these are too many.
    """
    kinks = ndtri(np.array(shape.kinks, np.float64))
    cells = CELLS
    while cells <= MOST_CELLS:
        edges = np.unique(np.append(np.linspace(-FURTHEST, FURTHEST, cells + 1), kinks))
        within = edges[np.abs(edges) < BULK]
        if np.diff(_quantiles(shape, within)).max() <= TERMS * gap:
            return edges
        cells *= 2
    return None


def _nodes_of(shape: Shape, edges: Floats, terms: int) -> Nodes:
    """Return the nodes of Gauss's rule with so many terms in every cell."""
    key = shape.key, edges.size, terms
    return _NODES.recall(key, partial(_place_nodes, shape, edges, terms))


def _place_nodes(shape: Shape, edges: Floats, terms: int) -> Nodes:
    places, weights = _RULES[terms]
    half = np.diff(edges)[:, np.newaxis] / 2.0
    scores = (edges[:-1, np.newaxis] + half * (1.0 + places)).ravel()
    shares = (half * weights).ravel() * np.exp(-0.5 * scores * scores)
    return Nodes(_quantiles(shape, scores), shares / shares.sum())


def _below(law: Law, nodes: Nodes, t: Floats) -> Floats:
    """Return P(log X + log Z <= t)."""
    means = np.empty((t.size, 1))
    points = -nodes.logarithms[::-1]
    fill_means(law.x, law.polynomials, points, nodes.weights[::-1, np.newaxis], t, means)
    return means[:, 0]


def _spread_over_panels(law: Law, nodes: Nodes) -> Floats:
    """Return places (DEGREE PANELS + 1,) between panels, which end at equally distant scores."""
    low, high = law.x[[0, -1]] + nodes.logarithms[[0, -1]]
    guesses = np.linspace(low, high, GUESSES)
    scores = np.maximum.accumulate(ndtri(_below(law, nodes, guesses)))
    begin = np.interp(np.linspace(-FURTHEST, CERTAIN, PANELS + 1), scores, guesses)
    inner = begin[:-1, np.newaxis] + np.diff(begin)[:, np.newaxis] * _LOBATTO[:-1]
    return np.append(inner, begin[-1])


def _draw_through(scores: Floats, t: Floats) -> Curve | None:
    """Return the quantile function with values t at scores, None where these do not increase."""
    if not (np.all(np.diff(scores) > 0.0) and np.isfinite(scores).all()):
        return None
    panels = np.arange(0, t.size - 1, DEGREE)[:, np.newaxis] + np.arange(DEGREE + 1)
    points, differences = scores[panels], t[panels]
    for order in range(1, DEGREE + 1):
        rise = np.diff(differences[:, order - 1 :], axis=1)
        differences[:, order:] = rise / (points[:, order:] - points[:, :-order])
    return Curve(points[:, 0].copy(), float(scores[-1]), points, differences)

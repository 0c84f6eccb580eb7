"""Quantile functions as tables of polynomials, indexed by the bits of the uniform.

A uniform u is folded to p = min(u, 1 - u) >= 2^-53. Each side has 52 octaves of p of 16 segments,
so that the exponent of p and its four leading mantissa bits are the row, and a tail keeps its
relative accuracy to its end. Within a segment the quantile is a polynomial of degree 5 in s, which
runs from -1 to 1 through the segment. A segment with a kink in it, or with a quantile function that
bends too much for one polynomial, is split: its further pieces are extra rows at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Array, Shape
from wattif.errors import RunError

OCTAVES = 52
SEGMENTS = 16
SIDE = OCTAVES * SEGMENTS  # rows a side
ROWS = 2 * SIDE
TERMS = 6
NEVER = 2.0  # a split that no s reaches

# Of max(IQR, |q - median|); a tenth of what is promised for x. An error of a logarithm grows with
# the scale that multiplies it.
_ACCURACY = 1e-10
_ACCURACY_OF_LOG = 1e-11
_ROUNDING = 8 * np.finfo(np.float64).eps
_HALVINGS = 12
_MOST_ROWS = 16 * ROWS  # 1.3 MiB

Integers = NDArray[np.int64]


class TableError(RunError):
    """A quantile function that no table represents to the accuracy promised."""


@dataclass(frozen=True, eq=False)
class Table:
    """A tabulated quantile function.

    ``coefficients`` (rows, 6) by increasing power of s. At s >= ``split`` (rows,) the polynomial of
    row ``successor`` (rows,) takes over, whose own split is checked in turn.
    """

    coefficients: Array
    split: Array
    successor: Integers


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Parts of segments: row of the segment, and the s where they begin and end, (pieces,) each."""

    row: Integers
    begin: Array
    end: Array

    def __len__(self) -> int:
        return len(self.row)

    def select(self, which: NDArray[np.bool_]) -> _Pieces:
        return _Pieces(self.row[which], self.begin[which], self.end[which])

    def halves(self) -> _Pieces:
        middle = (self.begin + self.end) / 2.0
        return _Pieces(
            np.concatenate([self.row, self.row]),
            np.concatenate([self.begin, middle]),
            np.concatenate([middle, self.end]),
        )


def build(shape: Shape) -> Table:
    """Return the table of a shape's quantile function.

    Every piece is checked between its nodes, and halved until it is right; raise
    :class:`TableError` if that does not end.
    """
    todo = _cut(shape.kinks)
    done: list[tuple[_Pieces, Array]] = []
    rows = 0
    for _ in range(_HALVINGS):
        coefficients = _interpolate(shape, todo)
        good = _is_accurate(shape, todo, coefficients)
        done.append((todo.select(good), coefficients[good]))
        rows += int(good.sum())
        if good.all():
            return _assemble(done)
        todo = todo.select(~good).halves()
        if rows + len(todo) > _MOST_ROWS:
            break
    raise _no_table(todo)


def build_grid(shape: Shape) -> Table:
    """Return the tables of a grid's quantile functions, one after the other, none of them split.

    Raises
    ------
    TableError
        If one of them is too rough for that.
    """
    pieces = _cut(())
    members = [replace(shape, quantile=quantile) for quantile in shape.quantiles]
    parts = []
    for member in members:
        coefficients = _interpolate(member, pieces)
        good = _is_accurate(member, pieces, coefficients)
        if not good.all():
            raise _no_table(pieces.select(~good))
        parts.append(coefficients)
    rows = len(parts) * ROWS
    return Table(np.concatenate(parts), np.full(rows, NEVER), np.zeros(rows, np.int64))


def _no_table(pieces: _Pieces) -> TableError:
    row = pieces.row[:1]
    side, p = _place(row, pieces.begin[:1, None])
    u = 1.0 - p[0, 0] if side[0] else p[0, 0]
    return TableError(
        "with these parameters a distribution cannot be sampled to nine digits: its quantile "
        f"function is too rough near u = {u:.6g}"
    )


def _cut(kinks: tuple[float, ...]) -> _Pieces:
    """Return all segments, cut at the kinks."""
    breaks: dict[int, set[float]] = {}
    for u in kinks:
        p = min(u, 1.0 - u)
        if 2.0**-53 <= p < 0.5:
            mantissa, exponent = np.frexp(p)
            segment, t = divmod((2.0 * mantissa - 1.0) * SEGMENTS, 1.0)
            row = (exponent + OCTAVES) * SEGMENTS + int(segment) + SIDE * (u > 0.5)
            breaks.setdefault(int(row), set()).add(2.0 * t - 1.0)
    row, begin, end = np.arange(ROWS), np.full(ROWS, -1.0), np.full(ROWS, 1.0)
    for cut_row, inside in breaks.items():
        ends = [*sorted(inside - {-1.0}), 1.0]
        end[cut_row] = ends[0]
        row = np.append(row, np.full(len(ends) - 1, cut_row))
        begin, end = np.append(begin, ends[:-1]), np.append(end, ends[1:])
    return _Pieces(row, begin, end)


def _place(row: Integers, s: Array) -> tuple[NDArray[np.bool_], Array]:
    """Return whether rows (n,) are on the upper side, and the p (n, m) of places s (n, m)."""
    octave, segment = np.divmod(row % SIDE, SEGMENTS)
    mantissa = 1.0 + (segment[:, None] + (s + 1.0) / 2.0) / SEGMENTS
    return row >= SIDE, np.ldexp(mantissa, octave[:, None] - 53)


def _quantile(shape: Shape, pieces: _Pieces, v: Array) -> tuple[Array, Array]:
    """Return s and the quantile at places v (m,) in [-1, 1] of every piece, (pieces, m) each."""
    middle, half = (pieces.begin + pieces.end) / 2.0, (pieces.end - pieces.begin) / 2.0
    s: Array = middle[:, None] + half[:, None] * v
    upper, p = _place(pieces.row, s)
    assert shape.quantile is not None
    q = np.empty_like(p)
    q[~upper] = shape.quantile(p[~upper].ravel(), False).reshape(-1, v.size)
    q[upper] = shape.quantile(p[upper].ravel(), True).reshape(-1, v.size)
    return s, q


_ANGLES = np.pi * (np.arange(TERMS) + 0.5) / TERMS
_NODES = np.cos(_ANGLES)
# Values at the nodes to coefficients of Chebyshev polynomials, and those to powers.
_TO_CHEBYSHEV = 2.0 / TERMS * np.cos(np.outer(_ANGLES, np.arange(TERMS)))
_TO_CHEBYSHEV[:, 0] /= 2.0
_TO_POWERS = np.array(
    [
        np.pad(np.polynomial.chebyshev.cheb2poly(unit[: j + 1]), (0, TERMS - 1 - j))
        for j, unit in enumerate(np.eye(TERMS))
    ]
)
_EXTREMES = np.cos(np.pi * np.array([1.0, 3.0, 5.0]) / TERMS)  # where T_6 = -1, 1, -1


def _interpolate(shape: Shape, pieces: _Pieces) -> Array:
    """Return coefficients by powers of s, through the values at the Chebyshev nodes."""
    _, q = _quantile(shape, pieces, _NODES)
    chebyshev = q @ _TO_CHEBYSHEV
    # A narrow piece needs few terms; the others would only be rounding errors, blown up below.
    width = (pieces.end - pieces.begin) / 2.0
    chebyshev[width[:, None] ** np.arange(TERMS) < 1e-18] = 0.0
    powers = chebyshev @ _TO_POWERS
    # Of v = slope * s + offset, by Horner's rule on polynomials.
    slope, offset = 1.0 / width, -(pieces.begin + pieces.end) / (2.0 * width)
    result: Array = np.zeros_like(powers)
    for j in reversed(range(TERMS)):
        shifted = np.roll(result, 1, axis=1)  # its last column is still 0
        result = result * offset[:, None] + shifted * slope[:, None]
        result[:, 0] += powers[:, j]
    return result


def _is_accurate(shape: Shape, pieces: _Pieces, coefficients: Array) -> NDArray[np.bool_]:
    """Return which pieces are right where their error is largest."""
    s, q = _quantile(shape, pieces, _EXTREMES)
    x: Array = np.zeros_like(s)
    for j in reversed(range(TERMS)):
        x = x * s + coefficients[:, j, None]
    right: NDArray[np.bool_] = np.all(np.abs(x - q) <= _allowed(shape, q), axis=1)
    return right


def _allowed(shape: Shape, q: Array) -> Array:
    """Return the error that a standardised quantile q may have.

    Location and scale do not enter: one table serves them all, and may not depend on which of them
    came first.
    """
    assert shape.quantile is not None
    low, median = shape.quantile(np.array([0.25, 0.5]), False)
    high = shape.quantile(np.array([0.25]), True)[0]
    accuracy = _ACCURACY_OF_LOG if shape.exponential else _ACCURACY
    distance = np.maximum(high - low, np.abs(q - median))
    allowed: Array = accuracy * distance + _ROUNDING * np.abs(q)
    return allowed


def _assemble(done: list[tuple[_Pieces, Array]]) -> Table:
    """Return the table: the first piece of each segment at its row, the others behind."""
    row = np.concatenate([pieces.row for pieces, _ in done])
    begin = np.concatenate([pieces.begin for pieces, _ in done])
    end = np.concatenate([pieces.end for pieces, _ in done])
    order = np.lexsort((begin, row))
    row, end = row[order], end[order]
    is_first = np.append(True, row[1:] != row[:-1])
    place = np.where(is_first, row, 0)
    place[~is_first] = ROWS + np.arange((~is_first).sum())
    has_next = np.append(~is_first[1:], False)
    coefficients = np.empty((row.size, TERMS))
    coefficients[place] = np.concatenate([part for _, part in done])[order]
    split, successor = np.full(row.size, NEVER), np.zeros(row.size, np.int64)
    split[place[has_next]] = end[has_next]
    successor[place[has_next]] = np.roll(place, -1)[has_next]
    return Table(coefficients, split, successor)

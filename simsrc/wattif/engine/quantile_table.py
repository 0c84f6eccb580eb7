"""Quantile functions as tables of polynomials, indexed by the bits of the uniform.

A uniform u is folded to p = min(u, 1 - u) >= 2^-53. Each side has 52 octaves of p of 16 segments,
so that the exponent of p and its four leading mantissa bits are the row, and a tail keeps its
relative accuracy to its end. Within a segment the quantile is a polynomial of degree 5 in s, which
runs from -1 to 1 through the segment. A segment with a kink in it, or with a quantile function that
bends too much for one polynomial, is split into pieces, which are extra rows at the end: each is a
polynomial in the distance from where it begins, so that a piece may be as narrow as the gap between
two uniforms. So the tails of a mixture's parts, which lie inside it, are as good as its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Array, Shape
from wattif.engine.chebyshev import nodes
from wattif.errors import RunError

OCTAVES = 52
SEGMENTS = 16
SIDE = OCTAVES * SEGMENTS  # rows a side
ROWS = 2 * SIDE
TERMS = 6

# Of max(IQR, |q - median|); a tenth of what is promised for x. An error of a logarithm grows with
# the scale that multiplies it.
_ACCURACY = 1e-10
_ACCURACY_OF_LOG = 1e-11
_ROUNDING = 8 * np.finfo(np.float64).eps
_MOST_ROWS = 16 * ROWS  # 1.3 MiB
_GRID = 2.0**-51  # kernels know s to this; where pieces end on it, their distances are exact
_NARROWEST = 2.0**-45  # in s; no narrower piece holds two uniforms
_BLUR = 2.0**-46  # of s, half a uniform: what moving one so far would explain is no error

Integers = NDArray[np.int64]


class TableError(RunError):
    """A quantile function that no table represents to the accuracy promised."""


@dataclass(frozen=True, eq=False)
class Table:
    """A tabulated quantile function.

    ``coefficients`` (rows, 6) by increasing power of s. Where ``link`` (rows,) of a segment is not
    0, it is the row of its first piece, whose own link is the row of the last. The piece with the
    greatest ``begin`` (rows,) up to s holds s; its polynomial is in s - begin.
    """

    coefficients: Array
    begin: Array
    link: Integers


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

    @property
    def is_whole(self) -> NDArray[np.bool_]:
        """Which are segments of one piece, whose polynomial is in s itself."""
        whole: NDArray[np.bool_] = (self.begin == -1.0) & (self.end == 1.0)
        return whole

    @property
    def is_narrow(self) -> NDArray[np.bool_]:
        """Which are too narrow to matter for more than one uniform."""
        narrow: NDArray[np.bool_] = self.end - self.begin <= _NARROWEST
        return narrow

    def halves(self) -> _Pieces:
        middle = _on_grid((self.begin + self.end) / 2.0)
        return _Pieces(
            np.concatenate([self.row, self.row]),
            np.concatenate([self.begin, middle]),
            np.concatenate([middle, self.end]),
        )


def build(shape: Shape) -> Table:
    """Return the table of a shape's quantile function.

    Every piece is checked between its nodes, and halved until it is right; raise
    :class:`TableError` if that takes too many.
    """
    todo = _cut(shape.kinks)
    done: list[tuple[_Pieces, Array]] = []
    rows = 0
    while rows + len(todo) <= _MOST_ROWS:
        coefficients = _interpolate(shape, todo)
        good = _is_accurate(shape, todo, coefficients) | todo.is_narrow
        done.append((todo.select(good), coefficients[good]))
        rows += int(good.sum())
        if good.all():
            return _assemble(done)
        todo = todo.select(~good).halves()
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
    return Table(np.concatenate(parts), np.zeros(rows), np.zeros(rows, np.int64))


def split_ranges(table: Table) -> list[tuple[float, float]]:
    """Return from which u to which the segments extend that were split."""
    rows = np.flatnonzero(table.link[:ROWS])
    upper, p = _place(rows, np.array([[-1.0, 1.0]]))
    u = np.where(upper[:, None], 1.0 - p[:, ::-1], p)
    return [(float(low), float(high)) for low, high in u]


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
            breaks.setdefault(int(row), set()).add(float(_on_grid(2.0 * t - 1.0)))
    row, begin, end = np.arange(ROWS), np.full(ROWS, -1.0), np.full(ROWS, 1.0)
    for cut_row, inside in breaks.items():
        ends = [*sorted(inside - {-1.0, 1.0}), 1.0]
        end[cut_row] = ends[0]
        row = np.append(row, np.full(len(ends) - 1, cut_row))
        begin, end = np.append(begin, ends[:-1]), np.append(end, ends[1:])
    return _Pieces(row, begin, end)


def _place(row: Integers, s: Array) -> tuple[NDArray[np.bool_], Array]:
    """Return whether rows (n,) are on the upper side, and the p (n, m) of places s (n, m)."""
    octave, segment = np.divmod(row % SIDE, SEGMENTS)
    mantissa = 1.0 + (segment[:, None] + (s + 1.0) / 2.0) / SEGMENTS
    return row >= SIDE, np.ldexp(mantissa, octave[:, None] - 53)


def _on_grid(s: Array | float) -> Array:
    rounded: Array = np.round(np.asarray(s) / _GRID) * _GRID
    return rounded


def _quantile(shape: Shape, pieces: _Pieces, v: Array) -> tuple[Array, Array]:
    """Return t and the quantile at places v (m,) in [-1, 1] of every piece, (pieces, m) each.

    t is what the polynomial of a piece is in: s of a whole segment, else the distance from begin.
    """
    origin = np.where(pieces.is_whole, 0.0, pieces.begin)
    middle, half = (pieces.begin + pieces.end) / 2.0, (pieces.end - pieces.begin) / 2.0
    t: Array = (middle - origin)[:, None] + half[:, None] * v
    upper, p = _place(pieces.row, origin[:, None] + t)
    assert shape.quantile is not None
    q = np.empty_like(p)
    q[~upper] = shape.quantile(p[~upper].ravel(), False).reshape(-1, v.size)
    q[upper] = shape.quantile(p[upper].ravel(), True).reshape(-1, v.size)
    return t, q


_NODES = nodes(TERMS)


def _interpolate(shape: Shape, pieces: _Pieces) -> Array:
    """Return coefficients by powers of t, through the values at the Chebyshev nodes."""
    _, q = _quantile(shape, pieces, _NODES.places)
    powers = q @ _NODES.to_powers
    # Of v = slope * t + offset, by Horner's rule on polynomials.
    slope, offset = 2.0 / (pieces.end - pieces.begin), np.where(pieces.is_whole, 0.0, -1.0)
    result: Array = np.zeros_like(powers)
    for j in reversed(range(TERMS)):
        shifted = np.roll(result, 1, axis=1)  # its last column is still 0
        result = result * offset[:, None] + shifted * slope[:, None]
        result[:, 0] += powers[:, j]
    # A value that has a probability of its own is met exactly. Of one uniform nobody can tell a
    # slope, and across a jump a polynomial would overshoot.
    level = pieces.is_narrow | (np.ptp(q, axis=1) == 0.0)
    result[level] = 0.0
    result[level, 0] = q[level, 0]
    return result


def _is_accurate(shape: Shape, pieces: _Pieces, coefficients: Array) -> NDArray[np.bool_]:
    """Return which pieces are right where their error is largest."""
    t, q = _quantile(shape, pieces, _NODES.extremes)
    x, slope = np.zeros_like(t), np.zeros_like(t)
    for j in reversed(range(TERMS)):
        slope = slope * t + x
        x = x * t + coefficients[:, j, None]
    allowed = _allowed(shape, q) + _BLUR * np.abs(slope)
    right: NDArray[np.bool_] = np.all(np.abs(x - q) <= allowed, axis=1)
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


def _joined(parts: list[_Pieces]) -> _Pieces:
    return _Pieces(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.begin for part in parts]),
        np.concatenate([part.end for part in parts]),
    )


def _assemble(done: list[tuple[_Pieces, Array]]) -> Table:
    """Return the table: whole segments at their rows, pieces behind, in order."""
    pieces = _joined([part for part, _ in done])
    coefficients = np.concatenate([part for _, part in done])
    order = np.lexsort((pieces.begin, pieces.row))
    row, begin, is_part = pieces.row[order], pieces.begin[order], ~pieces.is_whole[order]
    place = np.where(is_part, ROWS - 1 + np.cumsum(is_part), row)
    rows = ROWS + int(is_part.sum())
    table = Table(np.zeros((rows, TERMS)), np.zeros(rows), np.zeros(rows, np.int64))
    table.coefficients[place] = coefficients[order]
    table.begin[place] = begin
    changes = row[1:] != row[:-1]
    first = place[is_part & np.append(True, changes)]
    table.link[row[is_part & np.append(True, changes)]] = first
    table.link[first] = place[is_part & np.append(changes, True)]
    return table

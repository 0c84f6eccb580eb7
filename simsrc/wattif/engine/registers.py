"""Run the register code of a program over one block of draws.

To add an operation: name it in :class:`~wattif.engine.program.Op`, give it a loop here, and a numpy
twin in the tests. Every operation reads whole rows and writes another row: rows never overlap, so
the compiler may vectorise, and a constant is a row that is filled when it is needed; only the four
operations of arithmetic have a second loop for constants.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np

from wattif.engine.jit import jit
from wattif.engine.program import Op

OPERANDS = 3
SPARE_ROWS = OPERANDS + 1  # one for every operand that may be a constant, and one to write to


@jit
def operand_row(operand, spare, rows, place, constants, n):
    """Return the number of the row that holds an operand; a constant fills row ``spare``."""
    if operand >= 0:
        return place[operand]
    value = constants[-1 - operand]
    for i in range(n):
        rows[spare, i] = value
    return np.int64(spare)


@jit
def execute(code, instruction, rows, place, constants, scale, n):
    """Execute one element-by-element instruction of ``code`` over n draws, times a scale.

    ``rows`` is the workspace; ``place`` (registers + 1,) says which row each register is in, and
    in its last element which row is free. The result goes to the free row, which then becomes the
    register: so no operation ever writes over what it reads.
    """
    # Rows go down by number: a slice of an array counts a reference, twice, which takes as long as
    # fifty draws of a multiplication.
    op, target, y = code[instruction, 0], code[instruction, 1], place[-1]
    first, second = code[instruction, 2], code[instruction, 3]
    if Op.ADD <= op <= Op.DIV and (first < 0) != (second < 0):
        value = constants[-1 - min(first, second)]
        with_constant(op, rows, place[max(first, second)], value, first < 0, y, n)
        rename(target, place)
        return
    a = operand_row(first, 0, rows, place, constants, n)
    b = operand_row(second, 1, rows, place, constants, n)
    if op <= Op.NEG:
        arithmetic(op, rows, a, b, scale, y, n)
    elif op <= Op.NE:
        comparison(op, rows, a, b, y, n)
    elif op <= Op.ABS:
        c = operand_row(code[instruction, 4], 2, rows, place, constants, n)
        selection(op, rows, a, b, c, y, n)
    else:
        function(op, rows, a, b, y, n)
    rename(target, place)


@jit
def rename(register, place):
    """Let the free row become the register, and the register's row be free."""
    place[register], place[-1] = place[-1], place[register]


@jit
def arithmetic(op, rows, a, b, scale, y, n):
    """Fill row y with a + b, a - b, ..., by the operation; a product times a scale besides."""
    if op == Op.COPY:
        for i in range(n):
            rows[y, i] = rows[a, i]
    elif op == Op.ADD:
        for i in range(n):
            rows[y, i] = rows[a, i] + rows[b, i]
    elif op == Op.SUB:
        for i in range(n):
            rows[y, i] = rows[a, i] - rows[b, i]
    elif op == Op.MUL:
        for i in range(n):
            rows[y, i] = rows[a, i] * rows[b, i] * scale
    elif op == Op.DIV:
        for i in range(n):
            rows[y, i] = rows[a, i] / rows[b, i]
    elif op == Op.POW:
        for i in range(n):
            rows[y, i] = rows[a, i] ** rows[b, i]
    elif op == Op.NEG:
        for i in range(n):
            rows[y, i] = -rows[a, i]


@jit
def with_constant(op, rows, a, value, comes_first, y, n):
    """Fill row y with a + value, value - a, ..., in 0.1 ns a draw less than with two rows."""
    if op == Op.ADD:
        for i in range(n):
            rows[y, i] = rows[a, i] + value
    elif op == Op.MUL:
        for i in range(n):
            rows[y, i] = rows[a, i] * value
    elif op == Op.SUB and comes_first:
        for i in range(n):
            rows[y, i] = value - rows[a, i]
    elif op == Op.SUB:
        for i in range(n):
            rows[y, i] = rows[a, i] - value
    elif op == Op.DIV and comes_first:
        for i in range(n):
            rows[y, i] = value / rows[a, i]
    elif op == Op.DIV:
        for i in range(n):
            rows[y, i] = rows[a, i] / value


@jit
def comparison(op, rows, a, b, y, n):
    """Fill row y with 1.0 where the comparison of row a with row b holds, else 0.0."""
    if op == Op.LT:
        for i in range(n):
            rows[y, i] = 1.0 if rows[a, i] < rows[b, i] else 0.0
    elif op == Op.LE:
        for i in range(n):
            rows[y, i] = 1.0 if rows[a, i] <= rows[b, i] else 0.0
    elif op == Op.GT:
        for i in range(n):
            rows[y, i] = 1.0 if rows[a, i] > rows[b, i] else 0.0
    elif op == Op.GE:
        for i in range(n):
            rows[y, i] = 1.0 if rows[a, i] >= rows[b, i] else 0.0
    elif op == Op.EQ:
        for i in range(n):
            rows[y, i] = 1.0 if rows[a, i] == rows[b, i] else 0.0
    elif op == Op.NE:
        for i in range(n):
            rows[y, i] = 1.0 if rows[a, i] != rows[b, i] else 0.0


@jit
def least(p, q):
    """Return the smaller number, or NaN if either is NaN."""
    return p if p < q or p != p else q


@jit
def greatest(p, q):
    """Return the greater number, or NaN if either is NaN."""
    return p if p > q or p != p else q


@jit
def selection(op, rows, a, b, c, y, n):
    """Fill row y with the a, b or c that the operation selects; NaN wins, as in numpy."""
    if op == Op.WHERE:
        for i in range(n):
            p, q, r = rows[a, i], rows[b, i], rows[c, i]
            rows[y, i] = q if p < 0.0 or p > 0.0 else (r if p == 0.0 else p)
    elif op == Op.MIN:
        for i in range(n):
            rows[y, i] = least(rows[a, i], rows[b, i])
    elif op == Op.MAX:
        for i in range(n):
            rows[y, i] = greatest(rows[a, i], rows[b, i])
    elif op == Op.CLIP:
        for i in range(n):
            rows[y, i] = least(greatest(rows[a, i], rows[b, i]), rows[c, i])
    elif op == Op.ABS:
        for i in range(n):
            rows[y, i] = abs(rows[a, i])


@jit
def function(op, rows, a, b, y, n):
    """Fill row y with exp(a), log(a), ..., by the operation."""
    if op == Op.EXP:
        for i in range(n):
            rows[y, i] = np.exp(rows[a, i])
    elif op == Op.LOG:
        for i in range(n):
            rows[y, i] = np.log(rows[a, i])
    elif op == Op.LOG10:
        for i in range(n):
            rows[y, i] = np.log10(rows[a, i])
    elif op == Op.SQRT:
        for i in range(n):
            rows[y, i] = np.sqrt(rows[a, i])
    elif op == Op.SIN:
        for i in range(n):
            rows[y, i] = np.sin(rows[a, i])
    elif op == Op.COS:
        for i in range(n):
            rows[y, i] = np.cos(rows[a, i])
    elif op == Op.TAN:
        for i in range(n):
            rows[y, i] = np.tan(rows[a, i])
    elif op == Op.ATAN2:
        for i in range(n):
            rows[y, i] = np.arctan2(rows[a, i], rows[b, i])
    elif op == Op.FLOOR:
        for i in range(n):
            rows[y, i] = np.floor(rows[a, i])

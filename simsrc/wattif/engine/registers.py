"""Run the register code of a program over one block of draws.

To add an operation: name it in :class:`~wattif.engine.program.Op`, give it a loop here, and a numpy
twin in the tests. Every operation reads whole rows and writes another row: rows never overlap, so
the compiler may vectorise, and a constant is a row that is filled when it is needed (0.1 ns a draw,
instead of a second loop for every operation).
"""
# mypy: allow-untyped-defs

from __future__ import annotations

import numpy as np

from wattif.engine.jit import jit
from wattif.engine.program import Op

OPERANDS = 3
SPARE_ROWS = OPERANDS + 1  # one for every operand that may be a constant, and one to write to


@jit
def operand_row(operand, spare, rows, place, constants):
    """Return the row (n,) that holds an operand; a constant fills the spare row (n,)."""
    if operand >= 0:
        return rows[place[operand], : spare.size]
    spare.fill(constants[-1 - operand])
    return spare


@jit
def execute(instruction, rows, place, constants, n):
    """Execute one element-by-element instruction over n draws.

    ``rows`` is the workspace; ``place`` (registers + 1,) says which row each register is in, and
    in its last element which row is free. The result goes to the free row, which then becomes the
    register: so no operation ever writes over what it reads.
    """
    op = instruction[0]
    a = operand_row(instruction[2], rows[0, :n], rows, place, constants)
    b = operand_row(instruction[3], rows[1, :n], rows, place, constants)
    c = operand_row(instruction[4], rows[2, :n], rows, place, constants)
    y = rows[place[-1], :n]
    if op <= Op.NEG:
        arithmetic(op, a, b, y)
    elif op <= Op.NE:
        comparison(op, a, b, y)
    elif op <= Op.ABS:
        selection(op, a, b, c, y)
    else:
        function(op, a, b, y)
    rename(instruction[1], place)


@jit
def rename(register, place):
    """Let the free row become the register, and the register's row be free."""
    place[register], place[-1] = place[-1], place[register]


@jit
def arithmetic(op, a, b, y):
    """Fill y with a + b, a - b, ..., by the operation."""
    if op == Op.COPY:
        for i in range(y.size):
            y[i] = a[i]
    elif op == Op.ADD:
        for i in range(y.size):
            y[i] = a[i] + b[i]
    elif op == Op.SUB:
        for i in range(y.size):
            y[i] = a[i] - b[i]
    elif op == Op.MUL:
        for i in range(y.size):
            y[i] = a[i] * b[i]
    elif op == Op.DIV:
        for i in range(y.size):
            y[i] = a[i] / b[i]
    elif op == Op.POW:
        for i in range(y.size):
            y[i] = a[i] ** b[i]
    elif op == Op.NEG:
        for i in range(y.size):
            y[i] = -a[i]


@jit
def comparison(op, a, b, y):
    """Fill y with 1.0 where the comparison of a with b holds, else 0.0."""
    if op == Op.LT:
        for i in range(y.size):
            y[i] = 1.0 if a[i] < b[i] else 0.0
    elif op == Op.LE:
        for i in range(y.size):
            y[i] = 1.0 if a[i] <= b[i] else 0.0
    elif op == Op.GT:
        for i in range(y.size):
            y[i] = 1.0 if a[i] > b[i] else 0.0
    elif op == Op.GE:
        for i in range(y.size):
            y[i] = 1.0 if a[i] >= b[i] else 0.0
    elif op == Op.EQ:
        for i in range(y.size):
            y[i] = 1.0 if a[i] == b[i] else 0.0
    elif op == Op.NE:
        for i in range(y.size):
            y[i] = 1.0 if a[i] != b[i] else 0.0


@jit
def least(p, q):
    """Return the smaller number, or NaN if either is NaN."""
    return p if p < q or p != p else q


@jit
def greatest(p, q):
    """Return the greater number, or NaN if either is NaN."""
    return p if p > q or p != p else q


@jit
def selection(op, a, b, c, y):
    """Fill y with the a, b or c that the operation selects; NaN wins, as in numpy."""
    if op == Op.WHERE:
        for i in range(y.size):
            p, q, r = a[i], b[i], c[i]
            y[i] = q if p < 0.0 or p > 0.0 else (r if p == 0.0 else p)
    elif op == Op.MIN:
        for i in range(y.size):
            y[i] = least(a[i], b[i])
    elif op == Op.MAX:
        for i in range(y.size):
            y[i] = greatest(a[i], b[i])
    elif op == Op.CLIP:
        for i in range(y.size):
            y[i] = least(greatest(a[i], b[i]), c[i])
    elif op == Op.ABS:
        for i in range(y.size):
            y[i] = abs(a[i])


@jit
def function(op, a, b, y):
    """Fill y with exp(a), log(a), ..., by the operation."""
    if op == Op.EXP:
        for i in range(y.size):
            y[i] = np.exp(a[i])
    elif op == Op.LOG:
        for i in range(y.size):
            y[i] = np.log(a[i])
    elif op == Op.LOG10:
        for i in range(y.size):
            y[i] = np.log10(a[i])
    elif op == Op.SQRT:
        for i in range(y.size):
            y[i] = np.sqrt(a[i])
    elif op == Op.SIN:
        for i in range(y.size):
            y[i] = np.sin(a[i])
    elif op == Op.COS:
        for i in range(y.size):
            y[i] = np.cos(a[i])
    elif op == Op.TAN:
        for i in range(y.size):
            y[i] = np.tan(a[i])
    elif op == Op.ATAN2:
        for i in range(y.size):
            y[i] = np.arctan2(a[i], b[i])
    elif op == Op.FLOOR:
        for i in range(y.size):
            y[i] = np.floor(a[i])

"""Find draws that nobody needs but the next instruction, which multiplies them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattif.engine.program import OPERANDS_OF, Op


def find_products(code: NDArray[np.int32], is_grid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which instructions of ``code`` (m, 5) draw a factor of the next, and only that.

    ``is_grid`` (D,): which inputs are drawn at a place that a register holds.
    Then the two can be one loop, which neither stores the draw nor loads it again.
    """
    found = np.zeros(len(code), np.bool_)
    for i in range(len(code) - 1):
        op, register = code[i, :2]
        next_op, _, a, b = code[i + 1, :4]
        found[i] = (
            op == Op.DRAW
            and next_op == Op.MUL
            and (a == register) != (b == register)
            and min(a, b) >= 0
            and not (code[i + 1, 1] != register and _is_read(code[i + 2 :], is_grid, register))
        )
    return found


def _is_read(code: NDArray[np.int32], is_grid: NDArray[np.bool_], register: int) -> bool:
    """Return whether an instruction reads a register before it is written to."""
    for row in code:
        op = Op(row[0])
        has_place = op == Op.DRAW and is_grid[row[2]]
        if register in row[2 : 2 + OPERANDS_OF[op]] or (has_place and row[3] == register):
            return True
        if op not in (Op.OUTPUT, Op.COUPLE) and row[1] == register:
            return False
    return False

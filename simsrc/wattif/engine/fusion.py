"""Find draws that nobody needs but the next instruction, which multiplies them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattif.engine.program import OPERANDS_OF, Op


def find_products(code: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which instructions of ``code`` (m, 5) draw a factor of the next, and only that.

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
            and not _is_read(code, i + 2, register, overwritten=code[i + 1, 1] == register)
        )
    return found


def _is_read(code: NDArray[np.int32], start: int, register: int, overwritten: bool) -> bool:
    """Return whether an instruction from ``start`` on reads a register before it is written to."""
    for row in code[start:] if not overwritten else ():
        op = Op(row[0])
        if register in row[2 : 2 + OPERANDS_OF[op]] or (op == Op.DRAW and row[3] == register):
            return True
        if op not in (Op.OUTPUT, Op.COUPLE) and row[1] == register:
            return False
    return False

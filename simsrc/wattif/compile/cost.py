"""How long a draw takes by one program, next to another."""

from __future__ import annotations

from collections import Counter

from wattif.engine.dataflow import leave_out
from wattif.engine.program import Op, Program

WORTH = 0.75  # of the time: for less, it is not worth to make distributions
_COSTS = {Op.DRAW: 1.0, Op.OUTPUT: 0.8, Op.COUPLE: 20.0}  # ns, on the machine this was written on
_OTHER = 0.25


def cost_of(program: Program) -> float:
    """Return the nanoseconds of a draw, if all is implied that has a factor."""
    rests = {factor.rest for factor in program.factors}
    implied = {factor.output for factor in program.factors} - rests
    constant = {row[1] for row in program.code.tolist() if row[0] == Op.OUTPUT and row[2] < 0}
    is_grid = [one.shape.kind == "grid" for one in program.inputs]
    code = leave_out(program.code, implied | (constant & rests), is_grid)
    return sum(
        count * _COSTS.get(Op(op), _OTHER) for op, count in Counter(code[:, 0].tolist()).items()
    )

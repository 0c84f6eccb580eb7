"""Tell which registers instructions read and write, and leave out what nobody needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Shape
from wattif.engine.program import OPERANDS_OF, Op, Program

Instruction = Sequence[int]  # of Python's own: numpy's integers take four times as long
Flags = Sequence[bool]

_BLANK = Shape("uniform", low=0.0, high=1.0)


def read_by(instruction: Instruction, is_grid: Flags) -> set[int]:
    """Return the registers that an instruction reads.

    ``is_grid`` (D,): which inputs are drawn at a place that a register holds.
    """
    op = instruction[0]
    operands = instruction[2 : 2 + OPERANDS_OF[Op(op)]]
    if op == Op.DRAW and is_grid[instruction[2]]:
        operands = instruction[3:4]
    return {operand for operand in operands if operand >= 0}


def written_by(instruction: Instruction) -> int | None:
    """Return the register that an instruction fills."""
    return None if instruction[0] in (Op.OUTPUT, Op.COUPLE) else instruction[1]


def numbers_of(program: Program) -> dict[int, float]:
    """Return the hidden outputs that are numbers, which need not be drawn."""
    reported = len(program.outputs) - program.hidden
    return {
        row[1]: float(program.constants[-1 - row[2]])
        for row in program.code.tolist()
        if row[0] == Op.OUTPUT and row[2] < 0 and row[1] >= reported
    }


def without(program: Program, outputs: Collection[int]) -> Program:
    """Return the program without what only some outputs need.

    Inputs keep their numbers; those that are not drawn any more are left out at the end, and become
    uniform elsewhere, which takes no table.
    """
    if not outputs:
        return program
    is_grid = [one.shape.kind == "grid" for one in program.inputs]
    code = leave_out(program.code, outputs, is_grid)
    drawn = {row[2] for row in code.tolist() if row[0] == Op.DRAW}
    for coupling in program.couplings:
        drawn.update(coupling.members, {coupling.mixing})
    inputs = (
        one if number in drawn else replace(one, shape=_BLANK)
        for number, one in enumerate(program.inputs[: max(drawn, default=-1) + 1])
    )
    return replace(program, code=code, inputs=tuple(inputs))


def leave_out(
    code: NDArray[np.int32], outputs: Collection[int], is_grid: Flags
) -> NDArray[np.int32]:
    """Return the instructions of ``code`` (m, 5) that are needed without some outputs.

    From the last one to the first: what fills a register is needed if that is read before it is
    filled again. Couplings stay, whoever draws from them.
    """
    kept: list[Instruction] = []
    read: set[int] = set()
    for instruction in code[::-1].tolist():
        op, register = instruction[0], written_by(instruction)
        is_wanted = op == Op.COUPLE or (op == Op.OUTPUT and instruction[1] not in outputs)
        if is_wanted or register in read:
            read.discard(-1 if register is None else register)
            read |= read_by(instruction, is_grid)
            kept.append(instruction)
    return np.array(kept[::-1], np.int32).reshape(-1, 5)

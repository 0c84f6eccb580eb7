"""One interval at a time: the draws that a run kept, computed anew with numpy.

A draw x of an interval becomes Q(F(x)), with F as it was read and Q of the other shape: the same
point of the same sequence. So what differs is the shape, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from wattif.distributions import Distribution
from wattif.engine.program import Op, Program
from wattif.language.functions import FUNCTIONS
from wattif.reshape.moves import Numbers, numbers_of_draws, shifts
from wattif.reshape.report import Cause, Shift

Array = NDArray[np.float64]
_SILENT = frozenset({Op.DRAW, Op.OUTPUT, Op.COPY, Op.COUPLE})
_ARITY = {op: FUNCTIONS[op.name.lower()].most or 2 for op in Op if op not in _SILENT}


def evaluate(program: Program, draws: Array) -> Array:
    """Return the outputs (K, ...) of a program for draws of its inputs (D, ...), no hidden ones."""
    registers: dict[int, Array] = {}
    outputs = np.empty((len(program.outputs), *draws.shape[1:]))

    def operand(place: int) -> Array:
        if place >= 0:
            return registers[place]
        return np.asarray(program.constants[-1 - place])

    with np.errstate(all="ignore"):
        for code, target, *places in program.code.tolist():
            op = Op(code)
            if op is Op.DRAW:
                registers[target] = draws[places[0]]
            elif op is Op.OUTPUT:
                outputs[target] = operand(places[0])
            elif op is Op.COPY:
                registers[target] = operand(places[0])
            elif op is not Op.COUPLE:  # the draws have been coupled already
                function = FUNCTIONS[op.name.lower()].evaluate
                registers[target] = function(*map(operand, places[: _ARITY[op]]))
    return outputs[: len(outputs) - program.hidden]


def reshaped(read: Distribution, other: Distribution, x: Array) -> Array:
    """Return what draws x of a distribution would have been, had it another shape."""
    below, above = read.probability(x), read.probability(x, upper=True)
    near = below <= 0.5
    least = np.finfo(np.float64).tiny
    moved: Array = np.empty_like(x)
    moved[near] = other.quantile(np.maximum(below[near], least))
    moved[~near] = other.quantile(np.maximum(above[~near], least), upper=True)
    return moved


def causes(
    program: Program,
    kept: Array,
    level: float,
    events: Collection[int],
    read: Mapping[str, Distribution],
    readings: Mapping[str, Mapping[str, Distribution]],
) -> dict[int, list[Cause]]:
    """Return, by output, how it moves if one interval alone has another shape.

    kept : draws of the inputs, (R, D, n).  read : distributions by key.  readings : others by
    shape, then by key.
    """
    draws = np.moveaxis(kept, 1, 0)
    place = {one.key: i for i, one in enumerate(program.inputs)}
    before = evaluate(program, draws)
    numbers = numbers_of_draws(before, level, events)
    found: dict[int, list[Cause]] = {k: [] for k in range(before.shape[0])}
    for shape, others in readings.items():
        for key, other in others.items():
            moved = draws.copy()
            moved[place[key]] = reshaped(read[key], other, draws[place[key]])
            after = evaluate(program, moved)
            different = [k for k in found if not _same(before[k], after[k])]
            for k, shift in _shifts(different, numbers, after, level, events).items():
                found[k].append(Cause(key, shape, shift))
    return found


def _same(before: Array, after: Array) -> bool:
    return np.array_equal(before, after, equal_nan=True)


def _shifts(
    outputs: list[int], numbers: Numbers, after: Array, level: float, events: Collection[int]
) -> dict[int, Shift]:
    """Return the shifts of some outputs, of the width that their intervals have by these draws."""
    if not outputs:
        return {}
    before = Numbers(numbers.pooled[outputs], numbers.replicates[:, outputs])
    among = [i for i, k in enumerate(outputs) if k in events]
    moved = shifts(before, numbers_of_draws(after[outputs], level, among), before.widths())
    return dict(zip(outputs, moved, strict=True))

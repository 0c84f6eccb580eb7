"""Find inputs that do nothing but multiply or divide an output, and split them off.

If Y = Z X with X drawn on its own and used in no other way, P(Y <= y) is the mean of P(X <= y / Z),
which is smooth in all that is drawn, where the indicator of Y <= y jumps. So quantiles of Y that
are computed from Z (:mod:`wattif.engine.integrate`) have far smaller errors.

Whether it is so can be read off the program: Y is *homogeneous* in X, of degree 1. A product adds
degrees, a quotient subtracts them; a sum, a minimum or a choice needs them to be equal; a
comparison of what has equal degrees has degree 0, since X > 0. To teach it another operation: a
case in :func:`_degree`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wattif.distributions.base import Shape, fold, place
from wattif.engine.program import Factor, Op, Output, Program

Degrees = dict[int, float]  # by input; NaN: depends on it in another way

_ALIKE = {Op.ADD, Op.SUB, Op.MIN, Op.MAX, Op.CLIP}
_COMPARED = {Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE, Op.ATAN2}
_KEPT = {Op.COPY, Op.NEG, Op.ABS}
_ARITY = {Op.WHERE: 3, Op.CLIP: 3} | dict.fromkeys(
    (Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.POW, Op.MIN, Op.MAX, *_COMPARED), 2
)
_LEAST = 2.0**-53  # the least uniform that is ever drawn


def split_factors(program: Program) -> Program:
    """Return the program with what is left of each output without its most uncertain factor.

    That is one more output for each that has such a factor; they follow all others, which keep
    their numbers and their draws.
    """
    spread = [_spread(one.shape) for one in program.inputs]
    for member in (member for one in program.couplings for member in one.members):
        spread[member] = 0.0
    factors: list[Factor] = []
    for k, degrees in sorted(_output_degrees(program).items()):
        best = _choose(degrees, spread)
        if best is not None:
            rest = len(program.outputs) + len(factors)
            factors.append(Factor(k, rest, best, int(degrees[best])))
    return _write(program, factors)


def _spread(shape: Shape) -> float:
    """Return how far the logarithm of an input spreads; 0 if it cannot be integrated out."""
    if shape.kind not in ("uniform", "table"):
        return 0.0
    p = np.array([_LEAST, 0.05, 0.95])
    quantile = shape.quantile or (lambda p, upper: 1.0 - p if upper else p)
    least, low, high = place(shape, fold(quantile, p, upper=False))
    return float(np.log(high / low)) if least > 0.0 and np.isfinite(high) else 0.0


def _choose(degrees: Degrees, spread: Sequence[float]) -> int | None:
    """Return the factor that spreads most, or None if there is none."""
    fit = [j for j, degree in degrees.items() if abs(degree) == 1.0 and spread[j] > 0.0]
    return max(fit, key=lambda j: spread[j], default=None)


def _output_degrees(program: Program) -> dict[int, Degrees]:
    """Return the degrees of every output in the inputs that it depends on."""
    registers: dict[int, Degrees] = {}
    outputs: dict[int, Degrees] = {}
    for op, target, *operands in program.code.tolist():
        if op == Op.DRAW:
            is_grid = program.inputs[operands[0]].shape.kind == "grid"
            where = registers.get(operands[1], {}) if is_grid else {}
            registers[target] = dict.fromkeys(where, math.nan) | {operands[0]: 1.0}
        elif op == Op.OUTPUT:
            outputs[target] = registers.get(operands[0], {})
        elif op != Op.COUPLE:
            used = [registers.get(operand, {}) for operand in operands[: _ARITY.get(op, 1)]]
            power = float(program.constants[-1 - operands[1]]) if operands[1] < 0 else math.nan
            everything = {j for one in used for j in one}
            degrees = {j: _degree(op, [one.get(j, 0.0) for one in used], power) for j in everything}
            registers[target] = {j: degree for j, degree in degrees.items() if degree != 0.0}
    return outputs


def _degree(op: int, degrees: list[float], power: float) -> float:
    """Return the degree of an operation's result in one input, from those of its operands."""
    alike = all(degree == degrees[0] for degree in degrees)
    if op in _KEPT or (op in _ALIKE and alike):
        return degrees[0]
    if op == Op.MUL:
        return degrees[0] + degrees[1]
    if op == Op.DIV:
        return degrees[0] - degrees[1]
    if op == Op.SQRT:
        return degrees[0] / 2.0
    if op == Op.POW and degrees[1] == 0.0:
        return degrees[0] * power
    if op == Op.WHERE and degrees[0] == 0.0 and degrees[1] == degrees[2]:
        return degrees[1]
    return 0.0 if op in _COMPARED and alike else math.nan


def _write(program: Program, factors: Sequence[Factor]) -> Program:
    """Return the program that keeps the factors when drawn and divides outputs by them."""
    kept = {j: program.registers + i for i, j in enumerate(sorted({f.input for f in factors}))}
    spare = program.registers + len(kept)
    by_output = {factor.output: factor for factor in factors}
    code: list[tuple[int, ...]] = []
    for row in program.code.tolist():
        code.append(tuple(row))
        op, target, operand = row[:3]
        if op == Op.DRAW and operand in kept:
            code.append((Op.COPY, kept[operand], target, 0, 0))
        if op == Op.OUTPUT and target in by_output:
            factor = by_output[target]
            divide = Op.DIV if factor.power > 0 else Op.MUL
            code.append((divide, spare, operand, kept[factor.input], 0))
            code.append((Op.OUTPUT, factor.rest, spare, 0, 0))
    return replace(
        program,
        outputs=(*program.outputs, *(_rest(program, factor) for factor in factors)),
        code=np.array(code, np.int32).reshape(-1, 5),
        registers=spare + 1 if factors else program.registers,
        factors=tuple(factors),
        hidden=len(factors),
    )


def _rest(program: Program, factor: Factor) -> Output:
    output, one = program.outputs[factor.output], program.inputs[factor.input]
    return Output(output.system, f"{output.name} without {one.key}")

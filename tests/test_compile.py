"""A program computes what the formulas say, draws each quantity once, and nothing in vain."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from wattif.compile import Compiled, compile_model
from wattif.distributions import make
from wattif.engine.program import Op
from wattif.language.expression import Call, Expression, Name, Number
from wattif.language.functions import FUNCTIONS
from wattif.language.model import Absent, Belief, Constant, Formula, Model, Quantity, Random, System
from wattif.language.units import DIMENSIONLESS, parse_unit

X = Name("x")
DRAWN = Random(make("normal", {"mean": 3.0, "sd": 1.0}))


def formula(expression: Expression) -> Formula:
    return Formula(expression, "")


def model(beliefs: dict[str, Belief], outputs: tuple[str, ...], systems: tuple[str, ...] = ("s",)):
    table = {
        (system, name): Quantity(name, name, DIMENSIONLESS, belief, "")
        for system in systems
        for name, belief in beliefs.items()
    }
    return Model(
        title="",
        name="test",
        systems=tuple(System(key, key) for key in systems),
        outputs=outputs,
        table=table,
        units=dict.fromkeys(beliefs, DIMENSIONLESS),
    )


def run(compiled: Compiled, draws: dict[str, float]) -> list[float]:
    """Execute a program on one draw: the slow twin of the engine's register machine."""
    program = compiled.program
    registers: list[float] = [np.nan] * program.registers
    outputs = [np.nan] * len(program.outputs)

    def value(operand: int) -> float:
        return registers[operand] if operand >= 0 else float(program.constants[-1 - operand])

    for op, dst, a, b, c in program.code.tolist():
        if op == Op.DRAW:
            registers[dst] = draws[program.inputs[a].key]
        elif op == Op.OUTPUT:
            outputs[dst] = value(a)
        else:
            function = FUNCTIONS[Op(op).name.lower()]
            count = function.most or 2
            registers[dst] = float(function.evaluate(*[value(v) for v in (a, b, c)[:count]]))
    return outputs


def ops(compiled: Compiled) -> list[str]:
    return [Op(op).name for op in compiled.program.code[:, 0]]


def test_a_formula_is_computed():
    y = formula(Call("add", (Call("mul", (X, X)), Number(1.0))))
    compiled = compile_model(model({"x": DRAWN, "y": y}, ("y",)))
    assert run(compiled, {"x": 3.0}) == [10.0]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_of_the_language_has_an_operation(name):
    function = FUNCTIONS[name]
    arguments = (X, Number(0.5), Number(2.0))[: function.most or 3]
    compiled = compile_model(model({"x": DRAWN, "y": formula(Call(name, arguments))}, ("y",)))
    expected = function.evaluate(*[0.75, 0.5, 2.0][: len(arguments)])
    assert run(compiled, {"x": 0.75}) == [float(expected)]


def test_equal_expressions_are_computed_once():
    double = Call("add", (X, X))
    y = formula(Call("mul", (double, double)))
    compiled = compile_model(model({"x": DRAWN, "y": y}, ("y",)))
    assert ops(compiled) == ["DRAW", "ADD", "MUL", "OUTPUT"]


def test_a_chain_of_doublings_stays_linear():
    beliefs: dict[str, Belief] = {"y0": DRAWN}
    for i in range(1, 61):
        beliefs[f"y{i}"] = formula(Call("add", (Name(f"y{i - 1}"), Name(f"y{i - 1}"))))
    compiled = compile_model(model(beliefs, ("y60",)))
    assert len(compiled.program.code) == 62
    assert run(compiled, {"y0": 1.0}) == [2.0**60]


def test_a_chain_of_thousands_does_not_recurse():
    beliefs: dict[str, Belief] = {"y0": DRAWN}
    for i in range(1, 5001):
        beliefs[f"y{i}"] = formula(Call("add", (Name(f"y{i - 1}"), Number(1.0))))
    compiled = compile_model(model(beliefs, ("y5000",)))
    assert run(compiled, {"y0": 0.0}) == [5000.0]
    assert compiled.program.registers == 1


def test_registers_are_reused():
    total: Expression = Name("x0")
    beliefs: dict[str, Belief] = {"x0": DRAWN}
    for i in range(1, 40):
        beliefs[f"x{i}"] = Random(make("normal", {"mean": float(i), "sd": 1.0}))
        total = Call("add", (total, Name(f"x{i}")))
    compiled = compile_model(model({**beliefs, "y": formula(total)}, ("y",)))
    assert run(compiled, {f"x{i}": float(i) for i in range(40)}) == [sum(range(40))]
    assert len(compiled.program.inputs) == 40


def test_constants_are_folded():
    y = formula(Call("mul", (Call("add", (Name("a"), Number(2.0))), X)))
    compiled = compile_model(model({"a": Constant(1.0), "x": DRAWN, "y": y}, ("y",)))
    assert ops(compiled) == ["DRAW", "MUL", "OUTPUT"]
    assert 3.0 in compiled.program.constants


def test_folding_overflows_to_infinity_instead_of_failing():
    y = formula(Call("pow", (Number(9.0), Number(1e9))))
    compiled = compile_model(model({"y": y}, ("y",)))
    assert run(compiled, {}) == [np.inf]


def test_minus_zero_is_not_zero():
    y = formula(Call("div", (Number(1.0), Number(-0.0))))
    z = formula(Call("div", (Number(1.0), Number(0.0))))
    compiled = compile_model(model({"y": y, "z": z}, ("y", "z")))
    assert run(compiled, {}) == [-np.inf, np.inf]


def test_what_no_output_needs_is_not_drawn():
    y = formula(Call("exp", (X,)))
    compiled = compile_model(model({"unused": DRAWN, "x": DRAWN, "y": y}, ("y",)))
    assert [drawn.key for drawn in compiled.program.inputs] == ["x"]


def test_a_shared_quantity_is_drawn_once_and_an_equal_output_reported_once():
    y = formula(Call("exp", (X,)))
    compiled = compile_model(model({"x": DRAWN, "y": y}, ("y",), systems=("a", "b")))
    assert ops(compiled) == ["DRAW", "EXP", "OUTPUT"]
    assert compiled.places == {("a", "y"): 0, ("b", "y"): 0}


def test_an_absent_output_has_no_place():
    compiled = compile_model(model({"y": Absent("never published")}, ("y",)))
    assert compiled.places == {}
    assert len(compiled.program.code) == 0


def test_an_output_is_converted_to_the_unit_it_is_reported_in():
    study = model({"y": Constant(2.0)}, ("y",))
    table = {
        place: dataclasses.replace(quantity, unit=parse_unit("hour"))
        for place, quantity in study.table.items()
    }
    study = dataclasses.replace(study, table=table, units={"y": parse_unit("second")})
    assert run(compile_model(study), {}) == [7200.0]


def test_a_quantity_of_another_system_is_taken_from_there():
    table = {
        ("a", "x"): Quantity("a.x", "x", DIMENSIONLESS, Constant(1.0), ""),
        ("b", "x"): Quantity("b.x", "x", DIMENSIONLESS, Constant(5.0), ""),
        ("a", "y"): Quantity("y", "y", DIMENSIONLESS, formula(Name("x", "b")), ""),
        ("b", "y"): Quantity("y", "y", DIMENSIONLESS, formula(Name("x")), ""),
    }
    study = dataclasses.replace(model({"x": DRAWN, "y": DRAWN}, ("y",), ("a", "b")), table=table)
    assert run(compile_model(study), {}) == [5.0]

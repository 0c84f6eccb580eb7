import itertools

import numpy as np
import pytest

from wattif.engine.program import Op
from wattif.engine.registers import SPARE_ROWS, execute


def where(a, b, c):
    return np.where(np.isnan(a), np.nan, np.where(a != 0.0, b, c))


TWINS = {
    Op.COPY: lambda a, b, c: a,
    Op.ADD: lambda a, b, c: a + b,
    Op.SUB: lambda a, b, c: a - b,
    Op.MUL: lambda a, b, c: a * b,
    Op.DIV: lambda a, b, c: a / b,
    Op.POW: lambda a, b, c: a**b,
    Op.NEG: lambda a, b, c: -a,
    Op.LT: lambda a, b, c: (a < b) * 1.0,
    Op.LE: lambda a, b, c: (a <= b) * 1.0,
    Op.GT: lambda a, b, c: (a > b) * 1.0,
    Op.GE: lambda a, b, c: (a >= b) * 1.0,
    Op.EQ: lambda a, b, c: (a == b) * 1.0,
    Op.NE: lambda a, b, c: (a != b) * 1.0,
    Op.WHERE: where,
    Op.MIN: lambda a, b, c: np.minimum(a, b),
    Op.MAX: lambda a, b, c: np.maximum(a, b),
    Op.CLIP: lambda a, b, c: np.minimum(np.maximum(a, b), c),
    Op.ABS: lambda a, b, c: np.abs(a),
    Op.EXP: lambda a, b, c: np.exp(a),
    Op.LOG: lambda a, b, c: np.log(a),
    Op.LOG10: lambda a, b, c: np.log10(a),
    Op.SQRT: lambda a, b, c: np.sqrt(a),
    Op.SIN: lambda a, b, c: np.sin(a),
    Op.COS: lambda a, b, c: np.cos(a),
    Op.TAN: lambda a, b, c: np.tan(a),
    Op.ATAN2: lambda a, b, c: np.arctan2(a, b),
    Op.FLOOR: lambda a, b, c: np.floor(a),
}
SPECIAL = (-np.inf, -2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, np.inf, np.nan)
CONSTANTS = np.array([2.5, -np.inf, np.nan, 0.0])
A, B, C = (np.array(column) for column in zip(*itertools.product(SPECIAL, repeat=3), strict=True))


@pytest.fixture
def machine():
    """Return registers that hold A, B and C, as ``execute`` wants them."""
    rows = np.full((SPARE_ROWS + 4, A.size + 8), 7.0)
    place = np.arange(SPARE_ROWS - 1, SPARE_ROWS + 4)[::-1].copy()
    for register, values in enumerate((A, B, C)):
        rows[place[register], : A.size] = values
    return rows, place


def run(machine, op, target, *operands, scale=1.0):
    rows, place = machine
    with np.errstate(all="ignore"):
        code = np.array([[op, target, *operands, 0][:5]], np.int32)
        execute(code, 0, rows, place, CONSTANTS, scale, A.size)
    return rows[place[target], : A.size]


def test_every_element_operation_has_a_twin():
    assert set(TWINS) == set(Op) - {Op.DRAW, Op.OUTPUT, Op.COUPLE}


@pytest.mark.parametrize("op", TWINS, ids=lambda op: op.name)
def test_an_operation_agrees_with_numpy(machine, op):
    with np.errstate(all="ignore"):
        expected = TWINS[op](A, B, C)
    got = run(machine, op, 3, 0, 1, 2)
    np.testing.assert_allclose(got, expected, rtol=1e-15)  # 4 units in the last place


@pytest.mark.parametrize("op", TWINS, ids=lambda op: op.name)
def test_operands_may_be_constants(machine, op):
    for operands in ((-1, 1, -4), (0, -2, 2), (-3, -1, -1), (0, 1, -3)):
        a, b, c = (np.full(A.size, CONSTANTS[-1 - o]) if o < 0 else (A, B, C)[o] for o in operands)
        with np.errstate(all="ignore"):
            expected = TWINS[op](a, b, c)
        got = run(machine, op, 3, *operands)
        np.testing.assert_allclose(got, expected, rtol=1e-15)


def test_a_product_may_be_scaled_in_the_same_loop(machine):
    with np.errstate(all="ignore"):
        expected = A * B * 0.1
    np.testing.assert_array_equal(run(machine, Op.MUL, 3, 0, 1, scale=0.1), expected)


@pytest.mark.parametrize("target", [0, 1, 2])
def test_an_operation_may_write_over_what_it_reads(machine, target):
    got = run(machine, Op.WHERE, target, 0, 1, 2)
    np.testing.assert_array_equal(got, where(A, B, C))


def test_other_registers_keep_their_values(machine):
    run(machine, Op.ADD, 1, 0, 2)
    run(machine, Op.MUL, 1, 1, 1)
    rows, place = machine
    np.testing.assert_array_equal(rows[place[0], : A.size], A)
    np.testing.assert_array_equal(rows[place[2], : A.size], C)
    assert sorted(place) == list(range(SPARE_ROWS - 1, SPARE_ROWS + 4))


def test_nothing_is_written_beyond_a_row(machine):
    run(machine, Op.ADD, 3, -1, -1)
    rows, _ = machine
    assert (rows[:, A.size :] == 7.0).all()

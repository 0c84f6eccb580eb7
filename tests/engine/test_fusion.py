import numpy as np
import pytest

from wattif.distributions import make
from wattif.engine import sample
from wattif.engine.fusion import find_products
from wattif.engine.program import OPERANDS_OF, Op

DRAW, OUTPUT, MUL, ADD, EXP = Op.DRAW, Op.OUTPUT, Op.MUL, Op.ADD, Op.EXP


def found(*rows):
    code = np.array([(*row, 0, 0, 0)[:5] for row in rows], np.int32)
    return find_products(code, np.array([False, False, True])).tolist()


def test_a_draw_that_is_only_a_factor_of_the_next_instruction_is_found():
    assert found((DRAW, 0, 0), (DRAW, 1, 1), (MUL, 1, 0, 1), (OUTPUT, 0, 1)) == [
        *(False, True, False, False)
    ]
    assert found((DRAW, 0, 0), (DRAW, 1, 1), (MUL, 2, 1, 0), (OUTPUT, 0, 2))[1]


@pytest.mark.parametrize(
    "rest",
    [
        [(ADD, 1, 0, 1), (OUTPUT, 0, 1)],  # not a product
        [(MUL, 1, 1, 1), (OUTPUT, 0, 1)],  # a square
        [(MUL, 1, -1, 1), (OUTPUT, 0, 1)],  # with a constant
        [(MUL, 2, 0, 1), (OUTPUT, 0, 2), (OUTPUT, 1, 1)],  # needed later
        [(MUL, 2, 0, 1), (EXP, 3, 1), (OUTPUT, 0, 3)],
        [(MUL, 2, 0, 1), (DRAW, 3, 2, 1), (OUTPUT, 0, 3)],  # as the place in a grid
        [(EXP, 2, 0), (MUL, 1, 2, 1), (OUTPUT, 0, 1)],  # not the next instruction
    ],
)
def test_other_draws_are_not(rest):
    assert not any(found((DRAW, 0, 0), (DRAW, 1, 1), *rest))


def test_what_is_overwritten_before_it_is_read_is_not_needed():
    assert found((DRAW, 0, 0), (DRAW, 1, 1), (MUL, 2, 0, 1), (EXP, 1, 2), (OUTPUT, 0, 1))[1]


def test_operations_read_as_many_operands_as_they_have():
    assert [OPERANDS_OF[op] for op in (Op.DRAW, Op.OUTPUT, Op.NEG, Op.POW, Op.WHERE)] == [
        *(0, 1, 1, 2, 3)
    ]


def test_one_loop_gives_the_bits_of_two(make_program, monkeypatch):
    shapes = [make("normal", {"mean": 9, "sd": 1}).shape(), make("lognormal", {"p5": 1, "p95": 2})]
    shapes[1] = shapes[1].shape()
    code = [(DRAW, 0, 0), (DRAW, 1, 1), (MUL, 1, 0, 1), (OUTPUT, 0, 1)]
    program = make_program(shapes, code)

    def run():
        return sample.sample(
            program,
            draws_per_replicate=2**13,
            replicates=2,
            seed=3,
            sampling="sobol",
            interval=0.9,
            probabilities=(0.05, 0.5, 0.95),
            kept=16,
            threads=1,
        )

    one_loop = run()
    make_plan = sample.make_plan
    monkeypatch.setattr(
        sample,
        "make_plan",
        lambda *given: make_plan(*given)._replace(is_factor=np.zeros(len(code), np.bool_)),
    )
    two_loops = run()
    np.testing.assert_array_equal(one_loop.pooled.quantiles, two_loops.pooled.quantiles)
    np.testing.assert_array_equal(one_loop.pooled.mean, two_loops.pooled.mean)
    np.testing.assert_array_equal(one_loop.kept_outputs, two_loops.kept_outputs)
    inputs, outputs = one_loop.kept_inputs, one_loop.kept_outputs
    np.testing.assert_array_equal(outputs[:, 0], inputs[:, 0] * inputs[:, 1])

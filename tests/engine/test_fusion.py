import numpy as np
import pytest

from wattif.distributions import make
from wattif.engine import job
from wattif.engine.fusion import join
from wattif.engine.plan import Instructions
from wattif.engine.program import OPERANDS_OF, Op
from wattif.engine.sample import sample

DRAW, OUTPUT, MUL, ADD, EXP = Op.DRAW, Op.OUTPUT, Op.MUL, Op.ADD, Op.EXP
CONSTANTS = np.array([0.5, 0.1])
TWO_DRAWS = [(DRAW, 0, 0), (DRAW, 1, 1)]


def found(*rows):
    code = np.array([(*row, 0, 0, 0)[:5] for row in rows], np.int32)
    joined, scale = join(code, CONSTANTS, [False, False, True])
    return joined.tolist(), scale.tolist()


def test_a_draw_that_is_only_a_factor_of_the_next_instruction_is_joined_to_it():
    joined, scale = found(*TWO_DRAWS, (MUL, 1, 0, 1), (OUTPUT, 0, 1))
    assert joined == [0, 1, 0, 0]
    assert scale == [1.0] * 4
    assert found(*TWO_DRAWS, (MUL, 2, 1, 0), (OUTPUT, 0, 2))[0][1] == 1


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
    assert not any(found(*TWO_DRAWS, *rest)[0])


def test_what_is_overwritten_before_it_is_read_is_not_needed():
    assert found(*TWO_DRAWS, (MUL, 2, 0, 1), (EXP, 1, 2), (OUTPUT, 0, 1))[0][1] == 1


@pytest.mark.parametrize("scaled", [(MUL, 2, 2, -2), (MUL, 2, -2, 2)])
def test_a_product_that_a_constant_multiplies_next_is_scaled(scaled):
    joined, scale = found((EXP, 0, 0), (EXP, 1, 1), (MUL, 2, 0, 1), scaled, (OUTPUT, 0, 2))
    assert joined == [0, 0, 1, 0, 0]
    assert scale == [1.0, 1.0, 0.1, 1.0, 1.0]


@pytest.mark.parametrize(
    "rest",
    [
        [(MUL, 2, 0, 1), (MUL, 3, 2, -2), (OUTPUT, 0, 3), (OUTPUT, 1, 2)],  # to another register
        [(MUL, 2, 0, 1), (MUL, 0, 0, -2), (OUTPUT, 0, 0), (OUTPUT, 1, 2)],  # of another
        [(MUL, 2, 0, 1), (MUL, 2, 2, 1), (OUTPUT, 0, 2)],  # by no constant
        [(MUL, 2, 0, 1), (ADD, 2, 2, -2), (OUTPUT, 0, 2)],
        [(ADD, 2, 0, 1), (MUL, 2, 2, -2), (OUTPUT, 0, 2)],
        [(MUL, 2, 0, -1), (MUL, 2, 2, -2), (OUTPUT, 0, 2)],  # rounds otherwise
    ],
)
def test_other_products_are_not(rest):
    assert not any(found((EXP, 0, 0), (EXP, 1, 1), *rest)[0])


def test_a_draw_a_product_and_a_scale_are_one():
    joined, scale = found(*TWO_DRAWS, (MUL, 1, 0, 1), (MUL, 1, 1, -1), (OUTPUT, 0, 1))
    assert joined == [0, 2, 1, 0, 0]
    assert scale == [1.0, 0.5, 0.5, 1.0, 1.0]


def test_operations_read_as_many_operands_as_they_have():
    assert [OPERANDS_OF[op] for op in (Op.DRAW, Op.OUTPUT, Op.NEG, Op.POW, Op.WHERE)] == [
        *(0, 1, 1, 2, 3)
    ]


@pytest.mark.parametrize("sampling", ["sobol", "random"])
def test_one_loop_gives_the_bits_of_three(make_program, monkeypatch, sampling):
    shapes = [make("normal", {"mean": 9, "sd": 1}).shape(), make("lognormal", {"p5": 1, "p95": 2})]
    shapes[1] = shapes[1].shape()
    code = [*TWO_DRAWS, (MUL, 1, 0, 1), (MUL, 1, 1, -2), (OUTPUT, 0, 1)]
    program = make_program(shapes, code, CONSTANTS)

    def run():
        return sample(
            program,
            draws_per_replicate=2**13,
            replicates=2,
            seed=3,
            sampling=sampling,
            interval=0.9,
            probabilities=(0.05, 0.5, 0.95),
            kept=16,
            threads=1,
        )

    joined = run()
    make_plan = job.make_plan

    def make_plan_of_single_loops(*given):
        plan = make_plan(*given)
        nothing = np.zeros(len(code), np.int64), np.ones(len(code))
        apart = Instructions(plan.instructions.code, *nothing)
        return plan._replace(instructions=apart)

    monkeypatch.setattr(job, "make_plan", make_plan_of_single_loops)
    apart = run()
    np.testing.assert_array_equal(joined.pooled.quantiles, apart.pooled.quantiles)
    np.testing.assert_array_equal(joined.pooled.mean, apart.pooled.mean)
    np.testing.assert_array_equal(joined.kept_outputs, apart.kept_outputs)
    inputs, outputs = joined.kept_inputs, joined.kept_outputs
    np.testing.assert_array_equal(outputs[:, 0], inputs[:, 0] * inputs[:, 1] * 0.1)

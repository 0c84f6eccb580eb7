"""An input is split off where it multiplies or divides an output, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from wattif.distributions import make
from wattif.engine.factor import split_factors
from wattif.engine.program import Coupling, Factor, Op
from wattif.engine.sample import sample

WIDE = make("lognormal", {"p5": 1.0, "p95": 9.0}).shape()
NARROW = make("lognormal", {"p5": 1.0, "p95": 2.0}).shape()
SIGNED = make("normal", {"mean": 1.0, "sd": 1.0}).shape()
COUNT = make("poisson", {"mean": 5.0}).shape()

DRAW_TWO = [(Op.DRAW, 0, 0), (Op.DRAW, 1, 1)]


def factors(make_program, shapes, code, constants=(), couplings=()):
    program = make_program(shapes, code, constants)
    object.__setattr__(program, "couplings", couplings)
    return split_factors(program).factors


def of_two(make_program, *code, shapes=(WIDE, NARROW), constants=()):
    """Return the factors of the only output, register 2, of a program that draws two inputs."""
    return factors(make_program, shapes, [*DRAW_TWO, *code, (Op.OUTPUT, 0, 2)], constants)


@pytest.mark.parametrize(
    ("code", "power"),
    [
        ([(Op.MUL, 2, 0, 1)], 1),
        ([(Op.DIV, 2, 0, 1)], 1),
        ([(Op.DIV, 2, 1, 0)], -1),
        ([(Op.MUL, 2, 0, 1), (Op.ADD, 2, 2, 0)], 1),
        ([(Op.MUL, 2, 0, 1), (Op.MIN, 2, 2, 0)], 1),
        ([(Op.MUL, 2, 0, 1), (Op.LT, 3, 0, 2), (Op.WHERE, 2, 3, 0, 2)], 1),
        ([(Op.MUL, 2, 0, 0), (Op.SQRT, 2, 2), (Op.ADD, 2, 2, 0)], 1),
        ([(Op.POW, 2, 0, -1), (Op.MUL, 2, 2, 1)], -1),
        ([(Op.MUL, 2, 0, 1), (Op.NEG, 2, 2), (Op.CLIP, 2, 2, 0, 0)], 1),
    ],
)
def test_the_widest_factor_is_found(make_program, code, power):
    found = of_two(make_program, *code, constants=[-1.0])
    assert found == (Factor(output=0, rest=1, input=0, power=power),)


@pytest.mark.parametrize(
    "code",
    [
        [(Op.ADD, 2, 0, 1)],
        [(Op.MUL, 2, 0, 1), (Op.ADD, 2, 2, -1)],
        [(Op.MUL, 2, 0, 1), (Op.MUL, 2, 2, 2)],
        [(Op.MUL, 2, 0, 1), (Op.EXP, 2, 2)],
        [(Op.LT, 2, 0, 1)],
        [(Op.MUL, 2, 0, 1), (Op.LT, 3, 2, -1), (Op.WHERE, 2, 3, 2, -1)],
        [(Op.POW, 2, 0, 1)],
        [(Op.POW, 2, -1, 0), (Op.ADD, 2, 2, 1)],
    ],
)
def test_what_is_no_factor_is_left_alone(make_program, code):
    assert of_two(make_program, *code, constants=[7.0]) == ()


def test_what_cancels_is_not_the_factor(make_program):
    found = of_two(make_program, (Op.MUL, 2, 0, 1), (Op.DIV, 2, 2, 0))
    assert [factor.input for factor in found] == [1]


@pytest.mark.parametrize("shape", [SIGNED, COUNT])
def test_an_input_that_may_be_negative_or_has_steps_is_no_factor(make_program, shape):
    found = of_two(make_program, (Op.MUL, 2, 0, 1), shapes=(shape, NARROW))
    assert [factor.input for factor in found] == [1]


def test_an_input_that_is_drawn_with_others_is_no_factor(make_program):
    coupling = Coupling("clayton", (0, 1), parameter=2.0)
    code = [
        (Op.COUPLE, 0, 0),
        *DRAW_TWO,
        (Op.DRAW, 2, 2),
        (Op.MUL, 3, 0, 1),
        (Op.MUL, 3, 3, 2),
        (Op.OUTPUT, 0, 3),
    ]
    found = factors(make_program, [WIDE, WIDE, NARROW], code, couplings=(coupling,))
    assert [factor.input for factor in found] == [2]


def test_splitting_changes_no_draw_and_no_output(make_program):
    code = [
        *DRAW_TWO,
        (Op.MUL, 1, 0, 1),  # over the input that is needed no more
        (Op.OUTPUT, 0, 1),
        (Op.DIV, 0, 1, 0),
        (Op.ADD, 0, 0, -1),
        (Op.OUTPUT, 1, 0),
        (Op.MUL, 1, 1, 1),
        (Op.OUTPUT, 2, 1),
    ]
    program = make_program([WIDE, NARROW], code, [3.0])
    split = split_factors(program)
    assert split.factors == (Factor(0, 3, 0, 1),)
    assert split.outputs[:3] == program.outputs
    plain, smooth = (
        sample(
            one,
            draws_per_replicate=256,
            replicates=4,
            seed=3,
            sampling="sobol",
            interval=0.9,
            probabilities=(0.05, 0.95),
            kept=256,
        )
        for one in (program, split)
    )
    np.testing.assert_array_equal(smooth.kept_inputs, plain.kept_inputs)
    np.testing.assert_array_equal(smooth.kept_outputs, plain.kept_outputs)
    np.testing.assert_array_equal(smooth.histogram, plain.histogram)
    np.testing.assert_array_equal(smooth.pooled.mean, plain.pooled.mean)
    np.testing.assert_array_equal(smooth.integrated, [[True] * 2, [False] * 2, [False] * 2])
    np.testing.assert_array_equal(smooth.pooled.quantiles[1:], plain.pooled.quantiles[1:])

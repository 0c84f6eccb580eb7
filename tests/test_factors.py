"""An input is split off where it multiplies or divides an output, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import wattif as wi
from wattif.bench.workload import STUDY
from wattif.compile import compile_model, compile_to_integrate
from wattif.engine.program import Op
from wattif.reshape.alone import evaluate

WIDE, NARROW = "1 to 9", "1 to 2"


def split(formula, *, wide=WIDE, **more):
    """Return the program of ``y``, a formula of a wide and a narrow interval."""
    quantities = {"wide": wide, "narrow": NARROW, "y": {"formula": formula}}
    study = {"run": {"outputs": ["y"]}, "quantities": quantities | more.pop("quantities", {})}
    return compile_to_integrate(wi.load({**study, **more}).model).program


def factors(program):
    return [(program.inputs[one.input].key, one.power) for one in program.factors]


def is_division(program):
    """Return whether the last that is computed before the first rest is Y / X or Y X."""
    code = program.code.tolist()
    place = next(i for i, row in enumerate(code) if row[:2] == [Op.OUTPUT, 1])
    return code[place - 1][0] in (Op.DIV, Op.MUL) and code[place + 1][0] == Op.OUTPUT


@pytest.mark.parametrize(
    ("formula", "power"),
    [
        ("wide * narrow", 1),
        ("narrow * wide", 1),
        ("7 * narrow * (wide / 3)", 1),
        ("wide / narrow", 1),
        ("narrow / wide", -1),
        ("3 / (narrow * wide)", -1),
        ("narrow / (narrow / wide)", 1),
        ("wide", 1),
        ("2 * wide", 1),
    ],
)
def test_the_widest_factor_of_a_product_comes_last(formula, power):
    program = split(formula)
    assert factors(program) == [("wide", power)]
    assert program.hidden == 1
    assert not is_division(program)


@pytest.mark.parametrize(
    ("formula", "power"),
    [
        ("wide * narrow + wide", 1),
        ("min(wide * narrow, wide)", 1),
        ("where(wide < wide * narrow, 2 * wide, wide)", 1),
        ("sqrt(wide * wide) + wide", 1),
        ("narrow / wide - 1 / wide", -1),
        ("clip(-wide * narrow, wide, 2 * wide)", 1),
        ("wide**-1 * narrow", -1),
    ],
)
def test_what_is_homogeneous_in_another_way_is_divided(formula, power):
    program = split(formula)
    assert factors(program) == [("wide", power)]
    assert is_division(program)


@pytest.mark.parametrize(
    "formula",
    [
        "wide + narrow",
        "wide * narrow + 7",
        "(wide * narrow)**2",
        "exp(wide * narrow)",
        "where(wide * narrow < 7, wide * narrow, 7)",
        "wide**narrow",
        "floor(wide * narrow)",
        "wide**narrow * wide * narrow",
        "wide**narrow * wide + wide * narrow",
    ],
)
def test_what_is_no_factor_is_left_alone(formula):
    program = split(formula)
    assert factors(program) == []
    assert program.hidden == 0


def test_what_cancels_is_not_the_factor():
    assert factors(split("wide * narrow / wide")) == [("narrow", 1)]


@pytest.mark.parametrize(
    "belief",
    [
        {"dist": "normal", "mean": 1, "sd": 1},
        {"dist": "poisson", "mean": 5},
        {"dist": "uniform", "min": 0, "max": 1},
    ],
)
def test_what_may_be_negative_or_has_steps_is_no_factor(belief):
    expected = "wide" if belief == {"dist": "uniform", "min": 0, "max": 1} else "narrow"
    assert factors(split("wide * narrow", wide=belief)) == [(expected, 1)]


def test_what_is_drawn_with_others_is_no_factor():
    together = [{"quantities": ["wide", "other"], "rank": 0.5}]
    program = split("wide * narrow * other", quantities={"other": WIDE}, correlate=together)
    assert factors(program) == [("narrow", 1)]


def test_the_workload_needs_no_division_and_three_more_outputs():
    model = wi.load(STUDY).model
    plain, program = compile_model(model).program, compile_to_integrate(model).program
    assert [one.key for one in program.inputs] == [one.key for one in plain.inputs]
    assert len(program.code) == len(plain.code) + 3
    assert program.registers == plain.registers
    assert program.hidden == 3
    found = [
        (program.outputs[one.output].name, program.inputs[one.input].key, one.rest)
        for one in program.factors
    ]
    assert found == [
        ("gpu_hours", "training_time", 4),
        ("cloud_cost", "rental_price", 0),  # what is left is gpu_hours
        ("energy", "power_utilisation", 5),
        ("amortised_cost", "staff_factor", 6),
    ]


@pytest.mark.parametrize(
    "study",
    [
        STUDY,
        "configs/frontier-training.toml",
        "configs/serving.toml",
        "configs/survey-2025b.toml",
        "configs/break-even.toml",
    ],
    ids=lambda study: study if isinstance(study, str) else "workload",
)
def test_outputs_stay_and_are_their_rests_times_their_factors(study):
    model = wi.load(study).model
    plain, program = compile_model(model), compile_to_integrate(model)
    assert plain.places == program.places
    draws = np.empty((len(program.program.inputs), 64))
    rng = np.random.default_rng(7)
    for row, one in zip(draws, program.program.inputs, strict=True):
        p = rng.uniform(0.01, 0.5, row.size)
        row[:] = _values(one.shape, p)
    before = evaluate(plain.program, draws)
    after = evaluate(replace(program.program, hidden=0), draws)
    reported = len(plain.program.outputs)
    assert len(after) == reported + program.program.hidden
    # Products in another order: a rounding each.
    np.testing.assert_allclose(after[:reported], before, rtol=1e-13)
    assert program.program.factors
    for one in program.program.factors:
        x = (one.multiplier * draws[one.input]) ** one.power
        np.testing.assert_allclose(after[one.rest] * x, after[one.output], rtol=1e-13)


def _values(shape, p):
    """Return some values of an input; what is none of a table's only has to be a number."""
    if shape.quantile is None:
        return 0.5 + p
    q = shape.quantile(p, False)
    if shape.exponential:
        return shape.location * np.exp(shape.scale * q)
    return shape.location + shape.scale * q


def test_a_power_of_what_is_drawn_is_no_factor_of_its_base():
    program = split("wide**narrow * wide * third", quantities={"third": "2 to 3"})
    assert factors(program) == [("third", 1)]


def test_the_gap_of_a_mixture_is_too_steep():
    mixture = {"dist": "mixture", "of": ["2 to 4", "10 to 20"], "weights": [0.7, 0.3]}
    assert factors(split("wide * narrow", wide=mixture)) == [("narrow", 1)]


def test_what_reaches_beyond_the_floats_is_left_alone():
    far = {"dist": "lognormal", "median": 1e25, "sigma": 80}
    assert factors(split("wide * narrow", wide=far)) == [("narrow", 1)]

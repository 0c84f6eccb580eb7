"""Whole reports: shifts that are known in closed form, causes, events, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import wattif as wi
from wattif.distributions import make
from wattif.errors import StudyError
from wattif.language.loader import load
from wattif.reshape import SHAPES, reshape
from wattif.reshape.report import Shift

TWO = {
    "quantities": {
        "wide": "1 to 16",
        "narrow": "9 to 10",
        "fixed": {"dist": "uniform", "min": 1, "max": 2},
        "product": {"formula": "wide * narrow * fixed"},
        "alone": {"formula": "wide * 1"},
        "apart": {"formula": "fixed * 2"},
        "large": {"formula": "wide > 8"},
    }
}


def report(data, draws=2**14, **run):
    model = load(data)
    return reshape(model.with_run(replace(model.run, draws=draws, **run)))


@pytest.fixture(scope="module")
def two():
    return report(TWO)


def output(report, name):
    return next(one for one in report.outputs if one.quantity == name)


def test_the_shift_of_an_interval_itself_is_known(two):
    # Its ends stay where they are, and its median is that of the shape.
    points = {"p5": 1, "p95": 16}
    medians = {
        "normal": 8.5,
        "lognormal": 4.0,
        "log-uniform": 4.0,
        "metalog": float(make("metalog", {**points, "min": 0}).quantile(0.5)),
    }
    for shape, median in medians.items():
        shift = output(two, "alone").shifts.get(shape, Shift(0, 0, 0, (0, 0, 0)))
        # Sobol points: the error of a quantile of one variable is far below its standard error.
        assert shift.median == pytest.approx((median - 4) / 15, abs=5e-4)
        assert (shift.low, shift.high) == pytest.approx((0, 0), abs=2e-3)


def test_what_was_read_so_is_not_run_again(two):
    assert two.shapes == SHAPES
    assert two.as_read == ("lognormal",)
    assert "lognormal" not in output(two, "product").shifts
    assert two.intervals == ("wide", "narrow")


def test_an_output_without_intervals_does_not_move(two):
    shift = output(two, "apart").shifts["normal"]
    assert (shift.median, shift.low, shift.high) == (0, 0, 0)
    assert not output(two, "apart").cares
    assert output(two, "apart").causes == ()


def test_the_wide_interval_is_the_cause(two):
    found = output(two, "product")
    assert found.cares
    assert found.worst == "normal"
    first = found.causes[0]
    assert (first.key, first.shape) == ("wide", "normal")
    narrow = next(c for c in found.causes if (c.key, c.shape) == ("narrow", "normal"))
    assert narrow.shift.size < 0.01 < first.shift.size
    sizes = [cause.shift.size for cause in found.causes]
    assert sizes == sorted(sizes, reverse=True)


def test_one_alone_moves_as_a_run_with_it_alone_would():
    alone = {
        "quantities": {**TWO["quantities"], "narrow": {"dist": "lognormal", "p5": 9, "p95": 10}}
    }
    whole = output(report(alone), "product").shifts
    causes = {c.shape: c.shift for c in output(report(TWO), "product").causes if c.key == "wide"}
    for shape, shift in whole.items():
        other = causes[shape]
        # The same draws, but the run has a factor integrated out, and one alone counts them: 16,384
        # put the 95th percentile at 0.7 % of itself or nearer, two standard errors.
        expected = [shift.median, shift.low, shift.high]
        assert [other.median, other.low, other.high] == pytest.approx(expected, abs=1e-2)


def test_errors_are_those_of_paired_differences(two):
    # 5 standard errors around what 2^18 draws find; and far below those of unpaired runs.
    more = output(report(TWO, draws=2**18), "product").shifts["normal"]
    shift = output(two, "product").shifts["normal"]
    errors = np.array(shift.errors)
    moved = np.array([shift.median - more.median, shift.low - more.low, shift.high - more.high])
    assert np.all(np.abs(moved) < 5 * errors + 1e-9)
    # Of two runs on different draws the errors would add up.
    one = output(report(TWO, seed=1, sampling="random"), "product")
    unpaired = 2**0.5 * one.errors[2] / (one.interval[1] - one.interval[0])
    assert one.shifts["metalog"].errors[2] < unpaired / 3


def test_of_an_event_the_probability_moves(two):
    found = output(two, "large")
    assert found.is_event
    before = float(make("lognormal", {"p5": 1, "p95": 16}).probability(8, upper=True))
    after = float(make("normal", {"p5": 1, "p95": 16}).probability(8, upper=True))
    shift = found.shifts["normal"]
    assert shift.median == pytest.approx(after - before, abs=1e-3)
    assert np.isnan([shift.low, shift.high]).all()
    assert shift.largest[0] == "median"
    assert found.causes[0].key == "wide"


def test_what_cannot_be_or_surprises_is_said():
    found = report({"quantities": {"x": "-3 to 5", "z": "1 to 30", "y": {"formula": "x + z"}}})
    assert found.shapes == SHAPES
    said = {(remark.shape, remark.key): remark.text for remark in found.remarks}
    assert said["lognormal", "x"] == "cannot be: p5 must be greater than 0, found -3"
    assert said["normal", "z"] == "3.9 % below 0"
    assert ("normal", "x") not in said


def test_an_interval_that_decides_the_shape_of_another_quantity_stays():
    data = {
        "quantities": {
            "peak": "2 to 5",
            "level": "10 to 20",
            "x": {"dist": "gamma", "shape": "peak", "scale": "level"},
            "y": {"formula": "x * 2"},
        }
    }
    found = report(data)
    assert found.intervals == ("level",)
    assert found.remarks[-1].key == "peak"
    assert found.remarks[-1].text == "stays: it decides another's shape"
    assert {cause.key for cause in found.outputs[0].causes} == {"level"}


def test_a_shape_that_no_interval_can_have_is_left_out():
    found = report({"quantities": {"x": "-3 to 5", "y": {"formula": "x * 2"}}})
    assert found.shapes == ("normal", "pert", "metalog")
    assert found.as_read == ("normal",)


def test_absent_and_constant_outputs_are_not_shown():
    data = {
        "quantities": {
            "x": "1 to 2",
            "gone": {"absent": "lost"},
            "y": {"formula": "x * 2"},
            "z": {"formula": "gone * x"},
            "c": {"formula": "2 * 3"},
        }
    }
    assert [one.quantity for one in report(data).outputs] == ["y"]


def test_infinite_draws_move_by_nobody_knows():
    found = report({"quantities": {"x": "1 to 2", "y": {"formula": "1 / (x - x) + x"}}})
    (one,) = found.outputs
    assert np.isnan(one.shifts["normal"].largest[1])
    assert not one.cares


def test_a_study_without_intervals_is_refused():
    with pytest.raises(StudyError, match='no output needs an interval "a to b", whose shape could'):
        report({"quantities": {"x": 3, "y": {"formula": "x * 2"}}})


def test_from_python():
    done = []
    found = wi.shapes(
        wi.load(TWO), draws=2**12, seed=5, threads=1, progress=lambda *step: done.append(step)
    )
    assert (found.draws, found.seed, found.replicates) == (2**12, 5, 16)
    assert done[-1][0] == done[-1][1]
    again = wi.shapes(wi.load(TWO), draws=2**12, seed=5, threads=2)
    assert repr(again) == repr(found)  # every bit, NaN too, for any number of threads


@pytest.mark.parametrize(
    ("shift", "cares"),
    [
        (Shift(0.2, 0, 0, (0.01, 0, 0)), True),
        (Shift(0.2, 0, 0, (0.06, 0, 0)), False),  # not beyond doubt
        (Shift(0.05, -0.11, 0, (0, 0.001, 0)), True),
        (Shift(0.09, 0.09, 0.09, (0, 0, 0)), False),
    ],
)
def test_who_cares(shift, cares):
    assert shift.cares == cares

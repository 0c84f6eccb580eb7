"""Shifted families: the same draws, moved; percentiles and truncation of what is drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wattif.distributions import FAMILIES, BeliefError, make

P = np.concatenate([np.logspace(-12, -2, 11), np.linspace(0.05, 0.5, 10)])
SHIFTABLE = [name for name, family in FAMILIES.items() if "shift" in family.names]
PARAMETERS = {
    "lognormal": {"median": 0.1, "sigma": 0.8},
    "log-uniform": {"min": 0.01, "max": 1.0},
    "gamma": {"shape": 0.3, "scale": 2.0},
    "exponential": {"mean": 3.0},
    "weibull": {"shape": 0.7, "scale": 2.0},
    "log-logistic": {"median": 2.0, "shape": 3.0},
    "pareto": {"min": 1.0, "shape": 2.0},
    "inverse-gamma": {"shape": 3.0, "scale": 2.0},
    "inverse-gaussian": {"mean": 3.0, "shape": 2.0},
    "half-normal": {"scale": 2.0},
    "half-student-t": {"df": 4.0, "scale": 2.0},
    "chi-square": {"df": 3.0},
    "f": {"df1": 5.0, "df2": 9.0},
    "poisson": {"mean": 3.0},
    "binomial": {"n": 9.0, "p": 0.3},
    "negative-binomial": {"successes": 2.0, "p": 0.3},
    "geometric": {"p": 0.3},
}


def test_every_shiftable_family_is_here():
    assert set(PARAMETERS) == set(SHIFTABLE)


@pytest.mark.parametrize("family", SHIFTABLE)
@pytest.mark.parametrize("shift", [1.0, -250.0])
def test_a_shift_moves_everything(family, shift):
    parent = make(family, PARAMETERS[family])
    moved = make(family, {**PARAMETERS[family], "shift": shift})
    for upper in (False, True):
        x = parent.quantile(P, upper)
        np.testing.assert_allclose(moved.quantile(P, upper), shift + x, rtol=1e-14)
        # Near its end, shift + x tells little of x: probabilities from the middle.
        middle = x[P >= 0.01]
        np.testing.assert_allclose(
            moved.probability(shift + middle, upper), parent.probability(middle, upper), rtol=1e-6
        )
    assert moved.mean == shift + parent.mean
    assert moved.sd == parent.sd
    assert moved.support == tuple(shift + end for end in parent.support)
    assert moved.family == family
    assert make(family, moved.parameters) == moved


@pytest.mark.parametrize("family", SHIFTABLE)
def test_no_shift_changes_no_bit(family):
    assert make(family, {**PARAMETERS[family], "shift": 0}) == make(family, PARAMETERS[family])


def test_percentiles_and_bounds_are_those_of_what_is_drawn():
    given = {"p5": 1.05, "p95": 1.4, "shift": 1.0}
    free = make("lognormal", given)
    assert free.quantile([0.05, 0.95]) == pytest.approx([1.05, 1.4], rel=1e-14)
    cut = make("lognormal", given, (1.02, 1.5))
    assert cut.quantile([0.05, 0.95]) == pytest.approx([1.05, 1.4], rel=1e-10)
    assert cut.support == (1.02, 1.5)
    assert cut.parameters["shift"] == 1.0


def test_moments_are_those_before_the_shift():
    assert make("gamma", {"mean": 10, "sd": 4, "shift": 5}).mean == 15.0


REFUSED = [
    ("normal", {"mean": 0, "sd": 1, "shift": 1}, "unknown parameter 'shift' of normal", "'mean'"),
    ("student-t", {"df": 3, "shift": 1}, "unknown parameter 'shift' of student-t", "'location'"),
    ("uniform", {"min": 3, "max": 4, "shift": 1}, "unknown parameter 'shift'", "'min'"),
    ("lognormal", {"p5": 0.5, "p95": 2, "shift": 1}, "p5 must be greater than shift = 1", ""),
    ("lognormal", {"median": 1, "sigma": 1, "shift": math.inf}, "shift must be a finite", ""),
    ("lognormal", {"median": 1, "sigma": 1, "loc": 1}, "unknown parameter 'loc'", "'shift'"),
]


@pytest.mark.parametrize(("family", "parameters", "message", "hint"), REFUSED)
def test_refusals(family, parameters, message, hint):
    with pytest.raises(BeliefError) as refused:
        make(family, parameters)
    assert message in refused.value.message
    assert hint in refused.value.hint

"""Sensitivity indices agree with closed forms, within the errors that they report."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from xarray import DataTree

from wattif.analysis import Sensitivity, analyse_sensitivity
from wattif.errors import ResultError

Run = Callable[..., DataTree]

_ANGLE = {"dist": "uniform", "min": -math.pi, "max": math.pi}
ISHIGAMI = {
    **{f"x{i}": _ANGLE for i in (1, 2, 3)},
    "y": {"formula": "sin(x1) + 7 * sin(x2)**2 + 0.1 * x3**4 * sin(x1)"},
}
# Ishigami and Homma 1990, with a = 7 and b = 0.1.
_VARIANCE = 7**2 / 8 + 0.1 * math.pi**4 / 5 + 0.1**2 * math.pi**8 / 18 + 0.5
ISHIGAMI_INDICES = {
    "x1": 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 / _VARIANCE,
    "x2": 7**2 / 8 / _VARIANCE,
    "x3": 0.0,
}
LINEAR = {
    **{name: {"dist": "normal", "mean": 5, "sd": 1} for name in "abc"},
    "y": {"formula": "3 * a + 2 * b - c"},
}
LINEAR_INDICES = {"a": 9 / 14, "b": 4 / 14, "c": 1 / 14}
_G = {"u0": 0.0, "u1": 1.0, "u2": 4.5, "u3": 9.0}  # Sobol's g-function with a = 0, 1, 4.5, 9
G_FUNCTION: dict[str, Any] = {
    **{name: {"dist": "uniform", "min": 0, "max": 1} for name in _G},
    "y": {"formula": " * ".join(f"((abs(4 * {n} - 2) + {a}) / {1 + a})" for n, a in _G.items())},
}
_PARTS = {name: 1 / 3 / (1 + a) ** 2 for name, a in _G.items()}
G_INDICES = {
    name: part / (math.prod(1 + p for p in _PARTS.values()) - 1) for name, part in _PARTS.items()
}
_SIGMAS = {"s": 0.2, "m": 0.4, "l": 0.6}
PRODUCT: dict[str, Any] = {
    **{n: {"dist": "lognormal", "median": 1, "sigma": s} for n, s in _SIGMAS.items()},
    "y": {"formula": "s * m * l"},
}
PRODUCT_INDICES = {
    n: math.expm1(s**2) / math.expm1(sum(t**2 for t in _SIGMAS.values()))
    for n, s in _SIGMAS.items()
}
_WHICH = {"dist": "bernoulli", "p": 0.25}
SWITCH = {
    "on": _WHICH,
    "u": {"dist": "uniform", "min": 0, "max": 1},
    "y": {"formula": "where(on > 0.5, 2, 0) + u"},
}
SWITCH_INDICES = {"on": 0.75 / (0.75 + 1 / 12), "u": 1 / 12 / (0.75 + 1 / 12)}
CASES = {
    "ishigami": (ISHIGAMI, ISHIGAMI_INDICES),
    "linear": (LINEAR, LINEAR_INDICES),
    "g-function": (G_FUNCTION, G_INDICES),
    "product": (PRODUCT, PRODUCT_INDICES),
    "switch": (SWITCH, SWITCH_INDICES),
}


def effects(found: Sensitivity) -> dict[str, Any]:
    return {effect.key: effect for effect in found.effects}


@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube", "random"])
@pytest.mark.parametrize("case", CASES)
def test_first_order_indices_agree_with_closed_forms(
    simulate: Run, case: str, sampling: str
) -> None:
    study, indices = CASES[case]
    found = analyse_sensitivity(simulate(study, sampling=sampling), "y", "study")
    assert set(effects(found)) == set(indices)
    for key, effect in effects(found).items():
        estimate = effect.first_order
        # 16 replicates know the error to 18 %; 0.001 is what the width of the bins takes away.
        assert abs(estimate.value - indices[key]) < 4 * estimate.error + 0.001, key
        assert estimate.error < 0.02


def test_inputs_stand_by_falling_index(simulate: Run) -> None:
    found = analyse_sensitivity(simulate(LINEAR), "y", "study")
    assert [effect.key for effect in found.effects] == ["a", "b", "c"]
    assert found.draws == 16_384


def test_what_first_order_leaves_is_the_interactions(simulate: Run) -> None:
    found = analyse_sensitivity(simulate(ISHIGAMI), "y", "study").unexplained
    assert found.value == pytest.approx(1 - sum(ISHIGAMI_INDICES.values()), abs=4 * found.error)
    none = analyse_sensitivity(simulate(LINEAR), "y", "study").unexplained
    assert none.value == pytest.approx(0, abs=4 * none.error + 0.003)  # three inputs' bins


def test_noise_floor_lies_over_an_idle_input_and_under_a_weak_one(simulate: Run) -> None:
    study = {**LINEAR, "idle": {"dist": "normal", "mean": 0, "sd": 1}}
    study["y"] = {"formula": "3 * a + 2 * b - c + 1e-9 * idle"}
    found = analyse_sensitivity(simulate(study, sampling="random"), "y", "study")
    assert abs(effects(found)["idle"].first_order.value) < found.noise
    assert found.noise < effects(found)["c"].first_order.value
    assert 0 < found.noise < 0.01


def test_rank_measures_agree_with_scipy(simulate: Run) -> None:
    tree = simulate(PRODUCT, sampling="random")
    found = analyse_sensitivity(tree, "y", "study")
    kept = {name: tree["prior"][name].values.ravel() for name in "sml"}
    y = tree["prior"]["y"].values.ravel()
    ranks = np.column_stack([stats.rankdata(kept[name]) for name in "sml"])
    ranks = (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
    target = stats.zscore(stats.rankdata(y))
    coefficients, *_ = np.linalg.lstsq(ranks, target, rcond=None)
    for name, coefficient in zip("sml", coefficients, strict=True):
        effect = effects(found)[name]
        rho = stats.spearmanr(kept[name], y).statistic
        assert effect.rank_correlation.value == pytest.approx(rho, abs=1e-12)
        assert effect.rank_regression.value == pytest.approx(coefficient, abs=1e-9)
    residual = target - ranks @ coefficients
    assert found.rank_fit.value == pytest.approx(1 - residual @ residual / len(y), abs=1e-9)


@pytest.mark.parametrize("sampling", ["sobol", "random"])
def test_errors_cover_the_truth_over_seeds(simulate: Run, sampling: str) -> None:
    trees = [simulate(ISHIGAMI, seed=seed, sampling=sampling) for seed in range(24)]
    scores = [
        (effect.first_order.value - ISHIGAMI_INDICES[effect.key]) / effect.first_order.error
        for tree in trees
        for effect in analyse_sensitivity(tree, "y", "study").effects
    ]
    # Student's t with 15 degrees exceeds 2.13 in 5 % of cases: of 72, more than 10 in one of 1,000.
    assert np.sum(np.abs(scores) > 2.13) <= 10
    # The error may be too large by up to a factor of two, never much too small: the jackknife is
    # conservative for squares.
    assert 0.4 < np.std(scores) < 1.3


def test_infinite_draws_are_left_out(simulate: Run) -> None:
    study = {
        "a": {"dist": "normal", "mean": 0, "sd": 1},
        "b": {"dist": "normal", "mean": 0, "sd": 1},
        "y": {"formula": "a + where(b > 2, log(0 * b), b)"},
    }
    found = analyse_sensitivity(simulate(study), "y", "study")
    assert 15_000 < found.draws < 16_384
    assert sum(effect.first_order.value for effect in found.effects) == pytest.approx(1, abs=0.02)


def test_a_constant_is_refused(simulate: Run) -> None:
    tree = simulate({"a": {"dist": "normal", "mean": 0, "sd": 1}, "y": {"formula": "0 * a + 1"}})
    with pytest.raises(ResultError, match="y does not vary, so nothing moves it; choose another"):
        analyse_sensitivity(tree, "y", "study")

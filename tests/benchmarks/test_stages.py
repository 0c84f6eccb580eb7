"""The costs of a run's stages can be measured."""

from __future__ import annotations

from benchmarks.stages import CASES, measure_costs


def test_costs_are_positive():
    name = "training run, sobol"
    ((fixed, marginal),) = measure_costs({name: CASES[name]}, many=2**18, rounds=1).values()
    assert fixed > 0
    assert marginal > 0

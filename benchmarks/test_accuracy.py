"""The error that is left, against the draws that it took and the time."""

from __future__ import annotations

import pytest

from benchmarks.accuracy import REPORTED, measure_error
from wattif.bench.contest import SCHEMES


@pytest.mark.parametrize("sampling", SCHEMES)
def test_error(benchmark, scale, sampling):
    table = benchmark.pedantic(lambda: measure_all(sampling, scale), rounds=1)
    benchmark.extra_info.update(table)
    for draws, errors in table.items():
        assert max(errors.values()) < 6 / int(draws) ** 0.5  # of one random draw: up to 0.6


def measure_all(sampling, scale):
    """Return the relative error of each statistic, by draws."""
    seeds = range(scale.seeds)
    return {
        str(draws): dict(zip(REPORTED, measure_error(sampling, draws, seeds), strict=True))
        for draws in scale.accuracy_draws
    }

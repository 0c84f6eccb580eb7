"""The error that is left, against the draws that it took and the time."""

from __future__ import annotations

from benchmarks.accuracy import measure
from benchmarks.truth import STATISTICS


def test_error(benchmark, scale):
    found = benchmark.pedantic(measure, args=(scale,), rounds=1)
    for line in found.lines:
        for point in line.points:
            errors = dict(zip(STATISTICS, point.true, strict=True))
            benchmark.extra_info[f"{line.name}, {point.draws} draws"] = errors
            assert max(point.true) < 6 / point.draws**0.5  # of one random draw: up to 0.7

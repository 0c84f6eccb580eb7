"""Memory does not grow with the number of draws."""

from __future__ import annotations

import pytest

from benchmarks.memory import HAS_PEAK, code, peak_memory

_ALLOWED = 1.1  # times: what the allocator keeps differs by a few per cent


@pytest.mark.skipif(not HAS_PEAK, reason="only Linux tells the peak of a process")
def test_memory(benchmark, scale):
    first = scale.memory_draws[0]  # what the allocator keeps of a first run is no growth
    pieces = [code(draws) for draws in (first, *scale.memory_draws)]
    _, few, many = benchmark.pedantic(peak_memory, args=pieces, rounds=1)
    benchmark.extra_info.update(zip(map(str, scale.memory_draws), (few, many), strict=True))
    assert many < _ALLOWED * few

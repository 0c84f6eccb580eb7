"""The benchmarks' fixtures for the ordinary test suite: small, and called once instead of timed."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # the benchmarks are no part of the package

from benchmarks.scale import SMALL


class Once:
    """Stands in for pytest-benchmark, which need not be installed."""

    def __init__(self):
        self.extra_info = {}

    def pedantic(self, target, args=(), rounds=1, warmup_rounds=0):
        return target(*args)


if find_spec("pytest_benchmark") is None:  # where it is, it takes no other fixture of that name

    @pytest.fixture
    def benchmark():
        return Once()


@pytest.fixture
def scale():
    return SMALL

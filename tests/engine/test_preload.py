"""What is loaded ahead is what a run calls: no kernel is compiled for types that no run has."""

from __future__ import annotations

import subprocess
import sys

import numba
import pytest

COMPARE = """
import wattif as wi
from wattif.bench.contest import STUDY
from wattif.engine import look
from wattif.engine.accumulate import merge_moments
from wattif.engine.law import fill_means
from wattif.engine.preload import load
from wattif.engine.rests import without_width
from wattif.engine.used_bins import fill_found, move_counts

kernels = [merge_moments, move_counts, fill_found, without_width, fill_means]
look.preload = lambda: None
wi.load(STUDY).run(draws=4096)
called = [set(kernel.signatures) for kernel in kernels]
assert all(called), called
load()
assert [set(kernel.signatures) for kernel in kernels] == called
"""


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
def test_what_is_loaded_ahead_is_what_a_run_calls():
    done = subprocess.run(
        [sys.executable, "-c", COMPARE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

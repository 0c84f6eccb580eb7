"""How long a run takes: by scheme, family, number of quantities and outputs, and threads.

Divide a time by the ``draws`` of its extra info for the time a draw; each run also lays out its
tables and builds its result, some 0.1 s that do not depend on the draws.
"""

from __future__ import annotations

from typing import Any

import pytest

import wattif as wi
from benchmarks.scale import Scale
from benchmarks.studies import Study, of_family, of_outputs, of_quantities
from wattif.bench.contest import SCHEMES
from wattif.bench.workload import STUDY
from wattif.distributions import FAMILIES
from wattif.engine.schedule import available_threads


def time_run(benchmark: Any, scale: Scale, source: Study, **settings: Any) -> Any:
    study = wi.load(source)
    tree = benchmark.pedantic(
        lambda: study.run(draws=scale.draws, **settings), rounds=scale.rounds, warmup_rounds=1
    )
    benchmark.extra_info["draws"] = int(tree.attrs["draws"])
    return tree


@pytest.mark.parametrize("sampling", SCHEMES)
def test_scheme(benchmark, scale, sampling):
    tree = time_run(benchmark, scale, STUDY, sampling=sampling, threads=1)
    assert tree.attrs["sampling"] == sampling


@pytest.mark.parametrize("family", FAMILIES)
def test_family(benchmark, scale, family):
    tree = time_run(benchmark, scale, of_family(family), threads=1)
    assert len(tree["summary"].data_vars) == 1


@pytest.mark.parametrize("count", [12, 100, 400])
def test_quantities(benchmark, scale, count):
    tree = time_run(benchmark, scale, of_quantities(count), threads=1)
    assert len(tree["summary"].data_vars) == 4


@pytest.mark.parametrize("count", [4, 20, 200])
def test_outputs(benchmark, scale, count):
    tree = time_run(benchmark, scale, of_outputs(count), threads=1)
    assert len(tree["summary"].data_vars) == count


@pytest.mark.parametrize("threads", sorted({1, 2, available_threads()}))
def test_threads(benchmark, scale, threads):
    tree = time_run(benchmark, scale, STUDY, threads=threads)
    assert tree.attrs["draws"] >= scale.draws

"""How long a command takes from nothing, warm and cold."""

from __future__ import annotations

import pytest

from benchmarks.beginnings import COMMANDS, FIRST, call, make_folder


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_warm_start(benchmark, scale, folder, command):
    benchmark.pedantic(call, args=(command, folder, {}), rounds=scale.rounds, warmup_rounds=1)


def test_cold_start(benchmark, scale, folder):
    """The very first run of an installation, which compiles the engine."""
    environment = scale.compiler | {"WATTIF_CACHE_DIR": str(folder / "cache")}
    benchmark.pedantic(call, args=(FIRST, folder, environment), rounds=1)

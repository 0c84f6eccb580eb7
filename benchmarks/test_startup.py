"""How long a command takes from nothing: Python, imports, and machine code if there is none yet."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

STUDY = 'quantities = { a = "1 to 2", b = "3 to 4", c = { formula = "a * b" } }\n'
COMMANDS = {
    "help": ["--help"],
    "check": ["check", "study.toml"],
    "run": ["run", "study.toml", "--draws", "1024", "--quiet"],
}


def call(command, folder, environment):
    path = os.pathsep.join(filter(None, sys.path))
    subprocess.run(
        [sys.executable, "-m", "wattif", *COMMANDS[command]],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        check=True,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_warm_start(benchmark, scale, folder, command):
    benchmark.pedantic(call, args=(command, folder, {}), rounds=scale.rounds, warmup_rounds=1)


def test_cold_start(benchmark, scale, folder):
    """The very first run of an installation, which compiles the engine."""
    environment = scale.compiler | {"WATTIF_CACHE_DIR": str(folder / "cache")}
    benchmark.pedantic(call, args=("run", folder, environment), rounds=1)

"""How long a command takes from nothing: Python, imports, and machine code if there is none yet."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.aims import Aim, format_number, markdown
from benchmarks.scale import Scale
from wattif.bench.timing import time_call, time_rounds

STUDY = 'quantities = { a = "1 to 2", b = "3 to 4", c = { formula = "a * b" } }\n'
COMMANDS = {
    "wattif --help": ("--help",),
    "wattif check": ("check", "study.toml"),
    "wattif run, 1,024 draws": ("run", "study.toml", "--draws", "1024", "--quiet"),
}
FIRST = "wattif run, 1,024 draws"


def call(command: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Run a command in a folder that has the study."""
    path = os.pathsep.join(filter(None, sys.path))
    subprocess.run(
        [sys.executable, "-m", "wattif", *COMMANDS[command]],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        check=True,
    )


def make_folder(folder: Path) -> Path:
    """Return the folder, with the study in it."""
    (folder / "study.toml").write_text(STUDY)
    return folder


@dataclass(frozen=True)
class Beginnings:
    """Seconds on the clock by command, and of the first run ever, which compiles the engine."""

    warm: Mapping[str, float]
    first_run: float


def measure(scale: Scale) -> Beginnings:
    """Return the medians of warm starts, and one cold start."""
    with tempfile.TemporaryDirectory() as name:
        folder = make_folder(Path(name))
        tasks = {command: partial(call, command, folder, {}) for command in COMMANDS}
        for task in tasks.values():
            task()
        laps = time_rounds(tasks, scale.rounds, float("inf"))
        cold = scale.compiler | {"WATTIF_CACHE_DIR": str(folder / "cache")}
        first = time_call(partial(call, FIRST, folder, cold)).wall
    return Beginnings(
        {name: median(lap.wall for lap in times) for name, times in laps.items()}, first
    )


def aims(beginnings: Beginnings) -> list[Aim]:
    """Return nothing."""
    return []


def render(beginnings: Beginnings) -> str:
    """Return the table."""
    rows = [(f"`{name}`", f"{format_number(s)} s") for name, s in beginnings.warm.items()]
    rows.append(("the first run of an installation, which compiles the engine", ""))
    rows[-1] = (rows[-1][0], f"{format_number(beginnings.first_run)} s")
    return markdown(("", "on the clock"), rows, "lr")

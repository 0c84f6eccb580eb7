"""How long a command takes from nothing: Python, imports, and machine code if there is none yet."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
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
SURVEY = ("run", "survey-2025b", "--draws", str(2**20), "--quiet")
_SHARES = "benchmarks.startup"  # tells imports from our own work


def call(command: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Run a command in a folder that has the study."""
    path = os.pathsep.join(filter(None, sys.path))
    subprocess.run(
        [sys.executable, "-m", "wattif", *COMMANDS[command]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        check=True,
    )


def make_folder(folder: Path) -> Path:
    """Return the folder, with the study in it."""
    (folder / "study.toml").write_text(STUDY)
    return folder


@dataclass(frozen=True)
class Share:
    """Seconds on the clock of a warm run of the survey: of all, of imports, of our own work."""

    wall: float
    imports: float
    ours: float


@dataclass(frozen=True)
class Beginnings:
    """Seconds on the clock by command, and of the first run ever, which compiles the engine.

    ``survey`` is None where there is nothing to tell imports by.
    """

    warm: Mapping[str, float]
    first_run: float
    survey: Share | None


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
        {name: median(lap.wall for lap in times) for name, times in laps.items()},
        first,
        _measure_share(scale.rounds),
    )


def _measure_share(rounds: int) -> Share | None:
    """Return the medians of some runs, after one that warms up."""
    if find_spec(_SHARES) is None:
        return None
    measure_share = import_module(_SHARES).measure_share
    shares = [measure_share(SURVEY) for _ in range(rounds + 1)][1:]
    return Share(*(median(times) for times in zip(*shares, strict=True)))


def aims(beginnings: Beginnings) -> list[Aim]:
    """Return what is asked of a warm run of the survey."""
    share = beginnings.survey
    if share is None:
        return []
    what = "our own share of a warm `wattif run` of the survey, 2^20 draws"
    return [Aim(what, "at most", 25.0, 100 * share.ours / share.wall, " %")]


def render(beginnings: Beginnings) -> str:
    """Return the table."""
    rows = [(f"`{name}`", f"{format_number(s)} s") for name, s in beginnings.warm.items()]
    first = "the first run of an installation, which compiles the engine"
    rows.append((first, f"{format_number(beginnings.first_run)} s"))
    share = beginnings.survey
    if share is not None:
        parts = {"": share.wall, ", of it imports": share.imports, ", of it our own": share.ours}
        name = f"`wattif {' '.join(SURVEY)}`"
        rows += [(name + part, f"{format_number(s)} s") for part, s in parts.items()]
    return markdown(("", "on the clock"), rows, "lr")

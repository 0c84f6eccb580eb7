"""Measure how much memory pieces of Python need at their peak, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.aims import Aim, format_number, markdown
from benchmarks.scale import Scale

_STATUS = Path("/proc/self/status")
# VmHWM and not getrusage: the latter starts at what the parent process had when it started this one
_PRINT_PEAK = f"""
print("peak", next(line.split()[1] for line in open("{_STATUS}") if line.startswith("VmHWM")))
"""
HAS_PEAK = _STATUS.exists()


def peak_memory(*pieces: str) -> list[float]:
    """Return the peak resident memory in MB that a Python process has reached after each piece."""
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), *sys.path]))
    done = subprocess.run(
        [sys.executable, "-c", "".join(piece + _PRINT_PEAK for piece in pieces)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("peak ")]
    return [int(line.split()[1]) * 1024 / 1e6 for line in lines]


def code(draws: int) -> str:
    """Return the piece that runs the workload with so many draws."""
    return (
        "import wattif as wi; from wattif.bench.workload import STUDY; "
        f"wi.load(STUDY).run(draws={draws})"
    )


@dataclass(frozen=True)
class Row:
    """A process that did nothing but one run: its peak in MB, and its seconds on the clock."""

    draws: int
    megabytes: float
    seconds: float


@dataclass(frozen=True)
class Memory:
    """Few draws and many."""

    few: Row
    many: Row


def measure(scale: Scale) -> Memory:
    """Return what the workload needs at two sizes, with all processors."""
    few, many = scale.memory_draws
    return Memory(_measure_one(few), _measure_one(many))


def _measure_one(draws: int) -> Row:
    start = perf_counter()
    (megabytes,) = peak_memory(code(draws))
    return Row(draws, megabytes, perf_counter() - start)


def aims(memory: Memory) -> list[Aim]:
    """Return what is asked."""
    few, many = memory.few, memory.many
    what = f"peak memory at {many.draws:,} draws"
    return [
        Aim(what, "at most", 400.0, many.megabytes, " MB"),
        Aim(f"{what}, over that at {few.draws:,}", "at most", 1.1, many.megabytes / few.megabytes),
    ]


def render(memory: Memory) -> str:
    """Return the table."""
    rows = [
        (f"{row.draws:,}", f"{row.megabytes:.0f} MB", f"{format_number(row.seconds)} s")
        for row in (memory.few, memory.many)
    ]
    return markdown(("draws", "peak", "the whole process"), rows, "rrr")

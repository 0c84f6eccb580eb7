"""Measure how much memory pieces of Python need at their peak, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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

"""Where the time of a command goes: ``python -m benchmarks.startup``.

A fresh process runs the command in a warm installation, under a hook that times imports (our own
modules' and those of others, from the first to the last line of each) apart from all the rest,
which is ours: reading the study, loading machine code, building tables, drawing, saving, printing.
Wall time, so that neighbours disturb the seconds, but hardly the share.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

SURVEY = "survey-2025b"
DRAWS = 2**20


class Share(NamedTuple):
    """Seconds of wall time; what is neither import nor ours is Python's beginning and end."""

    wall: float
    imports: float
    ours: float


def measure_share(words: Sequence[str]) -> Share:
    """Return where the time of ``wattif WORDS`` goes, in a fresh process."""
    path = os.pathsep.join(filter(None, sys.path))
    with tempfile.TemporaryDirectory() as folder:
        times = Path(folder, "times.json")
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-P", __file__, str(times), *words],  # not to find our own coverage.py
            cwd=folder,
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            check=True,
        )
        wall = time.perf_counter() - start
        imports, inside = json.loads(times.read_text())
    return Share(wall, imports, inside - imports)


def main() -> None:
    """Print the medians of some rounds, after one that warms up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    words = ["run", SURVEY, "--draws", str(DRAWS), "--quiet"]
    shares = [measure_share(words) for _ in range(rounds + 1)][1:]
    wall, imports, ours = (median(times) for times in zip(*shares, strict=True))
    print(f"wattif {' '.join(words)}")
    parts = f"{wall:.2f} s, of it imports {imports:.2f} s and our own {ours:.2f} s"
    print(f"{parts}: {ours / wall:.0%}")


def _run_timed(times: Path, words: Sequence[str]) -> None:
    """Run a command in this process, and write down the seconds of imports and of all."""
    from importlib import _bootstrap  # what both the statement and import_module call

    plain = _bootstrap._find_and_load  # type: ignore[attr-defined]
    depth, imports = 0, 0.0

    def find_and_load(*arguments: object) -> object:
        nonlocal depth, imports
        start, depth = time.perf_counter(), depth + 1
        try:
            return plain(*arguments)
        finally:
            depth -= 1
            if depth == 0:  # it includes what the module itself imports
                imports += time.perf_counter() - start

    _bootstrap._find_and_load = find_and_load  # type: ignore[attr-defined]
    begin = time.perf_counter()
    try:
        from wattif.__main__ import start

        sys.argv = ["wattif", *words]
        start()
    finally:
        times.write_text(json.dumps([imports, time.perf_counter() - begin]))


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1].endswith(".json"):
        _run_timed(Path(sys.argv[1]), sys.argv[2:])
    else:
        main()

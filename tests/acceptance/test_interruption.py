"""A run that is stopped leaves what was there before it began, and nothing half written."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

import wattif as wi

STUDY = """
[quantities]
x = { dist = "gamma", shape = 3, scale = 2 }
y = { formula = "exp(-x) + sin(x)" }
"""

# Says "started" as soon as draws are made, then carries on as the command line does.
COMMAND = """
import sys, threading, time
import wattif.simulate as conductor
from wattif.cli import main

first = conductor.simulate
def simulate(model, **keywords):
    inner = keywords.pop("progress", None)
    def progress(done, total):
        if done:
            print("started", flush=True)
        if inner:
            inner(done, total)
    return first(model, progress=progress, **keywords)
conductor.simulate = simulate
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "terminated"),
        (signal.SIGKILL, -signal.SIGKILL, ""),
    ],
)
def test_an_interrupted_run_leaves_no_file(number, code, says, start, tmp_path):
    process = begin(start, tmp_path)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert says in err
    assert "Traceback" not in out + err
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupted_run_leaves_the_old_result(start, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    wi.save_result(wi.load(tmp_path / "study.toml").run(draws=64), tmp_path / "y.nc")
    before = (tmp_path / "y.nc").read_bytes()
    process = begin(start, tmp_path)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert (tmp_path / "y.nc").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study.toml", "y.nc"]


def begin(start, folder):
    """Start a run that would take hours and return when it has made its first draws."""
    Path(folder, "study.toml").write_text(STUDY)
    arguments = ["run", "study.toml", "--draws", str(2**38), "--out", "y.nc"]
    process = start(["-c", COMMAND, *arguments], folder)
    for line in process.stdout:
        if line.startswith("started"):
            time.sleep(0.2)  # into the run, past the first block
            return process
    pytest.fail(f"the run did not start: {process.communicate()}")

"""What all commands share: help, versions, exit codes, streams, errors, interrupts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from wattif.cli import _COMMANDS
from wattif.errors import RunError

Wattif = Callable[..., Any]
# A process that is started in the background may have to ignore Ctrl-C, one in a terminal has not.
AS_IN_A_TERMINAL = """
import signal, runpy
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("wattif", run_name="__main__", alter_sys=True)
"""
HEAVY = ("numba", "xarray", "scipy", "matplotlib", "pydantic", "pint", "numpy")


def spawn(words: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wattif", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def loaded_by(words: Sequence[str], watched: Sequence[str]) -> list[str]:
    """Return which of the watched modules a command loads, in a process of its own."""
    code = (
        "import sys; from wattif.cli import main; "
        f"code = main({list(words)!r}); "
        f"print([m for m in {tuple(watched)!r} if m in sys.modules], file=sys.stderr); "
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [str(name) for name in json.loads(done.stderr.splitlines()[-1].replace("'", '"'))]


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by(["--help"], HEAVY) == []


def test_checking_a_study_loads_neither_numba_nor_xarray(folder: Path) -> None:
    watched = ("numba", "xarray", "scipy.stats", "matplotlib", "pint")
    assert loaded_by(["check", str(folder / "bakery.toml")], watched) == []


def test_drawing_a_picture_does_not_load_numba(made: Path, folder: Path) -> None:
    assert loaded_by(["plot", str(made), "-o", str(folder / "a.png")], ("numba", "pydantic")) == []


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_explains_itself(wattif: Wattif, command: str) -> None:
    code, out, err = wattif(command, "--help")
    assert (code, err) == (0, "")
    assert f"Usage: wattif {command}" in out
    assert "Exit codes" in out


def test_without_a_command_the_overview_is_shown(wattif: Wattif) -> None:
    code, out, _ = wattif()
    assert code == 0
    assert all(name in out for name in _COMMANDS)


def test_the_version_names_what_results_depend_on(wattif: Wattif) -> None:
    code, out, _ = wattif("--version")
    assert code == 0
    assert out.startswith("wattif ")
    assert all(name in out for name in ("numba ", "numpy ", "Python "))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rnu"], 'Unknown command "rnu". Did you mean "run"?'),
        (["run"], "requires an argument"),
        (["run", "bakery.toml", "--drawz", "5"], "Did you mean --draws?"),
        (["run", "bakery.toml", "--sampling", "sobl"], 'Did you mean "sobol"?'),
        (["run", "bakery.toml", "--no-json"], "Unknown option"),
        (["list", "planets"], "families"),
        (["run", "bakry.toml"], "did you mean bakery.toml?"),
        (["run", "survey-2025"], "did you mean survey-2025b"),
        (["run", "."], "is a folder; expected a study file"),
        (["plot", "nothing.nc"], "nothing.nc: no such file"),
        (["plot", "bakery.toml"], "not a result of wattif"),
        (["rerun", "bakery.toml"], "not a result of wattif"),
        (["explain", "bakery.toml", "old-town.csot"], "did you mean 'cost'?"),
        (["explain", "bakery.toml", "cost"], "write old-town.cost"),
    ],
)
def test_what_cannot_be_is_refused_with_advice(
    wattif: Wattif, folder: Path, words: list[str], message: str
) -> None:
    code, out, err = wattif(*words)
    assert code == 2
    assert out == ""
    assert err.startswith("error: ")
    assert message in err
    assert "Traceback" not in err
    assert sorted(entry.name for entry in folder.iterdir()) == ["bakery.toml"]


def test_a_wrong_study_shows_the_line(wattif: Wattif, folder: Path, study: str) -> None:
    (folder / "bakery.toml").write_text(study.replace('"2 to 4 USD/kg"', '"4 to 2 USD/kg"'))
    code, _, err = wattif("check", "bakery.toml")
    assert code == 2
    assert "bakery.toml:9:" in err
    assert 'price = "4 to 2 USD/kg"' in err


def test_a_traceback_is_shown_only_on_demand(
    wattif: Wattif, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Traceback" in wattif("--debug", "run", "nothing.toml").err
    assert "Traceback" in wattif("run", "nothing.toml", "--debug").err
    monkeypatch.setenv("WATTIF_DEBUG", "1")
    assert "Traceback" in wattif("run", "nothing.toml").err
    monkeypatch.setenv("WATTIF_DEBUG", "0")
    assert "Traceback" not in wattif("run", "nothing.toml").err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RunError("the disk is full"), 1, "error: the disk is full"),
        (ZeroDivisionError("oh"), 1, "ZeroDivisionError: oh\n  This is a fault of wattif"),
        (MemoryError(), 1, "out of memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(
    wattif: Wattif,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    words: str,
) -> None:
    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr("wattif.cli.check.load_study", fail)
    outcome = wattif("check", "bakery.toml")
    assert outcome.code == code
    assert words in outcome.err


@pytest.mark.parametrize(
    ("sent", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_an_interrupted_run_leaves_nothing(
    made: Path, folder: Path, sent: signal.Signals, code: int, word: str
) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            AS_IN_A_TERMINAL,
            "run",
            "bakery.toml",
            "--draws",
            "1e12",
            "-o",
            "b.nc",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(4.0)  # it would take a day
    process.send_signal(sent)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert out == ""
    assert word in err
    assert "Traceback" not in err
    assert sorted(entry.name for entry in folder.iterdir()) == ["bakery.toml"]


def test_nobody_reading_on_is_no_error() -> None:
    command = f"{sys.executable} -m wattif list | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout == "Families\n"
    assert done.stderr == ""


def test_a_pipe_gets_plain_words_uncut(folder: Path, study: str) -> None:
    long = "a source whose description is far longer than a terminal of eighty columns is wide"
    study = study.replace('ovens = "3"', f'ovens = {{ value = 3, source = "{long}" }}')
    (folder / "bakery.toml").write_text(study)
    done = spawn(["check", "bakery.toml"])
    assert long in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert not [line for line in done.stdout.splitlines() if line.endswith(" ")]


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("variable", "coloured"), [("COLUMNS", True), ("NO_COLOR", False)])
def test_a_terminal_gets_colour_unless_it_declines(
    folder: Path, variable: str, coloured: bool
) -> None:
    import pty

    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "wattif", "check", "bakery.toml"]
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {variable: "100"}
    subprocess.run(
        words, stdout=theirs, stderr=theirs, check=True, env=environment | {"TERM": "xterm"}
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        shown += piece
        if not piece:
            break
    os.close(ours)
    assert (b"\x1b" in shown) == coloured
    assert b"Two bakeries" in shown


def test_letters_that_a_stream_lacks_are_replaced(folder: Path, study: str) -> None:
    study = study.replace("Two bakeries", "Zwei Bäckereien – 2 ≤ 3")  # noqa: RUF001
    (folder / "bakery.toml").write_text(study, encoding="utf-8")
    done = spawn(["check", "bakery.toml"], env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "Zwei B?ckereien ? 2 ? 3" in done.stdout


def test_python_m_wattif_is_the_same_command() -> None:
    assert spawn(["--version"]).stdout.startswith("wattif ")
    assert spawn(["rnu"]).returncode == 2

"""The command line, called in this process: its exit code, its stdout, its stderr."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from wattif.cli import main

STUDY = """
title = "Two bakeries"

[run]
draws    = 4096
seed     = 7

[quantities]
price = "2 to 4 USD/kg"

[systems.old-town]
label = "Old town"
uses  = ["bakery"]
[systems.old-town.quantities]
flour = "100 to 900 kg"
ovens = "3"

[systems.harbour]
label = "Harbour"
uses  = ["bakery"]
[systems.harbour.quantities]
flour = { absent = "they do not say" }
ovens = "4"

[equations.bakery.quantities]
cost     = { formula = "flour * price", unit = "USD", label = "Cost of the flour" }
capacity = { formula = "ovens * 2", unit = "1", label = "Capacity" }
"""


class Outcome(NamedTuple):
    """What a call came to."""

    code: int
    out: str
    err: str


Wattif = Callable[..., Outcome]


@pytest.fixture
def wattif(capsys: pytest.CaptureFixture[str]) -> Wattif:
    """Return the function that calls the command line."""

    def call(*words: str | Path) -> Outcome:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Outcome(code, *capsys.readouterr())

    return call


@pytest.fixture
def study() -> str:
    """Return the text of the study that the tests use."""
    return STUDY


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder with a study, bakery.toml, in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bakery.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a result that was made once; copy it before changing it."""
    folder = tmp_path_factory.mktemp("made")
    study, result = folder / "bakery.toml", folder / "bakery.nc"
    study.write_text(STUDY, encoding="utf-8")
    assert main(["run", str(study), "--quiet", "--out", str(result)]) == 0
    return result

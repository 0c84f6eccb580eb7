"""``wattif export``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Wattif = Callable[..., Any]


@pytest.fixture
def result(made: Path, tmp_path: Path) -> Path:
    """Return a copy of a result."""
    return Path(shutil.copy(made, tmp_path / "bakery.nc"))


@pytest.mark.parametrize(
    ("to", "what", "name"),
    [
        ("csv", "summary", "bakery-summary.csv"),
        ("json", "draws", "bakery-draws.json"),
        ("latex", "inputs", "bakery-inputs.tex"),
        ("xlsx", "summary", "bakery-summary.xlsx"),
        ("parquet", "draws", "bakery-draws.parquet"),
    ],
)
def test_the_file_lies_beside_the_result(
    wattif: Wattif, result: Path, to: str, what: str, name: str
) -> None:
    outcome = wattif("export", result, "--to", to, "--what", what)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.strip() == str(result.with_name(name))
    assert result.with_name(name).stat().st_size > 0


def test_the_ending_of_out_says_the_format(wattif: Wattif, result: Path, tmp_path: Path) -> None:
    assert wattif("export", result, "--out", tmp_path / "t.json").code == 0
    assert (tmp_path / "t.json").read_text(encoding="utf-8").startswith("{")
    assert wattif("export", result).out.strip().endswith("bakery-summary.csv")


def test_an_ending_of_another_format_is_refused(wattif: Wattif, result: Path) -> None:
    outcome = wattif("export", result, "--to", "json", "--out", "t.csv")
    assert outcome.code == 2
    assert "t.csv: --to json writes .json; change --out or leave out --to" in outcome.err


def test_nothing_but_an_earlier_export_is_overwritten(wattif: Wattif, result: Path) -> None:
    target = result.with_name("bakery-summary.csv")
    target.write_text("years of work", encoding="utf-8")
    outcome = wattif("export", result, "--to", "csv")
    assert outcome.code == 2
    assert "is not an earlier export of wattif, so it is not overwritten" in outcome.err
    assert target.read_text(encoding="utf-8") == "years of work"
    assert wattif("export", result, "--to", "csv", "--out", result).code == 2
    assert result.stat().st_size > 1000


def test_an_unknown_format_is_refused_with_those_that_are_known(
    wattif: Wattif, result: Path
) -> None:
    outcome = wattif("export", result, "--to", "xml")
    assert outcome.code == 2
    assert "parquet" in outcome.err


def test_labels_are_in_the_language_asked_for(wattif: Wattif, result: Path) -> None:
    words = ["--to", "latex", "--language", "es"]
    path = Path(wattif("export", result, *words).out.strip())
    assert "mediana" in path.read_text(encoding="utf-8")

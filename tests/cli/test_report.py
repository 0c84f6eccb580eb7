"""``wattif report``: where the page goes, and what it refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Wattif = Callable[..., Any]


def test_a_report_lies_beside_its_result(wattif: Wattif, made: Path, tmp_path: Path) -> None:
    result = Path(shutil.copy(made, tmp_path / "bakery.nc"))
    code, out, err = wattif("report", result)
    assert (code, err) == (0, "")
    assert out.strip() == str(tmp_path / "bakery.html")
    assert "wattif rerun bakery.nc" in (tmp_path / "bakery.html").read_text("utf-8")


def test_a_spanish_report_has_a_name_of_its_own(wattif: Wattif, made: Path, tmp_path: Path) -> None:
    result = Path(shutil.copy(made, tmp_path / "bakery.nc"))
    assert wattif("report", result, "--lang", "es").out.strip().endswith("bakery.es.html")
    assert '<html lang="es">' in (tmp_path / "bakery.es.html").read_text("utf-8")


def test_the_result_itself_is_never_overwritten(wattif: Wattif, made: Path) -> None:
    before = made.read_bytes()
    code, _, err = wattif("report", made, "--out", made)
    assert code == 2
    assert "a report's name ends in .html" in err
    assert made.read_bytes() == before


def test_a_page_of_somebody_elses_is_left_alone(wattif: Wattif, made: Path, tmp_path: Path) -> None:
    diary = tmp_path / "diary.html"
    diary.write_text("<p>Dear diary", encoding="utf-8")
    code, _, err = wattif("report", made, "--out", diary)
    assert code == 2
    assert "is not a report of wattif, so it is not overwritten" in err
    assert diary.read_text("utf-8") == "<p>Dear diary"


def test_an_unknown_quantity_or_language_is_refused(
    wattif: Wattif, made: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.html"
    assert "did you mean 'cost'" in wattif("report", made, "--out", out, "--quantity", "kost").err
    assert wattif("report", made, "--out", out, "--lang", "fr").code == 2
    assert not out.exists()

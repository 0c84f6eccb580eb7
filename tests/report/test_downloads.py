"""What travels inside the page."""

from __future__ import annotations

import base64
import csv
import io

import pytest

from wattif.report.downloads import make_downloads, to_csv
from wattif.results.answers import read_answers


def test_the_summary_comes_back_from_its_csv_bit_by_bit(tree):
    rows = list(csv.DictReader(io.StringIO(to_csv(read_answers(tree)))))
    assert len(rows) == 4 * 3
    for row in rows:
        stored = tree["summary"][row["quantity"]].sel(system=row["system"])
        for statistic in ("mean", "p50", "eti_low", "hdi_high"):
            value = float(stored.sel(statistic=statistic))
            assert row[statistic] == ("" if row["absent"] else repr(value))
    assert rows[2]["absent"] == "needs flour, which is absent: they do not say"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_spreadsheet_takes_a_text_for_a_formula(tree, start):
    hostile = tree.copy(deep=True)
    hostile["summary"]["cost"].attrs["long_name"] = f"{start}cmd|' /C calc'!A0"
    row = next(csv.DictReader(io.StringIO(to_csv(read_answers(hostile)))))
    assert row["label"].startswith(f"'{start}cmd")


def test_the_study_is_there_as_it_was_written(survey):
    files = make_downloads(survey, read_answers(survey))
    assert [file.name for file in files] == ["survey-2025b.csv", "survey-2025b.toml"]
    content = base64.b64decode(files[1].address.partition("base64,")[2]).decode("utf-8")
    assert content == survey.attrs["study"]


def test_a_study_from_python_has_no_text_to_take_along(tree):
    assert [file.name for file in make_downloads(tree, read_answers(tree))] == ["study.csv"]

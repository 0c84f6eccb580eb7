"""CSV: RFC 4180, every digit, nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

import wattif as wi
from wattif.results.export.as_csv import _neutral


def read(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def test_lines_end_as_the_standard_says_and_quotes_are_doubled(tree, tmp_path):
    text = wi.export(tree, tmp_path / "table.csv", "inputs").read_bytes()
    assert text.endswith(b"\r\n")
    assert b'"\'@SUM(1)\nsecond line"' in text
    summary = wi.export(tree, tmp_path / "summary.csv").read_bytes()
    assert '""/C calc""'.encode() in summary
    assert not text.startswith(b"\xef\xbb\xbf")


def test_every_number_reads_back_to_its_last_bit(tree, tmp_path):
    rows = read(wi.export(tree, tmp_path / "draws.csv", "draws"))
    stored = tree["prior"]["cost"].sel(system="old-town").values.ravel()
    np.testing.assert_array_equal([float(row["old-town.cost"]) for row in rows], stored)


def test_infinities_are_written_and_what_is_not_a_number_is_empty(tree, tmp_path):
    rows = read(wi.export(tree, tmp_path / "table.csv"))
    often = next(row for row in rows if row["quantity"] == "often")
    assert often["p50"] == "inf"
    assert often["mean"] == ""
    assert often["lost_draws"] == "1024"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(start):
    assert _neutral(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["1=2", "a-b", "", -3.5, -1, None, float("-inf")])
def test_other_texts_and_negative_numbers_are_left_alone(cell):
    assert _neutral(cell) == cell


def test_no_text_cell_of_a_hostile_study_can_be_run(tree, tmp_path, hostile):
    for what in ("summary", "inputs"):
        for row in read(wi.export(tree, tmp_path / f"{what}.csv", what)):
            for name, cell in row.items():
                if not name.startswith(("mean", "sd", "p", "eti", "hdi")) or name == "parameters":
                    assert not cell.startswith(("=", "+", "-", "@")), (name, cell)
    (row,) = [r for r in read(tmp_path / "summary.csv") if (r["quantity"], r["system"]) == ("cost", "old-town")]
    assert (row["label"], row["system_label"]) == ("'+Cost", f"'{hostile}")

"""Excel workbooks, read back by openpyxl."""

from __future__ import annotations

import openpyxl
import pytest

import wattif as wi
from wattif.results.export import as_excel


def test_a_summary_brings_its_inputs_and_what_it_is(tree, tmp_path, hostile):
    book = openpyxl.load_workbook(wi.export(tree, tmp_path / "book.xlsx"))
    assert book.sheetnames == ["summary", "inputs", "about"]
    header, *rows = book["summary"].iter_rows(values_only=True)
    row = next(dict(zip(header, row, strict=True)) for row in rows if row[:2] == ("cost", "old-town"))
    stored = tree["summary"]["cost"].sel(system="old-town", statistic="p50")
    assert row["p50"] == pytest.approx(float(stored), rel=1e-15)  # written with 16 digits
    facts = dict(book["about"].iter_rows(values_only=True))
    assert (facts["title"], facts["draws"], facts["seed"]) == (hostile, 1024, "7")


def test_no_cell_is_a_formula_or_a_link(tree, tmp_path, hostile):
    book = openpyxl.load_workbook(wi.export(tree, tmp_path / "book.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert hostile in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)


def test_what_is_absent_is_empty_and_what_is_infinite_says_so(tree, tmp_path):
    book = openpyxl.load_workbook(wi.export(tree, tmp_path / "book.xlsx"))
    header, *rows = book["summary"].iter_rows(values_only=True)
    p50 = header.index("p50")
    assert next(row for row in rows if row[:2] == ("cost", "harbour"))[p50] is None
    assert next(row for row in rows if row[:2] == ("often", "harbour"))[p50] == "inf"


def test_draws_say_what_their_columns_are(tree, tmp_path):
    book = openpyxl.load_workbook(wi.export(tree, tmp_path / "book.xlsx", "draws"))
    assert book.sheetnames == ["draws", "columns", "about"]
    assert ("old-town.cost", "USD", "+Cost") in list(book["columns"].iter_rows(values_only=True))
    assert book["draws"].max_row == 1 + 1024


def test_too_many_columns_for_a_sheet_are_refused(tree, tmp_path, monkeypatch):
    monkeypatch.setattr(as_excel, "_MOST_COLUMNS", 3)
    with pytest.raises(wi.ResultError, match="a sheet of Excel 3; choose csv or parquet"):
        wi.export(tree, tmp_path / "book.xlsx")

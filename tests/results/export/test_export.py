"""Which format, which file, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import wattif as wi
from wattif.results.export import request, tables
from wattif.results.export.export import suffix_of

SUFFIXES = [suffix_of(to) for to in request.FORMATS]


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".CSV"])
def test_the_ending_says_the_format(tree, tmp_path, suffix):
    path = tmp_path / "new" / f"table{suffix}"
    assert wi.export(tree, path) == path
    assert path.stat().st_size > 500
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("what", request.WHATS)
def test_the_same_result_makes_the_same_file_and_replaces_it(tree, tmp_path, suffix, what):
    if (suffix, what) == (".tex", "draws"):
        return
    path = tmp_path / f"table{suffix}"
    wi.export(tree, path, what)
    before = path.read_bytes()
    wi.export(tree, path, what)
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("content", [b"", b"years of work", b"a,b\r\n1,2\r\n", b"{}", b"PK\x03\x04"])
def test_what_is_not_an_earlier_export_is_left_alone(tree, tmp_path, suffix, content):
    path = tmp_path / f"thesis{suffix}"
    path.write_bytes(content)
    with pytest.raises(wi.ResultError, match="is not an earlier export of wattif, so it is not"):
        wi.export(tree, path)
    assert path.read_bytes() == content


def test_another_workbook_or_table_is_left_alone(tree, tmp_path):
    import openpyxl
    import pyarrow
    from pyarrow import parquet

    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    parquet.write_table(pyarrow.table({"a": [1]}), tmp_path / "table.parquet")
    for name in ("book.xlsx", "table.parquet"):
        with pytest.raises(wi.ResultError, match="is not overwritten"):
            wi.export(tree, tmp_path / name)


def test_the_result_itself_is_left_alone(tree, tmp_path):
    result = wi.save_result(tree, tmp_path / "result.nc")
    disguised = result.rename(tmp_path / "result.csv")
    before = disguised.read_bytes()
    with pytest.raises(wi.ResultError, match="is not overwritten"):
        wi.export(tree, disguised)
    assert disguised.read_bytes() == before


def test_a_folder_and_a_link_are_refused(tree, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(wi.ResultError, match="is a folder; expected the name of a file"):
        wi.export(tree, tmp_path / "folder.csv")
    with pytest.raises(wi.ResultError, match="symbolic link"):
        wi.export(tree, tmp_path / "link.csv")
    assert not (tmp_path / "elsewhere.csv").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("table.nc", r"ends in '\.nc'; expected \.csv, \.xlsx, \.parquet, \.json or \.tex$"),
        ("table.xls", r"ends in '\.xls'; .*did you mean \.xlsx\?"),
        ("table", "has no ending; expected"),
    ],
)
def test_an_unknown_ending_is_refused(tree, tmp_path, name, words):
    with pytest.raises(wi.ResultError, match=words):
        wi.export(tree, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_unknown_part_is_refused(tree, tmp_path):
    with pytest.raises(
        wi.ResultError,
        match="what is 'sumary'; expected summary, draws or inputs; did you mean summary",
    ):
        wi.export(tree, tmp_path / "table.csv", "sumary")


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError("no space left on device")])
def test_an_interrupted_export_leaves_the_old_file_and_nothing_else(
    tree, tmp_path, monkeypatch, failure
):
    path = wi.export(tree, tmp_path / "table.csv")
    before = path.read_bytes()

    def fail(self: Path, target: Path) -> None:
        raise failure

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises((KeyboardInterrupt, wi.ResultError)):
        wi.export(tree, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("suffix", "module", "extra"),
    [(".xlsx", "xlsxwriter", "excel"), (".parquet", "pyarrow", "parquet")],
)
def test_a_format_that_needs_more_names_the_extra(
    tree, tmp_path, monkeypatch, suffix, module, extra
):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(wi.ResultError, match=rf'pip install "wattif\[{extra}\]"'):
        wi.export(tree, tmp_path / f"table{suffix}")
    assert not list(tmp_path.iterdir())


def test_a_summary_has_every_statistic_with_its_error(tree):
    table = tables.summary_table(request.Request(tree, "summary"))
    (row,) = [
        dict(zip(table.names, cells, strict=True))
        for cells in table.rows
        if cells[:2] == ("cost", "old-town")
    ]
    numbers, errors = tree["summary"]["cost"], tree["summary_error"]["cost"]
    for name in ("mean", "sd", "p5", "p50", "p95", "eti_low", "hdi_high"):
        place = {"system": "old-town", "statistic": name}
        assert row[name] == float(numbers.sel(place))
        assert row[f"{name}_error"] == float(errors.sel(place))
    assert (row["unit"], row["label"], row["absent"]) == ("USD", "+Cost", "")


def test_what_is_absent_has_its_reason_and_no_numbers(tree):
    table = tables.summary_table(request.Request(tree, "summary"))
    rows = [dict(zip(table.names, cells, strict=True)) for cells in table.rows]
    (row,) = [row for row in rows if row["absent"]]
    assert (row["quantity"], row["system"]) == ("cost", "harbour")
    assert row["absent"].endswith("-they- do not say")
    assert row["mean"] is None
    assert row["p50_error"] is None


def test_draws_are_those_of_the_result_row_by_row(tree):
    table = tables.draws_table(request.Request(tree, "draws"))
    cells = {column.name: column for column in table.columns}
    prior = tree["prior"].to_dataset()
    assert "harbour.cost" not in cells  # it was never drawn
    cost = prior["cost"].sel(system="old-town")
    for row in (0, 70, 1023):
        place = {"chain": cells["replicate"].cells[row], "draw": cells["draw"].cells[row]}
        assert cells["old-town.cost"].cells[row] == float(cost.isel(place))
        assert cells["price"].cells[row] == float(prior["price"].isel(place))
    assert (cells["old-town.cost"].unit, cells["price"].unit) == ("USD", "USD/kg")


def test_inputs_have_their_source_and_grade(tree):
    table = tables.inputs_table(request.Request(tree, "inputs", "es"))
    rows = [dict(zip(table.names, cells, strict=True)) for cells in table.rows]
    price = next(row for row in rows if row["quantity"] == "price")
    assert (price["stated"], price["grade"]) == ("2 to 4 USD/kg", "B")
    assert price["p5"] == pytest.approx(2, rel=1e-12)  # the interval as it was stated
    assert next(row for row in rows if row["quantity"] == "loss")["label"] == "Pérdida"


def test_a_study_without_systems_names_none(alone):
    table = tables.draws_table(request.Request(alone, "draws"))
    assert table.names == ("replicate", "draw", "y", "x")
    summary = tables.summary_table(request.Request(alone, "summary"))
    assert next(summary.rows)[:4] == ("y", "", "y", "")

"""An Excel workbook: the table, and beside it what the result is."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wattif.errors import ResultError
from wattif.results.export.request import Cell, Column, Request, Table
from wattif.results.export.tables import about_table, inputs_table, table_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_MARK = "Written by wattif export"
_MOST_COLUMNS = 16_384  # of a sheet, says Excel
_LONGEST = 32_767  # characters of a cell, says Excel
_WIDEST = 60
_MADE = datetime(2000, 1, 1)  # the same result makes the same file


def write_excel(request: Request, path: Path) -> None:
    """Write a workbook, with units and labels of columns, if they have any, in its last sheet.

    Raises
    ------
    ResultError
        If XlsxWriter is not installed, or a table is too wide for a sheet.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise ResultError(
            'xlsx needs XlsxWriter, which is not installed: pip install "wattif[excel]"'
        ) from None
    tables = list(_tables(request))
    for table in tables:
        if len(table.columns) > _MOST_COLUMNS:
            raise ResultError(
                f"{table.name} has {len(table.columns):,} columns, and a sheet of Excel "
                f"{_MOST_COLUMNS:,}; choose csv or parquet"
            )
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"comments": _MARK, "created": _MADE})
        for table in tables:
            _fill(book.add_worksheet(table.name), table, book.add_format({"bold": True}))


def _tables(request: Request) -> Iterator[Table]:
    """Yield one table a sheet: a summary comes with the inputs it rests on."""
    table = table_of(request)
    yield table
    if request.what == "summary":
        yield inputs_table(request)
    if request.what == "draws":
        yield _columns_of(table)
    yield about_table(request)


def _columns_of(table: Table) -> Table:
    """Return what the columns of a table are: names, units and labels."""
    facts = [(column.name, column.unit, column.label) for column in table.columns if column.label]
    names, units, labels = zip(*facts, strict=True) if facts else ((), (), ())
    return Table("columns", (Column("name", names), Column("unit", units), Column("label", labels)))


def _fill(sheet: Worksheet, table: Table, bold: Any) -> None:
    for number, column in enumerate(table.columns):
        sheet.write_string(0, number, column.name, bold)
        longest = max((len(str(cell)) for cell in column.cells[:100]), default=0)
        sheet.set_column(number, number, min(max(longest, len(column.name)) + 2, _WIDEST))
    for row, cells in enumerate(table.rows, 1):
        for number, cell in enumerate(cells):
            _write(sheet, row, number, cell)
    sheet.freeze_panes(1, 0)


def _write(sheet: Worksheet, row: int, number: int, cell: Cell) -> None:
    """Write a cell: texts as texts, so that none is run as a formula or made a link."""
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, number, cell[:_LONGEST])
    elif cell is not None and math.isinf(cell):
        sheet.write_string(row, number, str(cell))  # Excel has no infinity
    elif cell is not None:
        sheet.write_number(row, number, cell)


def is_own_excel(path: Path) -> bool:
    """Tell whether a file is a workbook that says it was exported."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _MARK.encode() in archive.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError, OSError):
        return False

"""CSV as RFC 4180 has it, in UTF-8, with every digit."""

from __future__ import annotations

import csv
from pathlib import Path

from wattif.results.export.request import Cell, Request
from wattif.results.export.tables import table_of

# A spreadsheet runs a text that starts like this as a formula, which may fetch and send data (OWASP,
# "CSV injection"); the last four are how some of them write the first.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_HEADERS = ("quantity,system,label,", "replicate,draw,", "quantity,name,system,label,")


def write_csv(request: Request, path: Path) -> None:
    """Write a table; nothing is written as an empty cell, infinity as inf."""
    table = table_of(request)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # ends lines with CR LF; a float is written by its repr
        writer.writerow([column.name for column in table.columns])
        writer.writerows([_neutral(cell) for cell in row] for row in table.rows)


def _neutral(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet runs: an apostrophe before a text makes it a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell


def is_own_csv(path: Path) -> bool:
    """Tell whether a file starts with the header of an export."""
    longest = max(map(len, _HEADERS))
    with path.open("rb") as file:
        start = file.read(longest).decode("utf-8", errors="replace")
    return start.startswith(_HEADERS)

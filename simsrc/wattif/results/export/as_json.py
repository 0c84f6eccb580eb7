"""Strict JSON: a table as columns and rows, and what the result is."""

from __future__ import annotations

import json
import math
from pathlib import Path

from wattif.results.export.request import Cell, Request
from wattif.results.export.tables import about, table_of

SCHEMA_VERSION = 1
_MARK = '{\n"written_by": "wattif export"'


def write_json(request: Request, path: Path) -> None:
    """Write a table. NaN and infinities, which JSON lacks, are null."""
    table = table_of(request)
    head = {
        "schema_version": SCHEMA_VERSION,
        "what": request.what,
        "about": about(request.tree),
        "columns": [
            {"name": column.name, "unit": column.unit or None, "label": column.label or None}
            for column in table.columns
        ],
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(_MARK)
        for key, value in head.items():
            file.write(f',\n"{key}": {_json(value)}')
        rows = ",\n".join(_json([_finite(cell) for cell in row]) for row in table.rows)
        file.write(f',\n"rows": [\n{rows}\n]\n}}\n')


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _finite(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def is_own_json(path: Path) -> bool:
    """Tell whether a file starts as an export does."""
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK.encode()

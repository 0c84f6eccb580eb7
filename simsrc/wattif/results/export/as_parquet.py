"""Parquet: a table with the units and labels of its columns."""

from __future__ import annotations

import json
from pathlib import Path

from wattif.errors import ResultError
from wattif.results.export.request import Column, Request
from wattif.results.export.tables import about, table_of

_MARK = b"wattif"  # key of what the result is, in the file's own metadata


def write_parquet(request: Request, path: Path) -> None:
    """Write a table; nothing is null. Units and labels go into the metadata of their fields.

    Raises
    ------
    ResultError
        If pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ResultError(
            'parquet needs pyarrow, which is not installed: pip install "wattif[parquet]"'
        ) from None
    table = table_of(request)
    types = {float: pyarrow.float64(), int: pyarrow.int64(), str: pyarrow.string()}
    fields = [
        pyarrow.field(column.name, types[_type(column)], metadata=_metadata(column))
        for column in table.columns
    ]
    schema = pyarrow.schema(fields, metadata={_MARK: json.dumps(about(request.tree))})
    arrays = [
        pyarrow.array(column.cells, type=field.type)
        for column, field in zip(table.columns, fields, strict=True)
    ]
    parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), path)


def _type(column: Column) -> type:
    """Return the type of a column's cells; numbers where it holds nothing."""
    return next((type(cell) for cell in column.cells if cell is not None), float)


def _metadata(column: Column) -> dict[str, str]:
    found = {"units": column.unit, "long_name": column.label}
    return {key: text for key, text in found.items() if text}


def is_own_parquet(path: Path) -> bool:
    """Tell whether a file says that it was exported; False where pyarrow cannot tell."""
    try:
        from pyarrow import ArrowInvalid, parquet
    except ImportError:
        return False
    try:
        return _MARK in (parquet.read_schema(path).metadata or {})
    except (ArrowInvalid, OSError):
        return False

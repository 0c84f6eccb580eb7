"""One column of numbers out of a CSV, Parquet or netCDF file, from its bytes."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

import numpy as np

from wattif.distributions.base import Array
from wattif.distributions.steps import MOST_VALUES
from wattif.language.complaints import found_words, listed, nearest


class DataError(ValueError):
    """What is wrong with a file, or, where ``is_column``, with the name of a column."""

    def __init__(self, message: str, hint: str = "", is_column: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.is_column = is_column


def read_column(name: str, content: bytes, column: str) -> Array:
    """Return the numbers of a column, all of them finite.

    Raises
    ------
    DataError
        If there is no such column, or something in it is no number.
    """
    values = _READERS[PurePosixPath(name).suffix.lower()](name, content, column)
    if not values.size:
        raise DataError(f"{name} has no rows")
    if not np.all(np.isfinite(values)):
        place = int(np.argmin(np.isfinite(values)))
        message = f"{name}: column {column} has {values[place]:g} as its value number {place + 1:,}"
        raise DataError(f"{message}; expected finite numbers", "leave such rows out", True)
    return values


def _read_comma(name: str, content: bytes, column: str) -> Array:
    return _read_text(name, content, column, ",")


def _read_tab(name: str, content: bytes, column: str) -> Array:
    return _read_text(name, content, column, "\t")


def _read_text(name: str, content: bytes, column: str, delimiter: str) -> Array:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{name}, line {line:,}, is not UTF-8", "save it as UTF-8") from None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next((row for row in rows if row), [])
        place = _place(name, [one.strip() for one in header], column)
        return np.fromiter(_cells(name, rows, place, column), dtype=np.float64)
    except csv.Error as error:
        raise DataError(f"{name}, line {rows.line_num:,}: {error}") from None


def _place(name: str, header: Sequence[str], column: str) -> int:
    found = header.count(column)
    if found == 1:
        return header.index(column)
    if not header:
        raise DataError(f"{name} is empty; expected a first row with the names of the columns")
    if found:
        raise DataError(f"{name} has {found} columns {column!r}", "rename all but one", True)
    if all(_is_number(one) for one in header):
        message = f"{name} begins with numbers; expected a first row with the names of the columns"
        raise DataError(message)
    raise _no_column(name, header, column)


def _no_column(name: str, known: Sequence[str], column: str) -> DataError:
    hint = nearest(column, known) or f"it has {listed(known)}"
    if len(known) == 1 and ";" in known[0]:
        hint = "its columns are separated by ';': save it with commas, and numbers with points"
    return DataError(f"{name} has no column {column!r}", hint, True)


def _cells(name: str, rows: Iterator[list[str]], place: int, column: str) -> Iterator[float]:
    """Yield the numbers of a column."""
    count = 0
    for row in rows:
        if not row:
            continue  # an empty line
        count += 1
        if count > MOST_VALUES:
            raise DataError(f"{name} has more than {MOST_VALUES:,} rows", "take a sample of them")
        cell = row[place].strip() if place < len(row) else ""
        value = float(cell) if _is_number(cell) else math.nan
        if not math.isfinite(value):
            line = rows.line_num  # type: ignore[attr-defined]
            found = found_words(cell) if cell else "empty"
            message = f"{name}, line {line:,}: {column} is {found}; expected a finite number"
            raise DataError(message, _advice(cell), True)
        yield value


def _is_number(cell: str) -> bool:
    if "_" in cell or not cell.isascii():
        return False
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _advice(cell: str) -> str:
    if "," in cell:
        return "write 1000 for thousands and 1.5 for a decimal"
    return "leave out rows without a figure" if not cell or cell.isalpha() or "/" in cell else ""


def _read_parquet(name: str, content: bytes, column: str) -> Array:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        message = f"{name}: Parquet files need the package pyarrow"
        raise DataError(message, "install wattif[parquet], or save the column as CSV") from None
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(content))
        known = file.schema_arrow.names
        if known.count(column) != 1:
            raise _no_column(name, known, column)
        kind = file.schema_arrow.field(column).type
        if not (pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind)):
            raise DataError(
                f"{name}: column {column} is of type {kind}; expected numbers", "", True
            )
        _check_rows(name, file.metadata.num_rows)
        values = file.read(columns=[column]).column(0).to_numpy()
    except pyarrow.ArrowException as error:
        raise DataError(f"{name} is not readable as Parquet: {str(error)[:80]}") from None
    return np.asarray(values, dtype=np.float64)


def _read_netcdf(name: str, content: bytes, column: str) -> Array:
    import h5netcdf

    try:
        with h5netcdf.File(io.BytesIO(content), "r") as file:
            if column not in file.variables:
                raise _no_column(name, list(file.variables), column)
            variable = file.variables[column]
            if variable.dtype.kind not in "fiu":
                raise DataError(f"{name}: variable {column} holds no numbers", "", True)
            _check_rows(name, math.prod(variable.shape))
            return np.asarray(variable[...], dtype=np.float64).ravel()
    except (OSError, KeyError, RuntimeError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{name} is not readable as netCDF") from None


def _check_rows(name: str, rows: int) -> None:
    if rows > MOST_VALUES:
        message = f"{name} has {rows:,} values; at most {MOST_VALUES:,} are read"
        raise DataError(message, "take a sample of them")


_READERS: dict[str, Callable[[str, bytes, str], Array]] = {
    ".csv": _read_comma,
    ".tsv": _read_tab,
    ".parquet": _read_parquet,
    ".nc": _read_netcdf,
}
ENDINGS = tuple(_READERS)

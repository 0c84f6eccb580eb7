"""What is to be exported: a part of a result, in a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

What = Literal["summary", "draws", "inputs"]
To = Literal["csv", "xlsx", "parquet", "json", "latex"]
WHATS: tuple[What, ...] = get_args(What)
FORMATS: tuple[To, ...] = get_args(To)

Cell = str | float | int | None


@dataclass(frozen=True)
class Request:
    """A part of a result, to be exported with labels in a language."""

    tree: DataTree
    what: What
    language: Language = "en"


@dataclass(frozen=True)
class Column:
    """One column of a table; a cell that holds nothing (no number, no text) is None or ""."""

    name: str
    cells: tuple[Cell, ...]
    unit: str = ""
    label: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a row a thing and a column a variable."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Cells row by row."""
        return zip(*(column.cells for column in self.columns), strict=True)


@dataclass(frozen=True)
class Format:
    """How a format is written. ``is_own`` tells whether a file is an earlier export in it."""

    suffix: str
    write: Callable[[Request, Path], None]
    is_own: Callable[[Path], bool]

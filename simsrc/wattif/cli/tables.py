"""Tables without lines. Where all columns have room, they are laid out here: rich takes 20 ms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import StyleType
from rich.table import Table
from rich.text import Text

_GAP = 2  # blanks between columns
_HEADER = "bold"

_Cell = tuple[str, StyleType]


class Rows:
    """A table of cells, see :func:`~wattif.cli.terminal.table`."""

    def __init__(
        self, headers: Sequence[str], rows: Sequence[Sequence[RenderableType]], layout: str
    ) -> None:
        self._headers, self._rows, self._layout = headers, rows, layout

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what to print: segments, or a table of rich's that wraps and cuts."""
        lines: list[list[_Cell]] = [[(header, _HEADER) for header in self._headers]]
        for row in self._rows:
            lines.append([cell for cell in map(_read, row) if cell is not None])
        if any(len(line) < len(self._headers) for line in lines):
            yield self._laid_out()
            return
        widths = [max(cell_len(text) for text, _ in column) for column in zip(*lines, strict=True)]
        if sum(widths) + _GAP * (len(widths) - 1) > options.max_width:
            yield self._laid_out()
            return
        for line in lines:
            yield from self._segments(line, widths, console)

    def _segments(
        self, line: Sequence[_Cell], widths: Sequence[int], console: Console
    ) -> Iterator[Segment]:
        between = ""
        for (text, style), width, letter in zip(line, widths, self._layout, strict=True):
            blanks = " " * (width - cell_len(text))
            filled = blanks + text if letter == "r" else text + blanks
            yield Segment(between)
            yield Segment(filled, console.get_style(style) if style else None)
            between = " " * _GAP
        yield Segment.line()

    def _laid_out(self) -> Table:
        built = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style=_HEADER)
        for header, letter in zip(self._headers, self._layout, strict=True):
            side: Literal["left", "right"] = "right" if letter == "r" else "left"
            built.add_column(header, justify=side, overflow="fold", no_wrap=letter != "w")
        for row in self._rows:
            built.add_row(*row)
        return built


def _read(cell: RenderableType) -> _Cell | None:
    """Return text and style of a cell of one line in one style, None for any other."""
    if isinstance(cell, Text) and not cell.spans:
        found: _Cell = cell.plain, cell.style
    elif isinstance(cell, str):
        found = cell, ""
    else:
        return None
    return found if len(found[0].splitlines()) < 2 else None

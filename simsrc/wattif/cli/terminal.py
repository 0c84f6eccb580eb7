"""What is printed, and how: plain words in a pipe, colour and a progress bar on a terminal."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from wattif.cli.tables import Rows
from wattif.format import format_value

_ENDLESS = 10_000  # columns of a pipe: nothing is wrapped or cut there
_PAGE = 100  # columns of a pipe for a table whose lines would be too long to read


def is_plain(stream: TextIO) -> bool:
    """Return whether a stream gets words only: no terminal, or one that wants no escape codes."""
    unwanted = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return bool(unwanted) or not stream.isatty()


def _console(stream: TextIO) -> Console:
    plain = is_plain(stream)
    return Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        no_color=plain,
        force_terminal=False if plain else None,
        width=None if stream.isatty() else _ENDLESS,
    )


def show(*parts: RenderableType) -> None:
    """Print parts to stdout, below each other."""
    console = _console(sys.stdout)
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    lines = captured.get().split("\n")
    sys.stdout.write("\n".join(line.rstrip() for line in lines))  # tables pad their last column


def show_json(content: Mapping[str, object] | Sequence[object]) -> None:
    """Print one JSON value to stdout; NaN and infinities, which JSON lacks, are null."""
    text = json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(text + "\n")


def _finite(content: object) -> object:
    match content:
        case float():
            return content if math.isfinite(content) else None
        case Mapping():
            return {str(key): _finite(value) for key, value in content.items()}
        case list() | tuple():
            return [_finite(value) for value in content]
        case _:
            return content


def note(text: str) -> None:
    """Print a remark to stderr."""
    _console(sys.stderr).print(Text(f"note: {text}", style="dim"))


def warn(text: str) -> None:
    """Print a warning to stderr."""
    _console(sys.stderr).print(Text(f"warning: {text}", style="yellow"))


def small(text: str) -> Text:
    """Return small print."""
    return Text(text, style="dim")


def fitted(part: RenderableType) -> RenderableType:
    """Return a part that keeps to a page's width in a pipe too; on a terminal all parts fit."""
    return part if sys.stdout.isatty() else Constrain(part, _PAGE)


def heading(text: str) -> Text:
    """Return a heading."""
    return Text(text, style="bold")


def indented(text: str) -> Padding:
    """Return a cell that stands under a heading, all its lines if it is wrapped."""
    return Padding(Text(text), (0, 0, 0, 2))


def table(headers: Sequence[str], rows: Sequence[Sequence[RenderableType]], layout: str) -> Rows:
    """Return a table without lines.

    Parameters
    ----------
    headers
        One a column.
    rows
        Cells.
    layout
        One letter a column: "r" to the right, "l" to the left, "w" to the left and wrapped where a
        terminal is narrow.
    """
    return Rows(headers, rows, layout)


class _Rate(ProgressColumn):
    """Draws a second."""

    def render(self, task: Task) -> Text:
        return Text(format_value(task.speed, "draw/s") if task.speed else "", style="dim")


class _Passes:
    """A bar that starts anew where the total grows: a run goes through its draws a second time.

    One bar over a total that doubles on the way would jump back to its middle.
    """

    def __init__(self, progress: Progress, bar: TaskID) -> None:
        self._progress = progress
        self._bar = bar
        self._before = 0
        self._total = 0

    def update(self, done: int, total: int) -> None:
        """Show how far the pass is; both numbers count the earlier passes too."""
        if total > self._total:
            self._before, self._total = self._total, total
            self._progress.reset(self._bar, total=total - self._before)
        self._progress.update(self._bar, completed=done - self._before)


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function (done, total) that moves a bar on stderr; None where there is no terminal."""
    if is_plain(sys.stderr):
        yield None
        return
    columns = (TextColumn(words), BarColumn(), _Rate(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=_console(sys.stderr), transient=True) as progress:
        yield _Passes(progress, progress.add_task(words, total=None)).update

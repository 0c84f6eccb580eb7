"""How wattif's pictures are set in type, how their text is measured, and how they are saved.

Only matplotlib's object interface is used, so no display is needed. The font is the one that comes
with matplotlib: a picture is the same on every machine, and the same bytes each time.
"""

from __future__ import annotations

import os
import tempfile
from bisect import bisect_left
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from wattif.errors import ResultError
from wattif.plots.look import Look

TITLE_SIZE = 13.0
HEADING_SIZE = 9.5
TEXT_SIZE = 8.5
SMALL_SIZE = 7.5

_MEASURED = 100.0  # points: the size at which letters are measured

DPI = 200
FORMATS = (".png", ".svg", ".pdf")
_STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT_SIZE,
    "text.parse_math": False,  # "$1 M to $3 M" is money
    "axes.formatter.useoffset": False,
    "savefig.facecolor": "auto",  # the figure's own
    "svg.hashsalt": "wattif",  # the same identifiers each time
    "pdf.fonttype": 42,
}
_DATELESS: dict[str, dict[str, None]] = {
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
    ".png": {},
}


def styled(look: Look) -> AbstractContextManager[None]:
    """Return the context in which wattif draws; the user's own settings come back after it."""
    palette = look.palette
    return _settings(
        {
            "text.color": palette.ink,
            "axes.edgecolor": palette.muted,
            "axes.labelcolor": palette.muted,
            "axes.facecolor": palette.ground,
            "figure.facecolor": palette.ground,
            "xtick.color": palette.muted,
            "ytick.color": palette.muted,
        }
    )


def _settings(colours: dict[str, str]) -> AbstractContextManager[None]:
    settings: dict[Any, Any] = {**mpl.rcParamsDefault, **_STYLE, **colours}
    settings.pop("backend")  # not ours to switch
    return mpl.rc_context(settings)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of this size in inches."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def save_figure(figure: Figure, path: str | os.PathLike[str], dpi: int = DPI) -> Path:
    """Write a figure as PNG, SVG or PDF, as the name's ending says; whole or not at all.

    Parameters
    ----------
    figure
        The picture.
    path
        Its file; an older one is replaced.
    dpi
        Dots an inch of a PNG.

    Raises
    ------
    ResultError
        If the ending is another, or the file cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in FORMATS:
        raise ResultError(f"{target}: a picture's name ends in one of {', '.join(FORMATS)}")
    if target.is_dir():
        raise ResultError(f"{target}: is a folder; give the picture a name in it")
    try:
        _write(figure, target, ending, dpi)
    except OSError as error:
        raise ResultError(f"{target}: cannot be written ({error.strerror or error})") from None
    return target


def _write(figure: Figure, target: Path, ending: str, dpi: int) -> None:
    metadata: dict[str, str | None] = {"Title": str(figure.get_label()), **_DATELESS[ending]}
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".wattif-") as folder:
        part = Path(folder) / f"picture{ending}"
        with _settings({}):
            figure.savefig(part, dpi=dpi, metadata=metadata)
        os.replace(part, target)


@lru_cache(maxsize=8192)
def text_width(text: str, size: float = TEXT_SIZE, weight: str = "normal") -> float:
    """Return the width in inches of the longest line of a text."""
    lines = text.split("\n")
    return size / 72 * max(sum(_advance(letter, weight) for letter in line) for line in lines)


@lru_cache(maxsize=4096)
def _advance(letter: str, weight: str) -> float:
    """Return how wide a letter is, as a share of the size of its font.

    Letters are measured one by one, and once each: measuring whole texts took most of the time that
    a picture took. Kerning, which brings some pairs closer, is left out.
    """
    font = get_font(findfont(FontProperties(family=["DejaVu Sans"], weight=weight)))
    font.set_size(_MEASURED, 72)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / _MEASURED


def wrap(
    text: str, width: float, *, size: float = TEXT_SIZE, weight: str = "normal", lines: int = 2
) -> str:
    """Return the text broken between words to fit a width in inches, cut short after ``lines``."""
    rows: list[str] = []
    for word in text.split(" "):
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and text_width(longer, size, weight) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return "\n".join(_cut(row, width, size, weight) for row in rows)


def _cut(row: str, width: float, size: float, weight: str) -> str:
    if text_width(row, size, weight) <= width:
        return row
    fitting = bisect_left(
        range(len(row)), True, key=lambda n: text_width(row[:n], size, weight) > width
    )
    row = row[:fitting]  # measuring is slow: not letter by letter from the end of a long text
    while row and text_width(f"{row}…", size, weight) > width:
        row = row[:-1].rstrip(" ,;:")
    return f"{row}…"

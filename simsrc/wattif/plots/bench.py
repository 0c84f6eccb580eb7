"""How long a draw takes, for wattif and for others: one bar each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.format import format_value
from wattif.plots.sheet import make_sheet
from wattif.plots.style import ACCENT, GRID, INK, MUTED, SMALL_SIZE, styled, text_width
from wattif.plots.ticks import Scale

_ROW = 0.30  # inches
_THICK = 0.56  # of a row
_GAP = 0.07  # inches between a bar and its number
_GREY = "#B4BDC5"
_COLOURS = {"wattif": ACCENT, "peer": _GREY}


@dataclass(frozen=True)
class Bar:
    """A time in seconds, with what to write before it, and whose it is."""

    label: str
    seconds: float
    whose: Literal["wattif", "peer"]


def bench(bars: Sequence[Bar], title: str, footer: str) -> Figure:
    """Return the picture of times a draw: one bar a row, from zero, its number behind it."""
    with styled():
        sheet = make_sheet(
            title,
            headings=["Time a draw, shorter is better"],
            rows=[bar.label for bar in bars],
            footer=footer,
            row_height=_ROW,
            key=_draw_key,
        )
        _draw(sheet.panels[0], bars, sheet.width)
    return sheet.figure


def _draw(axes: Axes, bars: Sequence[Bar], width: float) -> None:
    numbers = [format_value(bar.seconds, "s") for bar in bars]
    room = max(text_width(number, SMALL_SIZE) for number in numbers) + 2 * _GAP
    limit = max(bar.seconds for bar in bars) * width / (width - room)
    Scale("linear", (0.0, limit), width, "s").apply(axes)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    colours = [_COLOURS[bar.whose] for bar in bars]
    axes.barh(range(len(bars)), [b.seconds for b in bars], height=_THICK, color=colours)
    for row, (bar, number) in enumerate(zip(bars, numbers, strict=True)):
        place = bar.seconds + _GAP * limit / width
        axes.text(place, row, number, color=INK, bbox=_OVER_GRID, gid="value", **_SMALL)


def _draw_key(axes: Axes) -> None:
    """Draw a patch and a name for each colour: units are inches."""
    left = 0.02
    for name, words in (("wattif", "wattif"), ("peer", "others")):
        axes.hlines(0, left, left + 0.2, colors=_COLOURS[name], linewidths=6.0)
        axes.text(left + 0.28, 0, words, color=MUTED, **_SMALL)
        left += 0.28 + text_width(words, SMALL_SIZE) + 0.3


_SMALL: dict[str, Any] = {"fontsize": SMALL_SIZE, "verticalalignment": "center_baseline"}
_OVER_GRID: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}

"""How long a draw takes, for wattif and for others: one bar each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.format import format_value
from wattif.plots.key import patch_entry
from wattif.plots.look import Look, Palette
from wattif.plots.rows import row_room
from wattif.plots.sheet import Panel, make_sheet
from wattif.plots.style import SMALL_SIZE, styled, text_width
from wattif.plots.ticks import Scale

_ROW = 0.30  # inches
_THICK = 0.56  # of a row
_GAP = 0.07  # inches between a bar and its number


@dataclass(frozen=True)
class Bar:
    """A time in seconds, with what to write before it, and whose it is."""

    label: str
    seconds: float
    whose: Literal["wattif", "peer"]


def bench(bars: Sequence[Bar], title: str, footer: str, look: Look = Look()) -> Figure:
    """Return the picture of times a draw: one bar a row, from zero, its number behind it."""
    with styled(look):
        sheet = make_sheet(
            look,
            title,
            [Panel(look.say("bench.heading"))],
            row_room(len(bars), _ROW, _ROW),
            rows=[bar.label for bar in bars],
            key=[
                patch_entry("wattif", _colour("wattif", look.palette)),
                patch_entry(look.say("bench.peer"), _colour("peer", look.palette)),
            ],
            footer=footer,
        )
        _draw(sheet.panels[0], bars, sheet.width, look)
    return sheet.figure


def _draw(axes: Axes, bars: Sequence[Bar], width: float, look: Look) -> None:
    palette, language = look.palette, look.language
    numbers = [format_value(bar.seconds, "s", language=language) for bar in bars]
    room = max(text_width(number, SMALL_SIZE) for number in numbers) + 2 * _GAP
    limit = max(bar.seconds for bar in bars) * width / (width - room)
    Scale("linear", (0.0, limit), width, "s", language=language).apply(axes)
    axes.grid(axis="x", color=palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    colours = [_colour(bar.whose, palette) for bar in bars]
    axes.barh(range(len(bars)), [b.seconds for b in bars], height=_THICK, color=colours)
    box = {"facecolor": palette.ground, "edgecolor": "none", "pad": 0.8}
    for row, (bar, number) in enumerate(zip(bars, numbers, strict=True)):
        place = bar.seconds + _GAP * limit / width
        axes.text(place, row, number, color=palette.ink, bbox=box, gid="value", **_SMALL)


def _colour(whose: Literal["wattif", "peer"], palette: Palette) -> str:
    return palette.accent if whose == "wattif" else palette.neutral


_SMALL: dict[str, Any] = {"fontsize": SMALL_SIZE, "verticalalignment": "center_baseline"}

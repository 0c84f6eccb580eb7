"""The key of a picture: glyphs with their names, flowing into as many lines as they need.

An entry draws its glyph on axes whose units are inches, from the left end it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from wattif.plots.look import Look, Stroke
from wattif.plots.style import SMALL_SIZE, text_width, wrap

Glyph = Callable[[Axes, float, float], None]

_TO_WORDS = 0.1  # inches between a glyph and its words
_APART = 0.24
_EDGE = 0.02  # so that round ends of lines are not cut


@dataclass(frozen=True)
class Entry:
    """A glyph, drawn by ``draw(axes, left, y)`` ``width`` inches wide, and what it means."""

    words: str
    width: float
    draw: Glyph


@dataclass(frozen=True)
class Slot:
    """An entry in its place."""

    entry: Entry
    left: float


def line_entry(words: str, stroke: Stroke) -> Entry:
    """Return the entry of a line."""

    def draw(axes: Axes, left: float, y: float) -> None:
        ends = [left, left + 0.28]
        axes.plot(ends, [y, y], color=stroke.colour, linestyle=stroke.dashes, linewidth=1.8)

    return Entry(words, 0.28, draw)


def patch_entry(words: str, colour: str, opacity: float = 1.0) -> Entry:
    """Return the entry of a filled area or a bar."""

    def draw(axes: Axes, left: float, y: float) -> None:
        axes.hlines(y, left, left + 0.22, colors=colour, linewidths=6.0, alpha=opacity)

    return Entry(words, 0.22, draw)


def flow(entries: Sequence[Entry], width: float) -> list[list[Slot]]:
    """Return the entries in lines ``width`` inches long: one line, or else columns."""
    whole = [Entry(_fit(entry, width), entry.width, entry.draw) for entry in entries]
    lengths = [_length(entry) for entry in whole]
    starts = [_EDGE + sum(lengths[:i]) + _APART * i for i in range(len(whole))]
    if not whole or starts[-1] + lengths[-1] <= width:
        return [[Slot(*pair) for pair in zip(whole, starts, strict=True)]] if whole else []
    step = max(lengths) + _APART
    columns = max(1, int((width - _EDGE + _APART) / step))
    slots = [Slot(entry, _EDGE + step * (i % columns)) for i, entry in enumerate(whole)]
    return [slots[i : i + columns] for i in range(0, len(slots), columns)]


def draw_line(axes: Axes, slots: Sequence[Slot], y: float, look: Look) -> None:
    """Draw the entries of one line of a key."""
    for slot in slots:
        entry = slot.entry
        entry.draw(axes, slot.left, y)
        axes.text(
            slot.left + entry.width + _TO_WORDS,
            y,
            entry.words,
            fontsize=SMALL_SIZE,
            color=look.palette.muted,
            verticalalignment="center_baseline",
        )


def _length(entry: Entry) -> float:
    return entry.width + _TO_WORDS + text_width(entry.words, SMALL_SIZE)


def _fit(entry: Entry, width: float) -> str:
    return wrap(entry.words, width - entry.width - _TO_WORDS - _EDGE, size=SMALL_SIZE, lines=1)

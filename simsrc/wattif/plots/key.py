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


@dataclass(frozen=True)
class Entry:
    """A glyph, drawn by ``draw(axes, left, y)`` ``width`` inches wide, and what it means."""

    words: str
    width: float
    draw: Glyph


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


def flow(entries: Sequence[Entry], width: float) -> list[list[Entry]]:
    """Return the entries in lines that are at most ``width`` inches long, if an entry can be."""
    lines: list[list[Entry]] = []
    room = 0.0
    for entry in entries:
        entry = Entry(_fit(entry, width), entry.width, entry.draw)
        length = _length(entry)
        if not lines or room < length:
            lines.append([])
            room = width
        lines[-1].append(entry)
        room -= length + _APART
    return lines


def draw_line(axes: Axes, entries: Sequence[Entry], y: float, look: Look) -> None:
    """Draw the entries of one line of a key."""
    left = 0.02
    for entry in entries:
        entry.draw(axes, left, y)
        axes.text(
            left + entry.width + _TO_WORDS,
            y,
            entry.words,
            fontsize=SMALL_SIZE,
            color=look.palette.muted,
            verticalalignment="center_baseline",
        )
        left += _length(entry) + _APART


def _length(entry: Entry) -> float:
    return entry.width + _TO_WORDS + text_width(entry.words, SMALL_SIZE)


def _fit(entry: Entry, width: float) -> str:
    return wrap(entry.words, width - entry.width - _TO_WORDS - 0.02, size=SMALL_SIZE, lines=1)

"""Panels with a row a system: their height, their shading, and text in a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Text

from wattif.plots.look import Look
from wattif.plots.sheet import Room, Sheet
from wattif.plots.small_print import why_empty
from wattif.plots.style import SMALL_SIZE, text_width, wrap
from wattif.results.answers import Answer

ROW = 0.40  # inches: a line of text, and a bar under it
_LEAST = 0.31
_PAD = 0.06  # inches between a text and the end of its row


def median_dot(look: Look) -> dict[str, Any]:
    """Return how a median is marked: an open dot, seen where the bars are too short to be."""
    return {
        "marker": "o",
        "markersize": 5.6,  # wider than the bars
        "markerfacecolor": look.palette.ground,
        "markeredgecolor": look.palette.accent,
        "markeredgewidth": 1.4,
    }


def row_room(rows: int, height: float = ROW, least: float = _LEAST) -> Room:
    """Return the sizes of panels of so many rows, each of this height in inches."""
    return Room(height=rows * height, least=rows * least)


def shade(axes: Axes, rows: int, look: Look) -> None:
    """Shade every other row, and give the panel vertical grid lines."""
    for row in range(rows):
        axes.axhspan(row - 0.5, row + 0.5, color=ground(row, look), linewidth=0, zorder=0)
    axes.grid(axis="x", color=look.palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)


def ground(row: int, look: Look) -> str:
    """Return the colour of a row's ground."""
    return look.palette.ground if row % 2 else look.palette.band


def place_in_row(sheet: Sheet, rows: int, inches: float) -> float:
    """Return a distance in inches as a distance in rows."""
    return inches * rows / sheet.height


def write_over(
    axes: Axes, sheet: Sheet, look: Look, place: tuple[float, float], text: str, row: int
) -> Text:
    """Write a text centred over a place in data units, pushed inwards where it would stick out."""
    half = text_width(text, SMALL_SIZE) / 2 + _PAD
    x = axes.transAxes.inverted().transform(axes.transData.transform(place))[0] * sheet.width
    inside = min(max(x, half), sheet.width - half)
    return axes.text(
        inside / sheet.width,
        place[1],
        text,
        transform=axes.get_yaxis_transform(),
        fontsize=SMALL_SIZE,
        color=look.palette.ink,
        horizontalalignment="center",
        verticalalignment="center",
        bbox=over_grid(row, look),
        gid="value",
    )


def write_absences(axes: Axes, sheet: Sheet, look: Look, answers: Sequence[Answer]) -> None:
    """Write, in the row of each answer that has nothing to draw, why."""
    for row, answer in enumerate(answers):
        if words := why_empty(answer, look):
            write_in_row(axes, sheet, look, row, words).set_gid("absent")


def write_in_row(axes: Axes, sheet: Sheet, look: Look, row: int, words: str) -> Text:
    """Write words where a row's drawing would stand, in two lines at most."""
    return axes.text(
        _PAD / sheet.width,
        row,
        wrap(words, sheet.width - 2 * _PAD, size=SMALL_SIZE),
        transform=axes.get_yaxis_transform(),
        fontsize=SMALL_SIZE,
        color=look.palette.muted,
        verticalalignment="center",
        bbox=over_grid(row, look),
        gid="instead",
    )


def write_at_end(axes: Axes, sheet: Sheet, look: Look, row: int, words: str) -> Text:
    """Write words in the upper right corner of a row."""
    rows = axes.get_ylim()[0] + 0.5
    return axes.text(
        1 - _PAD / sheet.width,
        row - 0.5 + 0.02 * rows / sheet.height,
        words,
        transform=axes.get_yaxis_transform(),
        fontsize=SMALL_SIZE,
        color=look.palette.ink,
        horizontalalignment="right",
        verticalalignment="top",
        gid="value",
    )


def over_grid(row: int, look: Look) -> dict[str, Any]:
    """Return a box that keeps grid lines from running through a row's text."""
    return {"facecolor": ground(row, look), "edgecolor": "none", "pad": 0.8}

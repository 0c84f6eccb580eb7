"""Panels whose rows are their own: an input a row, a claim a row."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from wattif.plots.look import Look
from wattif.plots.sheet import Room
from wattif.plots.style import SMALL_SIZE, TEXT_SIZE, text_width, wrap

ROW = 0.36  # inches: two lines of a label
_LEAST = 0.29
_WIDTHS = (1.5, 1.9, 2.4)  # of labels: the least that holds them all in two lines
_PAD = 0.12


def wrap_rows(panels: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the row labels of all panels broken into at most two lines of one width."""
    for width in _WIDTHS:
        wrapped = [[wrap(label, width) for label in labels] for labels in panels]
        if not any(label.endswith("…") for labels in wrapped for label in labels):
            break
    return wrapped


def own_rows_room(panels: Sequence[Sequence[str]], row: float = ROW) -> Room:
    """Return the sizes of panels whose rows bear these labels."""
    rows = max(len(labels) for labels in panels)
    left = max(text_width(label, TEXT_SIZE) for labels in panels for label in labels) + _PAD
    return Room(height=rows * row, least=rows * min(_LEAST, row), left=left)


def label_rows(axes: Axes, labels: Sequence[str], rows: int, look: Look) -> None:
    """Write a label beside each row; row i is centred on y = i, of ``rows`` in all, downwards."""
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), list(labels))
    axes.tick_params(axis="y", length=0, pad=8, labelsize=TEXT_SIZE, labelcolor=look.palette.ink)
    for label in axes.get_yticklabels():
        label.set_linespacing(1.1)


def end_room(texts: Sequence[str]) -> float:
    """Return the inches that the longest of some small texts takes beside a mark."""
    return max((text_width(text, SMALL_SIZE) for text in texts), default=0.0) + 0.1

"""A page of small multiples: a title, a key, panels that share their rows, and small print.

Everything is placed in inches, so that text has the same size on a page of one panel and of twenty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from wattif.plots.style import (
    HEADING_SIZE,
    INK,
    MUTED,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    new_figure,
    text_width,
    wrap,
)

_MARGIN = 0.28
_GAP = 0.5  # between panels
_WIDTHS = {1: 5.2, 2: 3.6, 3: 2.9, 4: 2.5}  # of a panel, by the number of columns
_LABELS = (2.1, 2.8, 3.6)  # widths for the row labels: the least that holds them in two lines
_LINE = 0.155  # height of a line of normal or small text
_HEADING_LINE = 0.175
_TITLE_LINE = 0.26
_KEY = 0.38
_TICKS = 0.26
_AIR = 0.09  # between a heading's baseline and its panel
_LEADING = 1.25


@dataclass(frozen=True)
class Sheet:
    """A page that is ready to be drawn on; panels stand in reading order, ``width`` inches wide."""

    figure: Figure
    panels: tuple[Axes, ...]
    width: float


def make_sheet(
    title: str,
    headings: Sequence[str],
    rows: Sequence[str],
    footer: str,
    *,
    row_height: float,
    key: Callable[[Axes], None],
) -> Sheet:
    """Return a page with one empty panel a heading; row i of each panel is centred on y = i.

    ``key`` draws the key into axes whose units are inches, its line at y = 0.
    """
    return _Page(title, headings, rows, footer, row_height).draw(key)


class _Page:
    """Sizes in inches, and the placing of what has them."""

    def __init__(
        self,
        title: str,
        headings: Sequence[str],
        rows: Sequence[str],
        footer: str,
        row_height: float,
    ) -> None:
        self.columns = _columns(len(headings))
        self.panel_width = _WIDTHS[self.columns]
        self.rows = _wrap_labels(rows)
        self.label_width = max(text_width(row) + 0.12 if row else 0.0 for row in self.rows)
        self.panel_height = row_height * len(rows)
        across = self.columns * self.panel_width + (self.columns - 1) * _GAP
        self.width = 2 * _MARGIN + self.label_width + across
        inside = self.width - 2 * _MARGIN
        self.title = wrap(title, inside, size=TITLE_SIZE, weight="bold")
        self.footer = wrap(footer, inside, size=SMALL_SIZE, lines=4)
        room = self.panel_width + _GAP / 2
        self.headings = [wrap(h, room, size=HEADING_SIZE, weight="bold", lines=3) for h in headings]
        self.bands = _in_rows(self.headings, self.columns)
        self.height = (
            2 * _MARGIN
            + _TITLE_LINE * _count(self.title)
            + _KEY
            + sum(self._band_height(band) for band in self.bands)
            + _LINE * _count(self.footer)
        )

    def draw(self, key: Callable[[Axes], None]) -> Sheet:
        figure = new_figure(self.width, self.height)
        figure.set_label(self.title.replace("\n", " "))
        top = _MARGIN
        self._text(figure, self.title, _MARGIN, top, TITLE_SIZE, INK, "bold")
        top += _TITLE_LINE * _count(self.title)
        self._key(figure, top, key)
        top += _KEY
        panels: list[Axes] = []
        for band in self.bands:
            panels += self._band(figure, band, top)
            top += self._band_height(band)
        self._text(figure, self.footer, _MARGIN, top, SMALL_SIZE, MUTED)
        return Sheet(figure, tuple(panels), self.panel_width)

    def _band_height(self, band: Sequence[str]) -> float:
        heading = _HEADING_LINE * max(_count(text) for text in band) + _AIR
        return heading + self.panel_height + _TICKS + 0.2

    def _band(self, figure: Figure, band: Sequence[str], top: float) -> list[Axes]:
        """Place a row of panels, each heading standing on its panel, the row labels at the left."""
        panels = []
        foot = top + _HEADING_LINE * max(_count(text) for text in band) + _AIR
        for column, heading in enumerate(band):
            left = _MARGIN + self.label_width + column * (self.panel_width + _GAP)
            text = self._text(figure, heading, left, foot - _AIR, HEADING_SIZE, INK, "bold")
            text.set_verticalalignment("baseline")
            panels.append(self._panel(figure, left, foot))
        panels[0].set_yticks(range(len(self.rows)), self.rows)
        return panels

    def _panel(self, figure: Figure, left: float, top: float) -> Axes:
        axes = self._axes(figure, left, top, self.panel_width, self.panel_height)
        axes.set_ylim(len(self.rows) - 0.5, -0.5)
        axes.set_yticks([])
        axes.tick_params(axis="y", length=0, pad=8, labelsize=TEXT_SIZE, labelcolor=INK)
        axes.tick_params(axis="x", length=3, color=MUTED, labelsize=SMALL_SIZE, labelcolor=MUTED)
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        return axes

    def _key(self, figure: Figure, top: float, key: Callable[[Axes], None]) -> None:
        width = self.width - 2 * _MARGIN
        axes = self._axes(figure, _MARGIN, top, width, _LINE)
        axes.set_xlim(0, width)
        axes.set_ylim(-_LINE / 2, _LINE / 2)
        axes.set_axis_off()
        key(axes)

    def _axes(self, figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
        bottom = self.height - top - height
        return figure.add_axes(
            (left / self.width, bottom / self.height, width / self.width, height / self.height)
        )

    def _text(
        self,
        figure: Figure,
        text: str,
        left: float,
        top: float,
        size: float,
        colour: str,
        weight: str = "normal",
    ) -> Text:
        return figure.text(
            left / self.width,
            1 - top / self.height,
            text,
            fontsize=size,
            color=colour,
            fontweight=weight,
            verticalalignment="top",
            linespacing=_LEADING,
        )


def _wrap_labels(labels: Sequence[str]) -> list[str]:
    wrapped = [[wrap(label, width) for label in labels] for width in _LABELS]
    whole = (rows for rows in wrapped if not any(row.endswith("…") for row in rows))
    return next(whole, wrapped[-1])


def _columns(panels: int) -> int:
    """Return the number of columns: at most four, filled evenly."""
    return panels if panels <= 3 else math.ceil(panels / math.ceil(panels / 4))


def _in_rows(headings: Sequence[str], columns: int) -> list[list[str]]:
    return [list(headings[i : i + columns]) for i in range(0, len(headings), columns)]


def _count(text: str) -> int:
    return text.count("\n") + 1

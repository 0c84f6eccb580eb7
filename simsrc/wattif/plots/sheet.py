"""A page of small multiples: a title, a key, panels, and small print.

Everything is placed in inches, so that text has the same size on a page of one panel and of twenty:
only the panels grow or shrink when a size is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from wattif.errors import ResultError
from wattif.plots.key import Entry, draw_line, flow
from wattif.plots.look import Look
from wattif.plots.style import (
    HEADING_SIZE,
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
_LEAST_WIDTH = 1.7  # of a panel: room for two ticks and a value
_LARGEST = 100.0  # inches: more than a poster, less than the memory of a machine
_LABELS = (2.1, 2.8, 3.6)  # widths for the row labels: the least that holds them in two lines
_LINE = 0.155  # height of a line of normal or small text
_HEADING_LINE = 0.175
_REMARK = 0.17  # a little more than a line: the heading over it has letters that hang
_TITLE_LINE = 0.26
_KEY_LINE = 0.19
_AIR = 0.09  # between a heading's baseline and its panel
_LEADING = 1.25


@dataclass(frozen=True)
class Panel:
    """The words around a panel: its heading, a remark under it, a caption under its ticks."""

    heading: str
    remark: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Room:
    """The sizes of every panel, in inches.

    ``height`` is what suits it, ``least`` what it cannot do without; ``left`` and ``right`` are
    kept free beside it, for the labels of its own ticks and lines.
    """

    height: float
    least: float
    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """A page that is ready to be drawn on; panels stand in reading order, all of one size."""

    figure: Figure
    panels: tuple[Axes, ...]
    width: float
    height: float


def make_sheet(
    look: Look,
    title: str,
    panels: Sequence[Panel],
    room: Room,
    *,
    rows: Sequence[str] = (),
    key: Sequence[Entry] = (),
    footer: str = "",
) -> Sheet:
    """Return a page with empty panels.

    Parameters
    ----------
    look
        Style, and size of the page if that is not left to its content.
    title
        Over everything; "" for none.
    panels
        Their words, in reading order.
    room
        Their sizes.
    rows
        Labels of rows that all panels share: row i is centred on y = i, downwards. If there are
        none, the panels' y axes are left to whoever draws.
    key
        Glyphs and their meanings, under the title.
    footer
        Small print.

    Raises
    ------
    ResultError
        If the size asked for is too small to be read, or absurdly large.
    """
    columns = _columns(len(panels))
    if look.size is None:
        return _Page(look, title, panels, room, rows, key, footer, columns).draw()
    asked = look.size
    if not all(0 < side <= _LARGEST for side in asked):
        raise ResultError(
            f"a picture of {asked[0]:g}x{asked[1]:g} inches cannot be made; its sides lie between "
            f"0 and {_LARGEST:g}"
        )
    pages = [
        _Page(look, title, panels, room, rows, key, footer, count)
        for count in sorted(range(1, columns + 2), key=lambda count: abs(count - columns))
        if count <= len(panels)
    ]
    fitting = next((page for page in pages if page.fits), None)
    if fitting is None:
        least = pages[0].least
        raise ResultError(
            f"a picture of {asked[0]:g}x{asked[1]:g} inches is too small for what is on it; it "
            f"needs about {least[0]:.1f}x{least[1]:.1f}, or fewer quantities or systems"
        )
    return fitting.draw()


class _Page:
    """Sizes in inches, and the placing of what has them."""

    def __init__(
        self,
        look: Look,
        title: str,
        panels: Sequence[Panel],
        room: Room,
        rows: Sequence[str],
        key: Sequence[Entry],
        footer: str,
        columns: int,
    ) -> None:
        self.look, self.palette, self.panels, self.room = look, look.palette, panels, room
        self.columns = columns
        self.rows = _wrap_labels(rows)
        self.label_width = max((text_width(row) + 0.12 for row in self.rows if row), default=0.0)
        beside = room.left + room.right
        self.around = 2 * _MARGIN + self.label_width + columns * beside + (columns - 1) * _GAP
        asked = look.size
        self.panel_width = (
            _WIDTHS.get(columns, _WIDTHS[4])
            if asked is None
            else (asked[0] - self.around) / columns
        )
        self.width = self.around + columns * self.panel_width
        self._set_words(title, key, footer)
        self.panel_height = (
            room.height if asked is None else (asked[1] - self.rest) / len(self.bands)
        )
        self.height = self.rest + len(self.bands) * self.panel_height

    def _set_words(self, title: str, key: Sequence[Entry], footer: str) -> None:
        """Break all words into lines; add up the height of all but the panels."""
        inside = max(self.width - 2 * _MARGIN, 1.0)
        room = max(self.panel_width + self.room.right + _GAP / 2, 0.5)
        self.label = title
        self.title = wrap(title, inside, size=TITLE_SIZE, weight="bold") if title else ""
        self.key = flow(key, inside)
        self.footer = wrap(footer, inside, size=SMALL_SIZE, lines=4) if footer else ""
        words = [_words(panel, room) for panel in self.panels]
        self.bands = [words[i : i + self.columns] for i in range(0, len(words), self.columns)]
        self.ticks = 0.26 + _LINE * any(panel.caption for panel in self.panels)
        self.top = _TITLE_LINE * _count(self.title) + _KEY_LINE * len(self.key) + 0.19
        self.rest = (
            2 * _MARGIN
            + self.top
            + sum(_head(band) + self.ticks + 0.2 for band in self.bands)
            + _LINE * _count(self.footer)
        )

    @property
    def fits(self) -> bool:
        """Whether the panels are large enough to be read."""
        return self.panel_width >= _LEAST_WIDTH and self.panel_height >= self.room.least

    @property
    def least(self) -> tuple[float, float]:
        """Width and height from which it would fit."""
        width = self.around + self.columns * _LEAST_WIDTH
        return width, self.rest + len(self.bands) * self.room.least

    def draw(self) -> Sheet:
        figure = new_figure(self.width, self.height)
        figure.set_label(self.label)
        ink, muted = self.palette.ink, self.palette.muted
        self._text(figure, self.title, _MARGIN, _MARGIN, TITLE_SIZE, ink, "bold")
        self._key(figure, _MARGIN + _TITLE_LINE * _count(self.title))
        top = _MARGIN + self.top
        axes: list[Axes] = []
        for band in self.bands:
            axes += self._band(figure, band, top)
            top += _head(band) + self.panel_height + self.ticks + 0.2
        self._text(figure, self.footer, _MARGIN, top, SMALL_SIZE, muted)
        return Sheet(figure, tuple(axes), self.panel_width, self.panel_height)

    def _band(self, figure: Figure, band: Sequence[Panel], top: float) -> list[Axes]:
        """Place a row of panels, each heading standing on its panel, the row labels at the left."""
        axes = []
        foot = top + _head(band)
        step = self.room.left + self.panel_width + self.room.right + _GAP
        for column, panel in enumerate(band):
            left = _MARGIN + self.label_width + self.room.left + column * step
            self._words(figure, panel, left, foot, any(other.remark for other in band))
            axes.append(self._panel(figure, left, foot))
        if self.rows:
            axes[0].set_yticks(range(len(self.rows)), self.rows)
        return axes

    def _words(self, figure: Figure, panel: Panel, left: float, foot: float, remarks: bool) -> None:
        """Write a panel's heading and remark over ``foot``, and its caption under the ticks.

        ``remarks``: whether any panel beside it has one, so that all headings stand level.
        """
        ink, muted = self.palette.ink, self.palette.muted
        line = foot - _AIR - _REMARK * remarks
        under = foot + self.panel_height + 0.21 + _LINE / 2
        texts = (
            self._text(figure, panel.heading, left, line, HEADING_SIZE, ink, "bold"),
            self._text(figure, panel.remark, left, foot - _AIR, SMALL_SIZE, muted),
            self._text(figure, panel.caption, left, under + 0.05, SMALL_SIZE, muted),
        )
        for text in texts:
            text.set_verticalalignment("baseline")

    def _panel(self, figure: Figure, left: float, top: float) -> Axes:
        ink, muted = self.palette.ink, self.palette.muted
        axes = self._axes(figure, left, top, self.panel_width, self.panel_height)
        axes.tick_params(axis="x", length=3, color=muted, labelsize=SMALL_SIZE, labelcolor=muted)
        if self.rows:
            axes.set_ylim(len(self.rows) - 0.5, -0.5)
            axes.set_yticks([])
            axes.tick_params(axis="y", length=0, pad=8, labelsize=TEXT_SIZE, labelcolor=ink)
        else:
            axes.tick_params(axis="y", length=0, labelsize=SMALL_SIZE, labelcolor=muted)
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        return axes

    def _key(self, figure: Figure, top: float) -> None:
        if not self.key:
            return
        width, height = self.width - 2 * _MARGIN, _KEY_LINE * len(self.key)
        axes = self._axes(figure, _MARGIN, top, width, height)
        axes.set_label("key")
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        for number, slots in enumerate(self.key):
            draw_line(axes, slots, (number + 0.5) * _KEY_LINE, self.look)

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


def _words(panel: Panel, room: float) -> Panel:
    """Return a panel's words broken into lines ``room`` inches long."""
    heading = wrap(panel.heading, room, size=HEADING_SIZE, weight="bold", lines=3)
    remark, caption = (
        wrap(text, room, size=SMALL_SIZE, lines=1) for text in (panel.remark, panel.caption)
    )
    return Panel(heading, remark, caption)


def _columns(panels: int) -> int:
    """Return the number of columns: at most four, filled evenly."""
    return panels if panels <= 3 else math.ceil(panels / math.ceil(panels / 4))


def _head(band: Sequence[Panel]) -> float:
    """Return the height of the words over a row of panels."""
    headings = _HEADING_LINE * max(_count(panel.heading) for panel in band)
    return headings + _REMARK * any(panel.remark for panel in band) + _AIR


def _count(text: str) -> int:
    return text.count("\n") + 1 if text else 0

"""The charts as they stand in the file, for readers without JavaScript and for paper.

Everything across is in percent of the width, so that a chart fits a telephone and a page alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from wattif.report.axis import Axis, choose_axis
from wattif.report.labels import Labels, make_labels
from wattif.report.numbers import Numbers
from wattif.report.panels import Level, Panel, Row, RowKind

ROW_HEIGHT, CLAIM_HEIGHT = 54, 7  # pixels
SHAPE_WIDTH, SHAPE_HEIGHT = 1000, 30  # user units of a density's outline


@dataclass(frozen=True)
class Span:
    """A bar's two ends, in percent of the width, and whether it goes on beyond them."""

    start: str
    end: str
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True)
class RowFigure:
    """One row of a chart: its words, and where its marks lie."""

    system: str
    label: str
    kind: RowKind
    median: str
    interval: str
    words: str
    shape: str = ""
    wide: Span | None = None
    half: Span | None = None
    dot: str = ""
    chance: str = ""
    claims: tuple[Span, ...] = ()

    @property
    def height(self) -> int:
        """Height of the row's marks in pixels: claims stand below each other."""
        return ROW_HEIGHT + CLAIM_HEIGHT * max(0, len(self.claims) - 1)


@dataclass(frozen=True)
class Figure:
    """A chart: rows over a common axis, ``ticks`` as (percent, label, anchor of the label)."""

    number: int
    name: str
    label: str
    rows: tuple[RowFigure, ...]
    ticks: tuple[tuple[str, str, str], ...]

    @property
    def empty(self) -> bool:
        """Whether no row has anything to show."""
        return all(row.kind == "none" for row in self.rows)


def draw_figure(number: int, panel: Panel, level: Level, numbers: Numbers) -> Figure:
    """Return the chart of a quantity at an interval level."""
    extent = panel.extent(level)
    axis = choose_axis(extent) if extent else None
    rows = tuple(_row(row, panel, level, axis, numbers) for row in panel.rows)
    ticks = _ticks(axis, labels_of(panel, numbers)) if axis else ()
    return Figure(number, panel.quantity.name, panel.quantity.label, rows, ticks)


def labels_of(panel: Panel, numbers: Numbers) -> Labels:
    """Return the labels that any axis of a panel may need."""
    grids = [float(x) for row in panel.rows for x in row.percentiles]
    return make_labels(numbers, grids, panel.unit)


def median_words(row: Row, panel: Panel, numbers: Numbers) -> str:
    """Return a row's middle value: the median, a constant, or the probability of an event."""
    answer, factor = row.answer, panel.factor
    if row.kind == "event":
        return numbers.share(answer.statistics["mean"], answer.errors["mean"])
    error = 0.0 if row.kind == "constant" else factor * answer.errors["p50"]
    return numbers.value(factor * answer.median, panel.unit, error)


def interval_words(row: Row, panel: Panel, level: Level, numbers: Numbers) -> str:
    """Return the interval of a row in words, or what it has instead of one."""
    match row.kind:
        case "constant":
            return numbers.say("report.constant")
        case "event":
            return numbers.say("report.probability")
        case "none":
            reason = row.answer.reason
            message = "report.absent" if reason else "report.no_finite"
            return numbers.say(message, reason=reason)
    at = [level.low, level.high]
    low, high = (float(x) for x in row.percentiles[at])
    errors = [float(x) for x in row.errors[at]]
    return numbers.interval(low, high, panel.unit, (errors[0], errors[1]))


def percent(place: float) -> str:
    """Return a place as an attribute of SVG has it, "12.3%"."""
    return f"{place:.2f}".rstrip("0").rstrip(".") + "%"


def _row(row: Row, panel: Panel, level: Level, axis: Axis | None, numbers: Numbers) -> RowFigure:
    median = "" if row.kind == "none" else median_words(row, panel, numbers)
    interval = interval_words(row, panel, level, numbers)
    label = row.answer.row
    words = f"{label or panel.quantity.label}: {' · '.join(filter(None, (median, interval)))}"
    plain = RowFigure(row.answer.system, label, row.kind, median, interval, words)
    if row.kind == "event":
        return replace(plain, chance=percent(100 * row.answer.statistics["mean"]))
    if axis is None or row.kind not in ("spread", "constant"):
        return plain
    placed = replace(
        plain,
        dot=percent(axis.place(panel.factor * row.answer.median)),
        claims=_claims(row, axis),
    )
    return placed if row.kind == "constant" else _with_bars(placed, row, panel, level, axis)


def _with_bars(placed: RowFigure, row: Row, panel: Panel, level: Level, axis: Axis) -> RowFigure:
    low, high = (float(row.percentiles[i]) for i in (level.low, level.high))
    half = row.answer.half
    return replace(
        placed,
        shape=outline(row, axis),
        wide=_span(axis, low, high),
        half=_span(axis, panel.factor * half[0], panel.factor * half[1]),
    )


def _span(axis: Axis, low: float, high: float) -> Span:
    ends = percent(axis.place(low)), percent(axis.place(high))
    return Span(*ends, math.isinf(low), math.isinf(high))


def _claims(row: Row, axis: Axis) -> tuple[Span, ...]:
    return tuple(_span(axis, *claim) for claim in row.claims if not any(map(math.isnan, claim)))


def _ticks(axis: Axis, labels: Labels) -> tuple[tuple[str, str, str], ...]:
    ticks = axis.ticks()
    places = [axis.place(tick) for tick in ticks]
    words = labels.of(axis, ticks)
    return tuple(
        (percent(place), text, anchor_of(place)) for place, text in zip(places, words, strict=True)
    )


def anchor_of(place: float) -> str:
    """Return the SVG anchor of a tick's label: one near an edge stays inside."""
    return "start" if place < 4 else "end" if place > 96 else "middle"


def outline(row: Row, axis: Axis) -> str:
    """Return the path of a row's density: its shape as it looks on this axis."""
    places = np.array([axis.place(float(edge)) for edge in row.edges])
    widths = np.diff(places)
    whole = (row.edges[:-1] >= axis.low) & (row.edges[1:] <= axis.high)
    wide = whole & (widths > 0)  # a cell cut off by the edge would look too high
    if not wide.any():
        return ""
    heights = row.masses[wide] / widths[wide]
    heights /= heights.max()
    middles = (places[:-1] + places[1:])[wide] / 2
    points = [
        f"{x * SHAPE_WIDTH / 100:.0f} {SHAPE_HEIGHT * (1 - y):.0f}"
        for x, y in zip(middles, heights, strict=True)
    ]
    first, last = points[0].split(" ")[0], points[-1].split(" ")[0]
    return f"M{first} {SHAPE_HEIGHT}L{' '.join(points)} {last} {SHAPE_HEIGHT}Z"

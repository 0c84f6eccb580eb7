"""Intervals of all output quantities: one panel a quantity, one row a system."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.format import common_unit, format_percent, format_value
from wattif.plots.sheet import make_sheet
from wattif.plots.style import (
    ACCENT,
    ACCENT_LIGHT,
    BAND,
    GRID,
    INK,
    MUTED,
    SMALL_SIZE,
    styled,
    text_width,
    wrap,
)
from wattif.plots.ticks import Scale, choose_kind, choose_limits
from wattif.results.answers import Answer, Quantity, describe_draws, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

_ROW = 0.40  # inches
_BAR = 0.14  # rows that the bars stand below the middle of their row, the value being above
_TEXT = -0.24
_DOT: dict[str, Any] = {
    "marker": "o",
    "markersize": 4.6,
    "markerfacecolor": "white",
    "markeredgecolor": ACCENT,
    "markeredgewidth": 1.4,
}
_DIAMOND: dict[str, Any] = {"marker": "D", "markersize": 4.6, "color": ACCENT}


def intervals(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    title: str | None = None,
) -> Figure:
    """Return the picture of a result's credible intervals.

    A thin bar is the equal-tailed interval at the run's level, a thick one the middle half of the
    draws, the dot the median, with its value in the digits that its standard error supports.

    Parameters
    ----------
    tree
        The result of a run.
    quantities, systems
        Which to show, and in which order; all if empty.
    title
        Over everything; the study's title if None.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name.
    """
    shown = read_answers(tree, quantities, systems)
    level = float(tree.attrs["interval"])
    with styled():
        sheet = make_sheet(
            str(tree.attrs["title"]) if title is None else title,
            headings=[quantity.label for quantity in shown],
            rows=[answer.row for answer in shown[0].answers],
            footer=footer(tree, shown),
            row_height=_ROW,
            key=lambda axes: _draw_key(axes, level, shown),
        )
        for axes, quantity in zip(sheet.panels, shown, strict=True):
            draw_panel(axes, quantity, sheet.width)
    return sheet.figure


def draw_panel(axes: Axes, quantity: Quantity, width: float) -> None:
    """Draw the intervals of one quantity on axes ``width`` inches wide whose row i is at y = i."""
    axes.set_gid(quantity.name)
    given = [(row, a) for row, a in enumerate(quantity.answers) if not math.isnan(a.median)]
    factor, unit = common_unit([a.median for _, a in given], quantity.unit)
    limits = _scale_axis(axes, [a for _, a in given], factor, unit, width)
    for row in range(len(quantity.answers)):
        axes.axhspan(row - 0.5, row + 0.5, color=_ground(row), linewidth=0, zorder=0)
    _draw_bars(axes, given, limits)
    _draw_points(axes, given)
    for row, answer in given:
        value = format_value(factor * answer.median, unit, factor * answer.errors["p50"])
        _write_value(axes, row, min(max(answer.median, limits[0]), limits[1]), value, width)
    for row, answer in enumerate(quantity.answers):
        if math.isnan(answer.median):
            _write_absence(axes, row, answer, width)


def _scale_axis(
    axes: Axes, given: Sequence[Answer], factor: float, unit: str, width: float
) -> tuple[float, float]:
    """Give the axis its scale, limits and ticks; return the limits."""
    ends = [end for a in given for end in (*a.interval, a.median) if math.isfinite(end)]
    if not ends:
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        return axes.get_xlim()
    kind = choose_kind(min(ends), max(ends))
    limits = choose_limits(min(ends), max(ends), kind)
    Scale(kind, limits, width, unit, factor).apply(axes)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    return limits


def _draw_bars(
    axes: Axes, given: Sequence[tuple[int, Answer]], limits: tuple[float, float]
) -> None:
    """Draw all intervals; an end at infinity is an arrow at the edge."""
    rows = [row + _BAR for row, _ in given]
    for gid, colour, thickness, ends in (
        ("interval", ACCENT_LIGHT, 2.4, [a.interval for _, a in given]),
        ("half", ACCENT, 6.0, [a.half for _, a in given]),
    ):
        low, high = ([min(max(e[i], limits[0]), limits[1]) for e in ends] for i in (0, 1))
        bars = axes.hlines(rows, low, high, colors=colour, linewidths=thickness, zorder=3)
        bars.set_gid(gid)
    for (_, answer), row in zip(given, rows, strict=True):
        for end, edge, arrow in zip(answer.interval, limits, "<>", strict=True):
            if math.isinf(end):
                axes.plot([edge], [row], arrow, color=ACCENT_LIGHT, clip_on=False, gid="infinite")


def _draw_points(axes: Axes, given: Sequence[tuple[int, Answer]]) -> None:
    """Draw medians as dots and constants as diamonds."""
    dots = [(a.median, row + _BAR) for row, a in given if not a.constant]
    diamonds = [(a.median, row + _BAR) for row, a in given if a.constant]
    for gid, points, marker in (("median", dots, _DOT), ("constant", diamonds, _DIAMOND)):
        if points:
            axes.plot(*zip(*points, strict=True), gid=gid, zorder=4, linestyle="none", **marker)


def _ground(row: int) -> str:
    """Return the colour of a row's ground: every other row is shaded."""
    return "white" if row % 2 else BAND


def _over_grid(row: int) -> dict[str, Any]:
    """Return a box that keeps grid lines from running through a row's text."""
    return {"facecolor": _ground(row), "edgecolor": "none", "pad": 0.8}


def _write_value(axes: Axes, row: int, x: float, value: str, width: float) -> None:
    """Write a value over its dot, pushed inwards where it would stick out of the panel."""
    half = text_width(value, SMALL_SIZE) / 2 / width
    place = axes.transAxes.inverted().transform(axes.transData.transform((x, row)))[0]
    inside = min(max(place, half), 1 - half)
    axes.text(
        inside,
        row + _TEXT,
        value,
        transform=axes.get_yaxis_transform(),
        fontsize=SMALL_SIZE,
        color=INK,
        horizontalalignment="center",
        verticalalignment="center",
        bbox=_over_grid(row),
        gid="value",
    )


def _write_absence(axes: Axes, row: int, answer: Answer, width: float) -> None:
    words = f"not given: {answer.absent}" if answer.absent else "no finite draws"
    axes.text(
        0.02,
        row,
        wrap(words, 0.96 * width, size=SMALL_SIZE),
        transform=axes.get_yaxis_transform(),
        fontsize=SMALL_SIZE,
        color=MUTED,
        verticalalignment="center",
        bbox=_over_grid(row),
        gid="absent",
    )


def _draw_key(axes: Axes, level: float, shown: Sequence[Quantity]) -> None:
    """Draw an interval and, if there is one, a constant, with their names: units are inches."""
    axes.hlines(0, 0.02, 0.62, colors=ACCENT_LIGHT, linewidths=2.4)
    axes.hlines(0, 0.2, 0.44, colors=ACCENT, linewidths=6.0)
    axes.plot([0.32], [0], **_DOT)
    words = f"median, 50 % and {format_percent(level)} credible interval"
    axes.text(0.72, 0, words, **_KEY_TEXT)
    if any(answer.constant for quantity in shown for answer in quantity.answers):
        x = 0.72 + text_width(words, SMALL_SIZE) + 0.32
        axes.plot([x], [0], **_DIAMOND)
        axes.text(x + 0.12, 0, "constant", **_KEY_TEXT)


_KEY_TEXT: dict[str, Any] = {
    "fontsize": SMALL_SIZE,
    "color": MUTED,
    "verticalalignment": "center_baseline",
}


def footer(tree: DataTree, shown: Sequence[Quantity]) -> str:
    """Return the small print: how many draws, of which kind, how certain the medians are."""
    parts = [
        f"{describe_draws(tree)}.",
        _error_words(shown),
        *(f"{lost:,} draws of {label} were not finite." for label, lost in _lost(shown)),
        f"wattif\N{NO-BREAK SPACE}{tree.attrs['wattif_version']}",
    ]
    return " ".join(part for part in parts if part)


def _error_words(shown: Sequence[Quantity]) -> str:
    answers = [answer for quantity in shown for answer in quantity.answers]
    relative = [
        a.errors["p50"] / abs(a.median) for a in answers if a.median and a.errors["p50"] > 0
    ]
    if not relative:
        return ""
    return f"Monte Carlo error of the medians below {format_percent(round_up(max(relative)))}."


def round_up(fraction: float) -> float:
    """Return the least of ..., 0.01, 0.02, 0.05, 0.1, ... that is greater than a fraction."""
    power = math.floor(math.log10(fraction))
    steps = (float(f"{step}e{power}") for step in (1, 2, 5, 10))
    return next(step for step in steps if step > fraction)


def _lost(shown: Sequence[Quantity]) -> list[tuple[str, int]]:
    lost = [(quantity.label, sum(a.lost for a in quantity.answers)) for quantity in shown]
    return [(label, count) for label, count in lost if count]

"""Intervals of all output quantities: one panel a quantity, one row a system."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.format import common_unit, format_axis, format_percent, format_value
from wattif.plots.key import Entry, patch_entry
from wattif.plots.look import Look
from wattif.plots.rows import median_dot, place_in_row, row_room, shade, write_absences, write_over
from wattif.plots.sheet import Panel, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled
from wattif.plots.ticks import Scale, choose_kind, choose_limits
from wattif.results.answers import Answer, Quantity, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

_BAR = 0.056  # inches that the bars stand below the middle of their row, the value being above
_TEXT = -0.096
_THIN, _THICK = 2.4, 5.0  # points


def intervals(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of a result's credible intervals.

    A thin bar is the equal-tailed interval at the run's level, a thick one the middle half of the
    draws, the dot the median, with its value in the digits that its standard error supports. What
    is either so or not is shown by its probability, with twice its standard error to both sides.

    Parameters
    ----------
    tree
        The result of a run.
    quantities, systems
        Which to show, and in which order; all if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name, or the size is too small.
    """
    shown = read_answers(tree, quantities, systems, look.language)
    level = format_percent(float(tree.attrs["interval"]), look.language)
    drawings = [_Drawing(quantity, look) for quantity in shown]
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(d.quantity.label, caption=d.caption) for d in drawings],
            row_room(len(shown[0].answers)),
            rows=[answer.row for answer in shown[0].answers],
            key=_key(drawings, level, look),
            footer=footer(tree, shown, look),
        )
        for axes, drawing in zip(sheet.panels, drawings, strict=True):
            drawing.draw(axes, sheet)
    return sheet.figure


class _Drawing:
    """The panel of one quantity: row i of its axes is at y = i."""

    def __init__(self, quantity: Quantity, look: Look) -> None:
        self.quantity, self.look = quantity, look
        self.given = [(i, a) for i, a in enumerate(quantity.answers) if not math.isnan(a.median)]
        medians = [answer.median for _, answer in self.given]
        self.factor, self.unit = (
            (100.0, "%") if quantity.is_event else common_unit(medians, quantity.unit)
        )

    @property
    def caption(self) -> str:
        """What the ticks leave out."""
        return format_axis(self.unit, self.look.language) if self.given else ""

    def draw(self, axes: Axes, sheet: Sheet) -> None:
        axes.set_gid(self.quantity.name)
        rows = len(self.quantity.answers)
        shade(axes, rows, self.look)
        below = place_in_row(sheet, rows, _BAR)
        limits = self._scale(axes, sheet.width)
        draw = _draw_probabilities if self.quantity.is_event else _draw_intervals
        draw(axes, [(row + below, answer) for row, answer in self.given], limits, self.look)
        for row, answer in self.given:
            place = min(max(_middle(answer), limits[0]), limits[1]), row
            above = place[1] + place_in_row(sheet, rows, _TEXT)
            write_over(axes, sheet, self.look, (place[0], above), self._value(answer), row)
        write_absences(axes, sheet, self.look, self.quantity.answers)

    def _value(self, answer: Answer) -> str:
        error = answer.errors["mean" if self.quantity.is_event else "p50"]
        language = self.look.language
        return format_value(self.factor * _middle(answer), self.unit, self.factor * error, language)

    def _scale(self, axes: Axes, width: float) -> tuple[float, float]:
        """Give the axis its scale, limits and ticks; return the limits."""
        found = [end for _, answer in self.given for end in _extent(answer)]
        ends = [end for end in found if math.isfinite(end)]
        if not ends:
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)
            return axes.get_xlim()
        if self.quantity.is_event:
            ends.append(0.0)
        kind = choose_kind(min(ends), max(ends))
        limits = choose_limits(min(ends), max(ends), kind)
        language = self.look.language
        Scale(kind, limits, width, self.unit, self.factor, language).apply(axes)
        return limits


def _middle(answer: Answer) -> float:
    """Return the number that stands for an answer."""
    return answer.statistics["mean"] if answer.is_event else answer.median


def _extent(answer: Answer) -> tuple[float, ...]:
    """Return the numbers that an axis must reach."""
    if answer.is_event:
        mean, error = answer.statistics["mean"], 2 * answer.errors["mean"]
        return mean, mean - error, mean + error
    return *answer.interval, answer.median


def _draw_intervals(
    axes: Axes, given: Sequence[tuple[float, Answer]], limits: tuple[float, float], look: Look
) -> None:
    """Draw bars and medians at their heights; an end at infinity is an arrow at the edge."""
    palette = look.palette
    heights = [height for height, _ in given]
    for gid, colour, thickness, ends in (
        ("interval", palette.accent_light, _THIN, [a.interval for _, a in given]),
        ("half", palette.accent, _THICK, [a.half for _, a in given]),
    ):
        low, high = ([min(max(e[i], limits[0]), limits[1]) for e in ends] for i in (0, 1))
        bars = axes.hlines(heights, low, high, colors=colour, linewidths=thickness, zorder=3)
        bars.set_gid(gid)
    for height, answer in given:
        for end, edge, arrow in zip(answer.interval, limits, "<>", strict=True):
            if math.isinf(end):
                colour = palette.accent_light
                axes.plot([edge], [height], arrow, color=colour, clip_on=False, gid="infinite")
    _draw_points(axes, given, look)


def _draw_points(axes: Axes, given: Sequence[tuple[float, Answer]], look: Look) -> None:
    """Draw medians as dots and constants as diamonds."""
    dots = [(a.median, height) for height, a in given if not a.constant]
    diamonds = [(a.median, height) for height, a in given if a.constant]
    for gid, points, marker in (
        ("median", dots, median_dot(look)),
        ("constant", diamonds, _diamond(look)),
    ):
        if points:
            axes.plot(*zip(*points, strict=True), gid=gid, zorder=4, linestyle="none", **marker)


def _draw_probabilities(
    axes: Axes, given: Sequence[tuple[float, Answer]], limits: tuple[float, float], look: Look
) -> None:
    """Draw each probability as a bar from zero, and its error across the bar's end."""
    heights = [height for height, _ in given]
    means = [_middle(answer) for _, answer in given]
    errors = [2 * answer.errors["mean"] for _, answer in given]
    palette = look.palette
    bars = axes.hlines(
        heights, limits[0], means, colors=palette.accent_light, linewidths=_THICK, zorder=3
    )
    bars.set_gid("probability")
    low, high = zip(*((m - e, m + e) for m, e in zip(means, errors, strict=True)), strict=True)
    whiskers = axes.hlines(heights, low, high, colors=palette.ink, linewidths=1.2, zorder=4)
    whiskers.set_gid("error")


def _diamond(look: Look) -> dict[str, Any]:
    return {"marker": "D", "markersize": 4.6, "color": look.palette.accent}


def _key(drawings: Sequence[_Drawing], level: str, look: Look) -> list[Entry]:
    """Return the entries for what occurs in the picture."""
    palette, entries = look.palette, []
    answers = [a for d in drawings for _, a in d.given if not d.quantity.is_event]

    def interval(axes: Axes, left: float, y: float) -> None:
        axes.hlines(y, left, left + 0.6, colors=palette.accent_light, linewidths=_THIN)
        axes.hlines(y, left + 0.18, left + 0.42, colors=palette.accent, linewidths=_THICK)
        axes.plot([left + 0.3], [y], **median_dot(look))

    def constant(axes: Axes, left: float, y: float) -> None:
        axes.plot([left + 0.05], [y], **_diamond(look))

    if any(not answer.constant for answer in answers):
        entries.append(Entry(look.say("intervals.key", level=level), 0.6, interval))
    if any(answer.constant for answer in answers):
        entries.append(Entry(look.say("intervals.constant"), 0.1, constant))
    if any(drawing.quantity.is_event for drawing in drawings):
        words = look.say("intervals.probability")
        entries.append(patch_entry(words, palette.accent_light))
    return entries

"""Training against inference: what is paid once, what every use adds, and where they meet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.analysis import BreakEven, Spread, break_even, find_pair
from wattif.errors import ResultError
from wattif.format import common_unit, format_axis, format_interval, format_percent
from wattif.plots.choice import MOST
from wattif.plots.key import Entry, line_entry
from wattif.plots.look import Look, Stroke
from wattif.plots.sheet import Panel, Room, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled
from wattif.plots.ticks import Scale
from wattif.results.answers import Answer, read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

_HEIGHT, _LEAST = 2.3, 1.5  # inches of a panel
_LEFT = 0.62  # inches for the labels of the y axis
_BEYOND = 8.0  # how many times beyond the crossing's interval the axes reach
_SEEN_THROUGH = 0.22  # opacity of a band: the other one and the grid show


def breakeven(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of a fixed amount against the sum of what every use adds.

    Lines are medians and bands credible intervals; the bar on the axis is the interval of the
    number of uses at which both are equal, draw by draw.

    Parameters
    ----------
    tree
        The result of a run.
    quantities
        The fixed quantity and the one for each use, such as training_energy and energy_per_query;
        the first such pair of the result if empty.
    systems
        Which to show, a panel each; all that have both if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no such quantities or systems, or the size is too small.
    """
    found = choose_crossings(tree, quantities, systems, look.language)
    drawings = [_Drawing(one, look) for _, one in found]
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [
                Panel(answer.row or one.fixed_label, drawing.meeting, drawing.caption)
                for (answer, one), drawing in zip(found, drawings, strict=True)
            ],
            Room(_HEIGHT, _LEAST, left=_LEFT),
            key=_key(found[0][1], look),
            footer=footer(tree, (), look),
        )
        for axes, (answer, _), drawing in zip(sheet.panels, found, drawings, strict=True):
            axes.set_gid(answer.system)
            drawing.draw(axes, sheet)
    return sheet.figure


def choose_crossings(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> list[tuple[Answer, BreakEven]]:
    """Return the systems to show with their break-evens.

    Raises
    ------
    ResultError
        If there is no pair of quantities, or no system in which both are given and positive.
    """
    if len(quantities) not in (0, 2):
        raise ResultError(
            "a break-even is of two quantities: a fixed one and one for each use, such as "
            "training_energy and energy_per_query"
        )
    fixed, each = quantities if quantities else find_pair(tree)
    once, often = read_answers(tree, [fixed, each], systems, language)
    found = [
        (answer, break_even(tree, fixed, each, answer.system, language))
        for answer, other in zip(once.answers, often.answers, strict=True)
        if not answer.absent and not other.absent
    ]
    positive = [(answer, one) for answer, one in found if _is_positive(one)]
    if len(positive) > MOST:
        raise ResultError(
            f"{len(positive)} systems are more than the {MOST} panels that fit a page; name some"
        )
    if not positive:
        raise ResultError(
            f"no system has both {once.label} and {often.label} above zero, so they never meet; "
            "choose another pair or other systems"
        )
    return positive


def _is_positive(one: BreakEven) -> bool:
    ends = [
        end.value for part in (one.fixed, one.each, one.crossing) for end in (part.low, part.high)
    ]
    return all(math.isfinite(end) and end > 0 for end in ends)


class _Drawing:
    """The panel of one system: uses upon the x axis, amounts upon the y axis, both logarithmic."""

    def __init__(self, one: BreakEven, look: Look) -> None:
        self.one, self.look = one, look
        low, high = one.crossing.low.value / _BEYOND, one.crossing.high.value * _BEYOND
        self.x = low, high
        middle = one.each.median.value
        self.y = (
            min(middle * low, one.fixed.low.value / 2),
            max(middle * high, one.fixed.high.value * 2),
        )
        self.factor, self.unit = common_unit([one.fixed.median.value], one.unit)

    @property
    def meeting(self) -> str:
        """Where both are equal, in words."""
        crossing = self.one.crossing
        interval = format_interval(
            crossing.low.value,
            crossing.high.value,
            self.one.thing,
            (crossing.low.error, crossing.high.error),
            self.look.language,
        )
        level = format_percent(crossing.level, self.look.language)
        return self.look.say("breakeven.meeting", interval=interval, level=level)

    @property
    def caption(self) -> str:
        """What is counted on the x axis."""
        return format_axis(self.one.thing, self.look.language)

    def draw(self, axes: Axes, sheet: Sheet) -> None:
        language, palette = self.look.language, self.look.palette
        Scale("log", self.x, sheet.width, self.one.thing, 1.0, language).apply(axes)
        upwards = Scale("log", self.y, sheet.height, self.unit, self.factor, language)
        upwards.apply_upwards(axes)
        axes.grid(color=palette.grid, linewidth=0.8)
        axes.set_axisbelow(True)
        uses = np.geomspace(*self.x, 2)
        once, often = _strokes(self.look)
        self._band(axes, uses, np.ones(2), self.one.fixed, once, "fixed")
        self._band(axes, uses, uses, self.one.each, often, "each")
        self._crossing(axes, sheet)

    def _band(
        self,
        axes: Axes,
        uses: np.ndarray[tuple[int], np.dtype[np.float64]],
        times: np.ndarray[tuple[int], np.dtype[np.float64]],
        spread: Spread,
        stroke: Stroke,
        gid: str,
    ) -> None:
        low, middle, high = (times * end.value for end in (spread.low, spread.median, spread.high))
        axes.fill_between(
            uses,
            low,
            high,
            color=stroke.colour,
            alpha=_SEEN_THROUGH,
            linewidth=0,
            gid=f"{gid}-band",
        )
        axes.plot(
            uses, middle, color=stroke.colour, linestyle=stroke.dashes, linewidth=1.6, gid=gid
        )

    def _crossing(self, axes: Axes, sheet: Sheet) -> None:
        """Draw where the two meet: a bar just over the x axis, and a line up to the lines."""
        crossing, palette = self.one.crossing, self.look.palette
        bottom = self.y[0] * (self.y[1] / self.y[0]) ** (0.07 / sheet.height)
        ends = crossing.low.value, crossing.high.value
        axes.hlines(bottom, *ends, colors=palette.ink, linewidths=2.4, zorder=4, gid="crossing")
        x, y = crossing.median.value, self.one.fixed.median.value
        axes.vlines(x, bottom, y, colors=palette.ink, linewidths=0.8, linestyles=":", zorder=3)
        axes.plot(
            [x],
            [bottom],
            "o",
            markersize=5.6,
            markerfacecolor=palette.ground,
            markeredgecolor=palette.ink,
            markeredgewidth=1.4,
            zorder=5,
            gid="crossing-median",
        )


def _strokes(look: Look) -> tuple[Stroke, Stroke]:
    """Return how what is paid once and what every use adds are drawn."""
    return look.stroke(0), Stroke(look.palette.series[1], (0, (4, 1.5)))


def _key(one: BreakEven, look: Look) -> list[Entry]:
    once, often = _strokes(look)
    palette = look.palette

    def crossing(axes: Axes, left: float, y: float) -> None:
        axes.hlines(y, left, left + 0.4, colors=palette.ink, linewidths=2.4)
        axes.plot(
            [left + 0.2],
            [y],
            "o",
            color=palette.ink,
            markerfacecolor=palette.ground,
            markersize=5.6,
        )

    level = format_percent(one.crossing.level, look.language)
    return [
        line_entry(one.fixed_label, once),
        line_entry(look.say("breakeven.each", quantity=one.each_label), often),
        Entry(look.say("breakeven.crossing", level=level), 0.4, crossing),
    ]

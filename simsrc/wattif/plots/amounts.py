"""The axis of a break-down, an amount in units or a share, and what is written upon it."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from wattif.analysis import Breakdown, Estimate
from wattif.format import common_unit, format_axis, format_percent, format_value
from wattif.plots.look import Look
from wattif.plots.matrix import text_on
from wattif.plots.sheet import Sheet
from wattif.plots.style import SMALL_SIZE, text_width
from wattif.plots.ticks import Scale
from wattif.results.answers import Answer

GAP = 0.07  # inches between a bar and its text
_WHISKER = 0.37  # rows below the middle of a bar, so that it crosses no text


class Amounts:
    """The axis of amounts, and what is written upon it."""

    def __init__(self, found: Sequence[tuple[Answer, Breakdown]], look: Look) -> None:
        self.look = look
        totals_ = [one.total for _, one in found]
        self.factor, self.unit = common_unit([t.median.value for t in totals_], found[0][1].unit)
        self.level = format_percent(totals_[0].level, look.language)
        ends = [end.value for t in totals_ for end in (t.low, t.high)]
        steps = [part.running.median.value for _, one in found for part in one.parts]
        self.reach = min(0.0, *ends, *steps), max(0.0, *ends, *steps)
        self.inch = 0.0  # data units an inch, once there is an axis

    @property
    def caption(self) -> str:
        """What the ticks leave out."""
        return format_axis(self.unit, self.look.language)

    def apply(self, axes: Axes, sheet: Sheet, room: float) -> None:
        """Give the axis its scale, with room in inches for a text behind the longest bar."""
        low, high = self.reach
        span = (high - low or 1.0) * sheet.width / max(sheet.width - room, 0.3 * sheet.width)
        self.inch = span / sheet.width
        language = self.look.language
        limits = low - (0.04 * span if low < 0 else 0.0), low + span
        Scale("linear", limits, sheet.width, self.unit, self.factor, language).apply(axes)
        axes.axvline(0, color=self.look.palette.muted, linewidth=0.8)

    def apply_shares(self, axes: Axes, sheet: Sheet) -> None:
        """Give the axis the scale of shares of a total."""
        self.inch = 1 / sheet.width
        Scale("linear", (0.0, 1.0), sheet.width, "%", 100.0, self.look.language).apply(axes)

    def number(self, amount: Estimate) -> str:
        """Return an amount in words."""
        value, error = self.factor * amount.value, self.factor * amount.error
        return format_value(value, self.unit, error, self.look.language)

    def part(self, amount: Estimate, share: Estimate) -> str:
        """Return a part's own median, and its share."""
        return f"{self.number(amount)} ({_percent(share.value, self.look)})"

    def total(self, one: Breakdown) -> str:
        """Return the total's median."""
        return self.number(one.total.median)

    def write(self, axes: Axes, edge: float, row: int, text: str) -> None:
        """Write a text behind the end of a bar."""
        axes.text(
            edge + GAP * self.inch,
            row,
            text,
            fontsize=SMALL_SIZE,
            color=self.look.palette.ink,
            verticalalignment="center_baseline",
            gid="value",
        )

    def share(
        self,
        axes: Axes,
        bar: tuple[float, float],
        row: int,
        share: float,
        colour: str,
    ) -> None:
        """Write a part's share inside its piece of a bar (start, width), if it fits."""
        text = _percent(share, self.look)
        if text_width(text, SMALL_SIZE) + 0.06 > abs(bar[1]) / self.inch:
            return
        axes.text(
            bar[0] + bar[1] / 2,
            row,
            text,
            fontsize=SMALL_SIZE,
            color=text_on(colour, self.look),
            horizontalalignment="center",
            verticalalignment="center_baseline",
            gid="share",
        )

    def whisker(self, axes: Axes, one: Breakdown, row: int) -> None:
        """Draw the total's credible interval across the end of its bar."""
        ink, ends = self.look.palette.ink, (one.total.low.value, one.total.high.value)
        y = row + _WHISKER
        axes.hlines(y, *ends, colors=ink, linewidths=1.2, zorder=4, gid="interval")
        axes.vlines(ends, y - 0.06, y + 0.06, colors=ink, linewidths=1.2, zorder=4)


def _percent(share: float, look: Look) -> str:
    return format_value(round(100 * share), "%", 0.0, look.language)

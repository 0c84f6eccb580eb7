"""What others claim, laid over what the study implies: a claim a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.analysis import Audit, ClaimCheck, Estimate, audit_claims, check_claims
from wattif.format import common_unit, format_axis, format_percent, format_value
from wattif.plots.key import Entry
from wattif.plots.look import Look
from wattif.plots.own_rows import label_rows, own_rows_room
from wattif.plots.rows import median_dot, place_in_row, shade, write_over
from wattif.plots.sheet import Panel, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled, wrap
from wattif.plots.ticks import Scale, choose_kind, choose_limits
from wattif.results.answers import read_answers

if TYPE_CHECKING:
    from xarray import DataTree

_ROW = 0.46  # inches: the claim's bracket, the study's bar, and a text between
_LINE = 0.1
_BRACKET, _BAR, _TEXT = 0.135, 0.04, -0.13  # inches below the middle of the row
_LABELS = (1.8, 2.3, 3.0)  # inches: the least that holds all labels in their lines
_THIN, _THICK = 2.4, 5.0  # points
_TICK = 0.045  # inches: half the height of a bracket's ends


def claims(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of the study's claims against its own answers, a panel a quantity.

    Bars are the study's median, middle half and credible interval, as in the picture of intervals;
    the bracket is what the claim says, open where it has no end. Over it stand the verdict and how
    probable it is by the study.

    Parameters
    ----------
    tree
        The result of a run.
    quantities, systems
        Only claims about these; all if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name, there is no claim, or the size is
        too small.
    """
    check_claims(tree, quantities, systems)  # refuses if there is none that can be drawn
    audits = audit_claims(tree, quantities, systems, look.language)
    groups = _by_quantity([one for one in audits if not one.check.answer.absent])
    labels = _labels([[one.check for one in group] for group in groups])
    drawings = [_Drawing(group, look) for group in groups]
    shown = read_answers(tree, [d.checks[0].quantity for d in drawings], language=look.language)
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(d.checks[0].label, caption=d.caption) for d in drawings],
            own_rows_room(labels, _row_height(labels)),
            key=_key(format_percent(float(tree.attrs["interval"]), look.language), look),
            footer=footer(tree, shown, look),
        )
        rows = max(map(len, groups))
        for axes, drawing, names in zip(sheet.panels, drawings, labels, strict=True):
            axes.set_gid(drawing.checks[0].quantity)
            label_rows(axes, names, rows, look)
            drawing.draw(axes, sheet, rows)
    return sheet.figure


def _row_height(labels: Sequence[Sequence[str]]) -> float:
    """Return the height of rows in inches: more where a label has three lines."""
    return _ROW + _LINE * any(label.count("\n") > 1 for names in labels for label in names)


def _by_quantity(audits: Sequence[Audit]) -> list[list[Audit]]:
    order = list(dict.fromkeys(one.check.quantity for one in audits))
    ordered = sorted(audits, key=lambda one: order.index(one.check.quantity))
    return [list(group) for _, group in groupby(ordered, key=lambda one: one.check.quantity)]


def _labels(groups: Sequence[Sequence[ClaimCheck]]) -> list[list[str]]:
    """Return whom each claim is about, in at most two lines, and what it says."""
    for width in _LABELS:
        labels = [[_label(check, width) for check in group] for group in groups]
        if not any("…" in label for names in labels for label in names):
            break
    return labels


def _label(check: ClaimCheck, width: float) -> str:
    says = wrap(check.says, width, lines=1 if check.answer.row else 2)
    return f"{wrap(check.answer.row, width)}\n{says}" if check.answer.row else says


class _Drawing:
    """The panel of the claims about one quantity, a row each."""

    def __init__(self, audits: Sequence[Audit], look: Look) -> None:
        self.audits, self.look = audits, look
        self.checks = [one.check for one in audits]
        medians = [check.answer.median for check in self.checks]
        self.factor, self.unit = common_unit(medians, self.checks[0].unit)

    @property
    def caption(self) -> str:
        """What the ticks leave out."""
        return format_axis(self.unit, self.look.language)

    def draw(self, axes: Axes, sheet: Sheet, rows: int) -> None:
        shade(axes, len(self.checks), self.look)
        limits = self._scale(axes, sheet.width)
        for row, (check, audit) in enumerate(zip(self.checks, self.audits, strict=True)):
            below, bracket, over = (
                row + place_in_row(sheet, rows, inches) for inches in (_BAR, _BRACKET, _TEXT)
            )
            self._bars(axes, check, below)
            self._bracket(axes, check, bracket, limits, place_in_row(sheet, rows, _TICK))
            middle = min(max(check.answer.median, limits[0]), limits[1])
            write_over(axes, sheet, self.look, (middle, over), self._words(audit), row)

    def _scale(self, axes: Axes, width: float) -> tuple[float, float]:
        ends = [
            end
            for check in self.checks
            for end in (*check.answer.interval, check.answer.median, check.low, check.high)
            if math.isfinite(end)
        ]
        kind = choose_kind(min(ends), max(ends))
        limits = choose_limits(min(ends), max(ends), kind)
        Scale(kind, limits, width, self.unit, self.factor, self.look.language).apply(axes)
        return limits

    def _bars(self, axes: Axes, check: ClaimCheck, y: float) -> None:
        palette, answer = self.look.palette, check.answer
        for gid, colour, thickness, ends in (
            ("interval", palette.accent_light, _THIN, answer.interval),
            ("half", palette.accent, _THICK, answer.half),
        ):
            axes.hlines(y, *ends, colors=colour, linewidths=thickness, zorder=3, gid=gid)
        axes.plot([answer.median], [y], zorder=4, gid="median", **median_dot(self.look))

    def _bracket(
        self,
        axes: Axes,
        check: ClaimCheck,
        y: float,
        limits: tuple[float, float],
        tick: float,
    ) -> None:
        """Draw what the claim says; an arrow where it has no end, a diamond if it is one figure."""
        colour = claim_colour(self.look)
        if check.figure:
            axes.plot([check.low], [y], "D", markersize=4.6, color=colour, zorder=5, gid="claim")
            return
        low, high = max(check.low, limits[0]), min(check.high, limits[1])
        axes.hlines(y, low, high, colors=colour, linewidths=1.6, zorder=5, gid="claim")
        for end, edge, arrow in ((check.low, low, "<"), (check.high, high, ">")):
            if math.isfinite(end):
                axes.vlines(end, y - tick, y + tick, colors=colour, linewidths=1.6, zorder=5)
            else:
                axes.plot([edge], [y], arrow, markersize=4.6, color=colour, clip_on=False, zorder=5)

    def _words(self, audit: Audit) -> str:
        """Return the verdict, and how probable a claim is or where the draws lie."""
        verdict = self.look.say(f"audit.{audit.verdict}")
        if audit.check.answer.constant:  # all draws are on one side, or in the claim
            return verdict
        probability = self._probability(audit.check)
        return self.look.say("claims.verdict", verdict=verdict, probability=probability)

    def _probability(self, check: ClaimCheck) -> str:
        name, share = ("under", check.below) if check.figure else ("holds", check.within)
        if share.value in (0, 1):
            return self.look.say(f"claims.{name}_{'all' if share.value else 'none'}")
        return self.look.say(f"claims.{name}", share=_percent(share, self.look))


def _percent(share: Estimate, look: Look) -> str:
    """Return a share in per cent; one that is neither none nor all does not look it."""
    if not 0.001 < share.value < 0.999:
        text = format_value(0.1 if share.value < 0.5 else 99.9, "%", 0.0, look.language)
        return f"{'<' if share.value < 0.5 else '>'}\N{NARROW NO-BREAK SPACE}{text}"
    error = max(100 * share.error, 0.05)  # a tenth of a percent is more than anyone needs
    error = min(error, 50 * min(share.value, 1 - share.value))
    return format_value(100 * share.value, "%", error, look.language)


def claim_colour(look: Look) -> str:
    """Return the colour of what is claimed: ink where colours would not print."""
    return look.palette.ink if look.style == "paper" else look.palette.series[1]


def _key(level: str, look: Look) -> list[Entry]:
    palette = look.palette

    def interval(axes: Axes, left: float, y: float) -> None:
        axes.hlines(y, left, left + 0.6, colors=palette.accent_light, linewidths=_THIN)
        axes.hlines(y, left + 0.18, left + 0.42, colors=palette.accent, linewidths=_THICK)
        axes.plot([left + 0.3], [y], **median_dot(look))

    def claim(axes: Axes, left: float, y: float) -> None:
        colour = claim_colour(look)
        axes.hlines(y, left, left + 0.5, colors=colour, linewidths=1.6)
        axes.vlines([left, left + 0.5], y - _TICK, y + _TICK, colors=colour, linewidths=1.6)

    return [
        Entry(look.say("claims.study", level=level), 0.6, interval),
        Entry(look.say("claims.claim"), 0.5, claim),
    ]

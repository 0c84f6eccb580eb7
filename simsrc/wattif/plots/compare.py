"""Systems against each other on the same draws: paired ratios, and which is below which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.analysis import Comparison, LessMatrix, Spread, compare_systems, less_matrix
from wattif.errors import ResultError
from wattif.format import common_unit, format_axis, format_percent, format_value
from wattif.plots.key import Entry
from wattif.plots.look import Look
from wattif.plots.matrix import blend, draw_matrix, numbered
from wattif.plots.rows import median_dot, place_in_row, row_room, shade, write_over
from wattif.plots.sheet import Panel, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled
from wattif.plots.ticks import Scale, choose_kind, choose_limits
from wattif.results.answers import Quantity, read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

_BAR, _TEXT = 0.056, -0.096  # inches below the middle of a row
_NO_TIE = 1e-9  # a share of equal draws is at least one of the kept ones; less is rounding


@dataclass(frozen=True)
class _Pairs:
    """A quantity, who is below whom, and each system against the first one."""

    quantity: Quantity
    matrix: LessMatrix
    against: tuple[Comparison, ...]

    @property
    def as_ratio(self) -> bool:
        """Whether all that is compared is positive, so that a ratio means something."""
        return all(pair.ratio.low.value > 0 for pair in self.against)


def compare(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of a quantity of each system against the first system's.

    At the left the ratio to the first system's, draw by draw, with its credible interval (the
    difference where values are not positive); at the right the probability that the system of the
    row lies below that of the column.

    Parameters
    ----------
    tree
        The result of a run.
    quantities
        What to compare: one; the first that two systems have if empty.
    systems
        Which, the first of them being what the others are compared with; all if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no such quantity or systems, fewer than two of them have it, several
        quantities are asked for, or the size is too small.
    """
    pairs = choose_pairs(tree, quantities, systems, look.language)
    left = _Left(pairs, look)
    labels = numbered(pairs.matrix.labels)
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [
                Panel(left.heading, pairs.quantity.label, left.caption),
                Panel(look.say("compare.less"), pairs.quantity.label, look.say("compare.columns")),
            ],
            row_room(len(labels)),
            rows=labels,
            key=_key(format_percent(float(tree.attrs["interval"]), look.language), look),
            footer=" ".join([*_notes(pairs.matrix, look), footer(tree, (), look)]),
        )
        left.draw(sheet.panels[0], sheet)
        _draw_less(sheet.panels[1], sheet, pairs.matrix, look)
    return sheet.figure


def choose_pairs(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> _Pairs:
    """Return what to compare: the quantity asked for, or the first that two systems have.

    Raises
    ------
    ResultError
        If there are no two systems that have it, or several quantities are asked for.
    """
    if len(quantities) > 1:
        raise ResultError("systems are compared in one quantity at a time; name one")
    for quantity in read_answers(tree, quantities, systems, language):
        given = [answer.system for answer in quantity.answers if not answer.absent]
        varying = any(not answer.constant for answer in quantity.answers if not answer.absent)
        if quantities or (len(given) > 1 and varying):
            matrix = less_matrix(tree, quantity.name, systems, language)
            first, *others = matrix.systems
            against = tuple(
                compare_systems(tree, quantity.name, one, first, language) for one in others
            )
            return _Pairs(quantity, matrix, against)
    raise ResultError("no two systems have a quantity in common that varies: nothing to compare")


class _Left:
    """The panel of ratios or differences: row 0 is what the others are compared with."""

    def __init__(self, pairs: _Pairs, look: Look) -> None:
        self.pairs, self.look = pairs, look
        self.spreads = [p.ratio if pairs.as_ratio else p.difference for p in pairs.against]
        self.unit, self.factor = "1", 1.0
        if not pairs.as_ratio:
            medians = [spread.median.value for spread in self.spreads]
            self.factor, self.unit = common_unit(medians, pairs.quantity.unit)

    @property
    def heading(self) -> str:
        """What is shown, and against whom."""
        name = "ratio" if self.pairs.as_ratio else "difference"
        return self.look.say(f"compare.{name}", system=self.pairs.matrix.labels[0])

    @property
    def caption(self) -> str:
        """What the ticks leave out."""
        return "" if self.pairs.as_ratio else format_axis(self.unit, self.look.language)

    def draw(self, axes: Axes, sheet: Sheet) -> None:
        axes.set_gid("compare")
        rows, palette = len(self.spreads) + 1, self.look.palette
        shade(axes, rows, self.look)
        same = 1.0 if self.pairs.as_ratio else 0.0
        limits = self._scale(axes, sheet.width, same)
        axes.axvline(same, color=palette.muted, linewidth=1.0, linestyle=":", zorder=1, gid="same")
        below, above = (place_in_row(sheet, rows, inches) for inches in (_BAR, _TEXT))
        write_over(axes, sheet, self.look, (same, 0), self.look.say("compare.reference"), 0)
        for row, spread in enumerate(self.spreads, 1):
            self._bar(axes, spread, row + below, limits)
            x = min(max(spread.median.value, limits[0]), limits[1])
            write_over(axes, sheet, self.look, (x, row + above), self._value(spread), row)

    def _scale(self, axes: Axes, width: float, same: float) -> tuple[float, float]:
        found = [end.value for s in self.spreads for end in (s.low, s.median, s.high)]
        ends = [same, *(end for end in found if math.isfinite(end))]
        kind = choose_kind(min(ends), max(ends)) if self.pairs.as_ratio else "linear"
        limits = choose_limits(min(ends), max(ends), kind)
        unit = self.unit
        Scale(kind, limits, width, unit, self.factor, self.look.language).apply(axes)
        return limits

    def _bar(self, axes: Axes, spread: Spread, y: float, limits: tuple[float, float]) -> None:
        low, high = (min(max(e.value, limits[0]), limits[1]) for e in (spread.low, spread.high))
        colour = self.look.palette.accent_light
        axes.hlines(y, low, high, colors=colour, linewidths=4.0, zorder=3, gid="interval")
        axes.plot([spread.median.value], [y], zorder=4, gid="median", **median_dot(self.look))

    def _value(self, spread: Spread) -> str:
        median, language = spread.median, self.look.language
        number = format_value(
            self.factor * median.value, self.unit, self.factor * median.error, language
        )
        return f"× {number}" if self.pairs.as_ratio else number  # noqa: RUF001


def _draw_less(axes: Axes, sheet: Sheet, matrix: LessMatrix, look: Look) -> None:
    axes.set_gid("less")

    def colour(share: float) -> str:
        return blend(0.06 + 0.9 * share, look.palette.accent, look)

    draw_matrix(axes, sheet, matrix.probability, colour, _percent, look)


def _notes(matrix: LessMatrix, look: Look) -> list[str]:
    """Return what the draws are, and that some are equal where two chances do not make 100 %."""
    notes = [look.say("compare.estimated")]
    most = float(np.nan_to_num(matrix.equal).max())
    if most > _NO_TIE:
        share = f"{_percent(most)} %"
        notes.append(look.say("compare.equal", share=share))
    return notes


def _percent(share: float) -> str:
    """Return whole per cent; what is neither impossible nor certain does not look it."""
    if 0 < share < 0.01:
        return "<1"
    return ">99" if 0.99 < share < 1 else f"{100 * share:.0f}"


def _key(level: str, look: Look) -> list[Entry]:
    palette = look.palette

    def interval(axes: Axes, left: float, y: float) -> None:
        axes.hlines(y, left, left + 0.5, colors=palette.accent_light, linewidths=4.0)
        axes.plot([left + 0.25], [y], **median_dot(look))

    return [Entry(look.say("compare.key", level=level), 0.5, interval)]

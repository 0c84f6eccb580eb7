"""Distributions as curves of probability: one panel a quantity, one line a system.

The pictures of one curve each (:mod:`~wattif.plots.cdf`, :mod:`~wattif.plots.exceedance`,
:mod:`~wattif.plots.tail`) say what is drawn upwards; the rest is here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wattif.errors import ResultError
from wattif.format import common_unit, format_axis
from wattif.plots.key import Entry, line_entry
from wattif.plots.labels import place_labels
from wattif.plots.look import Look
from wattif.plots.sheet import Panel, Room, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of, why_empty
from wattif.plots.style import SMALL_SIZE, styled, wrap
from wattif.plots.ticks import Kind, Scale, choose_kind, choose_limits
from wattif.results.answers import Answer, Quantity, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

Array = NDArray[np.float64]
_HEIGHTS = {1: 3.0, 2: 2.5}  # of a panel in inches, by the number of panels
_HEIGHT, _LEAST, _LEFT = 2.1, 1.3, 0.42
_SAME = 0.03  # inches: lines that are nowhere farther apart cannot be told from each other


@dataclass(frozen=True)
class Upwards:
    """What the y axis shows: ``of`` the probability of at most x, between ``limits``.

    The x axis covers where that probability is between the ends of ``shown``.
    """

    of: Callable[[Array], Array]
    kind: Kind
    limits: tuple[float, float]
    shown: tuple[float, float]
    words: str


def draw_curves(
    tree: DataTree,
    quantities: Sequence[str],
    systems: Sequence[str],
    title: str | None,
    look: Look,
    upwards: Upwards,
) -> Figure:
    """Return the picture; names stand beside their lines, in a key where there is no room.

    What either happens or not has no curve and is left out.

    Raises
    ------
    ResultError
        If nothing is left, or the names or the size are wrong.
    """
    shown = [q for q in read_answers(tree, quantities, systems, look.language) if not q.is_event]
    if not shown:
        raise ResultError(
            "what either happens or not has no curve; its probability is drawn by 'intervals'"
        )
    drawings = [_Drawing(tree, quantity, look, upwards) for quantity in shown]
    with styled(look):
        sheet = _draw(tree, shown, drawings, title, look, key=())
        written = [
            drawing.write_names(axes, sheet)
            for axes, drawing in zip(sheet.panels, drawings, strict=True)
        ]
        if not all(written):
            names = {i: answer.row for d in drawings for i, answer, _, _ in d.given}
            key = [line_entry(names[i], look.stroke(i)) for i in sorted(names)]
            sheet = _draw(tree, shown, drawings, title, look, key)
    return sheet.figure


def _draw(
    tree: DataTree,
    shown: Sequence[Quantity],
    drawings: Sequence[_Drawing],
    title: str | None,
    look: Look,
    key: Sequence[Entry],
) -> Sheet:
    """Draw everything but the names beside the lines."""
    sheet = make_sheet(
        look,
        heading_of(tree, title, look),
        [drawing.panel for drawing in drawings],
        Room(_HEIGHTS.get(len(drawings), _HEIGHT), _LEAST, _LEFT),
        key=key,
        footer=footer(tree, shown, look),
    )
    for axes, drawing in zip(sheet.panels, drawings, strict=True):
        drawing.draw(axes, sheet)
    return sheet


class _Drawing:
    """The panel of one quantity."""

    def __init__(self, tree: DataTree, quantity: Quantity, look: Look, upwards: Upwards) -> None:
        self.quantity, self.look, self.upwards = quantity, look, upwards
        given = [(i, a) for i, a in enumerate(quantity.answers) if not math.isnan(a.median)]
        self.given = [(i, a, *_read_curve(tree, quantity.name, a)) for i, a in given]
        medians = [answer.median for _, answer, _, _ in self.given]
        self.factor, self.unit = common_unit(medians, quantity.unit)
        self.scale = self._scale()

    @property
    def panel(self) -> Panel:
        """Words around the panel: under its axis, what the ticks and the lines leave out."""
        if not self.given:
            return Panel(self.quantity.label)
        absent = [a.row for a in self.quantity.answers if math.isnan(a.median)]
        words = [format_axis(self.unit, self.look.language)]
        if absent:
            words.append(self.look.say("pictures.absent", reason=", ".join(absent)))
        caption = " · ".join(word for word in words if word)
        return Panel(self.quantity.label, self.upwards.words, caption)

    def _scale(self) -> tuple[Kind, tuple[float, float]]:
        """Return kind and limits of the x axis: where the curves are between their y limits."""
        found = [self._between(x, p, *self.upwards.shown) for _, _, x, p in self.given]
        whole = [self._between(x, p, 0.001, 0.999) for _, _, x, p in self.given]
        ends, all_ends = (np.concatenate([np.empty(0), *parts]) for parts in (found, whole))
        if not len(ends):
            return "linear", (0.0, 1.0)
        kind = choose_kind(float(all_ends.min()), float(all_ends.max()))
        return kind, choose_limits(float(ends.min()), float(ends.max()), kind)

    @staticmethod
    def _between(x: Array, p: Array, low: float, high: float) -> Array:
        return x[(p >= low) & (p <= high) & np.isfinite(x)]

    def draw(self, axes: Axes, sheet: Sheet) -> None:
        axes.set_gid(self.quantity.name)
        palette, language = self.look.palette, self.look.language
        if not self.given:
            self._write_why(axes, sheet)
            return
        kind, limits = self.scale
        Scale(kind, limits, sheet.width, self.unit, self.factor, language).apply(axes)
        up = Scale(self.upwards.kind, self.upwards.limits, sheet.height, "%", 100.0, language)
        up.apply_upwards(axes)
        axes.grid(color=palette.grid, linewidth=0.8)
        axes.set_axisbelow(True)
        for number, _, x, p in self.given:
            stroke = self.look.stroke(number)
            axes.plot(
                x,
                self.upwards.of(p),
                color=stroke.colour,
                linestyle=stroke.dashes,
                linewidth=1.6,
                gid="curve",
                zorder=3,
            )

    def _write_why(self, axes: Axes, sheet: Sheet) -> None:
        """Write why there is nothing to draw, and take the frame away."""
        words = why_empty(self.quantity.answers[0], self.look)
        axes.set_axis_off()
        axes.text(
            0,
            1,
            wrap(words, sheet.width, size=SMALL_SIZE, lines=4),
            transform=axes.transAxes,
            fontsize=SMALL_SIZE,
            color=self.look.palette.muted,
            verticalalignment="top",
            gid="absent",
        )

    def write_names(self, axes: Axes, sheet: Sheet) -> bool:
        """Write the names beside the lines, all or none; return whether there was room."""
        named = self._named(sheet)
        places = place_labels(list(named.values()), list(named), (sheet.width, sheet.height))
        for name, (left, middle) in zip(named, places or [], strict=False):
            axes.text(
                left / sheet.width,
                middle / sheet.height,
                name,
                transform=axes.transAxes,
                fontsize=SMALL_SIZE,
                color=self.look.palette.ink,
                verticalalignment="center",
                linespacing=1.1,
                gid="name",
            )
        return places is not None

    def _named(self, sheet: Sheet) -> dict[str, Array]:
        """Return the lines by name; lines that lie on each other share theirs."""
        groups: list[tuple[Array, list[str]]] = []
        for _, answer, x, p in self.given:
            line = self._in_inches(x, self.upwards.of(p), sheet)
            same = (names for other, names in groups if _apart(line, other) < _SAME)
            if answer.row and (names := next(same, None)) is not None:
                names.append(answer.row)
            elif answer.row:
                groups.append((line, [answer.row]))
        return {"\n".join(names): line for line, names in groups}

    def _in_inches(self, x: Array, y: Array, sheet: Sheet) -> Array:
        """Return the points of a line, clipped far beyond the panel."""
        columns = []
        for values, (kind, limits), length in (
            (x, self.scale, sheet.width),
            (y, (self.upwards.kind, self.upwards.limits), sheet.height),
        ):
            ends = np.array(limits)
            if kind == "log":
                values, ends = np.log10(np.maximum(values, ends[0] / 1e3)), np.log10(ends)
            shares = (values - ends[0]) / (ends[1] - ends[0])
            columns.append(np.clip(shares, -0.5, 1.5) * length)
        return np.column_stack(columns)


def _apart(line: Array, other: Array) -> float:
    """Return how far to the side two lines are apart, between the same heights."""
    low, high = max(line[:, 1].min(), other[:, 1].min()), min(line[:, 1].max(), other[:, 1].max())
    heights = np.linspace(low, high, 22)[1:-1]  # the ends are extremes, which are chance
    sides = [np.interp(heights, *_upwards(points)) for points in (line, other)]
    return float(np.abs(sides[0] - sides[1]).max())


def _upwards(line: Array) -> tuple[Array, Array]:
    """Return the heights of a line, increasing, and its places there."""
    rising = line if line[0, 1] <= line[-1, 1] else line[::-1]
    return rising[:, 1], rising[:, 0]


def _read_curve(tree: DataTree, quantity: str, answer: Answer) -> tuple[Array, Array]:
    """Return (x, probability of at most x): percentiles and extremes, and the histogram between.

    The percentiles are the finer: they bound what the histogram says.
    """
    place = {"system": answer.system}
    quantiles, mass, edges = (
        np.asarray(tree[group][quantity].sel(place).values, dtype=np.float64)
        for group in ("percentiles", "density", "density_edges")
    )
    shares = np.asarray(tree["percentiles"]["percentile"].values, dtype=np.float64) / 100
    known_x = np.r_[answer.statistics["min"], quantiles, answer.statistics["max"]]
    known_p = np.r_[0.0, shares, 1.0]
    x, p = edges[1:-1], np.cumsum(mass)[:-1]
    below = np.searchsorted(known_x, x, side="right") - 1
    above = np.searchsorted(known_x, x, side="left")
    last = len(known_p) - 1
    p = np.clip(p, known_p[below.clip(0, last)], known_p[above.clip(0, last)])
    x, p = np.r_[known_x, x], np.r_[known_p, p]
    order = np.lexsort((p, x))
    return x[order], p[order]

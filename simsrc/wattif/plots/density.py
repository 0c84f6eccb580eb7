"""Densities of all output quantities: one panel a quantity, one ridge a system."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wattif.format import common_unit, format_axis, format_percent, format_value
from wattif.plots.key import Entry
from wattif.plots.look import Look
from wattif.plots.rows import row_room, shade, write_absences, write_in_row
from wattif.plots.sheet import Panel, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled
from wattif.plots.ticks import Kind, Scale, choose_kind, choose_limits
from wattif.results.answers import Answer, Quantity, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

Array = NDArray[np.float64]

_ROW, _LEAST = 0.52, 0.3  # inches
_FOOT, _TOP = 0.42, 0.84  # of a row: its base line below the middle, and the highest ridge over it
_DRAWS_A_CELL = 120  # on average: fewer leave the top of a ridge ragged


def density(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of a result's densities, each to its own height.

    The ridge is coloured over the equal-tailed interval at the run's level, a line marks the
    median. On a logarithmic axis the density is that of the logarithm, so that equal areas are
    equally probable on both kinds of axis.

    The arguments, and what is raised, are those of :func:`wattif.plots.intervals`.
    """
    shown = read_answers(tree, quantities, systems, look.language)
    drawings = [_Drawing(tree, quantity, look) for quantity in shown]
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(d.quantity.label, caption=d.caption) for d in drawings],
            row_room(len(shown[0].answers), _ROW, _LEAST),
            rows=[answer.row for answer in shown[0].answers],
            key=[_key(format_percent(float(tree.attrs["interval"]), look.language), look)],
            footer=footer(tree, shown, look),
        )
        for axes, drawing in zip(sheet.panels, drawings, strict=True):
            drawing.draw(axes, sheet)
    return sheet.figure


class _Drawing:
    """The panel of one quantity: row i of its axes is at y = i."""

    def __init__(self, tree: DataTree, quantity: Quantity, look: Look) -> None:
        self.tree, self.quantity, self.look = tree, quantity, look
        given = [answer for answer in quantity.answers if not math.isnan(answer.median)]
        self.factor, self.unit = common_unit([answer.median for answer in given], quantity.unit)
        spread = [answer for answer in given if _has_ridge(answer)]
        self.ends = [end for answer in spread for end in self._bulk(answer) if math.isfinite(end)]

    @property
    def caption(self) -> str:
        """What the ticks leave out."""
        return format_axis(self.unit, self.look.language) if self.ends else ""

    def _bulk(self, answer: Answer) -> tuple[float, float]:
        """Return between which values a ridge is to be seen: its middle 99 %, and the interval."""
        column = self.tree["percentiles"][self.quantity.name].sel(system=answer.system)
        low, high = (float(column.sel(percentile=p)) for p in (0.5, 99.5))
        return min(low, answer.interval[0]), max(high, answer.interval[1])

    def draw(self, axes: Axes, sheet: Sheet) -> None:
        axes.set_gid(self.quantity.name)
        shade(axes, len(self.quantity.answers), self.look)
        if self.ends:
            kind = choose_kind(min(self.ends), max(self.ends))
            limits = choose_limits(min(self.ends), max(self.ends), kind)
            language = self.look.language
            Scale(kind, limits, sheet.width, self.unit, self.factor, language).apply(axes)
        else:
            axes.set_xticks([])
            axes.spines["bottom"].set_visible(False)
        for row, answer in enumerate(self.quantity.answers):
            if self.ends and _has_ridge(answer):
                self._ridge(axes, row, answer, kind, limits)
            elif not math.isnan(answer.median):
                write_in_row(axes, sheet, self.look, row, self._instead(answer))
        write_absences(axes, sheet, self.look, self.quantity.answers)

    def _instead(self, answer: Answer) -> str:
        """Return what is written of an answer that has no density: a constant, an event."""
        say, language = self.look.say, self.look.language
        if answer.is_event:
            p, error = 100 * answer.statistics["mean"], 100 * answer.errors["mean"]
            return say("density.event", value=format_value(p, "%", error, language))
        value = format_value(self.factor * answer.median, self.unit, 0.0, language)
        return say("pictures.constant", value=value)

    def _ridge(
        self, axes: Axes, row: int, answer: Answer, kind: Kind, limits: tuple[float, float]
    ) -> None:
        """Draw one ridge on the foot of its row."""
        palette = self.look.palette
        place = {"system": answer.system}
        mass, edges = (
            np.asarray(self.tree[group][self.quantity.name].sel(place).values, dtype=np.float64)
            for group in ("density", "density_edges")
        )
        foot = row + _FOOT
        if _has_atoms(mass):
            self._atoms(axes, foot, mass, edges)
            return
        x, y = ridge(mass, edges, answer.draws, kind)
        x, y = _between(x, y, *limits)
        heights = foot - _TOP * y / y.max()
        axes.fill_between(
            x, foot, heights, color=palette.accent_light, alpha=0.35, linewidth=0, zorder=2
        )
        axes.fill_between(
            *_between(x, heights, *answer.interval),
            foot,
            color=palette.accent_light,
            linewidth=0,
            zorder=2,
        )
        axes.plot(x, heights, color=palette.accent, linewidth=1.1, zorder=3, gid="ridge")
        top = float(np.interp(answer.median, x, heights))
        axes.vlines(
            answer.median, top, foot, colors=palette.accent, linewidths=1.6, zorder=3
        ).set_gid("median")

    def _atoms(self, axes: Axes, foot: float, mass: Array, edges: Array) -> None:
        """Draw a stem for each value that has a probability of its own."""
        found = mass > 0
        middles = (edges[:-1] + edges[1:])[found] / 2
        heights = foot - _TOP * mass[found] / mass.max()
        axes.hlines(foot, middles[0], middles[-1], colors=self.look.palette.accent, linewidths=1.1)
        axes.vlines(
            middles, heights, foot, colors=self.look.palette.accent, linewidths=2.2, zorder=3
        ).set_gid("atoms")


def ridge(mass: Array, edges: Array, draws: int, kind: Kind) -> tuple[Array, Array]:
    """Return a density as a line (x, y) through the middles of its cells, down to 0 at its ends.

    Cells are joined until each would hold enough draws if all held the same; the first and the
    last, which hold the tails, stay as they are.
    """
    inner = len(mass) - 2
    joined = min(max(1, math.ceil(_DRAWS_A_CELL * inner / draws)), inner // 8)
    starts = np.r_[0, np.arange(1, inner + 2 - joined, joined), inner + 1]
    mass, edges = np.add.reduceat(mass, starts), edges[[*starts, len(mass)]]
    if kind == "log":
        edges = np.maximum(edges, edges[-1] * 1e-300)  # a few draws may be zero or less
    marks = np.log(edges) if kind == "log" else edges
    kept = np.diff(marks) > 0
    low, high, mass = edges[:-1][kept], edges[1:][kept], mass[kept]
    middles = np.sqrt(low) * np.sqrt(high) if kind == "log" else low / 2 + high / 2
    widths = np.diff(marks)[kept]
    return np.r_[low[0], middles, high[-1]], np.r_[0.0, mass / widths, 0.0]


def _has_atoms(mass: Array) -> bool:
    """Return whether most cells between the first and the last are empty: a few values have all."""
    return bool(np.count_nonzero(mass) < len(mass) / 4)


def _between(x: Array, y: Array, low: float, high: float) -> tuple[Array, Array]:
    """Return the part of a line between two values of x, cut exactly there."""
    inside = x[(x > low) & (x < high)]
    cut = np.r_[max(low, x[0]), inside, min(high, x[-1])]
    return cut, np.asarray(np.interp(cut, x, y), dtype=np.float64)


def _has_ridge(answer: Answer) -> bool:
    return not (math.isnan(answer.median) or answer.constant or answer.is_event)


def _key(level: str, look: Look) -> Entry:
    palette = look.palette

    def draw(axes: Axes, left: float, y: float) -> None:
        x = np.linspace(-2.4, 2.4, 49)
        places, heights = left + 0.3 + x / 8, y + 0.07 - 0.15 * np.exp(-x * x / 2)
        middle = np.abs(x) < 1.4
        foot = y + 0.07
        axes.fill_between(
            places, foot, heights, color=palette.accent_light, alpha=0.35, linewidth=0
        )
        axes.fill_between(
            places[middle], foot, heights[middle], color=palette.accent_light, linewidth=0
        )
        axes.plot(places, heights, color=palette.accent, linewidth=1.1)
        axes.vlines(left + 0.3, y - 0.08, foot, colors=palette.accent, linewidths=1.6)

    return Entry(look.say("density.key", level=level), 0.6, draw)

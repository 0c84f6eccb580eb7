"""An output against its most important inputs, draw by draw: where the draws lie, and the trend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wattif.analysis import Draws, InputEffect, analyse_sensitivity, kept_inputs, kept_output
from wattif.errors import ResultError
from wattif.format import common_unit, format_axis, format_value
from wattif.plots.choice import choose_outputs
from wattif.plots.key import Entry, line_entry
from wattif.plots.look import Look, Stroke
from wattif.plots.sheet import Panel, Room, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled
from wattif.plots.ticks import Kind, Scale, choose_kind

if TYPE_CHECKING:
    from xarray import DataTree

MOST = 6  # inputs
_HEIGHT, _LEAST, _LEFT = 2.1, 1.4, 0.62  # inches of a panel
_SHOWN = (0.5, 99.5)  # percentiles: a few draws far out would squeeze all others
_GROUPS = 20  # of draws by the input, for the trend
_CELLS = 34  # hexagons across

Values = NDArray[np.float64]


def scatter(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of one output against its strongest inputs, a panel each.

    The darker a hexagon, the more of the kept draws lie in it; the line is the output's median in
    twentieths of the draws by the input.

    Parameters
    ----------
    tree
        The result of a run.
    quantities
        The output: one; the first that varies if empty.
    systems
        Whose: one; the first that has it if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name, several are asked for, it does not
        vary, or the size is too small.
    """
    if len(quantities) > 1 or len(systems) > 1:
        raise ResultError("a scatter is of one output of one system; name one of each")
    chosen = choose_outputs(tree, quantities, systems, look.language)[0]
    name, system = chosen.quantity.name, chosen.answer.system
    found = analyse_sensitivity(tree, name, system, look.language)
    inputs = {one.key: one for one in kept_inputs(tree, name, system, look.language)}
    output = kept_output(tree, name, system, look.language)
    drawings = [
        _Drawing(inputs[effect.key], effect, found.noise, output, look)
        for effect in found.effects[:MOST]
    ]
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(d.x.label, d.remark, d.caption) for d in drawings],
            Room(_HEIGHT, _LEAST, left=_LEFT),
            key=_key(chosen.answer.row, chosen.quantity.label, look),
            footer=footer(tree, (), look),
        )
        for axes, drawing in zip(sheet.panels, drawings, strict=True):
            axes.set_gid(drawing.x.key)
            drawing.draw(axes, sheet)
    return sheet.figure


class _Drawing:
    """The panel of one input: the output upwards."""

    def __init__(self, x: Draws, effect: InputEffect, noise: float, y: Draws, look: Look) -> None:
        self.x, self.y, self.effect, self.noise, self.look = x, y, effect, noise, look
        finite = np.isfinite(x.values) & np.isfinite(y.values)
        self.points = x.values[finite], y.values[finite]

    @property
    def remark(self) -> str:
        """How much of the output's variance the input explains."""
        if self.effect.first_order.value < self.noise:
            return self.look.say("scatter.noise")
        index = self.effect.first_order
        share = format_value(100 * index.value, "%", 100 * index.error, self.look.language)
        return self.look.say("scatter.share", share=share)

    @property
    def caption(self) -> str:
        """What the ticks of the input leave out."""
        return format_axis(_shown_unit(self.x)[1], self.look.language)

    def draw(self, axes: Axes, sheet: Sheet) -> None:
        x, y = self.points
        kinds = _kind(x), _kind(y)
        limits = tuple(_limits(values, kind) for values, kind in zip((x, y), kinds, strict=True))
        self._scale(axes, sheet, kinds, limits)
        inside = [(v >= low) & (v <= high) for v, (low, high) in zip((x, y), limits, strict=True)]
        kept = inside[0] & inside[1]
        axes.hexbin(
            x[kept],
            y[kept],
            gridsize=(_CELLS, round(_CELLS * sheet.height / sheet.width / 1.73)),
            xscale=kinds[0],
            yscale=kinds[1],
            extent=(*_extent(limits[0], kinds[0]), *_extent(limits[1], kinds[1])),
            mincnt=1,
            bins="log",
            cmap=_shades(self.look),
            linewidths=0,
            gid="draws",
        )
        self._scale(axes, sheet, kinds, limits)  # hexbin sets limits of its own
        axes.plot(*trend(x, y), gid="trend", color=_trend_colour(self.look), linewidth=1.6)

    def _scale(
        self,
        axes: Axes,
        sheet: Sheet,
        kinds: tuple[Kind, Kind],
        limits: tuple[tuple[float, float], ...],
    ) -> None:
        language = self.look.language
        factor, unit = _shown_unit(self.x)
        Scale(kinds[0], limits[0], sheet.width, unit, factor, language).apply(axes)
        factor, unit = _shown_unit(self.y)
        Scale(kinds[1], limits[1], sheet.height, unit, factor, language).apply_upwards(axes)


def trend(x: Values, y: Values) -> tuple[Values, Values]:
    """Return medians of x and y in groups of equally many draws by x."""
    order = np.argsort(x, kind="stable")
    groups = [group for group in np.array_split(order, _GROUPS) if group.size]
    return (
        np.array([np.median(x[group]) for group in groups]),
        np.array([np.median(y[group]) for group in groups]),
    )


def _shown_unit(draws: Draws) -> tuple[float, str]:
    return common_unit([float(np.nanmedian(draws.values))], draws.unit)


def _kind(values: Values) -> Kind:
    low, high = np.percentile(values, _SHOWN)
    return choose_kind(float(low), float(high))


def _limits(values: Values, kind: Kind) -> tuple[float, float]:
    low, high = (float(end) for end in np.percentile(values, _SHOWN))
    if low == high:
        low, high = float(values.min()), float(values.max())
    if kind == "log":
        air = (high / low) ** 0.03
        return low / air, high * air
    air = 0.03 * (high - low)
    return low - air, high + air


def _extent(limits: tuple[float, float], kind: Kind) -> tuple[float, float]:
    return (math.log10(limits[0]), math.log10(limits[1])) if kind == "log" else limits


def _shades(look: Look) -> LinearSegmentedColormap:
    """Return the colours of few to many draws, none of them the ground's own."""
    palette = look.palette
    return LinearSegmentedColormap.from_list("draws", [palette.grid, palette.accent])


def _trend_colour(look: Look) -> str:
    return look.palette.ink


def _key(system: str, quantity: str, look: Look) -> list[Entry]:
    of = f"{system}: {quantity}" if system else quantity
    palette = look.palette

    def shades(axes: Axes, left: float, y: float) -> None:
        for step in range(3):
            colour = _shades(look)(step / 2)
            axes.plot([left + 0.05 + 0.12 * step], [y], "h", markersize=6, color=colour)

    return [
        Entry(look.say("scatter.upwards", quantity=of), 0.4, shades),
        line_entry(look.say("scatter.trend"), Stroke(palette.ink, "-")),
    ]

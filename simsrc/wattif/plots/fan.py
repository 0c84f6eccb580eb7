"""Fans: how a quantity's intervals change along a number, such as the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator
from numpy.typing import NDArray

from wattif.errors import ResultError
from wattif.format import common_unit, format_axis, format_percent
from wattif.plots.key import Entry, line_entry, patch_entry
from wattif.plots.look import Look, Stroke
from wattif.plots.sheet import Panel, Room, Sheet, make_sheet
from wattif.plots.small_print import heading_of
from wattif.plots.style import SMALL_SIZE, styled, text_width
from wattif.plots.sweep import swept_over
from wattif.plots.ticks import Kind, Scale, choose_kind, choose_limits
from wattif.results.answers import (
    NO_SYSTEMS,
    choose_names,
    describe_draws,
    label_of,
    system_labels,
)
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataArray, DataTree

Array = NDArray[np.float64]

_STATISTICS = ("eti_low", "p25", "p50", "p75", "eti_high")
_BANDS = ((0, 4, 0.3), (1, 3, 0.75))  # lower end, upper end, opacity
_WIDE = 20.0  # a grid of numbers over more than that was chosen by factors
_ROOM = Room(height=2.0, least=1.2, left=0.62)


def fan(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of intervals along the one numeric dimension of a result.

    Parameters
    ----------
    tree
        A result whose summary has one dimension besides systems and statistics; its coordinate is
        numeric, and may have ``units`` and a ``long_name``.
    quantities, systems
        Which to show, and in which order; all if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no such dimension, or none of the names, or the size is too small.
    """
    fans = _read_fans(tree, quantities, systems, look.language)
    if not fans:
        raise ResultError("nothing in the result has a value that could be drawn as a fan")
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(one.heading, one.remark(look), one.along) for one in fans],
            _ROOM,
            key=_key(format_percent(float(tree.attrs["interval"]), look.language), look),
            footer=f"{describe_draws(tree, look.language)}.",
        )
        for axes, one in zip(sheet.panels, fans, strict=True):
            _draw(axes, one, sheet, look)
    return sheet.figure


@dataclass(frozen=True, eq=False)
class _Fan:
    """One quantity of one system: ``y`` (5, n) are its statistics at ``x`` (n,)."""

    name: str
    heading: str
    system: str
    unit: str
    factor: float
    along: str
    calendar: bool
    along_unit: str
    x: Array
    y: Array
    ends: tuple[float, float]

    def remark(self, look: Look) -> str:
        """Return what stands under the heading: the system, and what the ticks leave out."""
        words = (self.system, format_axis(self.unit, look.language))
        return " · ".join(word for word in words if word)


def _read_fans(
    tree: DataTree, quantities: Sequence[str], systems: Sequence[str], language: Language
) -> list[_Fan]:
    """Return a fan for each quantity and system that has one; those of a quantity share their y."""
    along = swept_over(tree)
    summary = tree["summary"].to_dataset()
    names = choose_names(quantities, [str(name) for name in summary.data_vars], "quantity")
    keys = choose_names(systems, [str(key) for key in summary["system"].values], "system")
    rows = dict(zip(summary["system"].values, system_labels(summary, language), strict=True))
    labels = {key: "" if key == NO_SYSTEMS else rows[key] for key in keys}
    headings = {name: label_of(summary[name], language) for name in names}
    return [
        one
        for name in names
        for one in _fans_of(
            summary[name].transpose("system", "statistic", along), along, headings[name], labels
        )
    ]


def _fans_of(
    variable: DataArray, along: str, heading: str, labels: Mapping[str, str]
) -> list[_Fan]:
    """Return the fans of one quantity, a system each; ``labels`` are those of the systems."""
    axis = variable[along]
    event = all(_is_event(variable.sel(system=key)) for key in labels)
    shown = ("mean",) * len(_STATISTICS) if event else _STATISTICS
    read = {
        key: np.asarray(variable.sel(system=key, statistic=list(shown)).values) for key in labels
    }
    rows = {key: row for key, row in read.items() if np.isfinite(row).any()}
    if not rows:
        return []
    finite = np.concatenate([row[np.isfinite(row)] for row in rows.values()])
    unit = str(variable.attrs.get("units", "1"))
    factor, shown_unit = (100.0, "%") if event else common_unit([float(x) for x in finite], unit)
    return [
        _Fan(
            name=str(variable.name),
            heading=heading,
            system=labels[key],
            unit=shown_unit,
            factor=factor,
            along=str(axis.attrs.get("long_name", along.replace("_", " "))),
            calendar=along == "year",
            along_unit=str(axis.attrs.get("units", "1")),
            x=np.asarray(axis.values, dtype=np.float64),
            y=row,
            ends=(float(finite.min()), float(finite.max())),
        )
        for key, row in rows.items()
    ]


def _is_event(variable: DataArray) -> bool:
    """Return whether every draw was 0 or 1 wherever there is an answer: only then sd is that."""
    mean, sd, low, high = (
        np.asarray(variable.sel(statistic=name).values) for name in ("mean", "sd", "min", "max")
    )
    given = np.isfinite(mean)
    certain = (low == high) & ((low == 0) | (low == 1))
    happens = (low == 0) & (high == 1) & np.isclose(sd**2, mean * (1 - mean), rtol=1e-3)
    return bool(given.any() and (certain | happens)[given].all() and happens[given].any())


def _draw(axes: Axes, one: _Fan, sheet: Sheet, look: Look) -> None:
    """Draw one fan."""
    axes.set_gid(one.name)
    palette, language = look.palette, look.language
    kind = choose_kind(*one.ends)
    limits = choose_limits(*one.ends, kind)
    Scale(kind, limits, sheet.height, one.unit, one.factor, language).apply_upwards(axes)
    _apply_along(axes, one, sheet.width, look)
    axes.grid(axis="y", color=palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    for low, high, opacity in _BANDS:
        axes.fill_between(
            one.x,
            np.clip(one.y[low], *limits),
            np.clip(one.y[high], *limits),
            color=palette.accent_light,
            alpha=opacity,
            linewidth=0,
            gid="band",
        )
    axes.plot(one.x, one.y[2], color=palette.accent, linewidth=1.8, gid="median", zorder=3)


def _apply_along(axes: Axes, one: _Fan, width: float, look: Look) -> None:
    """Give the x axis its limits and ticks: years are written as such, not as amounts."""
    ends = float(one.x.min()), float(one.x.max())
    if not one.calendar:
        kind: Kind = "log" if ends[0] > 0.0 and ends[1] >= _WIDE * ends[0] else "linear"
        Scale(kind, ends, width, one.along_unit, language=look.language).apply(axes)
        return
    step = max(1, round(text_width("0000  ", SMALL_SIZE) * (ends[1] - ends[0]) / width + 0.5))
    years = np.arange(np.ceil(ends[0]), ends[1] + 1e-9, step)
    axes.set_xlim(ends)
    axes.xaxis.set_major_locator(FixedLocator([float(year) for year in years]))
    axes.xaxis.set_major_formatter(FixedFormatter([f"{year:.0f}" for year in years]))


def _key(level: str, look: Look) -> list[Entry]:
    palette = look.palette
    return [
        line_entry(look.say("fan.median"), Stroke(palette.accent, "-")),
        patch_entry(look.say("fan.half"), palette.accent_light, _BANDS[1][2]),
        patch_entry(look.say("fan.interval", level=level), palette.accent_light, _BANDS[0][2]),
    ]

"""Convergence: how estimates settle as one replicate after the other is taken in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wattif.format import common_unit, format_percent, format_value
from wattif.plots.key import Entry, line_entry, patch_entry
from wattif.plots.look import Look, Stroke
from wattif.plots.rows import row_room, shade, write_absences, write_at_end, write_in_row
from wattif.plots.sheet import Panel, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled
from wattif.plots.ticks import Scale
from wattif.results.answers import Answer, Quantity, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

Array = NDArray[np.float64]

_ROW, _LEAST = 0.62, 0.5  # inches
_REACH = 6.0  # final standard errors from the middle of a row to its edge
_LEVEL = 0.90  # of the band


def convergence(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of medians, and of their sampling error, against the draws taken in.

    Each row shows the mean of the medians of the first replicates less that of all of them, in
    units of the final standard error, so that all rows should look alike: a funnel about zero. A
    row that does not is a warning. The band is Student's t interval at 90 %. Probabilities take the
    place of medians for what happens or not.

    The arguments, and what is raised, are those of :func:`wattif.plots.intervals`.
    """
    shown = read_answers(tree, quantities, systems, look.language)
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(quantity.label, caption=look.say("convergence.along")) for quantity in shown],
            row_room(len(shown[0].answers), _ROW, _LEAST),
            rows=[answer.row for answer in shown[0].answers],
            key=_key(look),
            footer=footer(tree, shown, look),
        )
        for axes, quantity in zip(sheet.panels, shown, strict=True):
            _draw(axes, tree, quantity, sheet, look)
    return sheet.figure


def _draw(axes: Axes, tree: DataTree, quantity: Quantity, sheet: Sheet, look: Look) -> None:
    """Draw the panel of one quantity: row i of its axes is at y = i."""
    axes.set_gid(quantity.name)
    shade(axes, len(quantity.answers), look)
    draws = int(tree.attrs["draws"])
    Scale("linear", (0.0, draws * 1.02), sheet.width, "1", language=look.language).apply(axes)
    given = [a.median for a in quantity.answers if not math.isnan(a.median)]
    factor, unit = (100.0, "%") if quantity.is_event else common_unit(given, quantity.unit)
    for row, answer in enumerate(quantity.answers):
        if math.isnan(answer.median):
            continue
        statistic = "mean" if quantity.is_event else "p50"
        settled = _settle(_replicates(tree, quantity.name, answer, statistic))
        value, error = answer.statistics[statistic], answer.errors[statistic]
        text = format_value(factor * value, unit, factor * error, look.language)
        if settled is None:
            write_in_row(axes, sheet, look, row, look.say("convergence.same", value=text))
            continue
        _draw_funnel(axes, row, settled, draws, look)
        write_at_end(axes, sheet, look, row, f"{text}{_plus_or_minus(error, value, look)}")
    write_absences(axes, sheet, look, quantity.answers)


def _plus_or_minus(error: float, value: float, look: Look) -> str:
    """Return a relative standard error in one digit: " ± 0.02 %"; "" if it says nothing."""
    relative = error / abs(value) if value else math.nan
    if not 1e-6 <= relative < 1:
        return ""
    return f" ± {format_percent(float(f'{relative:.0e}'), look.language)}"


def _replicates(tree: DataTree, quantity: str, answer: Answer, statistic: str) -> Array:
    column = tree["replicates"][quantity].sel(system=answer.system, statistic=statistic)
    return np.asarray(column.values, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Settling:
    """The mean of the first 3, 4, ... replicates, and how far its interval reaches (n,).

    Both in final standard errors; the mean is counted from that of all replicates.
    """

    mean: Array
    reach: Array


def _settle(replicates: Array) -> Settling | None:
    """Return how the mean of replicates settles; None if they are all the same, or not finite."""
    from scipy.special import stdtrit

    count = len(replicates)
    if count < 3 or not np.isfinite(replicates).all() or np.ptp(replicates) == 0:
        return None
    replicates = replicates / np.abs(replicates).max()  # squares of the largest overflow
    used = np.arange(3, count + 1)
    means = np.array([replicates[:k].mean() for k in used])
    errors = np.array([replicates[:k].std(ddof=1) / math.sqrt(k) for k in used])
    return Settling(
        (means - means[-1]) / errors[-1], stdtrit(used - 1, (1 + _LEVEL) / 2) * errors / errors[-1]
    )


def _draw_funnel(axes: Axes, row: int, settled: Settling, draws: int, look: Look) -> None:
    """Draw a row: upwards is more, although the rows are counted downwards."""
    palette = look.palette
    count = len(settled.mean) + 2
    x = draws * np.arange(3, count + 1) / count
    half = 0.47 / _REACH
    low, high = (
        row - np.clip((settled.mean + sign * settled.reach) * half, -0.47, 0.47) for sign in (-1, 1)
    )
    axes.hlines(row, 0, draws, colors=palette.muted, linewidths=0.7, zorder=1)
    axes.fill_between(
        x, low, high, color=palette.accent_light, alpha=0.45, linewidth=0, gid="band", zorder=2
    )
    line = row - np.clip(settled.mean * half, -0.47, 0.47)
    axes.plot(x, line, color=palette.accent, linewidth=1.5, gid="running", zorder=3)


def _key(look: Look) -> list[Entry]:
    palette = look.palette
    return [
        line_entry(look.say("convergence.running"), Stroke(palette.accent, "-")),
        patch_entry(look.say("convergence.band"), palette.accent_light, 0.45),
    ]

"""What a run assumed: every stated quantity with its distribution, range, grade and source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wattif.analysis import Draws, assumptions_behind, drawn_inputs
from wattif.errors import ResultError
from wattif.format import common_unit, format_interval, format_value
from wattif.plots.look import Look
from wattif.plots.rows import ground, place_in_row, row_room
from wattif.plots.sheet import Panel, Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import SMALL_SIZE, styled, wrap
from wattif.plots.ticks import choose_kind
from wattif.results.answers import read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

_ROW = 0.44  # inches: three lines of a source
_DENSITY, _RANGE, _GRADE = 1.2, 1.62, 0.42  # inches: widths of the columns
_BESIDE = 2.7  # beside the panel, for sources
_GAP = 0.12  # between columns
_AIR = 0.09  # inches between the columns' names and the first row, as under a panel's remark
_CELLS = 48  # of a density
_SEPARATE = 16  # values at most that stand for themselves, as those of a die
_BULK = (0.5, 99.5)  # percentiles between which a density is drawn
_FOOT, _PEAK = 0.36, 0.72  # rows: a density's base under the middle of its row, and its height
_STATED = ("random", "conditional", "constant")

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Assumption:
    """One row: words as the study has them, percentiles 5, 50 and 95, and draws if any.

    What depends on other quantities has no percentiles of its own: they are NaN.
    """

    label: str
    unit: str
    grade: str
    source: str
    stated: str
    percentiles: tuple[float, float, float]
    draws: Draws | None


def inputs(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of what a run assumed, a row an assumption.

    Each random quantity has its density, between its own half and 99.5th percentile and on a
    logarithmic scale where it spans much, with the median as a line; then the 5th to the 95th
    percentile, grade and source.

    Parameters
    ----------
    tree
        The result of a run.
    quantities, systems
        Only what these outputs of these systems rest on; everything if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name, it rests on nothing stated, or the
        size is too small.
    """
    rows = read_assumptions(tree, quantities, systems, look.language)
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(look.say("inputs.heading"), look.say("inputs.density"))],
            replace(row_room(len(rows), _ROW, _ROW), right=_BESIDE),
            rows=[row.label for row in rows],
            footer=f"{look.say('inputs.small_print')} {footer(tree, (), look)}",
        )
        axes = sheet.panels[0]
        axes.set_gid("inputs")
        axes.set_xlim(0, sheet.width)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        _write_head(axes, place_in_row(sheet, len(rows), _AIR), look)
        for number, row in enumerate(rows):
            _draw_row(axes, sheet, number, row, look)
    return sheet.figure


def read_assumptions(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> list[_Assumption]:
    """Return the rows: what the outputs asked for rest on, in the order of the result.

    Raises
    ------
    ResultError
        If there is no such output or system, or nothing is stated about it.
    """
    table = tree["inputs"].to_dataset()
    drawn = drawn_inputs(tree)
    keys = [str(key) for key in table["quantity"].values]
    if quantities or systems:
        behind = assumptions_behind(tree, quantities, systems)
        keys = [key for key in keys if key in behind]
    answers = read_answers(tree, language=language)[0].answers
    owners = {answer.system: answer.label for answer in answers}
    rows = [
        _assumption(table.sel(quantity=key), drawn.get(key), owners, language)
        for key in keys
        if str(table["kind"].sel(quantity=key).item()) in _STATED
    ]
    if not rows:
        raise ResultError("these outputs rest on nothing that is stated; choose others")
    return rows


def _assumption(
    row: Dataset, draws: Draws | None, owners: Mapping[str, str], language: Language
) -> _Assumption:
    text = {name: str(row[name].item()) for name in _TEXTS}
    own = str(row[f"label_{language}"].item()) if f"label_{language}" in row else ""
    label = own or text["label"] or text["name"].replace("_", " ")
    owner = owners.get(text["system"], "")
    low, middle, high = (float(row["percentiles"].sel(percentile=p).item()) for p in (5, 50, 95))
    return _Assumption(
        label=f"{owner}: {label}" if owner else label,
        unit=text["unit"],
        grade=text["grade"],
        source=text["source"],
        stated=text["stated"],
        percentiles=(low, middle, high),
        draws=draws,
    )


_TEXTS = ("name", "label", "system", "unit", "grade", "source", "stated")


def _write_head(axes: Axes, air: float, look: Look) -> None:
    """Name the columns beside the densities, so many rows over the first one."""
    for name, left in zip(("range", "grade", "source"), _lefts()[1:], strict=True):
        axes.text(
            left,
            -0.5 - air,
            look.say(f"inputs.{name}"),
            fontsize=SMALL_SIZE,
            color=look.palette.muted,
            gid="head",
        )


def _lefts() -> tuple[float, float, float, float]:
    """Return where the columns begin, in inches."""
    range_ = _DENSITY + _GAP
    grade = range_ + _RANGE + _GAP
    return 0.0, range_, grade, grade + _GRADE + _GAP


def _draw_row(axes: Axes, sheet: Sheet, number: int, row: _Assumption, look: Look) -> None:
    axes.fill_between(
        [0, sheet.width + _BESIDE],
        number - 0.5,
        number + 0.5,
        color=ground(number, look),
        linewidth=0,
        clip_on=False,
        zorder=0,
    )
    if row.draws is not None and not row.draws.constant:
        _draw_density(axes, number, row.draws.values.ravel(), look)
    _, range_, grade, source = _lefts()
    room = sheet.width + _BESIDE - source
    for left, text, colour in (
        (range_, _range(row, look), look.palette.ink),
        (grade, row.grade, look.palette.ink),
        (source, wrap(row.source, room, size=SMALL_SIZE, lines=3), look.palette.muted),
    ):
        axes.text(
            left,
            number,
            text,
            fontsize=SMALL_SIZE,
            color=colour,
            verticalalignment="center",
            linespacing=1.1,
            gid="cell",
        )


def _range(row: _Assumption, look: Look) -> str:
    """Return the 5th to the 95th percentile, the value of a constant, or what the study says."""
    low, middle, high = row.percentiles
    if math.isnan(middle):
        return wrap(row.stated, _RANGE, size=SMALL_SIZE)
    factor, unit = common_unit([middle], row.unit)
    if low == high:
        return wrap(
            format_value(factor * middle, unit, 0.0, look.language), _RANGE, size=SMALL_SIZE
        )
    text = format_interval(factor * low, factor * high, unit, language=look.language)
    return wrap(text, _RANGE, size=SMALL_SIZE)


def _draw_density(axes: Axes, number: int, draws: Values, look: Look) -> None:
    """Draw the density of some draws as a small hill, or as posts if they take few values."""
    draws = draws[np.isfinite(draws)]
    places, heights = density(draws)
    low, high = places[0], places[-1]
    x = (places - low) / (high - low) * _DENSITY
    base = number + _FOOT
    top = base - _PEAK * heights / heights.max()
    palette = look.palette
    if len(np.unique(draws)) <= _SEPARATE:
        axes.vlines(x, base, top, colors=palette.accent, linewidths=3.0, gid="density")
        return
    axes.fill_between(x, base, top, color=palette.accent_light, linewidth=0, gid="density")
    axes.plot(x, top, color=palette.accent, linewidth=1.0)
    middle = np.interp(_transform(draws, np.median(draws)), places, x)
    axes.vlines(middle, base, base - 0.2, colors=palette.ink, linewidths=1.2, gid="median")


def density(draws: Values) -> tuple[Values, Values]:
    """Return places, on the scale that suits the draws, and the heights of their density there."""
    values = np.unique(draws)
    if len(values) <= _SEPARATE:
        return values, np.array([np.mean(draws == value) for value in values])
    shown = _transform(draws, draws)
    low, high = np.percentile(shown, _BULK)
    counts, edges = np.histogram(shown[(shown >= low) & (shown <= high)], bins=_CELLS)
    return (edges[1:] + edges[:-1]) / 2, counts.astype(np.float64)


def _transform(draws: Values, values: Values | np.float64) -> Values:
    """Return values on the scale that suits the draws: their logarithm if these span much."""
    low, high = np.percentile(draws, _BULK)
    log = choose_kind(float(low), float(high)) == "log"
    return np.asarray(np.log10(np.maximum(values, np.finfo(float).tiny)) if log else values)

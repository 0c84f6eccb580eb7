"""Efficiency: how the sampling error falls with the draws, for one scheme of sampling and another.

Takes several results of the same study, made with different draws and schemes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wattif.errors import ResultError
from wattif.plots.key import Entry, line_entry
from wattif.plots.look import Look, Stroke
from wattif.plots.sheet import Panel, Room, Sheet, make_sheet
from wattif.plots.small_print import heading_of
from wattif.plots.style import styled
from wattif.plots.ticks import Scale, choose_limits
from wattif.results.answers import Quantity, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

Array = NDArray[np.float64]

_ROOM = Room(height=2.3, least=1.4, left=0.62)
_SCHEMES = ("sobol", "latin-hypercube", "random")  # the order of their colours
_MARKERS = ("o", "s", "^")


def efficiency(
    trees: Sequence[DataTree],
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of sampling error against draws, a line a scheme.

    The error is the relative standard error of the median, root mean square over the systems; the
    bar across each point is twice its own standard error, which the number of replicates decides.
    The dotted line is what random draws promise: a half for four times the draws.

    Parameters
    ----------
    trees
        Results of one study.
    quantities, systems
        Which to show, and in which order; all if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If there are not two results of the same study at least, or none has an error, or a name or
        the size is wrong.
    """
    panels = _read_panels(trees, quantities, systems, look)
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(trees[0], title, look),
            [
                Panel(p.heading, look.say("efficiency.upwards"), look.say("efficiency.along"))
                for p in panels
            ],
            _ROOM,
            key=_key(panels, look),
            footer=look.say("efficiency.footer", replicates=trees[0].attrs["replicates"]),
        )
        for axes, panel in zip(sheet.panels, panels, strict=True):
            _draw(axes, panel, sheet, look)
    return sheet.figure


@dataclass(frozen=True, eq=False)
class _Line:
    """One scheme: draws, relative errors, and the share of them that is their own uncertainty."""

    scheme: str
    draws: Array
    error: Array
    blur: Array


@dataclass(frozen=True, eq=False)
class _Panel:
    name: str
    heading: str
    lines: tuple[_Line, ...]


def _read_panels(
    trees: Sequence[DataTree], quantities: Sequence[str], systems: Sequence[str], look: Look
) -> list[_Panel]:
    if len(trees) < 2:
        raise ResultError(
            "efficiency compares results: give two or more of one study, made with different "
            "--draws or --sampling"
        )
    for first, second in pairwise(trees):
        names = str(first.attrs["title"]), str(second.attrs["title"])
        if names[0] != names[1]:
            raise ResultError(
                f"efficiency compares results of one study, not of '{names[0]}' and '{names[1]}'"
            )
    read = [read_answers(tree, quantities, systems, look.language) for tree in trees]
    panels = [_panel(trees, same) for same in zip(*read, strict=True)]
    shown = [panel for panel in panels if panel.lines]
    if not shown:
        raise ResultError("no median has a sampling error: there is nothing to compare")
    return shown


def _panel(trees: Sequence[DataTree], same: Sequence[Quantity]) -> _Panel:
    """Return the lines of one quantity, from what each result says of it."""
    points: dict[str, list[tuple[float, float, float]]] = {}
    for tree, quantity in zip(trees, same, strict=True):
        error = _relative_error(quantity)
        if error > 0:
            blur = 2 / math.sqrt(2 * (int(tree.attrs["replicates"]) - 1))
            scheme = points.setdefault(str(tree.attrs["sampling"]), [])
            scheme.append((float(tree.attrs["draws"]), error, blur))
    lines = (
        _Line(scheme, *np.array(sorted(points[scheme])).T)
        for scheme in sorted(points, key=_SCHEMES.index)
    )
    return _Panel(same[0].name, same[0].label, tuple(lines))


def _relative_error(quantity: Quantity) -> float:
    """Return the root mean square over systems of the median's relative standard error."""
    found = [
        (a.errors["p50"] / a.median) ** 2
        for a in quantity.answers
        if a.median and math.isfinite(a.median) and a.errors["p50"] > 0
    ]
    return math.sqrt(sum(found) / len(found)) if found else 0.0


def _draw(axes: Axes, panel: _Panel, sheet: Sheet, look: Look) -> None:
    axes.set_gid(panel.name)
    palette, language = look.palette, look.language
    draws = np.concatenate([line.draws for line in panel.lines])
    errors = np.concatenate(
        [line.error * (1 + sign * line.blur) for line in panel.lines for sign in (-1, 1)]
    )
    along = _limits(draws)
    upwards = _limits(errors)
    Scale("log", along, sheet.width, "1", language=language).apply(axes)
    Scale("log", upwards, sheet.height, "%", 100.0, language).apply_upwards(axes)
    axes.grid(color=palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    first = panel.lines[-1]  # random, if it is there
    slope = first.error[0] * np.sqrt(first.draws[0] / np.array(along))
    axes.plot(along, slope, color=palette.muted, linestyle=":", linewidth=1.0, gid="promise")
    for line in panel.lines:
        number = _SCHEMES.index(line.scheme)
        stroke = look.stroke(number)
        axes.plot(
            line.draws,
            line.error,
            color=stroke.colour,
            linestyle=stroke.dashes,
            marker=_MARKERS[number],
            markersize=4.5,
            linewidth=1.6,
            gid=line.scheme,
        )
        low, high = (line.error * (1 + sign * line.blur) for sign in (-1, 1))
        axes.vlines(line.draws, low, high, colors=stroke.colour, linewidths=1.0)


def _limits(values: Array) -> tuple[float, float]:
    """Return limits of a logarithmic axis around values, which may be all the same."""
    low, high = float(values.min()), float(values.max())
    return choose_limits(low, high, "log") if high > 1.5 * low else (low / 2, high * 2)


def _key(panels: Sequence[_Panel], look: Look) -> list[Entry]:
    found = {line.scheme for panel in panels for line in panel.lines}
    schemes = [scheme for scheme in _SCHEMES if scheme in found]
    promise = Stroke(look.palette.muted, ":")
    return [
        *(line_entry(look.say(f"efficiency.{s}"), look.stroke(_SCHEMES.index(s))) for s in schemes),
        line_entry(look.say("efficiency.promise"), promise),
    ]

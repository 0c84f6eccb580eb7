"""Rank correlations of a system's outputs and inputs, as a square of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from wattif.analysis import Correlations, rank_correlations
from wattif.errors import ResultError
from wattif.format import format_value
from wattif.format.languages import MANNERS
from wattif.plots.choice import choose_outputs
from wattif.plots.key import patch_entry
from wattif.plots.look import Look
from wattif.plots.matrix import blend, draw_matrix, numbered
from wattif.plots.rows import row_room
from wattif.plots.sheet import Panel, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import styled
from wattif.results.answers import read_answers

if TYPE_CHECKING:
    from xarray import DataTree

_ROW = 0.31  # inches


def correlations(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of the rank correlations of outputs, and of the inputs they rest on.

    Parameters
    ----------
    tree
        The result of a run.
    quantities
        Outputs to show; all if empty.
    systems
        Whose: one; the first that has an output that varies if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name, several systems are asked for,
        nothing varies, or the size is too small.
    """
    if len(systems) > 1:
        raise ResultError("correlations are those of one system at a time; name one")
    system = systems[0] if systems else choose_outputs(tree, quantities)[0].answer.system
    found = rank_correlations(tree, system, quantities, look.language)
    labels = numbered(found.labels)
    (answer,) = read_answers(tree, (), [system], look.language)[0].answers
    heading, columns = look.say("correlations.heading"), look.say("correlations.columns")
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            [Panel(answer.row or heading, look.say("correlations.order"), columns)],
            row_room(len(labels), _ROW, 0.2),
            rows=labels,
            key=[
                patch_entry(look.say("correlations.positive"), look.palette.accent),
                patch_entry(look.say("correlations.negative"), _negative(look)),
            ],
            footer=f"{_small_print(found, look)} {footer(tree, (), look)}",
        )
        axes = sheet.panels[0]
        axes.set_gid(system)
        below = np.tril(np.ones_like(found.value, dtype=bool), -1)
        values = np.where(below, found.value, np.nan)
        draw_matrix(axes, sheet, values, lambda r: _colour(r, look), lambda r: _text(r, look), look)
        line = found.outputs - 0.5
        axes.hlines(line, -0.5, line, colors=look.palette.muted, linewidths=0.8, gid="outputs")
        axes.vlines(line, line, len(labels) - 0.5, colors=look.palette.muted, linewidths=0.8)
    return sheet.figure


def _negative(look: Look) -> str:
    return look.palette.series[1]


def _colour(r: float, look: Look) -> str:
    return blend(0.04 + 0.9 * abs(r), look.palette.accent if r > 0 else _negative(look), look)


def _text(r: float, look: Look) -> str:
    """Return a correlation with two decimals and no leading zero: ".87"."""
    text = MANNERS[look.language].number(f"{abs(r):.2f}").removeprefix("0")
    if not text.strip("0.,"):
        return "0"
    return f"−{text}" if r < 0 else text  # noqa: RUF001


def _small_print(found: Correlations, look: Look) -> str:
    error = format_value(float(np.nanmax(found.error)), "1", language=look.language)
    return look.say("correlations.estimated", error=error)

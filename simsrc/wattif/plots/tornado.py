"""How far each input swings an output: medians where the input is lowest, and highest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.analysis import Swing, Tornado, find_swings
from wattif.format import common_unit, format_axis, format_value
from wattif.plots.choice import choose_outputs, words_of
from wattif.plots.key import Entry, patch_entry
from wattif.plots.look import Look
from wattif.plots.own_rows import end_room, label_rows, own_rows_room, wrap_rows
from wattif.plots.sheet import Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import SMALL_SIZE, styled, wrap
from wattif.plots.ticks import Scale, choose_kind

if TYPE_CHECKING:
    from xarray import DataTree

MOST = 10  # inputs a panel
_THICK = 0.5  # of a row
_MOST_ROOM = 0.43  # of a panel's width, for the texts at either side
_GAP = 0.06  # inches between a bar's end and its text


def tornado(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of how far each input swings an output, the widest swing on top.

    A bar reaches from the output's median over the draws with the lowest tenth of an input to that
    with the highest; at its ends stands the input's own median in those draws, and twice the
    standard error as a whisker. The line is the median over all draws.

    Parameters
    ----------
    tree
        The result of a run.
    quantities, systems
        Which outputs to show; those of the first system if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no quantity or no system of that name, nothing varies, or the size is too
        small.
    """
    chosen = choose_outputs(tree, quantities, systems, look.language)
    found = [find_swings(tree, c.quantity.name, c.answer.system, look.language) for c in chosen]
    labels = wrap_rows([[swing.label for swing in one.swings[:MOST]] for one in found])
    panels = words_of(chosen, lambda c: _caption(found[chosen.index(c)], look))
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            panels,
            own_rows_room(labels),
            key=_key(look),
            footer=f"{_small_print(found, look)} {footer(tree, (), look)}",
        )
        rows = max(map(len, labels))
        for axes, choice, one, names in zip(sheet.panels, chosen, found, labels, strict=True):
            axes.set_gid(f"{choice.answer.system}.{choice.quantity.name}")
            label_rows(axes, names, rows, look)
            _draw(axes, sheet, one, look)
    return sheet.figure


def _caption(found: Tornado, look: Look) -> str:
    return format_axis(_unit(found)[1], look.language)


def _unit(found: Tornado) -> tuple[float, str]:
    return (100.0, "%") if found.event else common_unit([found.median.value], found.unit)


def _draw(axes: Axes, sheet: Sheet, found: Tornado, look: Look) -> None:
    palette, swings = look.palette, found.swings[:MOST]
    room = _MOST_ROOM * sheet.width - 2 * _GAP
    texts = [_ends(swing, room, look) for swing in swings]
    _scale(axes, sheet, found, [text for ends in texts for _, text in ends], look)
    axes.axvline(found.median.value, color=palette.ink, linewidth=1.0, zorder=2, gid="median")
    for row, (swing, ends) in enumerate(zip(swings, texts, strict=True)):
        for end, colour, gid in (
            (swing.low, palette.accent_light, "low"),
            (swing.high, palette.accent, "high"),
        ):
            width = end.value - found.median.value
            axes.barh(row, width, _THICK, found.median.value, color=colour, zorder=1, gid=gid)
            reach = end.value - 2 * end.error, end.value + 2 * end.error
            axes.hlines(row, *reach, colors=palette.ink, linewidths=1.1, zorder=3, gid="error")
        for side, text in ends:
            _write(axes, side, row, text, swing, look)


def _ends(swing: Swing, room: float, look: Look) -> list[tuple[str, str]]:
    """Return what stands left and right of a bar: the input's value at that end, if it fits."""
    factor, unit = common_unit(list(swing.inputs), swing.unit)
    values = (format_value(factor * x, unit, language=look.language) for x in swing.inputs)
    low, high = (wrap(value, room, size=SMALL_SIZE, lines=1) for value in values)
    rises = swing.low.value <= swing.high.value
    return [("left", low if rises else high), ("right", high if rises else low)]


def _write(axes: Axes, side: str, row: int, text: str, swing: Swing, look: Look) -> None:
    ends = [e.value + sign * 2 * e.error for e in (swing.low, swing.high) for sign in (-1, 1)]
    x, shift = (min(ends), -72 * _GAP) if side == "left" else (max(ends), 72 * _GAP)
    axes.annotate(
        text,
        (x, row),
        (shift, 0),
        textcoords="offset points",
        fontsize=SMALL_SIZE,
        color=look.palette.muted,
        horizontalalignment="right" if side == "left" else "left",
        verticalalignment="center_baseline",
        bbox={"facecolor": look.palette.ground, "edgecolor": "none", "pad": 0.6},
        gid="input",
    )


def _scale(axes: Axes, sheet: Sheet, found: Tornado, texts: Sequence[str], look: Look) -> None:
    """Give the axis room for the bars and for the longest text on both sides."""
    ends = [e.value for swing in found.swings[:MOST] for e in (swing.low, swing.high)]
    low, high = min(*ends, found.median.value), max(*ends, found.median.value)
    kind = choose_kind(low, high)
    room = min(end_room(texts) + _GAP, _MOST_ROOM * sheet.width)
    share = room / (sheet.width - 2 * room)
    if kind == "log":
        air = math.log(high / low) * share
        limits = low * math.exp(-air), high * math.exp(air)
    else:
        air = (high - low or abs(high) or 1.0) * share
        limits = low - air, high + air
    factor, unit = _unit(found)
    least = 0.0 if low >= 0 else -math.inf  # the room for texts is no place for negative energy
    Scale(kind, limits, sheet.width, unit, factor, look.language, least).apply(axes)
    axes.grid(axis="x", color=look.palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)


def _key(look: Look) -> list[Entry]:
    palette = look.palette

    def median(axes: Axes, left: float, y: float) -> None:
        axes.vlines(left + 0.04, y - 0.07, y + 0.07, colors=palette.ink, linewidths=1.0)

    def error(axes: Axes, left: float, y: float) -> None:
        axes.hlines(y, left, left + 0.2, colors=palette.ink, linewidths=1.1)

    return [
        patch_entry(look.say("tornado.low"), palette.accent_light),
        patch_entry(look.say("tornado.high"), palette.accent),
        Entry(look.say("tornado.median"), 0.08, median),
        Entry(look.say("tornado.error"), 0.2, error),
    ]


def _small_print(found: Sequence[Tornado], look: Look) -> str:
    hidden = max(len(one.swings) for one in found) > MOST
    parts = [look.say("tornado.estimated")]
    parts += [look.say("tornado.hidden", most=MOST)] if hidden else []
    return " ".join(parts)

"""What a total is made of: stacked parts of several systems, or the steps of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.analysis import Breakdown, break_down, totals
from wattif.errors import ResultError
from wattif.plots.amounts import GAP, Amounts
from wattif.plots.key import Entry, patch_entry
from wattif.plots.look import Look
from wattif.plots.matrix import blend
from wattif.plots.rows import row_room, shade
from wattif.plots.sheet import Panel, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import SMALL_SIZE, styled, text_width
from wattif.results.answers import Answer, read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

_THICK = 0.56  # of a row
_APART = 15.0  # ratio of the totals from which only their shares can be compared


def breakdown(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of what a total is made of.

    Medians of parts do not add up to the median of a sum. So each part is shown as the step that
    it adds to the median of the running sum, and the steps end at the total's median; the whisker
    is the total's credible interval. One system is shown as steps, several as stacked bars, and
    as shares of their totals where these are far apart.

    Parameters
    ----------
    tree
        The result of a run.
    quantities
        The total: one output that is a sum of quantities; the first such if empty.
    systems
        Which to show; all that have it if empty.
    title
        Over everything; the study's title if None.
    look
        Style, language and size.

    Raises
    ------
    ResultError
        If the result has no such quantity or systems, it is not a sum, several quantities are
        asked for, or the size is too small.
    """
    found = choose_totals(tree, quantities, systems, look.language)
    draw = _draw_steps if len(found) == 1 else _draw_shares if _far_apart(found) else _draw_stacks
    with styled(look):
        return draw(tree, found, title, look)


def choose_totals(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> list[tuple[Answer, Breakdown]]:
    """Return the systems to show with what their total is made of.

    Raises
    ------
    ResultError
        If no output of the result is a sum, the one asked for is not, or several are asked for.
    """
    if len(quantities) > 1:
        raise ResultError("a break-down is of one total at a time; name one")
    answers = read_answers(tree, quantities, systems)
    keys = [answer.system for answer in answers[0].answers]
    sums = {key: totals(tree, key) for key in keys}
    name = quantities[0] if quantities else next((n for key in keys for n in sums[key]), None)
    if name is None:
        raise ResultError("no output of the result is a plain sum of quantities")
    (total,) = read_answers(tree, [name], systems, language)
    given = [a for a in total.answers if not a.absent and (quantities or name in sums[a.system])]
    if not given:
        raise ResultError(f"no system has {total.label}, so there is nothing to break down")
    return [(answer, break_down(tree, name, answer.system, language=language)) for answer in given]


def _draw_steps(
    tree: DataTree, found: Sequence[tuple[Answer, Breakdown]], title: str | None, look: Look
) -> Figure:
    """Draw one system: a row a part, each from where the one before it ends."""
    ((answer, one),) = found
    labels = [*(part.label for part in one.parts), one.label]
    scale = Amounts(found, look)
    sheet = make_sheet(
        look,
        heading_of(tree, title, look),
        [Panel(one.label, answer.row, scale.caption)],
        row_room(len(labels)),
        rows=labels,
        key=_key([], scale.level, look),
        footer=_small_print(tree, look),
    )
    axes = sheet.panels[0]
    axes.set_gid(answer.system)
    shade(axes, len(labels), look)
    texts = [*(scale.part(part.spread.median, part.share) for part in one.parts), scale.total(one)]
    scale.apply(axes, sheet, max(text_width(text, SMALL_SIZE) for text in texts) + 2 * GAP)
    starts = [0.0, *(part.running.median.value for part in one.parts[:-1]), 0.0]
    ends = [*(part.running.median.value for part in one.parts), one.total.median.value]
    for row, (start, end, text) in enumerate(zip(starts, ends, texts, strict=True)):
        last = row == len(one.parts)
        colour = look.palette.accent if last else look.palette.accent_light
        axes.barh(row, end - start, _THICK, start, color=colour, gid="total" if last else "part")
        if not last:
            axes.vlines(end, row, row + 1, colors=look.palette.muted, linewidths=0.8, zorder=3)
        edge = one.total.high.value if last else max(start, end)
        scale.write(axes, edge, row, text)
    scale.whisker(axes, one, len(one.parts))
    return sheet.figure


def _draw_stacks(
    tree: DataTree, found: Sequence[tuple[Answer, Breakdown]], title: str | None, look: Look
) -> Figure:
    """Draw several systems: a bar each, its parts end to end."""
    scale = Amounts(found, look)
    colours = _colours(found, look)
    labels = [answer.row for answer, _ in found]
    sheet = make_sheet(
        look,
        heading_of(tree, title, look),
        [Panel(found[0][1].label, "", scale.caption)],
        row_room(len(found)),
        rows=labels,
        key=_key(list(colours.items()), scale.level, look),
        footer=_small_print(tree, look),
    )
    axes = sheet.panels[0]
    axes.set_gid(found[0][1].label)
    shade(axes, len(found), look)
    texts = [scale.total(one) for _, one in found]
    scale.apply(axes, sheet, max(text_width(text, SMALL_SIZE) for text in texts) + 2 * GAP)
    for row, ((_, one), text) in enumerate(zip(found, texts, strict=True)):
        start = 0.0
        for part in one.parts:
            step = part.running.median.value - start
            axes.barh(row, step, _THICK, start, color=colours[part.label], gid="part")
            scale.share(axes, (start, step), row, part.share.value, colours[part.label])
            start += step
        scale.whisker(axes, one, row)
        scale.write(axes, one.total.high.value, row, text)
    return sheet.figure


def _draw_shares(
    tree: DataTree, found: Sequence[tuple[Answer, Breakdown]], title: str | None, look: Look
) -> Figure:
    """Draw several systems whose totals are far apart: a bar of the mean shares each."""
    colours = _colours(found, look)
    sheet = make_sheet(
        look,
        heading_of(tree, title, look),
        [Panel(found[0][1].label, look.say("breakdown.shares"))],
        replace(row_room(len(found)), right=0.9),
        rows=[answer.row for answer, _ in found],
        key=[patch_entry(label, colour) for label, colour in colours.items()],
        footer=footer(tree, (), look),
    )
    axes = sheet.panels[0]
    axes.set_gid(found[0][1].label)
    shade(axes, len(found), look)
    scale = Amounts(found, look)
    scale.apply_shares(axes, sheet)
    for row, (_, one) in enumerate(found):
        start = 0.0
        for part in one.parts:
            share, colour = part.share.value, colours[part.label]
            axes.barh(row, share, _THICK, start, color=colour, gid="part")
            scale.share(axes, (start, share), row, share, colour)
            start += share
        scale.write(axes, 1.0, row, scale.total(one))
    return sheet.figure


def _far_apart(found: Sequence[tuple[Answer, Breakdown]]) -> bool:
    """Return whether bars of the totals would not all be seen, and shares make sense."""
    totals_ = [one.total.median.value for _, one in found]
    shares = [part.share.value for _, one in found for part in one.parts]
    return min(shares) >= 0 and max(totals_) > _APART * min(totals_)


def _colours(found: Sequence[tuple[Answer, Breakdown]], look: Look) -> dict[str, str]:
    """Return the colour of each part, by its label."""
    labels = dict.fromkeys(part.label for _, one in found for part in one.parts)
    return {label: _colour(number, look) for number, label in enumerate(labels)}


def _colour(number: int, look: Look) -> str:
    """Return the colour of a part: greys that get lighter where colours would not print."""
    if look.style == "paper":
        return blend(max(0.85 - 0.22 * number, 0.1), look.palette.ink, look)
    return look.palette.series[number % len(look.palette.series)]


def _key(parts: Sequence[tuple[str, str]], level: str, look: Look) -> list[Entry]:
    def whisker(axes: Axes, left: float, y: float) -> None:
        ink = look.palette.ink
        axes.hlines(y, left, left + 0.3, colors=ink, linewidths=1.2)
        axes.vlines([left, left + 0.3], y - 0.04, y + 0.04, colors=ink, linewidths=1.2)

    entries = [patch_entry(label, colour) for label, colour in parts]
    return [*entries, Entry(look.say("breakdown.whisker", level=level), 0.3, whisker)]


def _small_print(tree: DataTree, look: Look) -> str:
    return f"{look.say('breakdown.steps')} {footer(tree, (), look)}"

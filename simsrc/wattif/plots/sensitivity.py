"""Which inputs move an output: first-order Sobol' indices as bars, with errors and noise floor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wattif.analysis import Estimate, InputEffect, Sensitivity, analyse_sensitivity
from wattif.format import format_count, format_percent, format_value
from wattif.plots.choice import choose_outputs, words_of
from wattif.plots.key import Entry, patch_entry
from wattif.plots.look import Look
from wattif.plots.own_rows import label_rows, own_rows_room, wrap_rows
from wattif.plots.sheet import Sheet, make_sheet
from wattif.plots.small_print import footer, heading_of
from wattif.plots.style import SMALL_SIZE, styled, text_width
from wattif.plots.ticks import Scale

if TYPE_CHECKING:
    from xarray import DataTree

MOST = 10  # inputs a panel
_THICK = 0.42  # of a row
_GAP = 0.06  # inches between whisker and number


def sensitivity(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of the inputs that move each output, the strongest first.

    A bar is the first-order Sobol' index, with twice its standard error to both sides; an arrow
    says whether the output rises or falls with the input. What lies under the noise floor is pale.
    The last bar is what no input explains by itself.

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
    found = [
        analyse_sensitivity(tree, c.quantity.name, c.answer.system, look.language) for c in chosen
    ]
    labels = wrap_rows([_labels(one, look) for one in found])
    with styled(look):
        sheet = make_sheet(
            look,
            heading_of(tree, title, look),
            words_of(chosen, lambda _: look.say("sensitivity.axis")),
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


def _labels(found: Sensitivity, look: Look) -> list[str]:
    rest = [look.say("sensitivity.unexplained")] if _interacts(found) else []
    return [*(effect.label for effect in found.effects[:MOST]), *rest]


def _interacts(found: Sensitivity) -> bool:
    """Return whether what no input explains by itself is more than noise."""
    return found.unexplained.value > found.noise


def _draw(axes: Axes, sheet: Sheet, found: Sensitivity, look: Look) -> None:
    effects = found.effects[:MOST]
    rest = [found.unexplained] if _interacts(found) else []
    bars = [*(effect.first_order for effect in effects), *rest]
    arrows = [*(_arrow(effect, found.noise) for effect in effects), *("" for _ in rest)]
    texts = [_value(bar, arrow, found, look) for bar, arrow in zip(bars, arrows, strict=True)]
    reach = max(bar.value + 2 * bar.error for bar in bars)
    room = max(text_width(text, SMALL_SIZE) for text in texts) + 2 * _GAP
    limit = reach * sheet.width / (sheet.width - room)
    Scale("linear", (0.0, limit), sheet.width, "%", 100.0, look.language).apply(axes)
    axes.grid(axis="x", color=look.palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axvspan(0, found.noise, color=look.palette.grid, linewidth=0, zorder=0.5, gid="noise")
    colours = [_colour(effect.first_order, found.noise, look) for effect in effects]
    colours += [look.palette.neutral for _ in rest]
    widths = [max(bar.value, 0.0) for bar in bars]
    axes.barh(range(len(bars)), widths, height=_THICK, color=colours, gid="index")
    for row, (bar, text) in enumerate(zip(bars, texts, strict=True)):
        ends = max(bar.value - 2 * bar.error, 0.0), max(bar.value + 2 * bar.error, 0.0)
        axes.hlines(row, *ends, colors=look.palette.ink, linewidths=1.1, zorder=3, gid="error")
        _write(axes, ends[1] + _GAP * limit / sheet.width, row, text, look)


def _write(axes: Axes, x: float, row: int, text: str, look: Look) -> None:
    axes.text(
        x,
        row,
        text,
        fontsize=SMALL_SIZE,
        color=look.palette.ink,
        verticalalignment="center_baseline",
        bbox={"facecolor": look.palette.ground, "edgecolor": "none", "pad": 0.6},
        gid="value",
    )


def _value(index: Estimate, arrow: str, found: Sensitivity, look: Look) -> str:
    if index.value < found.noise:
        noise = format_value(100 * found.noise, "%", language=look.language)
        return f"<\N{NARROW NO-BREAK SPACE}{noise}"
    text = format_value(100 * index.value, "%", 100 * index.error, look.language)
    return f"{text} {arrow}".rstrip()


def _arrow(effect: InputEffect, noise: float) -> str:
    """Return whether the output rises or falls with an input that is known to move it."""
    rho = effect.rank_correlation
    if effect.first_order.value < noise or abs(rho.value) < max(0.05, 3 * rho.error):
        return ""
    return "↑" if rho.value > 0 else "↓"


def _colour(index: Estimate, noise: float, look: Look) -> str:
    return look.palette.accent if index.value > noise else look.palette.accent_light


def _key(look: Look) -> list[Entry]:
    palette = look.palette

    def index(axes: Axes, left: float, y: float) -> None:
        axes.hlines(y, left, left + 0.3, colors=palette.accent, linewidths=6.0)
        axes.hlines(y, left + 0.22, left + 0.38, colors=palette.ink, linewidths=1.1)

    def arrows(axes: Axes, left: float, y: float) -> None:
        axes.text(
            left,
            y,
            "↑ ↓",
            fontsize=SMALL_SIZE,
            color=palette.ink,
            verticalalignment="center_baseline",
        )

    return [
        Entry(look.say("sensitivity.key"), 0.38, index),
        Entry(look.say("sensitivity.arrows"), text_width("↑ ↓", SMALL_SIZE), arrows),
        patch_entry(look.say("sensitivity.noise"), palette.grid),
    ]


def _small_print(found: Sequence[Sensitivity], look: Look) -> str:
    draws = min(one.draws for one in found)
    parts = [look.say("sensitivity.estimated", draws=format_count(draws, look.language))]
    fits = [one.rank_fit.value for one in found]
    parts.append(
        look.say("sensitivity.fit", fit=format_percent(round(min(fits), 2), look.language))
    )
    hidden = max(len(one.effects) for one in found) - MOST
    if hidden > 0:
        parts.append(look.say("sensitivity.hidden", most=MOST))
    return " ".join(parts)

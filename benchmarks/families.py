"""What a draw costs by family: studies of twelve quantities of one family, and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from matplotlib.figure import Figure

import wattif as wi
from benchmarks.aims import Aim, format_number
from benchmarks.scale import Scale
from benchmarks.scaling import measure_costs
from benchmarks.studies import of_family
from wattif.distributions import FAMILIES
from wattif.plots.look import Look
from wattif.plots.rows import row_room
from wattif.plots.sheet import Panel, make_sheet
from wattif.plots.style import SMALL_SIZE, styled, text_width
from wattif.plots.ticks import Scale as Axis

_ROUNDS = 3
_SHARE = 12  # quantities
_ROW = 0.17  # inches


@dataclass(frozen=True)
class Row:
    """Nanoseconds that a draw of one quantity takes, with a twelfth of the sum and its output."""

    family: str
    nanoseconds: float


@dataclass(frozen=True)
class Families:
    """All families, from the fastest; ``draws`` of each run."""

    draws: int
    rows: tuple[Row, ...]


def measure(scale: Scale) -> Families:
    """Return what a draw of each family takes above the start of a run."""
    cases = {name: (wi.load(of_family(name)), (scale.draws,)) for name in FAMILIES}
    costs = measure_costs(cases, min(scale.rounds, _ROUNDS))
    rows = [Row(name, cost.nanoseconds / _SHARE) for (name, _), cost in costs.items()]
    return Families(scale.draws, tuple(sorted(rows, key=lambda row: row.nanoseconds)))


def aims(families: Families) -> list[Aim]:
    """Return nothing: no family is asked to be faster than another."""
    return []


def render(families: Families) -> str:
    """Return the sentence beside the picture."""
    rows = families.rows
    return (
        f"{len(rows)} families, from {rows[0].family} with {format_number(rows[0].nanoseconds)} ns"
        f" to {rows[-1].family} with {format_number(rows[-1].nanoseconds)}; half of them take less"
        f" than {format_number(median(row.nanoseconds for row in rows))} ns."
    )


def draw(families: Families, look: Look = Look()) -> Figure:
    """Return the picture: a bar a family."""
    rows = families.rows
    numbers = [f"{row.nanoseconds:.1f}" for row in rows]
    with styled(look):
        sheet = make_sheet(
            look,
            "What a draw costs, by family",
            [Panel("Nanoseconds a draw and quantity")],
            row_room(len(rows), _ROW, _ROW),
            rows=[row.family for row in rows],
            footer="Processor time above the fixed start of a run, one thread, Sobol points.",
        )
        (axes,) = sheet.panels
        gap = max(text_width(number, SMALL_SIZE) for number in numbers) + 0.1
        most = max(row.nanoseconds for row in rows)
        limit = max(most, 0.1) * sheet.width / (sheet.width - gap)
        Axis("linear", (0.0, limit), sheet.width, "ns").apply(axes)
        axes.grid(axis="x", color=look.palette.grid, linewidth=0.8)
        axes.set_axisbelow(True)
        widths = [row.nanoseconds for row in rows]
        axes.barh(range(len(rows)), widths, height=0.62, color=look.palette.accent)
        for place, (row, number) in enumerate(zip(rows, numbers, strict=True)):
            beside = max(row.nanoseconds, 0.0) + 0.05 * limit / sheet.width
            axes.text(beside, place, number, fontsize=SMALL_SIZE, verticalalignment="center")
    return sheet.figure

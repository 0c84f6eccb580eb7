"""The answers of a result, as a table for people and as JSON for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from wattif.cli.terminal import heading, show, small, table
from wattif.format import NOT_A_NUMBER, common_unit, format_interval, format_percent, format_value
from wattif.results.answers import Answer, Quantity, describe_draws, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

SCHEMA_VERSION = 1
_LEAST_ERROR = 1e-4  # a smaller error matters to nobody who reads two digits


def show_answers(tree: DataTree) -> None:
    """Print title, table and how the draws were made."""
    reasons: list[str] = []
    show(heading(str(tree.attrs["title"])), "", _table(tree, reasons), "")
    if reasons:
        show(*[small(f"[{n}] not given: {why}") for n, why in enumerate(reasons, 1)], "")
    show(small(f"{describe_draws(tree)}."))
    show(small("error: relative standard error of the sampling, in the median or an end at worst."))


def _table(tree: DataTree, reasons: list[str]) -> Table:
    """Return a row a system under each quantity's name, or a row a quantity if there is one system.

    Columns: median, interval, Monte Carlo error. Reasons why something is absent are added to
    ``reasons``, to stand as notes under the table: they are long, and the same for many cells.
    """
    level = format_percent(float(tree.attrs["interval"]))
    rows: list[list[str | Text]] = []
    for quantity in read_answers(tree):
        factor, unit = common_unit([answer.median for answer in quantity.answers], quantity.unit)
        cells = [_cells(answer, factor, unit, reasons) for answer in quantity.answers]
        if len(cells) == 1:
            rows.append([quantity.label, *cells[0]])
            continue
        rows += [[""] * 4, [heading(quantity.label), *[""] * 3]]
        rows += [[f"  {a.label}", *c] for a, c in zip(quantity.answers, cells, strict=True)]
    return table(["", "median", f"{level} interval", "error"], rows, "lrrr")


def _cells(answer: Answer, factor: float, unit: str, reasons: list[str]) -> list[str | Text]:
    if answer.absent:
        if answer.absent not in reasons:
            reasons.append(answer.absent)
        return [NOT_A_NUMBER, small(f"not given [{reasons.index(answer.absent) + 1}]"), ""]
    if answer.is_event:
        return _probability(answer.statistics["mean"], answer.errors["mean"])
    median = format_value(factor * answer.median, unit, factor * answer.errors["p50"])
    if answer.constant:
        return [median, "constant", ""]
    low, high = (factor * end for end in answer.interval)
    errors = factor * answer.interval_errors[0], factor * answer.interval_errors[1]
    interval = format_interval(low, high, unit, errors)
    return [median, interval, _small_percent(answer.relative_error)]


def _probability(mean: float, error: float) -> list[str | Text]:
    """Return the cells of what is either so or not: an interval from 0 to 1 would say nothing."""
    return [
        f"{format_value(100 * mean, '1', 100 * error)} %",
        "probability",
        _small_percent(error / mean),
    ]


def _small_percent(fraction: float) -> str:
    if math.isnan(fraction):
        return NOT_A_NUMBER
    if fraction < _LEAST_ERROR:
        return f"<{format_percent(_LEAST_ERROR)}"
    return format_percent(float(f"{fraction:.1g}"))


def answers_as_json(tree: DataTree) -> dict[str, object]:
    """Return all statistics with their standard errors, unrounded, units beside them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "wattif_version": tree.attrs["wattif_version"],
        "study": tree.attrs["name"],
        "title": tree.attrs["title"],
        "interval": float(tree.attrs["interval"]),
        "draws": int(tree.attrs["draws"]),
        "replicates": int(tree.attrs["replicates"]),
        "sampling": tree.attrs["sampling"],
        "seed": tree.attrs["seed"],  # text: not every reader of JSON has 64-bit numbers
        "quantities": {q.name: _quantity_as_json(q) for q in read_answers(tree)},
    }


def _quantity_as_json(quantity: Quantity) -> dict[str, object]:
    return {
        "label": quantity.label,
        "unit": quantity.unit,
        "systems": {answer.system: _answer_as_json(answer) for answer in quantity.answers},
    }


def _answer_as_json(answer: Answer) -> dict[str, object]:
    return {
        "label": answer.label,
        "absent": answer.absent or None,
        "lost_draws": answer.lost,
        "statistics": answer.statistics,
        "standard_errors": answer.errors,
    }

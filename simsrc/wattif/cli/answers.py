"""The answers of a result, as a table for people and as JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from wattif.cli.tables import Rows
from wattif.cli.terminal import heading, show, small, table
from wattif.results.answers import Answer, Quantity, read_answers
from wattif.results.render import headers, lines, notes
from wattif.results.summary import Summary, summary
from wattif.wording import Wording

if TYPE_CHECKING:
    from xarray import DataTree

SCHEMA_VERSION = 1


def show_answers(tree: DataTree) -> None:
    """Print title, table and how the draws were made."""
    answers = summary(tree)
    show(heading(answers.title), "", _table(answers), "")
    if answers.reasons:
        show(*map(small, notes(answers)), "")
    show(small(answers.made), small(Wording(answers.language)("summary.meaning")))


def _table(answers: Summary) -> Rows:
    """Return a row a system under each quantity's name, or a row a quantity if there is one system.

    Columns: median, interval, Monte Carlo error. Reasons why something is absent stand as notes
    under the table: they are long, and the same for many cells.
    """
    rows: list[list[str | Text]] = []
    for kind, cells in lines(answers):
        first = heading(cells[0]) if kind == "heading" else cells[0]
        rows.append([first, *cells[1:]])
    return table(headers(answers), rows, "lrrr")


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

"""Files that travel inside the report: the summary as CSV, the study as TOML."""

from __future__ import annotations

import base64
import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.results.answers import Answer, Quantity

if TYPE_CHECKING:
    from xarray import DataTree

_HEADER = ("quantity", "label", "unit", "system", "system_label", "absent")
_FORMULA = re.compile(r"^[=+\-@\t\r]")


@dataclass(frozen=True)
class Download:
    """A file in the page: what it is (a message), its name, its ``data:`` address."""

    message: str
    name: str
    address: str


def make_downloads(tree: DataTree, quantities: Sequence[Quantity]) -> list[Download]:
    """Return the downloads of a report; no study where the result has no text of it."""
    name = re.sub(r"[^\w.-]", "-", str(tree.attrs["name"])) or "study"
    files = [
        Download("report.download_csv", f"{name}.csv", _address("text/csv", to_csv(quantities)))
    ]
    if text := str(tree.attrs["study"]):
        files.append(
            Download("report.download_toml", f"{name}.toml", _address("application/toml", text))
        )
    return files


def to_csv(quantities: Sequence[Quantity]) -> str:
    """Return all statistics with their standard errors, unrounded: a row an answer."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    statistics = list(quantities[0].answers[0].statistics)
    writer.writerow((*_HEADER, *(f"{name}{end}" for name in statistics for end in ("", "_error"))))
    for quantity in quantities:
        for answer in quantity.answers:
            writer.writerow(_row(quantity, answer, statistics))
    return text.getvalue()


def _row(quantity: Quantity, answer: Answer, statistics: Sequence[str]) -> list[str]:
    start = (quantity.name, quantity.label, quantity.unit, answer.system, answer.label)
    pairs = ((answer.statistics[name], answer.errors[name]) for name in statistics)
    numbers = ("" if math.isnan(number) else repr(number) for pair in pairs for number in pair)
    return [*map(_harmless, (*start, answer.absent)), *numbers]


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _address(kind: str, text: str) -> str:
    encoded = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return f"data:{kind};charset=utf-8;base64,{encoded}"

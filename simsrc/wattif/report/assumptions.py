"""What was assumed, as a table: every quantity that is stated rather than computed."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wattif.report.numbers import Numbers
from wattif.report.sources import Piece, split_links

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

_EXACT = (0.0, 0.0)  # what is assumed has no Monte Carlo error
_COLUMNS = (
    *("name", "system", "kind", "family", "parameters", "stated", "reading", "unit"),
    *("source", "note", "grade"),
)


@dataclass(frozen=True)
class Assumption:
    """A row of the table; ``system`` is "" where all share the quantity."""

    name: str
    label: str
    system: str
    stated: str
    family: str
    interval: str
    median: float
    unit: str
    source: list[Piece]
    note: list[Piece]
    grade: str


def read_assumptions(tree: DataTree, numbers: Numbers) -> list[Assumption]:
    """Return the assumptions of a result, in the order of the study."""
    inputs = tree["inputs"].to_dataset()
    systems = tree["summary"].to_dataset()
    keys = [str(key) for key in systems["system"].values]
    labels = dict(zip(keys, _in_language(systems, "system_label", numbers), strict=True))
    names = _in_language(inputs, "label", numbers)
    return [_assumption(inputs, i, names[i], labels, numbers) for i in range(len(names))]


def unsourced(assumptions: list[Assumption]) -> int:
    """Return how many assumptions name no source."""
    return sum(not assumption.source for assumption in assumptions)


def _in_language(group: Dataset, name: str, numbers: Numbers) -> list[str]:
    """Return a column of texts, in the reader's language where the result has it."""
    column = group.get(f"{name}_{numbers.language}", group[name])
    return [str(text) for text in np.asarray(column)]


def _assumption(
    inputs: Dataset, at: int, label: str, systems: dict[str, str], numbers: Numbers
) -> Assumption:
    cell = {str(name): str(inputs[name].values[at]) for name in _COLUMNS}
    low, _, middle, _, high = (float(x) for x in inputs["percentiles"].values[at])
    return Assumption(
        name=cell["name"],
        label=label or cell["name"].replace("_", " "),
        system=systems.get(cell["system"], cell["system"]),
        stated=_stated(cell, numbers),
        family=_family(cell, numbers),
        interval=_interval(cell, low, middle, high, numbers),
        median=middle,
        unit="" if cell["unit"] == "1" else cell["unit"],
        source=split_links(cell["source"]),
        note=split_links(cell["note"]),
        grade=cell["grade"],
    )


def _stated(cell: dict[str, str], numbers: Numbers) -> str:
    if cell["kind"] == "absent":
        return cell["reading"]
    if cell["kind"] == "constant":
        value = json.loads(cell["parameters"]).get("value", math.nan)
        return f"{value:.15g} {cell['unit'] if cell['unit'] != '1' else ''}".rstrip()
    return cell["stated"]


def _family(cell: dict[str, str], numbers: Numbers) -> str:
    return cell["family"] or numbers.say(f"report.kind_{cell['kind']}")


def _interval(
    cell: dict[str, str], low: float, middle: float, high: float, numbers: Numbers
) -> str:
    if cell["kind"] == "absent":
        return ""
    if cell["kind"] == "constant":
        return numbers.value(middle, cell["unit"], 0.0)
    return numbers.interval(low, high, cell["unit"], _EXACT)

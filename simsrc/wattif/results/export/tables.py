"""The parts of a result as tables: its summary, its kept draws, its inputs, and what it is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from wattif.results.answers import NO_SYSTEMS, Answer, Quantity, read_answers, title_of
from wattif.results.export.request import Cell, Column, Request, Table

if TYPE_CHECKING:
    from xarray import DataArray, DataTree

_STATISTICS = (
    *("mean", "sd", "p5", "p25", "p50", "p75", "p95"),
    *("eti_low", "eti_high", "hdi_low", "hdi_high"),
)
_INPUT_TEXTS = (
    *("name", "system", "label", "unit", "kind", "stated", "reading", "family", "parameters"),
    *("source", "grade", "note", "origin"),
)


def table_of(request: Request) -> Table:
    """Return the table that is asked for."""
    make = {"summary": summary_table, "draws": draws_table, "inputs": inputs_table}
    return make[request.what](request)


def summary_table(request: Request) -> Table:
    """Return a row a quantity and system: every statistic with its standard error beside it."""
    quantities = read_answers(request.tree, language=request.language)
    rows = [(quantity, answer) for quantity in quantities for answer in quantity.answers]
    texts = {
        "quantity": [quantity.name for quantity, _ in rows],
        "system": [_key(answer.system) for _, answer in rows],
        "label": [quantity.label for quantity, _ in rows],
        "system_label": [answer.row for _, answer in rows],
        "unit": [quantity.unit for quantity, _ in rows],
    }
    columns = [Column(name, tuple(cells)) for name, cells in texts.items()]
    columns += _statistics(rows)
    columns.append(Column("lost_draws", tuple(answer.lost for _, answer in rows)))
    columns.append(Column("absent", tuple(answer.absent for _, answer in rows)))
    return Table("summary", tuple(columns))


def _key(system: str) -> str:
    return "" if system == NO_SYSTEMS else system


def _statistics(rows: list[tuple[Quantity, Answer]]) -> Iterator[Column]:
    for name in _STATISTICS:
        yield Column(name, tuple(_number(answer.statistics[name]) for _, answer in rows))
        yield Column(f"{name}_error", tuple(_number(answer.errors[name]) for _, answer in rows))


def draws_table(request: Request) -> Table:
    """Return a row a kept draw, a column a quantity and system: outputs, then inputs.

    What is absent, and so was never drawn, has no column.
    """
    prior = request.tree["prior"].to_dataset()
    replicates, draws = prior.sizes["chain"], prior.sizes["draw"]
    columns = [
        Column("replicate", tuple(np.repeat(np.arange(replicates), draws).tolist())),
        Column("draw", tuple(np.tile(np.arange(draws), replicates).tolist())),
    ]
    for name, variable in prior.data_vars.items():
        columns += _drawn(str(name), variable, request)
    return Table("draws", tuple(columns))


def _drawn(name: str, variable: DataArray, request: Request) -> Iterator[Column]:
    attributes = variable.attrs
    label = str(attributes.get(f"long_name_{request.language}") or attributes["long_name"])
    unit = str(attributes["units"])
    if "system" not in variable.dims:
        yield Column(name, _numbers(variable), unit, label)
        return
    for system in variable["system"].values:
        values = variable.sel(system=system)
        if not np.isnan(values).all():
            key = _key(str(system))
            yield Column(f"{key}.{name}" if key else name, _numbers(values), unit, label)


def _numbers(values: DataArray) -> tuple[Cell, ...]:
    return tuple(_number(value) for value in values.values.ravel().tolist())


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def inputs_table(request: Request) -> Table:
    """Return a row an assumption: what was stated, how it was read, source and grade."""
    inputs = request.tree["inputs"].to_dataset()
    columns = [Column("quantity", tuple(str(key) for key in inputs["quantity"].values))]
    for name in _INPUT_TEXTS:
        spoken = f"{name}_{request.language}"  # labels alone have other languages
        found = inputs[spoken if spoken in inputs else name]
        columns.append(Column(name, tuple(str(text) for text in found.values)))
    columns += [Column(name, _numbers(inputs[name])) for name in ("mean", "sd")]
    for percentile in inputs["percentile"].values:
        values = inputs["percentiles"].sel(percentile=percentile)
        columns.append(Column(f"p{percentile:g}", _numbers(values)))
    return Table("inputs", tuple(columns))


def about_table(request: Request) -> Table:
    """Return what the result is and how it was made: a row a fact."""
    facts = about(request.tree) | {"title": title_of(request.tree, request.language)}
    return Table("about", (Column("what", tuple(facts)), Column("value", tuple(facts.values()))))


def about(tree: DataTree) -> dict[str, Cell]:
    """Return what a result is and how it was made, by name."""
    attributes = tree.attrs
    versions = json.loads(attributes["versions"])
    return {
        "title": str(attributes["title"]),
        "study": str(attributes["name"]),
        "description": str(attributes["description"]),
        "draws": int(attributes["draws"]),
        "replicates": int(attributes["replicates"]),
        "sampling": str(attributes["sampling"]),
        "seed": str(attributes["seed"]),  # text: not every reader has 64-bit numbers
        "interval": float(attributes["interval"]),
        "wattif_version": str(attributes["wattif_version"]),
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }

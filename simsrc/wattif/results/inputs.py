"""What a run assumed: one row a quantity that is stated rather than computed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from wattif.language.model import (
    Absent,
    Conditional,
    Constant,
    Formula,
    Model,
    Quantity,
    Random,
)

if TYPE_CHECKING:
    from xarray import Dataset

_PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)


def inputs_table(model: Model, drawn: tuple[str, ...]) -> Dataset:
    """Return the assumptions of a study, dims (quantity, percentile).

    ``drawn`` are the keys of the quantities that were sampled, in the order of their dimensions;
    ``dimension`` is a quantity's place among them, -1 if it was not sampled.
    """
    import xarray

    rows = _assumptions(model)
    moments = np.array([_moments(q) for q in rows], dtype=np.float64).reshape(len(rows), 2)
    place = {key: number for number, key in enumerate(drawn)}
    text = {
        "name": [q.name for q in rows],
        "system": [q.system or "" for q in rows],
        "label": [q.label for q in rows],
        **_translated(rows),
        "kind": [_kind(q) for q in rows],
        "family": [_family(q) for q in rows],
        "parameters": [_parameters(q) for q in rows],
        "stated": [
            q.belief.stated if isinstance(q.belief, Random | Conditional) else "" for q in rows
        ],
        "reading": [_reading(q) for q in rows],
        "unit": [q.unit.text for q in rows],
        "source": [q.source for q in rows],
        "grade": [q.grade for q in rows],
        "note": [q.note for q in rows],
        "origin": [q.origin for q in rows],
    }
    return xarray.Dataset(
        {
            **{name: ("quantity", np.array(values, dtype=str)) for name, values in text.items()},
            "dimension": (
                "quantity",
                np.array([place.get(q.key, -1) for q in rows], dtype=np.int64),
            ),
            "mean": ("quantity", moments[:, 0].copy()),
            "sd": ("quantity", moments[:, 1].copy()),
            "percentiles": (
                ("quantity", "percentile"),
                np.array([_percentiles(q) for q in rows], dtype=np.float64).reshape(
                    len(rows), len(_PERCENTILES)
                ),
            ),
        },
        coords={
            "quantity": np.array([q.key for q in rows], dtype=str),
            "percentile": list(_PERCENTILES),
        },
    )


def _translated(rows: list[Quantity]) -> dict[str, list[str]]:
    """Return the labels in other languages, where there are any, as columns."""
    languages = dict.fromkeys(key for q in rows for key in q.labels)
    return {f"label_{key}": [q.labels.get(key, q.label) for q in rows] for key in languages}


def _assumptions(model: Model) -> list[Quantity]:
    """Return what the outputs rest on, each once: values, and what the study says is absent."""
    needed = (model.table[place] for place in model.table if place in model.needed)
    return list({q.key: q for q in needed if _is_stated(q)}.values())


def _is_stated(quantity: Quantity) -> bool:
    match quantity.belief:
        case Formula():
            return False
        case Absent(_, formula):  # absent only because something else is: a formula without value
            return not formula
        case _:
            return True


def _kind(quantity: Quantity) -> str:
    return type(quantity.belief).__name__.lower()


def _family(quantity: Quantity) -> str:
    return quantity.belief.distribution.family if isinstance(quantity.belief, Random) else ""


def _parameters(quantity: Quantity) -> str:
    match quantity.belief:
        case Random(distribution):
            return json.dumps(_plain(distribution.parameters))
        case Constant(value):
            return json.dumps({"value": value})
        case _:
            return "{}"


def _plain(value: object) -> object:
    """Return parameters as JSON has them: an open end of a truncation is null, not Infinity."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and np.isinf(value) else value


def _reading(quantity: Quantity) -> str:
    match quantity.belief:
        case Random(_, _, reading) | Conditional(_, _, _, reading):
            return reading
        case Absent(reason):
            return reason
        case _:
            return ""


def _moments(quantity: Quantity) -> tuple[float, float]:
    match quantity.belief:
        case Random(distribution):
            return distribution.mean, distribution.sd
        case Constant(value):
            return value, 0.0
        case _:
            return np.nan, np.nan


def _percentiles(quantity: Quantity) -> list[float]:
    match quantity.belief:
        case Random(distribution):
            p = np.array(_PERCENTILES) / 100
            lower = distribution.quantile(p[:3])
            upper = distribution.quantile(1 - p[3:], upper=True)
            return [float(x) for x in (*lower, *upper)]
        case Constant(value):
            return [value] * len(_PERCENTILES)
        case _:
            return [np.nan] * len(_PERCENTILES)

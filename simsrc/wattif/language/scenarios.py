"""Scenarios: a study run several times, some quantities replaced, on the same draws.

Each scenario is a study of its own, loaded as any other; what is not replaced keeps its name and so
its draws.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wattif.language.complaints import Complaint, nearest
from wattif.language.functions import RESERVED, is_valid_name
from wattif.language.model import Model, Scenarios
from wattif.language.positions import KeyPath, Positions, Span
from wattif.language.reader import Source
from wattif.language.shape import Study

AT = ("scenarios",)


@dataclass(frozen=True)
class Variant:
    """The data of one scenario, and where in the file its replacements stand."""

    data: dict[str, Any]
    moved: Mapping[KeyPath, KeyPath]


class MovedPositions(Positions):
    """Positions of a file, some of whose parts are taken from elsewhere in it."""

    def __init__(self, text: str, moved: Mapping[KeyPath, KeyPath]) -> None:
        super().__init__(text)
        self._moved = moved

    def key(self, path: KeyPath) -> Span:
        """Return where a key stands."""
        return super().key(self._origin(path))

    def value(self, path: KeyPath) -> Span:
        """Return where a value stands."""
        return super().value(self._origin(path))

    def inside(self, path: KeyPath, first: int, last: int) -> Span:
        """Return where characters of a string stand."""
        return super().inside(self._origin(path), first, last)

    def _origin(self, path: KeyPath) -> KeyPath:
        for here, there in self._moved.items():
            if path[: len(here)] == here:
                return (*there, *path[len(here) :])
        return path


def scenario_complaints(study: Study) -> Iterator[Complaint]:
    """Yield what is wrong with the scenarios of a study, apart from the values themselves."""
    scenarios = study.scenarios
    assert scenarios is not None
    name = scenarios.dimension
    if not is_valid_name(name) or name in RESERVED:
        message = f"dimension is {name[:40]!a}; expected a name of ASCII letters, digits and '_'"
        yield Complaint((*AT, "dimension"), message, 'for example dimension = "year"')
    count = len(scenarios.labels)
    if len(set(scenarios.labels)) < count:
        yield Complaint((*AT, "labels"), "labels: found one of them twice; expected different ones")
    if len({isinstance(label, str) for label in scenarios.labels}) > 1:
        yield Complaint((*AT, "labels"), "labels: found numbers and texts; expected one of the two")
    for quantity, values in scenarios.quantities.items():
        at = (*AT, "quantities", quantity)
        if len(values) != count:
            yield Complaint(
                at, f"{quantity}: found {len(values)} values; expected {count}, one a label"
            )
        system, point, _ = quantity.partition(".")
        if point and system not in study.systems:
            message = f"no system is called {system!r}"
            yield Complaint(at, message, nearest(system, study.systems), at="key")


def variants(source: Source, study: Study) -> Iterator[Variant]:
    """Yield the studies that the scenarios come to."""
    assert study.scenarios is not None
    written = source.data["scenarios"]["quantities"]
    for number in range(len(study.scenarios.labels)):
        data = copy.deepcopy({key: v for key, v in source.data.items() if key != "scenarios"})
        moved: dict[KeyPath, KeyPath] = {}
        for quantity, values in written.items():
            system, point, name = quantity.partition(".")
            place = ("systems", system, "quantities") if point else ("quantities",)
            table = data
            for key in place:
                table = table.setdefault(key, {})
            table[name if point else quantity] = values[number]
            here = (*place, name if point else quantity)
            moved[here] = (*AT, "quantities", quantity, number)
        yield Variant(data, moved)


def gather(study: Study, models: list[Model]) -> tuple[Scenarios, list[Complaint]]:
    """Return the scenarios of loaded models, and which replacements nothing sees."""
    assert study.scenarios is not None
    found = Scenarios(
        study.scenarios.dimension,
        study.scenarios.labels,
        tuple(study.scenarios.quantities),
        tuple(models),
    )
    names = {name for model in models for _, name in model.table}
    needed = {name for model in models for _, name in model.needed}
    complaints = [
        _unneeded(quantity, needed)
        for quantity in found.quantities
        if quantity.rpartition(".")[2] not in needed
    ]
    if found.dimension in names:
        message = f"dimension {found.dimension!r} is a quantity's name too"
        complaints.append(Complaint((*AT, "dimension"), message, "call it something else"))
    return found, complaints


def _unneeded(quantity: str, needed: set[str]) -> Complaint:
    system, point, _ = quantity.rpartition(".")
    known = [f"{system}{point}{other}" for other in sorted(needed)]
    message = f"no output needs {quantity}"
    return Complaint((*AT, "quantities", quantity), message, nearest(quantity, known), at="key")

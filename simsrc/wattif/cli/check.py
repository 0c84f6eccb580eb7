"""``wattif check``: whether a study is right, what it assumes, how it was understood."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import asdict
from itertools import groupby

from rich.text import Text

from wattif.cli.correlations import show_stated
from wattif.cli.studies import load_study
from wattif.cli.terminal import heading, note, show, show_json, small, table
from wattif.format import format_value
from wattif.language.model import (
    Absent,
    Conditional,
    Constant,
    Formula,
    Model,
    Quantity,
    Random,
)


def check(study: str, /, *, json: bool = False) -> None:
    """Check a study, and show what it assumes and how it was understood.

    Parameters
    ----------
    study
        A TOML file, or the name of a packaged study.
    json
        Print one JSON object instead of a table.
    """
    model = load_study(study).model
    for text in model.notices:
        note(text)
    if json:
        show_json(_as_json(model))
        return
    show(heading(model.title), *([model.description] if model.description else []), "")
    rows = list(_rows(model))
    show(table(["quantity", "value", "taken as", "unit", "grade", "source"], rows, "lwwllw"), "")
    show_stated(model)
    show(_summary(model))


def _rows(model: Model) -> Iterator[list[str | Text]]:
    """Yield the quantities by where they stand, what is stated first; last what nothing needs."""
    needed = _needed(model)
    quantities = sorted(_unique(model), key=lambda q: _order(model, q))
    used = [quantity for quantity in quantities if quantity.key in needed]
    for origin, group in groupby(used, key=lambda q: q.origin):
        yield [heading(origin), *[""] * 5]
        yield from map(_row, sorted(group, key=_is_formula))
    idle = _idle(model)
    if idle:
        yield [heading("needed by no output"), *[""] * 5]
    for quantity in idle:
        _, *others = _row(quantity)
        yield [f"  {quantity.key.replace(':', '.')}", *others]


def _needed(model: Model) -> set[str]:
    """Return the keys of the quantities that some output needs."""
    return {model.table[place].key for place in model.needed if place in model.table}


def _idle(model: Model) -> list[Quantity]:
    """Return what no output needs, but for data entries: one is taken for some of its figures."""
    needed = _needed(model)
    found = (quantity for quantity in _unique(model) if quantity.key not in needed)
    own = [quantity for quantity in found if not quantity.origin.startswith("data ")]
    return sorted(own, key=lambda quantity: _order(model, quantity))


def _is_formula(quantity: Quantity) -> bool:
    return isinstance(quantity.belief, Formula)


def _unique(model: Model) -> list[Quantity]:
    """Return every definition once, though several systems may share it.

    A formula of a set is absent for a system that lacks what it needs, and still a formula.
    """
    found: dict[str, Quantity] = {}
    for quantity in model.table.values():
        if isinstance(found.setdefault(quantity.key, quantity).belief, Absent):
            found[quantity.key] = quantity
    return list(found.values())


def _order(model: Model, quantity: Quantity) -> tuple[int, str]:
    """Return what to sort by: systems in their order, then what is shared, then the sets."""
    keys = [system.key for system in model.systems]
    if quantity.system in keys:
        return keys.index(quantity.system), quantity.origin
    return len(keys) + (":" in quantity.key), quantity.origin


def _row(quantity: Quantity) -> list[str | Text]:
    unit = "" if quantity.unit.text == "1" else quantity.unit.text
    value, reading = value_and_reading(quantity)
    return [f"  {quantity.name}", value, reading, unit, quantity.grade, small(quantity.source)]


def value_and_reading(quantity: Quantity) -> tuple[str, str]:
    """Return what the study says of a quantity, and what that was taken to mean."""
    match quantity.belief:
        case Constant(value):
            return format_value(value, quantity.unit.text, 0.0), "constant"
        case Random(distribution, stated, reading):
            return stated or distribution.family, reading or distribution.family
        case Conditional(_, _, stated, _):
            return stated, "given other quantities"
        case Formula(_, text):
            return text, "formula"
        case Absent(reason):
            return "absent", reason


def _summary(model: Model) -> str:
    needed, unique = _needed(model), _unique(model)
    beliefs = [type(quantity.belief) for quantity in unique if quantity.key in needed]
    idle = len(_idle(model))
    counts = [
        _count(len(model.systems), "system"),
        _count(len(model.outputs), "output"),
        _count(beliefs.count(Random) + beliefs.count(Conditional), "distribution"),
        _count(beliefs.count(Constant), "constant"),
        _count(beliefs.count(Formula), "formula"),
    ]
    more = f"; {idle} more needed by no output" if idle else ""
    return f"Nothing wrong: {', '.join(counts)}{more}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _as_json(model: Model) -> dict[str, object]:
    needed = _needed(model)
    return {
        "schema_version": 1,
        "study": model.name,
        "title": model.title,
        "systems": {system.key: system.label for system in model.systems},
        "outputs": model.outputs,
        "notices": model.notices,
        "run": vars(model.run),
        "correlations": [asdict(dependence) for dependence in model.dependences],
        "quantities": [_quantity_as_json(quantity, needed) for quantity in _unique(model)],
    }


def _quantity_as_json(quantity: Quantity, needed: Set[str]) -> dict[str, object]:
    value, reading = value_and_reading(quantity)
    return {
        "key": quantity.key,
        "name": quantity.name,
        "system": quantity.system,
        "origin": quantity.origin,
        "kind": type(quantity.belief).__name__.lower(),
        "value": value,
        "taken_as": reading,
        "unit": quantity.unit.text,
        "label": quantity.label,
        "source": quantity.source,
        "grade": quantity.grade,
        "note": quantity.note,
        "needed": quantity.key in needed,
    }

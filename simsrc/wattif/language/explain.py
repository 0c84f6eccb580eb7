"""Where a quantity comes from: its formula, what that needs, and so on down to stated values.

Data only; how it looks is the business of the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from wattif.errors import Problem, StudyError
from wattif.language.complaints import listed, nearest
from wattif.language.expression import names_in
from wattif.language.graph import Place
from wattif.language.model import (
    Absent,
    Conditional,
    Constant,
    Formula,
    Model,
    Quantity,
    Random,
)

Kind = Literal["constant", "random", "formula", "absent"]


@dataclass(frozen=True)
class Node:
    """A quantity as one system sees it.

    ``stated`` is the value, belief, formula or reason as written; ``reading`` what an interval or
    family was taken to mean. ``range`` are the 5th and the 95th percentile in ``unit``, None where
    only a run can tell. ``children`` are the quantities that the formula names, in its order; a
    quantity that has been explained above is ``repeated``, without them.
    """

    system: str
    name: str
    label: str
    kind: Kind
    stated: str
    reading: str
    unit: str
    origin: str
    source: str
    grade: str
    note: str
    range: tuple[float, float] | None = None
    children: tuple[Node, ...] = ()
    repeated: bool = False


def explain(model: Model, system: str, name: str) -> Node:
    """Return the tree of a quantity.

    Raises
    ------
    StudyError
        If there is no such system, or it has no such quantity.
    """
    _check(model, system, name)
    places: list[Place] = []
    children: list[list[int]] = []
    repeated: set[int] = set()
    first: set[Place | str] = set()
    stack = [((system, name), -1)]
    while stack:
        place, parent = stack.pop()
        number = len(places)
        places.append(place)
        children.append([])
        if parent >= 0:
            children[parent].append(number)
        needs = named(model, place)
        if (meant := _meant(model, place)) in first:
            repeated.add(number)
        else:
            first.add(meant)
            stack += [(need, number) for need in reversed(needs)]
    return _tree(model, places, children, repeated)


def _meant(model: Model, place: Place) -> Place | str:
    """Return what makes two places the same: a shared value is one, a formula is each system's."""
    quantity = model.find(*place)
    return quantity.key if _is_stated(quantity) else place


def _tree(model: Model, places: list[Place], children: list[list[int]], repeated: set[int]) -> Node:
    nodes: dict[int, Node] = {}
    for number in reversed(range(len(places))):  # children before their parents
        inside = tuple(nodes.pop(child) for child in children[number])
        node = node_of(model, places[number])
        nodes[number] = replace(node, children=inside, repeated=number in repeated)
    return nodes[0]


def assumptions(model: Model) -> tuple[Node, ...]:
    """Return what a study assumes: all values, or their absence, that an output needs, each once.

    The largest modelling choices stand in their ``reading``: which family an interval became.
    """
    found: dict[str, Node] = {}
    for place, quantity in model.table.items():
        if place in model.needed and _is_stated(quantity):
            found.setdefault(quantity.key, node_of(model, place))
    return tuple(found.values())


def _is_stated(quantity: Quantity) -> bool:
    match quantity.belief:
        case Formula():
            return False
        case Absent(_, formula):
            return not formula
        case _:
            return True


def named(model: Model, place: Place) -> tuple[Place, ...]:
    """Return the places that the formula at a place names, each once, from left to right."""
    belief = model.find(*place).belief
    if not isinstance(belief, Formula | Conditional):
        return ()
    found = ((name.system or place[0], name.name) for name in names_in(belief.expression))
    return tuple(dict.fromkeys(found))


def node_of(model: Model, place: Place) -> Node:
    """Return a quantity without what it needs."""
    quantity = model.find(*place)
    kind, stated, reading, ends = _belief(quantity)
    return Node(
        system=place[0],
        name=quantity.name,
        label=quantity.label,
        kind=kind,
        stated=stated,
        reading=reading,
        unit=quantity.unit.text,
        origin=quantity.origin,
        source=quantity.source,
        grade=quantity.grade,
        note=quantity.note,
        range=ends,
    )


def _belief(quantity: Quantity) -> tuple[Kind, str, str, tuple[float, float] | None]:
    match quantity.belief:
        case Constant(value):
            unit = f" {quantity.unit.text}" if quantity.unit.text != "1" else ""
            return "constant", f"{value:.10g}{unit}", "", (value, value)
        case Random(distribution, stated, reading):
            low = float(distribution.quantile(0.05))
            high = float(distribution.quantile(0.05, upper=True))
            return "random", stated, reading, (low, high)
        case Conditional(_, _, _, reading):
            return "formula", reading, "given other quantities", None
        case Formula(_, text):
            return "formula", text, "", None
        case Absent(reason, _):
            return "absent", reason, "", None


def _check(model: Model, system: str, name: str) -> None:
    keys = [one.key for one in model.systems]
    if system not in keys:
        hint = nearest(system, keys) or f"systems: {listed(keys)}"
        raise _error(model, f"no system is called {system!r}", hint)
    names = [known for key, known in model.table if key == system]
    if name not in names:
        raise _error(model, f"{name!r} is not defined in system {system}", nearest(name, names))


def _error(model: Model, message: str, hint: str) -> StudyError:
    return StudyError((Problem(message, hint=hint),), model.path or model.name)

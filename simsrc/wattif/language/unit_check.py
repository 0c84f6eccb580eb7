"""Units of all quantities: one dimension a name, and every formula checked, before any draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from wattif.language.complaints import MOST, Complaint, RefusedError
from wattif.language.definitions import Definition, Tree
from wattif.language.dimension import DimensionError, check
from wattif.language.expression import Expression
from wattif.language.formulas import CallNode, NameNode, Node, names
from wattif.language.given import Given, express, leading_parameter, unit_of_parameter
from wattif.language.graph import Place
from wattif.language.lookup import Written
from wattif.language.positions import KeyPath
from wattif.language.resolution import World
from wattif.language.units import DIMENSIONLESS, Unit, describe, same_dimension

Checked = tuple[Expression, Unit]
Measure = Callable[[KeyPath, Node, str, Unit | None], Checked]


@dataclass
class UnitCheck:
    """What was found: units by name and by place, formulas with their factors, complaints."""

    by_name: dict[str, Unit]
    units: dict[Place, Unit] = field(default_factory=dict)
    expressions: dict[Place, Expression] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)


def check_units(world: World, order: Iterable[Place], absent: Mapping[Place, str]) -> UnitCheck:
    """Check the units of all places, given in an order in which each follows those it needs.

    A formula over something that has been complained about is left alone.
    """
    by_name, complaints = _units_by_name(world.written)
    found = UnitCheck(by_name, complaints=complaints)
    misfits = {complaint.path for complaint in complaints}
    known: dict[object, Checked | None] = {}  # systems share most formulas, and their units
    for place in order:
        definition = world.find(place)
        if definition is None or definition.at in misfits or place in absent:
            continue
        if len(found.complaints) >= MOST:
            break
        if isinstance(definition.content, Tree | Given):
            _check_formula(place, definition, world, found, known)
        else:
            found.units[place] = definition.unit or DIMENSIONLESS
    return found


def _units_by_name(written: Written) -> tuple[dict[str, Unit], list[Complaint]]:
    """Return the unit that each name is reported in, and the definitions that do not fit it."""
    first: dict[str, Definition] = {}
    sets = [definition for table in written.sets.values() for definition in table.values()]
    for definition in (*sets, *written.all()):
        if definition.unit is not None:
            first.setdefault(definition.name, definition)
    misfits = (
        _misfit(definition, first[definition.name])
        for definition in written.all()
        if definition.unit is not None
        and not same_dimension(definition.unit, first[definition.name].unit or DIMENSIONLESS)
    )
    complaints = list(islice(misfits, MOST))
    return {name: one.unit or DIMENSIONLESS for name, one in first.items()}, complaints


def _misfit(definition: Definition, other: Definition) -> Complaint:
    found, expected = (one.unit or DIMENSIONLESS for one in (definition, other))
    message = (
        f"{definition.name} is in {describe(found)}; "
        f"expected a unit like {describe(expected)}, as in {other.where.words}"
    )
    hint = (
        "" if found.dimensions else f"a number without a unit is a pure number: add {expected.text}"
    )
    return Complaint(definition.at, message, hint)


def _check_formula(
    place: Place,
    definition: Definition,
    world: World,
    found: UnitCheck,
    known: dict[object, Checked | None],
) -> None:
    needs = world.needs(place)
    if any(need not in found.units for need in needs):
        return
    target = definition.unit or world.scopes[place[0]].unit(definition.name)
    if any(complaint.path == definition.at for complaint in found.complaints):
        return  # in another system; one complaint a formula is enough
    case = (definition.where.path, target, *(found.units[need] for need in needs))
    if case not in known:
        known[case] = _checked(place, definition, target, world, found)
    checked = known[case]
    if checked is not None:
        found.expressions[place], found.units[place] = checked
        found.by_name.setdefault(definition.name, checked[1])


def _checked(
    place: Place,
    definition: Definition,
    target: Unit | None,
    world: World,
    found: UnitCheck,
) -> Checked | None:
    def unit_of(name: str, system: str | None) -> Unit:
        return found.units[system or place[0], name]

    def measure(at: KeyPath, node: Node, text: str, unit: Unit | None) -> Checked:
        try:
            return check(_with_keys(node, world), unit_of, unit, text)
        except DimensionError as error:
            last = max(error.column, error.end_column - 1)
            message = f"{definition.name}: {error.message}"
            complaint = Complaint(at, message, error.hint, first=error.column, last=last)
            raise RefusedError(complaint) from None

    try:
        if isinstance(definition.content, Given):
            checked = _given(definition, definition.content, target, measure)
        else:
            assert isinstance(definition.content, Tree)
            tree = definition.content
            checked = measure(definition.at, tree.node, tree.text, target)
    except RefusedError as error:
        found.complaints.append(error.complaint)
        return None
    expected = found.by_name.get(definition.name, checked[1])
    if not same_dimension(checked[1], expected):
        message = f"{definition.name} comes out in {describe(checked[1])}, and elsewhere it is in"
        found.complaints.append(Complaint(definition.at, f"{message} {describe(expected)}"))
        return None
    return checked


def _given(definition: Definition, given: Given, target: Unit | None, measure: Measure) -> Checked:
    """Return the expression of a distribution given other quantities, and its unit.

    Without a unit of its own, it has that of the first parameter that is in the quantity's.
    """
    paths = dict(definition.formulas)
    at = {path[-1]: (path, node) for path, node in paths.items()}
    leader = leading_parameter(given)
    if target is None and leader:
        target = measure(*at[leader], given.texts[leader], None)[1]
    unit = target or DIMENSIONLESS
    parameters = {
        name: measure(*at[name], text, unit_of_parameter(given, name, unit))[0]
        for name, text in given.texts.items()
    }
    return express(given, parameters, unit), unit


def _with_keys(node: Node, world: World) -> Node:
    """Return a formula with systems under their keys instead of the spelling of formulas."""
    if isinstance(node, NameNode) and node.system:
        return replace(node, system=world.by_formula_name[node.system])
    if isinstance(node, CallNode) and any(name.system for name in names(node)):
        arguments = tuple(_with_keys(argument, world) for argument in node.arguments)
        return replace(node, arguments=arguments)
    return node

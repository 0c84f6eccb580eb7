"""Units of all quantities: one dimension a name, and every formula checked, before any draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from wattif.distributions.grid import Grid
from wattif.language.complaints import MOST, Complaint, RefusedError
from wattif.language.definitions import Definition, Tree
from wattif.language.dimension import DimensionError, check
from wattif.language.expression import Expression
from wattif.language.formulas import CallNode, NameNode, Node, names
from wattif.language.given import Given
from wattif.language.graph import Place
from wattif.language.lookup import Written
from wattif.language.model import Belief
from wattif.language.money import conversion_hint
from wattif.language.positions import KeyPath
from wattif.language.resolution import World
from wattif.language.settling import Checked, parameters_of, settle
from wattif.language.units import DIMENSIONLESS, Unit, describe, same_dimension


@dataclass
class UnitCheck:
    """What was found: units by name and by place, formulas with their factors, complaints.

    ``grids`` are of the places whose distribution varies in a shape.
    """

    by_name: dict[str, Unit]
    units: dict[Place, Unit] = field(default_factory=dict)
    expressions: dict[Place, Expression] = field(default_factory=dict)
    grids: dict[Place, Grid] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)


def check_units(
    world: World,
    beliefs: Mapping[KeyPath, Belief],
    order: Iterable[Place],
    absent: Mapping[Place, str],
) -> UnitCheck:
    """Check the units of all places, given in an order in which each follows those it needs.

    A formula over something that has been complained about is left alone.
    """
    by_name, complaints = _units_by_name(world.written)
    found = UnitCheck(by_name, complaints=complaints)
    misfits = {complaint.path for complaint in complaints}
    formulas = _Formulas(world, beliefs, found)
    for place in order:
        definition = world.find(place)
        if definition is None or definition.at in misfits or place in absent:
            continue
        if len(found.complaints) >= MOST:
            break
        if isinstance(definition.content, Tree | Given):
            formulas.check(place, definition)
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
    hint = conversion_hint(found, expected)
    if not found.dimensions:
        hint = f"a number without a unit is a pure number: add {expected.text}"
    return Complaint(definition.at, message, hint)


@dataclass(frozen=True)
class _Formulas:
    """Checks what is computed, once for all systems that see it in the same units."""

    world: World
    beliefs: Mapping[KeyPath, Belief]
    found: UnitCheck
    known: dict[object, Checked | None] = field(default_factory=dict)

    def check(self, place: Place, definition: Definition) -> None:
        needs, found = self.world.needs(place), self.found
        if any(need not in found.units for need in needs):
            return
        target = definition.unit or self.world.scopes[place[0]].unit(definition.name)
        paths = {path for path, _ in definition.formulas} | {definition.at}
        if any(complaint.path in paths for complaint in found.complaints):
            return  # in another system; one complaint a formula is enough
        case = (definition.where.path, target, *(found.units[need] for need in needs))
        if case not in self.known:
            self.known[case] = self._checked(place, definition, target)
        if checked := self.known[case]:
            found.expressions[place], found.units[place], grid = checked
            found.by_name.setdefault(definition.name, checked[1])
            if grid:
                found.grids[place] = grid

    def _checked(self, place: Place, definition: Definition, target: Unit | None) -> Checked | None:
        try:
            checked = self._measured(place, definition, target)
        except RefusedError as error:
            self.found.complaints.append(error.complaint)
            return None
        expected = self.found.by_name.get(definition.name, checked[1])
        if same_dimension(checked[1], expected):
            return checked
        message = f"{definition.name} comes out in {describe(checked[1])}, and elsewhere it is in"
        hint = conversion_hint(checked[1], expected)
        complaint = Complaint(definition.at, f"{message} {describe(expected)}", hint)
        self.found.complaints.append(complaint)
        return None

    def _measured(self, place: Place, definition: Definition, target: Unit | None) -> Checked:
        def unit_of(name: str, system: str | None) -> Unit:
            return self.found.units[system or place[0], name]

        def by_key(name: str, system: str | None) -> Unit:
            return unit_of(name, self.world.by_formula_name[system] if system else None)

        def measure(
            at: KeyPath, node: Node, text: str, unit: Unit | None
        ) -> tuple[Expression, Unit]:
            try:
                return check(_with_keys(node, self.world), unit_of, unit, text)
            except DimensionError as error:
                last = max(error.column, error.end_column - 1)
                message = f"{definition.name}: {error.message}"
                complaint = Complaint(at, message, error.hint, first=error.column, last=last)
                raise RefusedError(complaint) from None

        content = definition.content
        if isinstance(content, Given):
            parameters = parameters_of(definition, content, self.world, self.beliefs)
            return settle(definition, content, target, measure, by_key, parameters)
        assert isinstance(content, Tree)
        return *measure(definition.at, content.node, content.text, target), None


def _with_keys(node: Node, world: World) -> Node:
    """Return a formula with systems under their keys instead of the spelling of formulas."""
    if isinstance(node, NameNode) and node.system:
        return replace(node, system=world.by_formula_name[node.system])
    if isinstance(node, CallNode) and any(name.system for name in names(node)):
        arguments = tuple(_with_keys(argument, world) for argument in node.arguments)
        return replace(node, arguments=arguments)
    return node

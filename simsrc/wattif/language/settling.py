"""A distribution given other quantities, once their units and what they may be are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wattif.distributions import BeliefError
from wattif.distributions.grid import Grid, range_of
from wattif.language.complaints import Complaint, RefusedError
from wattif.language.definitions import Definition, converted
from wattif.language.dimension import UnitOf
from wattif.language.expression import Expression
from wattif.language.formulas import NameNode, Node
from wattif.language.given import Given, express
from wattif.language.model import Absent, Belief, Constant, Random
from wattif.language.positions import KeyPath
from wattif.language.resolution import World
from wattif.language.units import DIMENSIONLESS, Unit

Checked = tuple[Expression, Unit, Grid | None]
Parameter = tuple[Belief | None, Unit]
Measure = Callable[[KeyPath, Node, str, Unit | None], tuple[Expression, Unit]]


def settle(
    definition: Definition,
    given: Given,
    target: Unit | None,
    measure: Measure,
    unit_of: UnitOf,
    parameters: Sequence[Parameter],
) -> Checked:
    """Return the expression of a draw, its unit, and the grid that the draw is from, if any.

    Parameters
    ----------
    definition
        Where the belief stands.
    given
        What it states.
    target
        Unit of the quantity; without one, that of the first parameter that is in it.
    unit_of
        The unit in which a quantity's values come, by its name and system.
    measure
        Checks the units of a formula: its path, tree, text, and the unit that it should have.
    parameters
        What each system believes of the parameter that varies without a closed form, in its unit.

    Raises
    ------
    RefusedError
        If units do not fit, or the range of a parameter is more than a grid can hold.
    """
    at = {str(path[-1]): (path, node) for path, node in definition.formulas}
    if target is None and given.leader:
        target = _unit_of_leader(at[given.leader], given, measure, unit_of)
    unit = target or DIMENSIONLESS
    expressions = {
        name: measure(*at[name], text, given.unit_of(name, unit))[0]
        for name, text in given.texts.items()
    }
    varying = given.recipe.varying
    grid = None
    if varying:
        grid = _grid(at[varying][0], given, parameters, given.unit_of(varying, unit))
    return express(given, expressions, grid, unit), unit, grid


def _unit_of_leader(
    formula: tuple[KeyPath, Node], given: Given, measure: Measure, unit_of: UnitOf
) -> Unit:
    """Return the unit of the first parameter that is in the quantity's.

    That of the quantity itself, if it is but one: a formula loses units that are pure numbers, such
    as hour/day, and numbers beside it would then be in another.
    """
    path, node = formula
    if isinstance(node, NameNode):
        return unit_of(node.name, node.system)
    return measure(path, node, given.texts[given.leader], None)[1]


def _grid(at: KeyPath, given: Given, parameters: Sequence[Parameter], unit: Unit) -> Grid:
    name, family = given.recipe.varying, given.recipe.family
    ends: list[float] = []
    for belief, own in parameters:
        match belief:
            case Random(distribution):
                found = range_of(distribution)
            case Constant(value):
                found = value, value
            case _:
                message = f"the {name} of {family} has no closed form, and so may not be a formula"
                hint = "name one quantity with a distribution of its own, or give a number"
                raise RefusedError(Complaint(at, message, hint))
        ends += [converted(end, own, unit) for end in found]
    low, high = _widened(min(ends), max(ends))
    try:
        return given.recipe.grid(low, high)
    except BeliefError as error:
        varies = f"cannot vary from {low:.3g} to {high:.3g}"
        message = f"the {name} of {family} {varies}: {error.message}"
        hint = 'narrow it down: { value = "2 to 4", truncate = [1, 6] }'
        discrete = "separate values" in message or "corners" in message
        raise RefusedError(Complaint(at, message, "" if discrete else hint)) from None


def _widened(low: float, high: float) -> tuple[float, float]:
    """Return a range with room for a grid, where a parameter is the same in every system."""
    room = 0.0 if low < high else 1e-6 * abs(low) or 1e-6
    return low - room, high + room


def parameters_of(
    definition: Definition, given: Given, world: World, beliefs: Mapping[KeyPath, Belief]
) -> list[Parameter]:
    """Return what is believed of the parameter without a closed form, by all systems that see it.

    A shared quantity is one draw, so it has one grid, whatever each system makes of its parameter.
    None in place of a belief is a formula.
    """
    node = given.formulas.get(given.recipe.varying)
    if not isinstance(node, NameNode):
        return [(None, DIMENSIONLESS)]
    name = definition.name
    asking = [key for key, scope in world.scopes.items() if scope.find(name) is definition]
    systems = [world.by_formula_name[node.system]] if node.system else asking
    found = (world.find((system, node.name)) for system in systems)
    seen = ((beliefs.get(one.where.path), one.unit or DIMENSIONLESS) for one in found if one)
    return [(belief, unit) for belief, unit in seen if not isinstance(belief, Absent)]

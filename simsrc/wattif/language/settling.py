"""A distribution given other quantities, once their units and what they may be are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wattif.distributions import BeliefError
from wattif.distributions.grid import Grid, range_of
from wattif.language.complaints import Complaint, RefusedError
from wattif.language.definitions import Definition, converted
from wattif.language.expression import Expression
from wattif.language.formulas import NameNode, Node
from wattif.language.given import Given, express
from wattif.language.model import Belief, Random
from wattif.language.positions import KeyPath
from wattif.language.resolution import World
from wattif.language.units import DIMENSIONLESS, Unit

Checked = tuple[Expression, Unit, Grid | None]
Parameter = tuple[Random, Unit]
Measure = Callable[[KeyPath, Node, str, Unit | None], tuple[Expression, Unit]]


def settle(
    definition: Definition,
    given: Given,
    target: Unit | None,
    measure: Measure,
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
    measure
        Checks the units of a formula: its path, tree, text, and the unit that it should have.
    parameters
        What is believed about the parameter that varies without a closed form, with its unit.

    Raises
    ------
    RefusedError
        If units do not fit, or the range of a parameter is more than a grid can hold.
    """
    at = {str(path[-1]): (path, node) for path, node in definition.formulas}
    if target is None and given.leader:
        target = measure(*at[given.leader], given.texts[given.leader], None)[1]
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


def _grid(at: KeyPath, given: Given, parameters: Sequence[Parameter], unit: Unit) -> Grid:
    name, family = given.recipe.varying, given.recipe.family
    if not parameters:
        message = f"the {name} of {family} has no closed form, and so may not be a formula"
        hint = "name one quantity with a distribution of its own, or give a number"
        raise RefusedError(Complaint(at, message, hint))
    ends = [
        converted(end, own, unit)
        for belief, own in parameters
        for end in range_of(belief.distribution)
    ]
    low, high = min(ends), max(ends)
    try:
        return given.recipe.grid(low, high)
    except BeliefError as error:
        message = (
            f"the {name} of {family} cannot vary from {low:.3g} to {high:.3g}: {error.message}"
        )
        raise RefusedError(Complaint(at, message, "narrow it down, with truncate")) from None


def parameters_of(
    definition: Definition, given: Given, world: World, beliefs: Mapping[KeyPath, Belief]
) -> list[Parameter]:
    """Return what is believed of the parameter without a closed form, by all who see it.

    A shared quantity is one draw, so it has one grid, whatever each system makes of its parameter.
    Systems where that is not simply the name of a quantity that is drawn are left out.
    """
    node = given.formulas.get(given.recipe.varying)
    if not isinstance(node, NameNode):
        return []
    asking = [
        key for key, scope in world.scopes.items() if scope.find(definition.name) is definition
    ]
    systems = [world.by_formula_name[node.system]] if node.system else asking
    found = (world.find((system, node.name)) for system in systems)
    seen = [(beliefs.get(one.where.path), one.unit or DIMENSIONLESS) for one in found if one]
    return [(belief, unit) for belief, unit in seen if isinstance(belief, Random)]

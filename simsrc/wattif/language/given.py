"""Distributions given other quantities: ``{ dist = "normal", mean = "base_rate", sd = "spread" }``.

A parameter in quotation marks is a formula over other quantities. What comes of it is an expression
of them and of a standard draw, see :mod:`wattif.distributions.conditional`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from wattif.distributions import FAMILIES, BeliefError
from wattif.distributions.conditional import DRAW, Recipe, find_recipe
from wattif.distributions.forms import SHIFT
from wattif.distributions.grid import Grid
from wattif.language import forms
from wattif.language.complaints import Complaint, RefusedError, found_words
from wattif.language.dimension import check
from wattif.language.expression import Call, Draw, Expression, Name, Number
from wattif.language.families import check_other_key
from wattif.language.formulas import CallNode, FormulaError, NameNode, Node, NumberNode, parse
from wattif.language.functions import FUNCTIONS
from wattif.language.positions import KeyPath
from wattif.language.units import DIMENSIONLESS, Unit, power


@dataclass(frozen=True)
class Given:
    """A family with formulas, by name, among its parameters."""

    recipe: Recipe
    formulas: Mapping[str, Node]
    texts: Mapping[str, str]
    reading: str

    @property
    def leader(self) -> str:
        """A parameter whose formula is in the quantity's unit, or "" if there is none."""
        return next((name for name in self.texts if self.recipe.power(name) == 1), "")

    def unit_of(self, name: str, unit: Unit) -> Unit:
        """Return the unit that a parameter is in, for a quantity in a unit."""
        exponent = self.recipe.power(name)
        return unit if exponent == 1 else power(unit, exponent)


def is_given(form: forms.Dist) -> bool:
    """Return whether a parameter of a table with ``dist`` is a formula."""
    return any(isinstance(value, str) for value in form.__pydantic_extra__.values())


def read_given(form: forms.Dist, path: KeyPath) -> Given:
    """Return the belief that a table with formulas among its parameters states.

    Raises
    ------
    RefusedError
        If a formula cannot be read, or such a parameter cannot vary.
    """
    texts = {k: v for k, v in form.__pydantic_extra__.items() if isinstance(v, str)}
    numbers = {k: v for k, v in form.__pydantic_extra__.items() if k not in texts}
    parameters = FAMILIES[form.dist].names if form.dist in FAMILIES else ()
    for key in texts:
        check_other_key(parameters, key, (*path, key))
    formulas = {name: _parse(text, (*path, name)) for name, text in texts.items()}
    _refuse_bounds(form, path)
    try:
        recipe = find_recipe(form.dist, numbers, texts)
    except BeliefError as error:
        known = error.parameter in form.__pydantic_extra__
        at = (*path, error.parameter) if known else (*path, "dist")
        raise RefusedError(Complaint(at, error.message, error.hint)) from None
    for condition in recipe.rule.holds:
        if not _may_hold(condition, recipe.numbers):
            message = f"{form.dist} needs {condition.replace('_', '')}"
            raise RefusedError(Complaint(path, message, at="key"))
    words = [f"{key} = {value}" for key, value in form.__pydantic_extra__.items()]
    return Given(recipe, formulas, texts, f"{form.dist}({', '.join(words)})")


def _refuse_bounds(form: forms.Dist, path: KeyPath) -> None:
    """Refuse what needs to know where a distribution lies."""
    if form.domain is not None:
        message = "domain cannot be kept to where a parameter is a quantity"
        hint = "bound it by a formula of its own: min(max(x, 0), 1)"
        raise RefusedError(Complaint((*path, "domain"), message, hint, at="key"))
    if form.truncate is not None:
        message = "truncate needs numbers for parameters; here one is a quantity"
        hint = "bound it by a formula of its own: max(x, 0), or min(max(x, a), b)"
        raise RefusedError(Complaint((*path, "truncate"), message, hint, at="key"))


def _may_hold(condition: str, numbers: Mapping[str, float]) -> bool:
    """Return whether a condition holds, as far as it is about numbers alone."""
    node = parse(condition)
    assert isinstance(node, CallNode)
    values: list[float] = []
    for side in node.arguments:
        if isinstance(side, NameNode) and side.name.rstrip("_") not in numbers:
            return True
        value = numbers[side.name.rstrip("_")] if isinstance(side, NameNode) else None
        values.append(side.value if isinstance(side, NumberNode) else float(value or 0.0))
    return bool(FUNCTIONS[node.function].evaluate(*values))


def _parse(text: str, at: KeyPath) -> Node:
    hint = 'write the number alone, and its unit as unit = "..."'
    try:
        node = parse(text)
    except FormulaError as error:
        hint = hint if text[:1].isdigit() else error.hint
        last = max(error.column, error.end_column - 1)
        complaint = Complaint(at, error.message, hint, first=error.column, last=last)
        raise RefusedError(complaint) from None
    if isinstance(node, NumberNode):
        message = f"{at[-1]} is {found_words(text)}; expected a finite number, or a quantity's name"
        raise RefusedError(Complaint(at, message, hint))
    return node


def express(
    given: Given, parameters: Mapping[str, Expression], grid: Grid | None, unit: Unit
) -> Expression:
    """Return the value of a draw: NaN where the parameters make no distribution.

    ``parameters`` are the expressions of the formulas, each in the unit that its parameter has;
    ``grid`` is there if one of them varies without a closed form.
    """
    recipe = given.recipe
    draw = Draw(_place(parameters[recipe.varying], grid) if grid else None)
    numbers = {name: Number(x) for name, x in recipe.numbers.items()}
    values: dict[str, Expression] = {**numbers, **parameters, DRAW: draw}
    if recipe.is_itself:
        return Call("add", (draw, values[SHIFT])) if SHIFT in values else draw

    def unit_of(name: str, system: str | None) -> Unit:
        return DIMENSIONLESS if name == DRAW else given.unit_of(name.rstrip("_"), unit)

    formula = f"{recipe.rule.formula} + {SHIFT}" if SHIFT in values else recipe.rule.formula
    value = _substitute(check(parse(formula), unit_of, unit)[0], values)
    for condition in recipe.rule.holds:
        holds = _substitute(check(parse(condition), unit_of)[0], values)
        value = Call("where", (holds, value, Number(math.nan)))
    return value


def _place(parameter: Expression, grid: Grid) -> Expression:
    """Return where in [-1, 1] a parameter lies in the range of its grid."""
    low, high = grid.low, grid.high
    if grid.logarithmic:
        parameter, low, high = Call("log", (parameter,)), math.log(low), math.log(high)
    distance = Call("sub", (parameter, Number((low + high) / 2.0)))
    return Call("div", (distance, Number((high - low) / 2.0)))


def _substitute(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    match expression:
        case Name(name):
            return values[name.rstrip("_")]
        case Call(function, arguments):
            return Call(function, tuple(_substitute(one, values) for one in arguments))
        case _:
            return expression

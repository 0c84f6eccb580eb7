"""Units through a formula: what its value is measured in, and the factors that make it so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from wattif.language import expression as tree_of
from wattif.language.expression import Call, Expression, Name
from wattif.language.formulas import CallNode, NameNode, Node, NumberNode
from wattif.language.functions import FUNCTIONS, Rule
from wattif.language.money import addition_hint, conversion_hint
from wattif.language.unit_grammar import factors, render
from wattif.language.units import (
    DIMENSIONLESS,
    Unit,
    UnitError,
    describe,
    divide,
    multiply,
    parse_unit,
    power,
    ratio,
    same_dimension,
)

UnitOf = Callable[[str, str | None], Unit]


class DimensionError(ValueError):
    """A formula whose units do not fit; columns as in ``FormulaError``."""

    def __init__(self, message: str, column: int, end_column: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.end_column = end_column
        self.hint = hint


def check(
    tree: Node, unit_of: UnitOf, target: Unit | None = None, text: str = ""
) -> tuple[Expression, Unit]:
    """Return a formula with its conversion factors in place, and the unit of its value.

    ``unit_of(name, system)`` is the unit in which a quantity's values come. The value is converted
    to ``target``; without one it has the unit that the formula gives it, or is a pure number.
    ``text`` is the formula, to be quoted in messages.
    """
    checker = _Checker(unit_of, text)
    value = checker.measure(tree)
    if target is None:
        target = _derived(value.unit)
    elif not value.fits(target):
        message = f"the formula gives {_measure(value.unit)}, but its unit is {describe(target)}"
        hints = (rule(value.unit, target) for rule in (conversion_hint, _missing, _difference))
        hint = next(filter(None, hints), "")
        raise _error(message, tree, hint)
    return checker.convert(value, target), target


_FRACTIONS = ("%", "percent", "permille", "ppm")


def _derived(unit: Unit) -> Unit:
    """Return the unit to report a value in that comes in this one: kWh rather than %*kWh."""
    if not unit.dimensions:
        return DIMENSIONLESS
    for factor in factors(unit.text):
        if factor.base in _FRACTIONS:
            unit = divide(unit, power(parse_unit(str(factor.base)), float(factor.exponent)))
    return unit


@dataclass(frozen=True)
class _Measured:
    """A part of a formula with its unit and the node that it came from."""

    expression: Expression
    unit: Unit
    node: Node

    @property
    def is_zero(self) -> bool:
        """Tell whether it is a literal 0, which fits any unit."""
        return isinstance(self.node, NumberNode) and self.node.value == 0

    def fits(self, unit: Unit) -> bool:
        return self.is_zero or same_dimension(self.unit, unit)


@dataclass(frozen=True)
class _Checker:
    """The rules of ``functions.Rule``, applied from the leaves up."""

    unit_of: UnitOf
    text: str

    def measure(self, node: Node) -> _Measured:
        if isinstance(node, NumberNode):
            return _Measured(tree_of.Number(node.value), DIMENSIONLESS, node)
        if isinstance(node, NameNode):
            unit = self.unit_of(node.name, node.system)
            return _Measured(Name(node.name, node.system), unit, node)
        arguments = tuple(map(self.measure, node.arguments))
        try:
            expressions, unit = _RULES[FUNCTIONS[node.function].rule](self, node, arguments)
        except UnitError as error:
            raise _error(error.message, node, error.hint) from None
        return _Measured(Call(node.function, expressions), unit, node)

    def convert(self, part: _Measured, unit: Unit) -> Expression:
        """Return a part's expression in another unit of its dimension."""
        if part.is_zero:
            return part.expression
        try:
            return _scale(ratio(part.unit, unit), part.expression)
        except UnitError as error:
            raise _error(error.message, part.node, error.hint) from None

    def pure(self, part: _Measured, purpose: str, hint: str) -> Expression:
        """Return a part as a plain number, or refuse it if it has a dimension."""
        if part.unit.dimensions:
            message = f"{purpose} must be a pure number, but {self.state(part)}"
            raise _error(message, part.node, hint)
        return self.convert(part, DIMENSIONLESS)

    def state(self, part: _Measured) -> str:
        """Say in which unit a part is."""
        quoted = self.text[part.node.column - 1 : part.node.end_column - 1]
        if len(quoted) > _LONGEST_QUOTE:
            quoted = quoted[: _LONGEST_QUOTE - 3] + "..."
        subject = f"'{quoted}'" if quoted else "this part"
        return f"{subject} is {'' if part.unit == DIMENSIONLESS else 'in '}{_measure(part.unit)}"


def _measure(unit: Unit) -> str:
    return "a pure number" if unit == DIMENSIONLESS else describe(unit)


_LONGEST_QUOTE = 40
_Result = tuple[tuple[Expression, ...], Unit]
_Parts = tuple[_Measured, ...]


def _same(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    leader = next((part for part in parts if not part.is_zero), parts[0])
    for part in parts:
        if not part.fits(leader.unit):
            first, second = sorted((leader, part), key=lambda side: side.node.column)
            message = f"{checker.state(first)}, but {checker.state(second)}"
            hint = addition_hint(first.unit, second.unit) or _difference(first.unit, second.unit)
            raise _error(message, node, hint)
        _refuse_ambiguous(checker, part, parts)
    return tuple(checker.convert(part, leader.unit) for part in parts), leader.unit


def _refuse_ambiguous(checker: _Checker, number: _Measured, parts: _Parts) -> None:
    """Refuse a bare number beside hours a day and the like: it may be meant in their unit.

    Such units are pure numbers, and 8 hours a day is 0.33. Per cent is not refused: 0.05 beside a
    share is read as it is meant.
    """
    if not isinstance(number.node, NumberNode) or number.is_zero:
        return
    for part in parts:
        scale = part.unit.scale
        if not part.unit.dimensions and scale not in (1.0, 0.01) and part.unit != DIMENSIONLESS:
            text = f"{number.node.value:g}"
            message = f"{checker.state(part)}, and {text} a pure number"
            hint = (
                f'a number with a unit is a quantity of its own: limit = "{text} {part.unit.text}"'
            )
            raise _error(message, number.node, hint)


def _compare(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    return _same(checker, node, parts)[0], DIMENSIONLESS


def _choose(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    condition = checker.pure(parts[0], "a condition", "compare it with something: x > 0")
    expressions, unit = _same(checker, node, parts[1:])
    return (condition, *expressions), unit


def _product(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    a, b = parts
    return (a.expression, b.expression), multiply(a.unit, b.unit)


def _quotient(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    a, b = parts
    return (a.expression, b.expression), divide(a.unit, b.unit)


def _power(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    base, exponent = parts
    number = checker.pure(exponent, "an exponent", "divide it by a quantity in the same unit")
    if not base.unit.dimensions:
        return (checker.convert(base, DIMENSIONLESS), number), DIMENSIONLESS
    if not isinstance(exponent.node, NumberNode):
        message = f"{checker.state(base)}, so its exponent must be a number, not a quantity"
        raise _error(message, node, "divide the base by a quantity in the same unit")
    return (base.expression, number), power(base.unit, exponent.node.value)


def _keep(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    return (parts[0].expression,), parts[0].unit


def _root(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    if not parts[0].unit.dimensions:
        return (checker.convert(parts[0], DIMENSIONLESS),), DIMENSIONLESS
    return (parts[0].expression,), power(parts[0].unit, 0.5)


def _pure(checker: _Checker, node: CallNode, parts: _Parts) -> _Result:
    hint = f"divide it by a quantity of 1 {parts[0].unit.text}"
    return (checker.pure(parts[0], f"the argument of {node.function}", hint),), DIMENSIONLESS


_RULES: dict[Rule, Callable[[_Checker, CallNode, _Parts], _Result]] = {
    "same": _same,
    "compare": _compare,
    "choose": _choose,
    "product": _product,
    "quotient": _quotient,
    "power": _power,
    "keep": _keep,
    "root": _root,
    "pure": _pure,
}


def _scale(factor: float, expression: Expression) -> Expression:
    if factor == 1:
        return expression
    if isinstance(expression, tree_of.Number):
        return _number(factor * expression.value)
    if isinstance(expression, Call) and expression.function == "mul":
        first, second = expression.arguments
        if isinstance(first, tree_of.Number):
            return Call("mul", (_number(factor * first.value), second))
    return Call("mul", (tree_of.Number(factor), expression))


def _number(value: float) -> tree_of.Number:
    if not isfinite(value):
        raise UnitError("a number that is too large once its unit is converted")
    return tree_of.Number(value)


def _missing(found: Unit, stated: Unit) -> str:
    """Return the stated unit as it would fit, if one factor such as "/day" more or less does it."""
    if not stated.dimensions or not found.dimensions:
        return ""
    for unit, combine in ((found, multiply), (stated, divide)):
        for factor in factors(unit.text):
            text = render(1, {str(factor.base): factor.exponent})
            try:
                fitting = combine(stated, parse_unit(text))
            except UnitError:  # out of range
                continue
            if same_dimension(fitting, found):
                return f"{fitting.text} would fit"
    return ""


def _difference(a: Unit, b: Unit) -> str:
    if not a.dimensions or not b.dimensions:
        unit = a if a.dimensions else b
        return f'a number with a unit is a quantity of its own, such as limit = "5 {unit.text}"'
    try:
        quotient = divide(a, b)
    except UnitError:
        return ""
    return f"they differ by a factor in {describe(quotient)}"


def _error(message: str, node: Node, hint: str) -> DimensionError:
    return DimensionError(message, node.column, node.end_column, hint)

"""One definition of a quantity as written: texts read, parameters made a distribution.

What it comes to may hang on other definitions (a formula on what it names, "a to b" on the domain
that an equation set declares), so that is left to later steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from wattif.language import forms, values
from wattif.language.complaints import Complaint, RefusedError, found_words
from wattif.language.composites import COMPOSITES, Compound, in_words
from wattif.language.families import read_distribution
from wattif.language.formulas import FormulaError, Node, parse
from wattif.language.given import Given, is_given, read_given
from wattif.language.labels import NO_LABEL, Label
from wattif.language.model import Absent, Constant, Random
from wattif.language.money import conversion_hint
from wattif.language.positions import KeyPath
from wattif.language.units import (
    DIMENSIONLESS,
    Unit,
    UnitError,
    describe,
    parse_unit,
    ratio,
    same_dimension,
)

Layer = Literal["system", "shared", "data", "set"]
Range = tuple[float, float]


@dataclass(frozen=True)
class Interval:
    """Two ends, "a to b", not yet a distribution: they hold a share ``level`` between them.

    Where there is a ``mode``, "~ m within a to b", they are the bounds instead.
    """

    low: float
    high: float
    level: float = values.LEVEL
    mode: float | None = None
    truncate: Range | None = None


@dataclass(frozen=True)
class Tree:
    """A formula, parsed; its units are not yet checked."""

    text: str
    node: Node


@dataclass(frozen=True)
class Refused:
    """A content that has been complained about, and stands in for whatever was meant."""


Content = Constant | Interval | Compound | Random | Given | Tree | Absent | Refused


@dataclass(frozen=True)
class Where:
    """Where a definition stands: key path, layer of the lookup, and its system, entry or set."""

    path: KeyPath
    layer: Layer
    owner: str = ""

    @property
    def words(self) -> str:
        """Return the place in words."""
        return {
            "system": f"system {self.owner}",
            "shared": "[quantities]",
            "data": f"data {self.owner}",
            "set": f"equation set {self.owner}",
        }[self.layer]

    @property
    def prefix(self) -> str:
        """Return what qualifies a name that is defined here."""
        ends = {"system": ".", "shared": "", "data": ":", "set": ":"}
        return self.owner + ends[self.layer]

    @property
    def is_own(self) -> bool:
        """Tell whether it is a value of the study's own, not one that it took in."""
        return self.layer in ("system", "shared")


@dataclass(frozen=True)
class Definition:
    """What one place says about a name.

    ``content`` is None where an equation set only declares what it needs. ``unit`` is None where
    none is given and the content has none of its own. ``domain`` is in ``unit``. ``at`` is the path
    of the text to point at.
    """

    name: str
    where: Where
    content: Content | None
    unit: Unit | None
    stated: str = ""
    label: Label = NO_LABEL
    source: str = ""
    grade: str = ""
    note: str = ""
    domain: Range | None = None
    at: KeyPath = ()

    @property
    def key(self) -> str:
        """Return the qualified name."""
        return self.where.prefix + self.name

    @property
    def formulas(self) -> Iterator[tuple[KeyPath, Node]]:
        """Yield the formulas in it, each with the path of its text."""
        match self.content:
            case Tree(_, node):
                yield self.at, node
            case Given(_, nodes):
                yield from (((*self.at, name), node) for name, node in nodes.items())


def define(name: str, form: forms.AnyForm, where: Where) -> Definition:
    """Return the definition that a form of the file makes.

    Raises
    ------
    RefusedError
        If a text in it cannot be read, or its parameters make no distribution.
    """
    if isinstance(form, str | float | int):
        return _read_stated(name, where, where.path, form, None)
    unit = _read_unit(form.unit, where.path)
    found = _read_form(name, where, form, unit)
    return replace(
        found,
        label=form.label,
        source=form.source or found.source,
        grade=form.grade or found.grade,
        note=form.note or found.note,
        domain=_in_unit(form.domain, unit, found.unit) or found.domain,
    )


def _read_form(name: str, where: Where, form: forms.LongForm, unit: Unit | None) -> Definition:
    path = where.path
    match form:
        case forms.Value():
            found = _read_stated(name, where, (*path, "value"), form.value, unit)
            return _truncated(found, form, unit)
        case forms.Dist() if form.dist in COMPOSITES:
            text = in_words(form) + _unit_text(form.unit)
            return Definition(name, where, Compound(form), unit or DIMENSIONLESS, text, at=path)
        case forms.Dist() if is_given(form):
            given = read_given(form, path)
            stated = given.reading + _unit_text(form.unit)
            return Definition(name, where, given, unit, stated, at=path)
        case forms.Dist():
            belief = read_distribution(form, path)
            stated = belief.stated + _unit_text(form.unit)
            return Definition(name, where, belief, unit or DIMENSIONLESS, stated, at=path)
        case forms.Formula():
            tree = _read_formula(form.formula, (*path, "formula"))
            return Definition(name, where, tree, unit, form.formula, at=(*path, "formula"))
        case forms.Absent():
            return Definition(name, where, Absent(form.absent), unit, at=(*path, "absent"))
        case forms.Declared():
            return _read_declared(name, where, form, unit)
        case _:
            raise AssertionError(f"a form without a reader: {type(form).__name__}")


def _read_declared(name: str, where: Where, form: forms.Declared, unit: Unit | None) -> Definition:
    if form.default is None:
        return Definition(name, where, None, unit, at=where.path)
    inside = replace(where, path=(*where.path, "default"))
    given = form.default
    if isinstance(given, str | float | int):
        found = _read_stated(name, inside, inside.path, given, unit)
    else:
        found = define(name, given if given.unit else _with_unit(given, form.unit), inside)
    if unit and found.unit and not same_dimension(unit, found.unit):
        raise _misfit(inside.path, found.unit, unit)
    return replace(found, where=where)


def _with_unit(form: forms.Value | forms.Dist, unit: str | None) -> forms.Value | forms.Dist:
    return form.model_copy(update={"unit": unit})


def _read_stated(
    name: str, where: Where, at: KeyPath, stated: str | float, unit: Unit | None
) -> Definition:
    """Read a number, which is in ``unit``, or a text, which may carry a unit of its own."""
    if not isinstance(stated, str):
        content, own, text = Constant(float(stated)), unit or DIMENSIONLESS, f"{stated:.10g}"
        return Definition(name, where, content, own, text, at=at)
    try:
        value = values.parse_value(stated, unit)
    except values.ValueFormError as error:
        raise _pointed(at, error) from None
    own = unit or value.unit
    if not same_dimension(value.unit, own):
        raise _misfit(at, value.unit, own)
    words = values.with_unit(stated, unit) if unit else stated
    return Definition(name, where, _content(value, own), own, words, at=at)


def _content(value: values.Value, unit: Unit) -> Constant | Interval:
    """Return what a value says, in another unit."""
    low, high = (converted(end, value.unit, unit) for end in (value.low, value.high))
    if value.kind == "constant":
        return Constant(low)
    mode = converted(value.mode, value.unit, unit) if value.kind == "peaked" else None
    return Interval(low, high, value.level, mode)


def converted(value: float, unit: Unit, target: Unit) -> float:
    """Return a value in another unit of its dimension."""
    factor = ratio(unit, target)
    # 700 / 1000 is 0.7; 700 * 0.001 is not
    return value * factor if factor >= 1 else value / ratio(target, unit)


def _pointed(at: KeyPath, error: values.ValueFormError | FormulaError) -> RefusedError:
    last = max(error.column, error.end_column - 1)
    complaint = Complaint(at, error.message, error.hint, first=error.column, last=last)
    return RefusedError(complaint)


def _misfit(at: KeyPath, found: Unit, expected: Unit) -> RefusedError:
    message = f"found {describe(found)}; expected {describe(expected)}, which `unit` says"
    return RefusedError(Complaint(at, message, conversion_hint(found, expected)))


def _read_unit(text: str | None, path: KeyPath) -> Unit | None:
    if text is None:
        return None
    try:
        return parse_unit(text)
    except UnitError as error:
        at, first = (*path, "unit"), error.column
        complaint = Complaint(at, error.message, error.hint, first=first, last=len(text))
        raise RefusedError(complaint) from None


def _unit_text(unit: str | None) -> str:
    return "" if unit in (None, "", "1") else f", in {unit}"


def _read_formula(text: str, at: KeyPath) -> Tree:
    try:
        return Tree(text, parse(text))
    except FormulaError as error:
        raise _pointed(at, error) from None


def _truncated(found: Definition, form: forms.Value, unit: Unit | None) -> Definition:
    if form.truncate is None:
        return found
    if not isinstance(found.content, Interval):
        message = f"truncate has no meaning for a constant, {found_words(form.value)}"
        raise RefusedError(Complaint((*found.where.path, "truncate"), message, at="key"))
    truncate = _in_unit(form.truncate, unit, found.unit)
    return replace(found, content=replace(found.content, truncate=truncate))


def _in_unit(domain: Range | None, unit: Unit | None, target: Unit | None) -> Range | None:
    """Return a range, given in one unit (of pure numbers if in none), in another.

    Where it has no unit and the quantity has a dimension, it is in the quantity's unit.
    """
    unit = unit or DIMENSIONLESS
    if domain is None or target is None or not same_dimension(unit, target):
        return domain
    low, high = (converted(end, unit, target) for end in domain)
    return low, high


def domain_in(definition: Definition, target: Unit | None) -> Range | None:
    """Return the domain that a definition declares, in another unit."""
    return _in_unit(definition.domain, definition.unit, target)

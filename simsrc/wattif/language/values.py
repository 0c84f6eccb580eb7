"""Short forms of values and of claims: "700 W", "20_000 to 30_000 GPU", "> 1.5e9 USD"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from wattif.language.formula_tokens import NUMBER
from wattif.language.units import DIMENSIONLESS, Unit, UnitError, parse_unit, ratio
from wattif.language.value_refusals import (
    ValueFormError,
    check_characters,
    check_rest,
    refuse,
    refuse_start,
)

__all__ = ["ClaimForm", "Relation", "Value", "ValueFormError", "parse_claim", "parse_value"]

Relation = Literal["between", "above", "below", "about", "exactly"]


@dataclass(frozen=True)
class Value:
    """A number, or the interval from its 5th to its 95th percentile, in a unit.

    ``low`` and ``high`` are equal for a constant.
    """

    kind: Literal["constant", "interval"]
    low: float
    high: float
    unit: Unit


@dataclass(frozen=True)
class ClaimForm:
    """What a claim says: bounds in a unit, infinite where it sets none."""

    relation: Relation
    low: float
    high: float
    unit: Unit


def parse_value(text: str, default_unit: Unit | None = None) -> Value:
    """Return the value that a short form states; without a unit it is in the default unit.

    Where there is no default unit either, it is a pure number.
    """
    check_characters(text)
    return _read_value(text, 0, default_unit)


_RELATIONS: dict[str, Relation] = {
    ">=": "above",
    "<=": "below",
    ">": "above",
    "<": "below",
    "~": "about",
}


def parse_claim(text: str, default_unit: Unit | None = None) -> ClaimForm:
    """Return what a claim says: "5.4 to 7.7 GWh", "> 1.5e9 USD", "< 3", "~ 0.34 Wh", "7e6 hour"."""
    check_characters(text)
    start = len(text) - len(text.lstrip())
    sign = next((sign for sign in _RELATIONS if text.startswith(sign, start)), "")
    value = _read_value(text, start + len(sign), default_unit)
    if value.kind == "interval":
        if sign:
            refuse(f"both '{sign}' and a range", start, "write one of the two", len(sign))
        return ClaimForm("between", value.low, value.high, value.unit)
    relation = _RELATIONS.get(sign, "exactly")
    low = -math.inf if relation == "below" else value.low
    high = math.inf if relation == "above" else value.high
    return ClaimForm(relation, low, high, value.unit)


class _Figure(NamedTuple):
    """A number with the unit after it, and where they start in the text."""

    number: float
    unit: Unit | None
    start: int


_TO = re.compile(r"[ \t]+to[ \t]+|[ \t]+to$|^[ \t]*to[ \t]+")


def _read_value(text: str, start: int, default_unit: Unit | None) -> Value:
    ends = list(_TO.finditer(text, start))
    if len(ends) > 1:
        refuse("more than one 'to'", ends[1].start(), "write 5 to 10", len(ends[1].group()))
    if not ends:
        figure = _figure(text, start, len(text))
        unit = figure.unit or default_unit or DIMENSIONLESS
        return Value("constant", figure.number, figure.number, unit)
    low = _figure(text, start, ends[0].start())
    high = _figure(text, ends[0].end(), len(text))
    return _interval(low, high, default_unit)


def _interval(low: _Figure, high: _Figure, default_unit: Unit | None) -> Value:
    if low.unit and not high.unit:
        refuse("the second number has no unit", high.start, "the unit goes last: 5 to 10 GWh")
    unit = high.unit or default_unit or DIMENSIONLESS
    try:
        bottom = low.number * ratio(low.unit or unit, unit)
    except UnitError as error:
        refuse(error.message, low.start, "both ends need units of one kind")
    if not -math.inf < bottom < high.number:
        stated = f"{bottom:g} to {high.number:g} {unit.text if unit != DIMENSIONLESS else ''}"
        hint = "write the number alone" if bottom == high.number else "the lesser number goes first"
        refuse(f"a range from {stated.strip()}", low.start, hint)
    return Value("interval", bottom, high.number, unit)


def _figure(text: str, start: int, end: int) -> _Figure:
    while start < end and text[start] in " \t":
        start += 1
    match = _SIGNED.match(text, start, end)
    if match is None:
        refuse_start(text[start:end], start)
    number = float(match.group().replace("_", ""))
    if not math.isfinite(number):
        refuse("too large a number", start, "numbers end at 1.8e308", len(match.group()))
    check_rest(text[match.end() : end], match)
    return _Figure(number, _unit(text[match.end() : end], match.end()), start)


_SIGNED = re.compile(rf"[+-]?{NUMBER.pattern}")


def _unit(text: str, start: int) -> Unit | None:
    if not text.strip():
        return None
    start += len(text) - len(text.lstrip())
    try:
        return parse_unit(text.strip())
    except UnitError as error:
        refuse(error.message, start + error.column - 1, error.hint)

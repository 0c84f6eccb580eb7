"""Short forms of values and of claims: "700 W", "20k to 30k USD (80 %)", "> 1.5e9 USD"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from wattif.language.figures import (
    Figure,
    ends_in_number,
    quantity_of,
    read_figure,
    refuse_lone_suffix,
)
from wattif.language.units import DIMENSIONLESS, Unit, UnitError, ratio
from wattif.language.value_refusals import (
    ValueFormError,
    check_characters,
    refuse,
    refuse_within,
)

__all__ = [
    "LEVEL",
    "ClaimForm",
    "Relation",
    "Value",
    "ValueFormError",
    "parse_claim",
    "parse_value",
    "with_unit",
]

LEVEL = 0.90  # that "a to b" holds, unless it says otherwise

Relation = Literal["between", "above", "below", "about", "exactly"]


@dataclass(frozen=True)
class Value:
    """A number, the central interval that holds a share ``level``, or a range with its ``mode``.

    ``low`` and ``high`` are equal for a constant, and the bounds of what is possible where there is
    a mode.
    """

    kind: Literal["constant", "interval", "peaked"]
    low: float
    high: float
    unit: Unit
    level: float = LEVEL
    mode: float = math.nan


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
    level, end = _read_level(text)
    within = _WITHIN.search(text, 0, end)
    if within is None:
        return _read_plain(text, 0, end, level, default_unit)
    start = len(text) - len(text.lstrip())
    if level is not None:
        hint = "'within' says the least and the greatest value: write it without a level"
        refuse("a level after 'within'", level.start, hint, len(text) - level.start)
    if text[start] != "~":
        refuse_within(within)
    return _read_peaked(text, start + 1, within, default_unit)


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
    _refuse_beliefs(text)
    value = _read_plain(text, start + len(sign), len(text), None, default_unit)
    if value.kind == "interval":
        if sign:
            refuse(f"both '{sign}' and a range", start, "write one of the two", len(sign))
        return ClaimForm("between", value.low, value.high, value.unit)
    relation = _RELATIONS.get(sign, "exactly")
    low = -math.inf if relation == "below" else value.low
    high = math.inf if relation == "above" else value.high
    return ClaimForm(relation, low, high, value.unit)


def _refuse_beliefs(text: str) -> None:
    """Refuse in a claim what only a belief has."""
    hint = "a claim is a figure, a range, or a figure after >, >=, <, <= or ~"
    if within := _WITHIN.search(text):
        refuse("'within' in a claim", within.start(1), hint, len(within[1]))
    level, end = _read_level(text)
    if level is not None:
        refuse("a level in a claim", level.start, hint, len(text) - end)


class _Level(NamedTuple):
    """A share, and where it stands in the text."""

    share: float
    start: int


_LEVEL = re.compile(r"(?<![*/ \t(])[ \t]*(\([ \t]*([0-9][0-9.]*)[ \t]*(%?)([^()]*)\))[ \t]*$")
_LEVEL_HINT = "the level of a range is written (80 %)"


def _read_level(text: str) -> tuple[_Level | None, int]:
    """Return the level that a text ends in, None if in none, and where the rest of it ends."""
    match = _LEVEL.search(text)
    if match is None or not (match[3] or not match[4].strip()):
        return None, len(text)
    start, width = match.start(1), len(match[1])
    try:
        share = float(f"{match[2]}e-2")  # 99.9 / 100 is not 0.999
    except ValueError:
        refuse(f"'{match[2]}' is no number", start, _LEVEL_HINT, width)
    if not match[3] or match[4].strip():
        refuse(f"'{match[1]}' after a range", start, _LEVEL_HINT, width)
    if not 0.0 < share < 1.0:
        message = f"a level of {match[2]} %; it must lie between 0 and 100 %, both excluded"
        refuse(message, start, "the share of the belief that lies in the range", width)
    return _Level(share, start), match.start()


_TO = re.compile(r"[ \t]+to[ \t]+|[ \t]+to$|^[ \t]*to[ \t]+")
_WITHIN = re.compile(r"(?:^|[ \t])(within)(?=[ \t]|$)")


def _read_plain(
    text: str, start: int, end: int, level: _Level | None, default_unit: Unit | None
) -> Value:
    """Read a number, or a range with the level it holds."""
    ends = _ends(text, start, end)
    if ends is not None:
        return _interval(*ends, level.share if level else LEVEL, default_unit)
    number, unit = quantity_of(read_figure(text, start, end), default_unit)
    if level is not None:
        refuse("a level after one number", level.start, "write 5 to 10 (80 %)", len(text[end:]))
    return Value("constant", number, number, unit)


def _ends(text: str, start: int, end: int) -> tuple[Figure, Figure] | None:
    """Return the two figures of a range, None if there is no 'to'."""
    found = list(_TO.finditer(text, start, end))
    if len(found) > 1:
        refuse("more than one 'to'", found[1].start(), "write 5 to 10", len(found[1].group()))
    if not found:
        return None
    return read_figure(text, start, found[0].start()), read_figure(text, found[0].end(), end)


def _interval(low: Figure, high: Figure, level: float, default_unit: Unit | None) -> Value:
    if low.has_unit and not high.has_unit:
        refuse("the second number has no unit", high.start, "the unit goes last: 5 to 10 GWh")
    top, unit = quantity_of(high, default_unit)
    if _lacks_suffix(low, high):
        refuse_lone_suffix(low, " to ", high)
    bottom = _in_unit_of(high, low, unit, default_unit)
    if not -math.inf < bottom < top:
        stated = f"{bottom:g} to {top:g} {unit.text if unit != DIMENSIONLESS else ''}"
        hint = "write the number alone" if bottom == top else "the lesser number goes first"
        refuse(f"a range from {stated.strip()}", low.start, hint)
    return Value("interval", bottom, top, unit, level)


def _lacks_suffix(figure: Figure, last: Figure) -> bool:
    return bool(last.suffix) and not (figure.suffix or figure.has_unit)


def _in_unit_of(last: Figure, figure: Figure, unit: Unit, default_unit: Unit | None) -> float:
    """Return a figure's number in ``unit``, that of the last figure, which serves it too."""
    served = figure
    if not figure.base:
        word = figure.word or ("" if figure.suffix else last.word)
        served = figure._replace(word=word, base=last.base)
    number, own = quantity_of(served, default_unit)
    try:
        return number * ratio(own, unit)
    except UnitError as error:
        refuse(error.message, figure.start, "both ends need units of one kind")


def _read_peaked(text: str, start: int, within: re.Match[str], default_unit: Unit | None) -> Value:
    """Read "~ 6 within 5 to 10", from the 6 on."""
    likely = read_figure(text, start, within.start(1))
    ends = _ends(text, within.end(1), len(text))
    if ends is None:
        hint = "write ~ 6 within 5 to 10"
        refuse("'within' without a range", within.start(1), hint, len(within[1]))
    bounds = _interval(*ends, LEVEL, default_unit)
    if likely.has_unit and not ends[1].has_unit:
        refuse("the last number has no unit", ends[1].start, "the unit goes last: 5 to 10 GWh")
    if _lacks_suffix(likely, ends[1]):
        refuse_lone_suffix(likely, " within ... to ", ends[1])
    mode = _in_unit_of(ends[1], likely, bounds.unit, default_unit)
    if not bounds.low < mode < bounds.high:
        place = "on a bound" if mode in (bounds.low, bounds.high) else "outside its bounds"
        message = f"a most likely value {place}: {mode:g} within {bounds.low:g} to {bounds.high:g}"
        hint = (
            'it must lie between them; for a mode on a bound write { dist = "triangular", '
            "min = ..., mode = ..., max = ... }"
        )
        refuse(message, likely.start, hint, len(likely.digits))
    return Value("peaked", bounds.low, bounds.high, bounds.unit, mode=mode)


def with_unit(text: str, unit: Unit) -> str:
    """Return a short form with the unit that it leaves out, before its level."""
    level, end = _read_level(text)
    plain = text[:end].rstrip()
    if unit == DIMENSIONLESS or not ends_in_number(plain):
        return text
    return f"{plain} {unit.text}" + (f" {text[level.start :].strip()}" if level else "")

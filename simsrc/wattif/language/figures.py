"""Figures in short forms: a number, perhaps with a suffix (30k), then perhaps a unit.

A suffix (k, M, bn, tn) belongs to its number alone. The words thousand, million, billion and
trillion are units: they stand where units stand and, like these, serve both ends of a range.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple, NoReturn

from wattif.language.formula_tokens import NUMBER
from wattif.language.units import DIMENSIONLESS, Unit, UnitError, parse_unit
from wattif.language.value_refusals import (
    check_hyphen,
    check_rest,
    refuse,
    refuse_start,
)

SUFFIXES = {"k": 3, "M": 6, "bn": 9, "tn": 12}
_WORDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}

_SIGNED = re.compile(rf"[+-]?{NUMBER.pattern}")
_SUFFIX = re.compile(r"([kM]|[ \t]*(?:bn|tn))(?![A-Za-z0-9_])")
_WORD = re.compile(rf"[ \t]+({'|'.join(_WORDS)})s?(?![A-Za-z0-9_])")


class Figure(NamedTuple):
    """A number with its suffix or its word, and the rest of its unit with its place in a text."""

    digits: str
    suffix: str
    word: str
    base: str
    start: int
    base_start: int

    @property
    def has_unit(self) -> bool:
        """Whether a unit stands after the number, be it a word alone."""
        return bool(self.word or self.base)


def read_figure(text: str, start: int, end: int) -> Figure:
    """Return the figure that a part of a text holds, or refuse."""
    while start < end and text[start] in " \t":
        start += 1
    match = _SIGNED.match(text, start, end)
    if match is None:
        refuse_start(text[start:end], start)
    if not math.isfinite(float(match.group().replace("_", ""))):
        refuse("too large a number", start, "numbers end at 1.8e308", len(match.group()))
    suffix = _SUFFIX.match(text, match.end(), end)
    word = None if suffix else _WORD.match(text, match.end(), end)
    taken = suffix or word
    base_start = taken.end() if taken else match.end()
    check_hyphen(text[base_start:end], text[start:base_start], base_start)
    if taken is None:
        check_rest(text[base_start:end], match)
    return Figure(
        digits=match.group().replace("_", ""),
        suffix=suffix[1].strip() if suffix else "",
        word=word[1] if word else "",
        base=text[base_start:end].rstrip(),
        start=start,
        base_start=base_start,
    )


def quantity_of(figure: Figure, default_unit: Unit | None) -> tuple[float, Unit]:
    """Return number and unit of a figure; a word without a unit multiplies the default unit's."""
    number = _scaled(figure.digits, SUFFIXES.get(figure.suffix, 0))
    if figure.base:
        unit = _unit(figure)
    elif figure.word and default_unit is not None:
        number, unit = _scaled(figure.digits, _WORDS[figure.word]), default_unit
    elif figure.word:
        unit = parse_unit(figure.word)
    else:
        unit = default_unit or DIMENSIONLESS
    if not math.isfinite(number):
        refuse("too large a number", figure.start, "numbers end at 1.8e308", len(figure.digits))
    return number, unit


def _scaled(digits: str, power: int) -> float:
    """Return digits times 10^power, rounded once: 2.3 * 1e6 is not 2.3e6."""
    mantissa, _, exponent = digits.lower().partition("e")
    return float(f"{mantissa}e{int(exponent or 0) + power}")


def _unit(figure: Figure) -> Unit:
    base = figure.base.strip()
    text = f"{figure.word} {base}" if figure.word else base
    added = len(text) - len(base)
    if base.startswith("/"):  # 30k/hour
        text, added = (f"{figure.word}{base}", added - 1) if figure.word else (f"1{base}", 1)
    start = figure.base_start + len(figure.base) - len(figure.base.lstrip())
    try:
        return parse_unit(text)
    except UnitError as error:
        refuse(error.message, start + max(error.column - added, 1) - 1, error.hint)


def ends_in_number(text: str) -> bool:
    """Tell whether a short form, without its level, ends in a figure that has no unit."""
    last = re.search(rf"(?:^|[ \t])({_SIGNED.pattern})({_SUFFIX.pattern}|{_WORD.pattern})?$", text)
    return last is not None


def refuse_lone_suffix(figure: Figure, joint: str, last: Figure) -> NoReturn:
    """Refuse "20 to 30k USD": whether the k is meant for the 20 too cannot be told."""
    unit = last.base if len(last.base) <= 40 else ""
    whole = f"{_scaled(last.digits, SUFFIXES[last.suffix]):_.15g}"
    both = f"write {figure.digits}{last.suffix}{joint}{last.digits}{last.suffix}{unit}"
    hint = f"{both}, or {figure.digits}{joint}{whole}{unit} if that is meant"
    message = f"the suffix {last.suffix} stands after the last number only"
    refuse(message, last.start + len(last.digits), hint, len(last.suffix))

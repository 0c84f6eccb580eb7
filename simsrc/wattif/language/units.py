"""Units: text to a scale and dimensions, and the arithmetic of formulas on them.

Everyday units stand in :mod:`wattif.language.unit_table`; whatever else a study names is looked up
in pint, which is imported only then: it costs more time than checking a study does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, lru_cache
from math import prod
from typing import Any

from wattif.language.unit_grammar import (
    FINEST_EXPONENT,
    LARGEST_EXPONENT,
    LONGEST,
    Factor,
    UnitError,
    factors,
    render,
)
from wattif.language.unit_table import CURRENCIES, KNOWN_UNITS, PREFIXES, definitions
from wattif.language.unit_words import advice, dimension_in_words, is_currency

__all__ = [
    "DIMENSIONLESS",
    "KNOWN_UNITS",
    "Unit",
    "UnitError",
    "describe",
    "divide",
    "is_currency",
    "multiply",
    "parse_unit",
    "power",
    "ratio",
    "same_dimension",
]

Dimensions = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Unit:
    """A unit of measurement: value in base units = value * scale.

    ``text`` reads back as the same unit. ``dimensions`` are base units with their exponents, in
    alphabetical order. ``exact`` is the scale without rounding, where it is known.
    """

    text: str
    scale: float
    dimensions: Dimensions = ()
    exact: Fraction | None = field(default=None, compare=False, repr=False)


DIMENSIONLESS = Unit("1", 1.0, (), Fraction(1))


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Return the unit that a text such as "USD/GWh" names; "" and "1" are dimensionless."""
    found = factors(text)
    factor, exponents = _value(found)
    return _unit(" ".join(text.split()) or "1", factor, exponents)


def multiply(a: Unit, b: Unit) -> Unit:
    """Return the unit of a product."""
    return _combine(a, b, Fraction(1))


def divide(a: Unit, b: Unit) -> Unit:
    """Return the unit of a quotient."""
    return _combine(a, b, Fraction(-1))


def power(a: Unit, exponent: float) -> Unit:
    """Return the unit of a power."""
    return _combine(DIMENSIONLESS, a, _simple(exponent))


def same_dimension(a: Unit, b: Unit) -> bool:
    """Tell whether values in the two units can be compared."""
    return a.dimensions == b.dimensions


def ratio(source: Unit, target: Unit) -> float:
    """Return the factor that turns values in the source unit into values in the target unit."""
    if not same_dimension(source, target):
        raise UnitError(f"{describe(source)} cannot become {describe(target)}")
    return _float(_exact(source) / _exact(target), f"{source.text}/({target.text})")


def describe(unit: Unit) -> str:
    """Return the unit with its dimension in words, for messages: "GWh [energy]"."""
    return f"{unit.text} [{dimension_in_words(dict(unit.dimensions)) or _words_of_factors(unit)}]"


def _words_of_factors(unit: Unit) -> str:
    named = [f for f in factors(unit.text) if isinstance(f.base, str)]
    words = [(dimension_in_words(_look_up(f)[1]), f.exponent) for f in named]
    return render(1, _collect((word, e) for word, e in words if word != "pure number"))


# Arithmetic


def _exact(unit: Unit) -> Fraction:
    return Fraction(unit.scale) if unit.exact is None else unit.exact


def _simple(exponent: float) -> Fraction:
    """Return the simple fraction that an exponent was rounded from, such as 1/3."""
    if not abs(exponent) <= LARGEST_EXPONENT:
        raise UnitError(f"a power of {exponent:g} of a unit", f"at most {LARGEST_EXPONENT}")
    simple = Fraction(exponent).limit_denominator(FINEST_EXPONENT)
    if abs(float(simple) - exponent) > 1e-9:
        raise UnitError(f"a power of {exponent!r} of a unit", "write at most four decimals")
    return simple


def _combine(a: Unit, b: Unit, exponent: Fraction) -> Unit:
    """Return the unit a * b**exponent."""
    powers = [(base, _simple(e)) for base, e in a.dimensions]
    powers += [(base, _simple(e) * exponent) for base, e in b.dimensions]
    factor = _exact(a) * _raise(_exact(b), exponent)
    return _unit(_product_text(a, b, exponent), factor, _collect(powers))


def _collect(powers: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for base, exponent in powers:
        total[base] = total.get(base, Fraction(0)) + exponent
    return {base: exponent for base, exponent in total.items() if exponent}


def _unit(text: str, factor: Fraction, exponents: dict[str, Fraction]) -> Unit:
    if any(abs(e) > LARGEST_EXPONENT for e in exponents.values()):
        raise UnitError(f"{_quoted(text)} has an exponent beyond {LARGEST_EXPONENT}")
    scale = _float(factor, text)
    dimensions = tuple(sorted((base, float(_simple(float(e)))) for base, e in exponents.items()))
    text = text or _base_text(scale, dimensions)
    return Unit(text, scale, dimensions, factor if _is_short(factor) else Fraction(scale))


def _is_short(factor: Fraction) -> bool:
    # a formula of thousands of units must not grow thousands of digits
    return max(factor.numerator.bit_length(), factor.denominator.bit_length()) < 1024


def _float(factor: Fraction, text: str) -> float:
    try:
        scale = float(factor)
    except OverflowError:
        scale = float("inf")
    if not 1e-290 < scale < 1e290:
        raise UnitError(f"{_quoted(text)} is too large or too small to compute with")
    return scale


def _quoted(text: str) -> str:
    return f"unit '{text}'" if text else "a unit"


def _raise(factor: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return factor**exponent.numerator
    try:
        return Fraction(float(factor) ** float(exponent))
    except (OverflowError, ZeroDivisionError):
        raise UnitError("a power of a unit is too large to compute with") from None


# Text


def _product_text(a: Unit, b: Unit, exponent: Fraction) -> str:
    """Return a * b**exponent in the words of both, or "" if that gets too long to read."""
    try:
        found = [(f.base, f.exponent) for f in factors(a.text)]
        found += [(f.base, f.exponent * exponent) for f in factors(b.text)]
        numbers = (_raise(base, e) for base, e in found if not isinstance(base, str))
        powers = _collect((base, e) for base, e in found if isinstance(base, str))
        text = render(_float(prod(numbers, start=Fraction(1)), a.text), powers)
    except UnitError:
        return ""
    return text if len(text) <= LONGEST else ""


def _base_text(scale: float, dimensions: Dimensions) -> str:
    text = render(scale, {base: _simple(e) for base, e in dimensions})
    if len(text) > LONGEST:
        raise UnitError("a unit made of too many others")
    return text


# Names


def _value(found: tuple[Factor, ...]) -> tuple[Fraction, dict[str, Fraction]]:
    total = Fraction(1)
    powers: list[tuple[str, Fraction]] = []
    for factor in found:
        if isinstance(factor.base, str):
            value, dimensions = _look_up(factor)
            powers += [(base, e * factor.exponent) for base, e in dimensions.items()]
        else:
            value = factor.base
        total *= _raise(value, factor.exponent)
    return total, _collect(powers)


_DATED = re.compile(rf"([{''.join('kMGT')}]?)({'|'.join(CURRENCIES)})_(\d{{4}})")
_YEARS = range(1990, 2101)


def _look_up(factor: Factor) -> tuple[Fraction, dict[str, Fraction]]:
    name = str(factor.base)
    if name in definitions():
        multiple, definition = definitions()[name]
        if not definition:
            return multiple, {name: Fraction(1)}
        value, dimensions = _value(factors(definition))
        return multiple * value, dimensions
    dated = _DATED.fullmatch(name)
    if dated and int(dated[3]) in _YEARS:
        multiple = PREFIXES[dated[1]][1] if dated[1] else Fraction(1)
        return multiple, {f"{dated[2]}_{dated[3]}": Fraction(1)}
    hint = advice(name) or _other_letters(name)
    found = None if hint else _look_up_in_pint(name)
    if found is None:
        raise UnitError(f"unknown unit '{name}'", hint or _nearest(name), factor.column)
    return found


def _other_letters(name: str) -> str:
    same = [unit for unit in definitions() if unit.casefold() == name.casefold()]
    return f"did you mean {' or '.join(same)}?" if same else ""


def _nearest(name: str) -> str:
    close = get_close_matches(name, definitions(), n=1, cutoff=0.7)
    return f"did you mean {close[0]}?" if close else "'wattif list units' shows what is known"


_PINT_DIMENSIONS = {
    "[length]": "m",
    "[mass]": "kg",
    "[time]": "s",
    "[current]": "A",
    "[temperature]": "K",
    "[substance]": "mol",
    "[luminosity]": "cd",
}
# pint also reads "cats" as centi-technical-atmospheres: only words that people write are asked for
_PLAIN_WORD = re.compile(r"[A-Za-z]{3,}|[A-Za-z]{2,}(_[A-Za-z]{2,}){1,3}")


def _look_up_in_pint(name: str) -> tuple[Fraction, dict[str, Fraction]] | None:
    if not _PLAIN_WORD.fullmatch(name):
        return None
    registry = _pint_registry()
    meanings = registry.parse_unit_name(name)
    if len(meanings) != 1 or not _is_spelled_out(name, *meanings[0]):
        return None
    try:
        if registry.Quantity(0, name).to_root_units().magnitude != 0:  # an offset: degC, dB
            return None
        factor = Fraction(registry.get_root_units(name)[0])
        dimensions = dict(registry.get_dimensionality(name))
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        return None
    if not dimensions.keys() <= _PINT_DIMENSIONS.keys():
        return None
    kilograms = Fraction(dimensions.get("[mass]", 0))  # pint counts mass in grams
    powers = {_PINT_DIMENSIONS[base]: Fraction(e) for base, e in dimensions.items()}
    return factor / _raise(Fraction(1000), kilograms), powers


def _is_spelled_out(name: str, prefix: str, unit: str, suffix: str) -> bool:
    return not prefix + suffix or prefix + unit + suffix == name


@cache
def _pint_registry() -> Any:
    import pint

    return pint.UnitRegistry(non_int_type=Fraction, cache_folder=None)

"""How a unit's numbers are scaled: kWh to GWh, USD to millions of dollars, queries to billions.

A unit is the text that the study wrote. Its first factor decides: an SI symbol takes SI prefixes, a
currency k, M, bn and tn, anything else is counted in M, bn and tn; what follows ("/query") is kept.
To teach it another symbol or currency, add to the tables below.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from wattif.format.languages import MANNERS, Language, Manner

_DIMENSIONLESS = ("", "1", "dimensionless")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_SIGN_TABLE = """
    USD $  EUR €  GBP £  JPY ¥  CNY CN¥  INR ₹  KRW ₩  ILS ₪  AUD A$  CAD CA$  NZD NZ$  HKD HK$
    SGD S$  TWD NT$  BRL R$  MXN MX$
"""
_SIGNS = dict(zip(_SIGN_TABLE.split()[::2], _SIGN_TABLE.split()[1::2], strict=True))
_CODES = "CHF SEK NOK DKK PLN CZK TRY AED SAR ZAR ARS CLP COP PEN"
_CURRENCIES = _SIGNS | {code: f"{code} " for code in _CODES.split()}

_UP = {3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}
_DOWN = {-12: "p", -9: "n", -6: "µ", -3: "m"}
_BOTH = ("Wh", "W", "J", "V", "A", "Hz", "eV", "L", "N", "Pa", "K")
_LEAST = -12  # power of ten below which numbers are written with an exponent

# What a unit may say of its own size: "million USD", "MUSD", "ktoken".
_MULTIPLES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_PREFIXED = re.compile(
    rf"([kMGT])((?:{'|'.join(_CURRENCIES)})(?:_\d{{4}})?|tokens?|quer(?:y|ies)|params?)\b"
)
_RATE = re.compile(rf"/({'|'.join(_CURRENCIES)})(_\d{{4}})?$")

_PER_THING = re.compile(r"/([a-z]{3,})")
_PER_MILLION = re.compile(r"/million[ ·]([a-z]{3,})")


def _prefixed(symbol: str, prefixes: dict[int, str]) -> dict[int, str]:
    return {power: prefix + symbol for power, prefix in sorted((prefixes | {0: ""}).items())}


_MASS = {-6: "µg", -3: "mg", 0: "g", 3: "kg", 6: "t", 9: "kt", 12: "Mt", 15: "Gt"}
# A ladder is a family of symbols, by their power of ten in its base unit.
_LADDERS: tuple[dict[int, str], ...] = (
    *(_prefixed(symbol, _DOWN | _UP) for symbol in _BOTH),
    *(_prefixed(symbol, _UP) for symbol in ("FLOP", "FLOPS", "B", "bit", "byte")),
    _prefixed("m", _DOWN | {3: "k"}),
    _prefixed("s", _DOWN),
    *({p: f"{s}{gas}" for p, s in _MASS.items()} for gas in ("", "CO2e", "CO2eq", "CO2")),
)
_SYMBOLS = {symbol: (ladder, power) for ladder in _LADDERS for power, symbol in ladder.items()}


@dataclass(frozen=True)
class Scale:
    """How numbers of one size are written: in 10**``power``, with prefix, word, symbol and rest.

    The word (M, bn) belongs to its number: "$0.3 M to $1.2 M". Symbol and rest may serve two
    numbers, "25 to 75 GWh/day"; the rest is what the ticks of an axis leave out. ``singular`` is
    its form after a number that reads 1.
    """

    manner: Manner
    power: int
    prefix: str = ""
    word: str = ""
    symbol: str = ""
    rest: str = ""
    singular: str | None = None

    @property
    def unit(self) -> str:
        """Return what follows a number and its word."""
        return self.symbol + self.rest

    def shown(self, value: float) -> float:
        """Return the size of a value in this scale's units."""
        return abs(value) / ten(self.power)

    def number(self, value: float, place: int) -> str:
        """Return the bare number without its sign; its last digit stands for 10**place units."""
        decimals = self.power - place
        return f"{round(self.shown(value), decimals):,.{max(0, decimals)}f}"

    def short(self, number: str, value: float) -> str:
        """Return a bare number with sign, prefix and word, without its unit."""
        minus = "−" if value < 0 and number.strip("0.,") else ""  # noqa: RUF001
        written = self.manner.number(number)
        return f"{minus}{self.prefix}{written}{self.word if number != '0' else ''}"

    def tick(self, number: str, value: float) -> str:
        """Return a bare number as the label of a tick."""
        return self.short(number, value) + self.symbol

    def full(self, number: str, value: float) -> str:
        """Return a bare number with all that belongs to it."""
        rest = self.rest if number != "1" or self.singular is None else self.singular
        return self.tick(number, value) + rest


@dataclass(frozen=True)
class Scales:
    """All scales of one unit, by the least power of ten of its base unit that each serves."""

    rungs: Mapping[int, Scale]
    base: Scale
    stated: int = 0  # power of ten of the study's unit in the base unit

    def pick(self, value: float) -> Scale:
        """Return the scale that suits a value; zero keeps the stated unit."""
        power = self.stated + (power_of(value) if value else 0)
        if value and not _LEAST <= power < max(15, 3 + max(self.rungs)):
            power = max(power, -300)  # subnormal numbers have no power of ten to be divided by
            word = f"×10{str(power).translate(_SUPERSCRIPTS)}"  # noqa: RUF001
            base = self.base
            own = power - self.stated
            return Scale(base.manner, own, base.prefix, word, base.symbol, base.rest)
        served = [rung for rung in self.rungs if rung <= power]
        return self.rungs[max(served, default=min(self.rungs))]


@lru_cache(maxsize=256)
def scales_of(unit: str, language: Language = "en") -> Scales:
    """Return the scales of a unit as a study wrote it: "kWh", "USD/query", "hour", "1"."""
    multiple, head, tail = _split(unit)
    manner = MANNERS[language]
    currency, _, year = head.partition("_")
    rate = _RATE.match(tail)
    if currency in _CURRENCIES and not (rate and (year or rate[2])):  # not "$1.2/USD_2021 (2025)"
        dated = f" ({year})" if year else ""
        return _money(manner, _CURRENCIES[currency], tail, dated, multiple)
    if head in _SYMBOLS:
        ladder, own = _SYMBOLS[head]
        return _symbols(manner, ladder, manner.singular(tail), own + multiple)
    if head in _DIMENSIONLESS and not tail:
        return _plain(manner, multiple)
    return _things(manner, head, tail, multiple)


def _symbols(manner: Manner, ladder: dict[int, str], tail: str, stated: int) -> Scales:
    rungs = {p: Scale(manner, p - stated, symbol=f" {s}", rest=tail) for p, s in ladder.items()}
    base = rungs.pop(0)
    return Scales(rungs | {-1: base}, base, stated)  # 0.3 Wh rather than 300 mWh


def _money(manner: Manner, sign: str, tail: str, dated: str, stated: int) -> Scales:
    def million(things: str) -> str:
        return f" {manner.per} M{manner.of} {manner.plural(things)}"

    found = _PER_MILLION.fullmatch(tail)
    rest = (million(found[1]) if found else manner.singular(tail)) + dated
    rungs = {p: _amount(manner, sign, word, p - stated, rest) for p, word in manner.money.items()}
    base = rungs[0]
    if thing := _PER_THING.fullmatch(tail):  # "$3.0 per M tokens" is how such prices are quoted
        price = _amount(manner, sign, "", -6 - stated, dated)
        price = replace(price, symbol=price.symbol + million(thing[1]))
        rungs = {_LEAST: price, -4: rungs.pop(0)} | rungs
    return Scales(rungs, base, stated)


def _amount(manner: Manner, sign: str, word: str, power: int, rest: str) -> Scale:
    """Return a scale of money: "$3 M", "3 M$"; a code or an abbreviation keeps its distance."""
    if manner.sign_first:
        return Scale(manner, power, sign, word, rest=rest)
    joined = word and not word.endswith(".") and len(sign) == 1
    return Scale(manner, power, "", word, ("" if joined else " ") + sign.strip(), rest)


def common_unit(values: Iterable[float], unit: str) -> tuple[float, str]:
    """Return the unit in which all values are best shown beside each other, and their factor.

    It is the unit itself, but for money per thing: if one price is quoted for a million things, all
    are.
    """
    _, head, tail = _split(unit)
    thing = _PER_THING.fullmatch(tail)
    sizes = [abs(value) for value in values if value and math.isfinite(value)]
    if head.partition("_")[0] not in _CURRENCIES or not thing or not sizes:
        return 1.0, unit
    if not scales_of(unit).pick(min(sizes)).symbol:
        return 1.0, unit
    return 1e6, unit.replace("/", "/million ", 1)


def common_scales(values: Iterable[float], unit: str, language: Language = "en") -> Scales:
    """Return the scale in which all values read well beside each other; all scales if none does.

    No number gets more than four digits before the point (a count six), or more than two zeros
    behind it (none before a word: 0.1 M). Of such scales it is the one that suits most values.
    """
    every = scales_of(unit, language)
    if unit in ("", "1"):  # a share reads well as it is, and "700,000 per million" does not
        return every
    sizes = [abs(value) for value in values if value and math.isfinite(value)]
    scales = [*every.rungs.values(), every.base]
    steps = {one.power: _step(one, scales) for one in scales}
    serving = [one for one in scales if _serves(one, sizes, steps[one.power])]
    if not sizes or not serving:
        return every

    def suited(scale: Scale) -> tuple[int, int]:
        return sum(1 <= scale.shown(x) < steps[scale.power] for x in sizes), scale.power

    best = max(serving, key=suited)
    return Scales({_LEAST: best}, best, every.stated)


def _step(scale: Scale, scales: Iterable[Scale]) -> float:
    """Return the size at which the next scale takes over: a thousand, or a million for counts."""
    above = [one.power for one in scales if one.power > scale.power]
    return ten(min([power - scale.power for power in above], default=3))


def _serves(scale: Scale, sizes: list[float], step: float) -> bool:
    low, high = 0.1 if scale.word else 0.001, max(9999.5, step)
    return all(low <= scale.shown(size) < high for size in sizes)


def _plain(manner: Manner, stated: int) -> Scales:
    small = {
        p: Scale(manner, s - stated, symbol=f" {manner.per} {word}")
        for p, (s, word) in manner.parts.items()
    }
    rungs = {p: Scale(manner, p - stated, word=word) for p, word in manner.counts.items()}
    base = rungs.pop(0)
    return Scales(small | {-4: base} | rungs, base, stated)


def _things(manner: Manner, head: str, tail: str, stated: int) -> Scales:
    symbol, tail = " %" if head == "%" else "", manner.singular(tail)
    counted = head not in ("%", "1")
    many = f" {manner.plural(head)}" if counted else ""
    one = f" {manner.singular(head)}" if counted else ""
    rungs = {
        p: Scale(manner, p - stated, "", word, symbol, many + tail, None if word else one + tail)
        for p, word in manner.counts.items()
    }
    rungs = {
        p: replace(scale, rest=manner.of + scale.rest) if scale.word and counted else scale
        for p, scale in rungs.items()
    }
    return Scales(rungs, rungs[0], stated)


def _split(unit: str) -> tuple[int, str, str]:
    """Return a multiple's power of ten, what is counted and the rest: (0, "GPU·hour", "/query")."""
    tidy = re.sub(r"\s*(\*\*|\^)\s*(-?\d+)", lambda m: m[2].translate(_SUPERSCRIPTS), unit.strip())
    tidy = re.sub(r"\s*[*·]\s*", "·", re.sub(r"\s*/\s*", "/", tidy))
    word = re.match(rf"({'|'.join(_MULTIPLES)})(?:[ ·]|$)", tidy)
    prefixed = _PREFIXED.match(tidy)
    if word:
        multiple, tidy = _MULTIPLES[word[1]], tidy[word.end() :]
    elif prefixed:
        multiple, tidy = {s: p for p, s in _UP.items()}[prefixed[1]], tidy[1:]
    else:
        multiple = 0
    first = re.match(r"\w+(?![\w⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", tidy)
    if first and (first[0] in _SYMBOLS or first[0].partition("_")[0] in _CURRENCIES):
        return multiple, first[0], tidy[first.end() :]
    numerator, slash, rest = tidy.partition("/")
    return multiple, ("%" if numerator == "percent" else numerator), slash + rest


def power_of(value: float) -> int:
    """Return the power of ten of a number's first digit."""
    return int(f"{abs(value):.14e}".partition("e")[2])


def ten(power: int) -> float:
    """Return 10**power, correctly rounded."""
    return float(f"1e{power}")

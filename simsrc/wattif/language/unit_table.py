"""The units of everyday studies, as data.

To add one, add a row to its group. A unit is defined by units of other rows, or, where its
definition is empty, is a dimension of its own. What is not here is looked up in pint's tables.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import NamedTuple


class Row(NamedTuple):
    """A unit: symbol, other spellings, the prefixes its symbol takes, definition, meaning.

    Spellings in words take a plural s and prefixes in words (``kilowatts``).
    """

    symbol: str
    names: str
    prefixes: str
    definition: str
    words: str


PREFIXES = {
    "f": ("femto", Fraction(1, 10**15)),
    "p": ("pico", Fraction(1, 10**12)),
    "n": ("nano", Fraction(1, 10**9)),
    "u": ("micro", Fraction(1, 10**6)),
    "m": ("milli", Fraction(1, 1000)),
    "c": ("centi", Fraction(1, 100)),
    "d": ("deci", Fraction(1, 10)),
    "h": ("hecto", Fraction(100)),
    "k": ("kilo", Fraction(1000)),
    "M": ("mega", Fraction(10**6)),
    "G": ("giga", Fraction(10**9)),
    "T": ("tera", Fraction(10**12)),
    "P": ("peta", Fraction(10**15)),
    "E": ("exa", Fraction(10**18)),
    "Z": ("zetta", Fraction(10**21)),
    "Y": ("yotta", Fraction(10**24)),
    "R": ("ronna", Fraction(10**27)),
    "Q": ("quetta", Fraction(10**30)),
}

_SI = "numkMGT"
_BIG = "kMGTPEZYRQ"
_MANY = "kMGT"

CURRENCIES = {
    "USD": "US dollar",
    "EUR": "euro",
    "GBP": "pound sterling",
    "CNY": "Chinese renminbi",
    "JPY": "Japanese yen",
    "CHF": "Swiss franc",
    "CAD": "Canadian dollar",
    "AUD": "Australian dollar",
    "NZD": "New Zealand dollar",
    "INR": "Indian rupee",
    "KRW": "South Korean won",
    "TWD": "New Taiwan dollar",
    "SGD": "Singapore dollar",
    "HKD": "Hong Kong dollar",
    "SEK": "Swedish krona",
    "NOK": "Norwegian krone",
    "DKK": "Danish krone",
    "PLN": "Polish zloty",
    "CZK": "Czech koruna",
    "TRY": "Turkish lira",
    "ILS": "Israeli shekel",
    "AED": "UAE dirham",
    "SAR": "Saudi riyal",
    "ZAR": "South African rand",
    "BRL": "Brazilian real",
    "MXN": "Mexican peso",
    "ARS": "Argentine peso",
    "CLP": "Chilean peso",
    "COP": "Colombian peso",
    "PEN": "Peruvian sol",
}

_COUNTS = {
    "GPU": "GPUs",
    "TPU": "TPUs",
    "CPU": "CPUs",
    "chip": "",
    "accelerator": "",
    "device": "",
    "core": "",
    "server": "",
    "node": "",
    "rack": "",
    "cluster": "",
    "site": "",
    "expert": "",
    "layer": "",
    "model": "",
    "person": "people",
    "employee": "",
    "user": "",
    "item": "",
    "piece": "",
    "count": "",
    "sample": "",
    "step": "",
    "sequence": "",
}

GROUPS: dict[str, tuple[Row, ...]] = {
    "plain numbers": (
        Row("%", "percent", "", "0.01", "percent, 0.01"),
        Row("permille", "", "", "0.001", "per thousand"),
        Row("ppm", "", "", "1e-6", "parts per million"),
        Row("ppb", "", "", "1e-9", "parts per billion"),
        Row("thousand", "", "", "1e3", "10^3, as in 'thousand USD'"),
        Row("million", "", "", "1e6", "10^6"),
        Row("billion", "", "", "1e9", "10^9"),
        Row("trillion", "", "", "1e12", "10^12"),
        Row("rad", "radian", "m", "1", "radian, 1"),
    ),
    "counts": (
        Row("param", "parameter", _MANY, "1", "parameter, 1"),
        *(Row(name, names, "", "1", f"{name}, 1") for name, names in _COUNTS.items()),
    ),
    "work": (
        Row("token", "", _MANY, "", "token"),
        Row("query", "queries request prompt", _MANY, "", "query to a model"),
        Row("FLOP", "flop", _BIG, "", "floating-point operation"),
    ),
    "information": (
        Row("bit", "", _BIG, "", "bit"),
        Row("B", "byte", _BIG, "8 bit", "byte"),
        Row("KiB", "", "", "1024 B", "kibibyte"),
        Row("MiB", "", "", "1024 KiB", "mebibyte"),
        Row("GiB", "", "", "1024 MiB", "gibibyte"),
        Row("TiB", "", "", "1024 GiB", "tebibyte"),
    ),
    "money": tuple(Row(code, "", _MANY, "", words) for code, words in CURRENCIES.items()),
    "time": (
        Row("s", "second sec", "fpnum", "", "second"),
        Row("min", "minute", "", "60 s", "minute"),
        Row("h", "hour hr", "", "3600 s", "hour"),
        Row("day", "d", "", "24 h", "day"),
        Row("week", "", "", "7 day", "week"),
        Row("month", "", "", "30.4375 day", "a twelfth of a year"),
        Row("year", "yr", "", "365.25 day", "Julian year"),
        Row("Hz", "hertz", _SI, "1/s", "hertz"),
    ),
    "energy and power": (
        Row("J", "joule", "fp" + _SI + "PEZ", "kg*m**2/s**2", "joule"),
        Row("W", "watt", "fp" + _SI + "PE", "J/s", "watt"),
        Row("Wh", "watt_hour watthour", "numkMGTP", "W*h", "watt-hour"),
        Row("cal", "calorie", "k", "4.184 J", "calorie"),
        Row("eV", "electronvolt", "mkMGT", "1.602176634e-19 J", "electronvolt"),
        Row("BTU", "Btu", "", "1055.05585262 J", "British thermal unit (International Table)"),
    ),
    "carbon": (
        Row("gCO2e", "gCO2eq gCO2", _MANY, "0.001 kgCO2e", "gram of CO2 equivalent"),
        Row("tCO2e", "tCO2eq tCO2", _MANY, "1000 kgCO2e", "tonne of CO2 equivalent"),
    ),
    "space and matter": (
        Row("m", "metre meter", "fpnumck", "", "metre"),
        Row("ft", "foot feet", "", "0.3048 m", "foot"),
        Row("mile", "", "", "1609.344 m", "mile"),
        Row("ha", "hectare", "", "1e4 m**2", "hectare"),
        Row("L", "l litre liter", "umcdhkMG", "0.001 m**3", "litre"),
        Row("g", "gram", _SI, "0.001 kg", "gram"),
        Row("t", "tonne metric_ton", "kMG", "1000 kg", "tonne, 1000 kg"),
        Row("lb", "pound", "", "0.45359237 kg", "pound"),
        Row("mol", "mole", _SI, "", "mole"),
        Row("K", "kelvin", "num", "", "kelvin"),
        Row("cd", "candela", "", "", "candela"),
    ),
    "mechanics and electricity": (
        Row("N", "newton", _SI, "kg*m/s**2", "newton"),
        Row("Pa", "pascal", "numhkMGT", "N/m**2", "pascal"),
        Row("bar", "", "mk", "1e5 Pa", "bar"),
        Row("psi", "", "k", "0.45359237*9.80665/0.0254**2*Pa", "pound-force per square inch"),
        Row("A", "ampere amp", "fp" + _SI, "", "ampere"),
        Row("V", "volt", _SI, "W/A", "volt"),
        Row("C", "coulomb", "pnum", "A*s", "coulomb"),
        Row("F", "farad", "fpnum", "C/V", "farad"),
        Row("ohm", "", _SI, "V/A", "ohm"),
        Row("S", "siemens", "num", "A/V", "siemens"),
        Row("Wb", "weber", "m", "V*s", "weber"),
        Row("T", "tesla", "num", "Wb/m**2", "tesla"),
        Row("H", "henry", "num", "Wb/A", "henry"),
    ),
}

_BASES = ("kg", "kgCO2e")  # defined with a prefix, and so not a row of their own

KNOWN_UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    group: tuple((row.symbol, row.words) for row in rows) for group, rows in GROUPS.items()
}


@cache
def definitions() -> dict[str, tuple[Fraction, str]]:
    """Return every spelling with its multiple of a definition; an empty one is a dimension."""
    known: dict[str, tuple[Fraction, str]] = {}
    for rows in GROUPS.values():
        for row in rows:
            _define(known, row)
    return known | {base: (Fraction(1), "") for base in _BASES}


def _define(known: dict[str, tuple[Fraction, str]], row: Row) -> None:
    definition = row.definition or row.symbol
    one = Fraction(1)
    known[row.symbol] = (one, row.definition)
    words = [*row.names.split(), *([row.symbol] if len(row.symbol) > 2 else [])]
    for name in [*words, *filter(None, map(_plural, words))]:
        known.setdefault(name, (one, definition))
        for prefix in row.prefixes if len(name) > 2 and name.islower() else "":
            long, factor = PREFIXES[prefix]
            known.setdefault(long + name, (factor, definition))
    for prefix in row.prefixes:
        for symbol in (row.symbol, *row.names.split()):
            known.setdefault(prefix + symbol, (PREFIXES[prefix][1], definition))


def _plural(name: str) -> str:
    regular = name.islower() and len(name) > 1 and not name.endswith(("s", "x", "z", "ry"))
    return f"{name}s" if regular else ""

"""Units in words: dimensions for messages, and advice on spellings that are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from wattif.language.unit_table import CURRENCIES, PREFIXES

_BASES = {
    "kg": "mass",
    "m": "length",
    "s": "time",
    "A": "current",
    "K": "temperature",
    "mol": "amount",
    "cd": "luminous intensity",
    "bit": "information",
    "token": "tokens",
    "query": "queries",
    "FLOP": "operations",
    "kgCO2e": "emissions",
}
_NAMED = {
    "energy": {"kg": 1.0, "m": 2.0, "s": -2.0},
    "power": {"kg": 1.0, "m": 2.0, "s": -3.0},
    "force": {"kg": 1.0, "m": 1.0, "s": -2.0},
    "pressure": {"kg": 1.0, "m": -1.0, "s": -2.0},
    "voltage": {"kg": 1.0, "m": 2.0, "s": -3.0, "A": -1.0},
    "volume": {"m": 3.0},
    "area": {"m": 2.0},
    "speed": {"m": 1.0, "s": -1.0},
    "acceleration": {"m": 1.0, "s": -2.0},
}


def is_currency(base: str) -> bool:
    """Tell whether a base unit is a currency, dated or not."""
    return base.partition("_")[0] in CURRENCIES


def dimension_in_words(dimensions: Mapping[str, float | Fraction]) -> str:
    """Return what people call these dimensions, "" if they have no name for them."""
    if not dimensions:
        return "pure number"
    if list(dimensions.values()) == [1]:
        (base,) = dimensions
        return "money" if is_currency(base) else _BASES.get(base, base)
    return next((word for word, powers in _NAMED.items() if powers == dimensions), "")


_ADVICE = {
    "per": "write / for per",
    "and": "write * between units",
    "ton": "write t (1000 kg) or short_ton",
    "tons": "write t (1000 kg) or short_ton",
    "b": "write bit or B",
    "bn": "write billion",
    "mn": "write million",
    "mln": "write million",
    "CO2": "write kgCO2e or tCO2e",
    "CO2e": "write kgCO2e or tCO2e",
    "dollar": "write USD",
    "dollars": "write USD",
    "euro": "write EUR",
    "euros": "write EUR",
}
_OPERATIONS = re.compile(r"([kMGTPEZY]?)(FLOPS|FLOPs|flops)")
_TEMPERATURE = re.compile(r"(degree_|deg)?(C|F|celsius|fahrenheit)", re.IGNORECASE)
_POWER = re.compile(r"(k|c|m)?m([23])")
_CHIP_HOURS = re.compile(r"(GPU|TPU|chip|device)_?(h|hr|hour)s?", re.IGNORECASE)
_MONEY_YEAR = re.compile(rf"[kMGT]?({'|'.join(CURRENCIES)})_?\d+")


def advice(name: str) -> str:
    """Return what to write instead of a name that is refused on purpose, "" for any other."""
    if name in _ADVICE:
        return _ADVICE[name]
    if name in PREFIXES:
        number = f"{float(PREFIXES[name][1]):g}".replace("e+0", "e").replace("e-0", "e-")
        return f"{name} is a prefix without a unit: write {number}"
    if match := _OPERATIONS.fullmatch(name):
        return f"write {match[1]}FLOP/s for a rate or {match[1]}FLOP for a number of operations"
    if _TEMPERATURE.fullmatch(name):
        return "write K: 20 degrees Celsius are 293.15 K"
    if match := _POWER.fullmatch(name):
        return f"write {match[1] or ''}m**{match[2]}"
    if match := _CHIP_HOURS.fullmatch(name):
        return f"write {match[1]}*hour"
    if match := _MONEY_YEAR.fullmatch(name):
        return f"write {match[1]}, or with a year from 1990 to 2100: {match[1]}_2023"
    return ""

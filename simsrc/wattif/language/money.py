"""Money of other years and currencies: how it is converted, said where it was mixed.

Nothing converts by itself. Where the packaged deflators have a pair of years, the hint names the
quantity to multiply by and the entry to take it from.
"""

from __future__ import annotations

from wattif import library
from wattif.language.units import Unit, UnitError, divide, is_currency

_TABLE = "deflators"


def conversion_hint(found: Unit, expected: Unit) -> str:
    """Return by what to multiply money to get it in another unit, "" if they differ by more."""
    rate = _rate(found, expected)
    return _advice(*rate) if rate else ""


def addition_hint(a: Unit, b: Unit) -> str:
    """Return how money in two units can be added or compared: all of it in the later year's."""
    rate = _rate(a, b)
    return _advice(*sorted(rate)) if rate else ""


def _rate(found: Unit, expected: Unit) -> tuple[str, str] | None:
    """Return the two currencies, from and to, that are all that two units differ by."""
    try:
        powers = divide(expected, found).dimensions
    except UnitError:
        return None
    by_power = {power: base for base, power in powers if is_currency(base)}
    if len(powers) != 2 or by_power.keys() != {-1.0, 1.0}:
        return None
    return by_power[-1.0], by_power[1.0]


def _advice(given: str, wanted: str) -> str:
    (code, _, year), (other, _, target) = given.partition("_"), wanted.partition("_")
    if code != other:
        return (
            f"currencies do not convert by themselves: multiply by a quantity in {wanted}/{given}"
        )
    if not (year and target):
        dated = wanted if target else given
        return (
            f"{code} without a year do not mix with {dated}: write their year, "
            f'or multiply by a quantity such as "1 {wanted}/{given}"'
        )
    name, entry = f"{wanted}_per_{given}".lower(), f"{code.lower()}-to-{target}"
    if name in library.read_data(_TABLE).get(entry, {}).get("quantities", {}):
        return f'multiply {given} by {name}, with from = "{_TABLE}.{entry}"'
    return f"money of two years: multiply {given} by a deflator in {wanted}/{given}"

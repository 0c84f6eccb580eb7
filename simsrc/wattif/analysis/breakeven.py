"""Where what is paid for every use overtakes what is paid once: training against inference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.draws import Draws, kept_output
from wattif.analysis.estimates import Spread, spread
from wattif.errors import ResultError
from wattif.results.answers import read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree


@dataclass(frozen=True)
class BreakEven:
    """A fixed amount, the amount of one use, and the number of uses at which both are equal.

    ``fixed`` and ``each`` are in ``unit``, ``crossing`` in ``thing`` ("query").
    """

    fixed_label: str
    each_label: str
    unit: str
    thing: str
    fixed: Spread
    each: Spread
    crossing: Spread


def break_even(
    tree: DataTree, fixed: str, each: str, system: str, language: Language = "en"
) -> BreakEven:
    """Return where ``each`` times a number of uses makes as much as ``fixed``, draw by draw.

    Raises
    ------
    ResultError
        If there is no such output, or the units do not leave a number of things.
    """
    once, often = (kept_output(tree, name, system, language) for name in (fixed, each))
    matched = _match(once.unit, often.unit)
    if matched is None:
        raise ResultError(
            f"{once.label} is in {once.unit} and {often.label} in {often.unit}: the second is not "
            "the first for each of something; name a pair such as training_energy (GWh) and "
            "energy_per_query (Wh/query)"
        )
    factor, thing = matched
    level = float(tree.attrs["interval"])
    per_use = Draws(often.key, often.label, once.unit, often.values * factor)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = once.values / per_use.values
    return BreakEven(
        once.label,
        often.label,
        once.unit,
        thing,
        spread(once.values, level),
        spread(per_use.values, level),
        spread(crossing, level),
    )


def find_pair(tree: DataTree) -> tuple[str, str]:
    """Return the first outputs of which one is the other for each of something.

    Names that agree come first: "training_energy" goes with "energy_per_query".

    Raises
    ------
    ResultError
        If there is no such pair.
    """
    units = {quantity.name: quantity.unit for quantity in read_answers(tree)}
    pairs = [
        (fixed, each)
        for fixed, unit in units.items()
        for each, other in units.items()
        if fixed != each and _match(unit, other)
    ]
    if not pairs:
        raise ResultError(
            "the result has no break-even: no output is another one for each of something, as "
            "energy_per_query (Wh/query) is to training_energy (GWh)"
        )
    return next((pair for pair in pairs if _akin(*pair)), pairs[0])


def _akin(fixed: str, each: str) -> bool:
    return fixed.endswith(each.partition("_per_")[0])


def _match(unit: str, other: str) -> tuple[float, str] | None:
    """Return the factor from ``other``, times a thing, to ``unit``, and the thing; None if none."""
    from wattif.language.units import UnitError, parse_unit, ratio

    numerator, stroke, thing = other.partition("/")
    if not stroke or not thing.isidentifier():
        return None
    try:
        whole, part = parse_unit(unit), parse_unit(numerator or "1")
        parse_unit(thing)
        return ratio(part, whole), thing
    except (UnitError, ValueError):
        return None

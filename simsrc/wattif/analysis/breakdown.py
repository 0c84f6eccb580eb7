"""What a total is made of: the parts of a sum, with intervals and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.draws import Draws, kept_output, kept_place
from wattif.analysis.estimates import Array, Estimate, Spread, mean_of, spread
from wattif.analysis.lineage import Place, find_summands, stored_study
from wattif.errors import ResultError
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

_TOLERANCE = 1e-9  # of the total: the parts are added in another order, and in converted units


@dataclass(frozen=True)
class Part:
    """One part of a total: its own median and interval, its share, and the running sum up to it.

    ``share`` is the mean, over draws, of the part over the total: shares add up to 1 as medians do
    not. ``running`` is the sum of the parts so far, this one included, so that steps from median to
    median end at the total's.
    """

    key: str
    label: str
    spread: Spread
    share: Estimate
    running: Spread


@dataclass(frozen=True)
class Breakdown:
    """An output that is the sum of ``parts``, in ``unit``."""

    label: str
    unit: str
    total: Spread
    parts: tuple[Part, ...]


def break_down(
    tree: DataTree,
    quantity: str,
    system: str,
    parts: Sequence[str] = (),
    language: Language = "en",
) -> Breakdown:
    """Return what an output of a system is made of.

    Parameters
    ----------
    tree
        The result.
    quantity, system
        The total.
    parts
        Quantities that add up to it; those that its formula adds up if empty.
    language
        Of the labels.

    Raises
    ------
    ResultError
        If there is no such output, its formula is no sum, or the parts do not add up to it.
    """
    total = kept_output(tree, quantity, system, language)
    drawn = _parts(tree, total, (system, quantity), parts, language)
    values = np.array([part.values for part in drawn])
    running = np.cumsum(values, axis=0)
    _check(total, running[-1])
    level = float(tree.attrs["interval"])
    rows = zip(drawn, values, running, strict=True)
    return Breakdown(
        total.label,
        total.unit,
        spread(total.values, level),
        tuple(
            Part(one.key, one.label, spread(own, level), _share(own, total), spread(sum_, level))
            for one, own, sum_ in rows
        ),
    )


def totals(tree: DataTree, system: str) -> list[str]:
    """Return the outputs of a system whose formula is a sum of other quantities."""
    model = stored_study(tree)
    return [name for name in model.outputs if find_summands(model, system, name)]


def _parts(
    tree: DataTree, total: Draws, place: Place, named: Sequence[str], language: Language
) -> list[Draws]:
    """Return the draws of the parts, in the total's unit."""
    system = place[0]
    places = [(system, name) for name in named] or find_summands(stored_study(tree), *place)
    if not places:
        sums = totals(tree, system)
        advice = f"of sums it has: {', '.join(sums)}" if sums else "the system has no sum"
        raise ResultError(
            f"{total.label} is not a plain sum of quantities, so it has no parts; {advice}; "
            "or name the parts that add up to it"
        )
    return [kept_place(tree, part, total.unit, language) for part in places]


def _check(total: Draws, summed: Array) -> None:
    off = np.abs(summed - total.values)
    if np.nanmax(off / np.maximum(np.abs(total.values), np.finfo(float).tiny)) > _TOLERANCE:
        raise ResultError(
            f"the parts do not add up to {total.label}: in the first draw they make "
            f"{summed.flat[0]:.6g}, not {total.values.flat[0]:.6g} {total.unit}; name all its parts"
        )


def _share(part: Array, total: Draws) -> Estimate:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = part / total.values
    return mean_of(share)

"""How much of an output's variance is about which rival formula holds, and what each would give.

The law of total variance: what lies between the alternatives is Var(E[Y | form]), the first-order
index of the quantity that chooses; the rest lies within them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.draws import Draws, inputs_behind, kept_output
from wattif.analysis.estimates import Estimate, Spread, estimates, spread
from wattif.analysis.lineage import stored_study
from wattif.analysis.sensitivity import first_order
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.language.model import Model

_CHOICE = "_form"


@dataclass(frozen=True)
class Alternative:
    """One rival: what it states, how often it holds, and the output when it does."""

    stated: str
    share: float
    output: Spread


@dataclass(frozen=True)
class Rivalry:
    """An output and the rivals behind it.

    ``between`` is the share of the output's variance that knowing which rival holds would remove,
    on average.
    """

    label: str
    system: str
    unit: str
    choice: str
    between: Estimate
    alternatives: tuple[Alternative, ...]


def find_rivalries(tree: DataTree, language: Language = "en") -> tuple[Rivalry, ...]:
    """Return every output that is itself given by alternatives, system by system.

    Raises
    ------
    ResultError
        If the study is one that this version cannot read.
    """
    model = stored_study(tree)
    return tuple(
        split_by_form(tree, name, system, language)
        for name in model.outputs
        for system in (one.key for one in model.systems)
        if _has_rivals(model, system, name)
    )


def _has_rivals(model: Model, system: str, name: str) -> bool:
    from wattif.language.model import Absent

    given = not isinstance(model.find(system, name).belief, Absent)
    return given and (system, name + _CHOICE) in model.needed


def split_by_form(tree: DataTree, quantity: str, system: str, language: Language = "en") -> Rivalry:
    """Return how the alternatives of an output differ.

    Raises
    ------
    ResultError
        If there is no such output.
    """
    output = kept_output(tree, quantity, system, language)
    choice = next(
        one
        for one in inputs_behind(tree, [quantity], system, language)
        if one.key.rpartition(".")[2].rpartition(":")[2] == quantity + _CHOICE
    )
    level = float(tree.attrs["interval"])
    return Rivalry(
        label=output.label,
        system=system,
        unit=output.unit,
        choice=choice.key,
        between=_between(output, choice),
        alternatives=tuple(_alternatives(tree, quantity, system, output, choice, level)),
    )


def _between(output: Draws, choice: Draws) -> Estimate:
    y, x = output.values.ravel(), choice.values.ravel()
    count, draws = output.values.shape
    finite = np.isfinite(y)
    replicate = np.repeat(np.arange(count), draws)
    (share,) = estimates(first_order(y[finite], x[finite][None], replicate[finite], count))
    return share


def _alternatives(
    tree: DataTree, quantity: str, system: str, output: Draws, choice: Draws, level: float
) -> Iterator[Alternative]:
    model = stored_study(tree)
    for number in np.unique(choice.values):
        here = choice.values == number
        rival = model.find(system, f"{quantity}_{int(number)}")
        yield Alternative(
            stated=rival.label or _stated(rival.belief),
            share=float(here.mean()),
            output=spread(np.where(here, output.values, np.nan), level),
        )


def _stated(belief: object) -> str:
    """Return a rival as the study states it."""
    from wattif.language.model import Constant, Formula

    match belief:
        case Formula(_, text):
            return text
        case Constant(value):
            return f"{value:,.10g}"
        case _:
            return str(getattr(belief, "stated", ""))

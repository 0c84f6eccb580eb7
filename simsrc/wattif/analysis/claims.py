"""Claims held against what the study implies: how probable what they say is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.analysis.cumulative import read_cumulative
from wattif.analysis.estimates import UNKNOWN, Estimate
from wattif.errors import ResultError
from wattif.results.answers import Answer, read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import Dataset, DataTree


@dataclass(frozen=True)
class ClaimCheck:
    """A claim about one output, with bounds in ``unit``, and the output's draws beside it.

    A bound that the claim does not have is infinite; a claim of a single figure ("about") has both
    at the figure. ``below`` and ``above`` are the probabilities of values under the lower and over
    the upper bound, ``within`` that of values between them, from all draws of the run.
    """

    system: str
    quantity: str
    label: str
    unit: str
    says: str
    relation: str
    low: float
    high: float
    source: str
    note: str
    answer: Answer
    below: Estimate
    within: Estimate
    above: Estimate

    @property
    def figure(self) -> bool:
        """Whether the claim is a single figure."""
        return self.low == self.high


def check_claims(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> tuple[ClaimCheck, ...]:
    """Return the study's claims with how probable each is, in the study's order.

    Claims about what is absent are left out.

    Parameters
    ----------
    tree
        The result.
    quantities, systems
        Only claims about these; all if empty.
    language
        Of the labels.

    Raises
    ------
    ResultError
        If there is no such quantity or system, or no claim is left.
    """
    found = all_claims(tree, quantities, systems, language)
    chosen = tuple(check for check in found if not check.answer.absent)
    if not chosen:
        raise ResultError("the study makes no claim about this; claims stand under [[claims]]")
    return chosen


def all_claims(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> tuple[ClaimCheck, ...]:
    """Return the claims as :func:`check_claims` does, those about what is absent among them.

    Raises
    ------
    ResultError
        If there is no such quantity or system.
    """
    read_answers(tree, quantities, systems)  # refuses names that are unknown
    table = tree["claims"].to_dataset()
    checks = [_check(tree, table, row, language) for row in range(table.sizes.get("claim", 0))]
    return tuple(
        check
        for check in checks
        if (not quantities or check.quantity in quantities)
        and (not systems or check.system in systems)
    )


def _check(tree: DataTree, table: Dataset, row: int, language: Language) -> ClaimCheck:
    text = {
        name: str(table[name].values[row])
        for name in ("system", "quantity", "says", "relation", "source", "note")
    }
    low, high = (float(table[name].values[row]) for name in ("low", "high"))
    (found,) = read_answers(tree, [text["quantity"]], [text["system"]], language)
    (answer,) = found.answers
    below, within, above = (
        (UNKNOWN,) * 3
        if answer.absent
        else read_cumulative(tree, text["quantity"], text["system"]).split(low, high)
    )
    return ClaimCheck(
        system=text["system"],
        quantity=text["quantity"],
        label=found.label,
        unit=found.unit,
        says=text["says"],
        relation=text["relation"],
        low=low,
        high=high,
        source=text["source"],
        note=text["note"],
        answer=answer,
        below=below,
        within=within,
        above=above,
    )

"""Which outputs of which systems a picture of one output at a time shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.analysis import kept_output
from wattif.errors import ResultError
from wattif.plots.sheet import Panel
from wattif.results.answers import Answer, Quantity, read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

MOST = 24  # panels of a page


@dataclass(frozen=True)
class Choice:
    """One output of one system."""

    quantity: Quantity
    answer: Answer


def choose_outputs(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> tuple[Choice, ...]:
    """Return the outputs to show, a panel each: those that were asked for and vary.

    Where nothing is asked for, all outputs of the first system that has one; where a quantity is
    asked for, all systems.

    Raises
    ------
    ResultError
        If the result has no such quantity or system, none of them varies, or they are too many.
    """
    found = [
        Choice(quantity, answer)
        for quantity in read_answers(tree, quantities, systems, language)
        for answer in quantity.answers
        if not answer.absent
        and not answer.constant
        and not kept_output(tree, quantity.name, answer.system).constant
    ]
    if not found:
        raise ResultError("none of these varies, so nothing moves it; choose another quantity")
    if not quantities and not systems:
        order = [answer.system for answer in read_answers(tree)[0].answers]
        first = min((choice.answer.system for choice in found), key=order.index)
        found = [choice for choice in found if choice.answer.system == first]
    if len(found) > MOST:
        raise ResultError(
            f"these are {len(found)} panels, more than the {MOST} that fit a page; "
            "choose fewer quantities or systems"
        )
    return tuple(found)


def words_of(choices: Sequence[Choice], caption: Callable[[Choice], str]) -> list[Panel]:
    """Return the words of panels: quantity over system, or the other way round if that differs."""
    one_quantity = len({choice.quantity.name for choice in choices}) == 1
    panels = []
    for choice in choices:
        label, system = choice.quantity.label, choice.answer.row
        swapped = one_quantity and len(choices) > 1
        heading, remark = (system, label) if swapped else (label, system)
        panels.append(Panel(heading, remark, caption(choice)))
    return panels


def refusal(check: Callable[[DataTree], object]) -> Callable[[DataTree], str]:
    """Return the function that says why a check refuses a result; "" if it does not."""

    def why_not(tree: DataTree) -> str:
        try:
            check(tree)
        except ResultError as error:
            return str(error)
        return ""

    return why_not

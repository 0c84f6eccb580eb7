"""What the outputs of a result rest on, read from the study that it holds."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from wattif.errors import ResultError, StudyError

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.language.expression import Expression
    from wattif.language.model import Model

Place = tuple[str, str]  # (system key, quantity name)


def stored_study(tree: DataTree) -> Model:
    """Return the study that a result came from.

    Raises
    ------
    ResultError
        If this version cannot read it.
    """
    return _read_study(str(tree.attrs["resolved"]))


@lru_cache(maxsize=4)
def _read_study(resolved: str) -> Model:
    from wattif.language.loader import from_resolved

    try:
        return from_resolved(json.loads(resolved))
    except StudyError as error:
        raise ResultError(
            "this version of wattif cannot read the study inside the result "
            f"({error.problems[0].message}), so it does not know what an output rests on; "
            "run the study again"
        ) from None


def find_sources(model: Model, outputs: Sequence[Place], kept: Container[str]) -> tuple[Place, ...]:
    """Return where the random quantities behind outputs stand, each once, in order of need.

    One that is random given others is among them if its draws were ``kept`` and it is not asked
    about itself; otherwise only the others are.
    """
    from wattif.language.model import Conditional, Random

    drawn: dict[str, Place] = {}
    for place in find_needed(model, outputs):
        quantity = model.table[place]
        given_others = isinstance(quantity.belief, Conditional)
        known = given_others and place[1] in kept and place not in outputs
        if known or isinstance(quantity.belief, Random):
            drawn.setdefault(quantity.key, place)
    return tuple(drawn.values())


def find_needed(model: Model, outputs: Sequence[Place]) -> tuple[Place, ...]:
    """Return all that outputs rest on, themselves included, in order of need."""
    from wattif.language.graph import reachable

    return tuple(reachable(outputs, lambda place: needs_of(model, place)))


def find_summands(model: Model, system: str, name: str) -> tuple[Place, ...]:
    """Return what an output is the plain sum of; nothing if its formula is no sum of quantities."""
    terms = list(_terms(_expression(model, (system, name))))
    places = [_named(term, system) for term in terms]
    return tuple(place for place in places if place) if all(places) and len(places) > 1 else ()


def needs_of(model: Model, place: Place) -> list[Place]:
    """Return what the formula of a quantity names, as a system sees it."""
    expression = _expression(model, place)
    return [] if expression is None else list(_names(expression, place[0]))


def _expression(model: Model, place: Place) -> Expression | None:
    from wattif.language.model import Conditional, Formula

    belief = model.table[place].belief
    return belief.expression if isinstance(belief, Formula | Conditional) else None


def _names(expression: Expression, system: str) -> Iterator[Place]:
    from wattif.language.expression import names_in

    for name in names_in(expression):
        yield name.system or system, name.name


def _terms(expression: Expression | None) -> Iterator[Expression]:
    """Return the terms of a sum, whatever its brackets."""
    from wattif.language.expression import Call

    if isinstance(expression, Call) and expression.function == "add":
        for argument in expression.arguments:
            yield from _terms(argument)
    elif expression is not None:
        yield expression


def _named(term: Expression, system: str) -> Place | None:
    """Return the quantity that a term is, apart from a factor that converts its unit."""
    from wattif.language.expression import Call, Name, Number

    match term:
        case Name(name, other):
            return other or system, name
        case Call("mul", (Name(name, other), Number())) | Call(
            "mul", (Number(), Name(name, other))
        ):
            return other or system, name
        case _:
            return None

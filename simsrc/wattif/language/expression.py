"""The tree of a formula, after parsing and unit checking. Data only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A literal, already a float."""

    value: float


@dataclass(frozen=True)
class Name:
    """A quantity by name: as the asking system sees it, or of a named system."""

    name: str
    system: str | None = None


@dataclass(frozen=True)
class Call:
    """An operation on expressions.

    ``function`` is one of the names of ``wattif.language.functions.FUNCTIONS``, operators included:
    add sub mul div pow neg lt le gt ge eq ne where min max clip abs exp log log10 sqrt sin cos tan
    atan2 floor.
    """

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Draw:
    """The standard draw of a quantity whose distribution depends on others.

    ``place`` is where in [-1, 1] a parameter lies in the range of its grid, if there is one.
    """

    place: Expression | None = None


Expression = Number | Name | Call | Draw


def names_in(expression: Expression) -> Iterator[Name]:
    """Yield the quantities that an expression names, from left to right."""
    match expression:
        case Name():
            yield expression
        case Call(_, arguments):
            for argument in arguments:
                yield from names_in(argument)
        case Draw(Number() | Name() | Call() | Draw() as place):
            yield from names_in(place)

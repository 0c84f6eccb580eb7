"""An output computed at one point: each assumption at its median, but for one that is moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.estimates import Array
from wattif.analysis.lineage import Place, needs_of
from wattif.errors import ResultError

if TYPE_CHECKING:
    from wattif.language.expression import Expression
    from wattif.language.model import Model, Quantity


@dataclass(frozen=True, eq=False)
class Point:
    """The assumptions behind an output, with their medians, and the way from them to it.

    ``stated`` has constants and random inputs by key, ``order`` every place after what it needs.
    """

    model: Model = field(repr=False)
    place: Place
    order: Sequence[Place] = field(repr=False)
    stated: Mapping[str, tuple[Quantity, float]] = field(repr=False)

    def output(self, key: str, values: Array) -> Array:
        """Return the output (n,) with one assumption at values (n,), all others at medians."""
        from wattif.language.model import Formula

        known: dict[Place, Array] = {}
        for place in self.order:
            quantity = self.model.table[place]
            if isinstance(quantity.belief, Formula):
                known[place] = _value(quantity.belief.expression, place[0], known)
            elif quantity.key == key:
                known[place] = values
            else:
                known[place] = np.asarray(self.stated[quantity.key][1])
        return np.broadcast_to(np.asarray(known[self.place], np.float64), values.shape)


def at_medians(model: Model, place: Place) -> Point:
    """Return what an output rests on, each at its median.

    Raises
    ------
    ResultError
        If something it rests on is random given others: that has no median of its own.
    """
    from wattif.language.graph import explore
    from wattif.language.model import Formula

    order = explore([place], lambda one: needs_of(model, one)).order
    quantities = (model.table[one] for one in order)
    stated = {q.key: (q, _median(q)) for q in quantities if not isinstance(q.belief, Formula)}
    return Point(model, place, order, stated)


def _median(quantity: Quantity) -> float:
    from wattif.language.model import Constant, Random

    match quantity.belief:
        case Constant(value):
            return value
        case Random(distribution):
            return float(distribution.quantile(np.array([0.5]))[0])
        case _:
            raise ResultError(f"{quantity.key} has no median of its own: it depends on others")


def _value(expression: Expression, system: str, known: Mapping[Place, Array]) -> Array:
    from wattif.language.expression import Call, Name, Number
    from wattif.language.functions import FUNCTIONS

    match expression:
        case Number(value):
            return np.asarray(value)
        case Name(name, other):
            return known[other or system, name]
        case Call(function, arguments):
            values = [_value(argument, system, known) for argument in arguments]
            with np.errstate(all="ignore"):
                return np.asarray(FUNCTIONS[function].evaluate(*values))
        case _:
            raise ResultError("a draw has no value at a point")

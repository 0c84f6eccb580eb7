"""Kept draws of quantities given others: computed anew from the draws that were kept.

The engine keeps what it draws, and of such a quantity that is a standard draw, which is no value of
it. Its value follows from that and from the kept draws of what it depends on.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from wattif.language.expression import Call, Draw, Expression, Name, Number
from wattif.language.functions import FUNCTIONS
from wattif.language.model import Conditional, Constant, Formula, Model, Random

Array = NDArray[np.float64]
Place = tuple[str, str]

_DEEPEST = 100  # quantities behind each other; what lies deeper is left out


class KeptValues:
    """Draws (R, n) of any quantity that follows from those kept by key, or None."""

    def __init__(self, model: Model, drawn: Mapping[str, Array]) -> None:
        self._model = model
        self._drawn = drawn
        self._known: dict[Place, Array | None] = {}

    def of(self, place: Place, depth: int = 0) -> Array | None:
        """Return the draws of a quantity as a system sees it, in its own unit."""
        if place not in self._known:
            self._known[place] = self._compute(place, depth) if depth < _DEEPEST else None
        return self._known[place]

    def _compute(self, place: Place, depth: int) -> Array | None:
        quantity = self._model.table.get(place)
        match quantity and quantity.belief:
            case Constant(value):
                return np.asarray(value)
            case Random() if quantity:
                return self._drawn.get(quantity.key)
            case Formula(expression) | Conditional(expression):
                with np.errstate(all="ignore"):  # as in the engine: 1 / 0 is infinite
                    return self._evaluate(expression, place, depth)
            case _:
                return None

    def _evaluate(self, expression: Expression, place: Place, depth: int) -> Array | None:
        match expression:
            case Number(value):
                return np.asarray(value)
            case Name(name, system):
                return self.of((system or place[0], name), depth + 1)
            case Draw(where):
                return None if where and self._is_shared(place) else self._standard(place)
            case Call(function, arguments):
                values = [self._evaluate(one, place, depth) for one in arguments]
                if any(value is None for value in values):
                    return None
                return np.asarray(FUNCTIONS[function].evaluate(*values))

    def _standard(self, place: Place) -> Array | None:
        return self._drawn.get(self._model.table[place].key)

    def _is_shared(self, place: Place) -> bool:
        """Whether several systems draw from one grid, each at its own place: one only was kept."""
        key = self._model.table[place].key
        return sum(one.key == key for one in self._model.table.values()) > 1

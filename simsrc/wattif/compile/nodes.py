"""From quantities, as each system sees them, to nodes of the graph."""

from __future__ import annotations

from wattif.compile.graph import Graph
from wattif.language.expression import Call, Draw, Expression, Name, Number, names_in
from wattif.language.model import Absent, Conditional, Constant, Formula, Model, Random

Place = tuple[str, str]  # (system key, quantity name)


class Nodes:
    """The node of every (system, quantity), made on demand."""

    def __init__(self, model: Model, graph: Graph) -> None:
        self._model = model
        self._graph = graph
        self._known: dict[Place, int] = {}

    def of(self, place: Place) -> int:
        """Return the node of a place, after those of all that it needs.

        A stack instead of recursion: chains of formulas may be thousands long.
        """
        stack = [place]
        while stack:
            top = stack[-1]
            missing = [p for p in self._needs(top) if p not in self._known]
            if missing:
                stack.extend(reversed(missing))
            else:
                stack.pop()
                self._known.setdefault(top, self._build(top))
        return self._known[place]

    def _needs(self, place: Place) -> list[Place]:
        belief = self._model.find(*place).belief
        if not isinstance(belief, Formula | Conditional):
            return []
        return [(name.system or place[0], name.name) for name in names_in(belief.expression)]

    def _build(self, place: Place) -> int:
        quantity = self._model.find(*place)
        match quantity.belief:
            case Constant(value):
                return self._graph.constant(value)
            case Random():
                return self._graph.input(quantity)
            case Formula(expression) | Conditional(expression):
                return self._expression(expression, place)
            case Absent():  # the loader has spread absence to every output that needs it
                raise AssertionError(f"an output needs the absent quantity {quantity.key}")

    def _expression(self, expression: Expression, place: Place) -> int:
        match expression:
            case Number(value):
                return self._graph.constant(value)
            case Name(name, other):
                return self._known[other or place[0], name]
            case Draw(None):
                return self._graph.input(self._model.find(*place))
            case Draw(where):
                assert where is not None
                node = self._expression(where, place)
                return self._graph.input(self._model.find(*place), node)
            case Call(function, arguments):
                nodes = tuple(self._expression(argument, place) for argument in arguments)
                return self._graph.operation(function, nodes)

"""Write a graph out as register code: registers are reused as soon as nobody needs them."""

from __future__ import annotations

import numpy as np

from wattif.compile.graph import Graph, Product
from wattif.distributions import Distribution, make
from wattif.distributions.correlation_matrix import factor
from wattif.distributions.grid import Grid
from wattif.engine.program import Coupling, Input, Op, Output, Program
from wattif.language.model import Conditional, Dependence, Quantity, Random

Drawn = Distribution | Grid | Product


class Writer:
    """Allots registers and writes instructions."""

    def __init__(
        self,
        graph: Graph,
        order: list[tuple[int, bool]],
        dependences: tuple[Dependence, ...],
    ) -> None:
        self._graph = graph
        drawn = _drawn(graph, order)
        self._together = {key: one for one in dependences for key in one.keys if key in drawn}
        self._drawn = drawn
        self._uses = _use_counts(graph, order)
        self._register: dict[int, int] = {}
        self._free: list[int] = []
        self._registers = 0
        self._constants: dict[int, int] = {}
        self._inputs: list[Input] = []
        self._dimension: dict[str, int] = {}
        self._couplings: list[Coupling] = []
        self._code: list[tuple[int, int, int, int, int]] = []

    def compute(self, node: int) -> None:
        """Write the instruction that computes a node, if it needs one."""
        function = self._graph.nodes[node].function
        if function == "constant":
            return
        if function == "input":
            self._draw(node)
            return
        arguments = self._graph.nodes[node].arguments
        a, b, c = ([self._operand(argument) for argument in arguments] + [0, 0])[:3]
        for argument in arguments:  # before the result gets its register: it may be one of these
            self._release(argument)
        self._code.append((Op[function.upper()], self._take(node), a, b, c))

    def report(self, node: int, output: int) -> None:
        """Write the instruction that hands a node over as an output."""
        self._code.append((Op.OUTPUT, output, self._operand(node), 0, 0))
        self._release(node)

    def dimension(self, node: int) -> int:
        """Return the dimension of an input node that has been drawn."""
        return self._dimension[self._key(node)]

    def program(self, outputs: tuple[Output, ...]) -> Program:
        """Return what has been written."""
        values = [self._graph.nodes[node].value for node in self._constants]
        return Program(
            inputs=tuple(self._inputs),
            outputs=outputs,
            code=np.array(self._code, dtype=np.int32).reshape(-1, 5),
            constants=np.array(values, dtype=np.float64),
            registers=self._registers,
            couplings=tuple(self._couplings),
        )

    def _draw(self, node: int) -> None:
        key = self._key(node)
        self.place(key)
        place = 0  # of a grid's parameter; any register will do where there is no grid
        for argument in self._graph.nodes[node].arguments:
            place = self._operand(argument)
            self._release(argument)
        dimension = self._dimension[key]
        self._code.append((Op.DRAW, self._take(node), dimension, place, 0))

    def place(self, key: str) -> None:
        """Give a quantity its dimension, unless it has one, and what is drawn together with it."""
        if key in self._dimension:
            return
        together = self._together.get(key)
        members = [other for other in together.keys if other in self._drawn] if together else [key]
        for member in members:
            self._add_input(member, self._drawn[member])
        if together and len(members) > 1:
            self._code.append((Op.COUPLE, 0, len(self._couplings), 0, 0))
            self._couplings.append(self._coupling(together, members))

    def _key(self, node: int) -> str:
        quantity = self._graph.nodes[node].quantity
        assert quantity is not None  # by construction of an input node
        return quantity.key

    def _add_input(self, key: str, distribution: Drawn) -> int:
        self._dimension[key] = len(self._inputs)
        self._inputs.append(Input(key, distribution.shape()))
        return self._dimension[key]

    def _coupling(self, together: Dependence, members: list[str]) -> Coupling:
        places = [together.keys.index(member) for member in members]
        mixing = -1
        if together.copula == "student-t":
            chi_square = make("chi-square", {"df": together.parameter})
            mixing = self._add_input(f"copula of {', '.join(together.keys)}", chi_square)
        rows: tuple[tuple[float, ...], ...] = ()
        if together.matrix:
            lower = factor(np.array(together.matrix)[np.ix_(places, places)])
            rows = tuple(tuple(float(x) for x in row) for row in lower)
        dimensions = tuple(self._dimension[member] for member in members)
        return Coupling(together.copula, dimensions, rows, together.parameter, mixing)

    def _operand(self, node: int) -> int:
        if self._graph.nodes[node].function == "constant":
            return -1 - self._constants.setdefault(node, len(self._constants))
        return self._register[node]

    def _take(self, node: int) -> int:
        if not self._free:
            self._free.append(self._registers)
            self._registers += 1
        self._register[node] = self._free.pop()
        return self._register[node]

    def _release(self, node: int) -> None:
        self._uses[node] -= 1
        if self._uses[node] == 0 and node in self._register:
            self._free.append(self._register.pop(node))


def _drawn(graph: Graph, order: list[tuple[int, bool]]) -> dict[str, Drawn]:
    """Return the distribution of every quantity that is drawn, by its key."""
    quantities = (graph.nodes[node].quantity for node, _ in order)
    found = (q for q in quantities if q is not None)
    return {q.key: q if isinstance(q, Product) else distribution_of(q) for q in found}


def distribution_of(quantity: Quantity) -> Distribution | Grid:
    """Return the distribution of what is drawn for a quantity, before any formula."""
    match quantity.belief:
        case Random(distribution):
            return distribution
        case Conditional(standard=standard):
            return standard
        case _:  # by construction of an input node
            raise AssertionError(f"nothing is drawn for {quantity.key}")


def _use_counts(graph: Graph, order: list[tuple[int, bool]]) -> dict[int, int]:
    uses = dict.fromkeys((node for node, _ in order), 0)
    for node, reports in order:
        for used in (node,) if reports else graph.nodes[node].arguments:
            uses[used] += 1
    return uses

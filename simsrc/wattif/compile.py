"""Compile a model to a program: what to draw, what to compute, what to report.

Every (system, quantity) that an output needs becomes a node of one graph, and equal nodes become
one: so a shared quantity is drawn once, a name used twice is one variable, and a chain of sixty
doublings stays sixty operations. Nodes of constants are folded. The graph is then written out as
register code, output by output, with registers reused as soon as nobody needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from wattif.engine.program import Input, Op, Output, Program
from wattif.language.expression import Call, Expression, Name, Number
from wattif.language.functions import FUNCTIONS
from wattif.language.model import Absent, Constant, Formula, Model, Quantity, Random
from wattif.language.units import ratio

Place = tuple[str, str]  # (system key, quantity name)


@dataclass(frozen=True)
class Compiled:
    """A program, and which of its outputs answers for which (system, quantity)."""

    program: Program
    places: dict[Place, int]


def compile_model(model: Model) -> Compiled:
    """Return the program of a model.

    The order of ``program.inputs``, which is the order of the Sobol dimensions, is that of first
    need: outputs in the model's order, for each the systems in file order, for each its formula
    from left to right.
    """
    graph = _Graph()
    nodes = _Nodes(model, graph)
    wanted: dict[Place, int] = {}
    for name in model.outputs:
        for system in model.systems:
            quantity = model.find(system.key, name)
            if not isinstance(quantity.belief, Absent):
                node = nodes.of((system.key, name))
                factor = graph.constant(ratio(quantity.unit, model.units[name]))
                wanted[system.key, name] = graph.operation("mul", (factor, node))
    return _emit(graph, wanted)


@dataclass(frozen=True)
class _Node:
    """A constant (``value``), an input (``quantity``) or an operation on earlier nodes."""

    function: str
    arguments: tuple[int, ...] = ()
    value: float = 0.0
    quantity: Quantity | None = None


@dataclass
class _Graph:
    """Nodes in an order in which each follows its arguments; equal nodes are one."""

    nodes: list[_Node] = field(default_factory=list)
    index: dict[tuple[object, ...], int] = field(default_factory=dict)

    def constant(self, value: float) -> int:
        # the text tells 0.0 from -0.0, which 1/x does too
        return self._intern(("constant", repr(value)), _Node("constant", value=value))

    def input(self, quantity: Quantity) -> int:
        return self._intern(("input", quantity.key), _Node("input", quantity=quantity))

    def operation(self, function: str, arguments: tuple[int, ...]) -> int:
        if function in ("min", "max") and len(arguments) != 2:
            return self._chain(function, arguments)
        if all(self.nodes[a].function == "constant" for a in arguments):
            return self._fold(function, arguments)
        if function == "mul" and self._is_one(arguments[0]):
            return arguments[1]
        return self._intern((function, *arguments), _Node(function, arguments))

    def _chain(self, function: str, arguments: tuple[int, ...]) -> int:
        result = arguments[0]
        for argument in arguments[1:]:
            result = self.operation(function, (result, argument))
        return result

    def _fold(self, function: str, arguments: tuple[int, ...]) -> int:
        with np.errstate(all="ignore"):
            values = [np.float64(self.nodes[a].value) for a in arguments]
            return self.constant(float(FUNCTIONS[function].evaluate(*values)))

    def _is_one(self, node: int) -> bool:
        return self.nodes[node].function == "constant" and self.nodes[node].value == 1.0

    def _intern(self, key: tuple[object, ...], node: _Node) -> int:
        if key not in self.index:
            self.index[key] = len(self.nodes)
            self.nodes.append(node)
        return self.index[key]


class _Nodes:
    """The node of every (system, quantity), made on demand."""

    def __init__(self, model: Model, graph: _Graph) -> None:
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
        if not isinstance(belief, Formula):
            return []
        return [(name.system or place[0], name.name) for name in _names(belief.expression)]

    def _build(self, place: Place) -> int:
        quantity = self._model.find(*place)
        match quantity.belief:
            case Constant(value):
                return self._graph.constant(value)
            case Random():
                return self._graph.input(quantity)
            case Formula(expression):
                return self._expression(expression, place[0])
            case Absent():  # the loader has spread absence to every output that needs it
                raise AssertionError(f"an output needs the absent quantity {quantity.key}")

    def _expression(self, expression: Expression, system: str) -> int:
        match expression:
            case Number(value):
                return self._graph.constant(value)
            case Name(name, other):
                return self._known[other or system, name]
            case Call(function, arguments):
                nodes = tuple(self._expression(argument, system) for argument in arguments)
                return self._graph.operation(function, nodes)


def _names(expression: Expression) -> Iterator[Name]:
    if isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _names(argument)


def _emit(graph: _Graph, wanted: dict[Place, int]) -> Compiled:
    """Write the graph out as register code, one output after the other."""
    outputs: dict[int, int] = {}  # node -> number of its output
    labels: list[Output] = []
    places: dict[Place, int] = {}
    order: list[tuple[int, bool]] = []  # (node, is an output's hand-over)
    done: set[int] = set()
    for place, node in wanted.items():
        if node not in outputs:
            outputs[node] = len(labels)
            labels.append(Output(*place))
            order += [(n, False) for n in _not_yet(graph, node, done)]
            order.append((node, True))
        places[place] = outputs[node]
    writer = _Writer(graph, order)
    for node, reports in order:
        writer.report(node, outputs[node]) if reports else writer.compute(node)
    return Compiled(writer.program(tuple(labels)), places)


def _not_yet(graph: _Graph, root: int, done: set[int]) -> list[int]:
    """Return the nodes that ``root`` needs and that are not done, arguments first."""
    found: list[int] = []
    stack = [root]
    while stack:
        top = stack[-1]
        missing = [a for a in graph.nodes[top].arguments if a not in done]
        if missing:
            stack.extend(reversed(missing))
            continue
        stack.pop()
        if top not in done:
            done.add(top)
            found.append(top)
    return found


class _Writer:
    """Allots registers and writes instructions."""

    def __init__(self, graph: _Graph, order: list[tuple[int, bool]]) -> None:
        self._graph = graph
        self._uses = _use_counts(graph, order)
        self._register: dict[int, int] = {}
        self._free: list[int] = []
        self._registers = 0
        self._constants: dict[int, int] = {}
        self._inputs: list[Input] = []
        self._code: list[tuple[int, int, int, int, int]] = []

    def compute(self, node: int) -> None:
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
        self._code.append((Op.OUTPUT, output, self._operand(node), 0, 0))
        self._release(node)

    def program(self, outputs: tuple[Output, ...]) -> Program:
        values = [self._graph.nodes[node].value for node in self._constants]
        return Program(
            inputs=tuple(self._inputs),
            outputs=outputs,
            code=np.array(self._code, dtype=np.int32).reshape(-1, 5),
            constants=np.array(values, dtype=np.float64),
            registers=self._registers,
        )

    def _draw(self, node: int) -> None:
        quantity = self._graph.nodes[node].quantity
        assert quantity is not None  # by construction of an input node
        assert isinstance(quantity.belief, Random)
        self._code.append((Op.DRAW, self._take(node), len(self._inputs), 0, 0))
        self._inputs.append(Input(quantity.key, quantity.belief.distribution.shape()))

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


def _use_counts(graph: _Graph, order: list[tuple[int, bool]]) -> dict[int, int]:
    uses = dict.fromkeys((node for node, _ in order), 0)
    for node, reports in order:
        for used in (node,) if reports else graph.nodes[node].arguments:
            uses[used] += 1
    return uses

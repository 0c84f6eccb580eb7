"""Compile a model to a program: what to draw, what to compute, what to report.

Every (system, quantity) that an output needs becomes a node of one graph, and equal nodes become
one: so a shared quantity is drawn once, a name used twice is one variable, and a chain of sixty
doublings stays sixty operations. Nodes of constants are folded. The graph is then written out as
register code, output by output, with registers reused as soon as nobody needs them.
"""

from __future__ import annotations

from dataclasses import dataclass

from wattif.compile.graph import Graph
from wattif.compile.nodes import Nodes, Place
from wattif.compile.writer import Writer
from wattif.engine.program import Output, Program
from wattif.language.model import Absent, Dependence, Model
from wattif.language.units import ratio

__all__ = ["Compiled", "compile_model"]


@dataclass(frozen=True)
class Compiled:
    """A program, and which of its outputs answers for which (system, quantity)."""

    program: Program
    places: dict[Place, int]


def compile_model(model: Model) -> Compiled:
    """Return the program of a model.

    The order of ``program.inputs``, which is the order of the Sobol dimensions, is that of first
    need: outputs in the model's order, for each the systems in file order, for each its formula
    from left to right. Quantities that are drawn together follow the first of them.
    """
    graph = Graph()
    nodes = Nodes(model, graph)
    wanted: dict[Place, int] = {}
    for name in model.outputs:
        for system in model.systems:
            quantity = model.find(system.key, name)
            if not isinstance(quantity.belief, Absent):
                node = nodes.of((system.key, name))
                factor = graph.constant(ratio(quantity.unit, model.units[name]))
                wanted[system.key, name] = graph.operation("mul", (factor, node))
    return _emit(graph, wanted, model.dependences)


def _emit(graph: Graph, wanted: dict[Place, int], dependences: tuple[Dependence, ...]) -> Compiled:
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
    writer = Writer(graph, order, dependences)
    for node, reports in order:
        writer.report(node, outputs[node]) if reports else writer.compute(node)
    return Compiled(writer.program(tuple(labels)), places)


def _not_yet(graph: Graph, root: int, done: set[int]) -> list[int]:
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

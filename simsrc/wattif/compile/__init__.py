"""Compile a model to a program: what to draw, what to compute, what to report.

Every (system, quantity) that an output needs becomes a node of one graph, and equal nodes become
one: so a shared quantity is drawn once, a name used twice is one variable, and a chain of sixty
doublings stays sixty operations. Nodes of constants are folded. The graph is then written out as
register code, output by output, with registers reused as soon as nobody needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wattif.compile.cost import WORTH, cost_of
from wattif.compile.factors import Split, split_factors
from wattif.compile.graph import Graph, Product
from wattif.compile.merging import merge_factors
from wattif.compile.nodes import Nodes, Place
from wattif.compile.writer import Writer, distribution_of
from wattif.distributions import Distribution
from wattif.distributions.base import Shape
from wattif.distributions.grid import Grid
from wattif.engine.program import Factor, Merged, Output, Program
from wattif.language.model import Absent, Dependence, Model, Quantity
from wattif.language.units import ratio

__all__ = ["Compiled", "compile_model", "compile_to_integrate"]


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
    graph, wanted = _build(model)
    return _emit(graph, wanted, model.dependences, [], _drawn_keys(graph, wanted))


def compile_to_integrate(model: Model, merge: bool = False) -> Compiled:
    """Return the program of a model with factors to integrate out, where it has any.

    It draws the same. Its hidden outputs follow the others, which differ by roundings. To
    ``merge`` is to look for a cheaper one as well, which is ``program.merged``.
    """
    graph, wanted = _build(model)
    keys = _drawn_keys(graph, wanted)  # before products change
    splits = split_factors(graph, wanted.values(), _find_alone(graph, model))
    compiled = _emit(graph, wanted, model.dependences, splits, keys)
    return _merge(model, compiled) if merge else compiled


def _merge(model: Model, compiled: Compiled) -> Compiled:
    """Return what was compiled with a program that merges factors, if that is worth it."""
    graph, wanted = _build(model)
    new = merge_factors(graph, wanted.values(), _find_alone(graph, model))
    wanted = {place: new.nodes[node] for place, node in wanted.items()}
    rests = {split.output: split.rest for split in new.splits}
    left = {place: rests.get(node, node) for place, node in wanted.items()}
    keys = dict.fromkeys([*_drawn_keys(graph, left), *_drawn_keys(graph, wanted)])
    other = _emit(graph, wanted, model.dependences, list(new.splits), list(keys))
    is_same = other.places == compiled.places  # unless two outputs became one
    if not (is_same and cost_of(other.program) < WORTH * cost_of(compiled.program)):
        return compiled
    quantities = (node.quantity for node in graph.nodes)
    parts = {one.key: one.parts for one in quantities if isinstance(one, Product)}
    numbered = enumerate(other.program.inputs)
    products = {number: parts[one.key] for number, one in numbered if one.key in parts}
    merged = Merged(other.program, products)
    return replace(compiled, program=replace(compiled.program, merged=merged))


def _find_alone(graph: Graph, model: Model) -> dict[int, Shape]:
    """Return the shapes of what is drawn independently, and has a law, by node."""
    coupled = {key for one in model.dependences for key in one.keys}
    alone = {
        node: distribution_of(one.quantity)
        for node, one in enumerate(graph.nodes)
        if isinstance(one.quantity, Quantity)
        and not one.arguments
        and one.quantity.key not in coupled
    }
    return {node: one.shape() for node, one in alone.items() if not _is_steep_inside(one)}


def _is_steep_inside(distribution: Distribution | Grid) -> bool:
    """Return whether no table of a few hundred cells will do for its probabilities."""
    return isinstance(distribution, Grid) or distribution.has_inner_tails


def _build(model: Model) -> tuple[Graph, dict[Place, int]]:
    """Return the graph of a model, and the node of each (system, quantity) to report."""
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
    return graph, wanted


def _drawn_keys(graph: Graph, wanted: dict[Place, int]) -> list[str]:
    """Return the keys of the quantities that are drawn, in the order of first need."""
    done: set[int] = set()
    needed = [node for root in wanted.values() for node in _not_yet(graph, root, done)]
    quantities = (graph.nodes[node].quantity for node in needed)
    return [quantity.key for quantity in quantities if quantity is not None]


def _emit(
    graph: Graph,
    wanted: dict[Place, int],
    dependences: tuple[Dependence, ...],
    splits: list[Split],
    keys: Sequence[str],
) -> Compiled:
    """Write the graph out as register code, one output after the other.

    ``keys`` are those of the quantities that are drawn, in the order of their dimensions.
    """
    labels: dict[int, Output] = {}  # node -> what it is reported as
    for place, node in wanted.items():
        labels.setdefault(node, Output(*place))
    rests = {split.output: split.rest for split in splits}
    hidden = [rest for rest in dict.fromkeys(rests.values()) if rest not in labels]
    numbers = {node: number for number, node in enumerate([*labels, *hidden])}
    order = _order(graph, labels, {output: rests.get(output) for output in labels})
    writer = Writer(graph, order, dependences)
    for key in keys:
        writer.place(key)
    for node, reports in order:
        writer.report(node, numbers[node]) if reports else writer.compute(node)
    program = replace(
        writer.program((*labels.values(), *(Output("", "") for _ in hidden))),
        factors=tuple(
            Factor(
                numbers[one.output],
                numbers[one.rest],
                writer.dimension(one.input),
                one.power,
                one.multiplier,
            )
            for one in splits
        ),
        hidden=len(hidden),
    )
    return Compiled(program, {place: numbers[node] for place, node in wanted.items()})


def _order(
    graph: Graph, labels: dict[int, Output], rests: dict[int, int | None]
) -> list[tuple[int, bool]]:
    """Return nodes in the order in which they are computed, and handed over as outputs (True).

    What is left of an output without its factor comes just before it, unless it is reported itself.
    """
    order: list[tuple[int, bool]] = []
    done: set[int] = set()
    reported = set(labels)
    for output, rest in rests.items():
        roots = [output] if rest is None or rest in reported else [rest, output]
        reported.update(roots)
        for root in roots:
            order += [(node, False) for node in _not_yet(graph, root, done)]
            order.append((root, True))
    return order


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

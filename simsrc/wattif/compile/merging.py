"""Write a study anew: all factors of an output as one, and what is only multiplied drawn as one.

An output that is homogeneous in a quantity x, of degree d, is x**d times what it would be if x were
1; and so it is for several. Of the product of all these powers the distribution is computed
(:mod:`wattif.engine.product`) and integrated out, and what is left, with ones in their places, is
all that has to be drawn. Of a plain product nothing is left. Quantities that what is left needs
once, as factors of the same product, are drawn as one too.

These draws are fewer than those of the study as it is written, and not the same. To make the
distributions takes as long as millions of draws.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wattif.compile.factors import Split, find_powers, spread_of, without_effect
from wattif.compile.graph import Graph, Product
from wattif.distributions.base import Shape, is_smooth_throughout
from wattif.engine.program import Power

_PRODUCTS = ("mul", "div")


@dataclass(frozen=True)
class Rewritten:
    """The new node of every output, and how those are split that have factors."""

    nodes: Mapping[int, int]
    splits: tuple[Split, ...]


def merge_factors(graph: Graph, outputs: Iterable[int], shapes: Mapping[int, Shape]) -> Rewritten:
    """Write outputs anew, on the same graph.

    ``shapes`` are those of the input nodes that are drawn independently.
    """
    wanted = list(dict.fromkeys(outputs))
    drawn = _Drawn(graph, shapes)
    powers = find_powers(graph, wanted, set(drawn.spreads))
    exponents = {output: drawn.choose(powers[output].degrees) for output in wanted}
    rests = {}
    for output in wanted:  # what cancels does not matter either
        ones = {*exponents[output], *without_effect(powers[output], drawn.spreads)}
        rests[output] = _put_ones(graph, output, ones)
    merged = _merge_in_products(graph, rests.values(), drawn)
    nodes, splits = {}, []
    for output in wanted:
        rest = merged[rests[output]]
        nodes[output] = rest
        if exponents[output]:
            splits.append(_join(graph, rest, drawn.multiply(exponents[output])))
            nodes[output] = splits[-1].output
    return Rewritten(nodes, tuple(splits))


class _Drawn:
    """The input nodes that may be merged: those that are positive, and how far they ``spread``."""

    def __init__(self, graph: Graph, shapes: Mapping[int, Shape]) -> None:
        spreads = {node: spread_of(shape) for node, shape in shapes.items()}
        self.spreads = {node: spread for node, spread in spreads.items() if spread > 0.0}
        self._graph = graph
        self._shapes = shapes
        self._smooth = {node for node in self.spreads if is_smooth_throughout(shapes[node])}

    def can_merge(self, nodes: Iterable[int]) -> bool:
        """Return whether the distribution of a product of these can be computed."""
        return not self._smooth.isdisjoint(nodes)

    def choose(self, degrees: Mapping[int, float]) -> dict[int, float]:
        """Return the exponents of what is to be integrated out: all, or the most uncertain one."""
        if len(degrees) < 2 or self.can_merge(degrees):
            return dict(degrees)
        widest = max(degrees, key=lambda node: abs(degrees[node]) * self.spreads[node])
        return {widest: degrees[widest]}

    def multiply(self, exponents: Mapping[int, float]) -> int:
        """Return the node that draws a product of powers."""
        if list(exponents.values()) == [1.0]:
            return next(iter(exponents))
        named = {node: self._graph.nodes[node].quantity for node in sorted(exponents)}
        powers = {q.key: exponents[node] for node, q in named.items() if q is not None}
        text = " * ".join(key if x == 1.0 else f"{key}**{x:g}" for key, x in powers.items())
        parts = (Power(self._shapes[node], exponents[node]) for node in named)
        return self._graph.input(Product(text, tuple(parts)))


def _put_ones(graph: Graph, root: int, ones: Iterable[int]) -> int:
    """Return the node of what a node would be with ones for some inputs."""
    one = graph.constant(1.0)
    new = dict.fromkeys(ones, one)
    if not new:
        return root
    for node in _in_order(graph, [root]):
        if node not in new:
            new[node] = _copy(graph, node, new)
    return new[root]


def _copy(graph: Graph, node: int, new: Mapping[int, int]) -> int:
    """Return the node that does the same with new arguments; inputs and constants stay."""
    function, arguments = graph.nodes[node].function, graph.nodes[node].arguments
    if function in ("input", "constant"):
        return node
    arguments = tuple(new[argument] for argument in arguments)
    if function in _PRODUCTS and arguments[1] == graph.constant(1.0):
        return arguments[0]
    return graph.operation(function, arguments)


def _in_order(graph: Graph, roots: Iterable[int]) -> list[int]:
    """Return all nodes that the roots need, arguments first."""
    done: dict[int, None] = {}
    stack = list(roots)[::-1]
    while stack:
        missing = [a for a in graph.nodes[stack[-1]].arguments if a not in done]
        stack.extend(reversed(missing))
        if not missing:
            done[stack.pop()] = None
    return list(done)


def _merge_in_products(graph: Graph, roots: Iterable[int], drawn: _Drawn) -> dict[int, int]:
    """Return the new node of every node, where products draw as one what only they need."""
    roots = list(dict.fromkeys(roots))
    order = _in_order(graph, roots)
    users: dict[int, list[int]] = {node: [] for node in order}
    for node in order:
        for argument in graph.nodes[node].arguments:
            users[argument].append(node)
    single = {node for node, by in users.items() if len(by) == 1} - set(roots)
    within = {node for node in single if graph.nodes[users[node][0]].function in _PRODUCTS}
    new: dict[int, int] = {}
    for node in order:
        new[node] = _copy(graph, node, new)
        if graph.nodes[node].function in _PRODUCTS and node not in within:
            factors = _find_factors(graph, node, within)
            merged = [one for one, _ in factors if one in single and one in drawn.spreads]
            if len(merged) > 1 and drawn.can_merge(merged):
                exponents = {one: -1.0 if divides else 1.0 for one, divides in factors}
                product = drawn.multiply({one: exponents[one] for one in merged})
                others = [(new[one], by) for one, by in factors if one not in merged]
                new[node] = _multiply(graph, others, product)
    return new


def _find_factors(graph: Graph, root: int, within: set[int]) -> list[tuple[int, bool]]:
    """Return the factors of a product, as they were written, and whether they divide.

    A product that is ``within`` another has no other use.
    """
    factors = []
    stack = [(root, False)]
    while stack:
        node, divides = stack.pop()
        one = graph.nodes[node]
        if one.function in _PRODUCTS and (node == root or node in within):
            first, second = one.arguments
            stack += [(second, divides != (one.function == "div")), (first, divides)]
        else:
            factors.append((node, divides))
    return factors


def _multiply(graph: Graph, factors: Iterable[tuple[int, bool]], product: int) -> int:
    """Return the node of what is drawn as one, times other factors; constants, as one, come last.

    What is drawn next to the product that needs it takes less time.
    """
    constant = graph.constant(1.0)
    above: list[int] = []
    below: list[int] = []
    for node, divides in factors:
        if graph.nodes[node].function == "constant":
            constant = graph.operation("div" if divides else "mul", (constant, node))
        else:
            (below if divides else above).append(node)
    result = product
    if above:
        result = above[0]
        for node in (*above[1:], product):
            result = graph.operation("mul", (result, node))
    for node in below:
        result = graph.operation("div", (result, node))
    return _times_constant(graph, result, constant)


def _join(graph: Graph, rest: int, product: int) -> Split:
    """Return how an output is split into what is left and what is integrated out.

    Where nothing but a number is left, that is a multiplier, and 1 is left.
    """
    value = graph.nodes[rest].value if graph.nodes[rest].function == "constant" else math.nan
    if not 0.0 < value < math.inf:
        return Split(graph.operation("mul", (rest, product)), rest, product, 1, 1.0)
    return Split(_times_constant(graph, product, rest), graph.constant(1.0), product, 1, value)


def _times_constant(graph: Graph, node: int, constant: int) -> int:
    is_one = graph.nodes[constant].value == 1.0
    return node if is_one else graph.operation("mul", (node, constant))

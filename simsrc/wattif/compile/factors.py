"""Find inputs that do nothing but multiply or divide an output, and put them last.

If Y = Z X with X drawn on its own and used in no other way, P(Y <= y) is the mean of P(X <= y / Z),
which is smooth in all that is drawn, where the indicator of Y <= y jumps. So quantiles of Y that
are computed from Z (:mod:`wattif.engine.integrate`) have far smaller errors.

Whether it is so can be read off the graph: Y is *homogeneous* in X, of degree 1. A product adds
degrees, a quotient subtracts them; a sum, a minimum or a choice needs them to be equal; a
comparison of what has equal degrees has degree 0, since X > 0. To teach it another operation: a
case in :func:`_degree`.

Where X is a factor of a plain product, the product is written anew with X as the last, so that Z is
on the way there and costs nothing; elsewhere Z is Y / X.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from wattif.compile.graph import Graph, Node
from wattif.distributions.base import Shape, fold, place, uniform_quantile

_ALIKE = {"add", "sub", "min", "max", "clip"}
_COMPARED = {"lt", "le", "gt", "ge", "eq", "ne", "atan2"}
_KEPT = {"copy", "neg", "abs"}
_LEAST = 2.0**-53  # the least uniform that is ever drawn
_TINY = 1e-300  # a law of logarithms needs room on either side
_BESIDE = 0.5  # what a factor is worth that takes a division, against one in a product


@dataclass(frozen=True)
class Split:
    """An output node is the node ``rest`` times (multiplier X)**power, X the node ``input``."""

    output: int
    rest: int
    input: int
    power: int
    multiplier: float


@dataclass(frozen=True)
class Powers:
    """How a node depends on inputs: ``degrees`` by input node, where it is homogeneous in one.

    ``touched`` has the bit of every input that it depends on at all.
    """

    degrees: Mapping[int, float]
    touched: int


def split_factors(graph: Graph, outputs: Iterable[int], shapes: Mapping[int, Shape]) -> list[Split]:
    """Return what is left of outputs without their most uncertain factor, if they have one.

    ``shapes`` are those of the input nodes that are drawn independently. Nodes of outputs are
    replaced by equal ones that multiply in another order.
    """
    wanted = list(dict.fromkeys(outputs))
    spread = {node: spread_of(shape) for node, shape in shapes.items()}
    powers = find_powers(graph, wanted, {node for node, width in spread.items() if width > 0.0})
    uses = _count_uses(graph, powers, wanted)
    splits = []
    for output in wanted:
        degrees = powers[output].degrees
        fit = [x for x, degree in degrees.items() if abs(degree) == 1.0]
        paths = {x: _walk(graph, output, x, powers, uses) for x in fit}
        worth = {x: spread[x] * (_BESIDE if path is None else 1.0) for x, path in paths.items()}
        if fit:
            x = max(fit, key=worth.__getitem__)
            splits.append(_split(graph, output, x, int(degrees[x]), paths[x]))
    return splits


def spread_of(shape: Shape) -> float:
    """Return how far the logarithm of an input spreads; 0 if it cannot be integrated out."""
    if shape.kind not in ("uniform", "table"):
        return 0.0
    quantile = shape.quantile or uniform_quantile
    least, low, high = place(shape, fold(quantile, np.array([_LEAST, 0.05, 0.95]), upper=False))
    greatest = place(shape, fold(quantile, np.array([_LEAST]), upper=True))[0]
    return float(np.log(high / low)) if least > _TINY and greatest < 1.0 / _TINY else 0.0


def find_powers(graph: Graph, roots: list[int], fit: set[int]) -> dict[int, Powers]:
    """Return how the roots, and all nodes that they need, depend on the inputs that are fit."""
    found: dict[int, Powers] = {}
    bits = _bits(fit)
    stack = list(roots)
    while stack:
        node = stack[-1]
        missing = [a for a in graph.nodes[node].arguments if a not in found]
        stack.extend(missing)
        if not missing:
            found[stack.pop()] = _powers_of(graph, node, found, bits)
    return found


def without_effect(powers: Powers, fit: Iterable[int]) -> set[int]:
    """Return the inputs, of those that are fit, on which a node does not depend."""
    return {node for node, bit in _bits(fit).items() if not powers.touched & bit}


def _bits(fit: Iterable[int]) -> dict[int, int]:
    return {node: 1 << i for i, node in enumerate(sorted(fit))}


def _powers_of(
    graph: Graph, node: int, found: Mapping[int, Powers], bits: Mapping[int, int]
) -> Powers:
    one = graph.nodes[node]
    arguments = [found[a] for a in one.arguments]
    touched = 0
    for argument in arguments:
        touched |= argument.touched
    if one.function == "input":  # in a grid it depends on its place as well
        return Powers({node: 1.0} if node in bits else {}, touched | bits.get(node, 0))
    power = _exponent(graph, one)
    degrees = {}
    for x in {x for argument in arguments for x in argument.degrees}:
        of_arguments = [_degree_in(argument, x, bits[x]) for argument in arguments]
        degree = _degree(one.function, of_arguments, power)
        if degree == 0.0:  # it cancels
            touched &= ~bits[x]
        elif not math.isnan(degree):
            degrees[x] = degree
    return Powers(degrees, touched)


def _exponent(graph: Graph, node: Node) -> float:
    """Return the exponent of a power, NaN if that is drawn, or the node is none."""
    exponent = graph.nodes[node.arguments[1]] if node.function == "pow" else node
    return exponent.value if exponent.function == "constant" else math.nan


def _degree_in(powers: Powers, x: int, bit: int) -> float:
    """Return the degree of a node in an input, NaN if it depends on it in another way."""
    return powers.degrees.get(x, math.nan if powers.touched & bit else 0.0)


def _degree(function: str, degrees: list[float], power: float) -> float:
    """Return the degree of a function's value in one input, from those of its arguments."""
    alike = all(degree == degrees[0] for degree in degrees)
    if function in _KEPT or (function in _ALIKE and alike):
        return degrees[0]
    if function == "mul":
        return degrees[0] + degrees[1]
    if function == "div":
        return degrees[0] - degrees[1]
    if function == "sqrt":
        return degrees[0] / 2.0
    if function == "pow" and degrees[1] == 0.0:
        return degrees[0] * power if degrees[0] else 0.0
    if function == "where" and degrees[0] == 0.0 and degrees[1] == degrees[2]:
        return degrees[1]
    return 0.0 if function in _COMPARED and alike else math.nan


def _count_uses(graph: Graph, nodes: Iterable[int], outputs: Iterable[int]) -> dict[int, int]:
    uses = dict.fromkeys(nodes, 0) | dict.fromkeys(outputs, 1)
    for node in uses:
        for argument in graph.nodes[node].arguments:
            uses[argument] += 1
    return uses


_Path = list[tuple[int, bool]]  # factors beside the way to an input, and whether they divide


def _walk(
    graph: Graph, output: int, x: int, powers: Mapping[int, Powers], uses: Mapping[int, int]
) -> _Path | None:
    """Return the factors of a product beside x, or None if x is not a factor of a plain product.

    Products on the way that somebody else needs as well would have to be computed twice.
    """
    beside: _Path = []
    node, divides = output, False
    while node != x:
        one = graph.nodes[node]
        if one.function not in ("mul", "div") or (node != output and uses[node] > 1):
            return None
        first, second = one.arguments
        with_x = [x in powers[argument].degrees for argument in one.arguments]
        if with_x[0] == with_x[1]:
            return None
        if with_x[0]:
            beside.append((second, divides != (one.function == "div")))
            node = first
        else:
            beside.append((first, divides))
            node, divides = second, divides != (one.function == "div")
    return beside


def _split(graph: Graph, output: int, x: int, power: int, path: _Path | None) -> Split:
    """Write an output anew, with x last, if it is a product; return what is left without it."""
    if path is None:
        rest = graph.operation("div" if power > 0 else "mul", (output, x))
        return Split(output, rest, x, power, 1.0)
    rest, constant = _multiply(graph, path)
    product = graph.operation("mul" if power > 0 else "div", (rest, x))
    if constant == 1.0:
        graph.nodes[output] = graph.nodes[product]
    else:
        graph.nodes[output] = Node("mul", (product, graph.constant(constant)))
    return Split(output, rest, x, power, constant if power > 0 else 1.0 / constant)


def _multiply(graph: Graph, path: _Path) -> tuple[int, float]:
    """Return the node of a product, and what constants multiply it by if that is positive."""
    constant, rest = 1.0, None
    for node, divides in reversed(path):  # in the order in which they were written
        if graph.nodes[node].function == "constant":
            value = graph.nodes[node].value
            constant = constant / value if divides else constant * value
        elif rest is None:
            rest = graph.operation("div", (graph.constant(1.0), node)) if divides else node
        else:
            rest = graph.operation("div" if divides else "mul", (rest, node))
    rest = graph.constant(1.0) if rest is None else rest
    if 0.0 < constant < math.inf:
        return rest, constant
    return graph.operation("mul", (rest, graph.constant(constant))), 1.0

"""The graph of a study's values: equal nodes are one, and what is constant is folded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wattif.distributions.base import Shape
from wattif.engine.program import Power
from wattif.language.functions import FUNCTIONS
from wattif.language.model import Quantity


@dataclass(frozen=True)
class Product:
    """Independent quantities that are drawn as one: the product of powers of them."""

    key: str
    parts: tuple[Power, ...]

    def shape(self) -> Shape:
        """Return what stands for the shape, which the engine makes of the parts."""
        return Shape("table")


@dataclass(frozen=True)
class Node:
    """A constant (``value``), an input (``quantity``) or an operation on earlier nodes."""

    function: str
    arguments: tuple[int, ...] = ()
    value: float = 0.0
    quantity: Quantity | Product | None = None


@dataclass
class Graph:
    """Nodes in an order in which each follows its arguments; equal nodes are one."""

    nodes: list[Node] = field(default_factory=list)
    index: dict[tuple[object, ...], int] = field(default_factory=dict)

    def constant(self, value: float) -> int:
        """Return the node of a number."""
        # the text tells 0.0 from -0.0, which 1/x does too
        return self._intern(("constant", repr(value)), Node("constant", value=value))

    def input(self, quantity: Quantity | Product, *place: int) -> int:
        """Return the node of what is drawn for a quantity, in a grid at a node's place."""
        key = ("input", quantity.key, *place)
        return self._intern(key, Node("input", arguments=place, quantity=quantity))

    def operation(self, function: str, arguments: tuple[int, ...]) -> int:
        """Return the node of a function of nodes, folded where all of them are constant."""
        if function in ("min", "max") and len(arguments) != 2:
            return self._chain(function, arguments)
        if all(self.nodes[a].function == "constant" for a in arguments):
            return self._fold(function, arguments)
        if function == "mul" and self._is_one(arguments[0]):
            return arguments[1]
        return self._intern((function, *arguments), Node(function, arguments))

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

    def _intern(self, key: tuple[object, ...], node: Node) -> int:
        if key not in self.index:
            self.index[key] = len(self.nodes)
            self.nodes.append(node)
        return self.index[key]

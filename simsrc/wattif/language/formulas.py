"""Formulas: text to a tree, by an allow-list grammar with Python's precedence.

    comparison = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
    sum        = product { ("+" | "-") product }
    product    = signed { ("*" | "/") signed }
    signed     = ("+" | "-") signed | power
    power      = atom ["**" signed]
    atom       = NUMBER | NAME ["." NAME] | NAME "(" comparison {"," comparison} ")"
               | "(" comparison ")"

Nothing is ever evaluated as Python. Length, depth and the number of nodes are capped, and parts
made of numbers alone are folded in floats, so that no formula costs more than a moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from wattif.language.formula_refusals import (
    ATTRIBUTE,
    SPLIT,
    check_arity,
    check_name,
    refuse_continuation,
    refuse_function,
    refuse_operand,
)
from wattif.language.formula_tokens import FormulaError, Token, refuse, tokens
from wattif.language.functions import CALLABLE, CONSTANTS, FUNCTIONS

__all__ = ["CallNode", "FormulaError", "NameNode", "Node", "NumberNode", "names", "parse"]

DEEPEST = 100  # operations inside each other
MOST_NODES = 5_000


@dataclass(frozen=True)
class NumberNode:
    """A number, or a part made of numbers alone, at its columns."""

    value: float
    column: int
    end_column: int


@dataclass(frozen=True)
class NameNode:
    """A quantity's name, perhaps of a named system, at its columns."""

    name: str
    system: str | None
    column: int
    end_column: int


@dataclass(frozen=True)
class CallNode:
    """An operation of ``FUNCTIONS``, at its columns; min and max may have many arguments."""

    function: str
    arguments: tuple[Node, ...]
    column: int
    end_column: int
    depth: int


Node = NumberNode | NameNode | CallNode


def parse(text: str) -> Node:
    """Return the tree of a formula, or raise a FormulaError that points at what is wrong."""
    return _Parser(text).read()


def names(tree: Node) -> tuple[NameNode, ...]:
    """Return the quantities that a formula names, each where it first appears."""
    first: dict[tuple[str | None, str], NameNode] = {}
    for node in _walk(tree):
        if isinstance(node, NameNode):
            first.setdefault((node.system, node.name), node)
    return tuple(first.values())


def _walk(tree: Node) -> Iterator[Node]:
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, CallNode):
            pending.extend(reversed(node.arguments))


_COMPARISON, _SUM, _PRODUCT, _SIGNED, _POWER = range(1, 6)
_BINARY = {
    "<": ("lt", _COMPARISON),
    "<=": ("le", _COMPARISON),
    ">": ("gt", _COMPARISON),
    ">=": ("ge", _COMPARISON),
    "==": ("eq", _COMPARISON),
    "!=": ("ne", _COMPARISON),
    "+": ("add", _SUM),
    "-": ("sub", _SUM),
    "*": ("mul", _PRODUCT),
    "/": ("div", _PRODUCT),
    "**": ("pow", _POWER),
}


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.place = 0
        self.nodes = 0
        self.nesting = 0

    def read(self) -> Node:
        if len(self.tokens) == 1:
            refuse("the formula is empty", self.tokens[0])
        tree = self.expression(_COMPARISON)
        if self.next.kind != "end":
            refuse_continuation(self.next)
        return tree

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def takes(self, sign: str) -> bool:
        taken = self.next.kind == "sign" and self.next.text == sign
        self.place += taken
        return taken

    def expression(self, level: int) -> Node:
        left = self.operand()
        while self.next.kind == "sign" and self.next.text in _BINARY:
            function, binding = _BINARY[self.next.text]
            if binding < level:
                break
            self.take()
            right = self.exponent() if binding == _POWER else self.expression(binding + 1)
            if binding == _COMPARISON and self.next.text in _COMPARISONS:
                refuse("comparisons in a chain", self.next, "write (a < b) * (b < c)")
            left = self.call(function, (left, right), left.column, right.end_column)
        return left

    def operand(self) -> Node:
        self.nodes += 1
        token = self.take()
        if token.kind == "number":
            return _number(float(token.text.replace("_", "")), token)
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            return self.bracketed(token)
        if token.text in ("+", "-"):
            operand = self.inside(token, _POWER)
            return self.sign(token, operand)
        return refuse_operand(self.tokens, self.place - 1)

    def inside(self, token: Token, level: int) -> Node:
        """Read an expression that is one level of recursion deeper."""
        self.nesting += 1
        if self.nesting > DEEPEST:
            refuse(f"the formula is nested more than {DEEPEST} deep", token, SPLIT)
        inner = self.expression(level)
        self.nesting -= 1
        return inner

    def exponent(self) -> Node:
        return self.inside(self.next, _POWER)

    def sign(self, token: Token, operand: Node) -> Node:
        if token.text == "+":
            return operand
        return self.call("neg", (operand,), token.column, operand.end_column)

    def bracketed(self, opening: Token) -> Node:
        inner = self.inside(opening, _COMPARISON)
        end = self.close(opening)
        return replace(inner, column=opening.column, end_column=end)

    def close(self, opening: Token) -> int:
        closing = self.take()
        if closing.kind == "end":
            refuse("this bracket is not closed", opening)
        if closing.text != ")":
            refuse_continuation(closing)
        return closing.end_column

    def named(self, token: Token) -> Node:
        if self.next.text == "(":
            return self.function_call(token)
        if token.text in CONSTANTS and self.next.text != ".":
            return NumberNode(CONSTANTS[token.text], token.column, token.end_column)
        if not self.takes("."):
            return _name(token, None)
        name = self.take()
        if name.kind != "name" or self.next.text in (".", "("):
            refuse("a point joins a system and a quantity, and nothing else", name, ATTRIBUTE)
        return _name(name, token)

    def function_call(self, token: Token) -> Node:
        if token.text not in CALLABLE:
            refuse_function(token)
        opening = self.take()
        arguments: list[Node] = []
        while not arguments or self.takes(","):
            if not arguments and self.next.text == ")":
                break
            arguments.append(self.inside(opening, _COMPARISON))
        end = self.close(opening)
        check_arity(token, len(arguments))
        return self.call(token.text, tuple(arguments), token.column, end)

    def call(self, function: str, arguments: tuple[Node, ...], column: int, end: int) -> Node:
        self.nodes += 1
        depth = 1 + max(a.depth if isinstance(a, CallNode) else 0 for a in arguments)
        if depth > DEEPEST:
            message = f"more than {DEEPEST} operations inside each other"
            raise FormulaError(message, column, end, SPLIT)
        if self.nodes > MOST_NODES:
            raise FormulaError(f"a formula of more than {MOST_NODES} parts", column, end, SPLIT)
        folded = [a.value for a in arguments if isinstance(a, NumberNode)]
        if len(folded) == len(arguments):
            return _fold(function, folded, column, end)
        return CallNode(function, arguments, column, end, depth)


_COMPARISONS = [sign for sign, (_, binding) in _BINARY.items() if binding == _COMPARISON]


def _fold(function: str, values: list[float], column: int, end_column: int) -> NumberNode:
    with np.errstate(all="ignore"):
        value = float(FUNCTIONS[function].evaluate(*map(np.float64, values)))
    if not np.isfinite(value):
        found = "not a number" if np.isnan(value) else "infinite in floating-point numbers"
        raise FormulaError(f"this part is {found}", column, end_column)
    return NumberNode(value, column, end_column)


def _number(value: float, token: Token) -> NumberNode:
    if not np.isfinite(value):
        refuse("too large a number", token, "floating-point numbers end at 1.8e308")
    return NumberNode(value, token.column, token.end_column)


def _name(token: Token, system: Token | None) -> NameNode:
    check_name(token, system)
    column = system.column if system else token.column
    return NameNode(token.text, system and system.text, column, token.end_column)

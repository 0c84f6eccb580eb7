"""The functions and operators of formulas, and the names that they take from quantities.

To add a function: a row here, an opcode in the program, a branch in the register machine.
"""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rule = Literal["same", "compare", "choose", "product", "quotient", "power", "keep", "root", "pure"]


@dataclass(frozen=True)
class Function:
    """An operation on numbers.

    ``least`` and ``most`` arguments, ``most`` None for any number of them. ``operator`` is its sign
    in formulas, "" for a function called by name. ``evaluate`` computes it with numpy and is what
    the register machine is tested against.

    ``rule`` says what it does to units: "same" takes one dimension and keeps the first argument's
    unit; "compare" takes one dimension and gives a pure number; "choose" is "same" after a pure
    condition; "keep" keeps its argument's unit; "root" halves it; "pure" takes and gives pure
    numbers; "product", "quotient" and "power" do to units what they do to numbers.
    """

    name: str
    least: int
    most: int | None
    operator: str
    rule: Rule
    summary: str
    evaluate: Callable[..., Array]


def _compare(comparison: Callable[[Array, Array], NDArray[np.bool_]]) -> Callable[..., Array]:
    return lambda a, b: np.asarray(comparison(a, b), dtype=np.float64)


def _where(condition: Array, a: Array, b: Array) -> Array:
    chosen = np.where(condition != 0, a, b)
    return np.where(np.isnan(condition), np.nan, chosen)


def _clip(x: Array, low: Array, high: Array) -> Array:
    return np.minimum(np.maximum(x, low), high)


def _least(*values: Array) -> Array:
    return reduce(np.minimum, values)


def _greatest(*values: Array) -> Array:
    return reduce(np.maximum, values)


_TABLE = (
    Function("add", 2, 2, "+", "same", "a + b", np.add),
    Function("sub", 2, 2, "-", "same", "a - b", np.subtract),
    Function("mul", 2, 2, "*", "product", "a * b", np.multiply),
    Function("div", 2, 2, "/", "quotient", "a / b", np.divide),
    Function("pow", 2, 2, "**", "power", "a ** b", np.power),
    Function("neg", 1, 1, "-", "keep", "-a", np.negative),
    Function("lt", 2, 2, "<", "compare", "1 where a < b, else 0", _compare(np.less)),
    Function("le", 2, 2, "<=", "compare", "1 where a <= b, else 0", _compare(np.less_equal)),
    Function("gt", 2, 2, ">", "compare", "1 where a > b, else 0", _compare(np.greater)),
    Function("ge", 2, 2, ">=", "compare", "1 where a >= b, else 0", _compare(np.greater_equal)),
    Function("eq", 2, 2, "==", "compare", "1 where a == b, else 0", _compare(np.equal)),
    Function("ne", 2, 2, "!=", "compare", "1 where a != b, else 0", _compare(np.not_equal)),
    Function("where", 3, 3, "", "choose", "a where the condition is not 0, else b", _where),
    Function("min", 2, None, "", "same", "the least of its arguments", _least),
    Function("max", 2, None, "", "same", "the greatest of its arguments", _greatest),
    Function("clip", 3, 3, "", "same", "x, but at least low and at most high", _clip),
    Function("abs", 1, 1, "", "keep", "absolute value", np.abs),
    Function("exp", 1, 1, "", "pure", "e to the power of x", np.exp),
    Function("log", 1, 1, "", "pure", "natural logarithm", np.log),
    Function("log10", 1, 1, "", "pure", "logarithm to base 10", np.log10),
    Function("sqrt", 1, 1, "", "root", "square root", np.sqrt),
    Function("sin", 1, 1, "", "pure", "sine of an angle in radians", np.sin),
    Function("cos", 1, 1, "", "pure", "cosine of an angle in radians", np.cos),
    Function("tan", 1, 1, "", "pure", "tangent of an angle in radians", np.tan),
    Function("atan2", 2, 2, "", "compare", "angle of the point (x, y), as atan2(y, x)", np.arctan2),
    Function("floor", 1, 1, "", "pure", "greatest whole number not above x", np.floor),
)

FUNCTIONS: Mapping[str, Function] = {function.name: function for function in _TABLE}
CALLABLE: Mapping[str, Function] = {f.name: f for f in _TABLE if not f.operator}
CONSTANTS: Mapping[str, float] = {"pi": math.pi}

_DIMENSIONS = (
    "system system_label system_label_es statistic kind percentile cell edge chain draw replicate"
)
RESERVED: Mapping[str, str] = {
    **dict.fromkeys(_DIMENSIONS.split(), "a dimension of the result"),
    **dict.fromkeys([*keyword.kwlist, "true", "false", "none"], "a word of the formula language"),
    **dict.fromkeys(["nan", "inf", "infinity"], "a word for no number"),
    **dict.fromkeys(["e", *CONSTANTS], "a mathematical constant"),
    **dict.fromkeys(CALLABLE, "a function"),
}

LONGEST_NAME = 100
_NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")


def is_valid_name(text: str) -> bool:
    """Tell whether a text can name a quantity; that it is not reserved is another question."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None

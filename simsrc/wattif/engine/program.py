"""The compiled study: arrays that one set of kernels executes. Data only, without numba."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Shape


class Op(IntEnum):
    """Operations of the register machine.

    An instruction is five int32: op, dst, a, b, c. An operand >= 0 is a register (a row of one
    block of draws), an operand < 0 is the constant ``constants[-1 - operand]``. DRAW fills register
    dst with draws of input a (an index into ``Program.inputs``, no operand); those of a grid are at
    the places that operand b holds. OUTPUT hands the operand a to output number dst (no register).
    COUPLE makes the points of the inputs of coupling a, before any of them is drawn (no register).
    All others are element by element:
    ``dst = op(a, b, c)``, comparisons give 1.0 or 0.0, WHERE takes b where a is neither 0 nor NaN
    (NaN gives NaN), else c. An operation may write over a register that it reads.
    """

    DRAW = 0
    OUTPUT = 1
    COPY = 2
    ADD = 3
    SUB = 4
    MUL = 5
    DIV = 6
    POW = 7
    NEG = 8
    LT = 9
    LE = 10
    GT = 11
    GE = 12
    EQ = 13
    NE = 14
    WHERE = 15
    MIN = 16
    MAX = 17
    CLIP = 18
    ABS = 19
    EXP = 20
    LOG = 21
    LOG10 = 22
    SQRT = 23
    SIN = 24
    COS = 25
    TAN = 26
    ATAN2 = 27
    FLOOR = 28
    COUPLE = 29


_ONE = [Op.OUTPUT, Op.COPY, Op.NEG, Op.ABS, Op.EXP, Op.LOG, Op.LOG10, Op.SQRT]
_ONE += [Op.SIN, Op.COS, Op.TAN, Op.FLOOR]
OPERANDS_OF = dict.fromkeys(Op, 2)
"""How many registers or constants an operation reads, from its first operand on."""
OPERANDS_OF |= dict.fromkeys(_ONE, 1) | dict.fromkeys((Op.WHERE, Op.CLIP), 3)
OPERANDS_OF |= dict.fromkeys((Op.DRAW, Op.COUPLE), 0)  # but for the place in a grid of a DRAW

CopulaKind = Literal["gaussian", "student-t", "clayton", "gumbel", "frank"]


@dataclass(frozen=True)
class Input:
    """A quantity that is drawn. Its place in ``Program.inputs`` is its Sobol dimension."""

    key: str
    shape: Shape


@dataclass(frozen=True)
class Coupling:
    """Inputs that are drawn together, through a copula.

    ``members`` are indices into ``Program.inputs``. "gaussian" and "student-t" have the lower
    triangular ``factor`` of their correlation matrix, row by row; "student-t" also ``parameter``,
    its degrees of freedom, and the index ``mixing`` of the input that is chi-square with as many.
    The others couple two members by ``parameter``, in the notation of Nelsen (2006).
    """

    kind: CopulaKind
    members: tuple[int, ...]
    factor: tuple[tuple[float, ...], ...] = ()
    parameter: float = 0.0
    mixing: int = -1


@dataclass(frozen=True)
class Output:
    """A value to report: the quantity ``name`` of the system ``system``."""

    system: str
    name: str


@dataclass(frozen=True)
class Factor:
    """An output that is another one, ``rest``, times (multiplier x)**power, x the draw of an input.

    x is positive and drawn independently, ``rest`` does not depend on it, ``power`` is 1 or -1 and
    ``multiplier`` positive. Outputs may share a rest, which may be one to report.
    """

    output: int
    rest: int
    input: int
    power: int
    multiplier: float = 1.0


@dataclass(frozen=True)
class Power:
    """A power of what has a shape."""

    shape: Shape
    exponent: float


@dataclass(frozen=True, eq=False)
class Program:
    """A study as data: what to draw, what to compute, what to report.

    ``code`` is int32 (instructions, 5), see :class:`Op`; ``constants`` float64 (m,); registers are
    reused, so ``registers`` is small. An input belongs to at most one of the ``couplings``. Outputs
    that have one of the ``factors`` get their quantiles by integrating it out; the last ``hidden``
    of the outputs are only rests of others, and are not reported. ``merged`` may be used instead
    where many draws are made.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    code: NDArray[np.int32]
    constants: NDArray[np.float64]
    registers: int
    couplings: tuple[Coupling, ...] = ()
    factors: tuple[Factor, ...] = ()
    hidden: int = 0
    merged: Merged | None = None


@dataclass(frozen=True, eq=False)
class Merged:
    """A program with the same outputs that draws products of independent quantities as one.

    ``products`` are the parts of its inputs by their number, whose own shapes say nothing.
    """

    program: Program
    products: Mapping[int, tuple[Power, ...]]

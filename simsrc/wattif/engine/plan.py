"""Flatten a program to plain arrays, which is all that the kernels know of it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Shape
from wattif.distributions.grid import points
from wattif.engine.couplings import Couplings, flatten
from wattif.engine.fusion import join
from wattif.engine.memory import aligned
from wattif.engine.philox import stream_key
from wattif.engine.program import Input, Program
from wattif.engine.quantile_table import ROWS, TERMS, Table, TableError, build, build_grid
from wattif.engine.remember import Remembered
from wattif.engine.sobol import MAX_DIMENSIONS
from wattif.engine.steps import GUIDE_BITS, make_guide
from wattif.engine.stratum_table import (
    STRATA,
    STRATUM_TERMS,
    StratumTable,
    build_strata,
    stratum_quantiles,
)
from wattif.errors import RunError

Sampling = Literal["sobol", "latin-hypercube", "random"]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SOBOL, LATIN, RANDOM = range(3)
SCHEMES = {"sobol": SOBOL, "latin-hypercube": LATIN, "random": RANDOM}
DOMAINS = {"sobol": "sobol", "latin-hypercube": "latin", "random": "random"}
UNIFORM, TABLE, STEPS, GRID = range(4)
_CELLS = (1 << GUIDE_BITS) + 1
KINDS = {"uniform": UNIFORM, "table": TABLE, "steps": STEPS, "grid": GRID}

_SHAPE = [("kind", "i8"), ("exponential", "?"), ("is_split", "?")]
_SHAPE += [(name, "f8") for name in ("location", "scale", "low", "high")]
_KEY = [("key0", "u8"), ("key1", "u8")]
_PLACES = ("start", "stop", "guide", "node", "last_node", "slot", "stratum", "rough", "last_rough")
INPUT = np.dtype([*_SHAPE, *_KEY, *((name, "i8") for name in _PLACES)], align=True)
"""What is known of an input. One record of them all, since every array that a kernel looks up in a
tuple costs it 10 ns: with an array for each of these, 0.3 ns a draw went that way."""

# Tables take most of the time of a short run, and are the same in the next run of a study.
_TABLES: Remembered[Table] = Remembered(256)  # some 25 MB
_STRATUM_QUANTILES: Remembered[Floats] = Remembered(256)  # 5 MB
_STRATA: Remembered[StratumTable] = Remembered(256)  # 4 MB, and 0.3 ms for each


class Instructions(NamedTuple):
    """The code of a program, and what is joined in it: see :func:`~wattif.engine.fusion.join`."""

    code: NDArray[np.int32]
    joined: Integers
    scale: Floats


class Plan(NamedTuple):
    """A program of D inputs as arrays.

    ``inputs`` (D,) are records of ``INPUT``: the kind of their
    :class:`~wattif.distributions.base.Shape` and what it says; the key of their random stream; and
    which rows of the other arrays are theirs. ``start`` to ``stop`` are those of its table in
    ``coefficients`` (rows, 6), ``begin`` and ``link`` (rows,), or of its steps in ``values`` and
    ``cumulative``, which have the row ``guide`` of ``guides``. From ``node`` to ``last_node`` are
    the points of a grid in ``nodes`` and ``weights``. ``slot`` is its place among coupled inputs,
    or -1. An input whose points may be drawn in the order of their size has the row ``stratum`` of
    ``strata`` (rows, 8, STRATA), else -1, and the rough strata ``rough[one.rough :
    one.last_rough]``.
    """

    instructions: Instructions
    constants: Floats
    scheme: int
    inputs: NDArray[Any]
    coefficients: Floats
    begin: Floats
    link: Integers
    values: Floats
    cumulative: Floats
    guides: NDArray[np.int32]
    nodes: Floats
    weights: Floats
    strata: Floats
    rough: Integers
    couplings: Couplings


def make_plan(program: Program, seed: int, sampling: Sampling) -> Plan:
    """Return the arrays of a program, its quantile tables built."""
    dimensions = len(program.inputs)
    if sampling == "sobol" and dimensions > MAX_DIMENSIONS:
        raise RunError(
            f"{dimensions:,} quantities are drawn, but Sobol points have at most"
            f' {MAX_DIMENSIONS:,} dimensions; write sampling = "random"'
        )
    shapes = [one.shape for one in program.inputs]
    inputs = _describe(program.inputs, seed, sampling)
    couplings = flatten(program.couplings, dimensions)
    inputs["slot"] = couplings.slot
    tables = _collect_tables(program.inputs)
    inputs["start"], inputs["stop"] = _find_places(shapes, tables)
    inputs["is_split"] = (inputs["kind"] == TABLE) & (inputs["stop"] - inputs["start"] > ROWS)
    inputs["guide"] = np.cumsum(inputs["kind"] == STEPS) - 1
    guides = [make_guide(s.cumulative)[np.newaxis] for s in shapes if s.kind == "steps"]
    grids = [points(len(shape.quantiles)) for shape in shapes]
    inputs["last_node"] = np.cumsum([nodes.size for nodes, _ in grids])
    inputs["node"] = inputs["last_node"] - [nodes.size for nodes, _ in grids]
    strata, rough = _place_strata(inputs, shapes, tables, sampling)
    built = [table for _, table in tables.values()]
    constants = np.ascontiguousarray(program.constants, np.float64)
    code = np.ascontiguousarray(program.code, np.int32).reshape(-1, 5)
    return Plan(
        instructions=Instructions(code, *join(code, constants, (inputs["kind"] == GRID).tolist())),
        constants=constants,
        scheme=SCHEMES[sampling],
        inputs=inputs,
        coefficients=np.concatenate([np.empty((0, TERMS)), *(one.coefficients for one in built)]),
        begin=np.concatenate([np.empty(0), *(one.begin for one in built)]),
        link=np.concatenate([np.empty(0, np.int64), *(_shifted(*one) for one in tables.values())]),
        values=np.array([v for shape in shapes for v in shape.values], np.float64),
        cumulative=np.array([c for shape in shapes for c in shape.cumulative], np.float64),
        guides=np.concatenate([np.empty((0, _CELLS), np.int32), *guides]),
        nodes=np.concatenate([np.empty(0), *(nodes for nodes, _ in grids)]),
        weights=np.concatenate([np.empty(0), *(weights for _, weights in grids)]),
        strata=strata,
        rough=rough,
        couplings=couplings,
    )


def _describe(inputs: Sequence[Input], seed: int, sampling: Sampling) -> NDArray[Any]:
    """Return records (D,) that tell the shapes of inputs and the keys of their streams."""
    records = np.zeros(len(inputs), INPUT).view(np.recarray)
    for record, one in zip(records, inputs, strict=True):
        shape = one.shape
        record["kind"], record["exponential"] = KINDS[shape.kind], shape.exponential
        record["location"], record["scale"] = shape.location, shape.scale
        record["low"], record["high"] = shape.low, shape.high
        record["key0"], record["key1"] = stream_key(seed, DOMAINS[sampling], one.key)
    return records


def _collect_tables(inputs: Sequence[Input]) -> dict[Hashable, tuple[int, Table]]:
    """Return the tables by the key of their shapes, each with its first row among all."""
    tables: dict[Hashable, tuple[int, Table]] = {}
    rows = 0
    for one in inputs:
        shape = one.shape
        if shape.kind in ("table", "grid") and shape.key not in tables:
            try:
                table = _TABLES.recall((shape.kind, shape.key), partial(_build, shape))
            except TableError as error:
                raise TableError(f"{one.key}: {error}") from None
            tables[shape.key] = rows, table
            rows += len(table.link)
    return tables


def _shifted(row: int, table: Table) -> Integers:
    """Return the links of a table that begins in a row among all."""
    return np.where(table.link > 0, table.link + row, 0)


def _build(shape: Shape) -> Table:
    return build(shape) if shape.kind == "table" else build_grid(shape)


def _build_strata(shape: Shape, table: Table) -> StratumTable:
    quantiles = _STRATUM_QUANTILES.recall(shape.key, partial(stratum_quantiles, shape))
    return build_strata(shape, quantiles, table)


def _find_places(
    shapes: list[Shape], tables: dict[Hashable, tuple[int, Table]]
) -> tuple[list[int], list[int]]:
    """Return where the rows of each shape's table, or its steps, begin and end."""
    first, last, steps = [], [], 0
    for shape in shapes:
        if shape.kind in ("table", "grid"):
            row, table = tables[shape.key]
            first.append(row)
            last.append(row + len(table.link))
        else:
            first.append(steps)
            steps += len(shape.values)
            last.append(steps)
    return first, last


def _place_strata(
    inputs: NDArray[Any],
    shapes: list[Shape],
    tables: dict[Hashable, tuple[int, Table]],
    sampling: Sampling,
) -> tuple[Floats, Integers]:
    """Return the tables by strata and the rough strata, and tell the inputs which are theirs."""
    made: dict[Hashable, tuple[int, StratumTable, int]] = {}
    ends = 0
    inputs["stratum"] = -1
    if sampling == "sobol":
        for record, shape in zip(inputs, shapes, strict=True):
            if shape.kind != "table" or record["slot"] >= 0:
                continue
            key = shape.key, *(record[name].item() for name, _ in _SHAPE)
            if key not in made:
                table = _STRATA.recall(key, partial(_build_strata, shape, tables[shape.key][1]))
                made[key] = len(made), table, ends
                ends += table.rough.size
            record["stratum"], table, record["rough"] = made[key]
            record["last_rough"] = record["rough"] + table.rough.size
    coefficients = [table.coefficients for _, table, _ in made.values()]
    rough = [table.rough for _, table, _ in made.values()]
    return (
        aligned(np.array(coefficients, np.float64).reshape(-1, STRATUM_TERMS, STRATA)),
        np.concatenate([np.empty(0, np.int64), *rough]),
    )

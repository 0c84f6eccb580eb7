"""Flatten a program to plain arrays, which is all that the kernels know of it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Shape
from wattif.distributions.grid import points
from wattif.engine.couplings import Couplings, flatten
from wattif.engine.philox import stream_key
from wattif.engine.program import Input, Program
from wattif.engine.quantile_table import TERMS, Table, TableError, build, build_grid
from wattif.engine.sobol import MAX_DIMENSIONS
from wattif.engine.steps import GUIDE_BITS, make_guide
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


class Plan(NamedTuple):
    """A program of D inputs as arrays.

    ``code``, ``constants``: as in :class:`~wattif.engine.program.Program`. By input: ``key`` uint64
    (D, 2) of its random stream, ``kind``, and what :class:`~wattif.distributions.base.Shape` says,
    (D,). ``start`` and ``stop`` (D,) are the rows of its table in ``coefficients`` (rows, 6),
    ``begin`` and ``link`` (rows,), or of its steps in ``values`` and ``cumulative``; these
    have the row ``guide_row`` (D,) of ``guide``. ``node`` and ``weight`` are the points of grids,
    those of input j from ``first_node[j]`` on.
    """

    code: NDArray[np.int32]
    constants: Floats
    scheme: int
    key: NDArray[np.uint64]
    kind: Integers
    exponential: NDArray[np.bool_]
    location: Floats
    scale: Floats
    low: Floats
    high: Floats
    start: Integers
    stop: Integers
    coefficients: Floats
    begin: Floats
    link: Integers
    values: Floats
    cumulative: Floats
    guide: NDArray[np.int32]
    guide_row: Integers
    first_node: Integers
    node: Floats
    weight: Floats
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
    keys = [stream_key(seed, DOMAINS[sampling], one.key) for one in program.inputs]
    tables = _collect_tables(program.inputs)
    built = [table for _, table in tables.values()]
    guides = [make_guide(s.cumulative)[np.newaxis] for s in shapes if s.kind == "steps"]
    grids = [points(len(shape.quantiles)) for shape in shapes]
    place = np.array(_find_places(shapes, tables), np.int64).reshape(-1, 2)
    return Plan(
        code=np.ascontiguousarray(program.code, np.int32).reshape(-1, 5),
        constants=np.ascontiguousarray(program.constants, np.float64),
        scheme=SCHEMES[sampling],
        key=np.array(keys, np.uint64).reshape(-1, 2),
        kind=np.array([KINDS[shape.kind] for shape in shapes], np.int64),
        exponential=np.array([shape.exponential for shape in shapes], np.bool_),
        location=np.array([shape.location for shape in shapes], np.float64),
        scale=np.array([shape.scale for shape in shapes], np.float64),
        low=np.array([shape.low for shape in shapes], np.float64),
        high=np.array([shape.high for shape in shapes], np.float64),
        start=place[:, 0].copy(),
        stop=place[:, 1].copy(),
        coefficients=np.concatenate([np.empty((0, TERMS)), *(one.coefficients for one in built)]),
        begin=np.concatenate([np.empty(0), *(one.begin for one in built)]),
        link=np.concatenate([np.empty(0, np.int64), *(one.link for one in built)]),
        values=np.array([v for shape in shapes for v in shape.values], np.float64),
        cumulative=np.array([c for shape in shapes for c in shape.cumulative], np.float64),
        guide=np.concatenate([np.empty((0, _CELLS), np.int32), *guides]),
        guide_row=np.cumsum([shape.kind == "steps" for shape in shapes], dtype=np.int64) - 1,
        first_node=np.cumsum([0, *(nodes.size for nodes, _ in grids)], dtype=np.int64),
        node=np.concatenate([np.empty(0), *(nodes for nodes, _ in grids)]),
        weight=np.concatenate([np.empty(0), *(weights for _, weights in grids)]),
        couplings=flatten(program.couplings, dimensions),
    )


def _collect_tables(inputs: Sequence[Input]) -> dict[Hashable, tuple[int, Table]]:
    """Return the tables by the key of their shapes, each with its first row among all."""
    tables: dict[Hashable, tuple[int, Table]] = {}
    rows = 0
    for one in inputs:
        shape = one.shape
        if shape.kind in ("table", "grid") and shape.key not in tables:
            try:
                table = build(shape) if shape.kind == "table" else build_grid(shape)
            except TableError as error:
                raise TableError(f"{one.key}: {error}") from None
            tables[shape.key] = rows, table
            rows += len(table.link)
    return tables


def _find_places(
    shapes: list[Shape], tables: dict[Hashable, tuple[int, Table]]
) -> list[tuple[int, int]]:
    """Return where the rows of each shape's table, or its steps, begin and end."""
    places, steps = [], 0
    for shape in shapes:
        if shape.kind in ("table", "grid"):
            row, table = tables[shape.key]
            places.append((row, row + len(table.link)))
        else:
            places.append((steps, steps + len(shape.values)))
            steps += len(shape.values)
    return places

"""Draw, compute and reduce one segment of a replicate, block by block."""
# mypy: allow-untyped-defs

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import LANES, accumulate
from wattif.engine.closeup import look_closer
from wattif.engine.couple import combine, couple_pair, stretch, to_points, to_scores
from wattif.engine.couplings import STUDENT, Couplings
from wattif.engine.invert import invert_grid, invert_steps, invert_table, invert_uniform
from wattif.engine.jit import jit
from wattif.engine.latin import fill_latin
from wattif.engine.philox import fill_random
from wattif.engine.plan import GRID, LATIN, SOBOL, TABLE, UNIFORM
from wattif.engine.program import Op
from wattif.engine.registers import SPARE_ROWS, execute, operand_row, rename
from wattif.engine.sobol import fill_sobol

PADDING = 72  # floats, nine cache lines: rows must not collide modulo 4,096 bytes


class Workspace(NamedTuple):
    """Memory that a task works in: blocks of n draws.

    ``rows`` (SPARE_ROWS + registers, n + padding) and ``place`` (registers + 1,): see
    :func:`~wattif.engine.registers.execute`. ``k`` uint64 (n,) holds points, ``bins``
    uint32 (n,) where they fall, ``lanes`` (4, LANES) partial sums. ``coupled`` uint64 (M, n) holds
    the points of all M coupled inputs, ``scores`` (m + 1, n) those of the largest coupling, and
    draws of what they are divided by.
    """

    rows: NDArray[np.float64]
    place: NDArray[np.int64]
    k: NDArray[np.uint64]
    bins: NDArray[np.uint32]
    lanes: NDArray[np.float64]
    coupled: NDArray[np.uint64]
    scores: NDArray[np.float64]


def make_workspace(registers: int, block: int, couplings: Couplings) -> Workspace:
    """Return a workspace for so many registers and draws."""
    largest = int(np.diff(couplings.first).max(initial=0))
    return Workspace(
        np.zeros((SPARE_ROWS + registers, block + PADDING)),
        np.arange(SPARE_ROWS - 1, SPARE_ROWS + registers)[::-1].copy(),
        np.zeros(block, np.uint64),
        np.zeros(block, np.uint32),
        np.zeros((4, LANES)),
        np.zeros((couplings.member.size, block), np.uint64),
        np.zeros((largest + 1, block)),
    )


@jit
def run_segment(plan, points, workspace, tally, kept, windows, closeup, replicate, start, stop):
    """Run the program on draws ``start`` ... ``stop`` - 1 of a replicate.

    ``points`` are the columns (D, 52) and shifts (D,) of the replicate's Sobol points; ``kept`` its
    inputs (D, m) and outputs (K, m) to fill with the first m draws. If there are windows, outputs
    go to the closeup, else to the tally.
    """
    # Blocks and instructions share a function: numba optimises all that is called once more at each
    # level of calls, which takes seconds up here.
    rows, place, n = workspace.rows, workspace.place, workspace.k.size
    for first in range(start, stop, n):
        for i in range(plan.code.shape[0]):
            op, target, operand = plan.code[i, 0], plan.code[i, 1], plan.code[i, 2]
            if op == Op.DRAW:
                x = rows[place[-1], :n]
                at = operand_row(plan.code[i, 3], rows[0, :n], rows, place, plan.constants)
                draw(plan, points, operand, replicate, first, workspace, at, x)
                keep(x, first, kept[0][operand])
                rename(target, place)
            elif op == Op.OUTPUT:
                y = operand_row(operand, rows[0, :n], rows, place, plan.constants)
                keep(y, first, kept[1][target])
                if windows.low.size == 0:
                    accumulate(y, target, tally, workspace.bins, workspace.lanes)
                else:
                    look_closer(y, target, windows, closeup, workspace.bins)
            elif op == Op.COUPLE:
                couple(plan, points, operand, replicate, first, workspace)
            else:
                execute(plan.code[i], rows, place, plan.constants, n)


@jit
def keep(row, first, kept):
    """Copy those draws of a row (n,), from index ``first`` on, that are among the first m."""
    for i in range(min(row.size, kept.size - first)):
        kept[first + i] = row[i]


@jit
def draw(plan, points, j, replicate, first, workspace, at, x):
    """Fill x (n,) with the draws of input j, from index ``first`` on; at (n,): places in a grid."""
    slot = plan.couplings.slot[j]
    if slot >= 0:
        invert(plan, j, workspace.coupled[slot], at, x)
    else:
        fill(plan, points, j, replicate, first, workspace.k)
        invert(plan, j, workspace.k, at, x)


@jit
def couple(plan, points, c, replicate, first, workspace):
    """Fill the rows of ``workspace.coupled`` that belong to the members of coupling c."""
    couplings = plan.couplings
    start, stop = couplings.first[c], couplings.first[c + 1]
    k, kind, parameter = workspace.coupled[start:stop], couplings.kind[c], couplings.parameter[c]
    for row in range(stop - start):
        fill(plan, points, couplings.member[start + row], replicate, first, k[row])
    if kind > STUDENT:
        couple_pair(kind, parameter, k[0], k[1])
        return
    z, mixing = workspace.scores[: stop - start], workspace.scores[-1]
    for row in range(stop - start):
        to_scores(couplings, k[row], z[row])
    corner, end = couplings.factor_first[c], couplings.factor_first[c + 1]
    combine(couplings.factor[corner:end].reshape(stop - start, stop - start), z)
    if kind == STUDENT:
        draw(plan, points, couplings.mixing[c], replicate, first, workspace, mixing, mixing)
        stretch(mixing, parameter, z)
    tails = couplings.tails[couplings.tail_first[c] : couplings.tail_first[c + 1]]
    for row in range(0 if kind == STUDENT else 1, stop - start):
        to_points(tails, z[row], k[row])


@jit
def fill(plan, points, j, replicate, first, k):
    """Fill k (n,) with the points of input j, from index ``first`` on."""
    if plan.scheme == SOBOL:
        fill_sobol(points[0][j], points[1][j], first, k)
    elif plan.scheme == LATIN:
        fill_latin(plan.key[j, 0], plan.key[j, 1], replicate, first, k)
    else:
        fill_random(plan.key[j, 0], plan.key[j, 1], replicate, first, k)


@jit
def invert(plan, j, k, at, x):
    """Fill x (n,) with the values of input j at the points k (n,); at (n,): places in a grid."""
    location, scale, exponential = plan.location[j], plan.scale[j], plan.exponential[j]
    low, high = plan.low[j], plan.high[j]
    start, stop = plan.start[j], plan.stop[j]
    if plan.kind[j] == UNIFORM:
        invert_uniform(k, location, scale, exponential, low, high, x)
    elif plan.kind[j] == TABLE:
        coefficients = plan.coefficients[start:stop]
        begin, link = plan.begin[start:stop], plan.link[start:stop]
        invert_table(k, coefficients, begin, link, location, scale, exponential, low, high, x)
    elif plan.kind[j] == GRID:
        nodes = slice(plan.first_node[j], plan.first_node[j + 1])
        coefficients = plan.coefficients[start:stop]
        invert_grid(k, at, plan.node[nodes], plan.weight[nodes], coefficients, low, high, x)
    else:
        guide = plan.guide[plan.guide_row[j]]
        invert_steps(k, plan.values[start:stop], plan.cumulative[start:stop], guide, x)

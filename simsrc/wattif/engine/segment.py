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
from wattif.engine.invert import invert_grid, invert_steps, invert_table, invert_uniform, place
from wattif.engine.jit import jit
from wattif.engine.latin import fill_latin
from wattif.engine.memory import aligned_zeros
from wattif.engine.philox import fill_random
from wattif.engine.plan import GRID, LATIN, SOBOL, STEPS, TABLE
from wattif.engine.program import Op
from wattif.engine.registers import SPARE_ROWS, execute, operand_row, rename
from wattif.engine.reorder import multiply_in_order, restore_order
from wattif.engine.sobol import fill_sobol
from wattif.engine.strata import (
    Ordered,
    evaluate_strata,
    evaluate_strata_singly,
    gather_rough,
    make_ordered,
    order_block,
    scatter_rough,
)
from wattif.engine.stratum_table import STRATA

PADDING = 72  # floats, nine cache lines: rows must not collide modulo 4,096 bytes


class Workspace(NamedTuple):
    """Memory that a task works in: blocks of n draws.

    ``rows`` (SPARE_ROWS + registers, n + padding) and ``place`` (registers + 1,): see
    :func:`~wattif.engine.registers.execute`. ``k`` uint64 (n,) holds points, ``bins``
    uint32 (n,) where draws fall, ``row``, ``s`` and ``draws`` (n,) are between points and draws,
    ``lanes`` (2, LANES) partial sums. ``coupled`` uint64 (M, n) holds
    the points of all M coupled inputs, ``scores`` (m + 1, n) those of the largest coupling, and
    draws of what they are divided by. ``ordered`` is for a block in order of size.
    """

    rows: NDArray[np.float64]
    place: NDArray[np.int64]
    k: NDArray[np.uint64]
    row: NDArray[np.int64]
    s: NDArray[np.float64]
    draws: NDArray[np.float64]
    bins: NDArray[np.uint32]
    lanes: NDArray[np.float64]
    coupled: NDArray[np.uint64]
    scores: NDArray[np.float64]
    ordered: Ordered


def make_workspace(registers: int, block: int, couplings: Couplings) -> Workspace:
    """Return a workspace for so many registers and draws."""
    largest = int(np.diff(couplings.first).max(initial=0))
    return Workspace(
        aligned_zeros((SPARE_ROWS + registers, block + PADDING)),
        np.arange(SPARE_ROWS - 1, SPARE_ROWS + registers)[::-1].copy(),
        aligned_zeros(block, np.uint64),
        aligned_zeros(block, np.int64),
        aligned_zeros(block),
        aligned_zeros(block),
        aligned_zeros(block, np.uint32),
        aligned_zeros((2, LANES)),
        np.zeros((couplings.member.size, block), np.uint64),
        np.zeros((largest + 1, block)),
        make_ordered(block),
    )


@jit
def run_segment(plan, points, workspace, tally, kept, windows, closeup, replicate, start, stop):
    """Run the program on draws ``start`` ... ``stop`` - 1 of a replicate.

    ``points`` are the replicate's Sobol points; ``kept`` its inputs (D, m) and outputs (K, n) to
    fill with the first m and n draws. If there are windows, outputs go to the closeup, else to the
    tally.
    """
    # Blocks and instructions share a function: numba optimises all that is called once more at each
    # level of calls, which takes seconds up here. What every draw needs is handed down as arrays: a
    # call with a tuple of arrays counts a reference to each, which takes longer than many a loop.
    rows, place, n, k = workspace.rows, workspace.place, workspace.k.size, workspace.k
    constants, inputs = plan.constants, plan.inputs
    coefficients, begin, link = plan.coefficients, plan.begin, plan.link
    strata, rough, ordered = plan.strata, plan.rough, workspace.ordered
    stratum, within, order = ordered.stratum, ordered.within, ordered.place
    values, flat = ordered.values, ordered.flat
    columns, shift, words, places = points.columns, points.shift, points.words, points.places
    table_row, s, draws = workspace.row, workspace.s, workspace.draws
    inputs_kept, outputs_kept = kept
    code, joined, scale = plan.instructions
    for first in range(start, stop, n):
        done = 0  # instructions that one before them did as well
        for i in range(code.shape[0]):
            op, target, operand = code[i, 0], code[i, 1], code[i, 2]
            if done > 0:
                done -= 1
            elif op == Op.DRAW:
                one, row = inputs[operand], place[-1]
                is_kept = first < inputs_kept.shape[1]
                if one.slot >= 0 or one.kind > TABLE:
                    at = rows[operand_row(code[i, 3], 0, rows, place, constants, n), :n]
                    draw(plan, points, operand, replicate, first, workspace, at, rows[row, :n])
                elif one.stratum >= 0 and n >= STRATA:
                    sobol = columns, shift, words, places
                    order_block(*sobol, operand, first, stratum, within, order)
                    evaluate_strata(strata, one.stratum, stratum, within, values)
                    if one.rough < one.last_rough:
                        table = coefficients, begin, link
                        draw_rough(
                            one, rough, *table, stratum, within, k, table_row, s, draws, values
                        )
                    if joined[i] > 0 and not is_kept:
                        factor = code[i + 1, 2] if code[i + 1, 3] == target else code[i + 1, 3]
                        multiply_in_order(flat, order, rows, place[factor], scale[i], row)
                        done, target = joined[i], code[i + 1, 1]
                    else:
                        restore_order(flat, order, rows, row)
                else:
                    fill(plan.scheme, one, columns, shift, operand, replicate, first, k)
                    invert(one, coefficients, begin, link, k, n, table_row, s, rows[row, :n])
                    if one.stratum >= 0:  # the same bits as a longer run has
                        own = one.rough, one.last_rough
                        evaluate_strata_singly(strata, one.stratum, rough, *own, k, rows[row, :n])
                if is_kept:
                    keep(rows[row, :n], first, inputs_kept[operand])
                rename(target, place)
            elif op == Op.OUTPUT:
                y = rows[operand_row(operand, 0, rows, place, constants, n), :n]
                if first < outputs_kept.shape[1]:
                    keep(y, first, outputs_kept[target])
                if windows.low.size > 0:
                    look_closer(y, target, windows, closeup, workspace.bins)
                else:
                    accumulate(y, target, tally, workspace.bins, workspace.lanes)
            elif op == Op.COUPLE:
                couple(plan, points, operand, replicate, first, workspace)
            else:
                execute(code, i, rows, place, constants, scale[i], n)
                done = joined[i]


@jit
def keep(row, first, kept):
    """Copy those draws of a row (n,), from index ``first`` on, that are among the first m."""
    for i in range(min(row.size, kept.size - first)):
        kept[first + i] = row[i]


@jit
def draw(plan, points, j, replicate, first, workspace, at, x):
    """Fill x (n,) with the draws of input j, from index ``first`` on; at (n,): places in a grid."""
    one = plan.inputs[j]
    if one.slot >= 0:
        k = workspace.coupled[one.slot]
    else:
        k = workspace.k
        fill(plan.scheme, one, points.columns, points.shift, j, replicate, first, k)
    start, stop = one.start, one.stop
    if one.kind == GRID:
        own = slice(one.node, one.last_node)
        nodes, weights = plan.nodes[own], plan.weights[own]
        invert_grid(k, at, nodes, weights, plan.coefficients[start:stop], one.low, one.high, x)
    elif one.kind == STEPS:
        values, cumulative = plan.values[start:stop], plan.cumulative[start:stop]
        invert_steps(k, values, cumulative, plan.guides[one.guide], x)
    else:
        scratch = workspace.row, workspace.s
        invert(one, plan.coefficients, plan.begin, plan.link, k, k.size, *scratch, x)


@jit
def invert(one, coefficients, begin, link, k, n, row, s, x):
    """Fill x with the values at the first n points k of an input that is uniform or tabulated.

    row, s: scratch.
    """
    if one.kind == TABLE:
        invert_table(k, n, one.start, one.is_split, coefficients, begin, link, row, s, x)
    elif one.exponential:
        invert_uniform(k, n, 0.0, 1.0, 0.0, 1.0, x)
    else:
        invert_uniform(k, n, one.location, one.scale, one.low, one.high, x)
        return
    place(one.location, one.scale, one.exponential, one.low, one.high, n, x)


@jit
def draw_rough(one, rough, coefficients, begin, link, stratum, within, k, row, s, x, values):
    """Put the draws of an input in its rough strata into ``values``; k, row, s, x: scratch."""
    first, last = one.rough, one.last_rough
    gather_rough(rough, first, last, stratum, within, k)
    count = (last - first) * within.size
    invert(one, coefficients, begin, link, k, count, row, s, x)
    scatter_rough(rough, first, last, x, values)


@jit
def couple(plan, points, c, replicate, first, workspace):
    """Fill the rows of ``workspace.coupled`` that belong to the members of coupling c."""
    couplings = plan.couplings
    start, stop = couplings.first[c], couplings.first[c + 1]
    k, kind, parameter = workspace.coupled[start:stop], couplings.kind[c], couplings.parameter[c]
    for row in range(stop - start):
        j = couplings.member[start + row]
        one = plan.inputs[j]
        fill(plan.scheme, one, points.columns, points.shift, j, replicate, first, k[row])
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
def fill(scheme, one, columns, shift, j, replicate, first, k):
    """Fill k (n,) with the points of input j, which is ``one``, from index ``first`` on."""
    if scheme == SOBOL:
        fill_sobol(columns[j], shift[j], first, k)
    elif scheme == LATIN:
        fill_latin(one.key0, one.key1, replicate, first, k)
    else:
        fill_random(one.key0, one.key1, replicate, first, k)

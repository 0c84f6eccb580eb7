"""Code without some outputs computes the others as before, and nothing else."""

import numpy as np
import pytest

from wattif.engine.dataflow import leave_out, read_by, written_by
from wattif.engine.program import Op

DRAW, OUTPUT, MUL, ADD, COUPLE = Op.DRAW, Op.OUTPUT, Op.MUL, Op.ADD, Op.COUPLE
NO_GRID, GRID = [False] * 3, [False, True, False]


def left(rows, outputs, is_grid=NO_GRID):
    code = np.array([(*row, 0, 0, 0)[:5] for row in rows], np.int32)
    after = leave_out(code, outputs, is_grid)
    return [i for i, row in enumerate(code.tolist()) if row in after.tolist()], after


CHAIN = [
    *((DRAW, 0, 0), (DRAW, 1, 1), (MUL, 2, 0, 1), (OUTPUT, 0, 2)),
    *((DRAW, 3, 2), (MUL, 2, 2, 3), (OUTPUT, 1, 2)),
]


def test_what_only_that_output_needs_goes_with_it():
    assert left(CHAIN, {1})[0] == [0, 1, 2, 3]
    assert left(CHAIN, {0})[0] == [0, 1, 2, 4, 5, 6]
    assert left(CHAIN, {0, 1})[1].shape == (0, 5)
    assert left(CHAIN, ())[0] == list(range(7))


def test_a_register_that_is_filled_again_was_not_needed_before():
    code = [(DRAW, 0, 0), (DRAW, 0, 1), (OUTPUT, 0, 0)]
    assert left(code, ())[0] == [1, 2]


def test_an_operation_that_reads_what_it_fills_needs_what_was_there():
    code = [(DRAW, 0, 0), (ADD, 0, 0, -1), (OUTPUT, 0, 0)]
    assert left(code, ())[0] == [0, 1, 2]


def test_a_grid_needs_its_place_and_other_draws_read_nothing():
    code = [(DRAW, 0, 0), (DRAW, 1, 1, 0), (OUTPUT, 0, 1)]
    assert left(code, (), GRID)[0] == [0, 1, 2]
    assert left(code, (), NO_GRID)[0] == [1, 2]


def test_couplings_stay():
    code = [(COUPLE, 0, 0), (DRAW, 0, 0), (OUTPUT, 0, 0)]
    assert left(code, {0})[0] == [0]


@pytest.mark.parametrize(
    ("instruction", "read", "written"),
    [
        ([DRAW, 4, 1, 2, 0], set(), 4),
        ([OUTPUT, 0, 3, 0, 0], {3}, None),
        ([COUPLE, 0, 0, 0, 0], set(), None),
        ([MUL, 2, 5, -1, 7], {5}, 2),
        ([Op.WHERE, 2, 5, 6, 7], {5, 6, 7}, 2),
        ([Op.NEG, 2, 5, 6, 7], {5}, 2),
    ],
)
def test_instructions_read_their_operands_and_fill_their_register(instruction, read, written):
    assert read_by(instruction, NO_GRID) == read
    assert written_by(instruction) == written

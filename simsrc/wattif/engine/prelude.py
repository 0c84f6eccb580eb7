"""Make the first draws of each replicate by the program as it is written.

They are what is kept. Of outputs that others imply these are the only draws: they must not
contradict what is computed.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import Tally, accumulate, make_tally
from wattif.engine.histogram import Binning
from wattif.engine.job import BLOCK, Job, Kept
from wattif.engine.schedule import Shelf, Task
from wattif.engine.segment import Workspace

Floats = NDArray[np.float64]


class Prelude:
    """Fills ``kept``, and counts what is ``implied`` among the first outputs of a program."""

    def __init__(self, job: Job, kept: Kept, implied: Collection[int]) -> None:
        self._job, self._kept, self._implied = job, kept, sorted(implied)
        self._draws = min(max(BLOCK, kept[1].shape[2]), job.draws)
        self._memory: Shelf[tuple[Workspace, Floats]] = Shelf(
            lambda: (job.workspace(), np.zeros((job.outputs, self._draws)))
        )

    def play(self, replicate: int, tally: Tally) -> None:
        """Make the first draws of a replicate, and add those of what is implied to a tally."""
        inputs, outputs = (room[replicate] for room in self._kept)
        with self._memory.borrow() as (workspace, y):
            draw_only(self._job, replicate, workspace, (inputs, y))
            outputs[:] = y[:, : outputs.shape[1]]
            size = workspace.bins.size
            for number in self._implied:
                for first in range(0, self._draws, size):
                    block = y[number, first : first + size]
                    accumulate(block, number, tally, workspace.bins, workspace.lanes)


def draw_only(job: Job, replicate: int, workspace: Workspace, kept: Kept) -> None:
    """Fill ``kept`` with the first draws of a replicate, and reduce them to nothing."""
    anywhere = Binning(np.zeros(job.outputs), np.ones(job.outputs), 1, octaves=0)
    tally = make_tally(anywhere, np.zeros((job.outputs, anywhere.bins), np.uint32))
    job.run(Task(replicate, 0, 0, kept[1].shape[1]), workspace, tally, kept)

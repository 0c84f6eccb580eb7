"""Run parts of a program's draws: what every task of a run has in common.

A replicate is cut into segments whose length depends on the program, not on the number of threads,
and each segment is a task.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import Tally
from wattif.engine.closeup import NO_CLOSEUP, NO_WINDOWS, Closeup, Windows
from wattif.engine.dataflow import numbers_of, without
from wattif.engine.plan import SCHEMES, SOBOL, Plan, Sampling, make_plan
from wattif.engine.program import Program
from wattif.engine.schedule import Schedule, Task
from wattif.engine.segment import Workspace, make_workspace, run_segment
from wattif.engine.sobol import MAX_DIMENSIONS, directions, scramble
from wattif.engine.strata import arrange

Floats = NDArray[np.float64]
Bits = NDArray[np.uint64]
Progress = Callable[[int, int], None]
Kept = tuple[Floats, Floats]

BLOCK = 4096  # draws: a few rows of them fit into the L2 cache
SEGMENT = 1 << 19  # draws: some 10 ms for a dozen inputs; with half as many, 0.15 ns a draw more
INSTRUCTIONS = 32  # of a program that takes so long
MOST_SEGMENTS = 8  # that a task of a shorter program does

find_directions = lru_cache(maxsize=4)(directions)  # 1.4 ms, most of it to unpack a file


@dataclass(frozen=True, eq=False)
class Job:
    """A program and all that its draws depend on, with D inputs and K outputs.

    The ``plan`` may leave out some of them.
    """

    program: Program
    plan: Plan
    seed: int
    block: int
    draws: int  # of each replicate
    replicates: int
    threads: int
    schedule: Schedule
    progress: Progress | None
    directions: Bits = field(init=False)

    def __post_init__(self) -> None:
        sobol = self.plan.scheme == SOBOL
        object.__setattr__(
            self, "directions", find_directions(len(self.plan.inputs) if sobol else 0)
        )

    @property
    def outputs(self) -> int:
        """Number of outputs of the program, K."""
        return len(self.program.outputs)

    @property
    def segments(self) -> int:
        """Number of segments of a replicate.

        They are longer for short programs: what a task takes besides its draws, a third of a
        millisecond, is done with the interpreter locked.
        """
        times = INSTRUCTIONS // max(len(self.plan.instructions.code), 1)
        longer = 1 << min(max(times, 1), MOST_SEGMENTS).bit_length() - 1
        return max(self.draws // (SEGMENT * longer), 1)

    def tasks(self) -> Iterator[Task]:
        """Return all tasks, replicate by replicate."""
        length = self.draws // self.segments
        for replicate in range(self.replicates):
            for segment in range(self.segments):
                yield Task(replicate, segment, segment * length, length)

    def no_room(self) -> Kept:
        """Return room for no draw of a replicate."""
        return np.empty((len(self.plan.inputs), 0)), np.empty((self.outputs, 0))

    def workspace(self) -> Workspace:
        """Return memory for one thread to work in."""
        return make_workspace(self.program.registers, self.block, self.plan.couplings)

    def run(
        self,
        task: Task,
        workspace: Workspace,
        tally: Tally,
        kept: Kept,
        windows: Windows = NO_WINDOWS,
        closeup: Closeup = NO_CLOSEUP,
    ) -> None:
        """Run one task: into the tally, or where there are windows into the closeup."""
        columns, shift = scramble(self.directions, self.seed, task.replicate)
        points = arrange(columns, shift, workspace.k.size)
        # Without the compiler, numpy would warn of what a study is free to do: 1 / 0, log(-1).
        with np.errstate(all="ignore"):
            run_segment(
                *(self.plan, points, workspace, tally, kept, windows, closeup),
                *(task.replicate, task.first, task.first + task.draws),
            )


@dataclass(frozen=True, eq=False)
class Settings:
    """How a program is run, whichever it is: see :func:`~wattif.engine.sample.sample`."""

    seed: int
    sampling: Sampling
    draws: int  # of each replicate
    replicates: int
    threads: int
    schedule: Schedule
    progress: Progress | None

    def job(self, program: Program, left_out: Collection[int] = ()) -> Job:
        """Return the job to run a program without some of its outputs, and what is a number."""
        return Job(
            program=program,
            plan=self._plan(without(program, {*left_out, *numbers_of(program)})),
            seed=self.seed,
            block=min(BLOCK, self.draws),
            draws=self.draws,
            replicates=self.replicates,
            threads=self.threads,
            schedule=self.schedule,
            progress=self.progress,
        )

    def _plan(self, program: Program) -> Plan:
        """Return the plan; load machine code while its tables are made: 20 ms of a first run."""
        with ThreadPoolExecutor(1) as pool:
            plan = pool.submit(make_plan, program, self.seed, self.sampling)
            if SCHEMES[self.sampling] == SOBOL:
                find_directions(min(len(program.inputs), MAX_DIMENSIONS))  # more are refused
            return plan.result()

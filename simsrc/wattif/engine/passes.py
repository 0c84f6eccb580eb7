"""Make all draws once, on all threads: first to reduce them, then perhaps to look closer.

A replicate is cut into segments of fixed length, whatever the number of threads, and each segment
is a task. Moments are merged block by block in a segment, and segment by segment in a replicate;
all else is counts and extrema, which may be merged in any order. So no bit depends on threads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import NO_TALLY, Tally, empty_moments, make_tally, merge_moments
from wattif.engine.closeup import (
    NO_CLOSEUP,
    NO_WINDOWS,
    Closeup,
    Windows,
    add_closeup,
    blank_closeup,
    clear_closeup,
)
from wattif.engine.histogram import Binning
from wattif.engine.plan import SOBOL, Plan
from wattif.engine.schedule import Schedule, Shelf, Task, run_tasks
from wattif.engine.segment import Workspace, make_workspace, run_segment
from wattif.engine.sobol import directions, scramble
from wattif.engine.strata import arrange
from wattif.engine.used_bins import blank_counts, make_bins, pour

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
PartCounts = NDArray[np.uint32]
Bits = NDArray[np.uint64]
Progress = Callable[[int, int], None]
Kept = tuple[Floats, Floats]

SEGMENT = 1 << 19  # draws: some 10 ms for a dozen inputs; with half as many, 0.15 ns a draw more
MOST_COUNTED = 2**32 - 1  # draws, that none of their counts overflows

find_directions = lru_cache(maxsize=4)(directions)  # 1.4 ms, most of it to unpack a file


@dataclass(frozen=True, eq=False)
class Job:
    """A program and all that its draws depend on, with D inputs and K outputs."""

    plan: Plan
    seed: int
    registers: int
    outputs: int
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
    def segments(self) -> int:
        """Number of segments of a replicate."""
        return max(self.draws // SEGMENT, 1)

    def tasks(self) -> Iterator[Task]:
        """Return all tasks, replicate by replicate."""
        length = self.draws // self.segments
        for replicate in range(self.replicates):
            for segment in range(self.segments):
                yield Task(replicate, segment, segment * length, length)

    def workspace(self) -> Workspace:
        """Return memory for one thread to work in."""
        return make_workspace(self.registers, self.block, self.plan.couplings)

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


@dataclass(eq=False)
class Part:
    """Some of the draws of a replicate: ``counts`` (K, bins), and the moments that bound them."""

    counts: PartCounts
    moments: Floats
    draws: int = 0


class FirstPass:
    """The pass that reduces all draws.

    ``moments`` (R, K, MOMENTS) are kept by replicate, ``counts`` only of all, and of the outputs
    that are ``reported``. As soon as a replicate is complete, ``enter_parts(replicate, parts,
    moments)`` is called with the counts of its parts, each uint32 (K, bins), and then
    ``enter(replicate, counts, moments)`` with their sums, of what is reported. That is done on the
    thread whose cache holds the counts: half a millisecond less for each replicate.
    """

    def __init__(
        self,
        job: Job,
        binning: Binning,
        reported: int,
        kept: Kept,
        enter: Callable[[int, Counts, Floats], None],
        enter_parts: Callable[[int, Sequence[PartCounts], Floats], None],
    ) -> None:
        self._reported = reported
        self.counts = blank_counts(reported, binning.bins, np.int64)
        self.moments = np.stack([empty_moments(job.outputs)] * job.replicates)
        self._job, self._binning, self._kept = job, binning, kept
        self._enter, self._enter_parts = enter, enter_parts
        self._blank = partial(blank_counts, job.outputs, binning.bins, np.uint32)
        self._empty: list[PartCounts] = []
        self._of_replicate = Shelf(partial(blank_counts, reported, binning.bins, np.int64))
        self._workspaces = Shelf(job.workspace)
        self._lock = Lock()
        self._bins = make_bins(binning)
        self._idle: dict[int, list[Part]] = defaultdict(list)
        self._waiting: dict[int, dict[int, Floats]] = defaultdict(dict)
        self._merged = [0] * job.replicates

    def work(self, task: Task) -> None:
        """Reduce the draws of a task, and finish its replicate if it is the last."""
        replicate, part = task.replicate, self._take(task)
        tally = make_tally(self._binning, part.counts)
        with self._workspaces.borrow() as workspace:
            inputs, outputs = self._kept
            self._job.run(task, workspace, tally, (inputs[replicate], outputs[replicate]))
        merge_moments(tally.moments, part.moments)
        part.draws += task.draws
        with self._lock:
            self._idle[replicate].append(part)
            parts = self._idle.pop(replicate) if self._is_last(task, tally.moments) else []
        if parts:
            self._conclude(replicate, parts)

    def _take(self, task: Task) -> Part:
        """Return the part of a replicate that was last added to; another one if that is full."""
        with self._lock:
            idle = self._idle[task.replicate]
            if idle and idle[-1].draws + task.draws <= MOST_COUNTED:
                return idle.pop()
            counts = self._empty.pop() if self._empty else self._blank()
        return Part(counts, empty_moments(self._job.outputs))

    def _is_last(self, task: Task, moments: Floats) -> bool:
        """Merge moments as soon as those of all earlier segments are in; say if all are."""
        replicate = task.replicate
        waiting = self._waiting[replicate]
        waiting[task.segment] = moments
        while self._merged[replicate] in waiting:
            merge_moments(waiting.pop(self._merged[replicate]), self.moments[replicate])
            self._merged[replicate] += 1
        return self._merged[replicate] == self._job.segments

    def _conclude(self, replicate: int, parts: list[Part]) -> None:
        """Finish a replicate of which these are all parts."""
        moments, reported = self.moments[replicate], self.moments[replicate, : self._reported]
        self._enter_parts(replicate, [part.counts for part in parts], moments)
        with self._of_replicate.borrow() as counts:
            for part in parts:
                pour(part.counts, part.moments, self._bins, counts)
            self._enter(replicate, counts, reported)
            with self._lock:
                pour(counts, reported, self._bins, self.counts)
                self._empty += [part.counts for part in parts]


class CloserPass:
    """A pass that looks at windows; ``whole`` is what was seen in all replicates.

    ``finish(replicate, closeup)`` is called with what was seen in each, which is then dropped.
    """

    def __init__(
        self, job: Job, windows: Windows, sub_bins: int, finish: Callable[[int, Closeup], None]
    ) -> None:
        self._blank = partial(blank_closeup, windows, sub_bins)
        self.whole = self._blank()
        self._job, self._windows, self._finish = job, windows, finish
        self._memory = Shelf(lambda: (job.workspace(), self._blank()))
        self._lock = Lock()
        self._open: dict[int, Closeup] = defaultdict(self._blank)
        self._missing = [job.segments] * job.replicates

    def work(self, task: Task) -> None:
        """Look at the draws of a task, and finish its replicate if it is the last."""
        job, replicate = self._job, task.replicate
        kept = np.empty((len(job.plan.inputs), 0)), np.empty((job.outputs, 0))
        with self._memory.borrow() as (workspace, closeup):
            job.run(task, workspace, NO_TALLY, kept, self._windows, closeup)
            with self._lock:
                add_closeup(closeup, self._open[replicate])
                self._missing[replicate] -= 1
                seen = None if self._missing[replicate] else self._open.pop(replicate)
            clear_closeup(closeup)
        if seen is not None:
            self._finish(replicate, seen)
            with self._lock:
                add_closeup(seen, self.whole)


def run_pass(job: Job, one: FirstPass | CloserPass, earlier: int) -> None:
    """Run a pass to its end, and say how far it is; ``earlier`` passes were run before."""
    all_draws = job.draws * job.replicates
    done = earlier * all_draws

    def collect(task: Task, nothing: None) -> None:
        nonlocal done
        done += task.draws
        if job.progress is not None:
            job.progress(done, (earlier + 1) * all_draws)

    run_tasks(job.tasks(), one.work, collect, job.threads, job.schedule)

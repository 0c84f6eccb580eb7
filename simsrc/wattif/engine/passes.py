"""Make all draws once, on all threads: first to reduce them, then perhaps to look closer.

Moments are merged block by block in a segment, and segment by segment in a replicate;
all else is counts and extrema, which may be merged in any order. So no bit depends on threads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import NO_TALLY, empty_moments, make_tally, merge_moments
from wattif.engine.closeup import Closeup, Windows, add_closeup, blank_closeup, clear_closeup
from wattif.engine.histogram import Binning
from wattif.engine.job import Job, Kept
from wattif.engine.prelude import Prelude
from wattif.engine.schedule import Shelf, Task, run_tasks
from wattif.engine.used_bins import blank_counts, make_bins, pour

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
PartCounts = NDArray[np.uint32]

MOST_COUNTED = 2**32 - 1  # draws, that none of their counts overflows


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
    thread whose cache holds the counts: half a millisecond less for each replicate. The draws in
    ``kept`` are its own unless there is a prelude, which makes them.
    """

    def __init__(
        self,
        job: Job,
        binning: Binning,
        reported: int,
        kept: Kept,
        enter: Callable[[int, Counts, Floats], None],
        enter_parts: Callable[[int, Sequence[PartCounts], Floats], None],
        prelude: Prelude | None = None,
    ) -> None:
        self._reported = reported
        self.counts = blank_counts(reported, binning.bins, np.int64)
        self.moments = np.stack([empty_moments(job.outputs)] * job.replicates)
        self._job, self._binning, self._kept, self._prelude = job, binning, kept, prelude
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
        kept = self._kept[0][replicate], self._kept[1][replicate]
        if self._prelude is not None:
            kept = self._job.no_room()
            if task.first == 0:
                self._prelude.play(replicate, tally)
        with self._workspaces.borrow() as workspace:
            self._job.run(task, workspace, tally, kept)
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
        with self._memory.borrow() as (workspace, closeup):
            job.run(task, workspace, NO_TALLY, job.no_room(), self._windows, closeup)
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

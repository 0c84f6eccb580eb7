"""Sample a program: draw, compute and reduce, and look again where a quantile needs it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import make_tally
from wattif.engine.histogram import Binning, fit_binning
from wattif.engine.implied import find_implied
from wattif.engine.look import Question, Seen, look
from wattif.engine.passes import CloserPass, Job, Kept, Progress, find_directions, run_pass
from wattif.engine.plan import SCHEMES, SOBOL, Plan, Sampling, make_plan
from wattif.engine.program import Program
from wattif.engine.refine import find_atoms, open_windows
from wattif.engine.schedule import Schedule, Task, available_threads
from wattif.engine.segment import make_workspace
from wattif.engine.sobol import MAX_DIMENSIONS
from wattif.engine.statistics import Statistics

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

BLOCK = 4096  # draws: a few rows of them fit into the L2 cache
PILOT = 4096  # draws that decide the bins: always the same, so that a longer run has the same bins
MOST_PASSES = 6


def sample(
    program: Program,
    *,
    draws_per_replicate: int,
    replicates: int,
    seed: int,
    sampling: Sampling,
    interval: float,
    probabilities: tuple[float, ...],
    kept: int,
    threads: int | None = None,
    progress: Progress | None = None,
    schedule: Schedule | None = None,
) -> Statistics:
    """Return the statistics of a program's outputs.

    Parameters
    ----------
    program
        What to draw, compute and report: D inputs, K outputs.
    draws_per_replicate
        A power of two.
    replicates
        Independent randomisations, R: 2 or more, for their spread is the error of what is found.
    seed
        From 0 to 2**64 - 1.
    sampling
        How points are laid out.
    interval
        Mass of the shortest intervals, in (0, 1).
    probabilities
        Where quantiles are wanted, in [0, 1].
    kept
        Draws of each replicate to keep, its first ones: a power of two, or 0.
    threads
        None for as many as there are processors. They change no bit of the result.
    progress
        Called on this thread, every now and then, with the draws made and to be made. Another pass
        to refine quantiles adds to both.
    schedule
        In which order tasks start; None for one after the other.
    """
    _check_powers(draws_per_replicate, kept)
    job = Job(
        plan=_plan(program, seed, sampling),
        seed=seed,
        registers=program.registers,
        outputs=len(program.outputs),
        block=min(BLOCK, draws_per_replicate),
        draws=draws_per_replicate,
        replicates=replicates,
        threads=threads or available_threads(),
        schedule=schedule or Schedule(),
        progress=progress,
    )
    return _measure(program, job, interval, np.array(probabilities, np.float64), kept)


def _plan(program: Program, seed: int, sampling: Sampling) -> Plan:
    """Return the plan, and load machine code while its tables are made: 20 ms of a first run."""
    with ThreadPoolExecutor(1) as pool:
        plan = pool.submit(make_plan, program, seed, sampling)
        if SCHEMES[sampling] == SOBOL:
            find_directions(min(len(program.inputs), MAX_DIMENSIONS))  # more are refused
        return plan.result()


def _measure(
    program: Program, job: Job, interval: float, probabilities: Floats, kept: int
) -> Statistics:
    """Make all draws, as often as it takes, and return what they say."""
    pilot = _run_pilot(job)
    atoms = [find_atoms(row) for row in pilot]
    binning, room = fit_binning(pilot), _room_for(job, kept)
    question = Question(program, binning, atoms, interval, probabilities)
    is_inside = probabilities.size > 0 and np.all((probabilities > 0.0) & (probabilities < 1.0))
    runs = program, pilot, atoms, binning, job.replicates, job.draws
    seen = look(question, job, room, find_implied(*runs) if is_inside else {})
    passes = _refine(seen)
    findings, reported = seen.findings, question.reported
    return Statistics(
        draws=job.draws,
        replicates=job.replicates,
        block=job.block,
        interval=interval,
        probabilities=probabilities,
        pooled=findings.summary(job.replicates),
        by_replicate=findings.summary(slice(job.replicates)),
        histogram=seen.counts,
        binning=question.binning.of_first(reported),
        kept_inputs=room[0],
        kept_outputs=room[1][:, :reported],
        passes=passes,
        integrated=seen.integrated,
        factors=_used_factors(program, seen.integrated),
        bias=findings.left,
        implied=seen.implied,
    )


def _used_factors(program: Program, integrated: NDArray[np.bool_]) -> Counts:
    """Return the input that was integrated out of each output (K,), or -1."""
    used = np.full(len(integrated), -1, np.int64)
    for factor in program.factors:
        if integrated[factor.output].any():
            used[factor.output] = factor.input
    return used


def _check_powers(draws: int, kept: int) -> None:
    if draws < 1 or draws & (draws - 1):
        raise ValueError(f"draws_per_replicate: {draws:,} is not a power of two")
    if kept & (kept - 1) or not 0 <= kept <= draws:
        raise ValueError(f"kept: {kept:,} is not 0 or a power of two up to {draws:,}")


def _room_for(job: Job, kept: int) -> Kept:
    inputs = np.zeros((job.replicates, len(job.plan.inputs), kept))
    return inputs, np.zeros((job.replicates, job.outputs, kept))


def _run_pilot(job: Job) -> Floats:
    """Return the outputs (K, PILOT) of the first draws of the first replicate, in order of size."""
    kept = np.zeros((len(job.plan.inputs), 0)), np.zeros((job.outputs, PILOT))
    anywhere = Binning(np.zeros(job.outputs), np.ones(job.outputs), 1, octaves=0)
    tally = make_tally(anywhere, np.zeros((job.outputs, anywhere.bins), np.uint32))
    workspace = make_workspace(job.registers, BLOCK, job.plan.couplings)
    job.run(Task(0, 0, 0, PILOT), workspace, tally, kept)
    return np.sort(kept[1], axis=1)


def _refine(seen: Seen) -> int:
    """Run passes until no quantile needs another; return how many there were after the first."""
    job, findings = seen.job, seen.findings
    for passes in range(seen.passes - 1, MOST_PASSES):
        wanted = findings.unsettled()
        if not wanted.any():
            return passes
        windows, sub_bins, which = open_windows(wanted, *findings.places())
        first = np.pad(windows.first, (0, job.outputs - len(wanted)), "edge")  # none on the rests
        windows = windows._replace(first=first)
        closer = CloserPass(job, windows, sub_bins, partial(findings.look, windows, which))
        run_pass(job, closer, passes + 1)
        findings.look_at_whole(windows, which, closer.whole)
    return MOST_PASSES

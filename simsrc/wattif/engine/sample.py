"""Sample a program: draw, compute and reduce, and look again where a quantile needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wattif.engine.dataflow import numbers_of
from wattif.engine.job import BLOCK, Job, Kept, Progress, Settings
from wattif.engine.look import Question, Seen, look
from wattif.engine.passes import CloserPass, run_pass
from wattif.engine.plan import Sampling
from wattif.engine.prelude import draw_only
from wattif.engine.product import resolve
from wattif.engine.program import Program
from wattif.engine.refine import open_windows
from wattif.engine.schedule import Schedule, available_threads
from wattif.engine.segment import make_workspace
from wattif.engine.statistics import Statistics

Floats = NDArray[np.float64]

PILOT = 4096  # draws that decide the bins: always the same, so that a longer run has the same bins
MOST_PASSES = 6
MOST_TRIES = 2  # with outputs that are implied: after them, all are drawn


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
        Where quantiles are wanted, in [0, 1], in increasing order.
    kept
        Draws of each replicate to keep, its first ones: a power of two, or 0.
    threads
        None for as many as there are processors. They change no bit of the result.
    progress
        Called on this thread, every now and then, with the draws made and to be made. Another pass
        to refine quantiles adds to both.
    schedule
        In which order tasks start; None for one after the other.

    Raises
    ------
    ValueError
        If a parameter is not as it is described here.
    RunError
        If there are too many inputs for Sobol points, or the quantile function of one is too rough
        for a table.
    """
    _check(draws_per_replicate, kept, replicates, interval, probabilities)
    settings = Settings(
        seed=seed,
        sampling=sampling,
        draws=draws_per_replicate,
        replicates=replicates,
        threads=threads or available_threads(),
        schedule=schedule or Schedule(),
        progress=progress,
    )
    plain = settings.job(program)
    room = _room_for(plain, kept)
    questions = _ask(settings, plain, interval, np.array(probabilities, np.float64))
    question, seen, passes = _answer(questions, settings, plain, room)
    refined = _refine(seen, passes)
    findings, reported = seen.findings, question.reported
    return Statistics(
        draws=settings.draws,
        replicates=replicates,
        block=plain.block,
        interval=interval,
        probabilities=question.probabilities,
        pooled=findings.summary(replicates),
        by_replicate=findings.summary(slice(replicates)),
        histogram=seen.counts,
        binning=question.binning.of_first(reported),
        kept_inputs=room[0],
        kept_outputs=room[1][:, :reported],
        passes=refined,
        integrated=seen.integrated,
        factors=_used_factors(question.program, seen.integrated),
        bias=findings.left,
        implied=seen.implied,
    )


def _ask(
    settings: Settings, plain: Job, interval: float, probabilities: Floats
) -> Iterator[Question]:
    """Ask of the program that merges, if there is one, and then of the one as it is written.

    Both have the same bins, those of the outputs of the latter.
    """
    pilot, asked = _run_pilot(plain), (interval, probabilities)
    merged = resolve(plain.program.merged) if plain.program.merged else None
    if merged is not None:
        rests = {factor.rest for factor in merged.factors}
        left_out = {factor.output for factor in merged.factors} - rests
        reported = len(merged.outputs) - merged.hidden
        hidden = _run_pilot(settings.job(merged, left_out))[reported:]
        yield Question(merged, np.vstack([pilot[:reported], hidden]), *asked)
    yield Question(plain.program, pilot, *asked)


def _answer(
    questions: Iterable[Question], settings: Settings, plain: Job, kept: Kept
) -> tuple[Question, Seen, int]:
    """Return the first question that can be answered, with the answer, and the passes it took.

    A program that merges is given up if draws of the one as it is written contradict it.
    """
    passes = 0
    for question in questions:
        is_merged = question.program is not plain.program
        implied = question.find_implied(settings)
        while True:
            seen = look(question, settings, plain, kept, implied, passes)
            passes += 1
            if is_merged and seen.contradicted:
                break
            if not seen.failed:
                return question, seen, passes
            left = {k: v for k, v in implied.items() if k not in seen.failed}
            implied = left if passes < MOST_TRIES else {}
    raise AssertionError("the program as it is written has an answer")


def _used_factors(program: Program, integrated: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the key of the input that was integrated out of each output, or ""."""
    used = {
        factor.output: program.inputs[factor.input].key
        for factor in program.factors
        if integrated[factor.output].any()
    }
    return tuple(used.get(output, "") for output in range(len(integrated)))


def _check(
    draws: int, kept: int, replicates: int, interval: float, probabilities: tuple[float, ...]
) -> None:
    if draws < 1 or draws & (draws - 1):
        raise ValueError(f"draws_per_replicate: {draws:,} is not a power of two")
    if kept & (kept - 1) or not 0 <= kept <= draws:
        raise ValueError(f"kept: {kept:,} is not 0 or a power of two up to {draws:,}")
    if replicates < 2:
        raise ValueError(f"replicates: {replicates} tell no error; there have to be 2 or more")
    if not 0.0 < interval < 1.0:
        raise ValueError(f"interval: {interval} is not between 0 and 1")
    ends = (0.0, *probabilities, 1.0)
    if not all(low <= high for low, high in pairwise(ends)):  # nor is NaN in order
        raise ValueError("probabilities: they do not increase, from 0 to 1")


def _room_for(plain: Job, kept: int) -> Kept:
    inputs = np.zeros((plain.replicates, len(plain.program.inputs), kept))
    return inputs, np.zeros((plain.replicates, plain.outputs, kept))


def _run_pilot(job: Job) -> Floats:
    """Return the outputs (K, PILOT) of the first draws of the first replicate, in order of size."""
    kept = np.zeros((len(job.plan.inputs), 0)), np.zeros((job.outputs, PILOT))
    workspace = make_workspace(job.program.registers, BLOCK, job.plan.couplings)
    draw_only(job, 0, workspace, kept)
    for output, number in numbers_of(job.program).items():
        kept[1][output] = number
    return np.sort(kept[1], axis=1)


def _refine(seen: Seen, earlier: int) -> int:
    """Run passes until no quantile needs another; return how many there were after the first."""
    job, findings = seen.job, seen.findings
    for passes in range(earlier - 1, MOST_PASSES):
        wanted = findings.unsettled()
        if not wanted.any():
            return passes
        windows, sub_bins, which = open_windows(wanted, *findings.places())
        first = np.pad(windows.first, (0, job.outputs - len(wanted)), "edge")  # none on the rests
        windows = windows._replace(first=first)
        closer = CloserPass(job, windows, sub_bins, partial(findings.look, windows, which))
        run_pass(job, closer, passes + 1)
        findings.look_at_whole(windows, which, closer.whole)
    findings.give_up()
    return MOST_PASSES

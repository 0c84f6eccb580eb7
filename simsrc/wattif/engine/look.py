"""Make all draws once and find what they say, but for quantiles that need a closer look."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wattif.engine.findings import Findings
from wattif.engine.histogram import Binning
from wattif.engine.implied import fill_counts, find_ends, find_shortest
from wattif.engine.integrate import integrate
from wattif.engine.law import tabulate
from wattif.engine.passes import FirstPass, Job, Kept, run_pass
from wattif.engine.plan import leave_out_of
from wattif.engine.preload import preload
from wattif.engine.program import Factor, Program
from wattif.engine.rests import Rests

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of a program, and what its pilot has shown: ``atoms`` of all outputs."""

    program: Program
    binning: Binning
    atoms: list[Floats]
    interval: float
    probabilities: Floats

    @property
    def reported(self) -> int:
        """Number of outputs that are not hidden, K."""
        return len(self.program.outputs) - self.program.hidden

    def blank_findings(self, job: Job, implied: Collection[int]) -> Findings:
        """Return findings in which there is nothing."""
        binning, asked = self.binning.of_first(self.reported), (self.interval, self.probabilities)
        return Findings(binning, job.replicates, job.draws, *asked, implied)

    def blank_rests(self, job: Job) -> Rests:
        """Return rests in which there is nothing."""
        rows = {factor.rest for factor in self.program.factors}
        return Rests(self.binning, rows, job.replicates, job.draws)


@dataclass(frozen=True, eq=False)
class Seen:
    """What was found of K outputs, in how many passes; ``job`` is how others have to be made."""

    job: Job
    findings: Findings
    counts: Counts  # (K, bins)
    integrated: NDArray[np.bool_]  # (K, Q)
    implied: NDArray[np.bool_]  # (K,)
    passes: int


def look(
    question: Question, job: Job, kept: Kept, implied: Mapping[int, Factor], passes: int = 1
) -> Seen:
    """Make all draws, but those of outputs that are ``implied``, and return what is found.

    Once more, with these, if what is left of one of them is not what the pilot looked like.
    """
    reported = question.reported
    findings, rests = question.blank_findings(job, implied), question.blank_rests(job)

    short = replace(job, plan=leave_out_of(job.plan, implied)) if implied else job
    first = FirstPass(short, question.binning, reported, kept, findings.enter, rests.enter)
    preload()
    run_pass(short, first, passes - 1)
    findings.enter_whole(first.counts, question.atoms[:reported])
    integrated = integrate(question.program, findings, rests, question.atoms, implied, job.threads)
    for factor in implied.values():
        if not (
            integrated[factor.output].all() and imply(question, findings, rests, factor, first)
        ):
            return look(question, job, kept, {}, passes + 1)
    is_implied = np.isin(np.arange(reported), list(implied))
    return Seen(short, findings, first.counts, integrated, is_implied, passes)


def imply(
    question: Question, findings: Findings, rests: Rests, factor: Factor, first: FirstPass
) -> bool:
    """Put in all that is implied of an output but its moments, and say whether it could be told."""
    law = tabulate(question.program.inputs[factor.input].shape)
    assert law is not None  # else nothing would have been integrated
    given = law, rests.read(factor.rest)[1], factor
    draws, output, counts = findings.draws, factor.output, first.counts[factor.output]
    with np.errstate(all="ignore"):  # infinite quantiles
        findings.widen(output, find_ends(*given, draws))
        ends = findings.extremes(output)
        total = draws * (len(ends) - 1)
        if not (
            np.isfinite(ends).all()
            and fill_counts(*given, total, question.binning, ends[-1], counts)
        ):
            return False
        find = partial(findings.find_in_bins, output, counts)
        shortest = find_shortest(*given, question.interval, find, ends)
    findings.replace_shortest(output, shortest)
    return bool(np.isfinite(shortest).all())

"""Make all draws once and find what they say, but for quantiles that need a closer look."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from wattif.engine.dataflow import numbers_of
from wattif.engine.findings import Findings
from wattif.engine.histogram import Binning, fit_binning
from wattif.engine.implied import fill_counts, find_ends, find_implied, find_shortest
from wattif.engine.integrate import below, integrate, look_around, quantiles_of
from wattif.engine.job import Job, Kept, Settings
from wattif.engine.law import tabulate
from wattif.engine.passes import FirstPass, run_pass
from wattif.engine.preload import preload
from wattif.engine.prelude import Prelude
from wattif.engine.program import Factor, Program
from wattif.engine.refine import find_atoms
from wattif.engine.rests import Rests

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of a program, and what its ``pilot`` has shown: draws (K, n) in order of size.

    There are hidden outputs among the K. ``atoms`` are what the pilot met of each more than once.
    """

    program: Program
    pilot: Floats
    interval: float
    probabilities: Floats

    @cached_property
    def binning(self) -> Binning:
        """The bins that suit the pilot."""
        return fit_binning(self.pilot)

    @cached_property
    def atoms(self) -> list[Floats]:
        """Values of outputs that have a probability of their own."""
        return [find_atoms(row) for row in self.pilot]

    @property
    def reported(self) -> int:
        """Number of outputs that are not hidden."""
        return len(self.program.outputs) - self.program.hidden

    def find_implied(self, settings: Settings) -> dict[int, Factor]:
        """Return the outputs that need not be drawn, see :func:`~wattif.engine.implied`."""
        p = self.probabilities
        if p.size == 0 or not np.all((p > 0.0) & (p < 1.0)):  # the ends are asked for
            return {}
        runs = settings.replicates, settings.draws
        return find_implied(self.program, self.pilot, self.atoms, self.binning, *runs)

    def blank_findings(self, settings: Settings, implied: Collection[int]) -> Findings:
        """Return findings in which there is nothing."""
        binning, asked = self.binning.of_first(self.reported), (self.interval, self.probabilities)
        return Findings(binning, settings.replicates, settings.draws, *asked, implied)

    def blank_rests(self, settings: Settings) -> Rests:
        """Return rests in which there is nothing but numbers."""
        rows = {factor.rest for factor in self.program.factors}
        runs = settings.replicates, settings.draws
        return Rests(self.binning, rows, *runs, numbers_of(self.program))


@dataclass(frozen=True, eq=False)
class Seen:
    """What was found of K outputs; ``job`` is how other passes have to be made.

    Nothing, where some outputs ``failed``: not all could be told of them without their draws, or
    those that were made ``contradicted`` it.
    """

    job: Job
    findings: Findings
    counts: Counts  # (K, bins)
    integrated: NDArray[np.bool_]  # (K, Q)
    implied: NDArray[np.bool_]  # (K,)
    failed: frozenset[int]
    contradicted: frozenset[int]


def look(
    question: Question,
    settings: Settings,
    plain: Job,
    kept: Kept,
    implied: Mapping[int, Factor],
    passes: int,
) -> Seen:
    """Make all draws, but those of outputs that are ``implied``, and return what is found.

    The first draws, which are kept, are made by the ``plain`` job. There were ``passes`` before.
    """
    program, reported = question.program, question.reported
    findings, rests = question.blank_findings(settings, implied), question.blank_rests(settings)
    job, prelude = plain, None
    if program is not plain.program or implied:
        job = settings.job(program, implied)
        prelude = Prelude(plain, kept, implied)
    entries = findings.enter, rests.enter
    first = FirstPass(job, question.binning, reported, kept, *entries, prelude)
    preload()
    run_pass(job, first, passes)
    findings.enter_whole(first.counts, question.atoms[:reported])
    integrated, contradicted = integrate(
        program, findings, rests, question.atoms, implied, settings.threads
    )
    failed = frozenset(
        output
        for output, factor in implied.items()
        if not (integrated[output].all() and imply(question, findings, rests, factor, first))
    )
    is_implied = np.isin(np.arange(reported), list(implied))
    return Seen(job, findings, first.counts, integrated, is_implied, failed, contradicted)


def imply(
    question: Question, findings: Findings, rests: Rests, factor: Factor, first: FirstPass
) -> bool:
    """Put in all that is implied of an output but its moments, and say whether it could be told."""
    shape = question.program.inputs[factor.input].shape
    law = tabulate(shape)
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
        number = rests.constant(factor.rest)

        def solve(p: Floats) -> Floats:
            if number is not None:
                return np.tile(quantiles_of(shape, factor, number, p), (len(ends), 1))
            known = np.tile(find(p).value[0], (len(ends), 1))
            return look_around(*given, known).quantiles(p)

        start = below(*given, find(np.empty(0)).shortest[0, :1])[-1, 0]
        shortest = find_shortest(question.interval, start, solve, ends)
    findings.replace_shortest(output, shortest)
    return bool(np.isfinite(shortest).all())

"""A contest: everyone runs the workload once to warm up and be checked, then in timed rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np

from wattif.api import load
from wattif.bench.agreement import find_disagreements, make_reference, read_summaries
from wattif.bench.peers import PARALLEL, load_peers
from wattif.bench.timing import Lap, median_ratio, time_rounds
from wattif.bench.workload import STUDY, Answers
from wattif.errors import WattifError
from wattif.language.model import Sampling

SCHEMES: tuple[Sampling, ...] = ("sobol", "latin-hypercube", "random")
SEED = 412

_YARDSTICK = "yardstick"
_BUFFER = 16_384  # doubles: they stay in the L2 cache
_FEWEST_UNIFORMS = 2**21  # fewer are made too quickly to be timed


@dataclass(frozen=True)
class Contestant:
    """Someone to time. ``threads`` is how many it uses, in words."""

    name: str
    threads: str
    run: Callable[[], Answers]


@dataclass(frozen=True)
class Score:
    """What a contestant reached. ``disagreements`` says where its answers are wrong."""

    name: str
    threads: str
    laps: tuple[Lap, ...]
    disagreements: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """Median time on the clock."""
        return median(lap.wall for lap in self.laps)

    @property
    def processor_seconds(self) -> float:
        """Median processor time, over all threads."""
        return median(lap.processor for lap in self.laps)

    def wall_ratio(self, other: Score) -> float:
        """Return this one's time on the clock over another's: median of the rounds' ratios."""
        return median_ratio((lap.wall for lap in self.laps), (lap.wall for lap in other.laps))

    def processor_ratio(self, laps: Iterable[Lap]) -> float:
        """Return this one's processor time over others': median of the rounds' ratios."""
        return median_ratio((lap.processor for lap in self.laps), (lap.processor for lap in laps))


@dataclass(frozen=True)
class Contest:
    """The scores of all who ran, the yardstick's laps, and why others did not run.

    ``yardstick`` is numpy's SFC64 generator: as many uniforms as there are ``draws``.
    """

    draws: int
    scores: tuple[Score, ...]
    yardstick: tuple[Lap, ...]
    skipped: Mapping[str, str]

    def find(self, name: str) -> Score:
        """Return the first score of that name; the first of all if its owner could not run."""
        return next((score for score in self.scores if score.name == name), self.scores[0])


def enter_wattif(
    draws: int, threads: Sequence[int], schemes: Sequence[Sampling] = SCHEMES
) -> list[Contestant]:
    """Return wattif with each scheme and number of threads; reading the study is not timed."""
    study = load(STUDY)

    def run(scheme: Sampling, workers: int) -> Answers:
        tree = study.run(draws=draws, seed=SEED, sampling=scheme, threads=workers)
        return read_summaries(tree)

    return [
        Contestant(f"wattif, {scheme}", str(workers), partial(run, scheme, workers))
        for scheme in schemes
        for workers in threads
    ]


def enter_peers(modules: Mapping[str, str], draws: int) -> tuple[list[Contestant], dict[str, str]]:
    """Return the peers that can be imported, and why the others cannot."""
    found, missing = load_peers(modules)
    entered = [
        Contestant(name, "all" if name in PARALLEL else "1", partial(run, draws, SEED))
        for name, run in found.items()
    ]
    return entered, missing


def hold_contest(
    contestants: Sequence[Contestant],
    draws: int,
    rounds: int,
    seconds: float,
    progress: Callable[[int, int], None] | None = None,
) -> Contest:
    """Check and time all contestants, within ``seconds`` if they can be run twice in that time.

    A peer that fails is skipped, with its error as the reason. ``progress`` is called with the
    timed calls made and to be made.
    """
    start = perf_counter()
    checked, skipped = _check(contestants, draws)
    tasks: dict[str, Callable[[], object]] = {str(i): contestants[i].run for i in checked}
    times = max(_FEWEST_UNIFORMS // draws, 1)
    tasks[_YARDSTICK] = partial(_draw_uniforms, draws * times)
    laps = time_rounds(tasks, rounds, seconds - (perf_counter() - start), progress)
    scores = tuple(
        Score(contestants[i].name, contestants[i].threads, tuple(laps[str(i)]), wrong)
        for i, wrong in checked.items()
    )
    yardstick = tuple(Lap(*(seconds / times for seconds in lap)) for lap in laps[_YARDSTICK])
    return Contest(draws, scores, yardstick, skipped)


def _check(
    contestants: Sequence[Contestant], draws: int
) -> tuple[dict[int, tuple[str, ...]], dict[str, str]]:
    """Let each run once; return the disagreements of those who can, the errors of the others."""
    reference = make_reference()
    disagreements: dict[int, tuple[str, ...]] = {}
    failures: dict[str, str] = {}
    for place, contestant in enumerate(contestants):
        try:
            answers = contestant.run()
        except WattifError:
            raise
        except Exception as error:  # a peer's fault must not end the contest of the others
            failures[contestant.name] = f"{type(error).__name__}: {error}"
        else:
            disagreements[place] = find_disagreements(answers, draws, reference)
    return disagreements, failures


def _draw_uniforms(draws: int) -> None:
    generator = np.random.Generator(np.random.SFC64(SEED))
    u = np.empty(_BUFFER)
    for _ in range(-(-draws // _BUFFER)):
        generator.random(out=u)

"""What an accurate answer costs: true and reported errors against draws and processor time.

The workload is run with many seeds, all contestants in turn. The true error is the root mean square
of the distances from what :mod:`benchmarks.truth` found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import wattif as wi
from benchmarks.peers import PEERS, scipy_sobol
from benchmarks.scale import Scale
from benchmarks.truth import OUTPUT, STATISTICS, TRUTH
from wattif.bench.peers import load_peers
from wattif.bench.timing import Lap, time_call
from wattif.bench.workload import STUDY
from wattif.language.model import Sampling
from wattif.results.answers import read_answers

SOBOL, LATIN, RANDOM = "wattif, sobol", "wattif, latin-hypercube", "wattif, random"
TUNED, SCIPY = "numpy, tuned", "scipy, Sobol points"
TARGET = 1e-4  # relative standard error


class Sampled(NamedTuple):
    """What a run found: the statistics (4,), and their reported errors, NaN if there are none."""

    value: tuple[float, ...]
    error: tuple[float, ...]


Sampler = Callable[[int, int], Sampled]


@dataclass(frozen=True)
class Point:
    """A contestant at one number of draws.

    Seconds of processor time, the median; relative errors of the four statistics: true ones, and
    reported ones, both root mean squares over the seeds; none are reported by some.
    """

    draws: int
    seeds: int
    seconds: float
    true: tuple[float, ...]
    reported: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """A contestant. ``random``: its true errors follow from the density, see ``TRUTH``."""

    name: str
    random: bool
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Accuracy:
    """All contestants."""

    lines: tuple[Line, ...]

    def find(self, name: str) -> Line:
        """Return the line of a contestant."""
        return next(line for line in self.lines if line.name == name)


def measure(scale: Scale) -> Accuracy:
    """Return the lines of wattif's schemes, of numpy with random draws and of scipy's Sobol."""
    entries = _enter(scale)
    for _, sampler, sizes, _ in entries:
        sampler(sizes[0], 0)
    laps: dict[tuple[str, int], list[tuple[Lap, Sampled]]] = {}
    for seed in range(scale.seeds):
        for name, sampler, sizes, seeds in entries:
            for draws in sizes if seed < seeds else ():
                laps.setdefault((name, draws), []).append(_time(sampler, draws, seed))
    return Accuracy(
        tuple(
            Line(
                name,
                name in (RANDOM, TUNED),
                tuple(_point(draws, laps[name, draws]) for draws in sizes),
            )
            for name, _, sizes, _ in entries
        )
    )


_Entry = tuple[str, Sampler, tuple[int, ...], int]  # name, sampler, draws, seeds


def _enter(scale: Scale) -> list[_Entry]:
    found, _ = load_peers({TUNED: PEERS[TUNED]})
    slow, few = scale.slow_draws, scale.few_seeds
    return [
        (SOBOL, _wattif("sobol"), scale.accuracy_draws, scale.seeds),
        (LATIN, _wattif("latin-hypercube"), slow, few),
        (RANDOM, _wattif("random"), slow, few),
        (TUNED, _peer(found[TUNED]), slow, few),
        (SCIPY, _peer(scipy_sobol.run), slow, few),
    ]


def _wattif(scheme: Sampling) -> Sampler:
    study = wi.load(STUDY)

    def run(draws: int, seed: int) -> Sampled:
        tree = study.run(draws=draws, seed=seed, sampling=scheme, threads=1)
        answer = next(q for q in read_answers(tree) if q.name == OUTPUT).answers[0]
        return Sampled(
            tuple(answer.statistics[name] for name in STATISTICS),
            tuple(answer.errors[name] for name in STATISTICS),
        )

    return run


def _peer(run: Callable[..., object]) -> Sampler:
    def sample(draws: int, seed: int) -> Sampled:
        summary = run(draws, seed)[OUTPUT]  # type: ignore[index]
        return Sampled(tuple(getattr(summary, name) for name in STATISTICS), ())

    return sample


def _time(sampler: Sampler, draws: int, seed: int) -> tuple[Lap, Sampled]:
    found: list[Sampled] = []
    lap = time_call(lambda: found.append(sampler(draws, seed)))
    return lap, found[0]


def _point(draws: int, runs: Sequence[tuple[Lap, Sampled]]) -> Point:
    truth = np.array(TRUTH.value)
    values = np.array([sampled.value for _, sampled in runs])
    errors = np.array([sampled.error for _, sampled in runs])
    return Point(
        draws,
        len(runs),
        median(lap.processor for lap, _ in runs),
        _root_mean_square(values / truth - 1),
        _root_mean_square(errors / truth) if errors.size else (),
    )


def _root_mean_square(rows: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(x) for x in np.sqrt(np.mean(rows**2, axis=0)))


def draws_needed(line: Line, statistic: int) -> float:
    """Return the draws that reach ``TARGET``.

    Random draws: by the central limit theorem. Others: where the line through the points around it
    crosses, in logarithms; where none is as good, a straight line through all is drawn on.
    """
    if line.random:
        return float((TRUTH.spread[statistic] / TARGET) ** 2)
    draws = np.log([point.draws for point in line.points])
    errors = np.log([point.true[statistic] for point in line.points])
    goal = float(np.log(TARGET))
    if errors.min() <= goal <= errors.max():
        after = int(np.flatnonzero(errors <= goal)[0])
        ends = slice(max(after - 1, 0), after + 1)
        return float(np.exp(np.interp(-goal, -errors[ends], draws[ends])))
    slope, start = np.polyfit(draws, errors, 1)
    return float(np.exp((goal - start) / slope))


def seconds_needed(line: Line, draws: float) -> float:
    """Return the processor time of so many draws: interpolated, or drawn on at the last rate."""
    sizes = [point.draws for point in line.points]
    seconds = [point.seconds for point in line.points]
    if draws <= sizes[-1]:
        return float(np.interp(draws, sizes, seconds))
    rate = max((seconds[-1] - seconds[0]) / (sizes[-1] - sizes[0]), 0.0)  # of tiny runs, noise
    return seconds[-1] + rate * (draws - sizes[-1])

"""wattif beside its peers on one workload, at three sizes: processor time a draw, and memory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from benchmarks.aims import Aim, format_number, markdown
from benchmarks.memory import HAS_PEAK
from benchmarks.peers import PEERS
from benchmarks.peers.__main__ import measure_memory
from benchmarks.scale import Scale
from wattif.bench.contest import Contest, Score, enter_peers, enter_wattif, hold_contest
from wattif.language.model import Sampling

SOBOL, RANDOM = "wattif, sobol", "wattif, random"
CPP, TUNED, USUAL, PPF = "C++, streaming", "numpy, tuned", "numpy and scipy", "scipy, ppf"
# At the largest size, only those take part whose memory does not grow.
LARGE = (CPP,)
ALL: tuple[Sampling, ...] = ("sobol", "latin-hypercube", "random")
FASTEST: tuple[Sampling, ...] = ("sobol", "random")
_LARGE_ROUNDS = 3


@dataclass(frozen=True)
class Row:
    """What a draw costs someone: medians over rounds, and the least and greatest ratio of them.

    ``uniforms``, ``over_sobol`` and ``over_random`` are ratios of processor time to that of a
    uniform of numpy and of wattif's two schemes, each within a round.
    """

    who: str
    nanoseconds: float
    uniforms: tuple[float, float, float]
    over_sobol: tuple[float, float, float]
    over_random: tuple[float, float, float]
    disagreements: tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """The rows at one number of draws."""

    draws: int
    rounds: int
    nanoseconds_a_uniform: float
    rows: tuple[Row, ...]

    def find(self, who: str) -> Row | None:
        """Return the row of someone who took part."""
        return next((row for row in self.rows if row.who == who), None)


@dataclass(frozen=True)
class Comparison:
    """All sizes, from the smallest; who was skipped and why; peak memory at the middle one."""

    sizes: tuple[Size, Size, Size]
    skipped: Mapping[str, str] = field(default_factory=dict)
    megabytes: Mapping[str, float] = field(default_factory=dict)


def measure(scale: Scale) -> Comparison:
    """Return the comparison at the three sizes."""
    few, middle, many = scale.peer_draws
    rounds = scale.rounds
    small, skipped = _hold(few, rounds, PEERS, ALL)
    medium, _ = _hold(middle, rounds, PEERS, ALL)
    large, _ = _hold(many, min(rounds, _LARGE_ROUNDS), LARGE, FASTEST)
    return Comparison(
        (_size(small), _size(medium), _size(large)),
        skipped,
        measure_memory(medium) if HAS_PEAK else {},
    )


def _hold(
    draws: int, rounds: int, names: Iterable[str], schemes: Iterable[Sampling]
) -> tuple[Contest, dict[str, str]]:
    peers, missing = enter_peers({name: PEERS[name] for name in names}, draws)
    contestants = [*enter_wattif(draws, [1], list(schemes)), *peers]
    contest = hold_contest(contestants, draws, rounds, math.inf)
    return contest, {**missing, **contest.skipped}


def _size(contest: Contest) -> Size:
    uniform = median(lap.processor for lap in contest.yardstick) / contest.draws
    rows = [_row(score, contest) for score in contest.scores]
    rows.sort(key=lambda row: row.nanoseconds)
    return Size(contest.draws, len(contest.yardstick), 1e9 * uniform, tuple(rows))


def _row(score: Score, contest: Contest) -> Row:
    def ratios(others: Iterable[float]) -> tuple[float, float, float]:
        found = sorted(lap.processor / other for lap, other in zip(score.laps, others, strict=True))
        return median(found), found[0], found[-1]

    return Row(
        score.name,
        1e9 * score.processor_seconds / contest.draws,
        ratios(lap.processor for lap in contest.yardstick),
        ratios(lap.processor for lap in contest.find(SOBOL).laps),
        ratios(lap.processor for lap in contest.find(RANDOM).laps),
        score.disagreements,
    )


def aims(comparison: Comparison) -> list[Aim]:
    """Return what is asked of the middle size."""
    middle = comparison.sizes[1]
    sobol, random = middle.find(SOBOL), middle.find(RANDOM)
    assert sobol is not None  # wattif always takes part
    assert random is not None
    asked = [
        (TUNED, "Sobol", 11.0),
        (USUAL, "Sobol", 25.0),
        (PPF, "Sobol", 85.0),
        (CPP, "Sobol", 1.7),
        (TUNED, "random", 5.5),
    ]
    ratios = [
        Aim(f"time a draw, *{who}* over wattif's {scheme}", "at least", bound, found)
        for who, scheme, bound in asked
        if (row := middle.find(who))
        for found in [row.over_sobol[0] if scheme == "Sobol" else row.over_random[0]]
    ]
    return [
        *ratios,
        Aim("a draw of wattif's Sobol, in uniforms", "at most", 9.0, sobol.uniforms[0]),
        Aim("a draw of wattif's random, in uniforms", "at most", 17.0, random.uniforms[0]),
    ]


def render(comparison: Comparison) -> str:
    """Return the tables."""
    middle = comparison.sizes[1]
    head = ("who", "ns a draw", "in uniforms", "times wattif's Sobol", "times random", "peak MB")
    rows = [
        (
            _name(row.who),
            format_number(row.nanoseconds),
            _with_spread(row.uniforms),
            _with_spread(row.over_sobol),
            format_number(row.over_random[0]),
            format_number(round(comparison.megabytes[row.who]))
            if row.who in comparison.megabytes
            else "",
        )
        for row in middle.rows
    ]
    wrong = [row.who for size in comparison.sizes for row in size.rows if row.disagreements]
    return "\n\n".join(
        [
            f"{middle.draws:,} draws, {_rounds(middle)}; in brackets the least and the greatest of"
            f" the rounds. A uniform took {middle.nanoseconds_a_uniform:.2f} ns."
            + (f" **Answers that disagree: {', '.join(sorted(set(wrong)))}.**" if wrong else ""),
            markdown(head, rows, "lrrrrr"),
            "All sizes, ns a draw (times wattif's Sobol):",
            _all_sizes(comparison),
        ]
        + [f"Not timed: {who} ({why})." for who, why in comparison.skipped.items()]
    )


def _all_sizes(comparison: Comparison) -> str:
    sizes = comparison.sizes
    names = [row.who for row in sizes[0].rows]
    head = ("who", *(f"{size.draws:,} draws, {_rounds(size)}" for size in sizes))
    rows = [(_name(name), *(_cell(size.find(name)) for size in sizes)) for name in names]
    return markdown(head, rows, "lrrr")


def _cell(row: Row | None) -> str:
    if row is None:
        return ""
    return f"{format_number(row.nanoseconds)} ({format_number(row.over_sobol[0])})"


def _with_spread(ratio: tuple[float, float, float]) -> str:
    middle, least, greatest = map(format_number, ratio)
    return middle if least == greatest else f"{middle} ({least} to {greatest})"


def _name(who: str) -> str:
    return f"**{who}**" if who.startswith("wattif") else who


def _rounds(size: Size) -> str:
    return f"{size.rounds} round{'s' * (size.rounds > 1)}"

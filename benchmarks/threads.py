"""What a second thread is worth, beside what it is worth to a loop that touches no memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import median

import numba
import numpy as np

import wattif as wi
from benchmarks.aims import Aim, format_number, markdown
from benchmarks.scale import Scale
from wattif.bench.timing import time_call, time_rounds
from wattif.bench.workload import STUDY

_SHARE = 0.95
_FEW_STEPS = 1 << 20


@dataclass(frozen=True)
class Row:
    """Seconds on the clock with one thread and two, and what the second is worth.

    ``spin_speedup`` is what it was worth to the spinning loop in the same rounds, ``share`` the
    median over rounds of one speed-up over the other.
    """

    draws: int
    one: float
    two: float
    speedup: float
    spin_speedup: float
    share: float


@dataclass(frozen=True)
class Threads:
    """A row for every number of draws."""

    rows: tuple[Row, ...]


@numba.njit(nogil=True)
def spin(steps):  # type: ignore[no-untyped-def]
    """Return the end of a long chain of additions, shifts and exclusive ors (xorshift64)."""
    x = np.uint64(88172645463325252)
    for _ in range(steps):
        x ^= x << np.uint64(13)
        x ^= x >> np.uint64(7)
        x ^= x << np.uint64(17)
    return x


def spin_on(threads: int, steps: int) -> None:
    """Make so many steps in all, shared among threads."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(spin, [steps // threads] * threads))


def measure(scale: Scale) -> Threads:
    """Return the rows; the loop spins about as long as wattif runs."""
    spin(1)
    study = wi.load(STUDY)
    return Threads(tuple(_measure_one(study, draws, scale.rounds) for draws in scale.thread_draws))


def _measure_one(study: wi.Study, draws: int, rounds: int) -> Row:
    alone = partial(study.run, draws=draws, threads=1)
    alone()
    a_step = time_call(partial(spin, _FEW_STEPS)).wall / _FEW_STEPS
    steps = max(int(time_call(alone).wall / a_step), 2)
    tasks: dict[str, Callable[[], object]] = {
        "one": alone,
        "two": partial(study.run, draws=draws, threads=2),
        "spin on one": partial(spin_on, 1, steps),
        "spin on two": partial(spin_on, 2, steps),
    }
    laps = time_rounds(tasks, rounds, float("inf"))
    walls = {name: [lap.wall for lap in times] for name, times in laps.items()}
    speedups = _ratios(walls["one"], walls["two"])
    spins = _ratios(walls["spin on one"], walls["spin on two"])
    return Row(
        draws,
        median(walls["one"]),
        median(walls["two"]),
        median(speedups),
        median(spins),
        median(_ratios(speedups, spins)),
    )


def _ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    return [a / b for a, b in zip(above, below, strict=True)]


def aims(threads: Threads) -> list[Aim]:
    """Return what is asked at the largest number of draws."""
    largest = threads.rows[-1]
    what = f"two threads' speed-up, as a share of a spinning loop's, {largest.draws:,} draws"
    return [Aim(what, "at least", _SHARE, largest.share)]


def render(threads: Threads) -> str:
    """Return the table."""
    head = ("draws", "one thread", "two threads", "speed-up", "a spinning loop's", "share of it")
    rows = [
        (
            f"{row.draws:,}",
            f"{format_number(row.one)} s",
            f"{format_number(row.two)} s",
            f"{row.speedup:.2f}",
            f"{row.spin_speedup:.2f}",
            f"{row.share:.2f}",
        )
        for row in threads.rows
    ]
    return markdown(head, rows, "rrrrrr")

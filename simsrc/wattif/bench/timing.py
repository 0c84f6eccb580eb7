"""Time several tasks side by side, in rounds, so that a busy machine is busy for all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple


class Lap(NamedTuple):
    """Seconds that one call took: on the clock, and of processor over all threads."""

    wall: float
    processor: float


def time_call(call: Callable[[], object]) -> Lap:
    """Return how long a call takes, starting with no garbage waiting."""
    gc.collect()
    wall, processor = perf_counter(), process_time()
    call()
    return Lap(perf_counter() - wall, process_time() - processor)


def time_rounds(
    tasks: Mapping[str, Callable[[], object]],
    rounds: int,
    seconds: float,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, list[Lap]]:
    """Return a lap a round for every task.

    Each round starts with another task, so that none always follows the same one. No round begins
    that would probably end after ``seconds``, but one is always made. ``progress`` is called with
    the calls made and to be made.
    """
    laps: dict[str, list[Lap]] = {name: [] for name in tasks}
    names = list(tasks)
    start = perf_counter()
    for done in range(rounds):
        if done and (perf_counter() - start) * (done + 1) / done > seconds:
            break
        first = done % len(names)
        for place, name in enumerate(names[first:] + names[:first]):
            laps[name].append(time_call(tasks[name]))
            if progress is not None:
                progress(done * len(names) + place + 1, rounds * len(names))
    return laps


def median_ratio(above: Iterable[float], below: Iterable[float]) -> float:
    """Return the median of the ratios of two series, round by round."""
    return median(a / b for a, b in zip(above, below, strict=True))

"""How large the benchmarks are: full when they are to measure, small when they are only to run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes. ``compiler`` is the environment in which a cold start is timed."""

    draws: int
    rounds: int
    memory_draws: tuple[int, int]
    accuracy_draws: tuple[int, ...]
    seeds: int
    compiler: dict[str, str]


FULL = Scale(
    draws=2**20,
    rounds=5,
    memory_draws=(10**7, 10**8),
    accuracy_draws=(2**12, 2**14, 2**16, 2**18),
    seeds=24,
    compiler={},
)
SMALL = Scale(
    draws=2**10,
    rounds=1,
    memory_draws=(2**12, 2**14),
    accuracy_draws=(2**9,),
    seeds=2,
    compiler={"NUMBA_DISABLE_JIT": "1"},  # compiling takes 20 s; the way there is the same
)

"""How large the benchmarks are: full to measure, a trial to look at, small only to be run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes.

    ``draws`` of a run that is timed for itself, ``peer_draws`` of the three comparisons with
    others, ``thread_draws``, ``memory_draws`` and ``accuracy_draws`` of the runs that these
    measure; ``slow_draws`` of peers that need microseconds a draw. ``seeds`` tell the error of the
    default scheme, ``few_seeds`` those of the others. ``compiler`` is the environment in which a
    cold start is timed.
    """

    rounds: int
    draws: int
    peer_draws: tuple[int, int, int]
    thread_draws: tuple[int, ...]
    memory_draws: tuple[int, int]
    accuracy_draws: tuple[int, ...]
    slow_draws: tuple[int, ...]
    seeds: int
    few_seeds: int
    compiler: dict[str, str]


FULL = Scale(
    rounds=5,
    draws=2**20,
    peer_draws=(2**20, 2**23, 2**27),
    thread_draws=(2**23, 2**30),
    memory_draws=(2**24, 2**30),
    accuracy_draws=(2**12, 2**14, 2**16, 2**18, 2**20, 2**22),
    slow_draws=(2**12, 2**16, 2**20),
    seeds=200,
    few_seeds=24,
    compiler={},
)
TRIAL = Scale(
    rounds=2,
    draws=2**16,
    peer_draws=(2**14, 2**16, 2**18),
    thread_draws=(2**18, 2**20),
    memory_draws=(2**18, 2**20),
    accuracy_draws=(2**12, 2**14, 2**16),
    slow_draws=(2**12, 2**14),
    seeds=6,
    few_seeds=3,
    compiler={},
)
SMALL = Scale(
    rounds=1,
    draws=2**13,
    peer_draws=(2**12, 2**12, 2**12),
    thread_draws=(2**12,),
    memory_draws=(2**12, 2**14),
    accuracy_draws=(2**9, 2**12),
    slow_draws=(2**9, 2**10),
    seeds=2,
    few_seeds=2,
    compiler={"NUMBA_DISABLE_JIT": "1"},  # compiling takes 20 s; the way there is the same
)

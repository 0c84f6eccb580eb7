"""What a run costs before its first draw, and for each one more: ``python -m benchmarks.stages``.

Studies that differ in one thing only tell what a quantity and an output cost. Processor time of one
thread, medians of several rounds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median

import wattif as wi
from benchmarks.studies import Study, of_outputs, of_quantities
from wattif.bench.contest import SCHEMES
from wattif.bench.timing import time_rounds
from wattif.bench.workload import STUDY

Case = tuple[Study, str]  # and the sampling scheme

CASES: Mapping[str, Case] = {
    **{f"training run, {scheme}": (STUDY, scheme) for scheme in SCHEMES},
    "12 quantities, 4 outputs": (of_quantities(12), "sobol"),
    "400 quantities, 4 outputs": (of_quantities(400), "sobol"),
    "12 quantities, 200 outputs": (of_outputs(200), "sobol"),
}
_FEW = 2**12


def measure_costs(
    cases: Mapping[str, Case], many: int, rounds: int
) -> dict[str, tuple[float, float]]:
    """Return for each case the seconds of a run of few draws, and of each draw more."""
    tasks: dict[str, Callable[[], object]] = {}
    for name, (source, scheme) in cases.items():
        study = wi.load(source)
        for draws in (_FEW, many):
            task = partial(study.run, draws=draws, sampling=scheme, threads=1)
            task()
            tasks[f"{name} {draws}"] = task
    laps = time_rounds(tasks, rounds, float("inf"))
    seconds = {name: median(lap.processor for lap in times) for name, times in laps.items()}
    return {
        name: (few := seconds[f"{name} {_FEW}"], (seconds[f"{name} {many}"] - few) / (many - _FEW))
        for name in cases
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=2**21)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    print(f"{'':30}{'fixed, ms':>12}{'a draw, ns':>12}")
    for name, (fixed, marginal) in measure_costs(CASES, chosen.draws, chosen.rounds).items():
        print(f"{name:30}{1e3 * fixed:12.0f}{1e9 * marginal:12.1f}")


if __name__ == "__main__":
    main()

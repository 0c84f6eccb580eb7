"""The error that is left after so many draws, for each scheme: ``python -m benchmarks.accuracy``.

The workload of ``wattif bench`` is run with many seeds; the error is the root mean square of the
differences from truths that another program computed with 2^25 draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

import wattif as wi
from benchmarks.coverage import REPORTED, TRAINING_RUN
from wattif.bench.agreement import read_summaries
from wattif.bench.contest import SCHEMES
from wattif.bench.workload import STUDY

_DRAWS = (2**12, 2**14, 2**16, 2**18, 2**20)
_OUTPUT = "amortised_cost"


def measure_error(sampling: str, draws: int, seeds: Sequence[int]) -> list[float]:
    """Return the relative errors of the output's mean and 5th, 50th and 95th percentile."""
    study = wi.load(STUDY)
    rows = []
    for seed in seeds:
        summary = read_summaries(study.run(draws=draws, seed=seed, sampling=sampling))[_OUTPUT]
        rows.append([getattr(summary, name) for name in REPORTED])
    truth = np.array(TRAINING_RUN.truth)
    return [float(e) for e in np.sqrt(np.mean((np.array(rows) / truth - 1) ** 2, axis=0))]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=24)
    chosen = parser.parse_args()
    print(f"relative error of {_OUTPUT}, root mean square over {chosen.seeds} seeds")
    print(f"{'':17}{'draws':>10}" + "".join(f"{name:>10}" for name in REPORTED))
    for sampling in SCHEMES:
        for draws in _DRAWS:
            errors = measure_error(sampling, draws, range(chosen.seeds))
            print(f"{sampling:17}{draws:10,}" + "".join(f"{error:10.1e}" for error in errors))


if __name__ == "__main__":
    main()

"""Do the reported errors tell the truth? Coverage of the error bands over many seeds.

A band of nominal 95 % round a reported number, Student's t with R - 1 degrees for R replicates,
must hold the true value in 95 % of all seeds: for the mean and three percentiles, for each sampling
scheme, of three outputs whose truth is known.

To add an output, add a ``Target``. Run it with ``python benchmarks/coverage.py --seeds 1000``.
"""

from __future__ import annotations

import argparse
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import pi, sqrt
from time import perf_counter
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit
from scipy.stats import binom

import wattif as wi
from benchmarks.truth import TRUTH
from wattif.compile import compile_to_integrate
from wattif.distributions.base import Shape
from wattif.engine import plan
from wattif.engine.program import Program
from wattif.engine.quantile_table import Table, build
from wattif.engine.sample import sample
from wattif.results.statistics import STATISTICS, percentiles, report

SAMPLINGS: tuple[plan.Sampling, ...] = ("random", "latin-hypercube", "sobol")
REPORTED = ("mean", "p5", "p50", "p95")
REPLICATES = 16
NOMINAL = 0.95

# Standard errors of the count below nominal that are still accepted. On scrambled Sobol points a
# replicate's quantile is not normal and the t band loses one or two points of coverage.
SLACK = {"random": 4.0, "latin-hypercube": 4.0, "sobol": 5.1}
FALSE_ALARM = 3.2e-5  # 4 sigma: the count may be this improbably large


@dataclass(frozen=True)
class Target:
    """The last of some quantities, and what is known of it.

    ``truth`` are its mean and its 5th, 50th and 95th percentile; ``truth_error`` their own standard
    errors.
    """

    quantities: Mapping[str, object]
    truth: tuple[float, ...]
    truth_error: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)


def normal(mean: float, sd: float) -> dict[str, object]:
    return {"dist": "normal", "mean": mean, "sd": sd}


P = np.array([0.05, 0.5, 0.95])

ADDITIVE = Target(
    {
        "a": normal(1.0, 1.0),
        "b": normal(2.0, 2.0),
        "c": normal(3.0, 2.0),
        "total": {"formula": "a + b + c"},
    },
    (6.0, *(float(q) for q in 6.0 + 3.0 * ndtri(P))),
)

# |left - right| is half-normal; its kink runs along the diagonal, where no net of boxes sees it
KINKED = Target(
    {
        "left": normal(0.0, 1.0),
        "right": normal(0.0, 1.0),
        "distance": {"formula": "abs(left - right)"},
    },
    (2.0 / sqrt(pi), *(float(q) for q in sqrt(2.0) * ndtri((1.0 + P) / 2.0))),
)

# One training run of a large language model: 11 inputs of 5 families. The mean is a closed form, a
# sum of products of independent means. The percentiles are from a separate program,
# benchmarks.truth, with their standard errors.
TRAINING_RUN = Target(
    {
        "n_gpu": {"dist": "lognormal", "p5": 20_000, "p95": 30_000},
        "days": {"dist": "triangular", "min": 90, "mode": 100, "max": 180},
        "uptime": {"dist": "beta", "alpha": 18, "beta": 2},
        "price_hw": {"dist": "lognormal", "p5": 10_000, "p95": 15_000},
        "tdp_kw": {"dist": "uniform", "min": 0.35, "max": 0.42},
        "power_util": {"dist": "beta", "alpha": 12, "beta": 4},
        "overhead": {"dist": "normal", "mean": 1.4, "sd": 0.1, "truncate": [1.1, 2.0]},
        "pue": {"dist": "triangular", "min": 1.08, "mode": 1.12, "max": 1.25},
        "elec": {"dist": "lognormal", "p5": 0.05, "p95": 0.12},
        "life_years": {"dist": "uniform", "min": 3, "max": 5},
        "staff": {"dist": "lognormal", "p5": 1.2, "p95": 2.0},
        "gpu_hours": {"formula": "n_gpu * days * 24 * uptime"},
        "energy_kwh": {"formula": "gpu_hours * tdp_kw * power_util * overhead * pue"},
        "hardware": {"formula": "n_gpu * price_hw * 1.3 * (days / 365.25) / life_years"},
        "amortised_cost": {"formula": "(hardware + energy_kwh * elec) * staff"},
    },
    TRUTH.value,
    (0.1, 50.0, 82.0, 138.0),
)

TARGETS = {"additive": ADDITIVE, "kinked": KINKED, "training run": TRAINING_RUN}

# One study of all, so that a seed costs one run; the outputs have no input in common.
STUDY = {
    "run": {"outputs": [list(target.quantities)[-1] for target in TARGETS.values()]},
    "quantities": {k: v for target in TARGETS.values() for k, v in target.quantities.items()},
}


@dataclass(frozen=True, eq=False)
class Trials:
    """Reported values and errors over S seeds of K targets, (S, K, 4), and the truths, (K, 4)."""

    value: NDArray[np.float64]
    error: NDArray[np.float64]
    truth: NDArray[np.float64]

    @property
    def hits(self) -> NDArray[np.int64]:
        """How often the 95 % band held the truth, (K, 4)."""
        t = stdtrit(REPLICATES - 1, (1.0 + NOMINAL) / 2.0)
        inside = np.abs(self.value - self.truth) <= t * self.error
        return np.asarray(inside.sum(axis=0))

    @property
    def error_ratio(self) -> NDArray[np.float64]:
        """Mean reported error / actual standard deviation, (K, 4)."""
        return np.asarray(self.error.mean(axis=0) / self.value.std(axis=0, ddof=1))


def run_trials(sampling: plan.Sampling, seeds: range, draws_each: int) -> Trials:
    """Run all targets once for each seed, with ``draws_each`` draws in each of the replicates."""
    program = compile_to_integrate(wi.load(STUDY).model).program
    with tables_built_once():
        numbers = np.array([_reported(program, sampling, seed, draws_each) for seed in seeds])
    truth = np.array([target.truth for target in TARGETS.values()])
    return Trials(numbers[:, 0], numbers[:, 1], truth)


@contextmanager
def tables_built_once() -> Iterator[None]:
    """Share quantile tables between runs: they do not depend on the seed."""
    known: dict[Hashable, Table] = {}

    def look_up(shape: Shape) -> Table:
        if shape.key not in known:
            known[shape.key] = build(shape)
        return known[shape.key]

    with patch.object(plan, "build", look_up):
        yield


def _reported(
    program: Program, sampling: plan.Sampling, seed: int, draws_each: int
) -> NDArray[np.float64]:
    """Return values and errors, (2, K, 4), as a result would report them."""
    statistics = sample(
        program,
        draws_per_replicate=draws_each,
        replicates=REPLICATES,
        seed=seed,
        sampling=sampling,
        interval=0.90,
        probabilities=tuple(p / 100 for p in percentiles(0.90)),
        kept=0,
        threads=1,
    )
    numbers = report(statistics, 0.90)
    pick = [STATISTICS.index(name) for name in REPORTED]
    return np.stack([numbers.pooled[:, pick], numbers.error[:, pick]])


def accepted_hits(sampling: str, seeds: int) -> tuple[int, int]:
    """Return the least and the greatest number of hits that pass: 922 to 975 of 1,000."""
    spread = sqrt(seeds * NOMINAL * (1.0 - NOMINAL))
    least = round(seeds * NOMINAL - SLACK[sampling] * spread)
    if sampling == "sobol":
        return least, seeds  # a band that is too wide is no false promise
    return least, int(binom.isf(FALSE_ALARM, seeds, NOMINAL))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--draws-each", type=int, default=2**9, help="draws of one replicate")
    chosen = parser.parse_args()
    print(f"{chosen.seeds} seeds, {REPLICATES} replicates of {chosen.draws_each} draws")
    print(f"{'output':14}{'sampling':17}{'':5}{'hits':>6}{'accepted':>12}{'error ratio':>13}")
    start = perf_counter()
    for sampling in SAMPLINGS:
        _print_rows(sampling, run_trials(sampling, range(chosen.seeds), chosen.draws_each))
    print(f"{perf_counter() - start:.0f} s")


def _print_rows(sampling: str, trials: Trials) -> None:
    least, most = accepted_hits(sampling, len(trials.value))
    for target, hits, ratio in zip(TARGETS, trials.hits, trials.error_ratio, strict=True):
        for number, name in enumerate(REPORTED):
            row = f"{target:14}{sampling:17}{name:5}{hits[number]:6}{least:7}-{most:<4}"
            verdict = "" if least <= hits[number] <= most else "  FAILS"
            print(f"{row}{ratio[number]:13.3f}{verdict}")


if __name__ == "__main__":
    main()

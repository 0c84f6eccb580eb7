"""The true mean and percentiles of ``amortised_cost``: ``python -m benchmarks.truth``.

None of wattif's code is used. The mean and the standard deviation are those of a product of
independent factors. A percentile is the root of the distribution function, of which one factor is
integrated by hand: given all else, the cost is x times the lognormal staff factor, and below t with
the probability Phi((log(t / x) - mu) / sigma). That is smooth, so that scipy's Sobol points know
its mean over all else to some six digits.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from benchmarks.peers.scipy_sobol import draw_inputs
from wattif.bench.workload import PROBABILITIES, STAFF_FACTOR, evaluate

OUTPUT = "amortised_cost"
STATISTICS = ("mean", "p5", "p50", "p95")


@dataclass(frozen=True)
class Truth:
    """The statistics, and the relative standard errors that a single random draw would have.

    Those of n random draws are smaller by the square root of n: for a percentile p it is the square
    root of p (1 - p) / n over the density there.
    """

    value: tuple[float, ...]
    spread: tuple[float, ...]


# The mean is a closed form, see benchmarks.coverage. The rest are 16 scramblings of 2^20 points,
# which know the percentiles to 1.5e-6 of themselves, and their spreads to 2e-5.
TRUTH = Truth(
    (57_394_759.3, 32_913_772.0, 54_475_460.0, 91_839_176.0),
    (0.321358, 0.61995, 0.39672, 0.66196),
)


def find_truth(draws: int, seed: int) -> Truth:
    """Return the truth as one scrambling of so many points, a power of two, has it."""
    inputs = draw_inputs(draws, seed)
    rest = evaluate({**inputs, "staff_factor": np.ones(draws)})[OUTPUT]
    mu, sigma = STAFF_FACTOR
    mean = rest.mean() * np.exp(mu + sigma**2 / 2)
    square = np.square(rest).mean() * np.exp(2 * mu + 2 * sigma**2)
    places = [_quantile(rest, p) for p in PROBABILITIES]
    errors = [
        np.sqrt(p * (1 - p)) / _density(rest, q) / q
        for p, q in zip(PROBABILITIES, places, strict=True)
    ]
    spread = np.sqrt(square - mean**2) / mean
    return Truth((float(mean), *places), (float(spread), *map(float, errors)))


def _quantile(rest: NDArray[np.float64], p: float) -> float:
    """Return where a share p of the cost lies below."""
    return float(brentq(lambda t: ndtr(_place(rest, t)).mean() - p, 1e6, 1e9, rtol=1e-12))


def _density(rest: NDArray[np.float64], t: float) -> float:
    _, sigma = STAFF_FACTOR
    z = _place(rest, t)
    return float(np.exp(-np.square(z) / 2).mean() / np.sqrt(2 * np.pi) / (sigma * t))


def _place(rest: NDArray[np.float64], t: float) -> NDArray[np.float64]:
    """Return the standard normal quantity below which the cost is below t."""
    mu, sigma = STAFF_FACTOR
    return np.asarray((np.log(t / rest) - mu) / sigma)


def main() -> None:
    """Print mean and standard error over independent scramblings."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--draws", type=int, default=2**20)
    parser.add_argument("--seeds", type=int, default=16)
    chosen = parser.parse_args()
    found = [find_truth(chosen.draws, seed) for seed in range(chosen.seeds)]
    for part in ("value", "spread"):
        rows = np.array([getattr(truth, part) for truth in found])
        errors = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
        for name, mean, error in zip(STATISTICS, rows.mean(axis=0), errors, strict=True):
            print(f"{part:8}{name:6}{mean:20.10g} +- {error:.1g}")


if __name__ == "__main__":
    main()

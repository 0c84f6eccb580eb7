"""numpy as most people write it: every quantity a whole array, the formulas as they stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattif.bench.workload import (
    ELECTRICITY_PRICE,
    GPU_COUNT,
    GPU_PRICE,
    PROBABILITIES,
    RENTAL_PRICE,
    STAFF_FACTOR,
    Summary,
    evaluate,
)


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs."""
    rng = np.random.default_rng(seed)
    inputs = {
        "gpu_count": rng.lognormal(*GPU_COUNT, draws),
        "training_time": rng.triangular(90, 100, 180, draws),
        "uptime": rng.beta(18, 2, draws),
        "gpu_price": rng.lognormal(*GPU_PRICE, draws),
        "rental_price": rng.lognormal(*RENTAL_PRICE, draws),
        "gpu_power": rng.uniform(0.35, 0.42, draws),
        "power_utilisation": rng.beta(12, 4, draws),
        "server_overhead": _truncated_normal(rng, draws),
        "pue": rng.triangular(1.08, 1.12, 1.25, draws),
        "electricity_price": rng.lognormal(*ELECTRICITY_PRICE, draws),
        "hardware_life": rng.uniform(3, 5, draws),
        "staff_factor": rng.lognormal(*STAFF_FACTOR, draws),
    }
    return {name: summarise(y) for name, y in evaluate(inputs).items()}


def _truncated_normal(rng: np.random.Generator, draws: int) -> NDArray[np.float64]:
    """Return draws of normal(1.4, 0.1) within [1.1, 2.0]; one in 740 is drawn again."""
    x = rng.normal(1.4, 0.1, draws)
    while (outside := np.flatnonzero((x < 1.1) | (x > 2.0))).size:
        x[outside] = rng.normal(1.4, 0.1, outside.size)
    return x


def summarise(y: NDArray[np.float64]) -> Summary:
    """Return the summary of draws, the plain way."""
    quantiles = np.quantile(y, PROBABILITIES)
    return Summary(float(y.mean()), float(y.std(ddof=1)), *(float(q) for q in quantiles))

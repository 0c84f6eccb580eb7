"""numpy and scipy as most people write it: whole arrays, a truncated normal of ``scipy.stats``."""

from __future__ import annotations

import numpy as np
from scipy import stats

from wattif.bench.peers.numpy_plain import summarise
from wattif.bench.workload import (
    ELECTRICITY_PRICE,
    GPU_COUNT,
    GPU_PRICE,
    RENTAL_PRICE,
    STAFF_FACTOR,
    Summary,
    evaluate,
)


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs."""
    rng = np.random.default_rng(seed)
    overhead = stats.truncnorm(-3, 6, loc=1.4, scale=0.1)
    inputs = {
        "gpu_count": rng.lognormal(*GPU_COUNT, draws),
        "training_time": rng.triangular(90, 100, 180, draws),
        "uptime": rng.beta(18, 2, draws),
        "gpu_price": rng.lognormal(*GPU_PRICE, draws),
        "rental_price": rng.lognormal(*RENTAL_PRICE, draws),
        "gpu_power": rng.uniform(0.35, 0.42, draws),
        "power_utilisation": rng.beta(12, 4, draws),
        "server_overhead": overhead.rvs(draws, random_state=rng),
        "pue": rng.triangular(1.08, 1.12, 1.25, draws),
        "electricity_price": rng.lognormal(*ELECTRICITY_PRICE, draws),
        "hardware_life": rng.uniform(3, 5, draws),
        "staff_factor": rng.lognormal(*STAFF_FACTOR, draws),
    }
    return {name: summarise(y) for name, y in evaluate(inputs).items()}

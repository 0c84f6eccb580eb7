"""scipy.stats: one uniform a quantity, turned by the quantile function of a frozen distribution."""

from __future__ import annotations

import math
from typing import Any

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


def _lognormal(parameters: tuple[float, float]) -> Any:
    mu, sigma = parameters
    return stats.lognorm(s=sigma, scale=math.exp(mu))


_INPUTS = {
    "gpu_count": _lognormal(GPU_COUNT),
    "training_time": stats.triang(c=10 / 90, loc=90, scale=90),
    "uptime": stats.beta(18, 2),
    "gpu_price": _lognormal(GPU_PRICE),
    "rental_price": _lognormal(RENTAL_PRICE),
    "gpu_power": stats.uniform(0.35, 0.07),
    "power_utilisation": stats.beta(12, 4),
    "server_overhead": stats.truncnorm(-3, 6, loc=1.4, scale=0.1),
    "pue": stats.triang(c=4 / 17, loc=1.08, scale=0.17),
    "electricity_price": _lognormal(ELECTRICITY_PRICE),
    "hardware_life": stats.uniform(3, 2),
    "staff_factor": _lognormal(STAFF_FACTOR),
}


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs."""
    rng = np.random.default_rng(seed)
    inputs = {name: belief.ppf(rng.random(draws)) for name, belief in _INPUTS.items()}
    return {name: summarise(y) for name, y in evaluate(inputs).items()}

"""chaospy: a joint distribution of twelve, sampled at random; the formulas on its rows."""

from __future__ import annotations

import chaospy as cp
import numpy as np

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


def _lognormal(parameters: tuple[float, float]) -> cp.Distribution:
    mu, sigma = parameters
    return cp.LogNormal(mu, sigma)


_INPUTS = {
    "gpu_count": _lognormal(GPU_COUNT),
    "training_time": cp.Triangle(90, 100, 180),
    "uptime": cp.Beta(18, 2),
    "gpu_price": _lognormal(GPU_PRICE),
    "rental_price": _lognormal(RENTAL_PRICE),
    "gpu_power": cp.Uniform(0.35, 0.42),
    "power_utilisation": cp.Beta(12, 4),
    "server_overhead": cp.TruncNormal(lower=1.1, upper=2.0, mu=1.4, sigma=0.1),
    "pue": cp.Triangle(1.08, 1.12, 1.25),
    "electricity_price": _lognormal(ELECTRICITY_PRICE),
    "hardware_life": cp.Uniform(3, 5),
    "staff_factor": _lognormal(STAFF_FACTOR),
}


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs."""
    np.random.seed(seed)  # noqa: NPY002  (its own generator is numpy's global one)
    rows = cp.J(*_INPUTS.values()).sample(draws, rule="random")
    inputs = dict(zip(_INPUTS, rows, strict=True))
    return {name: summarise(y) for name, y in evaluate(inputs).items()}

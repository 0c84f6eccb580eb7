"""scipy's scrambled Sobol points, turned by quantile functions made of ``scipy.special``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri
from scipy.stats import qmc

from wattif.bench.peers.numpy_plain import summarise
from wattif.bench.workload import (
    DRAWN,
    ELECTRICITY_PRICE,
    GPU_COUNT,
    GPU_PRICE,
    RENTAL_PRICE,
    STAFF_FACTOR,
    Summary,
    evaluate,
)

Floats = NDArray[np.float64]


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs; ``draws`` is a power of two."""
    return {name: summarise(y) for name, y in evaluate(draw_inputs(draws, seed)).items()}


def draw_inputs(draws: int, seed: int) -> dict[str, Floats]:
    """Return the draws of the twelve inputs."""
    points = qmc.Sobol(DRAWN, rng=np.random.default_rng(seed)).random(draws)
    u = np.ascontiguousarray(points.T)
    return {
        "gpu_count": _lognormal(u[0], GPU_COUNT),
        "training_time": _triangular(u[1], 90, 100, 180),
        "uptime": betaincinv(18, 2, u[2]),
        "gpu_price": _lognormal(u[3], GPU_PRICE),
        "rental_price": _lognormal(u[4], RENTAL_PRICE),
        "gpu_power": 0.35 + 0.07 * u[5],
        "power_utilisation": betaincinv(12, 4, u[6]),
        "server_overhead": 1.4 + 0.1 * ndtri(ndtr(-3) + (ndtr(6) - ndtr(-3)) * u[7]),
        "pue": _triangular(u[8], 1.08, 1.12, 1.25),
        "electricity_price": _lognormal(u[9], ELECTRICITY_PRICE),
        "hardware_life": 3 + 2 * u[10],
        "staff_factor": _lognormal(u[11], STAFF_FACTOR),
    }


def _lognormal(u: Floats, parameters: tuple[float, float]) -> Floats:
    mu, sigma = parameters
    return np.asarray(np.exp(mu + sigma * ndtri(u)))


def _triangular(u: Floats, low: float, mode: float, high: float) -> Floats:
    width, left = high - low, mode - low
    rising = low + np.sqrt(u * width * left)
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u < left / width, rising, falling)

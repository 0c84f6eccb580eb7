"""The workload on which wattif and its peers are timed: one training run of the size of GPT-4's.

Twelve quantities of five families are drawn, four are computed; of each of the four the mean, the
standard deviation and the 5th, 50th and 95th percentiles are wanted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

OUTPUTS = ("gpu_hours", "cloud_cost", "energy", "amortised_cost")
DRAWN = 12
QUANTITIES = DRAWN + len(OUTPUTS)
PROBABILITIES = (0.05, 0.5, 0.95)

STUDY: dict[str, object] = {
    "title": "One training run",
    "run": {"outputs": list(OUTPUTS)},
    "quantities": {
        "gpu_count": "20_000 to 30_000 GPU",
        "training_time": {
            "dist": "triangular",
            "min": 90,
            "mode": 100,
            "max": 180,
            "unit": "day",
        },
        "uptime": {"dist": "beta", "alpha": 18, "beta": 2},
        "gpu_price": "10_000 to 15_000 USD",
        "rental_price": "1 to 4 USD/hour",
        "gpu_power": {"dist": "uniform", "min": 0.35, "max": 0.42, "unit": "kW"},
        "power_utilisation": {"dist": "beta", "alpha": 12, "beta": 4},
        "server_overhead": {"dist": "normal", "mean": 1.4, "sd": 0.1, "truncate": [1.1, 2.0]},
        "pue": {"dist": "triangular", "min": 1.08, "mode": 1.12, "max": 1.25},
        "electricity_price": "0.05 to 0.12 USD/kWh",
        "hardware_life": {"dist": "uniform", "min": 3, "max": 5, "unit": "year"},
        "staff_factor": "1.2 to 2.0",
        "gpu_hours": {"formula": "gpu_count * training_time * uptime", "unit": "hour"},
        "cloud_cost": {"formula": "gpu_hours * rental_price", "unit": "USD"},
        "energy": {
            "formula": "gpu_hours * gpu_power * power_utilisation * server_overhead * pue",
            "unit": "kWh",
        },
        "amortised_cost": {
            "formula": "(gpu_count * gpu_price * 1.3 * training_time / hardware_life"
            " + energy * electricity_price) * staff_factor",
            "unit": "USD",
        },
    },
}


class Summary(NamedTuple):
    """What is wanted of an output."""

    mean: float
    sd: float
    p5: float
    p50: float
    p95: float


Answers = Mapping[str, Summary]

_Z95 = 1.6448536269514722  # 95th percentile of the standard normal distribution


def lognormal(p5: float, p95: float) -> tuple[float, float]:
    """Return mu and sigma of the lognormal distribution with these percentiles."""
    return math.log(p5 * p95) / 2, math.log(p95 / p5) / (2 * _Z95)


GPU_COUNT = lognormal(20_000, 30_000)
GPU_PRICE = lognormal(10_000, 15_000)
RENTAL_PRICE = lognormal(1, 4)
ELECTRICITY_PRICE = lognormal(0.05, 0.12)
STAFF_FACTOR = lognormal(1.2, 2.0)


def evaluate(x: Mapping[str, Any]) -> dict[str, Any]:
    """Return the four outputs for draws of the twelve inputs: arrays of any library, by name."""
    gpu_hours = x["gpu_count"] * x["training_time"] * 24 * x["uptime"]
    power = x["gpu_power"] * x["power_utilisation"] * x["server_overhead"] * x["pue"]  # kW a GPU
    energy = gpu_hours * power
    years = x["training_time"] / 365.25
    hardware = x["gpu_count"] * x["gpu_price"] * 1.3 * years / x["hardware_life"]
    return {
        "gpu_hours": gpu_hours,
        "cloud_cost": gpu_hours * x["rental_price"],
        "energy": energy,
        "amortised_cost": (hardware + energy * x["electricity_price"]) * x["staff_factor"],
    }

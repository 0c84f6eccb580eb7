"""squigglepy: its distributions and sampler, the formulas on the arrays that it returns.

An expression of its distributions would draw ``gpu_count`` anew wherever it is named. Its clipping
moves the draws beyond a limit onto it, one in 740 here, where the others draw again: that changes
the mean by 3e-5.
"""

from __future__ import annotations

import squigglepy as sq
from squigglepy.rng import set_seed

from wattif.bench.peers.numpy_plain import summarise
from wattif.bench.workload import Summary, evaluate

_INPUTS = {
    "gpu_count": sq.to(20_000, 30_000),
    "training_time": sq.triangular(90, 100, 180),
    "uptime": sq.beta(18, 2),
    "gpu_price": sq.to(10_000, 15_000),
    "rental_price": sq.to(1, 4),
    "gpu_power": sq.uniform(0.35, 0.42),
    "power_utilisation": sq.beta(12, 4),
    "server_overhead": sq.norm(mean=1.4, sd=0.1, lclip=1.1, rclip=2.0),
    "pue": sq.triangular(1.08, 1.12, 1.25),
    "electricity_price": sq.to(0.05, 0.12),
    "hardware_life": sq.uniform(3, 5),
    "staff_factor": sq.to(1.2, 2.0),
}


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs."""
    set_seed(seed)
    inputs = {name: sq.sample(belief, n=draws) for name, belief in _INPUTS.items()}
    return {name: summarise(y) for name, y in evaluate(inputs).items()}

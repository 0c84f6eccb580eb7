"""OpenTURNS: a joint distribution, a symbolic function, the statistics of its samples."""

from __future__ import annotations

import openturns as ot

from wattif.bench.workload import (
    ELECTRICITY_PRICE,
    GPU_COUNT,
    GPU_PRICE,
    OUTPUTS,
    PROBABILITIES,
    RENTAL_PRICE,
    STAFF_FACTOR,
    Summary,
)

_INPUTS = {
    "gpu_count": ot.LogNormal(*GPU_COUNT, 0),
    "training_time": ot.Triangular(90, 100, 180),
    "uptime": ot.Beta(18, 2, 0, 1),
    "gpu_price": ot.LogNormal(*GPU_PRICE, 0),
    "rental_price": ot.LogNormal(*RENTAL_PRICE, 0),
    "gpu_power": ot.Uniform(0.35, 0.42),
    "power_utilisation": ot.Beta(12, 4, 0, 1),
    "server_overhead": ot.TruncatedNormal(1.4, 0.1, 1.1, 2.0),
    "pue": ot.Triangular(1.08, 1.12, 1.25),
    "electricity_price": ot.LogNormal(*ELECTRICITY_PRICE, 0),
    "hardware_life": ot.Uniform(3, 5),
    "staff_factor": ot.LogNormal(*STAFF_FACTOR, 0),
}
_FORMULAS = """
gpu_hours := gpu_count * training_time * 24 * uptime;
cloud_cost := gpu_hours * rental_price;
energy := gpu_hours * gpu_power * power_utilisation * server_overhead * pue;
var hardware := gpu_count * gpu_price * 1.3 * (training_time / 365.25) / hardware_life;
amortised_cost := (hardware + energy * electricity_price) * staff_factor;
"""


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs."""
    ot.RandomGenerator.SetSeed(seed)
    joint = ot.JointDistribution(list(_INPUTS.values()))
    model = ot.SymbolicFunction(list(_INPUTS), list(OUTPUTS), _FORMULAS)
    y = model(joint.getSample(draws))
    rows = [y.computeMean(), y.computeStandardDeviation()]
    rows += y.computeQuantilePerComponent(PROBABILITIES)
    return {name: Summary(*(float(row[i]) for row in rows)) for i, name in enumerate(OUTPUTS)}

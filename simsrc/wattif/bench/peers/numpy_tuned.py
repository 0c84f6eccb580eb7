"""numpy pushed hard: its fastest generator, blocks that stay in the cache, no array made twice.

Inputs are drawn into a block that is used again and again, the formulas work in place, moments are
taken while a block is hot, and quantiles come from a partition in place. Only outputs are kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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

Floats = NDArray[np.float64]

_BLOCK = 16_384
_ROWS = 6


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs."""
    rng = np.random.Generator(np.random.SFC64(seed))
    y = np.empty((len(OUTPUTS), draws))
    rows = np.empty((_ROWS, _BLOCK))
    sums, squares, centre = np.zeros(len(OUTPUTS)), np.zeros(len(OUTPUTS)), np.zeros(len(OUTPUTS))
    for first in range(0, draws, _BLOCK):
        block = y[:, first : first + _BLOCK]
        work = rows[:, : block.shape[1]]
        _fill(rng, work, block)
        if first == 0:
            centre = block.mean(axis=1)
        for i, row in enumerate(block):
            deviation = np.subtract(row, centre[i], out=work[0])
            sums[i] += deviation.sum()
            squares[i] += np.square(deviation, out=deviation).sum()  # BLAS would start threads
    means = centre + sums / draws
    sds = np.sqrt((squares - sums**2 / draws) / (draws - 1))
    return {
        name: Summary(float(means[i]), float(sds[i]), *_quantiles(y[i]))
        for i, name in enumerate(OUTPUTS)
    }


def _fill(rng: np.random.Generator, work: Floats, y: Floats) -> None:
    """Fill the outputs (4, n) of one block, with six rows (6, n) to work in."""
    count, time, price, scratch, years, power = work
    gpu_hours, cloud_cost, energy, cost = y
    n = count.size
    _lognormal(rng, GPU_COUNT, count)
    time[:] = rng.triangular(90, 100, 180, n)
    np.multiply(count, time, out=gpu_hours)
    gpu_hours *= rng.beta(18, 2, n)
    gpu_hours *= 24
    _lognormal(rng, RENTAL_PRICE, scratch)
    np.multiply(gpu_hours, scratch, out=cloud_cost)
    _uniform(rng, 0.35, 0.42, power)
    power *= rng.beta(12, 4, n)
    _truncated_normal(rng, scratch)
    power *= scratch
    power *= rng.triangular(1.08, 1.12, 1.25, n)
    np.multiply(gpu_hours, power, out=energy)
    _lognormal(rng, GPU_PRICE, price)
    _uniform(rng, 3, 5, years)
    np.multiply(count, price, out=cost)
    cost *= time
    cost /= years
    cost *= 1.3 / 365.25
    _lognormal(rng, ELECTRICITY_PRICE, scratch)
    scratch *= energy
    cost += scratch
    _lognormal(rng, STAFF_FACTOR, scratch)
    cost *= scratch


def _lognormal(rng: np.random.Generator, parameters: tuple[float, float], x: Floats) -> None:
    mu, sigma = parameters
    rng.standard_normal(out=x)
    x *= sigma
    x += mu
    np.exp(x, out=x)


def _uniform(rng: np.random.Generator, low: float, high: float, x: Floats) -> None:
    rng.random(out=x)
    x *= high - low
    x += low


def _truncated_normal(rng: np.random.Generator, x: Floats) -> None:
    """Fill x with draws of normal(1.4, 0.1) within [1.1, 2.0]; one in 740 is drawn again."""
    rng.standard_normal(out=x)
    while (outside := np.flatnonzero((x < -3) | (x > 6))).size:
        x[outside] = rng.standard_normal(outside.size)
    x *= 0.1
    x += 1.4


def _quantiles(y: Floats) -> list[float]:
    """Return the wanted quantiles, as ``np.quantile`` has them; reorders y."""
    places = [(y.size - 1) * p for p in PROBABILITIES]
    below = [int(place) for place in places]
    y.partition(sorted({k for j in below for k in (j, min(j + 1, y.size - 1))}))
    return [
        float(y[j] + (place - j) * (y[min(j + 1, y.size - 1)] - y[j]))
        for j, place in zip(below, places, strict=True)
    ]

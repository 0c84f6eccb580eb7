"""How far each input swings an output: its median where the input is lowest, and highest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wattif.analysis.estimates import UNKNOWN, Estimate, estimates, leave_one_out_and_all, quantiles
from wattif.analysis.sample import Sample, read_sample
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

TAIL = 0.1  # share of the draws at either end of an input


@dataclass(frozen=True)
class Swing:
    """The output's median over draws with the lowest and the highest tenth of an input.

    ``inputs`` are the medians of the input itself in those draws, in ``unit``.
    """

    key: str
    label: str
    unit: str
    inputs: tuple[float, float]
    low: Estimate
    high: Estimate

    @property
    def width(self) -> float:
        """How far apart the two medians are."""
        return abs(self.high.value - self.low.value)


@dataclass(frozen=True)
class Tornado:
    """An output's median over all draws, and each input's swing about it, the widest first.

    Where the output is an ``event``, which is 0 or 1, its mean, a probability, stands for the
    median throughout.
    """

    label: str
    unit: str
    event: bool
    median: Estimate
    swings: tuple[Swing, ...]


def find_swings(tree: DataTree, quantity: str, system: str, language: Language = "en") -> Tornado:
    """Return how far each input of an output swings it, labelled in a language.

    Raises
    ------
    ResultError
        If there is no such output, it does not vary, or it rests on no random input.
    """
    sample = read_sample(tree, quantity, system, language)
    swings = [_swing(sample, number) for number in range(len(sample.inputs))]
    return Tornado(
        sample.output.label,
        sample.output.unit,
        bool(np.isin(sample.y, (0, 1)).all()),
        _middle(sample, np.ones(len(sample.y), dtype=bool)),
        tuple(sorted(swings, key=lambda swing: -swing.width)),
    )


def _swing(sample: Sample, number: int) -> Swing:
    x, one = sample.x[number], sample.inputs[number]
    first, last = np.quantile(x, [TAIL, 1 - TAIL], method="inverted_cdf")
    tails = x <= first, x >= last
    inputs = tuple(float(np.median(x[tail])) for tail in tails)
    low, high = (_middle(sample, tail) for tail in tails)
    return Swing(one.key, one.label, one.unit, (inputs[0], inputs[1]), low, high)


def _middle(sample: Sample, chosen: NDArray[np.bool_]) -> Estimate:
    """Return the output's median, or an event's probability, over the chosen draws (n,)."""
    y, replicate = sample.y[chosen], sample.replicate[chosen]
    if np.isin(sample.y, (0, 1)).all():
        hits, counts = (
            leave_one_out_and_all(np.bincount(replicate, weights, sample.replicates))
            for weights in (y, np.ones_like(y))
        )
        return estimates((hits / counts)[:, None])[0] if counts.all() else UNKNOWN
    parts = [y[replicate == number] for number in range(sample.replicates)]
    return quantiles(parts, np.array([0.5]))[0]

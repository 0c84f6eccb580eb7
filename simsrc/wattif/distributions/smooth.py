"""A smoothed sample: a normal kernel around each value, on the axis of x or of its logarithm.

The sample is first put on a grid of a sixteenth of the bandwidth, each value shared between its two
neighbours so that the mean stays (linear binning): a thousandth of a bandwidth wider, and as fast
for a million values as for a hundred. At a bound, what would lie beyond is reflected.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.checks import number, positive
from wattif.distributions.panels import PLACES, Panels, nodes
from wattif.distributions.sample import Sample

SCALES = ("linear", "log")
_CELLS = 16  # of the grid in a panel, which is as wide as the bandwidth, or a little less
_REACH = 12.0  # bandwidths; a kernel has 1e-33 of its mass beyond, which no tail misses
_WIDEST = 8192  # bandwidths from the least value to the greatest


def silverman(sample: Sample) -> float:
    """Return Silverman's bandwidth, 0.9 min(sd, IQR / 1.34) n^(-1/5)."""
    _, sd = sample.steps.moments()
    first, third = sample.quartiles()
    spread = min(sd, (third - first) / 1.34) if third > first else sd
    return float(0.9 * spread * sample.size**-0.2)


@dataclass(frozen=True)
class Smooth(Distribution):
    """A value of the sample and a normal error of sd ``bandwidth``, reflected at min and max.

    On a log ``scale`` it is ln x that has the error. The bounds are infinite where open.
    """

    family: ClassVar[str] = "empirical"
    sample: Sample
    bandwidth: float
    scale: Literal["linear", "log"] = "linear"
    min: float = -math.inf
    max: float = math.inf

    def __post_init__(self) -> None:
        positive("bandwidth", self.bandwidth)
        low, high = self.sample.steps.values[[0, -1]]
        if low < self.min or high > self.max:
            name, stray = ("min", low) if low < self.min else ("max", high)
            message = f"{name} must not leave out values of the sample, found {number(stray)} in it"
            raise BeliefError(message, name)
        if self.scale == "log" and (math.isfinite(self.min) or math.isfinite(self.max)):
            message = "a smoothed sample has either bounds or a log scale, which keeps it above 0"
            raise BeliefError(message, "scale")
        low, high = self._axis.steps.values[[0, -1]]
        if (high - low) / self.bandwidth > _WIDEST:
            message = f"the sample is {(high - low) / self.bandwidth:,.0f} bandwidths wide"
            hint = "give a wider bandwidth" + ', or scale = "log"' * (self.scale == "linear")
            raise BeliefError(f"{message}; at most {_WIDEST:,} are smoothed", "bandwidth", hint)

    @property
    def parameters(self) -> dict[str, Stated]:
        """What a result says of the sample, and how it was smoothed."""
        how: dict[str, Stated] = {
            "form": "smooth",
            "bandwidth": self.bandwidth,
            "scale": self.scale,
        }
        return {**self.sample.stated, **how, "min": self.min, "max": self.max}

    @cached_property
    def _axis(self) -> Sample:
        """The sample on the axis of the kernels."""
        return self.sample.logarithms() if self.scale == "log" else self.sample

    @cached_property
    def _panels(self) -> Panels:
        edges = self._edges()
        cell = (edges[-1] - edges[0]) / (edges.size - 1) / _CELLS
        masses = self._on_grid(edges[0], cell, (edges.size - 1) * _CELLS)
        reach = math.ceil(_REACH * self.bandwidth / cell)
        for bound, side in ((self.min, (reach, 0)), (self.max, (0, reach))):
            if math.isinf(bound):
                masses = np.pad(masses, side)
            else:  # the knot on the bound is its own mirror image
                masses[0 if side[0] else -1] *= 2.0
                masses = np.pad(masses, side, mode="reflect")
        length = _CELLS + 1 + 2 * reach
        windows = np.lib.stride_tricks.sliding_window_view(masses, length)[::_CELLS]
        away = (PLACES + 1.0) * _CELLS / 2.0 - (np.arange(length) - reach)[:, None]
        return Panels(edges, windows @ np.exp(-0.5 * (away * cell / self.bandwidth) ** 2))

    def _edges(self) -> Array:
        """Return the ends of panels, from bound to bound or as far as kernels reach."""
        low, high = (float(end) for end in self._axis.steps.values[[0, -1]])
        low = low - _REACH * self.bandwidth if math.isinf(self.min) else self.min
        high = high + _REACH * self.bandwidth if math.isinf(self.max) else self.max
        return np.linspace(low, high, math.ceil((high - low) / self.bandwidth) + 1)

    def _on_grid(self, start: float, cell: float, cells: int) -> Array:
        steps = self._axis.steps
        place = (steps.values - start) / cell
        left = np.clip(np.floor(place).astype(np.int64), 0, cells - 1)
        right = (place - left) * steps.masses
        onto = np.concatenate([left, left + 1])
        shares = np.concatenate([steps.masses - right, right])
        return np.asarray(np.bincount(onto, shares, cells + 1), dtype=np.float64)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the integral of the kernels up to x, or beyond it."""
        place = np.asarray(x, dtype=np.float64)
        if self.scale == "log":
            with np.errstate(divide="ignore"):
                place = np.log(np.maximum(place, 0.0))
        return self._panels.probability(place, upper)

    def shape(self) -> Shape:
        """Draw from a table of its own."""
        is_log = self.scale == "log"
        return Shape(
            kind="table",
            location=1.0 if is_log else 0.0,
            exponential=is_log,
            low=0.0 if is_log else self.min,
            high=self.max,
            key=("smooth", self),
            quantile=self._panels.quantile,
        )

    def moments(self) -> tuple[float, float]:
        """Return mean and sd by integrating over the density."""
        y = nodes(self._panels.edges)
        x = np.exp(y) if self.scale == "log" else y
        mean = self._panels.expectation(x)
        return mean, math.sqrt(self._panels.expectation((x - mean) ** 2))

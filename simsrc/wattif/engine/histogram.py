"""Read quantiles and shortest intervals from fine histograms. Needs numpy alone.

Bins follow the bits of 1 + abs(v), v = (y - centre) / scale: ``sub_bins`` equal bins to every
octave of that number, on either side of the centre. So they are equally wide within one scale of
the centre, and further out they keep a constant width relative to the distance. (The bits of abs(v)
alone would spend most bins close to the centre, where nobody looks.) The two end bins take all
beyond 2**40 scales, infinities included.

A quantile is an order statistic: of N draws that are not NaN, p belongs to the one of rank
ceil(p N), as in ``numpy.quantile(method="inverted_cdf")``. Within a bin the density is taken to be
linear, with the slope that the neighbours suggest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

OCTAVES = 40
_ONE = np.uint64(0x3FF0_0000_0000_0000)  # the bits of 1.0
# Sub-bins an octave. The draws in a bin lie there by chance, which moves a quantile by up to 0.12
# of its standard error with 512 of them and 0.05 with 2,048, for a fifth more time.
FINEST = 2048
COARSEST = 16
# Of the centre: what spreads less is rounding, and its bins would be finer than floats are.
_FINEST_SPREAD = 2.0**-41
BUDGET = 50_000_000  # bytes for one set of 64-bit counts of all outputs

SPREADS = ((0.25, 0.75, 1.349), (0.05, 0.95, 3.290), (0.005, 0.995, 5.152), (0.0, 1.0, 7.0))
"""Ranges and what they measure in a normal distribution, in standard deviations."""


@dataclass(frozen=True, eq=False)
class Binning:
    """Where the bins of K outputs lie: ``centre`` and ``scale`` (K,), the scale a power of two."""

    centre: Floats
    scale: Floats
    sub_bins: int
    octaves: int = OCTAVES

    @property
    def half(self) -> int:
        """Number of bins on either side of the centre."""
        return self.octaves * self.sub_bins + 1

    @property
    def bins(self) -> int:
        """Number of bins of an output."""
        return 2 * self.half

    @property
    def ignored_bits(self) -> int:
        """How many low bits of a float its bin does not depend on."""
        return 52 - (self.sub_bins.bit_length() - 1)

    def of_first(self, outputs: int) -> Binning:
        """Return the bins of so many outputs."""
        return replace(self, centre=self.centre[:outputs], scale=self.scale[:outputs])

    def edges(self, output: int, start: int = 0, stop: int | None = None, step: int = 1) -> Floats:
        """Return the edges (n + 1,) of an output's n bins from ``start`` to before ``stop``.

        Those of all bins, which they are if not told, go from minus to plus infinity. Every
        ``step``th edge alone is that of bins so many of which are one.
        """
        i = np.arange(start, (self.bins if stop is None else stop) + 1, step)
        steps = np.abs(i - self.half)
        bits = _ONE + (steps.astype(np.uint64) << np.uint64(self.ignored_bits))
        distance = np.where(steps == self.half, np.inf, bits.view(np.float64) - 1.0)
        with np.errstate(over="ignore"):  # bins beyond the largest float are empty
            edges: Floats = self.centre[output] + self.scale[output] * np.copysign(
                distance, i - self.half
            )
        return edges

    def used(self, output: int, least: float, greatest: float) -> tuple[int, int]:
        """Return the first bin that draws of an output may be in, and the one after the last.

        One more on either side, since a draw on an edge may be in the next bin, by rounding.
        """
        first, last = (self._bin(output, end) for end in (least, greatest))
        return max(first - 1, 0), min(last + 2, self.bins)

    def _bin(self, output: int, y: float) -> int:
        v = (float(y) - float(self.centre[output])) / float(self.scale[output])
        distance = min(abs(v) + 1.0, 2.0**self.octaves)
        part, octave = math.frexp(distance)  # of a scalar, a tenth of the time numpy takes
        steps = (octave - 1) * self.sub_bins + int((2.0 * part - 1.0) * self.sub_bins)
        return self.half + steps if v >= 0.0 else self.half - 1 - steps


def fit_binning(pilot: Floats) -> Binning:
    """Return bins that suit the outputs (K, n) of a pilot run."""
    # A stable sort takes a tenth of the time where draws are in order already.
    places = [_fit(np.sort(row[np.isfinite(row)], kind="stable")) for row in pilot]
    centre = np.array([place[0] for place in places], np.float64)
    scale = np.array([_power_of_two(place[1]) for place in places], np.float64)
    most = BUDGET // (8 * 2 * OCTAVES * max(len(places), 1))
    sub_bins = min(max(1 << most.bit_length() >> 1, COARSEST), FINEST)
    return Binning(centre, scale, sub_bins)


def _fit(ordered: Floats) -> tuple[float, float]:
    """Return centre and scale: the median and a robust standard deviation, never 0.

    But 0 and a low quantile for draws of one sign that spread as far as they are from 0: then even
    the narrow foot of a distribution over many decades has bins of constant relative width.
    """
    if ordered.size == 0:
        return 0.0, 1.0
    centre = float(ordered[(ordered.size - 1) // 2])
    spread = _spread(ordered)
    if spread > abs(centre) / 2 and (ordered[0] > 0.0 or ordered[-1] < 0.0):
        size = np.sort(np.abs(ordered), kind="stable")
        foot, top = size[size.size // 200], size[-1]
        return 0.0, float(max(foot, np.ldexp(top, 4 - OCTAVES)))
    return centre, max(spread, _FINEST_SPREAD * abs(centre)) or 1.0


def _spread(ordered: Floats) -> float:
    """Return a robust standard deviation; 0 only if all draws are equal."""
    last = ordered.size - 1
    for low, high, deviations in SPREADS:  # wider ones for draws that pile up in the middle
        spread = ordered[round(high * last)] / deviations - ordered[round(low * last)] / deviations
        if spread > 0.0:
            return float(spread)
    return 0.0


def _power_of_two(spread: float) -> float:
    """Return the power of two below; neither it nor its inverse over- or underflows."""
    exponent = int(np.frexp(spread)[1]) - 1
    return float(np.ldexp(1.0, min(max(exponent, -1000), 1000)))


class Found(NamedTuple):
    """Where the quantiles of K outputs at Q probabilities are, and their shortest intervals.

    A quantile is a draw of the finite ones, in a bin, unless it is infinite or there is none. Edges
    are no further out than the least and greatest draw.
    """

    rank: Counts  # (K, Q), which draw it is of all that are not NaN, from 1
    value: Floats  # (K, Q), the quantile; NaN if there is no draw
    inner: NDArray[np.bool_]  # (K, Q), whether there are draws in other bins on either side
    counts: Counts  # (K, Q, 3), draws in the bin before its own, in its own, and in the one after
    widths: Floats  # (K, Q, 3), to divide by: none is 0, as a bin that was cut off may be
    edges: Floats  # (K, Q, 4), of the three
    shortest: Floats  # (K, 2)

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether a quantile is in a bin, (K, Q)."""
        return np.asarray(self.counts[..., 1] > 0)

    def densities(self) -> tuple[Floats, Floats, Floats]:
        """Return the densities before, in and after the bins of inner quantiles (n,), in draws."""
        densities = self.counts[self.inner] / self.widths[self.inner]
        return densities[:, 0], densities[:, 1], densities[:, 2]

    def expected(self) -> tuple[Floats, Floats]:
        """Return the density in the bins of inner quantiles, and its change, by the neighbours."""
        before, _, after = self.densities()
        w = self.widths[self.inner].T
        gradient = (after - before) / (w[0] / 2 + w[1] + w[2] / 2)
        return before + gradient * (w[0] + w[1]) / 2, gradient * w[1]

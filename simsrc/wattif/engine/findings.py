"""Gather the statistics of each replicate and of the whole, while the passes find them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from wattif.engine.accumulate import (
    COUNT,
    GREATEST,
    LEAST,
    MEAN,
    MINUS,
    NAN,
    PLUS,
    SQUARES,
    empty_moments,
    merge_moments,
)
from wattif.engine.closeup import Closeup, Windows
from wattif.engine.histogram import Binning, Found
from wattif.engine.refine import (
    TOLERANCE,
    Located,
    bound_bias,
    locate,
    read_closeup,
    standard_errors,
)
from wattif.engine.statistics import Summary
from wattif.engine.used_bins import find_quantiles, make_bins

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Findings:
    """What is known of R replicates of n draws, and in place R of the whole.

    There are K outputs and Q probabilities. Shortest intervals are not looked for of outputs that
    are ``implied``: few of their draws are made.
    """

    def __init__(
        self,
        binning: Binning,
        replicates: int,
        draws: int,
        interval: float,
        probabilities: Floats,
        implied: Collection[int] = (),
    ) -> None:
        outputs = binning.centre.size
        shape = (replicates + 1, outputs, probabilities.size)
        self.probabilities = probabilities
        self._whole, self.draws = replicates, draws
        self._binning, self._interval = binning, interval
        self._masses = np.full(outputs, interval)
        self._masses[list(implied)] = 1.0  # all that was drawn: found at once
        self._bins = make_bins(binning)
        self._moments = np.stack([empty_moments(outputs)] * (replicates + 1))
        self._quantiles = Located(np.zeros(shape), np.zeros(shape), np.zeros(shape))
        self._ranks = np.zeros(shape, np.int64)
        self._shortest = np.zeros((replicates + 1, outputs, 2))
        self._bias = np.zeros(shape[1:])
        self.left = np.zeros(shape[1:])  # bias that no closer look can mend

    def enter(self, place: int, counts: Counts, moments: Floats) -> None:
        """Take in the counts (K, bins) and moments (K, MOMENTS) of a replicate."""
        self._enter(place, self._find(counts, moments), moments)

    def enter_whole(self, counts: Counts, atoms: list[Floats]) -> None:
        """Take in the counts of all replicates, and the atoms of each output that the pilot met."""
        self._merge_replicates()
        moments = self._moments[self._whole]
        found = self._find(counts, moments)
        self._enter(self._whole, found, moments)
        self._bias = bound_bias(found, atoms)

    def _find(self, counts: Counts, moments: Floats) -> Found:
        return find_quantiles(counts, moments, self._bins, self.probabilities, self._masses)

    def _enter(self, place: int, found: Found, moments: Floats) -> None:
        located = locate(found)
        self._moments[place] = moments
        self._quantiles.value[place] = located.value
        self._quantiles.low[place] = located.low
        self._quantiles.high[place] = located.high
        self._ranks[place] = found.rank
        self._shortest[place] = found.shortest

    def is_finite(self, output: int) -> bool:
        """Return whether all draws of an output are."""
        return not self._moments[self._whole, output, [NAN, MINUS, PLUS]].any()

    def quantiles(self, output: int) -> Floats:
        """Return the quantiles (R + 1, Q) of an output as they are known."""
        return self._quantiles.value[:, output].copy()

    def counted(self, output: int) -> float:
        """Return how many draws of an output were counted of each replicate. All are finite."""
        return float(self._moments[0, output, COUNT])

    def bias(self, output: int) -> Floats:
        """Return by how much binning may have moved the quantiles (Q,) of an output."""
        bias: Floats = self._bias[output].copy()
        return bias

    def replace_quantiles(
        self, output: int, which: NDArray[np.bool_], quantiles: Floats, bias: Floats
    ) -> None:
        """Put better quantiles (R + 1, Q), with a bias (Q,) to stay, where ``which`` (Q,) says."""
        for known in (self._quantiles.value, self._quantiles.low, self._quantiles.high):
            known[:, output, which] = quantiles[:, which]
        self._bias[output, which] = 0.0
        self.left[output, which] = bias[which]

    def replace_moments(self, output: int, mean: Floats, variance: Floats) -> None:
        """Put better means and variances (R,) of the draws of an output."""
        moments, binning = self._moments[: self._whole, output], self._binning
        moments[:, COUNT] = self.draws
        moments[:, MEAN] = (mean - binning.centre[output]) / binning.scale[output]
        moments[:, SQUARES] = self.draws * variance / binning.scale[output] ** 2
        self._merge_replicates()

    def replace_shortest(self, output: int, ends: Floats) -> None:
        """Put better shortest intervals (R + 1, 2) of an output."""
        self._shortest[:, output] = ends

    def widen(self, output: int, ends: Floats) -> None:
        """Let the draws of an output reach as far as these ends (R + 1, 2), if they do not."""
        moments = self._moments[:, output]
        moments[:, LEAST] = np.minimum(moments[:, LEAST], ends[:, 0])
        moments[:, GREATEST] = np.maximum(moments[:, GREATEST], ends[:, 1])

    def extremes(self, output: int) -> Floats:
        """Return the least and the greatest draw (R + 1, 2) of an output."""
        return self._moments[:, output][:, [LEAST, GREATEST]]

    def find_in_bins(self, output: int, counts: Counts, probabilities: Floats) -> Found:
        """Find quantiles and the shortest interval in counts (bins,) of all draws of an output."""
        one = slice(output, output + 1)
        bins = self._bins._replace(
            centre=self._bins.centre[one],
            scale=self._bins.scale[one],
            per_scale=self._bins.per_scale[one],
        )
        moments, masses = self._moments[self._whole, one], np.array([self._interval])
        return find_quantiles(counts[np.newaxis], moments, bins, probabilities, masses)

    def _merge_replicates(self) -> None:
        whole = empty_moments(self._binning.centre.size)
        for moments in self._moments[: self._whole]:
            merge_moments(moments, whole)
        self._moments[self._whole] = whole

    def unsettled(self) -> NDArray[np.bool_]:
        """Return which quantiles (K, Q) binning may have moved by too much."""
        errors = standard_errors(self._quantiles.value[: self._whole])
        moments = self._moments[self._whole]
        varies = moments[:, LEAST] < moments[:, GREATEST]
        return np.asarray((self._bias > TOLERANCE * errors) & varies[:, np.newaxis])

    def give_up(self) -> None:
        """Own up to the bias that is left of what binning may have moved by too much."""
        unsettled = self.unsettled()
        self.left[unsettled] = np.maximum(self.left, self._bias)[unsettled]

    def places(self) -> tuple[Floats, Floats]:
        """Return the ends (K, Q) of what holds a quantile of the whole and of every replicate."""
        return self._quantiles.low.min(axis=0), self._quantiles.high.max(axis=0)

    def look(self, windows: Windows, which: Counts, place: int, closeup: Closeup) -> None:
        """Take in what was seen of a replicate through windows; ``which`` (K, Q) is whose."""
        known = Located(
            self._quantiles.value[place], self._quantiles.low[place], self._quantiles.high[place]
        )
        nans = self._moments[place, :, NAN].astype(np.int64)
        seen = read_closeup(closeup, windows, which, self._ranks[place], nans, known)
        self._quantiles.value[place] = seen.value
        self._quantiles.low[place] = seen.low
        self._quantiles.high[place] = seen.high

    def look_at_whole(self, windows: Windows, which: Counts, closeup: Closeup) -> None:
        """Take in what was seen of all replicates: the bias is less than a sub-bin now."""
        self.look(windows, which, self._whole, closeup)
        seen = which >= 0
        low, high = self._quantiles.low[self._whole], self._quantiles.high[self._whole]
        self._bias[seen] = high[seen] - low[seen]

    def summary(self, place: int | slice) -> Summary:
        """Return the statistics of a replicate, of several, or in place R of the whole."""
        moments = self._moments[place]
        finite = moments[..., COUNT].astype(np.int64)
        none = finite == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = moments[..., SQUARES] / (finite - 1)
        centre, scale = self._binning.centre, self._binning.scale
        return Summary(
            finite=finite,
            nan=moments[..., NAN].astype(np.int64),
            negative_infinite=moments[..., MINUS].astype(np.int64),
            positive_infinite=moments[..., PLUS].astype(np.int64),
            mean=np.where(none, np.nan, centre + scale * moments[..., MEAN]),
            sd=np.where(finite < 2, np.nan, scale * np.sqrt(np.abs(variance))),
            minimum=np.where(none, np.nan, moments[..., LEAST]),
            maximum=np.where(none, np.nan, moments[..., GREATEST]),
            quantiles=self._quantiles.value[place],
            hdi=self._shortest[place],
        )

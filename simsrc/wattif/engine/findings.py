"""Gather the statistics of each replicate and of the whole, while the passes find them."""

from __future__ import annotations

from collections.abc import Mapping

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
from wattif.engine.histogram import Binning, Histogram, trim
from wattif.engine.integrate import (
    PARTS,
    ROUNDING,
    WIDER,
    Law,
    Slice,
    is_accurate,
    merge_bins,
    read_rest,
    solve,
)
from wattif.engine.program import Factor
from wattif.engine.refine import (
    TOLERANCE,
    Located,
    bound_bias,
    locate,
    read_closeup,
    standard_errors,
)
from wattif.engine.statistics import Summary

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


NOTHING = Slice(0, np.zeros(0, np.int64))


class Findings:
    """What is known of R replicates, and in place R of the whole; K outputs, Q probabilities.

    Bins and moments have a row more for each of the ``factors``, of what is left without it.
    """

    def __init__(
        self,
        binning: Binning,
        replicates: int,
        interval: float,
        probabilities: Floats,
        factors: tuple[Factor, ...],
    ) -> None:
        rows = binning.centre.size
        outputs = rows - len(factors)
        shape = (replicates + 1, outputs, probabilities.size)
        self.probabilities = probabilities
        self._whole = replicates
        self._binning, self._interval = binning, interval
        self._edges = [binning.edges(k) for k in range(outputs)]
        self._moments = np.stack([empty_moments(rows)] * (replicates + 1))
        self._outputs, self._factors = outputs, factors
        self._merged = max(binning.sub_bins // PARTS, 1)
        self._slices = [[NOTHING] * (replicates + 1) for _ in factors]
        self._quantiles = Located(np.zeros(shape), np.zeros(shape), np.zeros(shape))
        self._ranks = np.zeros(shape, np.int64)
        self._shortest = np.zeros((replicates + 1, outputs, 2))
        self._bias = np.zeros(shape[1:])

    def enter(self, place: int, counts: Counts, moments: Floats) -> None:
        """Take in the counts (K, bins) and moments (K, MOMENTS) of a replicate."""
        self._moments[place] = moments
        for factor, slices in zip(self._factors, self._slices, strict=True):
            slices[place] = merge_bins(counts[factor.rest], self._merged)
        for k in range(self._outputs):
            histogram = self._histogram(k, counts[k], moments[k])
            found = locate(histogram, self.probabilities)
            self._quantiles.value[place, k] = found.value
            self._quantiles.low[place, k] = found.low
            self._quantiles.high[place, k] = found.high
            self._ranks[place, k] = histogram.ranks(self.probabilities)
            self._shortest[place, k] = histogram.shortest(self._interval)

    def enter_whole(self, counts: Counts, atoms: list[Floats]) -> None:
        """Take in the counts of all replicates, and the atoms of each output that the pilot met."""
        moments = self._moments[self._whole]
        for replicate in range(self._whole):
            merge_moments(self._moments[replicate], moments)
        self.enter(self._whole, counts, moments)
        for k in range(self._outputs):
            histogram = self._histogram(k, counts[k], moments[k])
            self._bias[k] = bound_bias(histogram, self.probabilities, atoms[k])

    def _histogram(self, k: int, counts: Counts, moments: Floats) -> Histogram:
        extremes = float(moments[LEAST]), float(moments[GREATEST])
        return trim(counts, self._edges[k], extremes, (int(moments[MINUS]), int(moments[PLUS])))

    def integrate(self, laws: Mapping[int, Law], atoms: list[Floats]) -> NDArray[np.bool_]:
        """Replace quantiles by those with a factor integrated out; return which (K, Q) were.

        ``laws`` are those of the inputs, ``atoms`` what the pilot met of outputs and rests.
        """
        done = np.zeros(self._bias.shape, np.bool_)
        for number, factor in enumerate(self._factors):
            k = factor.output
            if self._can_integrate(factor, atoms[factor.rest]):
                fine, coarse = self._solve(number, laws[factor.input])
                done[k] = is_accurate(fine, coarse)
                for found in (self._quantiles.value, self._quantiles.low, self._quantiles.high):
                    found[:, k, done[k]] = fine[:, done[k]]
                self._bias[k, done[k]] = 0.0
        return done

    def _can_integrate(self, factor: Factor, atoms: Floats) -> bool:
        """Return whether what is left is finite, of one sign, and either constant or smooth."""
        moments = self._moments[self._whole, [factor.output, factor.rest]]
        least, greatest = moments[1, LEAST], moments[1, GREATEST]
        is_finite = not moments[:, [NAN, MINUS, PLUS]].any()
        is_constant = greatest - least <= ROUNDING * abs(greatest)
        whole = self._slices[self._factors.index(factor)][self._whole]
        margin = 2 * WIDER  # bins; the last on either side are infinite
        last = self._binning.bins // self._merged - margin
        is_finite &= margin <= whole.first and whole.end <= last
        return bool(is_finite and least * greatest > 0.0 and (is_constant or not atoms.size))

    def _solve(self, number: int, law: Law) -> tuple[Floats, Floats]:
        """Return the quantiles (R + 1, Q) from fine and from coarse bins of what is left."""
        factor = self._factors[number]
        edges = self._binning.edges(factor.rest)
        positive = bool(self._moments[self._whole, factor.rest, LEAST] > 0.0)
        fine, coarse = (
            read_rest(
                [one.merge(wider) for one in self._slices[number]],
                np.append(edges[: -1 : self._merged * wider], np.inf),
                positive,
            )
            for wider in (1, WIDER)
        )
        solved = self._quantiles.value[:, factor.output]
        with np.errstate(all="ignore"):  # infinite quantiles
            for _ in range(2):  # the second time from close by
                solved = solve(law, coarse, factor.power, self.probabilities, solved)
            return solve(law, fine, factor.power, self.probabilities, solved), solved

    def unsettled(self) -> NDArray[np.bool_]:
        """Return which quantiles (K, Q) binning may have moved by too much."""
        errors = standard_errors(self._quantiles.value[: self._whole])
        moments = self._moments[self._whole, : self._outputs]
        varies = moments[:, LEAST] < moments[:, GREATEST]
        return np.asarray((self._bias > TOLERANCE * errors) & varies[:, np.newaxis])

    def places(self) -> tuple[Floats, Floats]:
        """Return the ends (K, Q) of what holds a quantile of the whole and of every replicate."""
        return self._quantiles.low.min(axis=0), self._quantiles.high.max(axis=0)

    def look(self, windows: Windows, which: Counts, place: int, closeup: Closeup) -> None:
        """Take in what was seen of a replicate through windows; ``which`` (K, Q) is whose."""
        known = Located(
            self._quantiles.value[place], self._quantiles.low[place], self._quantiles.high[place]
        )
        nans = self._moments[place, : self._outputs, NAN].astype(np.int64)
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
        moments = self._moments[place][..., : self._outputs, :]
        finite = moments[..., COUNT].astype(np.int64)
        none = finite == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = moments[..., SQUARES] / (finite - 1)
        centre, scale = (
            one[: self._outputs] for one in (self._binning.centre, self._binning.scale)
        )
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

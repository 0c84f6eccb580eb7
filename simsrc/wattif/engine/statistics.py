"""What a run is reduced to. Needs numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wattif.engine.histogram import Binning

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Summary:
    """Statistics of K outputs at Q probabilities; the leading axes "..." are (R,) or none.

    Moments and extrema are those of the finite draws, NaN where there are none. Quantiles and
    intervals are those of all draws but NaN, infinities being least and greatest.
    """

    finite: Counts  # how many draws were finite, NaN, minus and plus infinity: (..., K)
    nan: Counts
    negative_infinite: Counts
    positive_infinite: Counts
    mean: Floats  # (..., K)
    sd: Floats  # (..., K), of the sample: divided by the number of finite draws less one
    minimum: Floats  # (..., K)
    maximum: Floats  # (..., K)
    quantiles: Floats  # (..., K, Q), see wattif.engine.histogram
    hdi: Floats  # (..., K, 2), the ends of the shortest interval


@dataclass(frozen=True, eq=False)
class Statistics:
    """What a run of R replicates found about K outputs, and the draws that it kept.

    The value to report is the pooled one; how far the replicates lie apart tells its error.
    """

    draws: int  # of each replicate
    replicates: int
    block: int  # draws that were reduced together; bits may differ with another block
    interval: float  # the mass of the shortest intervals
    probabilities: Floats  # (Q,)
    pooled: Summary  # of all draws
    by_replicate: Summary
    histogram: Counts  # (K, bins), of all draws but NaN
    binning: Binning
    kept_inputs: Floats  # (R, D, m): the first m draws of each replicate
    kept_outputs: Floats  # (R, K, m)
    passes: int  # how often all draws were made again to refine quantiles
    integrated: NDArray[np.bool_]  # (K, Q): which quantiles have a factor integrated out
    factors: tuple[str, ...]  # (K,): the key of the input that is that factor, or ""
    bias: Floats  # (K, Q): by how much quantiles may be off besides, as replicates cannot show
    implied: NDArray[np.bool_]  # (K,): which were not drawn, but for the first block of replicates

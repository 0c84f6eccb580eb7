"""A guide to the steps of a discrete distribution: which of them a point can mean.

The first bits of a point choose a cell. Most cells lie within one step, which is then the answer;
only in the others is there anything to search. So thousands of steps cost as little as two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

GUIDE_BITS = 11  # 2,048 cells of 4 bytes stay in the L1 cache
GUIDE_SHIFT = 52 - GUIDE_BITS


def make_guide(cumulative: Sequence[float]) -> NDArray[np.int32]:
    """Return the first step that each cell can mean; the next cell's is the last.

    Parameters
    ----------
    cumulative
        Increasing cumulative probabilities of the steps; the last is 1.
    """
    starts = np.arange((1 << GUIDE_BITS) + 1) / (1 << GUIDE_BITS)
    first = np.searchsorted(cumulative, starts, side="right")
    return np.minimum(first, len(cumulative) - 1).astype(np.int32)

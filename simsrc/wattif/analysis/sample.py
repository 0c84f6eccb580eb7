"""One output beside its inputs, draw by draw, finite draws only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wattif.analysis.draws import Draws, kept_inputs, kept_output
from wattif.analysis.estimates import Array
from wattif.errors import ResultError
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree


@dataclass(frozen=True, eq=False)
class Sample:
    """Joint draws: the output ``y`` (n,), the inputs ``x`` (k, n), the replicate of each draw (n,).

    Draws with a number that is not finite are left out.
    """

    output: Draws
    inputs: tuple[Draws, ...]
    y: Array = field(repr=False)
    x: Array = field(repr=False)
    replicate: NDArray[np.int64] = field(repr=False)
    replicates: int


def read_sample(tree: DataTree, quantity: str, system: str, language: Language = "en") -> Sample:
    """Return the joint draws of an output and of the inputs it rests on.

    Raises
    ------
    ResultError
        If there is no such output or input, or the output's finite draws are all the same.
    """
    output = kept_output(tree, quantity, system, language)
    inputs = kept_inputs(tree, quantity, system, language)
    if output.constant:
        raise ResultError(f"{output.label} does not vary, so nothing moves it; choose another")
    y = output.values.ravel()
    x = np.array([one.values.ravel() for one in inputs])
    finite = np.isfinite(y) & np.isfinite(x).all(axis=0)
    count, draws = output.values.shape
    replicate = np.repeat(np.arange(count), draws)
    return Sample(output, inputs, y[finite], x[:, finite], replicate[finite], count)

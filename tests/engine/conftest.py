from collections.abc import Callable, Sequence

import numpy as np
import pytest

from wattif.distributions.base import Shape
from wattif.engine.accumulate import COUNT, GREATEST, LEAST, MINUS, PLUS, empty_moments
from wattif.engine.histogram import Binning, Found, fit_binning
from wattif.engine.program import Input, Op, Output, Program
from wattif.engine.used_bins import find_quantiles, make_bins

Instruction = tuple[int, ...]


def build_program(
    shapes: Sequence[Shape], code: Sequence[Instruction], constants: Sequence[float] = ()
) -> Program:
    """Return a program; instructions may leave out operands that they do not use."""
    rows = np.array([(*row, 0, 0, 0)[:5] for row in code], np.int32)
    outputs = [row for row in rows if row[0] == Op.OUTPUT]
    return Program(
        inputs=tuple(Input(f"x{j}", shape) for j, shape in enumerate(shapes)),
        outputs=tuple(Output("", f"y{k}") for k in range(len(outputs))),
        code=rows,
        constants=np.array(constants, np.float64),
        registers=1 + max((int(row[1]) for row in rows if row[0] != Op.OUTPUT), default=0),
    )


@pytest.fixture(scope="session")
def make_program() -> Callable[..., Program]:
    return build_program


def count(y: np.ndarray, binning: Binning) -> tuple[np.ndarray, np.ndarray]:
    """Return the counts (1, bins) and moments (1, MOMENTS) of draws, by numpy; without the mean."""
    # numpy's last bin is closed, so that infinity is in it.
    counts = np.histogram(y[~np.isnan(y)], binning.edges(0))[0].astype(np.int64)
    moments, finite = empty_moments(1), y[np.isfinite(y)]
    moments[0, [COUNT, MINUS, PLUS]] = finite.size, (y == -np.inf).sum(), (y == np.inf).sum()
    moments[0, LEAST] = finite.min(initial=np.inf)
    moments[0, GREATEST] = finite.max(initial=-np.inf)
    return counts[np.newaxis], moments


@pytest.fixture(scope="session")
def find() -> Callable[..., Found]:
    """Find quantiles and the shortest interval of draws in the bins that suit the first ones."""

    def find_in_bins(
        y: np.ndarray, p: Sequence[float], mass: float = 0.9, binning: Binning | None = None
    ) -> Found:
        binning = binning or fit_binning(y[np.newaxis, :4096])
        counts, moments = count(y, binning)
        return find_quantiles(counts, moments, make_bins(binning), np.array(p), np.array([mass]))

    return find_in_bins


@pytest.fixture(scope="session")
def count_draws() -> Callable[[np.ndarray, Binning], tuple[np.ndarray, np.ndarray]]:
    return count

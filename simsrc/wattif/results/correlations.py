"""Which correlations were asked for, and which the draws have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from wattif.language.model import Correlation, Model

if TYPE_CHECKING:
    from xarray import Dataset

Array = NDArray[np.float64]
Measure = Literal["rank", "kendall", "pearson"]

_FEWEST = 16  # draws of a replicate that have a correlation worth reporting
_PAIRED = 512  # draws compared pair by pair for Kendall's tau: their square is the work


def correlations_table(model: Model, drawn: tuple[str, ...], kept: Array) -> Dataset:
    """Return the stated correlations with those achieved and their standard errors, by pair.

    Parameters
    ----------
    model
        The study that was run.
    drawn
        Keys of the quantities that were sampled.
    kept
        Their kept draws, (replicates, quantities, draws). The achieved correlation is the mean over
        replicates, NaN where no output needs both quantities.
    """
    import xarray

    rows = [(whole, pair) for whole in model.dependences for pair in whole.pairs]
    places = {key: place for place, key in enumerate(drawn)}
    found = np.array([_achieved(pair, places, kept) for _, pair in rows]).reshape(-1, 2)
    text = {
        "first": [pair.first for _, pair in rows],
        "second": [pair.second for _, pair in rows],
        "copula": [whole.copula for whole, _ in rows],
        "measure": [pair.measure for _, pair in rows],
        "source": [pair.source for _, pair in rows],
    }
    numbers = {
        "asked": np.array([pair.value for _, pair in rows], np.float64),
        "scores": np.array([pair.scores for _, pair in rows], np.float64),
        "parameter": np.array([whole.parameter for whole, _ in rows], np.float64),
        "repaired": np.array([whole.repaired for whole, _ in rows], np.int8),
        "achieved": found[:, 0],
        "achieved_error": found[:, 1],
    }
    words = {name: ("pair", np.array(values, dtype=str)) for name, values in text.items()}
    return xarray.Dataset(words | {name: ("pair", values) for name, values in numbers.items()})


def _achieved(pair: Correlation, places: Mapping[str, int], kept: Array) -> tuple[float, float]:
    """Return the mean over replicates of the measure a pair is stated in, and its error."""
    if pair.first not in places or pair.second not in places or kept.shape[2] < _FEWEST:
        return np.nan, np.nan
    x, y = kept[:, places[pair.first]], kept[:, places[pair.second]]
    each = [measure(pair.measure, a, b) for a, b in zip(x, y, strict=True)]
    return float(np.mean(each)), float(np.std(each, ddof=1) / np.sqrt(len(each)))


def measure(name: Measure, x: Array, y: Array) -> float:
    """Return how strongly draws x and y (n,) move together."""
    if name == "kendall":
        return _kendall(x[:_PAIRED], y[:_PAIRED])
    a, b = midranks(x), midranks(y)
    if name == "pearson":
        from scipy import special

        a, b = special.ndtri(a / x.size), special.ndtri(b / y.size)
    with np.errstate(invalid="ignore"):  # a draw that never varies correlates with nothing
        return float(np.corrcoef(a, b)[0, 1])


def midranks(x: Array) -> Array:
    """Return the ranks of draws x (n,), from 1/2 to n - 1/2, ties in the middle of theirs."""
    _, place, count = np.unique(x, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - count / 2.0)[place])


def _kendall(x: Array, y: Array) -> float:
    """Return tau: the share of pairs of draws in one order, less that in opposite orders."""
    order = np.sign(x[:, np.newaxis] - x) * np.sign(y[:, np.newaxis] - y)
    return float(order.sum() / (x.size * (x.size - 1)))

"""Which correlations were asked for, and which the draws have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wattif.language.model import CopulaKind, Correlation, Model

if TYPE_CHECKING:
    from xarray import Dataset

Array = NDArray[np.float64]

FEWEST = 16  # draws of a replicate that have a correlation worth reporting
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
        replicates, NaN where no output needs both quantities or too few draws were kept. The
        "pearson" of a Student's t copula is that of its own scores, by way of Kendall's tau.
    """
    import xarray

    rows = [(whole, pair) for whole in model.dependences for pair in whole.pairs]
    achieved = _Achieved({key: kept[:, place] for place, key in enumerate(drawn)})
    found = np.array([achieved.of(whole.copula, pair) for whole, pair in rows]).reshape(-1, 2)
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


class _Achieved:
    """Correlations of kept draws, by key (R, n): each is ranked once, however many pairs it has."""

    def __init__(self, kept: Mapping[str, Array]) -> None:
        self._kept = kept
        self._ranks: dict[str, Array] = {}

    def of(self, copula: CopulaKind, pair: Correlation) -> tuple[float, float]:
        """Return the mean over replicates of the measure a pair is stated in, and its error."""
        if pair.first not in self._kept or pair.second not in self._kept:
            return np.nan, np.nan
        x, y = self._kept[pair.first], self._kept[pair.second]
        if x.shape[1] < FEWEST:
            return np.nan, np.nan
        if pair.measure == "rank":
            each = _correlate(self._ranked(pair.first), self._ranked(pair.second))
        elif pair.measure == "pearson" and copula == "gaussian":
            each = _correlate(self._scored(pair.first), self._scored(pair.second))
        else:
            each = np.array([kendall(a, b) for a, b in zip(x, y, strict=True)])
        if pair.measure == "pearson" and copula == "student-t":
            each = np.sin(np.pi * each / 2.0)  # as for every elliptical copula
        return float(np.mean(each)), float(np.std(each, ddof=1) / np.sqrt(len(each)))

    def _ranked(self, key: str) -> Array:
        if key not in self._ranks:
            self._ranks[key] = np.array([midranks(draws) for draws in self._kept[key]])
        return self._ranks[key]

    def _scored(self, key: str) -> Array:
        from scipy import special

        ranks = self._ranked(key)
        return np.asarray(special.ndtri(ranks / ranks.shape[1]))


def _correlate(x: Array, y: Array) -> Array:
    """Return Pearson's correlations of draws (R, n), a replicate each."""
    a, b = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
    with np.errstate(invalid="ignore"):  # a draw that never varies correlates with nothing
        return np.asarray((a * b).sum(axis=1) / np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1)))


def midranks(x: Array) -> Array:
    """Return the ranks of draws x (n,), from 1/2 to n - 1/2, ties in the middle of theirs."""
    _, place, count = np.unique(x, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - count / 2.0)[place])


def kendall(x: Array, y: Array) -> float:
    """Return tau: the share of pairs of draws in one order, less that in opposite orders.

    Of the first draws alone, since the pairs of all are too many.
    """
    x, y = x[:_PAIRED], y[:_PAIRED]
    order = np.sign(x[:, np.newaxis] - x) * np.sign(y[:, np.newaxis] - y)
    return float(order.sum() / (x.size * (x.size - 1)))

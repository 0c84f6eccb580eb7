"""Which inputs move an output: variance-based and rank-based measures from the kept draws.

The first-order index of an input (Sobol' 1993) is Var(E[Y | X]) / Var(Y), the share of the output's
variance that would vanish, on average, if the input were known. It is estimated from the draws at
hand, as by Plischke, Borgonovo and Smith (2013, European Journal of Operational Research 226, 536):
draws are sorted into bins by the rank of X. The variance of the bins' means is biased by their
noise; here it is made from products of the means of *different* replicates instead, which are
independent, so that no bias is left whatever the points, random or quasi-random, and bins can be
narrow.

Totals cannot be had from given draws, since no two of them differ in one input alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wattif.analysis.estimates import (
    Array,
    Estimate,
    estimates,
    leave_one_out_and_all,
)
from wattif.analysis.ranks import bin_by_rank, correlation_of, gram_by_replicate, rank, standardise
from wattif.analysis.sample import Sample, read_sample
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

_DRAWS_A_BIN = 128
_MOST_BINS = 128
_HALVINGS = 4  # of the outermost bins: under long tails the conditional mean changes fastest there
_DUMMIES = 40  # their largest index is one that an idle input exceeds once in forty times


@dataclass(frozen=True)
class InputEffect:
    """How much one input moves the output.

    ``first_order`` is its Sobol' index, ``rank_correlation`` Spearman's coefficient, and
    ``rank_regression`` its standardised coefficient in the regression of the output's ranks on
    those of all inputs.
    """

    key: str
    label: str
    first_order: Estimate
    rank_correlation: Estimate
    rank_regression: Estimate


@dataclass(frozen=True)
class Sensitivity:
    """How much each input moves an output, the largest first.

    Parameters
    ----------
    label
        Of the output.
    effects
        One an input, by falling first-order index.
    noise
        Largest first-order index that made-up inputs without any influence reached: an index below
        it says nothing.
    unexplained
        What the first-order indices leave of 1: interactions, if the inputs are independent. Total
        indices cannot be had from given draws.
    rank_fit
        Share of the variance of the output's ranks that the rank regression explains; where it is
        low, its coefficients and the rank correlations miss something.
    draws
        Draws used.
    """

    label: str
    effects: tuple[InputEffect, ...]
    noise: float
    unexplained: Estimate
    rank_fit: Estimate
    draws: int


def analyse_sensitivity(
    tree: DataTree, quantity: str, system: str, language: Language = "en"
) -> Sensitivity:
    """Return how much each input of an output moves it, labelled in a language.

    Raises
    ------
    ResultError
        If there is no such output, it does not vary, or it rests on no random input.
    """
    sample = read_sample(tree, quantity, system, language)
    indices = first_order(sample.y, sample.x, sample.replicate, sample.replicates)
    correlation, regression, fit = _rank_measures(sample)
    measures = zip(sample.inputs, estimates(indices), correlation, regression, strict=True)
    effects = [InputEffect(one.key, one.label, *numbers) for one, *numbers in measures]
    (unexplained,) = estimates(1 - indices.sum(axis=1, keepdims=True))
    return Sensitivity(
        sample.output.label,
        tuple(sorted(effects, key=lambda effect: -effect.first_order.value)),
        noise_floor(sample),
        unexplained,
        fit,
        len(sample.y),
    )


def first_order(y: Array, x: Array, replicate: NDArray[np.int64], replicates: int) -> Array:
    """Return the first-order indices of k inputs without each replicate, and with all: (R + 1, k).

    Parameters
    ----------
    y, x
        Output (n,) and inputs (k, n), draw by draw.
    replicate
        Number (n,) of each draw's replicate, of ``replicates`` in all.
    """
    y = standardise(y)
    edges = _bin_edges(int(np.clip(len(y) // _DRAWS_A_BIN, 4, _MOST_BINS)))
    bins = len(edges) + 1
    whole = _between(np.zeros(len(y), dtype=np.int64), y, replicate, (replicates, 1))
    squares = leave_one_out_and_all(np.bincount(replicate, y**2, replicates))
    counts = leave_one_out_and_all(np.bincount(replicate, minlength=replicates))
    indices = [
        (_between(bin_by_rank(column, edges), y, replicate, (replicates, bins)) - whole)
        * (counts / squares)
        for column in x
    ]
    return np.stack(indices, axis=1)


def _bin_edges(count: int) -> Array:
    """Return the rank shares between ``count`` equal bins, and between parts of the outermost."""
    middle = np.arange(1, count) / count
    tail = 0.5 ** np.arange(_HALVINGS, 0, -1) / count
    return np.concatenate([tail, middle, (1 - tail)[::-1]])


def _between(
    bins: NDArray[np.int64], y: Array, replicate: NDArray[np.int64], shape: tuple[int, int]
) -> Array:
    """Return the variance of the bins' means, without each of R replicates and with all: (R + 1,).

    The squared mean of a bin is the mean product of the y of two different replicates in it.
    """
    cell = replicate * shape[1] + bins
    size = shape[0] * shape[1]
    count = np.bincount(cell, minlength=size).reshape(shape)
    total = np.bincount(cell, y, minlength=size).reshape(shape)
    counts, totals = leave_one_out_and_all(count), leave_one_out_and_all(total)
    pairs = counts**2 - leave_one_out_and_all(count**2)
    products = totals**2 - leave_one_out_and_all(total**2)
    share = counts / counts.sum(axis=1, keepdims=True)
    squares = np.divide(products, pairs, out=np.zeros_like(products), where=pairs > 0)
    return np.asarray(np.sum(share * squares, axis=1))


def noise_floor(sample: Sample) -> float:
    """Return the largest first-order index of inputs that have nothing to do with the output."""
    dummies = np.random.default_rng(0).random((_DUMMIES, len(sample.y)))
    return float(first_order(sample.y, dummies, sample.replicate, sample.replicates)[-1].max())


def _rank_measures(sample: Sample) -> tuple[list[Estimate], list[Estimate], Estimate]:
    """Return rank correlations and standardised rank regression coefficients, and its fit."""
    columns = np.column_stack([standardise(rank(row)) for row in (*sample.x, sample.y)])
    gram = gram_by_replicate(columns, sample.replicate, sample.replicates)
    correlation = correlation_of(leave_one_out_and_all(gram))
    correlation[np.isnan(correlation)] = 0.0  # an input that is the same in all draws
    among, with_output = correlation[:, :-1, :-1], correlation[:, :-1, -1]
    # The least-squares solution of least norm: inputs may be copies of each other.
    regression = np.einsum("rij,rj->ri", np.linalg.pinv(among, hermitian=True), with_output)
    fit = np.einsum("ri,ri->r", regression, with_output)[:, None]
    return estimates(with_output), estimates(regression), estimates(fit)[0]

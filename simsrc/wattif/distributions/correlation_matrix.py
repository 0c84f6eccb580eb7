"""Matrices of correlations: whether there can be one, what is nearest to one, its factor."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.base import Array, BeliefError

_ROUNDING = 1e-8  # of an eigenvalue; the entries of a singular matrix are rarely typed to more
_STEPS = 500
_SWEEPS = 500
_NEARLY_ONE = 1.0 - 1e-9  # a block of ones has no inverse
_SUSPECTS = 12  # quantities among which three are sought: 220 threes


def is_feasible(matrix: Array) -> bool:
    """Return whether a symmetric matrix (m, m) with a diagonal of ones may hold correlations."""
    return float(np.linalg.eigvalsh(matrix)[0]) >= -_ROUNDING


def factor(matrix: Array) -> Array:
    """Return the lower triangular L (m, m) with L L' = ``matrix``, singular ones included."""
    m = len(matrix)
    lower = np.zeros((m, m))
    for j in range(m):
        row = lower[j, :j]
        lower[j, j] = math.sqrt(max(matrix[j, j] - float(row @ row), 0.0))
        for i in range(j + 1, m):
            rest = matrix[i, j] - float(lower[i, :j] @ row)
            # A pivot of 0: all there is to j is in those before it, and in i no more of it.
            lower[i, j] = rest / lower[j, j] if lower[j, j] > math.sqrt(_ROUNDING) else 0.0
    length = np.sqrt((lower * lower).sum(axis=1, keepdims=True))
    return np.asarray(lower / length)  # scores must have variance 1, whatever was rounded


def nearest(matrix: Array) -> Array:
    """Return the correlation matrix nearest to a symmetric one, by the sum of squared differences.

    Alternating projections with Dykstra's correction (Higham 2002, algorithm 3.3).
    """
    y, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(_STEPS):
        r = y - correction
        values, vectors = np.linalg.eigh(r)
        x = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = x - r
        before, y = y, x.copy()
        np.fill_diagonal(y, 1.0)
        if np.abs(y - before).max() < 1e-12:
            break
    return np.asarray(np.clip((y + y.T) / 2.0, -1.0, 1.0))


def complete(matrix: Array, stated: NDArray[np.bool_]) -> Array:
    """Return a matrix with its unstated entries filled in: dependence through the stated ones only.

    That is the matrix of greatest determinant, whose inverse is 0 where nothing is stated (Dempster
    1972); in a chain of two it is the product. Found pair by pair (Speed & Kiiveri 1986). Entries
    stay 0 if none can be found, as where what is stated is infeasible.
    """
    pairs = np.argwhere(np.triu(stated, 1))
    targets = np.clip(matrix, -_NEARLY_ONE, _NEARLY_ONE)
    found = np.eye(len(matrix))
    for _ in range(_SWEEPS):
        before = found
        for i, j in pairs:
            found = _with_pair(found, i, j, targets[i, j])
        if np.abs(found - before).max() < 1e-12:
            return np.asarray(np.where(stated | np.eye(len(matrix), dtype=bool), matrix, found))
    return np.where(stated, matrix, np.eye(len(matrix)))


def _with_pair(covariance: Array, i: int, j: int, r: float) -> Array:
    """Return the covariance whose (i, j) block is [[1, r], [r, 1]], all else following that block.

    What depends on the pair does so by the same regression as before.
    """
    block = [i, j]
    slope = np.linalg.solve(covariance[np.ix_(block, block)], covariance[block])
    change = np.array([[1.0, r], [r, 1.0]]) - covariance[np.ix_(block, block)]
    return np.asarray(covariance + slope.T @ change @ slope)


def refuse_infeasible(
    matrix: Array, names: tuple[str, ...], stated: NDArray[np.bool_]
) -> BeliefError:
    """Return what is wrong with a matrix that is not feasible, by the quantities' names.

    The ``stated`` entries are to blame: three of them if any three are, among the quantities that
    the impossible direction rests on.
    """
    direction = np.abs(np.linalg.eigh(matrix)[1][:, 0])
    for i, j, k in combinations(sorted(np.argsort(-direction)[:_SUSPECTS]), 3):
        three = np.ix_((i, j, k), (i, j, k))
        a, b, c = matrix[i, j], matrix[i, k], matrix[j, k]
        all_stated = stated[i, j] and stated[i, k] and stated[j, k]
        if all_stated and 1.0 + 2.0 * a * b * c - a * a - b * b - c * c < -_ROUNDING:
            return _refuse_three(matrix[three], (names[i], names[j], names[k]))
    return _refuse_many(matrix, names)


def _refuse_three(matrix: Array, names: tuple[str, str, str]) -> BeliefError:
    """Return what is wrong with three, blaming the weakest of their correlations."""
    pairs = ((0, 1), (0, 2), (1, 2))
    weakest = min(pairs, key=lambda pair: abs(matrix[pair]))
    (c,) = {0, 1, 2} - set(weakest)
    a, b = weakest
    middle = matrix[a, c] * matrix[b, c]
    room = math.sqrt((1.0 - matrix[a, c] ** 2) * (1.0 - matrix[b, c] ** 2))
    stated = ", ".join(f"{names[i]} with {names[j]} {matrix[i, j]:.3g}" for i, j in pairs)
    message = (
        f"correlations that cannot be: {stated} (of the scores); given the other two, that of "
        f"{names[a]} with {names[b]} must lie between {middle - room:.3g} and {middle + room:.3g}"
    )
    hint = (
        f"state it (a pair that is not stated counts as 0), or add repair = true; {middle:.3g} is"
    )
    return BeliefError(message, hint=f"{hint} what {names[c]} alone brings about")


def _refuse_many(matrix: Array, names: tuple[str, ...]) -> BeliefError:
    """Return what is wrong with many, naming the pairs that the impossible direction rests on."""
    values, vectors = np.linalg.eigh(matrix)
    share = np.outer(vectors[:, 0], vectors[:, 0]) * matrix
    pairs = sorted(combinations(range(len(matrix)), 2), key=lambda pair: share[pair])[:4]
    stated = ", ".join(f"{names[i]} with {names[j]} {matrix[i, j]:.3g}" for i, j in pairs)
    message = (
        f"correlations that cannot be: the smallest eigenvalue of their matrix is {values[0]:.3g}, "
        f"below 0, mostly because of {stated} (of the scores)"
    )
    return BeliefError(
        message, hint="weaken them, or add repair = true for the nearest that can be"
    )

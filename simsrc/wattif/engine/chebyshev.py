"""Where to look at a function to put a polynomial through it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wattif.distributions.base import Array


class Nodes(NamedTuple):
    """What a polynomial of ``terms`` powers on [-1, 1] needs.

    ``places`` (terms,) are the Chebyshev nodes; values there times ``to_powers`` (terms, terms) are
    its coefficients. Its error is about largest at ``extremes`` (3,): its values there are the
    coefficients times ``at_extremes`` (terms, 3).
    """

    places: Array
    to_powers: Array
    extremes: Array
    at_extremes: Array


def nodes(terms: int) -> Nodes:
    """Return the Chebyshev nodes, and how to get from values there to powers."""
    angles = np.pi * (np.arange(terms) + 0.5) / terms
    # Values at the nodes to coefficients of Chebyshev polynomials, and those to powers.
    to_series = 2.0 / terms * np.cos(np.outer(angles, np.arange(terms)))
    to_series[:, 0] /= 2.0
    series = [
        np.polynomial.chebyshev.cheb2poly(row[: j + 1]) for j, row in enumerate(np.eye(terms))
    ]
    powers = np.array([np.pad(row, (0, terms - row.size)) for row in series])
    extremes = np.cos(np.pi * np.array([1, terms // 2, terms - 1]) / terms)  # where T = -1 or 1
    return Nodes(np.cos(angles), to_series @ powers, extremes, np.vander(extremes, terms, True).T)

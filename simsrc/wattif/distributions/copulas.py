"""Copulas of two quantities: their distribution functions, and how far their ranks correlate.

Rank correlation follows from Hoeffding's identity, the integral of C(u, v) - u v over the ranks of
both margins; so it is right for discrete margins too, where ties weaken it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from wattif.distributions.base import Array
from wattif.distributions.midranks import Midranks

PairKind = Literal["clayton", "gumbel", "frank"]
Margins = tuple[Midranks, Midranks]

_MIXTURE = 64  # Gauss-Legendre nodes over the chi-square of a Student's t copula


def clayton(theta: float, u: Array, v: Array) -> Array:
    """Return C(u, v) for theta > 0 (Nelsen 2006, 4.2.1)."""
    logarithm = np.logaddexp(-theta * np.log(u), -theta * np.log(v))
    # log(e^a + e^b - 1), which may overflow before its logarithm
    return np.asarray(np.exp(-(logarithm + np.log1p(-np.exp(-logarithm))) / theta))


def gumbel(theta: float, u: Array, v: Array) -> Array:
    """Return C(u, v) for theta >= 1 (Nelsen 2006, 4.2.4)."""
    x, y = -np.log(u), -np.log(v)
    longer = np.maximum(x, y)
    return np.asarray(np.exp(-longer * (1.0 + (np.minimum(x, y) / longer) ** theta) ** (1 / theta)))


def frank(theta: float, u: Array, v: Array) -> Array:
    """Return C(u, v) for theta not 0 (Nelsen 2006, 4.2.5)."""
    if theta < 0.0:
        return np.asarray(u - frank(-theta, u, 1.0 - v))
    # 1 - (1 - e^-tu)(1 - e^-tv) / (1 - e^-t), as a sum of positive terms
    a, b, c = np.exp(-theta * u), np.exp(-theta * v), math.exp(-theta)
    rest = (a * (1.0 - b) + b - c) / -math.expm1(-theta)
    return np.asarray(-np.log(rest) / theta)


@dataclass(frozen=True)
class Detail:
    """How many Gauss-Legendre nodes serve a whole margin, and the angle of a correlation."""

    nodes: int
    angles: int


COARSE = Detail(64, 48)  # 1e-7 of a rank correlation up to 0.9
FINE = Detail(400, 160)  # 1e-6 of one up to 0.999


_FORMULAS = {"clayton": clayton, "gumbel": gumbel, "frank": frank}


@dataclass(frozen=True)
class PairCopula:
    """An Archimedean copula of two quantities."""

    kind: PairKind
    theta: float
    detail: Detail = COARSE

    def rank_correlation(self, margins: Margins) -> float:
        """Return Spearman's rho of draws with these margins."""
        return _hoeffding(partial(_FORMULAS[self.kind], self.theta), margins, self.detail)


@dataclass(frozen=True)
class EllipticalCopula:
    """The Gaussian copula (``df`` infinite), or Student's t, of two quantities."""

    df: float = math.inf
    detail: Detail = COARSE

    def rank_correlation(self, r: float, margins: Margins) -> float:
        """Return Spearman's rho of draws with these margins and correlation r of the scores."""
        if math.isinf(self.df) and all(one.is_continuous for one in margins):
            return 6.0 / math.pi * math.asin(r / 2.0)  # Pearson 1907
        if abs(r) == 1.0:
            low, high = attainable(margins)
            return high if r > 0.0 else low
        return self._at_zero(margins) + self._beyond_zero(r, margins)

    def _beyond_zero(self, r: float, margins: Margins) -> float:
        """Return by how much r moves the rank correlation from where it is at r = 0.

        By Plackett's identity (1954), for Student's t Genz & Bretz (2009, 2.1): with x and y the
        scores, sin(t) = r and q = (x^2 + y^2 - 2 x y sin t) / cos^2 t, dC/dt is
        (1 + q / df)^(-df/2) / 2 pi.
        """
        (u, du), (v, dv) = (one.nodes(self.detail.nodes) for one in margins)
        x, y = self._score(u)[:, np.newaxis], self._score(v)
        nodes, weights = np.polynomial.legendre.leggauss(self.detail.angles)
        half = math.asin(r) / 2.0
        total = 0.0
        for angle, weight in zip(half * (1.0 + nodes), half * weights, strict=True):
            square = (x * x + y * y - 2.0 * math.sin(angle) * x * y) / math.cos(angle) ** 2
            total += weight * float(du @ self._kernel(square) @ dv)
        return total / (2.0 * math.pi * margins[0].sd * margins[1].sd)

    def _kernel(self, square: Array) -> Array:
        if math.isinf(self.df):
            return np.asarray(np.exp(-square / 2.0))
        return np.asarray((1.0 + square / self.df) ** (-self.df / 2.0))

    def _score(self, u: Array) -> Array:
        from scipy import special

        return np.asarray(special.ndtri(u) if math.isinf(self.df) else special.stdtrit(self.df, u))

    def _at_zero(self, margins: Margins) -> float:
        """Return the rank correlation of uncorrelated scores.

        Scores of Student's t depend even so; that shows where a discrete margin is lopsided.
        """
        if math.isinf(self.df) or any(one.is_continuous for one in margins):
            return 0.0
        from scipy import special

        nodes, weights = np.polynomial.legendre.leggauss(_MIXTURE)
        share = special.gammaincinv(self.df / 2.0, (1.0 + nodes) / 2.0) / (self.df / 2.0)
        given_share = np.sqrt(share)[:, np.newaxis]
        excess = np.ones(_MIXTURE)
        for margin in margins:
            u, du = margin.nodes(self.detail.nodes)
            # How far the margin's ranks lie off where they lie in all, given the chi-square.
            excess *= (special.ndtr(given_share * self._score(u)) - u) @ du / margin.sd
        return float(weights @ excess) / 2.0


def attainable(margins: Margins) -> tuple[float, float]:
    """Return the least and the greatest rank correlation of these margins.

    The greatest is that of draws at the same u (Frechet's bound), the least that of draws at u and
    at 1 - u.
    """
    first, second = margins
    return -_correlate(first, second.mirrored), _correlate(first, second)


def _correlate(first: Midranks, second: Midranks) -> float:
    """Return the correlation of ranks at the same u, exactly: both are linear between ends."""
    ends = np.unique([0.0, 1.0, *first.ends, *second.ends])
    middle, half = (ends[1:] + ends[:-1]) / 2.0, (ends[1:] - ends[:-1]) / 2.0
    gauss = np.array([[-1.0], [1.0]]) / math.sqrt(3.0)
    u = middle + gauss * half
    mean_of_product = float((first.rank(u) * second.rank(u) * half).sum())
    return (mean_of_product - 0.25) / (first.sd * second.sd)


def _hoeffding(copula: Callable[[Array, Array], Array], margins: Margins, detail: Detail) -> float:
    (u, du), (v, dv) = (one.nodes(detail.nodes) for one in margins)
    excess = copula(u[:, np.newaxis], v) - u[:, np.newaxis] * v
    return float(du @ excess @ dv) / (margins[0].sd * margins[1].sd)

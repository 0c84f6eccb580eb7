"""Densities exp(a s + b s^2) on an interval: probabilities, quantiles, and the a and b for moments.

All integrals are Gauss-Legendre sums over panels so narrow that the exponent moves little within
one: both tails keep their digits for either sign of b, which no one closed form gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from wattif.distributions.base import Array
from wattif.distributions.inversion import solve

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_MOVE = 4.0  # of the exponent within a panel: 16 nodes are then exact to rounding
_DEEPEST = 720.0  # below the exponent's maximum, where the density is next to the least float
_HALVINGS = 80
_STEPS = 200
_HOLLOW = 50.0  # trough from which the search does not come back
_NEAR, _EXACT = 1e-6, 1e-14  # of moments of order 1


@dataclass(frozen=True)
class Tilted:
    """The distribution on [low, high] with a density in proportion to exp(a s + b s^2)."""

    a: float
    b: float
    low: float
    high: float

    @property
    def mirrored(self) -> Tilted:
        """The distribution of -s."""
        return Tilted(-self.a, self.b, -self.high, -self.low)

    @property
    def turn(self) -> float:
        """Where the exponent turns, or the end that is nearest to there."""
        if self.b == 0.0:
            return self.low
        return min(max(-self.a / (2.0 * self.b), self.low), self.high)

    @property
    def highest(self) -> float:
        """The greatest value of the exponent."""
        return max(s * (self.a + self.b * s) for s in (self.low, self.turn, self.high))

    @property
    def trough(self) -> float:
        """How deep the exponent sinks between peaks at both ends; 0 if there is one peak."""
        if self.b <= 0.0:
            return 0.0
        low, turn, high = (s * (self.a + self.b * s) for s in (self.low, self.turn, self.high))
        return min(low, high) - turn

    def density(self, s: Array) -> Array:
        """Return the density over its greatest value."""
        value: Array = np.exp(s * (self.a + self.b * s) - self.highest)
        return value

    @cached_property
    def ends(self) -> Array:
        """The ends of the panels, (panels + 1,)."""
        ends = np.unique([self.low, self.turn, self.high])
        for _ in range(_HALVINGS):
            exponent = ends * (self.a + self.b * ends) - self.highest
            steep = np.abs(np.diff(exponent)) > _MOVE
            seen = np.maximum(exponent[1:], exponent[:-1]) > -_DEEPEST
            wide = steep & seen
            if not wide.any():
                break
            ends = np.sort(np.append(ends, (ends[:-1] + ends[1:])[wide] / 2.0))
        return ends

    @cached_property
    def below(self) -> Array:
        """Integral of the density up to the ends of the panels, (panels + 1,)."""
        return np.append(0.0, np.cumsum(self._integral(self.ends[:-1], self.ends[1:])))

    def probability(self, s: Array) -> Array:
        """Return P(S <= s) for s (n,) in [low, high], accurate where it is small."""
        panel = np.clip(np.searchsorted(self.ends, s) - 1, 0, self.ends.size - 2)
        part = self.below[panel] + self._integral(self.ends[panel], s)
        return np.asarray(part / self.below[-1])

    def quantile(self, p: Array) -> Array:
        """Return the s with P(S <= s) = p, for p (n,) in (0, 1/2]."""
        start = np.interp(p, self.below / self.below[-1], self.ends)

        def curve(s: Array) -> tuple[Array, Array]:
            below = self.probability(s)
            with np.errstate(divide="ignore"):
                return np.log(below), self.density(s) / (self.below[-1] * below)

        return solve(curve, np.log(p), start, self.low, self.high)

    def moments(self, orders: int) -> Array:
        """Return the means of s, s^2, ... up to the order, (orders,)."""
        half = np.diff(self.ends)[:, None] / 2.0
        s = self.ends[:-1, None] + half * (_NODES + 1.0)
        weights = half * _WEIGHTS * self.density(s)
        sums = [float((weights * s**k).sum()) for k in range(orders + 1)]
        return np.array(sums[1:]) / sums[0]

    def _integral(self, first: Array, last: Array) -> Array:
        """Return the integral of the density from ``first`` (n,) to ``last`` (n,)."""
        half = (last - first) / 2.0
        s = first[:, None] + half[:, None] * (_NODES + 1.0)
        return np.asarray(half * (self.density(s) @ _WEIGHTS))


class NoTilt(Exception):
    """No a and b that can be drawn from give the moments."""


@lru_cache(maxsize=256)
def tilt(low: float, high: float, moments: tuple[float, ...], start: tuple[float, ...]) -> Tilted:
    """Return the distribution on [low, high] whose means of s (and s^2) are the ``moments``.

    With one moment b is 0. Newton's method on the convex function ln Z - a E s - b E s^2, whose
    minimum is where the moments hold: steps are shortened until they descend, and near the end,
    where rounding hides the descent, taken as long as the moments come nearer. ``start`` is a (and
    b). Raise NoTilt if nothing is found, or only what is as good as two points.
    """
    wanted, theta = np.array(moments), np.array(start)
    here = _state(theta, low, high)
    for _ in range(_STEPS):
        miss, step = _newton(here, wanted)
        if np.abs(miss).max() <= _EXACT:
            return here
        if np.abs(miss).max() <= _NEAR:
            there = _state(theta - step, low, high)
            if np.abs(_newton(there, wanted)[0]).max() >= np.abs(miss).max():
                return here
            theta, here = theta - step, there
            continue
        theta = _descend(here, theta, step, wanted)
        here = _state(theta, low, high)
        if here.trough > _HOLLOW:
            break
    raise NoTilt


def _newton(here: Tilted, wanted: Array) -> tuple[Array, Array]:
    """Return by how much the moments miss what is wanted, and the step that would mend it."""
    size = wanted.size
    raw = here.moments(2 * size)
    orders = np.arange(1, size + 1)
    covariance = raw[orders[:, None] + orders - 1] - np.outer(raw[:size], raw[:size])
    miss: Array = raw[:size] - wanted
    return miss, np.linalg.solve(covariance, miss)


def _state(theta: Array, low: float, high: float) -> Tilted:
    a, b = (*theta.tolist(), 0.0)[:2]
    return Tilted(a, b, low, high)


def _descend(here: Tilted, theta: Array, step: Array, wanted: Array) -> Array:
    """Return the furthest point along a step at which the convex function is lower."""
    height = _height(here, theta, wanted)
    for halving in range(_HALVINGS):
        nearer: Array = theta - step * 0.5**halving
        if _height(_state(nearer, here.low, here.high), nearer, wanted) < height:
            return nearer
    raise NoTilt


def _height(here: Tilted, theta: Array, wanted: Array) -> float:
    return here.highest + math.log(float(here.below[-1])) - float(theta @ wanted)

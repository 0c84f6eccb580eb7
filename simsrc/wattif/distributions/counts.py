"""Counts of events and of trials: Poisson, binomial, negative binomial, geometric."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from wattif.distributions.base import Array, BeliefError
from wattif.distributions.checks import constant_hint, number, positive, spread, within
from wattif.distributions.count import MOST_STEPS, Count, Sums, add_up, uncertain, whole
from wattif.distributions.family import Family, Form
from wattif.distributions.shifted import shiftable

_LARGE = 1e4  # from about 1e6, scipy's incomplete gamma function is off by 4e-11 and more far out


@dataclass(frozen=True)
class Poisson(Count):
    """Poisson: how many events of a given rate, by their mean."""

    family: ClassVar[str] = "poisson"
    twin: ClassVar[str] = 'so large a count is well represented by dist = "normal", sd = sqrt(mean)'
    mean_: float

    def check(self) -> None:
        """Refuse a mean that is not positive, or too great to be counted out."""
        positive("mean", self.mean_)
        if 16.0 * math.sqrt(self.mean_) > 2 * MOST_STEPS:
            raise self.too_many(16.4 * math.sqrt(self.mean_))

    def below(self, k: Array) -> Array:
        """Return the regularised incomplete gamma function."""
        from scipy import special

        if self.mean_ > _LARGE:
            return _poisson_sums(self.mean_).below(k)
        part: Array = special.gammaincc(k + 1.0, self.mean_)
        return part

    def above(self, k: Array) -> Array:
        """Return the rest of it."""
        from scipy import special

        if self.mean_ > _LARGE:
            return _poisson_sums(self.mean_).above(k)
        part: Array = special.gammainc(k + 1.0, self.mean_)
        return part

    def moments(self) -> tuple[float, float]:
        """Return the mean and its square root."""
        return self.mean_, math.sqrt(self.mean_)


@lru_cache(maxsize=8)
def _poisson_sums(mean: float) -> Sums:
    """Return the sums of the counts within 40 standard deviations."""
    reach = 40.0 * math.sqrt(mean)
    low = max(0.0, math.floor(mean - reach))
    return add_up(low, mean / np.arange(low + 1.0, mean + reach))


@dataclass(frozen=True)
class Binomial(Count):
    """Binomial: how many of ``n`` trials succeed, each with probability ``p``."""

    family: ClassVar[str] = "binomial"
    twin: ClassVar[str] = (
        'so large a count is well represented by dist = "normal", sd = sqrt(n p (1 - p))'
    )
    n: float
    p: float

    @property
    def greatest(self) -> float:
        """Every trial."""
        return self.n

    def check(self) -> None:
        """Refuse what is no number of trials, or certain."""
        whole("n", self.n)
        within("n", self.n, 1.0, math.inf)
        uncertain(self.p, self.n)

    def below(self, k: Array) -> Array:
        """Return the regularised incomplete beta function, which ends before n."""
        from scipy import special

        rest = np.maximum(self.n - k, 0.5)
        return np.where(k < self.n, special.betaincc(k + 1.0, rest, self.p), 1.0)

    def above(self, k: Array) -> Array:
        """Return the rest of it."""
        from scipy import special

        rest = np.maximum(self.n - k, 0.5)
        return np.where(k < self.n, special.betainc(k + 1.0, rest, self.p), 0.0)

    def moments(self) -> tuple[float, float]:
        """Return n p and sqrt(n p (1 - p))."""
        return self.n * self.p, math.sqrt(self.n * self.p * (1.0 - self.p))


@dataclass(frozen=True)
class NegativeBinomial(Count):
    """Negative binomial: failures before ``successes`` successes, each of probability ``p``.

    ``successes`` need not be whole: the counts of a Poisson whose mean is a gamma.
    """

    family: ClassVar[str] = "negative-binomial"
    twin: ClassVar[str] = 'so large a count is well represented by dist = "gamma", by mean and sd'
    successes: float
    p: float

    def check(self) -> None:
        """Refuse no successes, and certainty."""
        positive("successes", self.successes)
        uncertain(self.p, 0.0)

    def below(self, k: Array) -> Array:
        """Return the regularised incomplete beta function."""
        from scipy import special

        part: Array = special.betainc(self.successes, k + 1.0, self.p)
        return part

    def above(self, k: Array) -> Array:
        """Return the rest of it."""
        from scipy import special

        part: Array = special.betaincc(self.successes, k + 1.0, self.p)
        return part

    def moments(self) -> tuple[float, float]:
        """Return m = successes (1 - p) / p and sqrt(m / p)."""
        mean = self.successes * (1.0 - self.p) / self.p
        return mean, math.sqrt(mean / self.p)


def _negative_binomial_of_moments(mean: float, sd: float) -> NegativeBinomial:
    positive("mean", mean)
    spread("sd", sd, mean)
    excess = sd * sd - mean
    if excess <= 0.0:
        message = f"sd of a negative-binomial must be greater than sqrt(mean), found {number(sd)}"
        raise BeliefError(message, "sd", "a poisson has an sd of sqrt(mean), a binomial less")
    return NegativeBinomial(mean * mean / excess, mean / (sd * sd))


@dataclass(frozen=True)
class Geometric(Count):
    """Geometric: the trial that first succeeds, 1, 2, ..., each with probability ``p``."""

    family: ClassVar[str] = "geometric"
    twin: ClassVar[str] = (
        'so large a count is well represented by dist = "exponential", mean = 1 / p'
    )
    p: float

    @property
    def least(self) -> float:
        """The first trial."""
        return 1.0

    def check(self) -> None:
        """Refuse certainty."""
        uncertain(self.p, 1.0)

    def below(self, k: Array) -> Array:
        """Return 1 - (1 - p)^k."""
        part: Array = -np.expm1(k * math.log1p(-self.p))
        return part

    def above(self, k: Array) -> Array:
        """Return (1 - p)^k."""
        part: Array = np.exp(k * math.log1p(-self.p))
        return part

    def moments(self) -> tuple[float, float]:
        """Return 1 / p and sqrt(1 - p) / p."""
        return 1.0 / self.p, math.sqrt(1.0 - self.p) / self.p


def _geometric_of_mean(mean: float) -> Geometric:
    within("mean", mean, 1.0, math.inf, hint="it counts the trials up to the first success")
    if mean == 1.0:
        raise BeliefError("mean must be greater than 1, found 1", "mean", constant_hint(1.0))
    return Geometric(1.0 / mean)


FAMILIES = shiftable(
    Family(
        name="poisson",
        summary="how many events there are, if each comes by itself",
        forms=(Form(("mean",), Poisson),),
        example='{ dist = "poisson", mean = 4.5 }',
        advice={"rate": "the rate of a poisson is its mean"},
    ),
    Family(
        name="binomial",
        summary="how many of n trials succeed",
        forms=(Form(("n", "p"), Binomial),),
        example='{ dist = "binomial", n = 20, p = 0.1 }',
    ),
    Family(
        name="negative-binomial",
        summary="counts that vary more than a poisson's; failures before so many successes",
        forms=(
            Form(("successes", "p"), NegativeBinomial),
            Form(("mean", "sd"), _negative_binomial_of_moments),
        ),
        example='{ dist = "negative-binomial", mean = 10, sd = 6 }',
    ),
    Family(
        name="geometric",
        summary="the trial that first succeeds: 1, 2, 3, ...",
        forms=(
            Form(("p",), Geometric),
            Form(("mean",), _geometric_of_mean),
        ),
        example='{ dist = "geometric", p = 0.2 }',
    ),
)

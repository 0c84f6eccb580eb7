"""Fits of a family to a sample by maximum likelihood, and how sure they are.

To add a family: a :class:`Recipe` in ``RECIPES``, with the parameters of one of its forms.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from wattif.distributions.base import Array, BeliefError, Distribution
from wattif.distributions.make import make
from wattif.distributions.mixture import Mixture
from wattif.distributions.sample import Sample

_LN_2PI = math.log(2.0 * math.pi)
_STEP = 1e-4  # of unconstrained parameters, in differences
_REFITS = 32  # members of a predictive distribution
_SEED = 412


@dataclass(frozen=True)
class Recipe:
    """How a family is fitted.

    ``log_density(x, *parameters)`` takes the parameters by ``names``; those in ``signed`` may have
    any value, others are positive. x lies between ``low`` and ``high``. ``start`` gives a first
    guess from the mean and sd of x, or of ln x where ``in_logs``.
    """

    names: tuple[str, ...]
    log_density: Callable[..., Array]
    start: Callable[[float, float], tuple[float, ...]]
    signed: frozenset[str] = frozenset()
    low: float = 0.0
    high: float = math.inf
    in_logs: bool = False


def _normal(x: Array, mean: float, sd: float) -> Array:
    return -0.5 * ((x - mean) / sd) ** 2 - math.log(sd) - 0.5 * _LN_2PI


def _lognormal(x: Array, median: float, sigma: float) -> Array:
    return _normal(np.log(x), math.log(median), sigma) - np.log(x)


def _exponential(x: Array, mean: float) -> Array:
    return -x / mean - math.log(mean)


def _gamma(x: Array, shape: float, scale: float) -> Array:
    y = x / scale
    return (shape - 1.0) * np.log(y) - y - math.lgamma(shape) - math.log(scale)


def _weibull(x: Array, shape: float, scale: float) -> Array:
    y = np.log(x / scale)
    return math.log(shape / scale) + (shape - 1.0) * y - np.exp(shape * y)


def _beta(x: Array, alpha: float, beta: float) -> Array:
    total = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    return total + (alpha - 1.0) * np.log(x) + (beta - 1.0) * np.log1p(-x)


def _logistic(x: Array, location: float, scale: float) -> Array:
    z = np.abs(x - location) / scale
    return -z - 2.0 * np.log1p(np.exp(-z)) - math.log(scale)


def _log_logistic(x: Array, median: float, shape: float) -> Array:
    return _logistic(np.log(x), math.log(median), 1.0 / shape) - np.log(x)


def _gumbel(x: Array, location: float, scale: float) -> Array:
    z = (x - location) / scale
    return -z - np.exp(-z) - math.log(scale)


def _student(x: Array, df: float, location: float, scale: float) -> Array:
    z = (x - location) / scale
    constant = math.lgamma((df + 1.0) / 2.0) - math.lgamma(df / 2.0)
    constant -= 0.5 * math.log(df * math.pi) + math.log(scale)
    return constant - (df + 1.0) / 2.0 * np.log1p(z * z / df)


def _inverse_gaussian(x: Array, mean: float, shape: float) -> Array:
    return 0.5 * (np.log(shape / x**3) - _LN_2PI) - shape * (x - mean) ** 2 / (2.0 * mean**2 * x)


def _beta_start(mean: float, sd: float) -> tuple[float, ...]:
    total = max(mean * (1.0 - mean) / (sd * sd) - 1.0, 0.1)
    return mean * total, (1.0 - mean) * total


_ANYWHERE = -math.inf
RECIPES: dict[str, Recipe] = {
    "normal": Recipe(
        ("mean", "sd"), _normal, lambda m, s: (m, s), frozenset({"mean"}), low=_ANYWHERE
    ),
    "lognormal": Recipe(
        ("median", "sigma"), _lognormal, lambda m, s: (math.exp(m), s), in_logs=True
    ),
    "exponential": Recipe(("mean",), _exponential, lambda m, s: (m,)),
    "gamma": Recipe(("shape", "scale"), _gamma, lambda m, s: ((m / s) ** 2, s * s / m)),
    "weibull": Recipe(
        ("shape", "scale"), _weibull, lambda m, s: (1.28 / s, math.exp(m + 0.45 * s)), in_logs=True
    ),
    "beta": Recipe(("alpha", "beta"), _beta, _beta_start, high=1.0),
    "logistic": Recipe(
        ("location", "scale"),
        _logistic,
        lambda m, s: (m, 0.55 * s),
        frozenset({"location"}),
        low=_ANYWHERE,
    ),
    "log-logistic": Recipe(
        ("median", "shape"), _log_logistic, lambda m, s: (math.exp(m), 1.81 / s), in_logs=True
    ),
    "gumbel": Recipe(
        ("location", "scale"),
        _gumbel,
        lambda m, s: (m - 0.45 * s, 0.78 * s),
        frozenset({"location"}),
        low=_ANYWHERE,
    ),
    "student-t": Recipe(
        ("df", "location", "scale"),
        _student,
        lambda m, s: (5.0, m, 0.77 * s),
        frozenset({"location"}),
        low=_ANYWHERE,
    ),
    "inverse-gaussian": Recipe(
        ("mean", "shape"), _inverse_gaussian, lambda m, s: (m, m**3 / (s * s))
    ),
}


@dataclass(frozen=True, eq=False)
class Fit:
    """A family's fit to a sample.

    ``unconstrained`` are its parameters, by their logarithms where they are positive, and
    ``covariance`` what the curvature of the likelihood says of their errors.
    """

    family: str
    recipe: Recipe
    unconstrained: Array
    covariance: Array

    @property
    def distribution(self) -> Distribution:
        """The likeliest member."""
        return self._member(self.unconstrained)

    @property
    def errors(self) -> dict[str, tuple[float, float]]:
        """Each parameter with its standard error."""
        values = self._parameters(self.unconstrained)
        spread = np.sqrt(np.diag(self.covariance))
        signed = self.recipe.signed
        return {
            name: (x, float(sd if name in signed else sd * x))
            for (name, x), sd in zip(values.items(), spread, strict=True)
        }

    def predictive(self) -> Distribution:
        """Return the mixture of members that the sample leaves possible, by their likelihood.

        Parameters are drawn in pairs around the fit from its normal approximation, always alike.
        """
        half = np.random.default_rng(_SEED).standard_normal((_REFITS // 2, self.unconstrained.size))
        z = np.concatenate([half, -half])
        places = self.unconstrained + z @ np.linalg.cholesky(self.covariance).T
        members = tuple(self._member(place) for place in places)
        return Mixture(members, (1.0,) * len(members))

    def _parameters(self, unconstrained: Array) -> dict[str, float]:
        return dict(zip(self.recipe.names, _constrained(self.recipe, unconstrained), strict=True))

    def _member(self, unconstrained: Array) -> Distribution:
        return make(self.family, self._parameters(unconstrained))


def _constrained(recipe: Recipe, unconstrained: Array) -> list[float]:
    pairs = zip(recipe.names, unconstrained.tolist(), strict=True)
    return [x if name in recipe.signed else math.exp(x) for name, x in pairs]


def fit_sample(family: str, sample: Sample) -> Fit:
    """Return the likeliest member of a family.

    Raises
    ------
    BeliefError
        If the family has no recipe, a value is impossible in it, or the likelihood has no peak.
    """
    from scipy import optimize

    if family not in RECIPES:
        known = ", ".join(RECIPES)
        raise BeliefError(f"no fit for family {family!r}; fitted are {known}", "family")
    recipe = RECIPES[family]
    _refuse_impossible(family, recipe, sample)
    loss = partial(_loss, recipe, sample)
    start = np.array(_start(recipe, sample))
    peak = optimize.minimize(loss, start, method="Nelder-Mead", options=_PRECISION).x
    try:
        for _ in range(3):  # Newton's method, to the last digits
            slope, curvature = _derivatives(loss, peak)
            peak = peak - np.linalg.solve(curvature, slope)
        np.linalg.cholesky(curvature)  # which only a peak has
    except np.linalg.LinAlgError:
        raise _no_peak(family) from None
    for name, away in zip(recipe.names, np.eye(peak.size) * math.log(10.0), strict=True):
        is_flat = (loss(peak + away) - loss(peak)) * sample.size < _FLAT
        if is_flat and name not in recipe.signed:
            raise _no_peak(family)
    covariance = np.asarray(np.linalg.inv(curvature) / sample.size, dtype=np.float64)
    return Fit(family, recipe, peak, covariance)


def _loss(recipe: Recipe, sample: Sample, unconstrained: Array) -> float:
    """Return the negative mean log-likelihood; very large where it has none."""
    steps = sample.steps
    try:
        with np.errstate(all="ignore"):
            logs = recipe.log_density(steps.values, *_constrained(recipe, unconstrained))
            found = -float(logs @ steps.masses)
    except (OverflowError, ValueError, ZeroDivisionError):
        return _IMPOSSIBLE
    return found if math.isfinite(found) else _IMPOSSIBLE


_IMPOSSIBLE = 1e300
_FLAT = 1e-3  # of the log-likelihood, for ten times a parameter: it could as well be infinite


def _no_peak(family: str) -> BeliefError:
    message = f"{family} fits this sample the better the more extreme it is: there is no likeliest"
    return BeliefError(message, "family", "choose a family with fewer parameters")


_PRECISION = {"xatol": 1e-6, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}


def _refuse_impossible(family: str, recipe: Recipe, sample: Sample) -> None:
    least, greatest = sample.steps.values[[0, -1]]
    for stray in (least, greatest):
        if not recipe.low < stray < recipe.high:
            within = "between 0 and 1" if recipe.high == 1.0 else "greater than 0"
            message = f"{family} takes values {within}, both excluded, found {stray:.15g}"
            message = message if recipe.high == 1.0 else message.replace(", both excluded", "")
            raise BeliefError(message, "family")


def _start(recipe: Recipe, sample: Sample) -> list[float]:
    mean, sd = (sample.logarithms() if recipe.in_logs else sample).steps.moments()
    guess = recipe.start(mean, sd)
    pairs = zip(recipe.names, guess, strict=True)
    return [x if name in recipe.signed else math.log(x) for name, x in pairs]


def _derivatives(loss: Callable[[Array], float], place: Array) -> tuple[Array, Array]:
    """Return gradient and Hessian by central differences."""
    unit = np.eye(place.size)
    step = _STEP * np.maximum(1.0, np.abs(place))
    slope, curvature = np.empty(place.size), np.empty((place.size, place.size))
    for i, a in enumerate(unit * step):
        slope[i] = (loss(place + a) - loss(place - a)) / (2.0 * step[i])
        for j, b in enumerate(unit * step):
            corners = loss(place + a + b) + loss(place - a - b)
            corners -= loss(place + a - b) + loss(place - a + b)
            curvature[i, j] = corners / (4.0 * step[i] * step[j])
    return slope, curvature

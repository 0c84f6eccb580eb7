"""From a stated strength of dependence to the parameter of a copula.

"rank" is Spearman's rho, ties at their middle rank; "kendall" Kendall's tau, of quantities without
ties; "pearson" the correlation of the normal scores themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from wattif.distributions.base import BeliefError
from wattif.distributions.copulas import (
    COARSE,
    FINE,
    Detail,
    EllipticalCopula,
    Margins,
    PairCopula,
    PairKind,
    attainable,
)

Measure = Literal["rank", "kendall", "pearson"]  # as in the study language, above this floor

_STRONGEST = 0.999  # beyond, two draws are as good as one, and no quadrature tells how good
_FITTED = 1e-9  # of a correlation
_REACH = 1e-6  # of an attainable bound: quadrature is no better
_RANGES: dict[PairKind, tuple[float, float]] = {
    "clayton": (1e-6, 2000.0),
    "gumbel": (1.0, 1000.0),
    "frank": (1e-4, 700.0),
}
_SIGNED: PairKind = "frank"


@lru_cache(maxsize=4096)
def score_correlation(value: float, measure: Measure, df: float, margins: Margins) -> float:
    """Return the correlation of the scores of a Gaussian (``df`` infinite) or t copula.

    Raises
    ------
    BeliefError
        If no correlation of the scores reaches the value with these margins.
    """
    _check_ties(measure, margins)
    if measure == "pearson":
        return value
    if measure == "kendall":
        return math.sin(math.pi * value / 2.0)  # Lindskog, McNeil & Schmock 2003
    if math.isinf(df) and all(one.is_continuous for one in margins):
        return 2.0 * math.sin(math.pi * value / 6.0)  # Pearson 1907
    _check_attainable(value, margins)
    copula = EllipticalCopula(df, _detail(value))
    return _solve(lambda r: copula.rank_correlation(r, margins), value, -1.0, 1.0)


@lru_cache(maxsize=4096)
def pair_parameter(value: float, measure: Measure, kind: PairKind, margins: Margins) -> float:
    """Return the parameter of an Archimedean copula.

    Raises
    ------
    BeliefError
        If no parameter reaches the value with these margins.
    """
    if measure == "pearson":
        message = f"pearson speaks of normal scores, which a {kind} copula does not have"
        raise BeliefError(message, "pearson", "write rank = ... or kendall = ...")
    _check_ties(measure, margins)
    if value <= 0.0 and kind != _SIGNED:
        message = (
            f"a {kind} copula only makes quantities rise together, found {measure} = {value:g}"
        )
        raise BeliefError(message, measure, 'copula = "frank" and "gaussian" go both ways')
    if abs(value) > _STRONGEST:
        message = f"a {kind} copula goes up to {_STRONGEST}, found {measure} = {value:g}"
        raise BeliefError(message, measure, 'copula = "gaussian" goes up to 1')
    if value == 0.0:
        message = "a correlation of 0 leaves quantities independent"
        raise BeliefError(message, measure, "leave the entry out")
    if measure == "kendall":
        return _of_kendall(value, kind)
    _check_attainable(value, margins)
    sign = math.copysign(1.0, value) if kind == _SIGNED else 1.0
    low, high = _RANGES[kind]
    detail = _detail(value)

    def strength(theta: float) -> float:
        return sign * PairCopula(kind, sign * theta, detail).rank_correlation(margins)

    return sign * _solve_by_logarithm(strength, abs(value), low, high, kind, measure)


def _of_kendall(tau: float, kind: PairKind) -> float:
    """Return the parameter for Kendall's tau (Nelsen 2006, section 5.1)."""
    low, high = _RANGES[kind]
    if kind == "clayton":
        return 2.0 * tau / (1.0 - tau)
    if kind == "gumbel":
        return 1.0 / (1.0 - tau)
    sign = math.copysign(1.0, tau)
    return sign * _solve_by_logarithm(_frank_kendall, abs(tau), low, high, kind, "kendall")


def _frank_kendall(theta: float) -> float:
    """Return 1 - 4 (1 - D(theta)) / theta, with D the first Debye function."""
    from scipy import integrate

    if theta < 0.01:
        return theta / 9.0 - theta**3 / 900.0
    area = integrate.quad(lambda t: t / math.expm1(t) if t else 1.0, 0.0, theta)[0]
    return float(1.0 - 4.0 / theta * (1.0 - area / theta))


def _detail(value: float) -> Detail:
    return COARSE if abs(value) <= 0.9 else FINE


def _check_ties(measure: Measure, margins: Margins) -> None:
    if measure != "rank" and not all(one.is_continuous for one in margins):
        message = f"{measure} means little where draws tie, as those of a discrete quantity do"
        raise BeliefError(message, measure, "write rank = ... (Spearman)")


def _check_attainable(value: float, margins: Margins) -> None:
    low, high = attainable(margins)
    if low - _REACH <= value <= high + _REACH:
        return
    message = (
        f"a rank correlation of {value:g} is out of reach for quantities with so many ties; "
        f"theirs lies between {low:.4g} and {high:.4g}"
    )
    raise BeliefError(message, "rank", "choose one between them")


def _solve(curve: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Return where an increasing curve takes a value, or the end that is nearest to it."""
    from scipy import optimize

    if value <= curve(low):
        return low
    if value >= curve(high):
        return high
    return float(optimize.brentq(lambda x: curve(x) - value, low, high, xtol=_FITTED))


def _solve_by_logarithm(
    curve: Callable[[float], float],
    value: float,
    low: float,
    high: float,
    kind: PairKind,
    measure: Measure,
) -> float:
    """Return where an increasing curve of theta takes a value, on a scale that suits theta."""
    if value > curve(high) + _REACH:
        message = f"a {kind} copula reaches {measure} = {curve(high):.4g} here, found {value:g}"
        raise BeliefError(message, measure, 'copula = "gaussian" may reach further')
    offset = low if kind == "gumbel" else 0.0

    def by_logarithm(t: float) -> float:
        return curve(offset + math.exp(t))

    least = math.log(max(low - offset, 1e-9))
    return offset + math.exp(_solve(by_logarithm, value, least, math.log(high - offset)))

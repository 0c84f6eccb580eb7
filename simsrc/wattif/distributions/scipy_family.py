"""Families of scipy.stats by scipy's own names: dist = "scipy.nakagami", nu = 2, scale = 3.

The way out for what no family here is. scipy.stats is imported only then. A name is looked up in
the list that scipy publishes, and parameters go by scipy's names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.checks import number, positive
from wattif.distributions.count import MOST_STEPS, Count, whole
from wattif.distributions.family import Family, Form
from wattif.distributions.names import closest, our_name

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = "scipy."
_SLOW = frozenset({"ksone", "kstwo", "skewnorm"})  # 20 s and more for a table
_LISTS = frozenset({"poisson_binom"})  # take lists, which no other family does
_NEWTON_STEPS = 12
_PROBES = np.array([0.5, 0.25, 1e-3, 1e-9, 2.0**-53])


@lru_cache(maxsize=1)
def _published() -> dict[str, Any]:
    """Return the distributions of scipy.stats by their names."""
    from scipy import stats

    kinds = (stats.rv_continuous, stats.rv_discrete)
    every = {name: getattr(stats, name) for name in stats.__all__}
    return {n: one for n, one in every.items() if isinstance(one, kinds) and n not in _LISTS}


@lru_cache(maxsize=64)
def scipy_family(name: str) -> Family:
    """Return the family ``scipy.NAME`` for a name of scipy.stats."""
    known = _published()
    plain = name.removeprefix(PREFIX)
    if plain not in known:
        meant = closest(plain, tuple(known))
        hint = f"did you mean {PREFIX + meant!r}?" if meant else "see the list in scipy's manual"
        raise BeliefError(f"scipy.stats has no distribution {plain!r}", hint=hint)
    one = known[plain]
    names = tuple(one.shapes.split(", ")) if one.shapes else ()
    build: Callable[..., Distribution]
    if hasattr(one, "pdf"):
        build, places = _continuous(plain, names), {"loc": 0.0, "scale": 1.0}
    else:
        build, places = _discrete(plain, names), {"loc": 0.0}
    form = Form(names, build, optional=places)
    return Family(name, f"{plain} of scipy.stats", (form,), f'{{ dist = "{name}" }}')


def _continuous(name: str, names: tuple[str, ...]) -> Callable[..., Distribution]:
    def build(*values: float) -> Distribution:
        *shapes, loc, scale = values
        return ScipyContinuous(name, names, tuple(shapes), loc, scale)

    return build


def _discrete(name: str, names: tuple[str, ...]) -> Callable[..., Distribution]:
    def build(*values: float) -> Distribution:
        *shapes, loc = values
        return ScipyDiscrete(name, names, tuple(shapes), loc)

    return build


def _refuse_shapes(name: str, names: tuple[str, ...], shapes: tuple[float, ...]) -> None:
    """Refuse shape parameters that scipy does not take."""
    if not np.all(_published()[name]._argcheck(*shapes)):
        found = ", ".join(f"{key} = {number(x)}" for key, x in zip(names, shapes, strict=True))
        raise BeliefError(f"scipy's {name} does not take {found}", names[0] if names else "")


@dataclass(frozen=True)
class ScipyContinuous(Distribution):
    """A continuous distribution of scipy.stats, with the values of its shapes by their names."""

    name: str
    names: tuple[str, ...]
    shapes: tuple[float, ...]
    loc: float
    scale: float

    def __post_init__(self) -> None:
        positive("scale", self.scale)
        _refuse_shapes(self.name, self.names, self.shapes)
        self._refuse_slow()
        with np.errstate(all="ignore"):
            tails = [_quantile(self.name, self.shapes, _PROBES, upper) for upper in (False, True)]
        ordered = np.concatenate([tails[0][::-1], tails[1][1:]])
        if not np.all(np.isfinite(ordered)) or np.any(np.diff(ordered) < 0.0):
            raise BeliefError(f"scipy's {self.name} has no usable quantiles with these shapes")

    def _refuse_slow(self) -> None:
        from scipy import stats

        if self.name in _SLOW or not _has_own(self._one, stats.rv_continuous, "_ppf"):
            message = f"scipy inverts {self.name} one number at a time, too slowly for a table"
            ours = our_name(self.name)
            raise BeliefError(message, hint=f'dist = "{ours}" is the same' if ours else "")

    @property
    def _one(self) -> Any:
        return _published()[self.name]

    @property
    def family(self) -> str:  # type: ignore[override]
        """The name with its prefix."""
        return PREFIX + self.name

    @property
    def parameters(self) -> dict[str, Stated]:
        """Parameters by scipy's names."""
        return {
            **dict(zip(self.names, self.shapes, strict=True)),
            "loc": self.loc,
            "scale": self.scale,
        }

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return scipy's cdf, or its sf."""
        z = (np.asarray(x, dtype=np.float64) - self.loc) / self.scale
        part: Array = (self._one.sf if upper else self._one.cdf)(z, *self.shapes)
        return part

    def shape(self) -> Shape:
        """Draw from a table of its own, at loc 0 and scale 1."""
        low, high = self._one.support(*self.shapes)
        return Shape(
            kind="table",
            location=self.loc,
            scale=self.scale,
            low=float(self.loc + self.scale * low),
            high=float(self.loc + self.scale * high),
            key=(self.family, self.shapes),
            quantile=partial(_quantile, self.name, self.shapes),
        )

    def moments(self) -> tuple[float, float]:
        """Return scipy's mean and standard deviation."""
        mean, variance = self._one.stats(*self.shapes, self.loc, self.scale, moments="mv")
        return float(mean), math.sqrt(variance) if variance >= 0.0 else math.nan


def _has_own(one: Any, general: type, method: str) -> bool:
    """Return whether a distribution brings its own method instead of scipy's general one."""
    return getattr(type(one), method) is not getattr(general, method)


def _quantile(name: str, shapes: tuple[float, ...], p: Array, upper: bool) -> Array:
    """Return scipy's quantile; where its upper tail is that of 1 - p, by Newton from there."""
    from scipy import stats

    one = _published()[name]
    with np.errstate(all="ignore"):
        if not upper:
            return np.asarray(one.ppf(p, *shapes), dtype=np.float64)
        x = np.asarray(one.isf(p, *shapes), dtype=np.float64)
        if _has_own(one, stats.rv_continuous, "_isf"):
            return x
        if not _has_own(one, stats.rv_continuous, "_sf"):
            return x  # nothing more is to be had; a table that this is too rough for is refused
        for _ in range(_NEWTON_STEPS):
            above = one.sf(x, *shapes)
            step = (np.log(above) - np.log(p)) * above / one.pdf(x, *shapes)
            x = np.where(np.isfinite(step), x + step, x)
    return x


@dataclass(frozen=True)
class ScipyDiscrete(Count):
    """A discrete distribution of scipy.stats, with the values of its shapes by their names."""

    twin = "choose a continuous family with the same mean and sd"

    name: str
    names: tuple[str, ...]
    shapes: tuple[float, ...]
    loc: float

    def check(self) -> None:
        """Refuse what scipy does not take."""
        from scipy import stats

        whole("loc", self.loc)
        _refuse_shapes(self.name, self.names, self.shapes)
        is_long = self.greatest - self.least >= MOST_STEPS
        if is_long and not _has_own(self._one, stats.rv_discrete, "_cdf"):
            message = f"scipy adds up {self.name} one value at a time, too slowly for a long tail"
            raise BeliefError(message, hint=self.twin)

    @property
    def family(self) -> str:  # type: ignore[override]
        """The name with its prefix."""
        return PREFIX + self.name

    @property
    def parameters(self) -> dict[str, Stated]:
        """Parameters by scipy's names."""
        return {**dict(zip(self.names, self.shapes, strict=True)), "loc": self.loc}

    @property
    def _one(self) -> Any:
        return _published()[self.name]

    @property
    def least(self) -> float:
        """Scipy's, as far as floats count."""
        return max(float(self._one.support(*self.shapes)[0]) + self.loc, -(2.0**52))

    @property
    def greatest(self) -> float:
        """Scipy's."""
        return float(self._one.support(*self.shapes)[1]) + self.loc

    def below(self, k: Array) -> Array:
        """Return scipy's cdf."""
        part: Array = self._one.cdf(k, *self.shapes, self.loc)
        return part

    def above(self, k: Array) -> Array:
        """Return scipy's sf."""
        part: Array = self._one.sf(k, *self.shapes, self.loc)
        return part

    def moments(self) -> tuple[float, float]:
        """Return scipy's mean and standard deviation."""
        mean, variance = self._one.stats(*self.shapes, self.loc, moments="mv")
        return float(mean), math.sqrt(variance) if variance >= 0.0 else math.nan

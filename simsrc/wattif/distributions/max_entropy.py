"""Maximum entropy: the least that can be said of a quantity in a range whose mean is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, BeliefError, Distribution, Shape, Stated
from wattif.distributions.checks import increasing, inside, number, spread
from wattif.distributions.family import Family, Form
from wattif.distributions.tilted import NoTilt, Tilted, tilt

_LEAST_U = 1e-15  # draws hardly come nearer to 0 and 1
_PARTS = np.array([0.0, 0.25, 0.5, 0.75])  # of a panel
_DEEPEST = 8.0  # trough between two peaks; where the density is lower yet, u does not tell x


@dataclass(frozen=True)
class MaxEntropy(Distribution):
    """The flattest density on [min, max] with a given ``mean``, and ``sd`` if that is finite.

    Exponential with a mean alone; with an sd a normal cut at the ends, or where the sd is greater
    than that allows, a density with peaks at both ends.
    """

    family: ClassVar[str] = "max-entropy"
    min: float
    max: float
    mean_: float
    sd_: float = math.inf

    def __post_init__(self) -> None:
        increasing("min", self.min, "max", self.max)
        inside("mean", self.mean_, self.min, self.max)
        if math.isfinite(self.sd_):
            spread("sd", self.sd_, self.mean_)
            self._check_sd()

    def _check_sd(self) -> None:
        """Refuse an sd that no density has, or only one that is as good as two points."""
        low, high = self.mean_ - self.min, self.max - self.mean_
        if math.isinf(max(low, high) / self.sd_):
            raise OverflowError
        if self.sd_ < math.sqrt(low * high) and _is_drawable(low, high, self.sd_):
            return
        between = f"between {number(self.min)} and {number(self.max)}"
        found = f"{_greatest_sd(low, high):.4g}, found {number(self.sd_)}"
        message = f"sd of a max-entropy {between} with mean {number(self.mean_)} must be at most"
        hint = "a greater one leaves next to nothing between the ends: a discrete says that"
        raise BeliefError(f"{message} {found}", "sd", hint)

    @property
    def parameters(self) -> dict[str, Stated]:
        """Ends and mean, and the sd if there is one."""
        sd: dict[str, Stated] = {"sd": self.sd_}
        given = sd if math.isfinite(self.sd_) else {}
        return {"min": self.min, "max": self.max, "mean": self.mean_, **given}

    @property
    def _unit(self) -> float:
        """What the distances from the mean are measured in: the sd, or the nearer end's."""
        if math.isfinite(self.sd_):
            return self.sd_
        return min(self.mean_ - self.min, self.max - self.mean_)

    @property
    def _tilted(self) -> Tilted:
        """The distribution of (x - mean) / unit."""
        low, high = self.mean_ - self.min, self.max - self.mean_
        if math.isfinite(self.sd_):
            return _with_sd(low, high, self.sd_)
        return _without_sd(low / self._unit, high / self._unit)

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the integral of the density, from the end that is asked for."""
        x = np.asarray(x, dtype=np.float64)
        s = (np.clip(x, self.min, self.max) - self.mean_) / self._unit
        tilted, sign = (self._tilted.mirrored, -1.0) if upper else (self._tilted, 1.0)
        part = tilted.probability(np.clip(np.ravel(sign * s), tilted.low, tilted.high))
        part = part.reshape(x.shape)
        # Exactly, whichever way the sum was rounded.
        part = np.where(x <= self.min, float(upper), part)
        return np.where(x >= self.max, float(not upper), part)

    def shape(self) -> Shape:
        """Draw from a table of its own around the mean."""
        return Shape(
            kind="table",
            location=self.mean_,
            scale=self._unit,
            low=self.min,
            high=self.max,
            key=("max-entropy", self._tilted),
            quantile=partial(_quantile, self._tilted, self._tilted.mirrored),
            kinks=self._bends,
        )

    @property
    def _bends(self) -> tuple[float, ...]:
        """Where the density is hollow: smooth u, but no one polynomial leads far from there."""
        tilted = self._tilted
        if tilted.b <= 0.0:
            return ()
        places = np.unique(tilted.ends[:-1, None] + np.diff(tilted.ends)[:, None] * _PARTS)[1:]
        u = tilted.probability(places)
        return tuple(u[(u > _LEAST_U) & (u < 1.0 - _LEAST_U)].tolist())

    def moments(self) -> tuple[float, float]:
        """Return the mean, and the sd as given or as the exponential has it."""
        if math.isfinite(self.sd_):
            return self.mean_, self.sd_
        first, second = self._tilted.moments(2)
        return self.mean_, self._unit * math.sqrt(second - first**2)


def _without_sd(low: float, high: float) -> Tilted:
    """Return the exponential with mean 0 from -low to high."""
    return tilt(-low, high, (0.0,), (-float(np.sign(high - low)),))


def _with_sd(low: float, high: float, sd: float) -> Tilted:
    """Return what has mean 0 and sd 1 from -low / sd to high / sd."""
    return tilt(-low / sd, high / sd, (0.0, 1.0), (0.0, -0.5))


def _is_drawable(low: float, high: float, sd: float) -> bool:
    try:
        return _with_sd(low, high, sd).trough <= _DEEPEST
    except NoTilt:
        return False


def _greatest_sd(low: float, high: float) -> float:
    """Return the greatest sd that can be drawn with mean 0 from -low to high, to four digits.

    It lies between that of the exponential and the sd of two points at the ends.
    """
    first, second = _without_sd(low / min(low, high), high / min(low, high)).moments(2)
    least, most = min(low, high) * math.sqrt(second - first**2), math.sqrt(low * high)
    while most > least * (1.0 + 1e-4):
        middle = math.sqrt(least * most)
        least, most = (middle, most) if _is_drawable(low, high, middle) else (least, middle)
    return least


def _quantile(tilted: Tilted, mirrored: Tilted, p: Array, upper: bool) -> Array:
    return -mirrored.quantile(p) if upper else tilted.quantile(p)


FAMILIES = (
    Family(
        name="max-entropy",
        summary="between min and max, and as even as a mean, or a mean and an sd, let it be",
        forms=(
            Form(("min", "max", "mean"), MaxEntropy),
            Form(("min", "max", "mean", "sd"), MaxEntropy),
        ),
        example='{ dist = "max-entropy", min = 0, max = 10, mean = 3 }',
    ),
)

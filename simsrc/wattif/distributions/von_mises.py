"""Von Mises: the normal distribution of angles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape
from wattif.distributions.checks import positive, within
from wattif.distributions.family import Family, Form
from wattif.distributions.inversion import solve
from wattif.distributions.matching import match
from wattif.distributions.normal import STANDARD
from wattif.distributions.percentiles import Bounds, Points, fit

_KAPPAS = (0.0, 1e8)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_DEPTH = 40.0  # of the integrand's logarithm: exp(-40) is beyond rounding


@dataclass(frozen=True)
class VonMises(Distribution):
    """Von Mises: an angle in radians within pi of ``location``; ``kappa`` is about 1 / sd^2."""

    family: ClassVar[str] = "von-mises"
    location: float
    kappa: float

    def __post_init__(self) -> None:
        positive("kappa", self.kappa, hint="with kappa = 0 it is uniform from -pi to pi")
        within("kappa", self.kappa, *_KAPPAS, hint="so narrow a von-mises is a normal")

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return the integral of the density from the nearer end."""
        z = np.clip(np.asarray(x, dtype=np.float64) - self.location, -math.pi, math.pi)
        near = np.exp(_log_tail(self.kappa, -np.abs(z)))
        part = np.where((z > 0.0) == upper, near, 1.0 - near)
        end = z >= math.pi if upper else z <= -math.pi
        return np.where(end, 0.0, part)

    def shape(self) -> Shape:
        """Draw from a table of its own, at location 0."""
        return Shape(
            kind="table",
            location=self.location,
            low=self.location - math.pi,
            high=self.location + math.pi,
            key=("von-mises", self.kappa),
            quantile=partial(_von_mises_quantile, self.kappa),
        )


def _log_tail(kappa: float, z: Array) -> Array:
    """Return ln P(Z <= z) at location 0, for z in [-pi, 0].

    By Gauss-Legendre over the part of [-pi, z] where the density is more than exp(-40) of that at
    z; cos t - cos z = 2 sin((z + t) / 2) sin((z - t) / 2).
    """
    from scipy import special

    end = -np.arccos(np.maximum(np.cos(z) - _DEPTH / kappa, -1.0))
    half = (z - end) / 2.0
    back = half[..., None] * (1.0 - _NODES)  # z - t
    exponent = 2.0 * kappa * np.sin(z[..., None] - back / 2.0) * np.sin(back / 2.0)
    with np.errstate(divide="ignore"):
        integral = np.log((np.exp(exponent) @ _WEIGHTS) * half)
    total = math.log(2.0 * math.pi * special.i0e(kappa))
    tail: Array = integral - 2.0 * kappa * np.sin(z / 2.0) ** 2 - total
    return tail


def _von_mises_quantile(kappa: float, p: Array, upper: bool) -> Array:
    from scipy import special

    total = 2.0 * math.pi * special.i0e(kappa)

    def curve(z: Array) -> tuple[Array, Array]:
        value = _log_tail(kappa, z)
        return value, np.exp(-2.0 * kappa * np.sin(z / 2.0) ** 2 - value) / total

    start = np.maximum(special.ndtri(p) / math.sqrt(kappa), -math.pi * (1.0 - p))
    z = solve(curve, np.log(p), start, -math.pi, 0.0)
    return -z if upper else z


def _of_percentiles(points: Points, bounds: Bounds) -> Distribution:
    location, sd = fit(STANDARD, points, (-math.inf, math.inf))

    def member(theta: Array) -> VonMises:
        return VonMises(float(theta[0]), math.exp(float(theta[1])))

    starts = [(location, -2.0 * math.log(sd)), (location, 0.0), (location, -3.0)]
    return match(member, points, bounds, starts)


FAMILIES = (
    Family(
        name="von-mises",
        summary="an angle in radians, around location and within pi of it",
        forms=(
            Form(("location", "kappa"), VonMises),
            Form((), _of_percentiles, percentiles=2),
        ),
        example='{ dist = "von-mises", location = 0, kappa = 4 }',
    ),
)

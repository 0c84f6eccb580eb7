"""A value known exactly, as a part of a belief: "with 30 % it is 5"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from wattif.distributions.base import Array, Distribution, Shape


@dataclass(frozen=True)
class Point(Distribution):
    """Always ``value``. Alone it would be a constant; it is for mixtures."""

    family: ClassVar[str] = "constant"
    value: float

    def probability(self, x: ArrayLike, upper: bool = False) -> Array:
        """Return 0 below the value, 1 from there on."""
        reached = np.asarray(x, dtype=np.float64) >= self.value
        return np.where(reached != upper, 1.0, 0.0)

    def shape(self) -> Shape:
        """Draw the value."""
        return Shape("steps", values=(self.value,), cumulative=(1.0,))

    def moments(self) -> tuple[float, float]:
        """Return the value and 0."""
        return self.value, 0.0

"""What comes of reading intervals in other shapes: frozen data, for tables and programs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("median", "low", "high")
CARES = 0.10  # of the width of its interval: an output that moves less does not care


@dataclass(frozen=True)
class Shift:
    """How far median, low and high end of an output's interval moved, over the interval's width.

    ``errors`` are the Monte Carlo standard errors of the three, from the differences by replicate.
    Of an event only the probability moves, as ``median``, and the others are NaN.
    """

    median: float
    low: float
    high: float
    errors: tuple[float, ...]

    @property
    def largest(self) -> tuple[str, float, float]:
        """Which of the three moved furthest, how far, and the error of that."""
        moves = {"median": self.median, "low": self.low, "high": self.high}
        known = {part: move for part, move in moves.items() if not math.isnan(move)}
        if not known:
            return "median", math.nan, math.nan
        part = max(known, key=lambda name: abs(known[name]))
        return part, known[part], self.errors[PARTS.index(part)]

    @property
    def size(self) -> float:
        """How far the one moved that moved furthest, whichever way; -1 if none is known."""
        move = abs(self.largest[1])
        return -1.0 if math.isnan(move) else move

    @property
    def cares(self) -> bool:
        """Whether something moved by more than a tenth of the interval, beyond doubt."""
        _, move, error = self.largest
        return abs(move) - 2.0 * error > CARES


@dataclass(frozen=True)
class Cause:
    """What one quantity (by its key) does to an output if it alone is read in another shape."""

    key: str
    shape: str
    shift: Shift


@dataclass(frozen=True)
class Output:
    """An output of one system as the study was read, and how it moves in other shapes.

    ``shifts`` by shape are those of all intervals at once; ``causes``, the largest first, those of
    one quantity at a time. ``row`` names the system, "" if there is but one.
    """

    quantity: str
    label: str
    unit: str
    system: str
    row: str
    is_event: bool
    median: float
    interval: tuple[float, float]
    errors: tuple[float, float, float]
    shifts: Mapping[str, Shift]
    causes: tuple[Cause, ...]

    @property
    def cares(self) -> bool:
        """Whether some shape moves it by more than a tenth of its interval."""
        return any(shift.cares for shift in self.shifts.values())

    @property
    def worst(self) -> str:
        """The shape that moves it furthest."""
        return max(self.shifts, key=lambda shape: self.shifts[shape].size)


@dataclass(frozen=True)
class Remark:
    """Something to know of one interval (its quantity's key) in one shape, "" for all shapes."""

    shape: str
    key: str
    text: str


@dataclass(frozen=True)
class ShapeReport:
    """What the shapes of a study's intervals do to its outputs.

    ``intervals`` are the keys of the quantities that are "a to b". ``shapes`` were tried; those in
    ``as_read`` are what all intervals were read as, so that nothing moves. ``draws_alone`` were
    made where one interval was changed at a time.
    """

    name: str
    title: str
    level: float
    intervals: tuple[str, ...]
    shapes: tuple[str, ...]
    as_read: tuple[str, ...]
    outputs: tuple[Output, ...]
    remarks: tuple[Remark, ...]
    draws: int
    draws_alone: int
    replicates: int
    sampling: str
    seed: int

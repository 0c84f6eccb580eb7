"""The axis of a chart: where it begins and ends, its ticks, and where a number lies on it.

The page's script has the same rules in JavaScript, since it draws anew when the reader switches
level or scale; a driven test holds the two against each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["linear", "log"]

LOG_FROM = 15.0  # ratio of the ends from which an axis is logarithmic
_MOST_TICKS = 5  # as many labels as a telephone has room for


@dataclass(frozen=True)
class Axis:
    """A linear or logarithmic axis from ``low`` to ``high``."""

    kind: Kind
    low: float
    high: float

    def place(self, value: float) -> float:
        """Return where a number lies, in percent of the width; the ends for what lies beyond."""
        clipped = min(max(value, self.low), self.high)
        start, here, end = (self._measure(x) for x in (self.low, clipped, self.high))
        return 100 * (here - start) / (end - start)

    @property
    def spread_out(self) -> bool:
        """Whether ticks stand at powers of ten: on a logarithmic axis of more than a decade."""
        return self.kind == "log" and self.high > LOG_FROM * self.low

    def ticks(self) -> list[float]:
        """Return at most five round numbers on the axis."""
        for ticks in (_log_ticks if self.spread_out else _linear_ticks)(self.low, self.high):
            inside = [tick for tick in ticks if self.low <= tick <= self.high]
            if len(inside) <= _MOST_TICKS:
                return inside
        return []

    def _measure(self, value: float) -> float:
        return math.log10(value) if self.kind == "log" else value


def choose_axis(values: Sequence[float]) -> Axis:
    """Return the axis that suits finite numbers: logarithmic if they span far."""
    low, high = min(values), max(values)
    if low > 0 and high > LOG_FROM * low:
        air = (high / low) ** 0.04
        return Axis("log", low / air, high * air)
    if low == high:
        air = abs(low) / 2 or 1.0
        return Axis("linear", low - air, high + air)
    if 0 <= low < 0.4 * high:
        return Axis("linear", 0.0, high * 1.04)
    air = 0.06 * (high - low)
    return Axis("linear", low - air, high + air)


def decimals_of(ticks: Sequence[float], power: int) -> int:
    """Return how many decimals the ticks need once they are divided by 10**power."""
    shown = [f"{abs(tick) / 10.0**power:.6f}".rstrip("0") for tick in ticks]
    return max((len(text.partition(".")[2]) for text in shown), default=0)


def step_of(ticks: Sequence[float]) -> float:
    """Return the number by whose size an axis is labelled: its step, or its end if that is far."""
    largest = max(map(abs, ticks), default=0.0)
    step = min((b - a for a, b in pairwise(ticks)), default=0.0)
    return step if 10 * step >= largest > 0 else largest


def _log_ticks(low: float, high: float) -> Iterator[list[float]]:
    """Return ticks at 1-2-5, 1-3, 1 of each decade, then at every second decade, third, ..."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in ((1, 2, 5), (1, 3), (1,)):
        yield [float(f"{step}e{power}") for power in range(first, last + 1) for step in steps]
    for stride in range(2, last - first + 2):
        start = -(-first // stride) * stride
        yield [float(f"1e{power}") for power in range(start, last + 1, stride)]


def _linear_ticks(low: float, high: float) -> Iterator[list[float]]:
    """Return ticks by ever coarser steps of 1, 2, 2.5, 5 times a power of ten."""
    power = math.floor(math.log10(high - low)) - 1
    for step in (float(f"{n}e{p}") for p in range(power, power + 3) for n in (1, 2, 2.5, 5)):
        yield [float(f"{k * step:.10g}") for k in _whole_numbers(low / step, high / step)]


def _whole_numbers(low: float, high: float) -> range:
    return range(math.ceil(low), math.floor(high) + 1)

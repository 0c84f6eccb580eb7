"""Ticks that people read: few, round, humanised, and never on top of each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

from wattif.format import format_tick, format_ticks
from wattif.plots.style import SMALL_SIZE, text_width
from wattif.wording import Language

Kind = Literal["linear", "log"]

_LOG_FROM = 15.0  # ratio of the ends from which an axis is logarithmic
_BETWEEN = 0.14  # inches between two labels
_OVERHANG = 0.2  # inches that a label may stick out of its axis
_LINE = 0.12  # height of a label in inches
_LEAST, _MOST = 1e-300, 1e307  # ends of an axis that can still be computed with


def choose_kind(low: float, high: float) -> Kind:
    """Return the kind of axis that suits numbers between ``low`` and ``high``."""
    return "log" if low > 0 and high > _LOG_FROM * low else "linear"


def choose_limits(low: float, high: float, kind: Kind) -> tuple[float, float]:
    """Return axis limits with some air around ``low`` and ``high``; zero where it is near."""
    if kind == "log":
        air = (high / low) ** 0.06
        return max(low / air, _LEAST), min(high * air, _MOST)
    if low == high:
        return (low - abs(low) / 2, high + abs(high) / 2) if low else (-1.0, 1.0)
    if 0 <= low < 0.4 * high:
        return 0.0, high * 1.06
    air = 0.08 * (high - low)
    return low - air, high + air


@dataclass(frozen=True)
class Scale:
    """An axis: its ``limits`` in data units, its ``length`` in inches, its labels in ``unit``.

    Labels show data times ``factor``; no tick lies below ``least``.
    """

    kind: Kind
    limits: tuple[float, float]
    length: float
    unit: str
    factor: float = 1.0
    language: Language = "en"
    least: float = -math.inf

    def apply(self, axes: Axes) -> None:
        """Give the x axis this scale, its limits and the densest ticks whose labels fit."""
        axes.set_xscale(self.kind)
        axes.set_xlim(self.limits)
        _mark(axes.xaxis, self._choose(_width, _OVERHANG))

    def apply_upwards(self, axes: Axes) -> None:
        """Give the y axis this scale, its limits and the densest ticks whose labels fit."""
        axes.set_yscale(self.kind)
        axes.set_ylim(self.limits)
        _mark(axes.yaxis, self._choose(_height, _LINE))

    def _choose(self, extent: Callable[[str], float], overhang: float) -> list[tuple[float, str]]:
        """Return the ticks and their labels; ``extent`` is a label's, along the axis."""
        marks: list[tuple[float, str]] = []
        for candidate in self._candidates():
            marks = self._inside(candidate, extent, overhang)
            if self._fits(marks, extent):
                return marks
        while not self._fits(marks, extent):
            marks = marks[::2]  # numbers so long that even the fewest round ones need thinning
        return marks

    def _candidates(self) -> Iterator[list[float]]:
        return (_log_ticks if self.kind == "log" else _linear_ticks)(*self.limits)

    def _inside(
        self, ticks: Sequence[float], extent: Callable[[str], float], overhang: float
    ) -> list[tuple[float, str]]:
        """Return those ticks, with labels, that lie on the axis and do not stick out too far."""
        first, last = max(self.limits[0], self.least), self.limits[1]
        ticks = [tick for tick in ticks if first <= tick <= last]
        marks = zip(ticks, self._labels(ticks), self._places(ticks), strict=True)
        return [
            (tick, label)
            for tick, label, place in marks
            if min(place, self.length - place) + overhang >= extent(label) / 2
        ]

    def _labels(self, ticks: Sequence[float]) -> list[str]:
        shown = [self.factor * tick for tick in ticks]
        if self.kind == "linear":
            return format_ticks(shown, self.unit, self.language)
        return [format_tick(tick, self.unit, self.language) for tick in shown]

    def _fits(self, marks: Sequence[tuple[float, str]], extent: Callable[[str], float]) -> bool:
        places = self._places([tick for tick, _ in marks])
        halves = [extent(label) / 2 for _, label in marks]
        rooms = np.diff(places) - np.array(halves[1:]) - np.array(halves[:-1])
        return bool(np.all(rooms >= _BETWEEN))

    def _places(self, ticks: Sequence[float]) -> list[float]:
        """Return where ticks lie on the axis, in inches from its start."""
        values, ends = np.array(ticks, dtype=np.float64), np.array(self.limits)
        if self.kind == "log":
            values, ends = np.log10(values), np.log10(ends)
        return [float(x) for x in (values - ends[0]) / (ends[1] - ends[0]) * self.length]


def _mark(axis: Axis, marks: Sequence[tuple[float, str]]) -> None:
    axis.set_major_locator(FixedLocator([tick for tick, _ in marks]))
    axis.set_major_formatter(FixedFormatter([label for _, label in marks]))
    axis.set_minor_locator(FixedLocator([]))


def _width(label: str) -> float:
    return text_width(label, SMALL_SIZE)


def _height(label: str) -> float:
    return _LINE * (label.count("\n") + 1)


def _log_ticks(low: float, high: float) -> Iterator[list[float]]:
    """Return ticks at 1-2-5, 1-3, 1 of each decade, then at every second decade, third, ..."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for steps in ((1, 2, 5), (1, 3), (1,)):
        yield [float(f"{step}e{power}") for power in range(first, last + 1) for step in steps]
    for stride in range(2, max(3, last - first + 1)):
        start = -(-first // stride) * stride
        yield [float(f"1e{power}") for power in range(start, last + 1, stride)]


def _linear_ticks(low: float, high: float) -> Iterator[list[float]]:
    for count in (5, 4, 3, 2, 1):
        locator = MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10])
        yield [float(f"{tick:.10g}") for tick in locator.tick_values(low, high)]

"""Labels of ticks: one table of scales a quantity, which the page's script uses as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wattif.format.scales import power_of, ten
from wattif.report.axis import Axis, decimals_of, step_of
from wattif.report.numbers import Numbers

Scale = tuple[int, str, str]  # power of ten, what stands before the number, what behind it


@dataclass(frozen=True)
class Labels:
    """How a quantity's ticks are labelled; entry i of ``scales`` serves 10**(first + i)."""

    first: int
    scales: tuple[Scale, ...]
    numbers: Numbers

    def of(self, axis: Axis, ticks: Sequence[float]) -> list[str]:
        """Return the labels of an axis's ticks: one scale for all if they are evenly spaced."""
        if axis.spread_out:
            return [self._label(tick, self._scale(tick), [tick]) for tick in ticks]
        scale = self._scale(step_of(ticks))
        return [self._label(tick, scale, ticks) for tick in ticks]

    def _scale(self, size: float) -> Scale:
        index = power_of(size) - self.first if size else 0
        return self.scales[min(max(index, 0), len(self.scales) - 1)]

    def _label(self, tick: float, scale: Scale, ticks: Sequence[float]) -> str:
        power, before, after = scale
        if tick == 0:
            return f"{before}0"
        decimals = decimals_of(ticks, power)
        minus = "−" if tick < 0 else ""  # noqa: RUF001
        return f"{minus}{before}{self.numbers.plain(abs(tick) / ten(power), decimals)}{after}"


def make_labels(numbers: Numbers, values: Sequence[float], unit: str) -> Labels:
    """Return the labels for axes around these values."""
    first, scales = numbers.scales(values, unit)
    return Labels(first, scales, numbers)

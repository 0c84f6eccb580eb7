"""Numbers in the reader's language: the digits of ``wattif.format``, its words translated."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wattif.format import format_interval, format_percent, format_value
from wattif.format.scales import power_of, scales_of, ten
from wattif.wording import Language, Wording, read_room

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_UNKNOWN = (math.nan, math.nan)
_GAP = re.compile(r"(?<=[\d,.]) (?=\S)")  # between a number and its unit
_TIE = "\N{NO-BREAK SPACE}"
_SPAN = 4  # powers of ten below its smallest number that an axis may want to label


@dataclass(frozen=True)
class Numbers:
    """Writes numbers for readers of one language."""

    language: Language = "en"

    @property
    def say(self) -> Wording:
        """Messages of the language."""
        return Wording(self.language)

    def value(self, value: float, unit: str, error: float = math.nan) -> str:
        """Return a number with its unit, "41 GWh"; see :func:`wattif.format.format_value`."""
        return self._translate(format_value(value, unit, error))

    def interval(
        self, low: float, high: float, unit: str, errors: tuple[float, float] = _UNKNOWN
    ) -> str:
        """Return an interval, "25 to 75 GWh"; see :func:`wattif.format.format_interval`."""
        ends = self._ends(low, high, unit, errors)
        return self.say("numbers.range", low=ends[0], high=ends[1]) if len(ends) == 2 else ends[0]

    def between(
        self, low: float, high: float, unit: str, errors: tuple[float, float] = _UNKNOWN
    ) -> str:
        """Return an interval in a sentence, "between 25 and 75 GWh"."""
        ends = self._ends(low, high, unit, errors)
        if len(ends) == 1:
            return self.say("numbers.about", value=ends[0])
        return self.say("numbers.between", low=ends[0], high=ends[1])

    def percent(self, fraction: float) -> str:
        """Return a fraction as a percentage, "90 %"."""
        return self._translate(format_percent(fraction))

    def share(self, fraction: float, error: float = math.nan) -> str:
        """Return a share of the draws, which is never quite none or all of them: "<0.1 %"."""
        if fraction < 0.001:
            return f"<{self.percent(0.001)}"
        if fraction > 0.999:
            return f">{self.percent(0.999)}"
        decimals = 1 if min(fraction, 1 - fraction) < 0.01 and not error > 0.001 else 0
        return self.percent(round(fraction, 2 + decimals))

    def count(self, number: int) -> str:
        """Return a whole number, "1,048,576"."""
        return self._translate(f"{number:,}")

    def plain(self, number: float, decimals: int) -> str:
        """Return a bare number with so many decimals."""
        return self._translate(f"{number:,.{decimals}f}")

    def scales(
        self, numbers: Sequence[float], unit: str
    ) -> tuple[int, tuple[tuple[int, str, str], ...]]:
        """Return how an axis labels numbers: (first, [(power, before, after), ...]).

        Entry i serves numbers whose first digit stands for 10**(first + i): the label is the number
        over 10**power, between ``before`` and ``after``.
        """
        powers = [power_of(number) for number in numbers if number and math.isfinite(number)]
        first, last = min(powers, default=0) - _SPAN, max(powers, default=0) + 1
        scales = [scales_of(unit).pick(ten(power)) for power in range(first, last + 1)]
        after = [self._translate(scale.word + scale.symbol) for scale in scales]
        return first, tuple(
            (s.power, s.prefix, text) for s, text in zip(scales, after, strict=True)
        )

    def _ends(self, low: float, high: float, unit: str, errors: tuple[float, float]) -> list[str]:
        """Return the two ends of an interval, or one text if they read the same."""
        ends = format_interval(low, high, unit, errors).split(" to ")
        return [self._translate(end) for end in ends]

    def _translate(self, text: str) -> str:
        """Return a formatted number with separators and words of the language."""
        text = _GAP.sub(_TIE, text)
        if self.language == "en":
            return text
        words = read_room(self.language, "numbers")
        text = _NUMBER.sub(lambda found: self._separate(found[0]), text)
        return _WORD.sub(lambda found: words.get(f"word_{found[0]}", found[0]), text)

    def _separate(self, number: str) -> str:
        whole, point, rest = number.partition(".")
        if len(whole) <= int(self.say("numbers.ungrouped")):
            whole = whole.replace(",", "")
        whole = whole.replace(",", self.say("numbers.group"))
        return whole + (self.say("numbers.decimal") if point else "") + rest

"""Numbers in the reader's language, each tied to its unit so that no line breaks between them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wattif.format import format_count, format_interval, format_percent, format_value
from wattif.format.languages import MANNERS, Manner
from wattif.format.scales import power_of, scales_of, ten
from wattif.wording import Language, Wording

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

    @property
    def manner(self) -> Manner:
        """How the language writes numbers."""
        return MANNERS[self.language]

    def value(self, value: float, unit: str, error: float = math.nan) -> str:
        """Return a number with its unit, "41 GWh"; see :func:`wattif.format.format_value`."""
        return _tied(format_value(value, unit, error, self.language))

    def interval(
        self, low: float, high: float, unit: str, errors: tuple[float, float] = _UNKNOWN
    ) -> str:
        """Return an interval, "25 to 75 GWh"; see :func:`wattif.format.format_interval`."""
        return self.manner.to.join(self._ends(low, high, unit, errors))

    def between(
        self, low: float, high: float, unit: str, errors: tuple[float, float] = _UNKNOWN
    ) -> str:
        """Return an interval in a sentence, "between 25 and 75 GWh"."""
        ends = self._ends(low, high, unit, errors)
        if len(ends) == 1:
            return self.say("report.about", value=ends[0])
        return self.say("report.between", low=ends[0], high=ends[1])

    def percent(self, fraction: float) -> str:
        """Return a fraction as a percentage, "90 %"."""
        return _tied(format_percent(fraction, self.language))

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
        return format_count(number, self.language)

    def plain(self, number: float, decimals: int) -> str:
        """Return a bare number with so many decimals."""
        return self.manner.number(f"{number:,.{decimals}f}")

    def scales(
        self, numbers: Sequence[float], unit: str
    ) -> tuple[int, tuple[tuple[int, str, str], ...]]:
        """Return how an axis labels numbers: (first, [(power, before, after), ...]).

        Entry i serves numbers whose first digit stands for 10**(first + i): the label is the number
        over 10**power, between ``before`` and ``after``.
        """
        powers = [power_of(number) for number in numbers if number and math.isfinite(number)]
        first, last = min(powers, default=0) - _SPAN, max(powers, default=0) + 1
        every = scales_of(unit, self.language)
        scales = [every.pick(ten(power)) for power in range(first, last + 1)]
        return first, tuple((s.power, s.prefix, _behind(s.word + s.symbol)) for s in scales)

    def _ends(self, low: float, high: float, unit: str, errors: tuple[float, float]) -> list[str]:
        """Return the two ends of an interval, or one text if they read the same."""
        text = format_interval(low, high, unit, errors, self.language)
        return [_tied(end) for end in text.split(self.manner.to)]


def _tied(text: str) -> str:
    return _GAP.sub(_TIE, text)


def _behind(text: str) -> str:
    """Return what stands behind a number, tied to it."""
    return _TIE + text[1:] if text.startswith(" ") else text

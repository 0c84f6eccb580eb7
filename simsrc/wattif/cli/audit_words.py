"""An audit in the words of its table."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rich.text import Text

from wattif.analysis import Audit, Condition, Estimate
from wattif.analysis.audit import LIKELY
from wattif.format import format_interval, format_percent, format_value
from wattif.wording import Language, Wording

_STYLES = {"consistent": "green", "doubtful": "yellow", "inconsistent": "red"}
_EQUAL = 0.03  # relative: a middle that is so near the median agrees with it
_BEYOND = 1e-3  # share of what is believed that would have to lie beyond


@dataclass(frozen=True)
class Words:
    """What the table says, in a language, with intervals of a share."""

    language: Language
    share: float

    @property
    def say(self) -> Wording:
        """Messages of the language."""
        return Wording(self.language)

    @property
    def level(self) -> str:
        """The level of the interval, "90 %"."""
        return format_percent(self.share, self.language)

    def row(self, one: Audit) -> list[str | Text]:
        """Return the cells of a claim: what it is about, what it says, and how it fares."""
        verdict = self.say(f"audit.{one.verdict}")
        if not one.firm:
            verdict = self.say("audit.unfirm", verdict=verdict)
        label = f"  {one.check.label}" if one.check.answer.row else one.check.label
        styled = Text(verdict, style=_STYLES.get(one.verdict, "dim"))
        if one.verdict == "untested":
            return [label, one.check.says, self.say("audit.nothing"), "", "", "", styled]
        return [
            label,
            one.check.says,
            self._study(one),
            self._holds(one),
            self._place(one),
            self._factor(one),
            styled,
        ]

    def reasons(self, one: Audit) -> list[str]:
        """Return what lies behind a verdict, a line each; nothing if the table says it all."""
        say = self.say
        lines = []
        if one.verdict == "untested":
            lines.append(say("audit.untested_why", reason=one.check.answer.reason))
        if one.reason == "loose":
            lines.append(say("audit.loose"))
        if one.reason == "ignorant":
            width = format_value(one.measures.width, "1", language=self.language)
            lines.append(say("audit.ignorant", factor=width))
        if not one.firm:
            lines.append(say("audit.hair"))
        if one.conditions:
            lines.append(say(f"audit.{one.conditions[0].how}"))
            lines += [f"  {self._condition(condition)}" for condition in one.conditions]
        return lines

    def _holds(self, one: Audit) -> str:
        """Return how probable a claim is; nothing for a figure that fits, as others do."""
        holds = one.measures.holds
        fits = one.check.figure and one.verdict == "consistent" and holds.value < LIKELY
        return "" if fits else self._percent(holds)

    def _percent(self, share: Estimate) -> str:
        """Return a probability, never rounded to none or all if it is neither."""
        value = share.value
        if 0 < value < 0.001 or 0.999 < value < 1:
            sign, end = ("<", 0.1) if value < 0.5 else (">", 99.9)
            return f"{sign}{format_value(end, '1', 0.0, self.language)} %"
        error = max(100 * share.error, 0.05)  # a tenth of a percent is more than anyone needs
        return f"{format_value(100 * value, '1', error if value else 0.0, self.language)} %"

    def _study(self, one: Audit) -> str:
        """Return median and interval, "41 GWh (25 to 75 GWh)"."""
        answer, unit = one.check.answer, one.check.unit
        median = format_value(answer.median, unit, answer.errors["p50"], self.language)
        if answer.constant:
            return median
        errors = answer.interval_errors
        interval = format_interval(*answer.interval, unit, errors, self.language)
        return f"{median} ({interval})"

    def _place(self, one: Audit) -> str:
        """Return at which percentiles the claim's ends lie; nothing if draws are all the same."""
        check = one.check
        if check.answer.constant:
            return ""
        ends = [
            self._percentile(100 * share)
            for bound, share in (
                (check.low, check.below.value),
                (check.high, 1 - check.above.value),
            )
            if math.isfinite(bound)
        ]
        return "\N{EN DASH}".join(dict.fromkeys(ends))

    def _percentile(self, percentile: float) -> str:
        if percentile < 1:
            return "<1"
        return ">99" if percentile > 99 else f"{percentile:.0f}"

    def _factor(self, one: Audit) -> str:
        """Return by which factor the claim's middle is off, such as 4.2 times too low.

        A bound that is kept is not off, however far it lies.
        """
        factor, value = one.factor, one.factor.value
        open_ended = math.isinf(one.check.low) or math.isinf(one.check.high)
        if math.isnan(value) or (open_ended and one.measures.holds.value > 0.5):
            return ""
        if abs(math.log(value)) < _EQUAL:
            return self.say("audit.same")
        name, times = ("low", 1 / value) if value < 1 else ("high", value)
        error = times * factor.error / value
        return self.say(f"audit.{name}", factor=format_value(times, "1", error, self.language))

    def _condition(self, condition: Condition) -> str:
        unit, constant = condition.unit, math.isnan(condition.place)
        error = condition.needed.error if condition.how == "together" else math.nan
        exact = 0.0 if constant else math.nan
        text = self.say(
            "audit.condition",
            label=condition.label,
            needed=format_value(condition.needed.value, unit, error, self.language),
            usual=format_value(condition.usual, unit, exact, self.language),
        )
        if constant:
            return self.say("audit.constant", condition=text)
        if not _BEYOND < condition.place < 1 - _BEYOND:
            return self.say("audit.beyond", condition=text)
        return text

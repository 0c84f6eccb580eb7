"""Values, intervals and ticks in words and digits."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from wattif.format.languages import MANNERS, Language
from wattif.format.scales import Scale, Scales, power_of, scales_of, ten

NOT_A_NUMBER = "–"  # noqa: RUF001
_UNKNOWN = (math.nan, math.nan)
Unit = str | Scales  # as the study wrote it, or the scales that serve a whole column


def format_value(
    value: float, unit: Unit = "", error: float = math.nan, language: Language = "en"
) -> str:
    """Return a number with its unit, "41 GWh".

    Parameters
    ----------
    value
        In ``unit``. NaN gives a dash.
    unit
        As the study wrote it: "kWh", "USD/query", "hour"; "" or "1" if there is none. Or what
        :func:`common_scales` found for a whole column.
    error
        Standard error, in the same unit: no digit is shown that it does not support, and a number
        that is smaller than its error is marked "~". Zero: the number is exact. NaN: not known.
    language
        Of its decimal mark, its multiples and its unit's words.

    Returns
    -------
    str
        Two significant digits, and a third after a leading 1; an exact number is written out.
    """
    if not math.isfinite(value):
        return _not_finite(value)
    if value == 0 or error == 0:
        scale = _scales(unit, language).pick(_round(value, 4))
        return scale.full(_exact(value, scale), value)
    place = _limit(_place(value), error)
    certain = min(place, power_of(value))
    scale = _scales(unit, language).pick(_round(value, 1 + power_of(value) - certain))
    text = scale.full(scale.number(value, certain), value)
    return text if place == certain else f"~{text}"


def format_interval(
    low: float,
    high: float,
    unit: Unit = "",
    errors: tuple[float, float] = _UNKNOWN,
    language: Language = "en",
) -> str:
    """Return an interval, "25 to 75 GWh": one unit, and two significant digits for both ends.

    A narrow interval gets as many digits as show its width: "105 to 125 GWh". Ends that no one unit
    serves get a unit each: "3.4 kWh to 1.2 GWh". ``errors`` are the standard errors of the ends;
    they limit the digits as in :func:`format_value`.
    """
    if math.isnan(low) or math.isnan(high):
        return NOT_A_NUMBER
    if low == high or math.isinf(low) or math.isinf(high):
        ends = zip((low, high), errors, strict=True)
        texts = [format_value(end, unit, error, language) for end, error in ends]
        return texts[0] if texts[0] == texts[1] else MANNERS[language].to.join(texts)
    scales = _interval_scales(low, high, _scales(unit, language))
    first, second = _interval_numbers((low, high), scales, errors)
    start = _start(first, low, scales)
    end = scales[1].full(second, high)
    return end if start == scales[1].short(second, high) else f"{start}{MANNERS[language].to}{end}"


def format_ticks(ticks: Sequence[float], unit: str = "", language: Language = "en") -> list[str]:
    """Return the labels of evenly spaced ticks: one scale for a whole axis, as few digits as do.

    What a tick need not repeat is left out: the "/query" of "0.3 Wh/query", the things counted; see
    :func:`format_axis`.
    """
    scale = _axis_scale(ticks, scales_of(unit, language))
    shown = [f"{scale.shown(tick):.6f}".rstrip("0") for tick in ticks]
    decimals = max((len(text.partition(".")[2]) for text in shown), default=0)
    place = scale.power - decimals
    return [scale.tick(scale.number(t, place), t) if t else scale.short("0", t) for t in ticks]


def format_tick(tick: float, unit: str = "", language: Language = "en") -> str:
    """Return the label of one tick in the scale that suits it, as on a logarithmic axis."""
    scale = scales_of(unit, language).pick(_round(tick, 4))
    return scale.tick(_exact(tick, scale), tick)


def format_axis(unit: str = "", language: Language = "en") -> str:
    """Return what the ticks of an axis leave out, for beside it: "hours", "per query" or ""."""
    rest = scales_of(unit, language).base.rest.strip()
    return f"{MANNERS[language].per} {rest[1:]}" if rest.startswith("/") else rest


def format_percent(fraction: float, language: Language = "en") -> str:
    """Return a fraction as a percentage, "90 %", never with an exponent: "0.00005 %"."""
    digits = Decimal(f"{100 * fraction:.6g}") if math.isfinite(fraction) else fraction
    return f"{MANNERS[language].number(f'{digits:f}')} %"


def format_count(count: int, language: Language = "en") -> str:
    """Return a whole number in full, "1,048,576"."""
    return MANNERS[language].number(f"{count:,}")


def _axis_scale(ticks: Sequence[float], scales: Scales) -> Scale:
    """Return the scale of the step between ticks, unless that makes for long numbers."""
    largest = max(map(abs, ticks), default=0.0)
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=0.0)
    fine = 10 * step >= largest > 0
    return scales.pick(_round(step if fine else largest, 4))


def _interval_scales(low: float, high: float, scales: Scales) -> tuple[Scale, Scale]:
    """Return the scales of the two ends: the same for both where that is easy to read."""
    small, large = sorted((abs(low), abs(high)))
    fine, coarse = scales.pick(_round(small, 2)), scales.pick(_round(large, 2))
    if small == 0 or (not coarse.word and coarse.shown(small) >= 0.01):
        return coarse, coarse
    if not coarse.word and fine.shown(large) < 10_000:
        return fine, fine
    return (fine, coarse) if abs(low) < abs(high) else (coarse, fine)


def _start(number: str, low: float, scales: tuple[Scale, Scale]) -> str:
    """Return the lower end, without what the upper end says for both."""
    start, end = scales
    if start.unit == end.unit:
        return start.short(number, low)
    if (start.symbol.strip(), start.rest) == (end.symbol.strip(), end.rest):  # "630 $ a 2,1 k$"
        return start.tick(number, low)
    return start.full(number, low)


def _interval_numbers(
    ends: tuple[float, float], scales: tuple[Scale, Scale], errors: tuple[float, float]
) -> list[str]:
    """Return the bare numbers of both ends, with the digits of a value, or those of the width."""
    if errors[0] == 0 == errors[1]:
        return [_exact(end, scale) for end, scale in zip(ends, scales, strict=True)]
    width = power_of((ends[1] - ends[0]) / 4)  # 1 to 3: a second digit; 4 to 9: one will do
    numbers = []
    for end, scale, error in zip(ends, scales, errors, strict=True):
        if end == 0:
            numbers.append("0")
            continue
        place = _limit(min(_place(end), width), error)
        numbers.append(scale.number(end, min(place, power_of(end))))
    return numbers


def _scales(unit: Unit, language: Language) -> Scales:
    return scales_of(unit, language) if isinstance(unit, str) else unit


def _place(value: float) -> int:
    """Return the power of ten of the last digit: two significant ones, a third after a 1."""
    digits = f"{abs(value):.2e}"
    significant = 3 if digits[0] == "1" and digits[3] != "0" else 2
    return power_of(_round(value, significant)) - significant + 1


def _limit(place: int, error: float) -> int:
    """Return the place of the last digit, or the first one that the standard error supports."""
    if math.isnan(error) or error <= 0:
        return place
    if math.isinf(error):
        return sys.float_info.max_10_exp
    supported = power_of(error)
    return max(place, supported if ten(supported) >= error else supported + 1)


def _exact(value: float, scale: Scale) -> str:
    """Return a bare exact number: whole below a million, else four digits without idle zeros."""
    if value == 0:
        return "0"
    text = scale.number(value, min(power_of(value) - 3, scale.power))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _not_finite(value: float) -> str:
    if math.isnan(value):
        return NOT_A_NUMBER
    return "∞" if value > 0 else "−∞"  # noqa: RUF001


def _round(value: float, significant: int) -> float:
    rounded = float(f"{value:.{significant - 1}e}")
    return rounded if math.isfinite(rounded) else value

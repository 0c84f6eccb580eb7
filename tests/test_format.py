"""Numbers for people: units that fit, digits that the error supports."""

# ruff: noqa: RUF001 - a minus, a dash and a times sign are what people read

from __future__ import annotations

import math
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattif.format import (
    common_scales,
    common_unit,
    format_axis,
    format_count,
    format_interval,
    format_percent,
    format_tick,
    format_ticks,
    format_value,
)

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "unit", "error", "text"),
    [
        (41.0, "GWh", NAN, "41 GWh"),
        (4.1e4, "MWh", NAN, "41 GWh"),
        (7.83e7, "USD", NAN, "$78 M"),
        (3.43e-4, "kWh", NAN, "0.34 Wh"),
        (0.026, "Wh", NAN, "26 mWh"),
        (1.7e6, "hour", NAN, "1.7 M hours"),
        (25_000, "", NAN, "25,000"),
        (1.2e10, "query", NAN, "12 bn queries"),
        (1.24e9, "USD", NAN, "$1.24 bn"),
        (1.24e9, "USD_2023", NAN, "$1.24 bn (2023)"),
        (1240, "kUSD_2023", NAN, "$1.24 M (2023)"),
        (1.2e6, "EUR_2021/year", NAN, "€1.2 M/year (2021)"),
        (3e-6, "USD_2023/token", NAN, "$3.0 per M tokens (2023)"),
        (1.188, "USD_2025/USD_2021", NAN, "1.19 USD_2025/USD_2021"),
        (1.0, "USD/USD_2021", 0.0, "1 USD/USD_2021"),
        (78, "million USD", NAN, "$78 M"),
        (78, "MEUR", NAN, "€78 M"),
        (5e7, "SEK", NAN, "SEK 50 M"),
        (0.0034, "USD/query", NAN, "$0.0034/query"),
        (3e-6, "USD/token", NAN, "$3.0 per M tokens"),
        (4e14, "FLOP/s", 0.0, "400 TFLOP/s"),
        (2.15e25, "FLOP", 1e23, "2.1×10²⁵ FLOP"),
        (1.5e13, "token", 0.0, "15 tn tokens"),
        (2.2e6, "kgCO2e", NAN, "2.2 ktCO2e"),
        (390, "gCO2e/kWh", 0.0, "390 gCO2e/kWh"),
        (7.1e7, "GPU*hour", NAN, "71 M GPU·hours"),
        (12, "m**2", NAN, "12 m²"),
        (5, "1/s", NAN, "5.0/s"),
        (12.3, "percent", NAN, "12.3 %"),
        (0.41, "1", NAN, "0.41"),
        (4.5e-5, "", NAN, "45 per million"),
        (3e15, "", NAN, "3.0×10¹⁵"),
        (NAN, "GWh", 0.0, "–"),
        (math.inf, "GWh", NAN, "∞"),
        (-math.inf, "GWh", NAN, "−∞"),
        (0.0, "GWh", NAN, "0 GWh"),
        (-3.2e5, "USD", NAN, "−$320 k"),
    ],
)
def test_a_value_gets_the_unit_that_fits(value: float, unit: str, error: float, text: str) -> None:
    assert format_value(value, unit, error) == text


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (41.27, 0.4, "41 GWh"),
        (41.27, 3.0, "40 GWh"),
        (41.27, 30.0, "~40 GWh"),
        (41.27, math.inf, "~40 GWh"),
        (105.3, 0.1, "105 GWh"),
        (105.3, 1.0, "105 GWh"),
        (105.3, 2.0, "110 GWh"),
        (999.7, 0.1, "1.0 TWh"),
    ],
)
def test_no_digit_is_shown_that_the_error_does_not_support(
    value: float, error: float, text: str
) -> None:
    assert format_value(value, "GWh", error) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (24_576, "GPU", "24,576 GPUs"),
        (30.84e6, "hour", "30.84 M hours"),
        (700, "W", "700 W"),
        (1, "hour", "1 hour"),
        (2, "day", "2 days"),
        (0.0, "USD", "$0"),
    ],
)
def test_an_exact_number_is_written_out(value: float, unit: str, text: str) -> None:
    assert format_value(value, unit, 0.0) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (25e3, 75e3, "MWh", "25 to 75 GWh"),
        (63e6, 104e6, "USD", "$63 M to $104 M"),
        (0.05, 1.8, "Wh", "0.050 to 1.8 Wh"),
        (3.4, 1200, "MWh", "3.4 to 1,200 MWh"),
        (3.4, 1.2e6, "kWh", "3.4 kWh to 1.2 GWh"),
        (1.58e-5, 1.6e-4, "USD/query", "$15.8 to $160 per M queries"),
        (2e5, 1.2e6, "hour", "200,000 to 1.2 M hours"),
        (0.2, 1.2e6, "USD", "$0.20 to $1.2 M"),
        (105e3, 125e3, "MWh", "105 to 125 GWh"),
        (0.98, 0.995, "", "0.980 to 0.995"),
        (8.5, 11.2, "GWh", "8.5 to 11.2 GWh"),
        (800, 3200, "MWh", "0.80 to 3.2 GWh"),
        (0.8e-6, 3e-6, "USD/token", "$0.80 to $3.0 per M tokens"),
        (-3, 12, "Wh", "−3.0 to 12 Wh"),
        (0, 5e6, "USD", "$0 to $5.0 M"),
        (5, 5, "Wh", "5.0 Wh"),
        (2, math.inf, "Wh", "2.0 Wh to ∞"),
        (NAN, 3, "Wh", "–"),
    ],
)
def test_an_interval_has_one_unit_where_one_serves(
    low: float, high: float, unit: str, text: str
) -> None:
    assert format_interval(low, high, unit) == text


def test_the_ends_of_an_interval_keep_to_their_errors() -> None:
    assert format_interval(25.3, 75.1, "GWh", (6.0, 20.0)) == "30 to 80 GWh"
    assert format_interval(2, 4, "GPU", (0.0, 0.0)) == "2 to 4 GPUs"
    assert format_interval(5e6, 5.0001e6, "USD", (1e3, 1e3)) == "$5.000 M"


def test_an_axis_has_one_scale_and_leaves_out_what_is_said_elsewhere() -> None:
    assert format_ticks([0, 2e4, 4e4], "MWh") == ["0", "20 GWh", "40 GWh"]
    assert format_ticks([0, 0.5e9, 1e9], "USD/query") == ["$0", "$500 M", "$1,000 M"]
    assert format_ticks([9.995, 10.0, 10.005], "GWh") == ["9.995 GWh", "10.000 GWh", "10.005 GWh"]
    assert format_ticks([0.9, 0.95, 1.0]) == ["0.90", "0.95", "1.00"]
    assert format_ticks([]) == []
    assert [format_tick(t, "hour") for t in (1e5, 1e6)] == ["100,000", "1 M"]
    assert [format_tick(t, "Wh/query") for t in (0.01, 1.0, 1e3)] == ["10 mWh", "1 Wh", "1 kWh"]


def test_prices_beside_each_other_are_all_for_a_million_if_one_is() -> None:
    assert common_unit([1e-3, 2.0], "USD/query") == (1.0, "USD/query")
    assert common_unit([3.0, NAN, 0.0], "kWh/query") == (1.0, "kWh/query")
    factor, unit = common_unit([1.14e-3, 8.5e-6], "USD/query")
    shown = [format_value(factor * x, unit) for x in (1.14e-3, 8.5e-6)]
    assert shown == ["$1.14 k per M queries", "$8.5 per M queries"]


def test_percentages_are_written_with_a_space() -> None:
    assert [format_percent(p) for p in (0.9, 0.999, 0.0005)] == ["90 %", "99.9 %", "0.05 %"]
    assert [format_percent(p) for p in (5e-7, 1.0, 1e7)] == ["0.00005 %", "100 %", "1000000000 %"]


_PREFIX = {"p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "": 1.0}
_PREFIX |= {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}


def _read(text: str) -> tuple[float, float]:
    """Return the value of "41 GWh" and the worth of its last digit."""
    found = re.fullmatch(r"~?(−?)([\d,]+(?:\.(\d+))?) (\D?)Wh", text)
    assert found, text
    sign, digits, decimals, prefix = found.groups()
    scale = _PREFIX[prefix]
    value = float(digits.replace(",", "")) * scale * (-1 if sign else 1)
    return value, scale * 10.0 ** -len(decimals or "")


@given(
    st.floats(1e-12, 9e14).flatmap(lambda x: st.sampled_from([x, -x])),
    st.sampled_from(["Wh", "kWh", "GWh"]),
)
def test_what_is_shown_is_the_value_to_its_last_digit_without_exponents(
    value: float, unit: str
) -> None:
    value /= _PREFIX[unit[:-2]]
    shown, worth = _read(format_value(value, unit))
    base = value * _PREFIX[unit[:-2]]
    assert abs(shown - base) <= max(0.5 * worth, 0.05 * abs(base)) * (1 + 1e-9)
    assert abs(shown - base) <= 0.05 * abs(base) * (1 + 1e-9)  # two digits: 5 % at worst


@given(st.floats(0.1, 900), st.floats(1e-3, 1e3))
def test_the_last_digit_is_worth_no_less_than_the_error(value: float, error: float) -> None:
    text = format_value(value, "Wh", error)
    digits = re.match(r"~?([\d,.]+)", text)
    assert digits
    shown = digits[1].replace(",", "")
    decimals = len(shown.partition(".")[2])
    trailing = len(shown) - len(shown.rstrip("0")) if decimals == 0 else 0
    unit = 1e3 if " kWh" in text else 1.0
    assert text.startswith("~") or unit * 10.0 ** (trailing - decimals) >= error * (1 - 1e-12)


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(min_value=0.0) | st.just(NAN))
def test_any_number_can_be_shown(value: float, error: float) -> None:
    for unit in ("", "USD/query", "kWh", "hour", "%", "s/query", "million USD"):
        assert format_value(value, unit, error)
        assert format_interval(min(value, 1.0), max(value, 1.0), unit, (error, error))
        if math.isfinite(value):
            assert format_tick(value, unit)


def test_formatting_loads_nothing_heavy() -> None:
    code = (
        "import sys, wattif.format;"
        "print([m for m in ('numpy', 'pint', 'xarray', 'matplotlib', 'numba') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# What stands in one column, and how it is written there: in one unit, if that can be read.
COLUMNS = [
    ("Wh/query", (14.1, 0.021, 0.0076), ["14.1 Wh/query", "0.021 Wh/query", "0.0076 Wh/query"]),
    ("hour", (7.6e7, 1.49e5), ["76 M hours", "0.149 M hours"]),
    ("hour", (7.6e7, 1.49e4), ["76 M hours", "14,900 hours"]),  # 0.0149 M is no number for people
    ("USD", (5.4e8, 1.47e9, 6.9e6), ["$540 M", "$1,470 M", "$6.9 M"]),
    ("USD/million query", (1140, 0.55), ["$1,140 per M queries", "$0.55 per M queries"]),
    ("GPU", (24_576, 512), ["25,000 GPUs", "510 GPUs"]),
    ("million hour", (7.7, 76), ["7.7 M hours", "76 M hours"]),
    ("1", (2.8, 0.0021), ["2.8", "0.0021"]),
    ("GWh", (-53, 0.162, 0.0, NAN, math.inf), ["−53 GWh", "0.162 GWh", "0 GWh", "–", "∞"]),
    ("Wh", (1e-9, 1e9), ["1.0 nWh", "1.0 GWh"]),  # no one unit serves both
]


@pytest.mark.parametrize(("unit", "values", "texts"), COLUMNS)
def test_a_column_has_one_unit_where_one_serves(
    unit: str, values: tuple[float, ...], texts: list[str]
) -> None:
    scales = common_scales(values, unit)
    assert [format_value(value, scales) for value in values] == texts


@given(st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=6))
def test_the_unit_of_a_column_changes_no_value(values: list[float]) -> None:
    scales = common_scales(values, "Wh")
    for value in values:
        shown, _ = _read(format_value(value, scales))
        assert abs(shown - value) <= 0.05 * value * (1 + 1e-9)  # two digits: 5 % at worst


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.47e9, "USD", "1,47 mil M$"),
        (7.83e7, "USD", "78 M$"),
        (4.5e5, "EUR", "450 k€"),
        (41, "USD", "41 $"),
        (2e12, "USD", "2,0 bill. $"),
        (5e7, "CHF", "50 M CHF"),
        (5e7, "AUD", "50 M A$"),
        (-2.5e6, "USD", "−2,5 M$"),
        (1.24e9, "USD_2023", "1,24 mil M$ (2023)"),
        (3e-6, "USD_2023/token", "3,0 $ por M de tokens (2023)"),
        (0, "USD", "0 $"),
        (3e-6, "USD/query", "3,0 $ por M de consultas"),
        (49, "USD/million query", "49 $ por M de consultas"),
        (3.8e9, "query", "3,8 mil M de consultas"),
        (7.6e7, "hour", "76 M de horas"),
        (148_000, "hour", "148\N{NARROW NO-BREAK SPACE}000 horas"),
        (7.1e7, "GPU*hour", "71 M de GPU·horas"),
        (0.3, "Wh/query", "0,30 Wh/consulta"),
        (2.15e25, "FLOP", "2,1×10²⁵ FLOP"),
        (4.5e-5, "", "45 por millón"),
        (1234.5, "", "1230"),
        (12.3, "percent", "12,3 %"),
        (NAN, "GWh", "–"),
    ],
)
def test_values_in_spanish(value: float, unit: str, text: str) -> None:
    assert format_value(value, unit, language="es") == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (25, 75, "GWh", "25 a 75 GWh"),
        (4.1e8, 7e8, "USD", "410 M a 700 M$"),
        (630, 2100, "USD/million query", "630 $ a 2,1 k$ por M de consultas"),
        (2.2e9, 6.5e9, "query", "2,2 mil M a 6,5 mil M de consultas"),
    ],
)
def test_intervals_in_spanish(low: float, high: float, unit: str, text: str) -> None:
    assert format_interval(low, high, unit, language="es") == text


def test_ticks_and_counts_in_spanish() -> None:
    assert format_ticks([0, 5e6, 1e7], "USD", "es") == ["0", "5 M$", "10 M$"]
    assert format_tick(1e9, "USD", "es") == "1 mil M$"
    assert format_percent(0.975, "es") == "97,5 %"
    assert [format_count(n, "es") for n in (4096, 65_536)] == [
        "4096",
        "65\N{NARROW NO-BREAK SPACE}536",
    ]


@pytest.mark.parametrize(
    ("unit", "english", "spanish"),
    [
        ("hour", "hours", "horas"),
        ("Wh/query", "per query", "por consulta"),
        ("USD/million query", "per M queries", "por M de consultas"),
        ("USD_2023", "(2023)", "(2023)"),
        ("USD_2023/million query", "per M queries (2023)", "por M de consultas (2023)"),
        ("GWh", "", ""),
        ("%", "", ""),
    ],
)
def test_an_axis_says_what_its_ticks_leave_out(unit: str, english: str, spanish: str) -> None:
    assert (format_axis(unit), format_axis(unit, "es")) == (english, spanish)


def test_numbers_and_words_know_the_same_languages() -> None:
    from wattif.format.languages import MANNERS
    from wattif.wording import LANGUAGES

    assert tuple(MANNERS) == LANGUAGES


@pytest.mark.parametrize("values", [(0.71, 0.62, 0.78), (0.03, 0.0004), (2.8, 0.84)])
def test_shares_are_not_written_per_million(values):
    scales = common_scales(values, "1")
    for value in values:
        assert "million" not in format_value(value, scales, 0.0)

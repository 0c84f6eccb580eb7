"""Short forms of values and claims: what they mean, and what to write instead of the others."""

import re
from math import inf
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wattif.language.units import parse_unit
from wattif.language.values import ValueFormError, parse_claim, parse_value, with_unit

CONSTANTS = [
    ("700 W", 700.0, "W"),
    ("30.84e6 hour", 30.84e6, "hour"),
    ("5", 5.0, "1"),
    (" -1.5 ", -1.5, "1"),
    ("+5 W", 5.0, "W"),
    (".5 W", 0.5, "W"),
    ("5. W", 5.0, "W"),
    ("1_000_000 token", 1e6, "token"),
    ("80 %", 80.0, "%"),
    ("80%", 80.0, "%"),
    ("5 million USD", 5.0, "million USD"),
    ("0.4 USD/(GPU*hour)", 0.4, "USD/(GPU*hour)"),
    ("6 FLOP/param/token", 6.0, "FLOP/param/token"),
    ("0.6 kWh/(1e6 token)", 0.6, "kWh/(1e6 token)"),
    ("5 T", 5.0, "T"),
    ("300 K", 300.0, "K"),
    ("2 B/param", 2.0, "B/param"),
    ("30k", 30_000.0, "1"),
    ("30k USD", 30_000.0, "USD"),
    ("-2.3M USD", -2.3e6, "USD"),
    ("1.5M query", 1.5e6, "query"),
    ("2 bn", 2e9, "1"),
    ("2bn param", 2e9, "param"),
    ("1.2 tn token", 1.2e12, "token"),
    ("1_000k", 1e6, "1"),
    ("1e3k", 1e6, "1"),
    ("30k %", 30_000.0, "%"),
    ("30k/hour", 30_000.0, "1/hour"),
    ("2 billion", 2.0, "billion"),
    ("20 thousand", 20.0, "thousand"),
    ("3 millions USD", 3.0, "million USD"),
    ("1.2 trillion/hour", 1.2, "trillion/hour"),
]


@pytest.mark.parametrize(("text", "number", "unit"), CONSTANTS)
def test_a_number_and_a_unit_are_a_constant(text, number, unit):
    value = parse_value(text)
    assert (value.kind, value.low, value.high) == ("constant", number, number)
    assert value.unit == parse_unit(unit)


INTERVALS = [
    ("20_000 to 30_000 GPU", 20_000.0, 30_000.0, "GPU"),
    ("10 Wh to 0.02 kWh", 0.01, 0.02, "kWh"),
    ("5% to 10%", 5.0, 10.0, "%"),
    ("5 to 10 %", 5.0, 10.0, "%"),
    ("-3 to 5 K", -3.0, 5.0, "K"),
    ("-5 to -3", -5.0, -3.0, "1"),
    ("0 to 1", 0.0, 1.0, "1"),
    ("1.5e9  to  2e9 USD", 1.5e9, 2e9, "USD"),
    ("30 day to 2 month", 30 * 86400 / 2629800, 2.0, "month"),
    ("1 billion USD to 2.5 billion USD", 1.0, 2.5, "billion USD"),
    ("900 million USD to 1 billion USD", 0.9, 1.0, "billion USD"),
    ("20k to 30k USD", 20_000.0, 30_000.0, "USD"),
    ("900k to 1.5M USD", 9e5, 1.5e6, "USD"),
    ("1.5M to 2 billion USD", 0.0015, 2.0, "billion USD"),
    ("900 million to 1 billion USD", 0.9, 1.0, "billion USD"),
    ("20 to 30 million USD", 20.0, 30.0, "million USD"),
    ("20 to 30 million/hour", 20.0, 30.0, "million/hour"),
    ("5 USD to 10k USD", 5.0, 10_000.0, "USD"),
    ("10 %  to 0.2k %", 10.0, 200.0, "%"),
]


@pytest.mark.parametrize(("text", "low", "high", "unit"), INTERVALS)
def test_a_to_b_is_an_interval(text, low, high, unit):
    value = parse_value(text)
    assert (value.kind, value.high) == ("interval", high)
    assert value.low == pytest.approx(low, rel=1e-15)  # one rounding
    assert value.unit == parse_unit(unit)


def test_without_a_unit_the_default_holds():
    hours = parse_unit("hour")
    assert parse_value("5 to 6", hours).unit == hours
    assert parse_value("5 to 6 day", hours).unit == parse_unit("day")


def test_a_word_without_a_unit_multiplies_the_default_unit():
    dollars = parse_unit("USD")
    for text in ("20 to 30 million", "20 million to 30 million", "20M to 30M"):
        value = parse_value(text, dollars)
        assert (value.low, value.high, value.unit) == (20e6, 30e6, dollars)


# text, low, high, level, unit
LEVELS = [
    ("5 to 10", 5.0, 10.0, 0.9, "1"),
    ("5 to 10 (80%)", 5.0, 10.0, 0.8, "1"),
    ("5 to 10 GWh (80 %)", 5.0, 10.0, 0.8, "GWh"),
    ("5% to 10% ( 99.9 % )", 5.0, 10.0, 0.999, "%"),
    ("-3k to 5k (50%)", -3000.0, 5000.0, 0.5, "1"),
    ("0.6 to 0.9 kWh/(1e6 token) (95 %)", 0.6, 0.9, 0.95, "kWh/(1e6 token)"),
    ("5 to 10 USD/(3 %)", 5.0, 10.0, 0.9, "USD/(3 %)"),
]


@pytest.mark.parametrize(("text", "low", "high", "level", "unit"), LEVELS)
def test_a_range_may_say_its_level(text, low, high, level, unit):
    value = parse_value(text)
    assert (value.kind, value.low, value.high) == ("interval", low, high)
    assert (value.level, value.unit) == (level, parse_unit(unit))


# text, low, mode, high, unit
PEAKS = [
    ("~6 within 5 to 10", 5.0, 6.0, 10.0, "1"),
    (" ~ 6 within 5 to 10 kWh", 5.0, 6.0, 10.0, "kWh"),
    ("~ 6 MWh within 5000 to 10_000 kWh", 5000.0, 6000.0, 10_000.0, "kWh"),
    ("~ 6 within -5 to 10", -5.0, 6.0, 10.0, "1"),
    ("~ 6k within 5k to 10k USD", 5e3, 6e3, 1e4, "USD"),
    ("~ 6 within 5 to 10 million USD", 5.0, 6.0, 10.0, "million USD"),
]


@pytest.mark.parametrize(("text", "low", "mode", "high", "unit"), PEAKS)
def test_a_range_may_say_what_is_most_likely(text, low, mode, high, unit):
    value = parse_value(text)
    assert (value.kind, value.low, value.mode, value.high) == ("peaked", low, mode, high)
    assert value.unit == parse_unit(unit)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5 to 6", "5 to 6 USD"),
        ("5 to 6 (80 %)", "5 to 6 USD (80 %)"),
        ("20k to 30k", "20k to 30k USD"),
        ("2 bn", "2 bn USD"),
        ("2 to 3 million", "2 to 3 million USD"),
        ("~ 6 within 5 to 10", "~ 6 within 5 to 10 USD"),
        ("5 to 6 EUR", "5 to 6 EUR"),
        ("5 USD/m**2", "5 USD/m**2"),
        ("5 to 6 EUR (80 %)", "5 to 6 EUR (80 %)"),
    ],
)
def test_a_unit_that_is_left_out_is_shown_where_it_belongs(text, shown):
    assert with_unit(text, parse_unit("USD")) == shown


REFUSED = [
    ("", 1, "empty", "700 W"),
    ("   ", 1, "empty", ""),
    ("1" * 201, 201, "201 characters", ""),
    ("5-10", 2, "a range written with '-'", "5 to 10"),
    ("5 - 10 GWh", 2, "a range written with '-'", "5 to 10"),
    ("5-10 GWh", 2, "a range written with '-'", "5 to 10"),
    ("5\N{EN DASH}10", 2, "'\\u2013' is not used", "5 to 10"),
    ("5..10", 3, "a range written with points", "5 to 10"),
    ("5 ... 10", 2, "a range written with '..'", "5 to 10"),
    ("5to10", 2, "'to' without spaces", "5 to 10"),
    ("5 TO 10", 2, "'TO' between", "5 to 10"),
    ("5 and 10", 2, "'and' between", "5 to 10"),
    ("between 5 and 10", 1, "'between'", "5 to 10"),
    ("from 5 to 10", 1, "'from'", "5 to 10"),
    ("5 to", 5, "a number is missing", ""),
    ("to 5", 1, "a number is missing", ""),
    ("5 to 10 to 15", 8, "more than one 'to'", ""),
    ("10 to 5", 1, "a range from 10 to 5", "the lesser number goes first"),
    ("10 to 5 GWh", 1, "a range from 10 to 5 GWh", "lesser"),
    ("1 MWh to 10 kWh", 1, "a range from 1000 to 10 kWh", "lesser"),
    ("5 to 5", 1, "a range from 5 to 5", "write the number alone"),
    ("1 kWh to 1000 Wh", 1, "a range from 1000 to 1000 Wh", "alone"),
    ("-1e308 YW to 5 mW", 8, "unknown unit 'YW'", ""),
    ("-1e308 MW to 5 mW", 1, "a range from -inf", ""),
    ("5 W to 10", 8, "the second number has no unit", "the unit goes last"),
    ("5 W to 10 USD", 1, "W [power] cannot become USD [money]", "one kind"),
    ("1,000", 2, "a comma", "1_000 for thousands and 1.5"),
    ("1,5 W", 2, "a comma", "1.5"),
    ("1 000 W", 2, "two numbers", "1_000"),
    ("5 M USD", 3, "'M' between a number and its unit", "write 5M USD"),
    ("5 B param", 3, "'B' between a number and its unit", "write 5bn param"),
    ("5 T token", 3, "'T' between a number and its unit", "write 5tn token"),
    ("5 K GPU", 3, "'K' between a number and its unit", "write 5k GPU"),
    ("5 k", 2, "a space before the suffix k", "write 5k"),
    ("5 M", 2, "a space before the suffix M", "write 5M"),
    ("70B", 3, "the suffix B is not used", "write 70bn for billions, 70 B for bytes"),
    ("70B param", 3, "the suffix B is not used", "write 70bn param for billions"),
    ("5T", 2, "the suffix T is not used", "write 5tn for trillions, 5 T for teslas"),
    ("5K", 2, "the suffix K is not used", "write 5k for thousands, 5 K for kelvins"),
    ("5m", 2, "the suffix m is not used", "write 5M for millions, 5 m for metres"),
    ("5mn EUR", 2, "the suffix mn is not used", "write 5M EUR for millions"),
    ("5G", 2, "the suffix G is not used", "write 5bn for billions"),
    ("30kUSD", 3, "'kUSD' touches its number", "write 30 kUSD"),
    ("1e300bn", 1, "too large a number", "1.8e308"),
    ("20 to 30k USD", 9, "the suffix k stands after the last number only", "write 20k to 30k USD"),
    ("20 to 30k USD", 9, "the suffix k", "or 20 to 30_000 USD if that is meant"),
    ("2 to 3 bn param", 7, "the suffix bn stands after the last", "write 2bn to 3bn param"),
    ("~ 6 within 5k to 10k", 20, "the suffix k", "write 6k within ... to 10k"),
    ("30k-40k USD", 4, "a range written with '-'", "write 30k to 40k USD"),
    ("10% - 20%", 3, "a range written with '-'", "write 10 to 20 %"),
    ("5 GWh - 10 GWh", 2, "a range written with '-'", "write 5 to 10 GWh"),
    ("5 (80 %)", 3, "a level after one number", "write 5 to 10 (80 %)"),
    ("5 to 10 (80)", 9, "'(80)' after a range", "(80 %)"),
    ("5 to 10 (80 % CI)", 9, "'(80 % CI)' after a range", "(80 %)"),
    ("5 to 10 (0 %)", 9, "a level of 0 %; it must lie between 0 and 100 %", ""),
    ("5 to 10 (100 %)", 9, "a level of 100 %; it must lie between 0 and 100 %", ""),
    ("5 to 10 (8.8.8 %)", 9, "'8.8.8' is no number", ""),
    ("~ 5 within 5 to 10", 3, "a most likely value on a bound: 5 within 5 to 10", "triangular"),
    ("~ 4 within 5 to 10", 3, "a most likely value outside its bounds: 4 within 5 to 10", ""),
    ("6 within 5 to 10", 3, "'within' without a most likely value", "write ~ 6 within 5 to 10"),
    ("~ 6 within 5", 5, "'within' without a range", "write ~ 6 within 5 to 10"),
    ("~ 6 within", 5, "'within' without a range", "write ~ 6 within 5 to 10"),
    ("~ 6 within 5 to 10 (80 %)", 20, "a level after 'within'", "without a level"),
    ("~ 6 W within 5 to 10", 19, "the last number has no unit", "the unit goes last"),
    ("~ 6 W within 5 to 10 USD", 3, "W [power] cannot become USD [money]", "one kind"),
    ("700W", 4, "'W' touches its number", "700 W"),
    ("5 e6", 2, "a space in a number", "5e6"),
    ("10^6", 3, "a calculation", "1e6"),
    ("10**6", 3, "a calculation", "1e6"),
    ("5x10^6", 2, "a calculation", "1e6"),
    ("3/4", 2, "a calculation", ""),
    ("5 +- 1", 2, "'+-'", 'dist = "normal"'),
    ("5 \N{PLUS-MINUS SIGN} 1", 3, "is not used", 'dist = "normal"'),
    ("inf", 1, "'inf' is no number", ""),
    ("-inf W", 1, "'-inf' is no number", ""),
    ("nan", 1, "'nan' is no number", ""),
    ("1e999", 1, "too large a number", ""),
    ("$5", 1, "a currency sign", "write 5 USD"),
    ("$30k", 1, "a currency sign", "write 30k USD"),
    ("$20k to $30k", 1, "a currency sign", "write 20k to 30k USD"),
    ("\N{POUND SIGN}2bn", 1, "a currency sign", "write 2bn GBP"),
    ("\N{EURO SIGN}1_000.5", 1, "a currency sign", "write 1_000.5 EUR"),
    ("5 $/h", 3, "a currency sign", "USD"),
    ("~ 5", 1, "'~' before a value", "only a claim"),
    ("> 5 GWh", 1, "'>' before a value", "only a claim"),
    ("five", 1, "a number is expected, not 'five'", ""),
    ("W", 1, "a number is expected", ""),
    ("\N{MINUS SIGN}5", 1, "'\\u2212' is not used", "write -"),
    ("\N{ARABIC-INDIC DIGIT THREE}", 1, "'\\u0663' is not used", "ASCII"),
    ("5\0", 2, "'\\x00' is not used", ""),
    ("5 \u202eW", 3, "'\\u202e' is not used", ""),
    ("5\nW", 2, "'\\n' is not used", ""),
    ("5 gwh", 3, "unknown unit 'gwh'", "did you mean GWh?"),
    ("5 to 6 USD/gwh", 12, "unknown unit 'gwh'", "GWh"),
    ("5 degC", 3, "unknown unit 'degC'", "write K"),
    ("5 m^3", 4, "'^' is not used in units", "write **"),
    ("5 # five", 3, "'#' is not used", ""),
    ("5 W; import os", 4, "';' is not used", ""),
    ("__import__('os')", 1, "a number is expected", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), REFUSED)
def test_refusals_say_what_to_write(text, column, message, hint):
    with pytest.raises(ValueFormError) as refusal:
        parse_value(text)
    assert message in refusal.value.message
    assert hint in refusal.value.hint
    assert refusal.value.column == column
    assert refusal.value.end_column > column


CLAIMS = [
    ("5.4 to 7.7 GWh", "between", 5.4, 7.7, "GWh"),
    ("> 1.5e9 USD", "above", 1.5e9, inf, "USD"),
    (">= 3", "above", 3.0, inf, "1"),
    ("<.5 W", "below", -inf, 0.5, "W"),
    ("<= -2 K", "below", -inf, -2.0, "K"),
    ("~ 0.34 Wh", "about", 0.34, 0.34, "Wh"),
    (" ~0.34 Wh", "about", 0.34, 0.34, "Wh"),
    ("7.7e6 hour", "exactly", 7.7e6, 7.7e6, "hour"),
    ("> 1.5bn USD", "above", 1.5e9, inf, "USD"),
    ("~30k", "about", 3e4, 3e4, "1"),
    ("20k to 30k USD", "between", 2e4, 3e4, "USD"),
]


@pytest.mark.parametrize(("text", "relation", "low", "high", "unit"), CLAIMS)
def test_claims_say_how_they_bound(text, relation, low, high, unit):
    claim = parse_claim(text)
    assert (claim.relation, claim.low, claim.high) == (relation, low, high)
    assert claim.unit == parse_unit(unit)


REFUSED_CLAIMS = [
    ("~ 5 to 6", 1, "both '~' and a range", ""),
    (">", 2, "a number is missing", ""),
    ("= 5", 1, "'=' before a value", ""),
    (">> 5", 2, "'>' before a value", ""),
    ("\N{ALMOST EQUAL TO} 5", 1, "is not used", "~ in a claim"),
    ("> 5 gwh", 5, "unknown unit 'gwh'", "GWh"),
    ("~ 6 within 5 to 10", 5, "'within' in a claim", "a figure, a range"),
    ("5 to 6 GWh (80 %)", 12, "a level in a claim", "a figure, a range"),
    ("more than 5", 1, "a number is expected, not 'more'", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), REFUSED_CLAIMS)
def test_refused_claims_say_what_to_write(text, column, message, hint):
    with pytest.raises(ValueFormError) as refusal:
        parse_claim(text)
    assert message in refusal.value.message
    assert hint in refusal.value.hint
    assert refusal.value.column == column


LETTERS = "0123456789 to.eEkMWhUSDbnithm%$-+_/*()<>~"


@settings(max_examples=500, deadline=2000)  # the first call may load pint
@given(
    st.one_of(
        st.text(max_size=220), st.text("0123456789 to.eEkMWhUSDbnithm%$-+_/*()<>~", max_size=60)
    )
)
@example("1" + "0" * 199)
@example("1" + "_0" * 99)
@example("0" * 100 + " to " + "9" * 96)
@pytest.mark.parametrize("read", [parse_value, parse_claim])
def test_any_text_is_read_or_refused(read, text):
    outcome = outcome_of(read, text)
    if isinstance(outcome, ValueFormError):
        assert outcome.message.isprintable()
        assert 1 <= outcome.column < outcome.end_column <= len(text) + 42
    else:
        assert outcome.low <= outcome.high


def outcome_of(read, text):
    try:
        return read(text)
    except ValueFormError as refusal:
        return refusal


LANGUAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
VALUES = LANGUAGE.split("## Values")[1].split("\n## ")[0]
SHOWN = [
    text
    for line in VALUES.splitlines()
    if line.startswith('| `"')
    for text in re.findall(r'"([^"]+)"', line.split("|")[1])
]


def test_the_page_shows_every_short_form():
    assert len(SHOWN) >= 10


@pytest.mark.parametrize("text", SHOWN)
def test_short_forms_of_the_page_are_read(text):
    parse_value(text)

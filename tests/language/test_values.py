"""Short forms of values and claims: what they mean, and what to write instead of the others."""

from math import inf

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wattif.language.units import parse_unit
from wattif.language.values import ValueFormError, parse_claim, parse_value

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
    ("1.5M", 4, "the suffix M is not available yet", "1.5e6"),
    ("30k GPU", 3, "the suffix k is not available yet", "30e3 GPU"),
    ("5bn USD", 2, "the suffix bn is not available yet", "5e9 USD"),
    ("5 M USD", 3, "'M' between a number and its unit", "5e6 USD"),
    ("5 B param", 3, "'B' between a number and its unit", "5e9 param"),
    ("5 K GPU", 3, "'K' between a number and its unit", "5e3 GPU"),
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
    ("more than 5", 1, "a number is expected, not 'more'", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), REFUSED_CLAIMS)
def test_refused_claims_say_what_to_write(text, column, message, hint):
    with pytest.raises(ValueFormError) as refusal:
        parse_claim(text)
    assert message in refusal.value.message
    assert hint in refusal.value.hint
    assert refusal.value.column == column


@settings(max_examples=500, deadline=2000)  # the first call may load pint
@given(
    st.one_of(st.text(max_size=220), st.text("0123456789 to.eEkMWhUSD%$-+_/*()<>~", max_size=60))
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

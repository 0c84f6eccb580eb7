"""Numbers in the reader's language."""

# ruff: noqa: RUF001 - ties, a minus and thin spaces are what people read

from __future__ import annotations

import math

import pytest

from wattif.report.numbers import Numbers

ENGLISH, SPANISH = Numbers("en"), Numbers("es")


@pytest.mark.parametrize(
    ("value", "unit", "english", "spanish"),
    [
        (41.0, "GWh", "41 GWh", "41 GWh"),
        (1.24e9, "USD", "$1.24 bn", "1,24 mil M$"),
        (3.2e5, "USD", "$320 k", "320 k$"),
        (1.2e10, "query", "12 bn queries", "12 mil M de consultas"),
        (0.0034, "USD/query", "$0.0034/query", "0,0034 $/consulta"),
        (3e-6, "USD/query", "$3.0 per M queries", "3,0 $ por M de consultas"),
        (4.5e-5, "", "45 per million", "45 por millón"),
        (2.5e4, "", "25,000", "25\u202f000"),
        (2.5e3, "", "2,500", "2500"),
        (-0.31, "", "−0.31", "−0,31"),
        (math.nan, "GWh", "–", "–"),
    ],
)
def test_values_have_the_words_and_separators_of_the_language(value, unit, english, spanish):
    assert ENGLISH.value(value, unit).replace("\xa0", " ") == english
    assert SPANISH.value(value, unit).replace("\xa0", " ") == spanish


def test_intervals_are_ranges_in_tables_and_between_in_sentences():
    arguments = (25e3, 75e3, "MWh")
    assert ENGLISH.interval(*arguments) == "25 to 75\xa0GWh"
    assert SPANISH.interval(*arguments) == "25 a 75\xa0GWh"
    assert ENGLISH.between(*arguments) == "between 25 and 75\xa0GWh"
    assert SPANISH.between(*arguments) == "entre 25 y 75\xa0GWh"
    assert ENGLISH.between(5e6, 5.0001e6, "USD", (1e3, 1e3)) == "about $5.000\xa0M"
    assert ENGLISH.between(2, math.inf, "Wh") == "between 2.0\xa0Wh and ∞"


def test_a_share_of_the_draws_is_never_none_or_all():
    shares = [ENGLISH.share(x).replace("\xa0", " ") for x in (0, 0.004, 0.25, 0.996, 1)]
    assert shares == ["<0.1 %", "0.4 %", "25 %", "99.6 %", ">99.9 %"]


def test_a_number_is_tied_to_its_unit():
    assert " " not in ENGLISH.value(161e6, "USD")
    assert SPANISH.percent(0.998) == "99,8\xa0%"
    assert SPANISH.count(1_048_576) == "1\u202f048\u202f576"

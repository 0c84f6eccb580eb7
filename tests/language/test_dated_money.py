"""Money of two years does not mix, and every refusal says what converts one into the other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from wattif.errors import StudyError
from wattif.language.loader import load
from wattif.language.model import Constant
from wattif.language.money import addition_hint, conversion_hint
from wattif.language.units import parse_unit


def study(**quantities):
    return {"quantities": {"old": "100 USD_2021", "new": "100 USD_2025", **quantities}}


def refusal(data):
    with pytest.raises(StudyError) as caught:
        load(data)
    (problem,) = caught.value.problems
    return problem


DEFLATOR = 'multiply USD_2021 by usd_2025_per_usd_2021, with from = "deflators.usd-to-2025"'


@pytest.mark.parametrize("formula", ["old + new", "new - old", "max(old, new)", "old < new"])
def test_years_do_not_mix_and_the_earlier_is_converted(formula):
    problem = refusal(study(total={"formula": formula}))
    assert "USD_2021 [money]" in problem.message
    assert "USD_2025 [money]" in problem.message
    assert problem.hint == DEFLATOR


def test_a_formula_is_converted_to_the_year_of_its_unit():
    problem = refusal(study(total={"formula": "2 * new", "unit": "MUSD_2021"}))
    hint = 'multiply USD_2025 by usd_2021_per_usd_2025, with from = "deflators.usd-to-2021"'
    assert problem.hint == hint


def test_what_the_hint_says_mends_the_study():
    total = {"formula": "old * usd_2025_per_usd_2021 + new", "unit": "USD_2025"}
    model = load(study(total=total) | {"from": "deflators.usd-to-2025"})
    assert model.find("study", "total").unit.text == "USD_2025"
    # 321.943 / 270.970, the consumer price index of the two years
    deflator = model.find("study", "usd_2025_per_usd_2021").belief
    assert deflator == Constant(pytest.approx(1.18811, abs=1e-5))


def test_the_study_of_the_manual_is_complete():
    page = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n([^`]*deflators\.[^`]*)```", page)
    assert load(tomllib.loads(text)).outputs == ("both",)


def test_money_of_an_equation_set_gets_its_year_from_a_quantity():
    data = {
        "uses": ["training-rental"],
        "from": ["prices.h100-rental-2023", "deflators.usd-to-2025"],
        "quantities": {
            "accelerator_hours": "1e6 hour",
            "of_2023": "1 USD_2023/USD",
            "today": {"formula": "rental_cost * of_2023 * usd_2025_per_usd_2023"},
        },
    }
    assert load(data).find("study", "today").unit.text == "USD_2025"


def test_without_a_unit_converted_money_is_in_its_new_year():
    total = {"formula": "old * usd_2025_per_usd_2021"}
    model = load(study(total=total) | {"from": "deflators.usd-to-2025"})
    assert model.find("study", "total").unit.text == "USD_2025"


def test_a_system_keeps_to_the_year_of_a_name():
    data = {
        "quantities": {"price": "1 USD_2025/hour", "cost": {"formula": "price * time"}},
        "systems": {"a": {"quantities": {"price": "2 USD_2021/hour", "time": "3 hour"}}},
    }
    assert refusal(data).hint == DEFLATOR


def test_a_formula_of_a_system_keeps_to_the_year_of_a_name():
    data = {
        "quantities": {"old": "1 USD_2021", "cost": "1 USD_2025", "y": {"formula": "cost"}},
        "systems": {"a": {"quantities": {"cost": {"formula": "old"}}}},
    }
    assert refusal(data).hint == DEFLATOR


def test_a_value_keeps_to_the_year_of_its_unit():
    price = {"value": "3 USD_2021", "unit": "USD_2025"}
    assert refusal({"quantities": {"price": price, "y": {"formula": "2"}}}).hint == DEFLATOR


def test_an_interval_has_one_year():
    problem = refusal({"quantities": {"price": "3 USD_2021 to 4 USD_2025", "y": {"formula": "2"}}})
    assert "USD_2021 [money] cannot become USD_2025 [money]" in problem.message
    assert problem.hint == "both ends need units of one kind"


def test_a_member_of_a_mixture_keeps_to_the_year_of_the_whole():
    mixture = {"dist": "mixture", "of": ["1 to 2 USD_2021", "3 to 4"], "unit": "USD_2025"}
    problem = refusal({"quantities": {"price": mixture, "y": {"formula": "2"}}})
    assert "found USD_2021 [money]; expected USD_2025 [money], as the whole" in problem.message


def test_a_claim_is_of_the_year_of_its_quantity():
    claim = {"quantity": "total", "says": "> 5 USD_2021", "source": "a paper"}
    problem = refusal(study(total={"formula": "2 * new"}) | {"claims": [claim]})
    assert problem.hint == DEFLATOR


HINTS = [
    ("USD_2021/hour", "kUSD_2025/year", DEFLATOR),
    ("kWh/USD_2025", "kWh/USD_2021", DEFLATOR),
    ("USD_1995", "USD_2025", "money of two years: multiply USD_1995 by a deflator in "),
    ("EUR_2021", "EUR_2025", "by a deflator in EUR_2025/EUR_2021"),
    ("USD", "USD_2025", "USD without a year do not mix with USD_2025: write their year, or "),
    ("USD_2025", "USD", 'or multiply by a quantity such as "1 USD/USD_2025"'),
    ("EUR_2021", "USD_2025", "multiply by a quantity in USD_2025/EUR_2021"),
    ("USD", "EUR", "currencies do not convert by themselves: multiply by a quantity in EUR/USD"),
]


@pytest.mark.parametrize(("found", "expected", "hint"), HINTS)
def test_a_hint_says_by_what_to_multiply(found, expected, hint):
    assert hint in conversion_hint(parse_unit(found), parse_unit(expected))


@pytest.mark.parametrize("pair", [("kWh", "USD"), ("USD_2021/kWh", "USD_2025"), ("GWh", "MWh")])
def test_there_is_no_hint_where_more_than_money_differs(pair):
    a, b = map(parse_unit, pair)
    assert conversion_hint(a, b) == addition_hint(a, b) == ""

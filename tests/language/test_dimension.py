"""Units through formulas: what comes out, which factors go in, and what does not fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattif.language.dimension import DimensionError, check
from wattif.language.expression import Call, Expression, Name, Number
from wattif.language.formulas import parse
from wattif.language.functions import FUNCTIONS
from wattif.language.units import parse_unit, ratio

# name: value and unit
QUANTITIES = {
    "power": (700.0, "W"),
    "time": (2.0, "hour"),
    "energy": (3.0, "kWh"),
    "price": (0.1, "USD/kWh"),
    "money": (5.0, "USD"),
    "euros": (5.0, "EUR"),
    "old_money": (5.0, "USD_2020"),
    "share": (80.0, "%"),
    "count": (8.0, "GPU"),
    "x": (1.5, "1"),
    "area": (4.0, "m**2"),
    "tokens": (2e6, "token"),
    "per_token": (3.0, "kWh/Mtoken"),
    "params": (1e9, "param"),
    "flop": (6.0, "FLOP/param/token"),
    "peak": (312.0, "TFLOP/s"),
    "huge": (1.0, "1e40 m"),
}


def unit_of(name, system):
    return parse_unit(QUANTITIES[name][1])


def evaluate(expression: Expression) -> float:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        return QUANTITIES[expression.name][0]
    arguments = [np.float64(evaluate(argument)) for argument in expression.arguments]
    return float(FUNCTIONS[expression.function].evaluate(*arguments))


def size(expression: Expression) -> int:
    if isinstance(expression, Call):
        return 1 + sum(map(size, expression.arguments))
    return 1


# formula, target unit, value in it
VALUES = [
    ("power * time", "kWh", 1.4),
    ("power * time", "GWh", 1.4e-6),
    ("power * time + energy", "kWh", 4.4),
    ("energy - power * time", "Wh", 1600.0),
    ("energy * price", "USD", 0.3),
    ("energy * price", "kUSD", 0.0003),
    ("money / energy", "USD/GWh", 5 / 3e-6),
    ("share * energy", "kWh", 2.4),
    ("1 - share", "1", 0.2),
    ("share + 1", "%", 180.0),
    ("clip(share, 0, 0.5)", "1", 0.5),
    ("exp(share)", "1", np.exp(0.8)),
    ("2 ** share", "1", 2**0.8),
    ("share ** 2", "1", 0.64),
    ("sqrt(share)", "1", np.sqrt(0.8)),
    ("sqrt(area)", "m", 2.0),
    ("sqrt(area)", "cm", 200.0),
    ("area ** 0.5", "m", 2.0),
    ("area ** (1/2) * x ** x", "m", 2 * 1.5**1.5),
    ("area ** -1", "1/m**2", 0.25),
    ("(area ** (1/3)) ** 3", "m**2", 4.0),
    ("energy / (power * time)", "1", 3 / 1.4),
    ("log10(energy / energy)", "1", 0.0),
    ("floor(energy / (power * time))", "1", 2.0),
    ("floor(count / 3)", "1", 2.0),
    ("where(energy > power * time, money, 0)", "USD", 5.0),
    ("where(energy < power * time, money, 0)", "USD", 0.0),
    ("where(0, 0, money)", "USD", 5.0),
    ("max(0, energy, power * time)", "kWh", 3.0),
    ("min(power * time, energy)", "kWh", 1.4),
    ("abs(-energy)", "Wh", 3000.0),
    ("atan2(energy, power * time)", "1", np.arctan2(3, 1.4)),
    ("energy == 0", "1", 0.0),
    ("0", "USD", 0.0),
    ("energy + 0", "kWh", 3.0),
    ("0 - energy", "kWh", -3.0),
    ("tokens * per_token", "kWh", 6.0),
    ("flop * params * tokens", "PFLOP", 12.0),
    ("flop * params * tokens / peak", "s", 12e15 / 312e12),
    ("x * count", "1", 12.0),
    ("pi * x", "1", np.pi * 1.5),
]


@pytest.mark.parametrize(("text", "target", "value"), VALUES)
def test_values_come_out_in_the_target_unit(text, target, value):
    expression, unit = check(parse(text), unit_of, parse_unit(target), text)
    assert unit.text == target
    assert evaluate(expression) == pytest.approx(value, rel=1e-14)  # a few roundings


UNITS = [
    ("power * time", "W*hour"),
    ("share * energy", "kWh"),  # not %*kWh
    ("share * share * energy / time", "kWh/hour"),
    ("energy / share", "kWh"),
    ("money / energy", "USD/kWh"),
    ("energy + power * time", "kWh"),
    ("energy > 0", "1"),
    ("energy / energy", "1"),
    ("share * share", "1"),
    ("area ** (1/3)", "m**(2/3)"),
    ("sqrt(energy)", "kWh**0.5"),
]


@pytest.mark.parametrize(("text", "unit"), UNITS)
def test_without_a_target_the_formula_gives_the_unit(text, unit):
    assert check(parse(text), unit_of)[1].text == unit


def test_factors_are_exact_constants():
    expression, _ = check(parse("power * time"), unit_of, parse_unit("GWh"))
    assert expression == Call("mul", (Number(1e-9), Call("mul", (Name("power"), Name("time")))))


def test_factors_join_the_numbers_of_the_formula():
    expression, _ = check(parse("2 * energy"), unit_of, parse_unit("Wh"))
    assert expression == Call("mul", (Number(2000.0), Name("energy")))


def test_equal_units_need_no_factor():
    assert check(parse("energy"), unit_of, parse_unit("kWh"))[0] == Name("energy")


def test_other_systems_are_asked_for_their_units():
    asked = []

    def remember(name, system):
        asked.append((name, system))
        return parse_unit("kWh")

    check(parse("a.energy + energy"), remember)
    assert asked == [("energy", "a"), ("energy", None)]


REFUSED = [
    ("energy + money", None, 1, "'energy' is in kWh [energy], but 'money' is in USD [money]", ""),
    ("1 + energy - money", None, 1, "'1' is a pure number, but 'energy' is in kWh", "quantity"),
    ("money + 1 * (energy + x)", None, 13, "'energy' is in kWh [energy], but 'x' is", ""),
    ("money + euros", None, 1, "[money], but 'euros' is in EUR [money]", "in USD/EUR"),
    ("money + old_money", None, 1, "USD_2020 [money]", "USD without a year do not mix"),
    ("energy - per_token", None, 1, "kWh/Mtoken [energy/tokens]", "a factor in Mtoken [tokens]"),
    ("max(energy, 0, money)", None, 1, "'energy' is in kWh [energy], but 'money'", ""),
    ("clip(energy, 0, 1)", None, 1, "'energy' is in kWh [energy], but '1' is a pure number", ""),
    ("energy > 5", None, 1, "'5' is a pure number", 'limit = "5 kWh"'),
    ("where(x > 1, energy, money)", None, 1, "'energy' is in kWh", ""),
    ("where(energy, 1, 0)", None, 7, "a condition must be a pure number", "compare it"),
    ("exp(energy)", None, 5, "argument of exp must be a pure number", "1 kWh"),
    ("1 + log(power * time)", None, 9, "'power * time' is in W*hour [energy]", ""),
    ("sin(time)", None, 5, "argument of sin must be a pure number", ""),
    ("floor(energy)", None, 7, "argument of floor must be a pure number", "1 kWh"),
    ("x ** energy", None, 6, "an exponent must be a pure number", ""),
    ("energy ** x", None, 1, "its exponent must be a number, not a quantity", "divide"),
    ("energy ** 30", None, 1, "a power of 30", "at most 20"),
    ("energy ** 1e300", None, 1, "a power of 1e+300", ""),
    ("energy ** 0.1234567", None, 1, "a power of 0.1234567", "four decimals"),
    ("huge ** 20", None, 1, "too large or too small", ""),
    ("energy * price", "EUR", 1, "gives USD [money], but its unit is EUR", "EUR"),
    ("energy * price", "GWh", 1, "its unit is GWh [energy]", "they differ by"),
    ("energy / time", "MWh", 1, "gives kWh/hour [power], but its", "MWh/hour would fit"),
    ("energy", "MWh/year", 1, "its unit is MWh/year [power]", "MWh would fit"),
    ("energy", "kW", 1, "its unit is kW [power]", "they differ by a factor in"),
    ("energy", "kWh**10", 1, "but its unit is kWh**10", "they differ by a factor in"),
    ("5", "USD", 1, "gives a pure number, but its unit is USD [money]", 'limit = "5 USD"'),
    ("clip(share, 0, 1e307)", None, 16, "too large once its unit is converted", ""),
]


@pytest.mark.parametrize(("text", "target", "column", "message", "hint"), REFUSED)
def test_mismatches_show_both_sides(text, target, column, message, hint):
    unit = None if target is None else parse_unit(target)
    with pytest.raises(DimensionError) as refusal:
        check(parse(text), unit_of, unit, text)
    assert message in refusal.value.message
    assert hint in refusal.value.hint
    assert refusal.value.column == column
    assert refusal.value.end_column > column


SIMPLE = st.sampled_from(list(QUANTITIES))


@given(SIMPLE, SIMPLE, st.sampled_from("*/"))
def test_units_multiply_as_their_values_do(a, b, operator):
    """In base units a formula knows no factors: numbers alone must give the same."""
    text = f"{a} {operator} {b}"
    expression, unit = check(parse(text), unit_of)
    in_base = [QUANTITIES[name][0] * unit_of(name, None).scale for name in (a, b)]
    expected = FUNCTIONS["mul" if operator == "*" else "div"].evaluate(*map(np.float64, in_base))
    assert evaluate(expression) * unit.scale == pytest.approx(float(expected), rel=1e-14)
    assert ratio(unit, parse_unit(unit.text)) == pytest.approx(1, rel=1e-14)


def test_a_formula_as_large_as_allowed_is_checked_in_time():
    text = "min(" + ", ".join(["share * energy + power * time / x"] * 280) + ")"
    expression, _ = check(parse(text), unit_of, parse_unit("GWh"), text)
    assert size(expression) > 2_000


@pytest.mark.parametrize("formula", ["min(shift, 8)", "shift > 8", "shift + 8"])
def test_a_bare_number_beside_hours_a_day_is_refused(formula):
    """8 hours a day is the pure number 0.33, and 8 is not."""
    units = {"shift": parse_unit("hour/day")}
    with pytest.raises(DimensionError) as caught:
        check(parse(formula), lambda name, system: units[name], text=formula)
    assert "'shift' is in hour/day" in caught.value.message
    assert 'limit = "8 hour/day"' in caught.value.hint


@pytest.mark.parametrize("formula", ["max(shift, 0)", "share > 0.05", "2 * shift"])
def test_what_a_bare_number_can_only_mean_is_let_through(formula):
    units = {"shift": parse_unit("hour/day"), "share": parse_unit("%")}
    check(parse(formula), lambda name, system: units[name], text=formula)

"""Units: what they are worth, what is refused, and the algebra of formulas."""

import subprocess
import sys

import pint
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wattif.language.unit_table import GROUPS, PREFIXES, definitions
from wattif.language.units import (
    DIMENSIONLESS,
    KNOWN_UNITS,
    Unit,
    UnitError,
    describe,
    divide,
    multiply,
    parse_unit,
    power,
    ratio,
    same_dimension,
)

ENERGY = (("kg", 1.0), ("m", 2.0), ("s", -2.0))
PER_ENERGY = (("kg", -1.0), ("m", -2.0), ("s", 2.0))

PARSED = [
    ("", 1.0, ()),
    ("1", 1.0, ()),
    ("%", 0.01, ()),
    ("GPU", 1.0, ()),
    ("params", 1.0, ()),
    ("people", 1.0, ()),
    ("Gparam", 1e9, ()),
    ("rad", 1.0, ()),
    ("hour", 3600.0, (("s", 1.0),)),
    ("h", 3600.0, (("s", 1.0),)),
    ("days", 86400.0, (("s", 1.0),)),
    ("month", 2629800.0, (("s", 1.0),)),
    ("year", 31557600.0, (("s", 1.0),)),
    ("GWh", 3.6e12, ENERGY),
    ("kilowatt_hours", 3.6e6, ENERGY),
    ("kW h", 3.6e6, ENERGY),
    ("kW*h", 3.6e6, ENERGY),
    ("USD/GWh", 1 / 3.6e12, (("USD", 1.0), *PER_ENERGY)),
    ("kWh/Mtoken", 3.6, (*ENERGY, ("token", -1.0))),
    ("kWh / (1e6 token)", 3.6, (*ENERGY, ("token", -1.0))),
    ("FLOP/param/token", 1.0, (("FLOP", 1.0), ("token", -1.0))),
    ("TFLOP/s", 1e12, (("FLOP", 1.0), ("s", -1.0))),
    ("EFLOP", 1e18, (("FLOP", 1.0),)),
    ("MUSD", 1e6, (("USD", 1.0),)),
    ("billion USD", 1e9, (("USD", 1.0),)),
    ("USD_2023", 1.0, (("USD_2023", 1.0),)),
    ("kEUR_1999", 1e3, (("EUR_1999", 1.0),)),
    ("gCO2e", 1e-3, (("kgCO2e", 1.0),)),
    ("tCO2e", 1e3, (("kgCO2e", 1.0),)),
    ("queries/s", 1.0, (("query", 1.0), ("s", -1.0))),
    ("L", 1e-3, (("m", 3.0),)),
    ("m**3", 1.0, (("m", 3.0),)),
    ("m**-2", 1.0, (("m", -2.0),)),
    ("m**(1/3)", 1.0, (("m", 1 / 3),)),
    ("(kg*m)**0.5", 1.0, (("kg", 0.5), ("m", 0.5))),
    ("J/s", 1.0, (("kg", 1.0), ("m", 2.0), ("s", -3.0))),
    ("GB/s", 8e9, (("bit", 1.0), ("s", -1.0))),
    ("delta_degC", 1.0, (("K", 1.0),)),
    ("gallon", 0.003785411784, (("m", 3.0),)),
    ("acre_foot", 1233.4892384681489, (("m", 3.0),)),
    ("GWh/MWh", 1000.0, ()),
]


@pytest.mark.parametrize(("text", "scale", "dimensions"), PARSED)
def test_a_unit_is_worth_what_it_says(text, scale, dimensions):
    unit = parse_unit(text)
    assert unit.scale == pytest.approx(scale, rel=1e-15)  # one rounding
    assert unit.dimensions == tuple(sorted(dimensions))


REFUSED = [
    ("m^3", "'^' is not used", "write **"),
    ("TFLOPS", "unknown unit", "TFLOP/s for a rate or TFLOP for a number"),
    ("FLOPs", "unknown unit", "FLOP/s for a rate"),
    ("degC", "unknown unit", "write K"),
    ("celsius", "unknown unit", "write K"),
    ("M", "unknown unit", "prefix without a unit: write 1e6"),
    ("k", "unknown unit", "prefix without a unit: write 1000"),
    ("gwh", "unknown unit 'gwh'", "did you mean GWh?"),
    ("mwh", "unknown unit", "did you mean mWh or MWh?"),
    ("tokken", "unknown unit", "did you mean token?"),
    ("qwertyuiop", "unknown unit", "wattif list units"),
    ("ton", "unknown unit", "t (1000 kg) or short_ton"),
    ("b", "unknown unit", "bit or B"),
    ("CO2e", "unknown unit", "kgCO2e"),
    ("dollars", "unknown unit", "USD"),
    ("USD_1850", "unknown unit", "a year from 1990 to 2100"),
    ("GPU_hours", "unknown unit", "GPU*hour"),
    ("GPU-hour", "'-' is not used between units", "GPU*hour"),
    ("m2", "unknown unit", "m**2"),
    ("USD per kWh", "unknown unit 'per'", "write /"),
    ("kWh/1e6 token", "ambiguous", "a/(b*c) or a/b*c"),
    ("cats", "unknown unit", ""),
    ("mk", "unknown unit", ""),
    ("dB", "unknown unit", ""),
    ("decibel", "unknown unit", ""),
    ("pixel", "unknown unit", ""),
    ("$/h", "'$' is not used", "write USD"),
    ("\N{MICRO SIGN}s", "is not used", "write u"),
    ("kWh\u202e", "'\\u202e' is not used", ""),
    ("W\0", "'\\x00' is not used", ""),
    ("\N{ARABIC-INDIC DIGIT THREE} W", "is not used", ""),
    ("W\n", "is not used", ""),
    ("x.__class__", "'.' is not used", ""),
    ("W[0]", "'[' is not used", ""),
    ("9**9**9", "out of place", ""),
    ("m**999999999", "exponent beyond 20", ""),
    ("((m**5)**5)**5", "exponent beyond 20", ""),
    ("m**0.123456", "too fine", ""),
    ("QFLOP**20", "too large", ""),
    ("(1e-999)**-0.5", "too large", ""),
    ("0 W", "zero", ""),
    ("W/0", "zero", ""),
    ("W*", "breaks off", ""),
    ("/W", "no name or number before '/'", ""),
    ("m**", "must be followed by a number", ""),
    ("m**kg", "must be followed by a number", ""),
    ("(W", "not closed", ""),
    ("W)", "')' is out of place", ""),
    ("()", "no name or number", ""),
    ("(" * 9 + "W" + ")" * 9, "nests more than 8", ""),
    ("W" * 101, "101 characters", ""),
]


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_refusals_say_why_and_what_to_write(text, message, hint):
    with pytest.raises(UnitError) as refusal:
        parse_unit(text)
    assert message in refusal.value.message
    assert hint in refusal.value.hint


def test_a_refusal_points_at_its_column():
    with pytest.raises(UnitError) as refusal:
        parse_unit("USD / foo")
    assert refusal.value.column == 7


RATIOS = [
    ("hour", "s", 3600.0),
    ("year", "day", 365.25),
    ("USD/hour", "USD/day", 24.0),
    ("W*hour", "GWh", 1e-9),
    ("gCO2e/kWh", "kgCO2e/MWh", 1.0),
    ("%", "1", 0.01),
    ("thousand", "%", 1e5),
    ("mile/gallon", "km/L", 1.609344 / 3.785411784),
    ("(hour**2)**0.5", "s", 3600.0),
]


@pytest.mark.parametrize(("source", "target", "factor"), RATIOS)
def test_ratios_are_exact(source, target, factor):
    assert ratio(parse_unit(source), parse_unit(target)) == factor


def test_ratios_between_dimensions_are_refused():
    with pytest.raises(UnitError, match=r"GWh \[energy\] cannot become USD \[money\]"):
        ratio(parse_unit("GWh"), parse_unit("USD"))


def test_ratios_beyond_floats_are_refused():
    tiny, huge = parse_unit("m**20/(1e200)"), parse_unit("km**20*1e100")
    with pytest.raises(UnitError, match="too large or too small"):
        ratio(tiny, huge)


def test_different_money_does_not_mix():
    units = [parse_unit(text) for text in ("USD", "EUR", "USD_2023", "USD_2024")]
    for i, one in enumerate(units):
        assert [same_dimension(one, other) for other in units] == [i == j for j in range(4)]


DESCRIBED = [
    ("GWh", "GWh [energy]"),
    ("USD", "USD [money]"),
    ("USD_2023", "USD_2023 [money]"),
    ("USD/GWh", "USD/GWh [money/energy]"),
    ("USD/(GPU*hour)", "USD/(GPU*hour) [money/time]"),
    ("W*hour", "W*hour [energy]"),
    ("L/kWh", "L/kWh [volume/energy]"),
    ("1/s", "1/s [1/time]"),
    ("m**-2", "m**-2 [1/length**2]"),
    ("kWh/(1e6 token)", "kWh/(1e6 token) [energy/tokens]"),
    ("%", "% [pure number]"),
    ("GPU", "GPU [pure number]"),
]


@pytest.mark.parametrize(("text", "words"), DESCRIBED)
def test_a_unit_is_described_in_words(text, words):
    assert describe(parse_unit(text)) == words


ALGEBRA = [
    (multiply(parse_unit("W"), parse_unit("hour")), "W*hour"),
    (divide(parse_unit("USD"), parse_unit("GWh")), "USD/GWh"),
    (divide(DIMENSIONLESS, parse_unit("s")), "1/s"),
    (divide(parse_unit("kWh/Mtoken"), parse_unit("kWh")), "1/Mtoken"),
    (multiply(parse_unit("%"), parse_unit("GWh")), "%*GWh"),
    (power(parse_unit("m"), 2.0), "m**2"),
    (power(parse_unit("m"), 1 / 3), "m**(1/3)"),
    (power(parse_unit("m/s"), -0.5), "s**0.5/m**0.5"),
    (power(parse_unit("USD"), 0.0), "1"),
]


@pytest.mark.parametrize(("unit", "text"), ALGEBRA)
def test_algebra_is_readable(unit, text):
    assert unit.text == text


@pytest.mark.parametrize("exponent", [1e300, float("inf"), float("nan"), 21.0, 0.12345678])
def test_wild_powers_are_refused(exponent):
    with pytest.raises(UnitError, match="a power of"):
        power(parse_unit("m"), exponent)


def test_long_products_fall_back_to_base_units():
    unit = DIMENSIONLESS
    for known in ["km", "mile", "ft", "kWh", "BTU", "Mtoken", "kUSD", "GB", "day", "week"] * 2:
        unit = multiply(unit, power(parse_unit(known), 0.25))
    unit = multiply(unit, parse_unit("thousand million billion trillion tonne*MPa*mmol"))
    assert len(unit.text) <= 100
    assert ratio(unit, parse_unit(unit.text)) == pytest.approx(1, rel=1e-14)  # a dozen roundings


SOME = st.sampled_from([text for text, _, _ in PARSED])


@given(SOME, SOME)
def test_algebra_obeys_its_laws(a, b):
    one, two = parse_unit(a), parse_unit(b)
    product = multiply(one, two)
    assert ratio(divide(product, two), one) == pytest.approx(1, rel=1e-14)
    assert ratio(power(power(one, 2.0), 0.5), one) == pytest.approx(1, rel=1e-14)
    assert product.dimensions == multiply(two, one).dimensions
    assert ratio(parse_unit(product.text), product) == pytest.approx(1, rel=1e-14)


def test_units_are_keys_of_tables():
    assert {parse_unit("kWh"): 1}[parse_unit("kWh")] == 1
    assert Unit("kWh", 3.6e6, ENERGY) == parse_unit("kWh")


def test_listed_units_can_be_read():
    for rows in KNOWN_UNITS.values():
        for symbol, words in rows:
            assert parse_unit(symbol).scale > 0
            assert words


def test_no_spelling_hides_another():
    for rows in GROUPS.values():
        for row in rows:
            definition = row.definition or row.symbol
            for prefix in row.prefixes:
                factor, found = definitions()[prefix + row.symbol]
                if found:  # else it is a base unit: kg
                    assert (factor, found) == (PREFIXES[prefix][1], definition)


PINT_DIMENSIONS = {
    "gram": ("kg", 0.001),
    "meter": ("m", 1),
    "second": ("s", 1),
    "ampere": ("A", 1),
    "kelvin": ("K", 1),
    "mole": ("mol", 1),
    "candela": ("cd", 1),
    "bit": ("bit", 1),
    "radian": ("", 1),
    "count": ("", 1),
}
# there a dose of radiation, a Btu of another table, the knot, and attometres per second
OTHERWISE_IN_PINT = {"rads", "millirads", "BTU", "Btu", "kt", "amps"}


def spellings_known_to_pint():
    registry = pint.UnitRegistry(cache_folder=None)
    for name in definitions():
        if name.isidentifier() and name in registry and name not in OTHERWISE_IN_PINT:
            yield name, *registry.get_root_units(name)


def test_pint_agrees_on_every_unit_that_both_know():
    compared = 0
    for name, factor, root in spellings_known_to_pint():
        unit = parse_unit(name)
        dimensions = {}
        for base, exponent in dict(root._units).items():
            ours, size = PINT_DIMENSIONS[base]
            factor *= size**exponent
            dimensions[ours] = float(exponent)
        dimensions.pop("", None)
        assert dict(unit.dimensions) == dimensions, name
        assert unit.scale == pytest.approx(factor, rel=1e-13), name  # pint rounds at each step
        compared += 1
    assert compared > 800


def test_everyday_units_do_without_pint():
    code = (
        "import sys; from wattif.language.units import parse_unit; parse_unit('USD/GWh');"
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=300, deadline=2000)  # the first call may load pint
@given(st.one_of(st.text(max_size=120), st.text("kWhMUSD%*/()-.0123456789 eE_^", max_size=110)))
@example("((((((((m**20)**1)))))))")
def test_any_text_is_read_or_refused(text):
    outcome = outcome_of(parse_unit, text)
    if isinstance(outcome, Unit):
        assert parse_unit(outcome.text) == outcome
    else:
        assert outcome.message.isprintable()
        assert 1 <= outcome.column <= len(text) + 1


def outcome_of(read, text):
    try:
        return read(text)
    except UnitError as refusal:
        return refusal

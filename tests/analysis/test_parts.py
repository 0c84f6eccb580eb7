"""Break-downs, swings, correlations, break-evens and claims agree with closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from xarray import DataTree

from wattif.analysis import (
    break_down,
    break_even,
    check_claims,
    find_pair,
    find_swings,
    kept_inputs,
    rank_correlations,
)
from wattif.errors import ResultError

Run = Callable[..., DataTree]

Z = stats.norm.ppf(0.95)


@pytest.fixture(scope="module")
def plant(simulate: Run) -> DataTree:
    """Two services that share a price: totals in other units than parts, and a fixed fee."""
    quantities = {
        "price": {"dist": "lognormal", "median": 0.1, "sigma": 0.2, "unit": "USD/kWh"},
        "fee": {"value": "2 thousand USD", "label": "Fee"},
        "power": {"formula": "energy * price", "unit": "USD", "label": "Electricity"},
        "total": {"formula": "power + fee + staff", "unit": "USD", "label": "Total"},
        "energy_each": {"formula": "energy / uses", "unit": "kWh/query"},
        "uses": "1000 query",
        "margin": {"formula": "total - fee", "unit": "USD"},
    }
    one = {
        "energy": {"dist": "lognormal", "median": 10, "sigma": 0.3, "unit": "MWh"},
        "staff": {"dist": "normal", "mean": 3, "sd": 1, "unit": "thousand USD", "label": "Staff"},
    }
    two = {**one, "energy": {"formula": "one.energy * factor", "unit": "MWh"}, "factor": "1 to 2"}
    return simulate(
        quantities,
        systems={"one": {"label": "One", "quantities": one}, "two": {"quantities": two}},
        claims=[
            {"quantity": "one.energy", "says": "> 12 MWh", "source": "a paper"},
            {"quantity": "one.energy", "says": "8 to 12 MWh"},
            {"quantity": "two.power", "says": "~ 1000 USD"},
        ],
        run={"outputs": ["energy", "power", "total", "energy_each", "margin"]},
    )


def test_parts_add_up_to_the_total(plant: DataTree) -> None:
    found = break_down(plant, "total", "one")
    assert [part.label for part in found.parts] == ["Electricity", "Fee", "Staff"]
    assert sum(part.share.value for part in found.parts) == pytest.approx(1)
    assert found.parts[-1].running == found.total
    fee, staff = found.parts[1:]
    assert (fee.spread.low.value, fee.spread.high.value) == (2000, 2000)
    assert staff.spread.median.value == pytest.approx(3000, abs=4 * staff.spread.median.error)
    power = found.parts[0].spread
    truth = 1000 * math.exp(Z * math.hypot(0.2, 0.3))
    assert abs(power.high.value - truth) < 4 * power.high.error


def test_parts_may_be_named(plant: DataTree) -> None:
    found = break_down(plant, "total", "one", ["fee", "power", "staff"])
    assert [part.key for part in found.parts] == ["fee", "power", "one.staff"]


def test_what_is_no_sum_is_refused_with_what_is(plant: DataTree) -> None:
    with pytest.raises(ResultError, match=r"not a plain sum of quantities.*of sums it has: total;"):
        break_down(plant, "power", "one")
    with pytest.raises(ResultError, match=r"parts do not add up to Total.*name all its parts"):
        break_down(plant, "total", "one", ["fee", "power"])
    with pytest.raises(ResultError, match="Electricity is no part of it"):
        break_down(plant, "energy", "one", ["power"])


def test_inputs_are_those_that_the_output_rests_on(plant: DataTree) -> None:
    assert {one.key for one in kept_inputs(plant, "power", "one")} == {"one.energy", "price"}
    two = kept_inputs(plant, "power", "two")
    assert {one.label for one in two} == {"One: energy", "factor", "price"}
    shared = plant["prior"]["energy"].sel(system="one").values
    (energy,) = (one for one in two if one.key == "one.energy")
    np.testing.assert_array_equal(energy.values, shared)


def test_swing_of_a_monotone_output_is_its_tail(plant: DataTree) -> None:
    found = find_swings(plant, "power", "one")
    assert [swing.key for swing in found.swings] == ["one.energy", "price"]
    assert found.median.value == pytest.approx(1000, abs=4 * found.median.error)
    # Given its lowest tenth, log y is a tail plus a normal: its median by numerical inversion.
    widest = found.swings[0]
    tail = 0.3 * stats.norm.ppf((np.arange(4000) + 0.5) / 40_000)
    grid = np.linspace(-2, 1, 6001)
    below = stats.norm.cdf((grid[:, None] - tail) / 0.2).mean(axis=1)
    truth = 1000 * math.exp(np.interp(0.5, below, grid))
    assert abs(widest.low.value - truth) < 4 * widest.low.error
    assert widest.inputs[0] == pytest.approx(10 * math.exp(0.3 * stats.norm.ppf(0.05)), rel=0.01)


def test_correlations_are_the_normal_ones(plant: DataTree) -> None:
    found = rank_correlations(plant, "one", ["power"])
    assert found.keys == ("one.power", "one.energy", "price")
    assert found.outputs == 1
    pearson = 0.3 / math.hypot(0.2, 0.3)
    truth = 6 / math.pi * math.asin(pearson / 2)  # Spearman of a bivariate normal
    assert abs(found.value[0, 1] - truth) < 4 * found.error[0, 1] + 1e-4
    assert np.allclose(found.value, found.value.T)
    assert np.allclose(np.diag(found.value), 1)


def test_break_even_is_the_quotient_in_things(simulate: Run) -> None:
    tree = simulate(
        {
            "training_energy": {"dist": "lognormal", "median": 50, "sigma": 0.3, "unit": "GWh"},
            "energy_per_query": {
                "dist": "lognormal",
                "median": 5,
                "sigma": 0.4,
                "unit": "Wh/query",
            },
            "price": {"dist": "lognormal", "median": 5, "sigma": 0.4, "unit": "USD/kWh"},
        },
        run={"outputs": ["price", "energy_per_query", "training_energy"]},
    )
    assert find_pair(tree) == ("training_energy", "energy_per_query")
    found = break_even(tree, "training_energy", "energy_per_query", "study")
    assert (found.unit, found.thing) == ("GWh", "query")
    for estimate, z in ((found.crossing.low, -Z), (found.crossing.high, Z)):
        assert abs(estimate.value - 1e10 * math.exp(0.5 * z)) < 4 * estimate.error
    with pytest.raises(ResultError, match="price in USD/kWh: the second is not the first"):
        break_even(tree, "training_energy", "price", "study")


def test_without_a_pair_there_is_no_break_even(simulate: Run) -> None:
    tree = simulate({"x": "1 to 2 USD"}, run={"outputs": ["x"]})
    with pytest.raises(ResultError, match="the result has no break-even"):
        find_pair(tree)


def test_claims_have_the_probability_of_the_draws(plant: DataTree) -> None:
    above, between, about = check_claims(plant)
    z = math.log(1.2) / 0.3, math.log(0.8) / 0.3
    assert abs(above.within.value - stats.norm.sf(z[0])) < 4 * above.within.error
    assert above.above.value == 0
    truth = stats.norm.cdf(z[0]) - stats.norm.cdf(z[1])
    assert abs(between.within.value - truth) < 4 * between.within.error
    assert about.figure
    assert about.within.value == 0
    assert above.source == "a paper"
    assert [claim.says for claim in check_claims(plant, systems=["two"])] == ["~ 1000 USD"]


def test_no_claim_is_refused(plant: DataTree) -> None:
    with pytest.raises(
        ResultError, match=r"no claim about this; claims stand under \[\[claims\]\]"
    ):
        check_claims(plant, ["total"])


CONDITIONAL = {
    "rate": "1 to 3 USD",
    "x": {
        "dist": "lognormal",
        "median": "rate",
        "sigma": 0.1,
        "unit": "USD",
        "label": {"en": "Price", "es": "Precio"},
    },
    "y": {"formula": "2 * x", "unit": "USD", "label": {"en": "Cost", "es": "Coste"}},
}


@pytest.mark.parametrize("outputs", [["y", "x"], ["y"]])
def test_what_is_random_given_others_is_an_input_too(simulate: Run, outputs: list[str]) -> None:
    tree = simulate(CONDITIONAL, run={"outputs": outputs})
    assert {one.key for one in kept_inputs(tree, "y", "study")} == {"rate", "x"}


def test_it_is_no_input_of_itself(simulate: Run) -> None:
    tree = simulate(CONDITIONAL, run={"outputs": ["y", "x"]})
    assert {one.key for one in kept_inputs(tree, "x", "study")} == {"rate"}


def test_labels_are_in_the_language_asked_for(simulate: Run) -> None:
    tree = simulate(CONDITIONAL, run={"outputs": ["y", "x"]})
    found = find_swings(tree, "y", "study", "es")
    assert found.label == "Coste"
    assert {swing.label for swing in found.swings} == {"Precio", "rate"}
    assert find_swings(tree, "y", "study").label == "Cost"

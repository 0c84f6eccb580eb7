"""Published results come out of the packaged equation sets, to the digits that were printed."""

from __future__ import annotations

import math
import runpy
from pathlib import Path
from typing import Any

import pytest

from wattif.api import load
from wattif.errors import StudyError

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "validation-llm.md"
SCRIPT = runpy.run_path(str(DOCS / "validation_llm_table.py"))
RESULTS = SCRIPT["results"]()


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result["title"])
def test_a_published_result_comes_out_to_the_last_digit(result: dict[str, Any]) -> None:
    for quantity, one in SCRIPT["compared"](result):
        assert one.agrees, f"{quantity}: {one.computed} {one.unit}, published {one.published}"


def test_the_page_shows_the_results_of_now() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert SCRIPT["replace_table"](page) == page, "run python docs/validation_llm_table.py"


def values(study: dict[str, Any]) -> dict[str, float]:
    summary = load({**study, "run": {"draws": 32, "replicates": 2}}).run()["summary"]
    return {key: float(found.sel(statistic="p50").item()) for key, found in summary.items()}


# Epoch AI's relative uncertainty of acquisition cost: 90 % intervals of the four factors
FACTORS = {"count": (0.8, 1.25), "server": (1.3, 2.1), "network": (1.07, 1.32)}
PRICES = {"GPU": ((0.5, 2.0), (0.46, 2.1)), "TPU": ((0.25, 4.0), (0.23, 4.2))}


@pytest.mark.parametrize("kind", PRICES)
def test_the_published_intervals_of_acquisition_cost_come_out(kind: str) -> None:
    price, published = PRICES[kind]
    ends = {**FACTORS, "price": price}
    middles = {key: math.sqrt(low * high) for key, (low, high) in ends.items()}
    quantities = {key: f"{low} to {high}" for key, (low, high) in ends.items()}
    centre = math.prod(middles.values())
    cost = {"formula": f"count * price * server * network / {centre!r}"}
    study = {"quantities": {**quantities, "cost": cost}, "run": {"draws": 2**16}}
    found = load(study).run()["summary"]["cost"]
    low, high = (float(found.sel(statistic=end).item()) for end in ("eti_low", "eti_high"))
    width = math.sqrt(sum(math.log(b / a) ** 2 for a, b in ends.values())) / 2
    # 65,536 scrambled Sobol draws know these ends to some 0.1 %: five of it
    assert (low, high) == pytest.approx((math.exp(-width), math.exp(width)), rel=5e-3)
    # 10,000 samples know them to some 3 %, and two digits were printed
    assert (low, high) == pytest.approx(published, rel=0.06)


def test_three_boundaries_of_one_run_are_three_quantities() -> None:
    found = values(
        {
            "uses": ["training-energy", "training-energy-card"],
            "from": "hardware.a100-sxm-40",
            "quantities": {
                "accelerator_hours": "57 million hour",
                "pue": 1.25,
                "power_utilisation": 0.75,
                "server_power_factor": 2.03125,
            },
        }
    )
    assert found["training_energy_chips"] == pytest.approx(22.8, abs=0.05)
    assert found["training_energy"] == pytest.approx(43.4, abs=0.05)


def test_a_year_of_short_queries_is_not_35_000_households() -> None:
    quantities = {
        "one": "0.42 Wh/query",
        "many": "700 million query/day",
        "year": {"formula": "one * many", "unit": "GWh/year"},
        "household": "10.5 MWh/year",
        "households": {"formula": "35_000 * household", "unit": "GWh/year"},
    }
    found = values({"quantities": quantities})
    assert found["year"] == pytest.approx(107, abs=0.5)
    assert found["households"] == pytest.approx(368, abs=0.5)


def test_a_wait_plus_tokens_times_a_rate_is_refused() -> None:
    quantities = {
        "wait": "0.5 s",
        "tokens": "400 token",
        "rate": "80 token/s",
        "latency": {"formula": "wait + tokens * rate", "unit": "s"},
    }
    with pytest.raises(StudyError, match="token"):
        load({"quantities": quantities})


def test_factors_a_megawatt_hour_do_not_become_factors_a_kilowatt_hour() -> None:
    mix = {"coal": (0.25, 995), "oil": (0.35, 816), "gas": (0.26, 743), "clean": (0.14, 29)}
    terms = " + ".join(f"{share} * {fuel}" for fuel, (share, _) in mix.items())
    fuels = {fuel: f"{factor} kgCO2e/MWh" for fuel, (_, factor) in mix.items()}
    intensity = {"formula": terms, "unit": "kgCO2e/kWh"}
    found = values({"quantities": {**fuels, "intensity": intensity}})
    assert found["intensity"] == pytest.approx(0.73159, abs=5e-6)


def test_replies_of_an_assessment_that_holds_training_are_no_count_of_queries() -> None:
    quantities = {
        "carbon": "20.4 thousand tCO2e",
        "a_reply": "1.14 gCO2e/query",
        "water": "281_000 m**3",
        "its_water": "45 mL/query",
        "by_carbon": {"formula": "carbon / a_reply", "unit": "billion query"},
        "by_water": {"formula": "water / its_water", "unit": "billion query"},
    }
    found = values({"quantities": quantities})
    assert found["by_carbon"] == pytest.approx(17.9, abs=0.05)
    assert found["by_water"] == pytest.approx(6.2, abs=0.05)

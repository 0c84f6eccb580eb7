"""The survey study holds every cell of the survey, each once, with its unit and its source."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wattif.api import load as load_study
from wattif.language.loader import load
from wattif.language.model import Absent, Constant, Formula, Model, Quantity, Random

ROOT = Path(__file__).parents[2]
SURVEY = ROOT / "configs" / "survey-2025b.toml"
TRAINING_RUN = ROOT / "configs" / "training-run.toml"

SYSTEMS = (
    "gpt-4",
    "claude-3-opus",
    "gemini-1-5-pro",
    "gemini-ultra",
    "llama3-70b",
    "llama3-405b",
    "mixtral-8x7b",
)
OUTPUTS = (
    "accelerator_hours",
    "acquisition_cost",
    "training_cost",
    "training_energy",
    "energy_per_query",
    "electricity_cost_per_query",
    "break_even_queries",
    "training_cost_ratio",
)

HARDWARE = "Training: hardware"
COST = "Training: hardware cost"
TIME = "Training: time"
ENERGY = "Training: energy"
QUERY = "Inference: energy"

# row, column of the survey; system, quantity of the study; its belief: (5 %, 95 %) or a constant
QUANTITIES = (
    (HARDWARE, "GPT-4", "gpt-4", "accelerator_count", (20_000, 31_250)),
    (TIME, "GPT-4", "gpt-4", "training_time", (90, 180)),
    (QUERY, "GPT-4", "gpt-4", "energy_per_query", (10, 20)),
    (HARDWARE, "Claude 3 Opus", "claude-3-opus", "accelerator_count", (20_000, 90_000)),
    (TIME, "Claude 3 Opus", "claude-3-opus", "longer_than_gpt_4", (1.025, 1.475)),
    (QUERY, "Claude 3 Opus", "claude-3-opus", "similarity_to_gpt_4", (0.67, 1.5)),
    (TIME, "Gemini 1.5", "gemini-1-5-pro", "training_time", (60, 270)),
    (TIME, "Gemini 1.5", "gemini-ultra", "training_time", (60, 270)),
    (ENERGY, "Gemini 1.5", "gemini-1-5-pro", "training_energy", (2, 9)),
    (ENERGY, "Gemini 1.5", "gemini-ultra", "training_energy", (2, 9)),
    (HARDWARE, "Llama 3", "llama3-405b", "meta_cluster_size", 24_576),
    (COST, "Llama 3", "llama3-405b", "meta_clusters", 1),
    (COST, "Llama 3", "llama3-405b", "h100_price", (30_000, 40_000)),
    (TIME, "Llama 3", "llama3-405b", "accelerator_hours", 7.7),
    (TIME, "Llama 3", "llama3-70b", "accelerator_hours", 1.7),
    (HARDWARE, "Mixtral 8x7B", "mixtral-8x7b", "accelerator_count", (200, 9_000)),
    (TIME, "Mixtral 8x7B", "mixtral-8x7b", "training_time", (14, 120)),
    (QUERY, "Mixtral 8x7B", "mixtral-8x7b", "active_share", 0.25),
)
UNITS = {
    "accelerator_count": "GPU",
    "training_time": "day",
    "energy_per_query": "Wh/query",
    "training_energy": "GWh",
    "accelerator_hours": "million hour",
    "h100_price": "USD",
    "meta_cluster_size": "GPU/cluster",
}
# row, column; system, quantity; relation and bounds
CLAIMS = (
    (COST, "GPT-4", "gpt-4", "training_cost", "above", 100e6),
    (ENERGY, "GPT-4", "gpt-4", "training_energy", "between", (2, 9)),
    (ENERGY, "GPT-4", "gpt-4", "training_energy", "above", 1.3),
    (COST, "Claude 3 Opus", "claude-3-opus", "acquisition_cost", "between", (200e6, 900e6)),
    (COST, "Claude 3 Opus", "claude-3-opus", "training_cost", "between", (200e6, 900e6)),
    (COST, "Claude 3 Opus", "claude-3-opus", "training_cost_ratio", "above", 0.67),
    (ENERGY, "Claude 3 Opus", "claude-3-opus", "training_energy", "between", (2, 9)),
    (COST, "Llama 3", "llama3-405b", "acquisition_cost", "above", 1.5e9),
    (ENERGY, "Llama 3", "llama3-405b", "training_energy", "between", (5.4, 7.7)),
    (COST, "Mixtral 8x7B", "mixtral-8x7b", "acquisition_cost", "between", (20e6, 90e6)),
    (COST, "Mixtral 8x7B", "mixtral-8x7b", "training_cost", "between", (20e6, 90e6)),
    (ENERGY, "Mixtral 8x7B", "mixtral-8x7b", "training_energy", "below", 2),
)
# cells with words only: what is absent because of them
ABSENT = (
    (HARDWARE, "Gemini 1.5", "accelerator_count"),
    (COST, "Gemini 1.5", "acquisition_cost"),
    (QUERY, "Gemini 1.5", "energy_per_query"),
)


@pytest.fixture(scope="module")
def survey() -> Model:
    return load(SURVEY)


def long_forms(study: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return every quantity of a study's own with its dotted name."""
    tables = {"quantities": study["quantities"]}
    for group in ("systems", "equations"):
        for name, entry in study.get(group, {}).items():
            tables[f"{group}.{name}"] = entry.get("quantities", {})
    return [
        (f"{place}.{name}", quantity)
        for place, quantities in tables.items()
        for name, quantity in quantities.items()
    ]


def test_the_study_has_the_seven_systems_and_eight_outputs(survey: Model) -> None:
    assert tuple(system.key for system in survey.systems) == SYSTEMS
    assert survey.outputs == OUTPUTS
    assert all(system.label and system.label != system.key for system in survey.systems)


@pytest.mark.parametrize(("row", "column", "system", "name", "belief"), QUANTITIES)
def test_a_cell_with_a_figure_is_a_quantity(
    survey: Model, row: str, column: str, system: str, name: str, belief: Any
) -> None:
    quantity = survey.find(system, name)
    assert quantity.source.startswith(f"survey 2025-B, row {row}, column {column}")
    if name in UNITS:
        assert quantity.unit.text == UNITS[name]
    if isinstance(belief, tuple):
        assert isinstance(quantity.belief, Random)
        tails = np.array([0.05])
        distribution = quantity.belief.distribution
        ends = [distribution.quantile(tails)[0], distribution.quantile(tails, True)[0]]
        assert ends == pytest.approx(belief, rel=1e-9)
    else:
        assert quantity.belief == Constant(belief)


@pytest.mark.parametrize(("row", "column", "system", "name", "relation", "bounds"), CLAIMS)
def test_a_cell_that_follows_from_others_is_a_claim(
    survey: Model, row: str, column: str, system: str, name: str, relation: str, bounds: object
) -> None:
    source = f"survey 2025-B, row {row}, column {column}"
    found = [
        claim
        for claim in survey.claims
        if (claim.system, claim.quantity, claim.relation) == (system, name, relation)
    ]
    assert [claim.source for claim in found] == [source]
    ends = {
        "between": (found[0].low, found[0].high),
        "above": found[0].low,
        "below": found[0].high,
    }
    assert ends[relation] == pytest.approx(bounds)


def test_there_are_no_other_claims(survey: Model) -> None:
    assert len(survey.claims) == len(CLAIMS)


def test_no_figure_is_drawn_twice(survey: Model) -> None:
    """What a claim is about is derived, never drawn beside the figures it follows from."""
    for claim in survey.claims:
        assert isinstance(survey.find(claim.system, claim.quantity).belief, Formula), claim
    for system in ("llama3-70b", "llama3-405b"):
        assert isinstance(survey.find(system, "training_energy").belief, Formula)


def test_what_the_survey_ties_to_gpt_4_is_derived_from_it(survey: Model) -> None:
    for name in ("training_time", "energy_per_query"):
        belief = survey.find("claude-3-opus", name).belief
        assert isinstance(belief, Formula)
        assert f"gpt_4.{name}" in belief.text


@pytest.mark.parametrize("system", ["gemini-1-5-pro", "gemini-ultra"])
@pytest.mark.parametrize(("row", "column", "name"), ABSENT)
def test_a_cell_without_a_figure_is_absent_with_a_reason(
    survey: Model, system: str, row: str, column: str, name: str
) -> None:
    quantity = survey.find(system, name)
    assert isinstance(quantity.belief, Absent)
    assert "survey" in quantity.belief.reason
    assert quantity.source == f"survey 2025-B, row {row}, column {column}"


def test_everything_but_a_formula_has_a_source_and_a_grade() -> None:
    entries = long_forms(tomllib.loads(SURVEY.read_text(encoding="utf-8")))
    assert len(entries) > 50
    for name, quantity in entries:
        assert quantity.get("source"), name
        assert "formula" in quantity or quantity.get("grade") in {"A", "B", "C"}, name


def test_every_reading_of_words_has_a_note() -> None:
    """A range of the survey's that is not its own figure says how the words were read."""
    study = tomllib.loads(SURVEY.read_text(encoding="utf-8"))
    for name, quantity in long_forms({**study, "quantities": {}}):
        if quantity["source"].startswith("survey") and "value" in quantity:
            assert quantity.get("note"), name
    assert all(claim["note"] for claim in study["claims"])


def test_what_the_survey_does_not_give_stands_in_a_marked_block() -> None:
    text = SURVEY.read_text(encoding="utf-8")
    own, rest = text.split("#  ASSUMPTIONS THAT ARE NOT THE SURVEY'S")
    assumptions, _ = rest.split("#  EQUATIONS OF THIS STUDY")
    assert 'source = "survey 2025-B' not in assumptions
    shared = tomllib.loads(text)["quantities"]
    for name, quantity in shared.items():
        place = own if quantity["source"].startswith("survey 2025-B") else assumptions
        assert f"[quantities.{name}]" in place


def test_assumptions_are_shared_so_that_systems_are_compared_on_the_same_draws(
    survey: Model,
) -> None:
    for name in ("pue", "power_utilisation", "electricity_price"):
        found: set[str] = {
            survey.find(system, name).key for system in SYSTEMS if (system, name) in survey.table
        }
        assert found == {name}


def test_the_assumptions_agree_with_the_defaults_of_the_sets() -> None:
    shared = tomllib.loads(SURVEY.read_text(encoding="utf-8"))["quantities"]
    conventions = {"server_cost_factor", "network_share"}  # the study's own, and it says so
    beliefs = ("value", "dist", "min", "mode", "max", "domain", "source", "grade")
    for name in ("llm-training", "llm-inference"):
        for key, default in read_set(name)["quantities"].items():
            if "grade" in default and key in shared and key not in conventions:
                for part in beliefs:
                    assert shared[key].get(part) == default.get(part), key


def read_set(name: str) -> dict[str, Any]:
    file = files("wattif.library") / "sets" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["llm-training", "llm-inference"])
def test_a_set_names_units_labels_and_sources(name: str) -> None:
    content = read_set(name)
    assert content["title"]
    assert content["source"]
    for key, quantity in content["quantities"].items():
        assert quantity["label"], key
        assert "formula" not in quantity or (quantity["source"] and quantity["unit"]), key
        assert not {"value", "dist"} & quantity.keys() or quantity["grade"], key
    assert all("formula" in content["quantities"][output] for output in content["outputs"])


def test_the_packaged_copy_is_the_study() -> None:
    copy = files("wattif.library") / "studies" / SURVEY.name
    assert copy.read_text(encoding="utf-8") == SURVEY.read_text(encoding="utf-8")


def test_the_page_about_the_study_names_every_quantity_and_claim(survey: Model) -> None:
    page = (ROOT / "docs" / "survey-study.md").read_text(encoding="utf-8")
    for _, _, _, name, _ in QUANTITIES:
        tied = name in {"longer_than_gpt_4", "similarity_to_gpt_4"}
        assert tied or f"{name}`" in page, name
    for claim in survey.claims:
        assert f"{claim.quantity}`" in page, claim


def test_the_page_gives_the_probabilities_that_a_run_gives() -> None:
    study = load_study(SURVEY)
    draws = study.run(draws=2**14)["prior"]
    page = (ROOT / "docs" / "survey-study.md").read_text(encoding="utf-8")
    pattern = r"^\| `([a-z0-9-]+)\.(\w+)` \| ([^|]+) \| (\d+) % \|$"
    rows = re.findall(pattern, page, re.MULTILINE)
    assert len(rows) == len(study.model.claims)
    for (system, name, says, percent), claim in zip(rows, study.model.claims, strict=True):
        assert (system, name, says) == (claim.system, claim.quantity, claim.says)
        x = draws[name].sel(system=system).to_numpy()
        probability = np.mean((x >= claim.low) & (x <= claim.high))
        assert 100 * probability == pytest.approx(int(percent), abs=1.5), claim  # 16,384 draws


def test_the_training_run_is_a_study_of_one_with_twelve_inputs_and_four_outputs() -> None:
    model = load(TRAINING_RUN)
    (system,) = model.systems
    drawn: list[Quantity] = [q for q in model.table.values() if isinstance(q.belief, Random)]
    assert system.key == "study"
    assert model.outputs == ("gpu_hours", "cloud_cost", "energy", "amortised_cost")
    assert len(drawn) == 12


def test_every_output_and_assumption_is_labelled_in_spanish():
    model = load(SURVEY)
    assert model.titles["es"].startswith("Cinco familias")
    for place in model.needed:
        quantity = model.table[place]
        assert quantity.labels.get("es"), place

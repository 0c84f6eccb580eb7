"""The page of the library says what is there, and its examples work."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from wattif.language.loader import load
from wattif.library import equation_sets
from wattif.library.bibliography import bibliography
from wattif.library.rules import figure_complaints, source_complaints

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "library.md").read_text(encoding="utf-8")
STUDY, SERVING, ENTRY, SOURCE = (
    tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
)


def test_it_names_every_equation_set() -> None:
    assert {name for name in equation_sets() if f"`{name}`" not in PAGE} == set()


def test_its_study_runs_on_what_the_library_has() -> None:
    model = load(STUDY)
    assert model.outputs == (
        "accelerator_hours",
        "training_energy",
        "rental_cost",
        "training_carbon",
    )


def test_its_study_of_serving_loads() -> None:
    assert "cost_per_million_tokens" in load(SERVING).outputs


def test_its_new_chip_and_source_keep_the_rules() -> None:
    assert list(source_complaints(SOURCE)) == []
    known = [*bibliography(), *SOURCE]
    assert list(figure_complaints("hardware", {"title": "T", **ENTRY}, known)) == []


def test_the_entry_of_a_study_s_own_does_as_the_language_page_says() -> None:
    page = (DOCS / "language.md").read_text(encoding="utf-8")
    (block,) = (
        block for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "[data." in block
    )
    study = tomllib.loads(block)
    y = {"formula": "accelerator_tdp", "unit": "W"}
    model = load({**study, "from": "my-chips.x1", "quantities": {"y": y}})
    assert model.find("study", "accelerator_tdp").origin == "data my-chips.x1"

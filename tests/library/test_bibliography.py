"""Sources: a key becomes a citation, wherever a figure is shown."""

from __future__ import annotations

import pytest

from wattif.language.loader import load
from wattif.library.bibliography import bibliography, cite, references

CITED = {
    "cottier-2024": "Cottier et al. 2024, arXiv:2405.21015",
    "cottier-2024: table 2": "Cottier et al. 2024, arXiv:2405.21015 (table 2)",
    "llama3-1-card; my own count": "Meta 2024, Llama 3.1 model card; my own count",
    "data sheet: 700 W": "data sheet: 700 W",
    "you-2025": "You 2025, How much energy does ChatGPT use?",
    "": "",
}


@pytest.mark.parametrize("source", CITED)
def test_a_key_is_shown_as_a_citation_and_free_text_as_it_is(source: str) -> None:
    assert cite(source) == CITED[source]


def test_a_source_names_its_references_once() -> None:
    assert references("you-2025: a; cottier-2024; you-2025: b; free") == (
        "you-2025",
        "cottier-2024",
    )


def test_the_citation_stands_with_the_quantity_and_the_key_beside_it() -> None:
    value = {"value": "1 to 2", "source": "cottier-2024"}
    model = load({"quantities": {"x": value, "y": {"formula": "2 * x"}}})
    quantity = model.find("study", "x")
    assert quantity.source == "Cottier et al. 2024, arXiv:2405.21015"
    assert quantity.references == ("cottier-2024",)


NEAR = {"cottier-2023": "cottier-2024", "llama3.1-card": "llama3-1-card", "cottier-2024": ""}
FREE = dict.fromkeys(["data sheet", "survey 2025-B", "my-own-notes", "", "Cottier et al. 2024"], "")


@pytest.mark.parametrize("source", NEAR | FREE)
def test_a_key_that_is_nearly_one_is_remarked_on(source: str) -> None:
    value = {"value": "1 to 2", "source": source}
    model = load({"quantities": {"x": value, "y": {"formula": "2 * x"}}})
    meant = (NEAR | FREE)[source]
    remark = f"x: no source is called {source!r}; {meant!r} is"
    assert model.notices == ((remark,) if meant else ())


def test_the_key_of_a_claim_is_cited_too() -> None:
    claim = {"quantity": "y", "says": "> 1", "source": "you-2025"}
    model = load({"quantities": {"x": "1 to 2", "y": {"formula": "2 * x"}}, "claims": [claim]})
    assert model.claims[0].source.startswith("You 2025")


def test_every_reference_can_be_cited_in_a_line() -> None:
    for reference in bibliography().values():
        assert str(reference.year) in reference.citation
        assert len(reference.citation) < 120, reference.key

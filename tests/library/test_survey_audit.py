"""The audit of the survey gives the known verdicts, row by row, and flags nothing that is true."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from wattif.analysis import Audit, audit_claims, by_source
from wattif.api import load
from wattif.language.model import Absent, Constant, Random

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "configs" / "survey-audit.toml"
SURVEY = "survey 2025-B, "

# What is known of each statement of the survey that can be checked, from its sources and not from
# the rule. "in part": right in one part and wrong in another, or at one end only.
ROWS = {
    "GPT-4: 25,000 A100 or H100": ("row Training: hardware, column GPT-4", "in part"),
    "GPT-4: over 100 M USD, compute alone": (
        "row Training: hardware cost, column GPT-4",
        "inconsistent",
    ),
    "GPT-4: 3 to 6 months": ("row Training: time, column GPT-4", "in part"),
    "GPT-4: 10 to 20 Wh a query": ("row Inference: energy, column GPT-4", "inconsistent"),
    "GPT-3: about 1.3 GWh": ("row Training: energy, column GPT-4 (on GPT-3)", "consistent"),
    "Claude 3 Opus: hundreds of millions": (
        "row Training: hardware cost, column Claude 3 Opus",
        "inconsistent",
    ),
    "Gemini 1.5 Ultra, TPU v5p": (
        "column Gemini 1.5 Pro/Ultra, and row Training: hardware",
        "inconsistent",
    ),
    "Gemini: cost N/A": ("row Training: hardware cost, column Gemini 1.5", "inconsistent"),
    "Llama: two clusters of 24,576": ("row Training: hardware, column Llama 3", "in part"),
    "Llama: over 1.5 bn USD for one cluster": (
        "row Training: hardware cost, column Llama 3",
        "inconsistent",
    ),
    "Llama 405B: 7.7 M hours": ("row Training: time, column Llama 3 (400B+)", "inconsistent"),
    "Llama 70B: 1.7 M hours": ("row Training: time, column Llama 3 (70B)", "inconsistent"),
    "Llama 405B: 5.4 to 7.7 GWh": ("row Training: energy, column Llama 3", "inconsistent"),
    "Mixtral: tens of millions": (
        "row Training: hardware cost, column Mixtral 8x7B",
        "inconsistent",
    ),
    "Mixtral: 2 of 8, so much less": ("row Inference: energy, column Mixtral 8x7B", "in part"),
    "Conclusion: hundreds of millions to billions": (
        "conclusion 1 (cost of training)",
        "inconsistent",
    ),
}
# Cells that hold no figure that could be checked: vague words, or what nobody has published.
EMPTY = {
    "row Training: energy, column GPT-4": "vague",
    "row Training: energy, column Claude 3 Opus": "vague",
    "row Training: energy, column Gemini 1.5": "vague",
    "row Training: energy, column Mixtral 8x7B": "vague",
    "row Inference: energy, column Claude 3 Opus": "vague",
    "row Training: hardware, column Claude 3 Opus": "untested",
    "row Training: time, column Claude 3 Opus": "untested",
    "row Training: hardware, column Mixtral 8x7B": "untested",
    "row Training: time, column Mixtral 8x7B": "untested",
    "conclusion 1 (energy of training)": "vague",
    "conclusion 3": "vague",
}
IN_PART = ("mixed", "doubtful")


@pytest.fixture(scope="module")
def audits() -> tuple[Audit, ...]:
    return audit_claims(load(STUDY).run(draws=2**16))


@pytest.mark.parametrize(("source", "verdict"), ROWS.values(), ids=ROWS)
def test_a_row_gets_the_verdict_that_is_known(
    audits: tuple[Audit, ...], source: str, verdict: str
) -> None:
    found = by_source(audits)[SURVEY + source]
    assert found in (IN_PART if verdict == "in part" else (verdict,))


@pytest.mark.parametrize(("source", "verdict"), EMPTY.items())
def test_a_cell_without_a_figure_is_no_error(
    audits: tuple[Audit, ...], source: str, verdict: str
) -> None:
    assert by_source(audits)[SURVEY + source] == verdict


def test_true_claims_are_not_flagged(audits: tuple[Audit, ...]) -> None:
    others = [audit for audit in audits if not audit.check.source.startswith(SURVEY)]
    assert len(others) == 10
    assert {audit.verdict for audit in others} == {"consistent"}


def test_every_cell_of_the_survey_is_listed_here(audits: tuple[Audit, ...]) -> None:
    listed = {source for source, _ in ROWS.values()} | EMPTY.keys()
    beside = {"row Training: hardware cost, column Claude 3 Opus (against GPT-4)"}
    survey = {audit.check.source for audit in audits if audit.check.source.startswith(SURVEY)}
    assert survey == {SURVEY + source for source in listed | beside}


def test_no_verdict_hangs_on_the_draws(audits: tuple[Audit, ...]) -> None:
    assert all(audit.firm for audit in audits)


def test_every_figure_has_source_grade_and_spanish_label() -> None:
    model = load(STUDY).model
    for place in model.needed:
        quantity = model.table[place]
        assert quantity.labels.get("es"), place
        assert quantity.source, place
        if isinstance(quantity.belief, Constant | Random):
            assert quantity.grade in ("A", "B", "C"), place
        if isinstance(quantity.belief, Absent):
            assert quantity.belief.reason


def test_the_packaged_copy_is_the_study() -> None:
    copy = files("wattif.library") / "studies" / STUDY.name
    assert copy.read_text(encoding="utf-8") == STUDY.read_text(encoding="utf-8")

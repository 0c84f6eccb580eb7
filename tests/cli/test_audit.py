"""``wattif audit`` and ``wattif sources``, from studies and from results."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import wattif as wi

Wattif = Callable[..., Any]

STUDY = """
title.en = "A service"
title.es = "Un servicio"

[run]
draws = 16384
outputs = ["energy"]

[quantities]
count  = { value = "20_000 to 30_000 GPU", source = "Leak, https://example.org/x?a=1", grade = "C" }
power  = { value = "0.4 to 0.5 kW", source = "A 100% sheet_2, arXiv:2405.21015", grade = "A" }
days   = "100 day"
energy = { formula = "count * power * days", unit = "GWh", source = "definition" }
secret = { absent = "nobody says", unit = "USD" }

[[claims]]
quantity = "energy"
says     = "2 to 9 GWh"
source   = "a survey"

[[claims]]
quantity = "energy"
says     = "~ 27 GWh"
source   = "a survey"

[[claims]]
quantity = "energy"
says     = "> 1 GWh"

[[claims]]
quantity = "secret"
says     = "5 USD"
"""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "service.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_a_study_is_run_and_its_claims_are_judged(wattif: Wattif, service: Path) -> None:
    said = wattif("audit", service)
    assert said.code == 0
    rows = [line for line in said.out.splitlines() if line.startswith("energy ")]
    verdicts = ("inconsistent", "consistent", "too vague to test")
    assert len(rows) == 3
    assert all(row.endswith(verdict) for row, verdict in zip(rows, verdicts, strict=True))
    assert "count: 8,400 GPUs instead of 24,000 GPUs, beyond all that is assumed" in said.out
    assert "days: 34 days instead of 100 days, a given figure" in said.out
    assert "The study has no figure: nobody says" in said.out
    assert (
        "4 claims. consistent: 1, inconsistent: 1, too vague to test: 1, not tested: 1." in said.out
    )
    assert "right in part: a survey" in said.out
    assert not list(service.parent.glob("results/*"))  # nothing is kept


def test_a_result_is_judged_as_the_study_that_made_it(wattif: Wattif, service: Path) -> None:
    wi.save_result(wi.load(service).run(), "service.nc")
    assert wattif("audit", "service.nc").out == wattif("audit", service).out


def test_the_audit_speaks_spanish(wattif: Wattif, service: Path) -> None:
    said = wattif("audit", service, "--lang", "es")
    assert said.out.startswith("Un servicio")
    assert "incompatible" in said.out
    assert "en vez de 100 días, una cifra dada" in said.out


@pytest.mark.parametrize(("language", "words"), [("en", "1 claim. "), ("es", "1 afirmación. ")])
def test_one_claim_is_counted_in_the_singular(
    wattif: Wattif, tmp_path: Path, language: str, words: str
) -> None:
    path = tmp_path / "one.toml"
    claim = '[[claims]]\nquantity = "x"\nsays = "> 1 kW"\n'
    path.write_text(f'quantities.x = "2 to 3 kW"\n{claim}', encoding="utf-8")
    assert words in wattif("audit", path, "--lang", language).out


def test_programs_get_all_numbers(wattif: Wattif, service: Path) -> None:
    found = json.loads(wattif("audit", service, "--json").out)
    first, second, _, untested = found["claims"]
    assert first["verdict"] == "inconsistent"
    assert first["holds"] == {"value": 0.0, "error": 0.0}
    assert first["conditions"][0]["how"] == "alone"
    assert second["firm"] is True
    assert 0 < second["below_low"]["error"] < second["below_low"]["value"]
    assert untested["median"] is None
    assert found["sources"]["a survey"] == "mixed"


def test_the_picture_is_drawn_on_request(wattif: Wattif, service: Path) -> None:
    said = wattif("audit", service, "--out", "claims.png")
    assert said.out.endswith("claims.png\n")
    assert Path("claims.png").stat().st_size > 10_000


def test_figures_are_listed_with_source_and_what_rests_on_them(
    wattif: Wattif, service: Path
) -> None:
    said = wattif("sources", service)
    assert said.code == 0
    (count,) = [line for line in said.out.splitlines() if line.startswith("count")]
    # variances of logarithms are as (ln 1.5)^2 and (ln 1.25)^2
    assert "77 % of energy" in count
    assert "Leak," in count
    (days,) = [line for line in said.out.splitlines() if line.startswith("days")]
    assert days.split() == ["days", "none", "100", "day", "none"]
    assert "3 figures: 1 of grade A" in said.out
    assert "1 without a source" in said.out
    assert "77 % of the variance rests on grade C" in said.out


def test_figures_of_one_name_stand_under_the_entry_or_system_that_they_come_from(
    wattif: Wattif, tmp_path: Path
) -> None:
    study = """
run.outputs = ["accelerator_hours"]
uses = ["hours-from-count"]
[systems.a]
from = ["runs.gpt-3"]
[systems.b]
from = ["runs.gpt-4"]
[systems.c.quantities]
accelerator_count = { value = "1_000 accelerator", source = "a page of its own, told at length" }
training_time = "10 day"
"""
    path = tmp_path / "runs.toml"
    path.write_text(study, encoding="utf-8")
    lines = wattif("sources", path).out.splitlines()
    for owner, count in {"runs.gpt-3": "10000", "runs.gpt-4": "20_000 to", "c": "1000"}.items():
        below = lines[lines.index(owner) + 1 :][:2]
        assert any("Accelerators" in line and count in line for line in below), owner
    told = lines[2 : lines.index("c") + 3]
    assert max(map(len, told)) <= 100  # a page's width, in a pipe too
    assert {line for line in told if not line.startswith("  ")} == {"runs.gpt-3", "runs.gpt-4", "c"}


def test_sources_go_to_reference_managers(wattif: Wattif, service: Path) -> None:
    bibtex = wattif("sources", service, "--to", "bibtex").out
    assert bibtex.count("@misc{") == 2  # a definition is no work
    assert r"note = {A 100\% sheet\_2, arXiv:2405.21015}" in bibtex
    assert "eprint = {2405.21015}" in bibtex
    assert "url = {https://example.org/x?a=1}" in bibtex
    items = json.loads(wattif("sources", service, "--to", "csl").out)
    assert {item["URL"] for item in items} == {
        "https://example.org/x?a=1",
        "https://arxiv.org/abs/2405.21015",
    }


def test_sources_as_json_have_every_share(wattif: Wattif, service: Path) -> None:
    found = json.loads(wattif("sources", service, "--json").out)
    (rests,) = found["rests_on"]
    shares = [share["value"] for share in rests["grades"].values()]
    assert sum(shares) + rests["jointly"]["value"] == pytest.approx(1)


@pytest.mark.parametrize("command", ["audit", "sources"])
@pytest.mark.parametrize(
    ("word", "refusal"),
    [
        ("nothing.nc", "nothing.nc: no such file; a result is written by `wattif run STUDY`"),
        ("nothing.toml", "no such study: nothing.toml"),
    ],
)
def test_what_is_not_there_is_refused(
    wattif: Wattif, service: Path, command: str, word: str, refusal: str
) -> None:
    said = wattif(command, word)
    assert said.code == 2
    assert refusal in said.err


def test_a_study_without_claims_is_refused(wattif: Wattif, folder: Path) -> None:
    said = wattif("audit", folder / "bakery.toml")
    assert said.code == 2
    assert "the study makes no claim about this; claims stand under [[claims]]" in said.err

"""Every packaged figure has a unit, a source and a grade; a bad one is told how to be mended."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from wattif.language.definitions import Where
from wattif.language.entries import entries_of
from wattif.language.loader import load
from wattif.language.model import Absent
from wattif.language.quantity_tables import read_definitions
from wattif.language.schema import read_entry, read_equation_set
from wattif.library import data_sets, equation_sets, read_data, read_set
from wattif.library.bibliography import bibliography
from wattif.library.rules import figure_complaints, set_complaints, source_complaints

FREE_TEXT = ("llm-training", "llm-inference")  # test_survey holds these, whose sources are texts
SETS = tuple(name for name in equation_sets() if name not in FREE_TEXT)
ENTRIES = tuple(f"{name}.{key}" for name in data_sets() for key in entries_of(read_data(name)))


def test_every_source_has_a_title_a_year_and_a_locator() -> None:
    text = files("wattif.library").joinpath("sources.toml").read_text(encoding="utf-8")
    assert list(source_complaints(tomllib.loads(text))) == []


@pytest.mark.parametrize("name", data_sets())
def test_every_packaged_figure_has_a_source_and_a_grade(name: str) -> None:
    assert list(figure_complaints(name, read_data(name), bibliography())) == []


@pytest.mark.parametrize("name", SETS)
def test_every_formula_has_a_source_and_every_default_a_grade(name: str) -> None:
    assert list(set_complaints(name, read_set(name)[1], bibliography())) == []


@pytest.mark.parametrize("name", FREE_TEXT)
def test_no_default_with_a_text_for_a_source_has_grade_a_from_memory(name: str) -> None:
    complaints = set_complaints(name, read_set(name)[1], bibliography())
    assert [found for found in complaints if "has grade A" in found] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_can_be_taken_and_each_figure_of_it_used(entry: str) -> None:
    name, _, key = entry.partition(".")
    figures = read_data(name)[key]["quantities"]
    same = {f"the_{figure}": {"formula": figure} for figure in figures}
    model = load({"from": entry, "quantities": same})
    for figure in figures:
        quantity = model.find("study", figure)
        assert quantity.origin == f"data {entry}"
        assert isinstance(quantity.belief, Absent) or quantity.references or quantity.source


def test_one_name_has_one_dimension_in_all_sets_and_entries() -> None:
    units: dict[str, dict[object, str]] = {}
    tables = {name: read_equation_set(read_set(name)[1], ())[0] for name in equation_sets()}
    entries = {
        f"{name}.{key}": read_entry(entry, ())[0]
        for name in data_sets()
        for key, entry in entries_of(read_data(name)).items()
    }
    for place, table in (tables | entries).items():
        definitions, complaints = read_definitions(table.quantities, Where((place,), "shared"))
        assert complaints == []
        for definition in definitions.values():
            if definition.unit is not None and not isinstance(definition.content, Absent):
                dimensions = frozenset(definition.unit.dimensions)
                units.setdefault(definition.name, {}).setdefault(dimensions, place)
    assert {name: found for name, found in units.items() if len(found) > 1} == {}


def supplied(name: str) -> dict[str, Any]:
    """Return what a set needs, each 1 in its unit; counts of experts so that they make sense."""
    content = read_set(name)[1]["quantities"]
    needed = {key for key, form in content.items() if not {"formula", "value", "dist"} & set(form)}
    return {key: {"value": 1, "unit": content[key]["unit"]} for key in needed}


@pytest.mark.parametrize("name", equation_sets())
def test_every_set_can_be_used_with_what_it_declares(name: str) -> None:
    model = load({"uses": [name], "quantities": supplied(name)})
    assert set(read_set(name)[1]["outputs"]) <= set(model.outputs)


# sets that belong together: none contradicts another, and none derives what another one draws
TOGETHER = (
    ("training-compute", "hours-from-compute", "training-days", "training-rental",
     "training-amortised", "training-straight-line", "training-energy", "development",
     "training-carbon", "training-water", "embodied-carbon"),
    ("llm-training", "hours-from-count", "training-acquisition", "training-energy-card"),
    ("inference-roofline", "serving-cost", "api-price", "serving-fleet", "break-even-money"),
    ("query-energy-epoch", "query-energy-ecologits", "query-energy-jegham", "inference-empirical"),
    ("llm-inference", "break-even", "query-carbon-water"),
)  # fmt: skip


@pytest.mark.parametrize("names", TOGETHER)
def test_sets_that_belong_together_agree(names: tuple[str, ...]) -> None:
    derived = {
        key
        for name in names
        for key, form in read_set(name)[1]["quantities"].items()
        if {"formula", "value", "dist"} & set(form)
    }
    needed = {key: form for name in names for key, form in supplied(name).items()}
    own = {key: form for key, form in needed.items() if key not in derived}
    model = load({"uses": list(names), "quantities": own})
    assert model.notices == ()


def figure(**form: Any) -> dict[str, Any]:
    return {"title": "T", "chip": {"label": "L", "quantities": {"tdp": form}}}


GOOD = {"value": "700 W", "source": "you-2025", "grade": "A"}
BAD_FIGURES = {
    "no source": (
        figure(value="700 W", grade="A"),
        'x.toml: chip.tdp has no source: add source = "KEY", a key of library/sources.toml',
    ),
    "unknown source": (
        figure(**GOOD | {"source": "you-2026: table"}),
        "x.toml: chip.tdp: the source 'you-2026' is not in library/sources.toml; "
        "did you mean 'you-2025'?",
    ),
    "far source": (
        figure(**GOOD | {"source": "zzz"}),
        "x.toml: chip.tdp: the source 'zzz' is not in library/sources.toml; "
        "add it there, with title and year",
    ),
    "no grade": (
        figure(value="700 W", source="you-2025"),
        'x.toml: chip.tdp has no grade: add grade = "A" (disclosed), "B" (estimated by a stated '
        'method) or "C" (a guess)',
    ),
    "a bare value": (
        {"title": "T", "chip": {"label": "L", "quantities": {"tdp": "700 W"}}},
        "x.toml: chip.tdp has no source: "
        'write { value = \'700 W\', source = "...", grade = "..." }',
    ),
    "no label": (
        {"title": "T", "chip": {"quantities": {"tdp": GOOD}}},
        'x.toml: chip has no label: add label = "..."',
    ),
    "no figures": ({"title": "T", "chip": {"tdp": GOOD}}, "add [chip.quantities]"),
    "no title": (
        {"chip": {"label": "L", "quantities": {"tdp": GOOD}}},
        'x.toml: no title: add title = "..." at the top',
    ),
    "disclosed, but from memory": (
        figure(**GOOD | {"note": "the exact count from memory"}),
        'x.toml: chip.tdp has grade A, but its note says "from memory": write grade = "B", or '
        "look the figure up and say where it stands",
    ),
    "disclosed, but not seen": (
        figure(**GOOD | {"source": "you-2025: table 3, not seen"}),
        'x.toml: chip.tdp has grade A, but its source says "not seen": write grade = "B", or '
        "look the figure up and say where it stands",
    ),
    "one number for a guess": (
        figure(**GOOD | {"grade": "C"}),
        "x.toml: chip.tdp is a guess given as one number: add a note why, or write a range",
    ),
    "money without a year": (
        figure(**GOOD | {"value": "3 USD/hour"}),
        'x.toml: chip.tdp is money without a year: write USD_2024, or note = "dollars of 2024"',
    ),
}


@pytest.mark.parametrize("case", BAD_FIGURES)
def test_a_bad_figure_is_told_how_to_be_mended(case: str) -> None:
    data, message = BAD_FIGURES[case]
    (found,) = figure_complaints("x", data, bibliography())
    assert found.endswith(message)


def test_a_good_figure_is_not_complained_about() -> None:
    assert list(figure_complaints("x", figure(**GOOD), bibliography())) == []


def test_a_figure_from_memory_is_good_enough_for_b() -> None:
    remembered = figure(**GOOD | {"grade": "B", "note": "from memory"})
    assert list(figure_complaints("x", remembered, bibliography())) == []


SOURCE = {"title": "T", "authors": ["A"], "year": 2024, "url": "https://example.org"}
BAD_SOURCES = {
    "title": 'sources.toml: key has no title: add title = "..."',
    "authors": 'sources.toml: key has no authors: add authors = ["Family, Given"], or an '
    "organisation",
    "year": "sources.toml: key has no year: add year = 2024",
    "url": "sources.toml: key has no locator: add arxiv, doi or url",
}


@pytest.mark.parametrize("part", BAD_SOURCES)
def test_a_source_without_a_part_is_told_what_to_add(part: str) -> None:
    entry = {key: value for key, value in SOURCE.items() if key != part}
    assert list(source_complaints({"key": entry})) == [BAD_SOURCES[part]]


LABEL = {"en": "X", "es": "X"}
BAD_SETS = {
    'needs a label in both languages: label = { en = "...", es = "..." }': {
        "formula": "y", "unit": "W", "source": "definition", "label": {"en": "X"},
    },
    'has no unit: add unit = "1" if it is a pure number': {
        "formula": "y", "source": "definition", "label": LABEL,
    },
    'has no source: add source = "KEY", a key of library/sources.toml': {
        "formula": "y", "unit": "W", "label": LABEL,
    },
}  # fmt: skip


@pytest.mark.parametrize("message", BAD_SETS)
def test_a_bad_formula_is_told_how_to_be_mended(message: str) -> None:
    (found,) = set_complaints("x", {"quantities": {"z": BAD_SETS[message]}}, bibliography())
    assert found == f"x.toml: z {message}"

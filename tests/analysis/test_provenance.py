"""What an answer rests on, by grade, is the sum of the shares of its figures."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from xarray import DataTree

from wattif.analysis import read_provenance
from wattif.analysis.works import Work, as_bibtex, as_csl, cited_works

Run = Callable[..., DataTree]


@pytest.fixture(scope="module")
def total(simulate: Run) -> DataTree:
    """Return a sum of normals: its first-order indices are the variances' shares."""

    def normal(sd: float, **about: str) -> dict[str, object]:
        return {"dist": "normal", "mean": 10, "sd": sd, "unit": "kg", **about}

    quantities = {
        "a": normal(1, grade="A", source="a book"),
        "b": normal(2, grade="C", source="a blog"),
        "c": normal(1, grade="C"),
        "d": normal(1),
        "fixed": {"value": "5 kg", "grade": "B", "source": "a book"},
        "sum": {"formula": "a + b + c + d + fixed", "unit": "kg", "source": "definition"},
    }
    return simulate(quantities, run={"outputs": ["sum"]})


def test_shares_of_grades_are_those_of_variances(total: DataTree) -> None:
    (one,) = read_provenance(total).resting
    for grade, truth in {"A": 1 / 7, "B": 0.0, "C": 5 / 7, "": 1 / 7}.items():
        # the bins' own width takes 0.002 of an index
        assert one.grades[grade].value == pytest.approx(truth, abs=0.005)
    assert one.unsourced.value == pytest.approx(2 / 7, abs=0.005)
    assert one.jointly.value == pytest.approx(0, abs=0.01)
    assert read_provenance(total).mean_share("C") == pytest.approx(5 / 7, abs=0.005)


def test_every_figure_is_listed_once_and_constants_move_nothing(total: DataTree) -> None:
    figures = {figure.key: figure for figure in read_provenance(total).figures}
    assert set(figures) == {"a", "b", "c", "d", "fixed"}
    assert figures["b"].moves == "sum"
    assert math.isnan(figures["fixed"].share.value)
    assert figures["fixed"].stated == "5 kg"


def test_a_source_is_one_work_however_often_it_is_used(total: DataTree) -> None:
    works = cited_works(total)
    assert [(work.text, work.used_for) for work in works] == [
        ("a book", ("a", "fixed")),
        ("a blog", ("b",)),
    ]


def test_entries_have_keys_of_their_own_and_escape_what_tex_reads(simulate: Run) -> None:
    quantities = {
        "x": {"value": "1 to 2", "source": "Müller & Sons, one two"},
        "y": {"value": "1 to 2", "source": "Müller & Sons, one two three"},
        "z": {"formula": "x * y", "source": "—"},
    }
    works = cited_works(simulate(quantities))
    assert [work.key for work in works] == [
        "source",
        "muller-sons-one-two",
        "muller-sons-one-two-2",
    ]
    assert r"Müller \& Sons" in as_bibtex(works)


def test_braces_of_a_source_cannot_end_an_entry() -> None:
    entry = as_bibtex([Work("k", r"a } b \ c {", ())])
    assert r"note = {a \} b \textbackslash{} c \{}" in entry


def test_addresses_and_numbers_are_found() -> None:
    work = Work("k", "Doe 2024 (https://a.org/b_c), doi:10.1000/xyz-1, arXiv:2405.21015.", ())
    assert work.address == "https://a.org/b_c"
    assert work.doi == "10.1000/xyz-1"
    assert work.arxiv == "2405.21015"


def test_a_key_of_the_bibliography_is_a_work_with_authors_title_and_year(simulate: Run) -> None:
    quantities = {
        "x": {"value": "1 to 2", "source": "cottier-2024: table 1; epoch-costs"},
        "y": {"value": "1 to 2", "source": "cottier-2024"},
        "z": {"formula": "x * y", "source": "definition"},
    }
    works = cited_works(simulate(quantities))
    assert [(work.key, work.used_for) for work in works] == [
        ("cottier-2024", ("x", "y")),
        ("epoch-costs", ("x",)),
    ]
    entry = as_bibtex(works)
    assert "author = {Cottier, Ben and Rahman, Robi and" in entry
    assert "author = {{Epoch AI}}" in entry
    assert "title = {{The rising costs of training frontier AI models}}" in entry
    assert "eprint = {2405.21015}" in entry
    item = as_csl(works)[0]
    assert item["author"][0] == {"family": "Cottier", "given": "Ben"}  # type: ignore[index]
    assert item["issued"] == {"date-parts": [[2024]]}


def test_csl_has_what_bibtex_says_of_a_work(simulate: Run) -> None:
    quantities = {
        "x": {"value": "1 to 2", "source": "luccioni-2023"},
        "y": {"value": "1 to 2", "source": "patterson-2021"},
        "z": {"formula": "x * y", "source": "definition"},
    }
    works = cited_works(simulate(quantities))
    journal, copied = as_csl(works)
    assert journal["note"] == "JMLR 24(253)"
    assert journal["annote"] == "x"
    assert copied["note"] == "via the copy of its values in LLMCarbon's database.csv"
    assert f"note = {{{journal['note']}}}" in as_bibtex(works)
    assert copied["author"][-1] == {"literal": "others"}  # type: ignore[index]

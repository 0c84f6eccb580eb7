"""A result's answers are read in the language that is asked for."""

from __future__ import annotations

import pytest

import wattif as wi
from wattif.results.answers import read_answers, title_of

STUDY = {
    "title": {"en": "Two services", "es": "Dos servicios"},
    "run": {"draws": 256},
    "quantities": {"price": {"value": "1 to 2 USD", "label": {"en": "Price", "es": "Precio"}}},
    "systems": {
        "small": {"label": {"en": "Small", "es": "Pequeño"}, "uses": ["e"]},
        "gpt": {"label": "GPT", "uses": ["e"]},
    },
    "equations": {
        "e": {
            "quantities": {
                "cost": {"formula": "2 * price", "label": {"en": "Cost", "es": "Coste"}},
                "extra": {"formula": "3 * price", "label": "Extra"},
            }
        }
    },
}


@pytest.mark.parametrize(("bound", "mean"), [(-9, 1.0), (9, 0.0), (1, 0.159)])
def test_a_comparison_is_an_event_even_if_it_never_holds(bound, mean):
    normal = {"dist": "normal", "mean": 0.0, "sd": 1.0}
    quantities = {"x": normal, "y": {"formula": f"x > {bound}"}}
    tree = wi.load({"quantities": quantities}).run(draws=2**12)
    ((answer,),) = (quantity.answers for quantity in read_answers(tree))
    assert answer.is_event
    assert answer.statistics["mean"] == pytest.approx(mean, abs=0.001)
    words = {1.0: "in all the draws", 0.0: "in none of the draws"}.get(mean, "probability")
    assert words in repr(wi.summary(tree))


@pytest.fixture(scope="module")
def tree():
    return wi.load(STUDY).run()


@pytest.mark.parametrize(
    ("language", "title", "quantities", "systems"),
    [
        ("en", "Two services", ["Cost", "Extra"], ["Small", "GPT"]),
        ("es", "Dos servicios", ["Coste", "Extra"], ["Pequeño", "GPT"]),
    ],
)
def test_labels_are_in_the_language_asked_for_or_in_the_only_one(
    tree, language, title, quantities, systems
):
    answers = read_answers(tree, language=language)
    assert title_of(tree, language) == title
    assert [quantity.label for quantity in answers] == quantities
    assert [answer.label for answer in answers[0].answers] == systems


def test_the_other_languages_are_in_the_file_for_anyone_to_read(tree, tmp_path):
    stored = wi.open_result(wi.save_result(tree, tmp_path / "result.nc"))
    assert stored.attrs["title_es"] == "Dos servicios"
    assert stored["summary"]["cost"].attrs["long_name_es"] == "Coste"
    assert "long_name_es" not in stored["summary"]["extra"].attrs
    assert list(stored["summary"]["system_label_es"].values) == ["Pequeño", "GPT"]
    assert stored["inputs"]["label_es"].values.tolist() == ["Precio"]


def test_a_study_in_one_language_says_nothing_of_others():
    tree = wi.load({"quantities": {"x": {"formula": "1 + 1", "label": "Ex"}}}).run(draws=256)
    assert "title_es" not in tree.attrs
    assert "system_label_es" not in tree["summary"].to_dataset()
    assert "label_es" not in tree["inputs"].to_dataset()
    assert read_answers(tree, language="es")[0].label == "Ex"


def test_an_unknown_language_is_refused(tree):
    with pytest.raises(wi.ResultError, match="no language 'fr'; expected en or es"):
        read_answers(tree, language="fr")
    with pytest.raises(wi.ResultError, match="no language 'fr'"):
        title_of(tree, "fr")

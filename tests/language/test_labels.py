"""Labels and titles may be given by language."""

from __future__ import annotations

import jsonschema
import pytest

import wattif as wi
from wattif.language.loader import from_resolved, load
from wattif.language.schema import json_schema, read_study

EDITOR = jsonschema.Draft202012Validator(json_schema())
BOTH = {"en": "Energy", "es": "Energía"}

REFUSED = {
    "another language": (
        {"fr": "Énergie"},
        'title: found the language \'fr\'; expected "en" (English) or "es" (Spanish)',
    ),
    "a number": ({"es": 3}, "title: found 3 for es; expected a text between quotation marks"),
    "nothing to read": ({"en": ""}, "title: found an empty text for en; expected a text"),
    "no language": ({}, "title: found an empty table; expected texts by language"),
    "no text at all": (3, "title is 3; expected a text"),
    "a list": (["Energy"], "title is a list; expected a text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_label_that_cannot_be_read_is_refused_by_loader_and_editor(name):
    label, words = REFUSED[name]
    (complaint,) = read_study({"title": label})[1]
    assert complaint.message.startswith(words)
    assert not EDITOR.is_valid({"title": label})


@pytest.mark.parametrize("label", ["Energy", BOTH, {"es": "Energía"}, {"en": "Energy"}, ""])
def test_a_label_is_a_text_or_a_table_of_texts(label):
    data = {
        "title": label,
        "quantities": {"x": {"value": 1, "label": label}},
        "systems": {"s": {"label": label}},
        "equations": {"e": {"label": label, "title": label, "quantities": {"y": "1"}}},
    }
    assert read_study(data)[1] == []
    EDITOR.validate(data)


def test_the_refusal_shows_how_it_is_written():
    with pytest.raises(wi.StudyError, match=r"for example { en = .*, es = .*Energía"):
        load({"title": {"french": "Énergie"}, "quantities": {"x": "1"}})


def test_the_english_text_is_the_label_and_the_others_go_beside_it():
    model = load(
        {
            "title": {"es": "Prueba", "en": "Test"},
            "quantities": {"x": {"formula": "1 + 1", "label": {"es": "Equis", "en": "Ex"}}},
            "systems": {"s": {"label": {"es": "Ese"}}},
        }
    )
    quantity = model.find("s", "x")
    assert (model.title, model.titles) == ("Test", {"es": "Prueba"})
    assert (quantity.label, quantity.labels) == ("Ex", {"es": "Equis"})
    assert (model.systems[0].label, model.systems[0].labels) == ("Ese", {"es": "Ese"})


def test_a_label_of_the_studys_own_replaces_the_sets_in_every_language():
    equations = {"e": {"quantities": {"y": {"formula": "x", "label": {**BOTH}}, "x": "1"}}}
    study = {"uses": ["e"], "equations": equations}
    own = {**study, "quantities": {"y": {"formula": "x + 1", "label": "Mine"}}}
    assert load(study).find("study", "y").labels == {"es": "Energía"}
    assert (load(own).find("study", "y").label, load(own).find("study", "y").labels) == ("Mine", {})


def test_a_resolved_study_keeps_its_labels():
    model = load({"title": {**BOTH}, "quantities": {"x": {"formula": "1", "label": {**BOTH}}}})
    assert from_resolved(model.resolved) == model

"""The shape of a study: what is accepted, how it is refused, and what editors are told."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from wattif.distributions import FAMILIES
from wattif.language.composites import COMPOSITES
from wattif.language.functions import RESERVED
from wattif.language.schema import json_schema, read_equation_set, read_study
from wattif.library import equation_sets, packaged_studies, read_set
from wattif.library import read_study as packaged_study

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.toml"))
SCHEMA = json_schema()
EDITOR = jsonschema.Draft202012Validator(SCHEMA)
NORMAL = {"dist": "normal", "mean": 1, "sd": 2}

# table of a quantity -> words of the complaint
FORMS = {
    "no form": ({}, "has none of value, dist, formula, absent"),
    "unit alone": ({"unit": "GPU"}, "has none of value, dist, formula, absent"),
    "two forms": ({"value": 1, "absent": "why"}, "has both value and absent"),
    "list": ([1, 2], "found a list"),
    "true": (True, "found true"),
    "infinite": (float("inf"), "inf, which is not finite"),
    "value of a list": ({"value": [1]}, "found a list"),
    "absent without reason": ({"absent": ""}, "expected a text that is not empty"),
    "absent true": ({"absent": True}, "absent is true; expected a text"),
    "formula of a number": ({"formula": 3}, "formula is 3; expected a text"),
    "unknown key": ({"value": 1, "sauce": "x"}, "unknown key sauce"),
    "later key": ({"from": "hardware.h100"}, "from is not available yet"),
    "label of a number": ({"value": 1, "label": 3}, "label is 3; expected a text"),
    "truncate of three": ({**NORMAL, "truncate": [1, 2, 3]}, "found a list"),
    "truncate open": ({**NORMAL, "truncate": {}}, "found nothing"),
    "truncate infinite": ({**NORMAL, "truncate": [0, float("inf")]}, "inf, which is not finite"),
    "truncate of true": ({**NORMAL, "truncate": [0, True]}, "an end is true"),
    "a number too large": (10**400, "more than 20 digits"),
}


def complaints(data):
    return [complaint.message for complaint in read_study(data)[1]]


@pytest.mark.parametrize("name", FORMS)
def test_a_bad_form_is_refused(name):
    form, words = FORMS[name]
    found = complaints({"quantities": {"x": form}})
    assert len(found) == 1
    assert words in found[0]


ACCEPTED = {
    "family of scipy": {"dist": "scipy.nakagami", "nu": 2, "scale": 3},
    "number": 3,
    "text": "3 to 4 GPU",
    "value": {"value": 3, "unit": "GPU", "grade": "A", "source": "s", "note": "n", "label": "l"},
    "text in unit": {"value": "3 to 4", "unit": "GPU"},
    "distribution": {**NORMAL, "unit": "GPU", "truncate": {"min": 0}, "domain": [-10, 10]},
    "percentiles": {"dist": "lognormal", "p2.5": 1, "p97.5": 3},
    "three percentiles": {"dist": "lognormal", "p5": 1, "p50": 2, "p95": 5},
    "one percentile": {"dist": "exponential", "p50": 1},
    "formula": {"formula": "1 + 1", "unit": "1"},
    "absent": {"absent": "not disclosed"},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_form_is_accepted_by_the_loader_and_by_editors(name):
    data = {"quantities": {"x": ACCEPTED[name]}}
    assert complaints(data) == []
    EDITOR.validate(data)


def test_a_set_may_declare_what_a_study_may_not():
    quantities = {"x": {"unit": "GPU"}, "y": {"default": "2 to 3", "unit": "GPU"}, "z": "3 GPU"}
    data = {"equations": {"s": {"quantities": quantities}}}
    assert complaints(data) == []
    EDITOR.validate(data)
    assert len(complaints({"quantities": {"x": {"unit": "GPU"}}})) == 1


NAMES = [
    "",
    "2x",
    "a b",
    "a.b",
    "a-b",
    "..",
    "a/b",
    "=1+1",
    "x" * 101,
    "\u0445",
    "__class__",
]


@pytest.mark.parametrize("name", [*NAMES, *RESERVED])
def test_a_name_is_refused_wherever_it_stands(name):
    owners = [
        {"quantities": {name: 1}},
        {"systems": {"s": {"quantities": {name: 1}}}},
        {"equations": {"s": {"quantities": {name: 1}}}},
    ]
    for data in owners:
        found = read_study(data)[1]
        assert len(found) == 1
        assert found[0].at == "key"
        with pytest.raises(jsonschema.ValidationError):
            EDITOR.validate(data)


@pytest.mark.parametrize("key", ["", "-a", "2a", "a b", "a.b", "..", "\u0445", "a" * 101])
def test_a_key_of_a_system_or_set_is_refused(key):
    (system,) = read_study({"systems": {key: {}}})[1]
    (equations,) = read_study({"equations": {key: {"quantities": {}}}})[1]
    assert "cannot name a system" in system.message or "name of 101" in system.message
    assert "equation set" in equations.message


def test_systems_that_formulas_cannot_tell_apart_are_refused():
    (found,) = read_study({"systems": {"gpt-4": {}, "GPT_4": {}}})[1]
    assert found.path == ("systems", "GPT_4")
    assert "differ only by" in found.message


LATER = [
    {"evidence": []},
    {"run": {"threads": 2}},
]


@pytest.mark.parametrize("data", LATER)
def test_a_key_of_a_later_version_is_announced(data):
    (found,) = complaints(data)
    assert found.endswith("is not available yet in this version")


def test_no_word_of_pydantic_reaches_a_reader():
    data = {
        "title": 3,
        "run": {"draws": "x", "interval": 2, "outputs": "a", "sampling": "b", "x": 1},
        "quantities": {"a": {"value": 1, "grade": "D"}, "b": 3.0, "c": {"dist": 3}},
        "systems": [],
        "claims": [{}],
        "equations": {"s": {"quantities": []}},
    }
    found = complaints(data)
    assert len(found) == 12
    for message in found:
        assert not {"Input", "input", "pydantic", "valid"} & set(message.replace(".", " ").split())


def test_a_packaged_set_is_complained_about_at_its_place():
    _, (found,) = read_equation_set({"quantities": {"x": {"unti": "GPU"}}}, ("equations", "s"))
    assert found.path == ("equations", "s", "quantities", "x", "unti")
    assert found.hint == "did you mean 'unit'?"


def test_the_schema_is_a_json_schema():
    schema = json.loads(json.dumps(SCHEMA))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["$id"]


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_the_schema_accepts_the_studies(path):
    EDITOR.validate(tomllib.loads(path.read_text(encoding="utf-8")))


UNTOLD = {"infinite", "truncate infinite", "a number too large"}  # JSON knows no limits of numbers


@pytest.mark.parametrize("name", sorted(FORMS.keys() - UNTOLD))
def test_the_schema_refuses_what_the_loader_refuses(name):
    form, _ = FORMS[name]
    assert not EDITOR.is_valid({"quantities": {"x": form}})


@pytest.mark.parametrize("name", FAMILIES)
def test_the_schema_knows_every_family_and_its_parameters(name):
    example = tomllib.loads(f"x = {FAMILIES[name].example}")["x"]
    EDITOR.validate({"quantities": {"x": example}})
    assert not EDITOR.is_valid({"quantities": {"x": {**example, "spread": 1}}})


@pytest.mark.parametrize("name", COMPOSITES)
def test_the_schema_knows_beliefs_made_of_others(name):
    example = tomllib.loads(f"x = {COMPOSITES[name].example}")["x"]
    EDITOR.validate({"quantities": {"x": example}})
    inside = {"dist": "mixture", "of": [example, "2 to 4", 3, {"value": "3 to 5"}], "unit": "kW"}
    EDITOR.validate({"quantities": {"x": inside}})
    for wrong in ({**example, "spread": 1}, {**inside, "of": [{**example, "spread": 1}]}):
        assert not EDITOR.is_valid({"quantities": {"x": wrong}})
    for key in COMPOSITES[name].required:
        rest = {other: value for other, value in example.items() if other != key}
        assert not EDITOR.is_valid({"quantities": {"x": rest}})


def test_the_schema_describes_every_key():
    def keys(schema):
        if isinstance(schema, dict):
            for name, value in schema.get("properties", {}).items():
                yield name, value
            for value in schema.values():
                yield from keys(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from keys(value)

    parameters = {name for family in FAMILIES.values() for name in family.names} | {"min", "max"}
    for name, value in keys(SCHEMA):
        assert name in parameters | {"dist"} or value["description"], name


def test_the_library_is_read_by_name_alone():
    assert "llm-training" in equation_sets()
    for name in equation_sets():
        text, content = read_set(name)
        assert tomllib.loads(text) == content
        assert read_equation_set(content, ("equations", name))[1] == []
    for name in packaged_studies():
        assert packaged_study(name)[1]["systems"]
    for name in ("nothing", "../__init__", "../../errors", ""):
        with pytest.raises(KeyError):
            read_set(name)
        with pytest.raises(KeyError):
            packaged_study(name)

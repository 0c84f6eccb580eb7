"""The commands that draw nothing or little: check, explain, list, schema, init, demo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli

from wattif.cli.demo import blocks
from wattif.distributions import FAMILIES
from wattif.library import read_study

Wattif = Callable[..., Any]


def test_check_shows_what_was_stated_and_how_it_was_taken(wattif: Wattif, folder: Path) -> None:
    code, out, err = wattif("check", "bakery.toml")
    assert (code, err) == (0, "")
    row = next(line for line in out.splitlines() if line.startswith("  price"))
    assert "2 to 4 USD/kg" in row
    assert "lognormal with 5 % below 2 and 5 % above 4" in row
    assert "they do not say" in out
    assert "flour * price" in out
    assert out.splitlines()[-1] == (
        "Nothing wrong: 2 systems, 2 outputs, 2 distributions, 2 constants, 2 formulas."
    )


def test_check_keeps_to_where_values_come_from(wattif: Wattif, folder: Path) -> None:
    out = wattif("check", "bakery.toml").out
    places = [
        out.index(f"\n{origin}")
        for origin in ("system old-town", "system harbour", "[quantities]", "equation set bakery")
    ]
    assert places == sorted(places)


def test_check_shows_inputs_before_formulas_and_apart_what_nothing_needs(
    wattif: Wattif, folder: Path
) -> None:
    Path("one.toml").write_text(
        '[quantities]\ny = { formula = "share * x" }\nshare = "20 %"\nx = "3 to 4 kWh"\n'
        'idle = "2 to 3 USD"\n[run]\noutputs = ["y"]\n'
    )
    lines = wattif("check", "one.toml").out.splitlines()
    names = [line.split()[0] for line in lines if line.startswith("  ")]
    assert names == ["share", "x", "y", "idle"]
    assert lines.index("needed by no output") == len(lines) - 4
    assert "kWh" in next(line for line in lines if line.startswith("  y")).split()  # not %*kWh
    assert lines[-1].endswith("1 distribution, 1 constant, 1 formula; 1 more needed by no output.")
    found = json.loads(wattif("check", "one.toml", "--json").out)
    assert [q["name"] for q in found["quantities"] if not q["needed"]] == ["idle"]


def test_check_as_json_lists_every_definition_once(wattif: Wattif, folder: Path) -> None:
    found = json.loads(wattif("check", "bakery.toml", "--json").out)
    keys = [quantity["key"] for quantity in found["quantities"]]
    assert len(keys) == len(set(keys)) == 7
    assert found["outputs"] == ["cost", "capacity"]
    price = next(quantity for quantity in found["quantities"] if quantity["name"] == "price")
    assert (price["kind"], price["unit"], price["value"]) == ("random", "USD/kg", "2 to 4 USD/kg")


def test_explain_shows_the_tree_with_ranges_and_sources(wattif: Wattif, folder: Path) -> None:
    code, out, _ = wattif("explain", "bakery.toml", "old-town.cost")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "cost = flour * price [USD]"
    assert any("flour ~ 100 to 900 kg (90 %): lognormal" in line for line in lines)
    assert any("[quantities]" in line for line in lines)
    assert "they do not say" in wattif("explain", "bakery.toml", "harbour.cost").out


HYPHENS = """
[quantities]
price = "2 to 3 USD"
fee   = { value = "1 to 2 USD", source = "a letter" }
[systems.my-sys.quantities]
a = { formula = "price + fee", unit = "USD" }
b = { formula = "a / 2 + a", unit = "USD" }
[systems.other.quantities]
c = { formula = "my_sys.a + my_sys.b", unit = "USD" }
"""


def test_explain_says_things_once(wattif: Wattif, folder: Path) -> None:
    Path("hyphens.toml").write_text(HYPHENS)
    lines = wattif("explain", "hyphens.toml", "other.c").out.splitlines()
    assert sum("[quantities]" in line for line in lines) == 1
    assert any(line.endswith("a shown above") for line in lines)
    assert any("a letter" in line for line in lines)


def test_explain_takes_a_system_as_formulas_write_it(wattif: Wattif, folder: Path) -> None:
    Path("hyphens.toml").write_text(HYPHENS)
    asked = [wattif("explain", "hyphens.toml", name) for name in ("my-sys.b", "my_sys.b")]
    assert asked[0] == asked[1]
    assert asked[0].code == 0


def test_a_hyphen_in_a_formula_is_one_error(wattif: Wattif, folder: Path) -> None:
    Path("hyphens.toml").write_text(HYPHENS.replace("my_sys.a", "my-sys.a"))
    code, _, err = wattif("check", "hyphens.toml")
    assert code == 2
    assert "'my-sys.a' would be a difference in a formula" in err
    assert "write my_sys.a" in err
    assert err.count("error:") == 1


def test_explain_follows_chains_of_any_length(wattif: Wattif, folder: Path) -> None:
    links = "\n".join(f'q{i} = {{ formula = "q{i - 1} + 1" }}' for i in range(1, 300))
    Path("long.toml").write_text(f'title = "Long"\n[quantities]\nq0 = "1 to 2"\n{links}\n')
    out = wattif("explain", "long.toml", "q299").out
    assert "q0 ~ 1.0 to 2.0 (90 %)" in out


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("families", ["lognormal", 'dist = "pert"']),
        ("functions", ["sqrt", "where"]),
        ("units", ["USD", "query", "kWh"]),
        ("sets", ["llm-training", "llm-inference"]),
        ("studies", ["survey-2025b", "wattif run NAME"]),
    ],
)
def test_list_knows_each_topic(wattif: Wattif, topic: str, words: list[str]) -> None:
    code, out, _ = wattif("list", topic)
    assert code == 0
    assert all(word in out for word in words)
    assert all(word in wattif("list").out for word in words)


def test_every_listed_family_has_an_example_that_is_toml(wattif: Wattif) -> None:
    for name, family in FAMILIES.items():
        assert name in wattif("list", "families").out
        assert tomli.loads(f"x = {family.example}")["x"]["dist"] == name


def test_the_schema_is_json(wattif: Wattif) -> None:
    code, out, _ = wattif("schema")
    assert code == 0
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")


def test_the_first_study_is_right_and_runs(wattif: Wattif, folder: Path) -> None:
    code, out, err = wattif("init", "my.toml")
    assert (code, err) == (0, "")
    assert "wattif run my.toml" in out
    assert out.startswith("Wrote my.toml and wattif.schema.json")
    text = Path("my.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema wattif.schema.json\n")
    assert wattif("check", "my.toml").code == 0
    out = wattif("run", "my.toml", "--draws", "4096", "--quiet").out
    assert "Bill" in out
    assert json.loads(Path("wattif.schema.json").read_text()) == json.loads(wattif("schema").out)


def test_the_first_study_keeps_to_the_schema(wattif: Wattif, folder: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    wattif("init")
    schema = json.loads(Path("wattif.schema.json").read_text())
    jsonschema.validate(tomli.loads(Path("study.toml").read_text()), schema)


def test_init_overwrites_nothing(wattif: Wattif, folder: Path) -> None:
    Path("wattif.schema.json").write_text("mine")
    before = Path("bakery.toml").read_text()
    code, _, err = wattif("init", "bakery.toml")
    assert code == 2
    assert "exists already, and is not overwritten" in err
    assert Path("bakery.toml").read_text() == before
    Path("new.toml").symlink_to(folder / "elsewhere.toml")
    assert wattif("init", "new.toml").code == 2
    assert not Path("elsewhere.toml").exists()
    code, _, err = wattif("init", "newer.toml")
    assert code == 0
    assert "was left as it is" in err
    assert Path("wattif.schema.json").read_text() == "mine"


def test_init_writes_toml_into_folders_that_exist(wattif: Wattif, folder: Path) -> None:
    assert "ends in .toml" in wattif("init", "study.txt").err
    assert "cannot be written" in wattif("init", "nowhere/study.toml").err


def test_init_writes_a_packaged_study_to_be_changed(wattif: Wattif, folder: Path) -> None:
    code, out, err = wattif("init", "--from", "my-service")
    assert (code, err) == (0, "")
    assert out.startswith("Wrote my-service.toml and wattif.schema.json")
    schema, _, rest = Path("my-service.toml").read_text(encoding="utf-8").partition("\n")
    assert schema == "#:schema wattif.schema.json"
    assert rest == read_study("my-service")[0]
    assert wattif("check", "my-service.toml").code == 0
    assert wattif("init", "ours.toml", "--from", "my-service").code == 0
    assert Path("ours.toml").read_text() == Path("my-service.toml").read_text()


def test_init_from_a_study_overwrites_nothing(wattif: Wattif, folder: Path) -> None:
    Path("my-service.toml").write_text("mine")
    code, _, err = wattif("init", "--from", "my-service")
    assert code == 2
    assert "my-service.toml: exists already, and is not overwritten; name another" in err
    assert Path("my-service.toml").read_text() == "mine"


def test_init_from_nowhere_names_what_there_is(wattif: Wattif, folder: Path) -> None:
    code, _, err = wattif("init", "--from", "my-servise")
    assert code == 2
    assert "--from my-servise: there is no packaged study of that name" in err
    assert "did you mean 'my-service'?" in err
    err = wattif("init", "--from", "../secret").err
    assert "packaged studies: " in err
    assert "my-service" in err
    assert sorted(entry.name for entry in folder.iterdir()) == ["bakery.toml"]


def test_the_demo_answers_in_sentences_and_writes_nothing(wattif: Wattif, folder: Path) -> None:
    code, out, _ = wattif("demo")
    assert code == 0
    assert "Training GPT-4 used between " in out
    assert " GWh of electricity (90 % sure); the middle is " in out
    assert "█" in out
    assert sorted(entry.name for entry in folder.iterdir()) == ["bakery.toml"]


def test_the_demo_knows_other_systems(wattif: Wattif, folder: Path) -> None:
    assert "Training Mixtral 8x7B used" in wattif("demo", "mixtral-8x7b").out
    code, out, err = wattif("demo", "mixtrla-8x7b")
    assert out == ""
    assert code == 2
    assert "did you mean 'mixtral-8x7b'?" in err
    assert (
        "mixtral-8x7b"
        in json.loads(wattif("demo", "--json").out)["quantities"]["training_energy"]["systems"]
    )


@pytest.mark.parametrize("word", ["gemini ultra", "Gemini Ultra", "gemini-u"])
def test_the_demo_takes_a_name_or_its_beginning_and_says_what_is_not_given(
    wattif: Wattif, folder: Path, word: str
) -> None:
    out = wattif("demo", word).out
    assert "Training Gemini Ultra used between" in out
    assert "Energy per query: not given (the survey says only that TPUs" in out


def test_the_demo_asks_which_system_before_it_computes(wattif: Wattif, folder: Path) -> None:
    code, out, err = wattif("demo", "llama")
    assert (code, out) == (2, "")
    assert "'llama' may be llama3-70b or llama3-405b" in err
    assert "systems: gpt-4, claude-3-opus" in err


def test_a_line_of_blocks_is_a_histogram() -> None:
    mass, edges = np.array([0.25, 0.5, 0.25]), np.array([0.0, 1.0, 2.0, 3.0])
    line = blocks(mass, edges, 0.0, 3.0)
    assert len(line) == 28
    assert line[0] == line[-1] == "▄"
    assert line[14] == "█"
    narrow = blocks(mass, np.array([1.0, 10.0, 100.0, 1000.0]), 1.0, 1000.0)
    assert 9 <= narrow.index("█") <= 18  # the middle third: equal steps of the ratio

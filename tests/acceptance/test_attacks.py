"""Hostile inputs are refused for what they are, and their harmless twins are accepted.

To add an input, add it to ``tests/data/attack_inputs.toml``; its head says what the fields mean.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import wattif as wi
from wattif.cli import main

DATA = Path(__file__).parents[1] / "data" / "attack_inputs.toml"
ATTACKS = tomllib.loads(DATA.read_text(encoding="utf-8"))


def named(kind):
    return pytest.mark.parametrize("attack", ATTACKS[kind], ids=lambda attack: attack["id"])


def toml_string(text):
    """Return a TOML basic string; controls are escaped, as a file that hides them would."""
    escaped = "".join(c if c.isalnum() or c in " _" else f"\\U{ord(c):08X}" for c in text)
    return f'"{escaped}"'


def study_with(formula):
    return f"[quantities]\nx = {{ value = 3 }}\ny = {{ formula = {toml_string(formula)} }}\n"


@pytest.fixture
def check(tmp_path, monkeypatch, capfd):
    """Return a function: study text -> (exit code, output) of ``wattif check`` in a bare folder."""
    monkeypatch.chdir(tmp_path)
    study = tmp_path / "study.toml"

    def run_check(text):
        study.write_text(text, encoding="utf-8")
        code = main(["check", "study.toml"])
        assert list(tmp_path.iterdir()) == [study]
        printed = capfd.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return code, printed.out + printed.err

    return run_check


def assert_refused(code, output, says):
    assert code == 2, output
    for reason in says:
        assert re.search(reason, output, re.IGNORECASE), f"{reason!r} is not in:\n{output}"


@named("formula")
def test_formula_is_refused_where_it_stands(attack, check):
    code, output = check(study_with(attack["formula"]))
    assert_refused(code, output, attack["says"])
    assert "study.toml:3:" in output
    assert "quantities.y" in output


@named("formula")
def test_harmless_formula_is_accepted(attack, check):
    code, output = check(study_with(attack["twin"]))
    assert code == 0, output


@named("value")
def test_formula_is_understood(attack, tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(study_with(attack["formula"]), encoding="utf-8")
    tree = wi.load(path).run(draws=64)
    found = tree["summary"]["y"].sel(statistic=["min", "mean", "max"]).values
    assert found == pytest.approx(attack["value"], rel=1e-12)


@named("study")
def test_study_is_refused(attack, check):
    code, output = check(attack["study"])
    assert_refused(code, output, attack["says"])
    assert "study.toml:" in output


@named("study")
def test_harmless_study_is_accepted(attack, check):
    code, output = check(attack["twin"])
    assert code == 0, output


@named("name")
def test_quantity_name_is_refused(attack, check):
    code, output = check(
        f"[quantities]\n{toml_string(attack['name'])} = 1\ny = {{ formula = '1' }}\n"
    )
    assert_refused(code, output, attack.get("says", ["name", "letters"]))


@named("name")
def test_system_name_is_refused(attack, check):
    key = toml_string(attack["name"])
    code, output = check(f"[systems.{key}]\n[quantities]\ny = {{ formula = '1' }}\n")
    assert_refused(code, output, attack.get("says", ["name", "letters"]))


@named("name")
def test_refused_names_are_printed_harmlessly(attack, check):
    _, output = check(f"[quantities]\n{toml_string(attack['name'])} = 1\ny = {{ formula = '1' }}\n")
    assert not re.search("[\0\u202e]", output)


def test_harmless_names_are_accepted(check):
    study = '[quantities]\n"a_b" = 1\ny = { formula = "a_b" }\n[systems."a-b"]\n'
    code, output = check(study)
    assert code == 0, output


def test_python_api_refuses_the_same_formulas():
    for attack in ATTACKS["formula"]:
        study = {"quantities": {"x": 3, "y": {"formula": attack["formula"]}}}
        with pytest.raises(wi.StudyError):
            wi.load(study)


def test_python_api_refuses_the_same_names():
    for attack in ATTACKS["name"]:
        with pytest.raises(wi.StudyError):
            wi.load({"quantities": {attack["name"]: 1, "y": {"formula": "1"}}})

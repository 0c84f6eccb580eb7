"""``wattif shapes``: its tables, its JSON, its refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Wattif = Callable[..., Any]
DRAWS = ("--draws", "4096")


def test_it_says_which_outputs_care_and_why(wattif: Wattif, folder: Path) -> None:
    code, out, err = wattif("shapes", "bakery.toml", *DRAWS, "--quiet")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Two bakeries"
    assert lines[2].split() == ["normal", "pert", "log-uniform", "metalog"]
    row = next(line for line in lines if line.startswith("  Old town"))
    assert "mid +" in row
    assert '2 intervals "a to b", all at once' in out
    assert "As lognormal nothing moves: so all were read." in out
    assert "4,096 draws a shape in 16 replicates, seed 7;" in out
    assert "1 of 1 outputs care" in out
    because = next(line for line in lines if line.startswith("Cost of the flour, Old town"))
    assert because.split("  ")[-1].startswith("flour ")  # the wider interval, its system left out
    assert ", price " in because


def test_what_cannot_be_is_said_below(wattif: Wattif, folder: Path) -> None:
    Path("sum.toml").write_text(
        '[quantities]\nx = "-3 to 5"\nz = "1 to 30"\ny = { formula = "x + z" }\n'
    )
    out = wattif("shapes", "sum.toml", *DRAWS, "--quiet").out
    assert "as lognormal: x cannot be: p5 must be greater than 0, found -3 (left as read)" in out
    assert "as normal: z 3.9 % below 0" in out


def test_json_is_one_object_with_everything(wattif: Wattif, folder: Path) -> None:
    code, out, _ = wattif("shapes", "bakery.toml", *DRAWS, "--json", "--quiet")
    assert code == 0
    found = json.loads(out, parse_constant=pytest.fail)  # no NaN, no Infinity
    assert found["schema_version"] == 1
    assert found["intervals"] == ["old-town.flour", "price"]
    assert found["as_read"] == ["lognormal"]
    (output,) = found["outputs"]
    assert (output["system"], output["quantity"], output["unit"]) == ("old-town", "cost", "USD")
    assert set(output["shifts"]) == {"normal", "pert", "log-uniform", "metalog"}
    assert set(output["shifts"]["pert"]) == {"median", "low", "high", "errors"}
    assert {cause["key"] for cause in output["causes"]} == {"old-town.flour", "price"}


def test_a_study_without_intervals_is_refused(wattif: Wattif, folder: Path) -> None:
    Path("fixed.toml").write_text('[quantities]\nx = 3\ny = { formula = "x * 2" }\n')
    code, out, err = wattif("shapes", "fixed.toml")
    assert (code, out) == (2, "")
    assert 'no output needs an interval "a to b", whose shape could be another' in err
    assert "fixed.toml" in err

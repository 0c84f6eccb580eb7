"""JSON: strict, self-explaining, nothing lost but infinities."""

from __future__ import annotations

import json

import pytest

import wattif as wi


@pytest.mark.parametrize("what", ["summary", "draws", "inputs"])
def test_it_is_strict_json(tree, tmp_path, what, hostile):
    path = wi.export(tree, tmp_path / "table.json", what)
    found = json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)
    assert found["written_by"] == "wattif export"
    assert (found["schema_version"], found["what"]) == (1, what)
    assert found["about"]["title"] == hostile
    assert {len(row) for row in found["rows"]} == {len(found["columns"])}


def test_numbers_keep_every_digit_and_nothing_is_null(tree, tmp_path):
    found = json.loads(wi.export(tree, tmp_path / "table.json").read_text("utf-8"))
    names = [column["name"] for column in found["columns"]]
    rows = {tuple(row[:2]): dict(zip(names, row, strict=True)) for row in found["rows"]}
    stored = tree["summary"]["cost"].sel(system="old-town", statistic="p50")
    assert rows["cost", "old-town"]["p50"] == float(stored)
    assert rows["cost", "harbour"]["p50"] is None
    assert rows["often", "old-town"]["p50"] is None  # infinite; lost_draws tells


def test_columns_of_draws_say_their_units(tree, tmp_path):
    found = json.loads(wi.export(tree, tmp_path / "t.json", "draws", language="es").read_text())
    assert {"name": "old-town.cost", "unit": "USD", "label": "Coste"} in found["columns"]

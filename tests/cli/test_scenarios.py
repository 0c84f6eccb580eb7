"""Scenarios on the command line: a table each, and --scenario for one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

STUDY = """\
title = "Batches"
[quantities]
power  = "8 to 11 kW"
batch  = 1
energy = { formula = "power / batch", unit = "kW", label = "Power a reply" }
[scenarios]
dimension = "replies_at_once"
labels = [1, 8]
[scenarios.quantities]
batch = [1, 8]
"""


@pytest.fixture
def result(wattif, tmp_path) -> Path:
    study = tmp_path / "batches.toml"
    study.write_text(STUDY, encoding="utf-8")
    path = tmp_path / "batches.nc"
    said = wattif("run", study, "--draws", "4096", "--out", path)
    assert said.code == 0
    assert "Batches, replies at once 1" in said.out
    assert "Batches, replies at once 8" in said.out
    return path


def test_a_picture_is_a_fan_unless_one_is_chosen(wattif, result):
    assert wattif("plot", result, "--out", result.with_name("fan.png")).code == 0
    one = wattif("plot", result, "--scenario", "8", "--out", result.with_name("one.png"))
    assert one.code == 0
    refused = wattif("plot", result, "--kind", "intervals")
    assert "draw a fan, or choose one with --scenario" in refused.err


@pytest.mark.parametrize("command", ["report", "export"])
def test_what_takes_one_result_asks_which(wattif, result, command):
    refused = wattif(command, result)
    assert "runs over replies_at_once: choose one of 1, 8, with --scenario" in refused.err
    assert wattif(command, result, "--scenario", "8").code == 0
    unknown = wattif(command, result, "--scenario", "9")
    assert "no scenario '9'; it has: 1, 8" in unknown.err

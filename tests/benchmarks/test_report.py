"""The page on performance can be measured, stored, written and drawn anew."""

from __future__ import annotations

import json
import math
import shutil
import sys
from pathlib import Path

import pytest
from benchmarks import accuracy, beginnings, comparison, families, report, scaling, stages
from benchmarks.accuracy import Line, Point, draws_needed, seconds_needed
from benchmarks.aims import Aim, aims_table, format_number
from benchmarks.page import fill
from benchmarks.scale import SMALL
from benchmarks.scaling import Cost, Step, doubling
from benchmarks.truth import TRUTH, find_truth


@pytest.fixture
def folder(tmp_path):
    shutil.copy(report.DOCS / report.PAGE, tmp_path)
    return tmp_path


@pytest.fixture
def few(monkeypatch):
    """Fewer cases than are measured: their kind is what is tested."""
    monkeypatch.setattr(comparison, "PEERS", {"numpy, tuned": comparison.PEERS["numpy, tuned"]})
    monkeypatch.setattr(comparison, "LARGE", ())
    monkeypatch.setattr(scaling, "QUANTITIES", (12, 25))
    monkeypatch.setattr(scaling, "OUTPUTS", (4, 12))
    monkeypatch.setattr(families, "FAMILIES", ("normal", "poisson"))
    commands = {name: beginnings.COMMANDS[name] for name in ("wattif --help", beginnings.FIRST)}
    monkeypatch.setattr(beginnings, "COMMANDS", commands)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", report.SECTIONS)
def test_every_section_is_measured_and_written(name, folder):
    report.measure([name], SMALL, folder, trial=True)
    report.write_page(folder)
    page = (folder / report.PAGE).read_text(encoding="utf-8")
    part = page.split(f"<!-- {name}: start -->")[1].split(f"<!-- {name}: end -->")[0]
    assert "A trial, too small to be a measurement" in part
    if report.SECTIONS[name].draw is not None:
        assert f"(performance-{name}.svg)" in part
        assert (folder / f"performance-{name}.svg").stat().st_size > 10_000
    stored = json.loads((folder / report.FIGURES).read_text(encoding="utf-8"))
    assert stored[name]["machine"]["cores"] >= 1


def test_the_committed_page_is_what_its_figures_say(monkeypatch, folder):
    for path in report.DOCS.glob("performance*"):
        shutil.copy(path, folder)
    monkeypatch.setattr(report, "DOCS", folder)
    monkeypatch.setattr(sys, "argv", ["report", "--draw"])
    before = (folder / report.PAGE).read_text(encoding="utf-8")
    report.main()
    assert (folder / report.PAGE).read_text(encoding="utf-8") == before


def test_a_section_is_renewed_and_the_others_stay(folder):
    figures = {"stages": stages.Stages((stages.Stage("points", "12 uniforms", 1.0),))}
    stored = {"trial": False, "measured": "2026-01-01", "seconds": 1.0, "figures": {}}
    machine = {"processor": "one", "cores": 2, "system": "Linux", "load": 0.1, "load_after": 0.2}
    content = {**stored, "machine": machine, "figures": {"rows": [vars(figures["stages"].rows[0])]}}
    (folder / report.FIGURES).write_text(json.dumps({"stages": content}), encoding="utf-8")
    report.write_page(folder)
    page = (folder / report.PAGE).read_text(encoding="utf-8")
    assert "| points | 12 uniforms | 1 |" in page
    assert "one, 2 cores; Linux." in page
    assert "load before and after 0.1 and 0.2" in page


def test_a_page_without_its_markers_is_refused():
    with pytest.raises(ValueError, match="the page lacks <!-- aims: start -->"):
        fill("text", "aims", "body")


def test_filling_twice_is_filling_once():
    page = "a <!-- x: start --><!-- x: end --> b"
    assert fill(fill(page, "x", "old"), "x", "new") == fill(page, "x", "new")


def test_an_aim_is_reached_from_its_side():
    assert Aim("", "at least", 2.0, 2.0).reached
    assert not Aim("", "at least", 2.0, 1.9).reached
    assert Aim("", "at most", 2.0, 1.9).reached
    assert not Aim("", "at most", 2.0, math.nan).reached
    row = aims_table([Aim("memory", "at most", 400.0, 1234.5, " MB")]).splitlines()[-1]
    assert row == "| memory | at most 400 MB | **1,230 MB** | no |"


def test_numbers_have_three_digits():
    numbers = [1234567.0, 12.345, 0.012345, 0.0]
    assert [format_number(x) for x in numbers] == ["1,230,000", "12.3", "0.0123", "0"]


def test_draws_to_an_accuracy_are_interpolated_in_logarithms():
    """Errors that fall like 1 / draws from 1e-3 at 2^10 reach 1e-4 at ten times as many."""
    points = tuple(point(2**k, 2.0 ** (10 - k) * 1e-3) for k in range(10, 16))
    line = Line("", False, points)
    assert draws_needed(line, 0) == pytest.approx(10 * 2**10)
    assert seconds_needed(line, 10 * 2**10) == pytest.approx(1.0 + 10 * 2**10 / 1e6)


def test_draws_to_an_accuracy_beyond_what_was_run_are_drawn_on():
    line = Line("", False, tuple(point(2**k, 2.0 ** (10 - k) * 1e-3) for k in range(10, 13)))
    assert draws_needed(line, 0) == pytest.approx(10 * 2**10)
    assert seconds_needed(line, 10 * 2**10) == pytest.approx(1.0 + 10 * 2**10 / 1e6)


def test_random_draws_follow_the_central_limit_theorem():
    line = Line("", True, (point(2**10, 0.5),))
    assert draws_needed(line, 3) == pytest.approx((TRUTH.spread[3] / accuracy.TARGET) ** 2)


def point(draws, error):
    return Point(draws, 1, 1.0 + draws / 1e6, (error,) * 4, ())


def test_the_truth_is_found_again():
    """One scrambling of 2^14 points errs by some 1e-5; its spreads, which are rougher, by 1e-3."""
    found = find_truth(2**14, 0)
    assert found.value == pytest.approx(TRUTH.value, rel=1e-4)
    assert found.spread == pytest.approx(TRUTH.spread, rel=1e-2)


@pytest.mark.parametrize(("times", "expected"), [(4.0, 2.0), (16.0, 4.0), (1.0, 1.0)])
def test_growth_is_told_for_a_doubling(times, expected):
    first, last = (Step(count, Cost(8192, 0.1, above)) for count, above in ((3, 1.0), (12, times)))
    assert doubling(first, last) == pytest.approx(expected)


def test_the_page_was_measured_in_full():
    figures = json.loads((Path(__file__).parents[2] / "docs" / "performance.json").read_text())
    assert [name for name, section in figures.items() if section["trial"]] == []

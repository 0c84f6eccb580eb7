"""``wattif run`` and what becomes of its result: rerun, plot."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wattif.api import open_result
from wattif.format import common_scales, format_interval, format_value

Wattif = Callable[..., Any]


def test_the_table_says_what_the_result_holds(wattif: Wattif, folder: Path) -> None:
    code, out, _ = wattif("run", "bakery.toml")
    assert code == 0
    saved = Path("results", "bakery.nc")
    assert out.splitlines()[-1] == f"Saved to {saved}"
    tree = open_result(saved)
    numbers = tree["summary"]["cost"].sel(system="old-town")
    errors = tree["summary_error"]["cost"].sel(system="old-town")
    median, low, high = (float(numbers.sel(statistic=s)) for s in ("p50", "eti_low", "eti_high"))
    spread = tuple(float(errors.sel(statistic=s)) for s in ("eti_low", "eti_high"))
    row = next(line for line in out.splitlines() if "Old town" in line)
    scales = common_scales([median, low, high], "USD")
    assert format_value(median, scales, float(errors.sel(statistic="p50"))) in row
    assert format_interval(low, high, scales, (spread[0], spread[1])) in row
    assert "error" in out
    assert "4,096 scrambled Sobol draws in 16 replicates, seed 7." in out
    assert 'Intervals "a to b" were read as lognormal (2)' in out


def test_absent_and_constant_answers_are_named(wattif: Wattif, folder: Path) -> None:
    lines = wattif("run", "bakery.toml").out.splitlines()
    assert any("Harbour" in x and x.endswith("not given [1]") for x in lines)
    assert any(x.startswith("[1] not given") and x.endswith("they do not say") for x in lines)
    assert any("Harbour" in line and "8" in line and "constant" in line for line in lines)


def test_a_study_of_one_has_a_row_a_quantity(wattif: Wattif, folder: Path) -> None:
    Path("one.toml").write_text(
        'title = "One"\n[quantities]\nside = "2 to 3 m"\n'
        'area = { formula = "side**2", unit = "m**2", label = "Area" }\n'
    )
    out = wattif("run", "one.toml", "--draws", "1024").out
    row = next(line for line in out.splitlines() if line.startswith("Area"))
    assert "m²" in row


def test_json_is_one_object_with_all_digits(wattif: Wattif, folder: Path) -> None:
    code, out, _ = wattif("run", "bakery.toml", "--json", "--out", "b.nc")
    assert code == 0
    found = json.loads(out, parse_constant=pytest.fail)  # no NaN, no Infinity
    tree = open_result("b.nc")
    assert found["schema_version"] == 1
    assert found["saved"] == "b.nc"
    assert (found["study"], found["seed"], found["draws"]) == ("bakery", "7", 4096)
    cost = found["quantities"]["cost"]
    assert cost["unit"] == "USD"
    for name, value in cost["systems"]["old-town"]["statistics"].items():
        stored = tree["summary"]["cost"].sel(system="old-town", statistic=name)
        assert value == float(stored)
    assert cost["systems"]["old-town"]["standard_errors"]["min"] is None
    assert cost["systems"]["harbour"]["statistics"]["p50"] is None
    assert "they do not say" in cost["systems"]["harbour"]["absent"]


@pytest.mark.parametrize("draws", ["10000", "1e4", "10_000", "1.0e4"])
def test_draws_may_be_written_as_people_do(wattif: Wattif, folder: Path, draws: str) -> None:
    code, out, err = wattif("run", "bakery.toml", "--draws", draws)
    assert code == 0
    assert "note: 10,000 draws asked, 16,384 made" in err
    assert "16,384 scrambled Sobol draws" in out


@pytest.mark.parametrize(
    "words",
    [
        ["--draws", "1.5"],
        ["--draws", "many"],
        ["--draws", "1e400"],
        ["--draws", "nan"],
        ["--draws", "-1"],
        ["--draws", "0"],
        ["--seed", "18446744073709551616"],
        ["--seed", "-1"],
        ["--threads", "0"],
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    wattif: Wattif, folder: Path, words: list[str]
) -> None:
    code, out, err = wattif("run", "bakery.toml", *words)
    assert (code, out) == (2, "")
    assert "whole number" in err
    assert not Path("results").exists()


def test_the_greatest_seed_is_a_seed(wattif: Wattif, folder: Path) -> None:
    assert wattif("run", "bakery.toml", "--seed", str(2**64 - 1), "--draws", "64").code == 0
    assert open_result("results/bakery.nc").attrs["seed"] == str(2**64 - 1)


def test_seed_and_scheme_are_what_was_asked_for(wattif: Wattif, folder: Path) -> None:
    words = ["--seed", "99", "--sampling", "latin-hypercube", "--threads", "1"]
    out = wattif("run", "bakery.toml", *words).out
    assert "Latin hypercube draws in 16 replicates, seed 99." in out


def test_quiet_leaves_the_answers_alone(wattif: Wattif, folder: Path) -> None:
    code, out, err = wattif("run", "bakery.toml", "--quiet")
    assert (code, err) == (0, "")
    assert "Cost of the flour" in out


def test_lost_draws_are_warned_of(wattif: Wattif, folder: Path) -> None:
    Path("root.toml").write_text(
        'title = "Roots"\n[quantities]\nx = { dist = "uniform", min = -1, max = 3 }\n'
        'y = { formula = "sqrt(x)", label = "Root" }\n'
    )
    code, out, err = wattif("run", "root.toml", "--draws", "1024", "--quiet")
    assert code == 0
    assert "256 of 1,024 draws of 'y'" in err
    assert "warning:" in err
    assert "Root" in out


def test_a_packaged_study_runs_by_its_name(wattif: Wattif, folder: Path) -> None:
    code, out, _ = wattif("run", "survey-2025b", "--draws", "1024", "--quiet")
    assert code == 0
    assert out.splitlines()[-1] == "Saved to results/survey-2025b.nc"


def test_a_result_of_the_same_study_is_replaced_and_nothing_else(
    wattif: Wattif, folder: Path
) -> None:
    assert wattif("run", "bakery.toml", "--draws", "64").code == 0
    assert wattif("run", "bakery.toml", "--draws", "64").code == 0
    shutil.copy("bakery.toml", "other.toml")
    code, out, err = wattif("run", "other.toml", "--out", "results/bakery.nc")
    assert (code, out) == (2, "")
    assert "a result of the study 'bakery' (Two bakeries), not of 'other'" in err
    code, _, err = wattif("run", "other.toml", "--out", "bakery.toml")
    assert code == 2
    assert "is not a result of wattif, so it is not overwritten" in err
    assert Path("bakery.toml").read_text().lstrip().startswith("title")


def test_a_link_is_not_followed(wattif: Wattif, folder: Path) -> None:
    Path("results").mkdir()
    Path("results/bakery.nc").symlink_to(folder / "elsewhere.nc")
    code, _, err = wattif("run", "bakery.toml")
    assert code == 2
    assert "symbolic link" in err
    assert not Path("elsewhere.nc").exists()


def test_a_run_repeats_in_every_bit(wattif: Wattif, folder: Path) -> None:
    words = ["--draws", "5000", "--seed", "3", "--sampling", "random"]
    assert wattif("run", "bakery.toml", *words).code == 0
    Path("bakery.toml").unlink()  # the result is enough
    code, out, _ = wattif("rerun", "results/bakery.nc")
    assert (code, out) == (0, "identical: every bit agrees\n")
    found = json.loads(wattif("rerun", "results/bakery.nc", "--json").out)
    assert (found["identical"], found["largest"]) == (True, 0.0)


@pytest.mark.parametrize(
    ("change", "code", "words"), [(1e-14, 3, "agrees to 1.0e-14"), (1e-3, 1, "differs")]
)
def test_a_changed_result_is_found_out(
    wattif: Wattif, made: Path, folder: Path, change: float, code: int, words: str
) -> None:
    tree = open_result(made)
    tree["summary"]["cost"].values[0, 0] *= 1 + change
    tree.to_netcdf("changed.nc", engine="h5netcdf")
    outcome = wattif("rerun", "changed.nc")
    assert outcome.code == code
    assert words in outcome.out
    assert "/summary/cost" in outcome.out


@pytest.mark.parametrize("name", ["p.png", "p.svg", "p.pdf"])
def test_a_picture_goes_where_it_is_asked_to(
    wattif: Wattif, made: Path, folder: Path, name: str
) -> None:
    code, out, _ = wattif("plot", made, "-o", name, "--title", "Bread")
    assert (code, out) == (0, f"{name}\n")
    assert Path(name).stat().st_size > 1000


def test_a_picture_lies_beside_its_result(wattif: Wattif, made: Path, folder: Path) -> None:
    shutil.copy(made, "mine.nc")
    assert wattif("plot", "mine.nc").out == "mine.png\n"


def test_a_picture_of_some_quantities_and_systems(wattif: Wattif, made: Path, folder: Path) -> None:
    words = ["--quantity", "capacity", "--quantity", "cost", "--system", "harbour"]
    assert wattif("plot", made, "-o", "some.svg", *words).code == 0
    code, _, err = wattif("plot", made, "--quantity", "cots", "-o", "none.svg")
    assert code == 2
    assert "did you mean 'cost'?" in err
    assert not Path("none.svg").exists()
    code, _, err = wattif("plot", made, "-o", "picture.gif")
    assert code == 2
    assert ".png, .svg, .pdf" in err


def test_infinities_are_null_in_json_and_an_open_end_in_the_table(
    wattif: Wattif, folder: Path
) -> None:
    n = 'n = { dist = "discrete", values = [0, 1, 2], weights = [1, 1, 2] }'
    y = 'y = { formula = "1 / n", label = "Inverse" }'
    Path("pole.toml").write_text(f'title = "Pole"\n[quantities]\n{n}\n{y}\n')
    found = json.loads(wattif("run", "pole.toml", "--draws", "1024", "--json").out)
    answer = found["quantities"]["y"]["systems"]["study"]
    assert answer["statistics"]["p95"] is None
    assert answer["lost_draws"] == 256
    assert math.isinf(float(open_result("results/pole.nc")["summary"]["y"].sel(statistic="p95")[0]))
    out = wattif("run", "pole.toml", "--draws", "1024").out
    row = next(line for line in out.splitlines() if line.startswith("Inverse"))
    assert "to ∞" in row


def test_an_event_is_shown_by_its_probability(wattif: Wattif, folder: Path) -> None:
    (folder / "event.toml").write_text(
        '[quantities]\na = "1 to 2"\nb = "1 to 3"\nless = { formula = "a < b" }\n'
    )
    lines = wattif("run", "event.toml").out.splitlines()
    row = next(line for line in lines if line.startswith("less"))
    assert re.match(r"less +\d\d(\.\d+)? % +probability +(<0\.01|[\d.]+) %$", row)

"""``wattif bench`` prints what it measured, of whom, and on what machine."""

from __future__ import annotations

import json

import pytest

from wattif.cli import main

SMALL = ["bench", "--draws", "1e5", "--rounds", "1", "--threads", "1"]
SCHEMES = ("sobol", "latin-hypercube", "random")


def test_the_table_names_everyone_and_the_machine(capsys, tmp_path):
    picture = tmp_path / "bench.svg"
    assert main([*SMALL, "--plot", str(picture)]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("One training run, 131,072 draws")
    rows = [line.split("  ")[0] for line in printed.out.splitlines()]
    assert {*(f"wattif, {scheme}" for scheme in SCHEMES), "numpy", "numpy, tuned"} <= set(rows)
    assert "1 interleaved round;" in printed.out
    assert "cores, load" in printed.out
    assert "warning" not in printed.err  # which would be of answers that disagree
    assert "<svg" in picture.read_text()


@pytest.mark.parametrize(("fewest", "told"), [(2**17, True), (2**18, False)])
def test_it_says_where_wattif_draws_less_than_is_asked(capsys, monkeypatch, fewest, told):
    monkeypatch.setattr("wattif.cli.bench.FEWEST_TO_MERGE", fewest)
    assert main(SMALL) == 0
    assert ("two quantities are left of these" in capsys.readouterr().out) is told


def test_json_has_a_score_for_each_scheme_and_number_of_threads(capsys):
    assert main([*SMALL, "--threads", "2", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["draws"] == 131_072
    assert content["baseline"] == "numpy"
    scores = {(score["name"], score["threads"]) for score in content["scores"]}
    assert {(f"wattif, {s}", t) for s in SCHEMES for t in ("1", "2")} <= scores
    assert all(score["disagreements"] == [] for score in content["scores"])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--draws", "100"], "4096"),
        (["--rounds", "0"], "1"),
        (["--threads", "0"], "1"),
        (["--draws", "many"], "not a whole number"),
    ],
)
def test_what_makes_no_sense_is_refused(capsys, words, complaint):
    assert main(["bench", *words]) == 2
    assert complaint in capsys.readouterr().err


def test_a_picture_of_no_known_kind_is_refused_before_anything_is_run(capsys, tmp_path):
    assert main([*SMALL, "--plot", str(tmp_path / "bench.doc")]) == 2
    printed = capsys.readouterr()
    assert all(ending in printed.err for ending in ("png", "svg", "pdf"))
    assert printed.out == ""

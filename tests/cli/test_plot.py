"""``wattif plot``: which pictures, of what, where to, and why not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imread

from wattif.plots import KINDS

Wattif = Callable[..., Any]


@pytest.fixture
def result(made: Path, folder: Path) -> str:
    shutil.copy(made, folder / "bakery.nc")
    return "bakery.nc"


def test_pictures_are_named_by_what_they_are(wattif: Wattif, result: str) -> None:
    outcome = wattif("plot", result, "--kind", "density", "--kind", "cdf")
    assert outcome.out == "bakery-density.png\nbakery-cdf.png\n"
    assert Path("bakery-density.png").stat().st_size > 1000


def test_all_that_can_be_drawn_goes_into_a_folder(wattif: Wattif, result: str) -> None:
    outcome = wattif("plot", result, "--kind", "all", "-o", "pictures", "--format", "svg")
    assert outcome.code == 0
    drawn = [Path(line).name for line in outcome.out.splitlines()]
    assert {"bakery-intervals.svg", "bakery-convergence.svg"} <= set(drawn)
    assert "bakery-fan.svg" not in drawn
    assert sorted(path.name for path in Path("pictures").iterdir()) == sorted(drawn)


def test_what_was_not_asked_for_by_name_is_left_out_with_a_note(
    wattif: Wattif, result: str
) -> None:
    outcome = wattif("plot", result, "--kind", "all", "--size", "7x3.2", "-o", "pictures")
    assert outcome.code == 0
    assert "bakery-intervals.png" in outcome.out
    assert "bakery-cdf.png" not in outcome.out
    assert "note: no picture of kind 'cdf': a picture of 7x3.2 inches is too small" in outcome.err


def test_results_are_compared_or_drawn_each(wattif: Wattif, result: str) -> None:
    assert wattif("run", "bakery.toml", "--sampling", "random", "-q", "-o", "random.nc").code == 0
    assert wattif("plot", result, "random.nc").out == "bakery-intervals.png\nrandom-intervals.png\n"
    compared = wattif("plot", result, "random.nc", "--kind", "efficiency", "-o", "e.png")
    assert (compared.code, compared.out) == (0, "e.png\n")


def test_the_look_is_as_asked(wattif: Wattif, result: str) -> None:
    words = ["--size", "8x5", "--dpi", "40", "--style", "dark", "-o", "dark.png"]
    assert wattif("plot", result, *words).code == 0
    picture = imread("dark.png")
    assert picture.shape[:2] == (200, 320)
    assert picture[0, 0, :3].max() < 0.2
    assert wattif("plot", result, "--lang", "es", "-o", "es.svg", "--quantity", "cost").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--kind", "densty"], "no kind of picture 'densty'; did you mean 'density'?"),
        (["--kind", "zzz"], "there are: intervals, density,"),
        (["--kind", "fan"], "no picture of kind 'fan': the result does not run over one number"),
        (["--kind", "efficiency"], "give two or more of one study"),
        (["--kind", "cdf", "--kind", "tail", "-o", "a.png"], "is one file for 2 pictures; give"),
        (["--format", "svg", "-o", "a.png"], "does not end in .svg, the format asked for"),
        (["--size", "8"], "--size '8': expected width and height in inches, such as 8x5"),
        (["--size", "2x2"], "2x2 inches is too small for what is on it; it needs about"),
        (["--dpi", "5"], "Must be >= 20"),
        (["--lang", "fr"], 'Choose from: "en", "es"'),
        (["--kind", "all", "--quantity", "cots"], "did you mean 'cost'?"),
        (["--kind", "all", "--system", "harbor"], "did you mean 'harbour'?"),
        (["--kind", "all", "-o", "bakery.toml/x"], "cannot be made"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    wattif: Wattif, result: str, words: list[str], message: str
) -> None:
    before = sorted(path.name for path in Path().iterdir())
    code, out, err = wattif("plot", result, *words)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())
    assert sorted(path.name for path in Path().iterdir()) == before


def test_the_kinds_are_listed(wattif: Wattif) -> None:
    out = wattif("list", "pictures").out
    assert all(kind.name in out and kind.summary in out for kind in KINDS.values())

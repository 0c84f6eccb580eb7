"""Every kind of picture looks as it did: small pictures, committed, compared by their pixels.

When a picture is meant to look different, look at the new one and commit it:
``WATTIF_DRAW_BASELINES=1 python -m pytest tests/plots/test_baselines.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from matplotlib.ft2font import __freetype_version__
from matplotlib.image import imread
from xarray import DataTree

from wattif.plots import KINDS, Kind, save_figure

BASELINES = Path(__file__).parent / "baselines"
DPI = 50
CASES = ("few", "years", "claims and sums")
QUANTITIES: dict[str, list[str]] = {
    **{name: ["energy"] for name in ("scatter", "compare")},
    **{name: [] for name in ("breakdown", "breakeven", "claims")},
}
# Root mean square difference of pixels that run from 0 to 1. Measured: lines a tenth thicker make
# 0.005 at most, a name that is missing 0.014 and more, a curve that moves by a fiftieth 0.04.
TOLERANCE = 0.008
# Letters drawn by another version make 0.05, as much as a real change: nothing to compare then.
LETTERS_BY = "2.14.3"


def draw(kind: Kind, cases: dict[str, DataTree], schemes: list[DataTree], path: Path) -> None:
    if kind.takes == "results":
        figure = kind.draw(schemes, ["cost"])
    else:
        tree = next(cases[name] for name in CASES if not kind.why_not(cases[name]))
        figure = kind.draw(tree, QUANTITIES.get(kind.name, ["energy", "machine_hours"]))
    save_figure(figure, path, dpi=DPI)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_picture_looks_as_it_did(
    kind: Kind, cases: dict[str, DataTree], schemes: list[DataTree], tmp_path: Path
) -> None:
    if __freetype_version__ != LETTERS_BY:
        pytest.skip(f"the baselines were drawn with FreeType {LETTERS_BY}")
    baseline = BASELINES / f"{kind.name}.png"
    if os.environ.get("WATTIF_DRAW_BASELINES"):
        draw(kind, cases, schemes, baseline)
    drawn = tmp_path / baseline.name
    draw(kind, cases, schemes, drawn)
    expected, found = imread(baseline), imread(drawn)
    assert found.shape == expected.shape
    difference = float(np.sqrt(np.mean((found - expected) ** 2)))
    assert difference < TOLERANCE, f"{baseline} and {drawn} differ by {difference:.3f}"


def test_every_baseline_is_small_and_of_a_kind() -> None:
    found = {path.stem: path.stat().st_size for path in BASELINES.glob("*")}
    assert found.keys() == KINDS.keys()
    assert max(found.values()) < 40_000

"""The page of families says what the families are."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import numpy as np
import pytest

from wattif.distributions import FAMILIES, make

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "families.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_table_is_that_of_the_families():
    replace_table = runpy.run_path(str(DOCS / "families_table.py"))["replace_table"]
    assert replace_table(PAGE) == PAGE, "run python docs/families_table.py"


@pytest.mark.parametrize("block", BLOCKS)
def test_its_examples_are_distributions(block):
    for value in tomllib.loads(block).values():
        make(value.pop("dist"), {key: x for key, x in value.items() if key != "unit"})


GALLERY = runpy.run_path(str(DOCS / "families_gallery.py"))
PICTURE = DOCS / "families.svg"


def test_every_family_is_in_the_gallery():
    drawn = re.findall(r'id="family-([a-z0-9-]+)"', PICTURE.read_text(encoding="utf-8"))
    assert drawn == list(FAMILIES), "run python docs/families_gallery.py"
    assert PICTURE.stat().st_size < 600_000


def test_the_gallery_is_drawn_from_the_families():
    axes = GALLERY["gallery"]().axes
    assert [one.get_gid() for one in axes] == [f"family-{name}" for name in FAMILIES]
    for one in axes:
        assert one.lines or one.collections
        assert all(np.all(np.isfinite(line.get_ydata())) for line in one.lines)


def test_a_curve_is_a_density_and_its_integral():
    axes = next(one for one in GALLERY["gallery"]().axes if one.get_gid() == "family-normal")
    density, cumulative = axes.lines
    x, y = density.get_data()
    # The example has mean 1.4 and sd 0.1; the densities are averages over steps of 0.07 sd.
    np.testing.assert_allclose(y, np.exp(-(((x - 1.4) / 0.1) ** 2) / 2.0), atol=2e-3)
    assert np.interp(1.4, *cumulative.get_data()) == pytest.approx(0.5, abs=1e-3)

"""The gallery holds what its script names, small enough for a page, and the page shows it all."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from wattif.plots import KINDS

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "results" / "gallery"
PAGE = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "make_gallery.py"), run_name="gallery")


def test_the_gallery_holds_what_its_script_names(script: dict[str, Any]) -> None:
    found = {path.name: path.stat().st_size for path in GALLERY.iterdir()}
    assert found.keys() == {f"{name}.png" for name in script["pictures"]()}
    assert max(found.values()) < 150_000


def test_the_page_is_that_of_the_kinds(script: dict[str, Any]) -> None:
    assert script["replace_kinds"](PAGE) == PAGE, "run python docs/make_gallery.py"
    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == list(KINDS)


def test_every_picture_of_the_page_and_the_readme_is_there() -> None:
    for page, folder in ((PAGE, ROOT / "docs"), ((ROOT / "README.md").read_text(), ROOT)):
        shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)
        assert shown
        assert all((folder / path).is_file() for path in shown)

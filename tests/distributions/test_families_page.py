"""The page of families says what the families are."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from wattif.distributions import make

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

"""A table that has room looks as rich's does, and one that has none is rich's."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from wattif.cli.tables import Rows

HEADERS = ["", "median", "90 % interval"]
ROWS = [
    [Text("Energy", style="bold"), "", ""],
    ["  GPT-4", "53 GWh", "35 to 82 GWh"],
    ["  模型", "-", Text("not given", style="dim")],  # two columns a letter
]


def lines(part, width=100):
    console = Console(width=width, file=io.StringIO())
    console.print(part)
    return [line.rstrip() for line in console.file.getvalue().split("\n")]


def is_richs(rows, width=100):
    console = Console(width=width)
    first = next(iter(rows.__rich_console__(console, console.options)))
    return type(first).__name__ == "Table"


@pytest.mark.parametrize("layout", ["lrr", "wrl", "rlr"])
def test_it_looks_as_richs(layout):
    rows = Rows(HEADERS, ROWS, layout)
    assert not is_richs(rows)
    assert lines(rows) == lines(rows._laid_out())
    assert lines(rows)[2].split() == ["GPT-4", "53", "GWh", "35", "to", "82", "GWh"]


@pytest.mark.parametrize("width", [28, 27])
def test_it_is_laid_out_by_rich_where_it_is_too_wide(width):
    widest = len("  GPT-4") + 2 + len("53 GWh") + 2 + len("90 % interval")
    assert is_richs(Rows(HEADERS, ROWS, "lrr"), widest - 1)
    assert not is_richs(Rows(HEADERS, ROWS, "lrr"), widest)
    assert lines(Rows(HEADERS, ROWS, "wrr"), width) == lines(
        Rows(HEADERS, ROWS, "wrr")._laid_out(), width
    )


@pytest.mark.parametrize(
    "cell",
    [Padding(Text("a"), 1), "two\nlines", Text.assemble(("a", "bold"), "b")],
    ids=["padded", "two lines", "two styles"],
)
def test_cells_of_another_kind_are_laid_out_by_rich(cell):
    rows = Rows(["x", "y"], [["1", "2"], [cell, "3"]], "ll")
    assert is_richs(rows)
    assert lines(rows) == lines(rows._laid_out())


def test_styles_reach_a_terminal():
    console = Console(width=100, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Rows(HEADERS, ROWS, "lrr"))
    text = console.file.getvalue()
    assert "\x1b[1mEnergy" in text
    assert "\x1b[2m" in text


def test_without_rows_there_are_headers():
    assert lines(Rows(HEADERS, [], "lrr")) == lines(Rows(HEADERS, [], "lrr")._laid_out())

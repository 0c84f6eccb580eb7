"""Write the table of docs/families.md from the families themselves.

    python docs/families_table.py

replaces the table in the page; a test compares the two.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

from wattif.distributions import FAMILIES, Family, make
from wattif.distributions.forms import SHIFT, offers

PAGE = Path(__file__).parent / "families.md"
START, END = "<!-- table: start -->\n", "<!-- table: end -->\n"


def table() -> str:
    """Return the table, a row for each family."""
    rows = ["| family | for | parameters | example | its range |", "|---|---|---|---|---|"]
    rows += [f"| {' | '.join(_cells(family))} |" for family in FAMILIES.values()]
    return "\n".join(rows) + "\n"


def _cells(family: Family) -> list[str]:
    parameters = offers(family) + ("; shift" if SHIFT in family.names else "")
    return [
        f"`{family.name}`",
        family.summary,
        parameters,
        f"`{family.example}`",
        _range(family.example),
    ]


def _range(example: str) -> str:
    """Return the least and the greatest value that an example takes."""
    parameters = tomllib.loads("x = " + example)["x"]
    low, high = make(parameters.pop("dist"), parameters).support
    return f"{_end(low)} to {_end(high)}"


def _end(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0.0 else "-∞"
    return f"{value:.4g}"


def replace_table(page: str) -> str:
    """Return a page with the table of now between its marks."""
    before, rest = page.split(START)
    _, after = rest.split(END)
    return before + START + table() + END + after


if __name__ == "__main__":
    PAGE.write_text(replace_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

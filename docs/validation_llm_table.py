"""Write the table of docs/validation-llm.md: published results, from the packaged equation sets.

    python docs/validation_llm_table.py

runs every result of tests/data/published_results.toml and replaces the table in the page; a test
compares the two.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from wattif.api import load
from wattif.language.definitions import converted
from wattif.language.units import parse_unit
from wattif.library.bibliography import cite

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validation-llm.md"
RESULTS = ROOT / "tests" / "data" / "published_results.toml"
START, END = "<!-- table: start -->\n", "<!-- table: end -->\n"


@dataclass(frozen=True)
class Compared:
    """A published figure, what wattif gives for it in the same unit, and the last digit's worth."""

    published: Decimal
    computed: float
    unit: str
    cut: bool

    @property
    def agrees(self) -> bool:
        """Tell whether the two agree to the last digit that was printed."""
        last = 10.0 ** int(self.published.as_tuple().exponent)
        # rounding moves a figure by half of its last digit; cutting off by up to a whole one, and
        # a figure that was derived from rounded ones by somewhat more
        allowed = 1.5 * last if self.cut else 0.5000001 * last
        return abs(self.computed - float(self.published)) <= allowed

    @property
    def shown(self) -> str:
        """Return what was computed, with one digit more than was printed."""
        places = max(0, 1 - int(self.published.as_tuple().exponent))
        return f"{self.computed:,.{places}f}"


def results() -> list[dict[str, Any]]:
    """Return the published results, with the studies that they come from."""
    found: list[dict[str, Any]] = tomllib.loads(RESULTS.read_text(encoding="utf-8"))["result"]
    return found


def compared(result: Mapping[str, Any]) -> Iterator[tuple[str, Compared]]:
    """Yield each quantity of a result with what was published and what wattif gives."""
    study = {key: result[key] for key in ("uses", "from", "quantities") if key in result}
    study["run"] = {"outputs": list(result["gives"]), "draws": 32, "replicates": 2}
    tree = load(study).run()
    for name, printed in result["gives"].items():
        number, _, unit = printed.partition(" ")
        found = tree["summary"][name].sel(statistic="p50")
        own = parse_unit(found.attrs["units"])
        value = converted(float(found.item()), own, parse_unit(unit or "1"))
        yield name, Compared(Decimal(number), value, unit, name in result.get("cut", ()))


def table() -> str:
    """Return the table, a row for each published figure."""
    rows = ["| result | published | wattif | source |", "|---|---|---|---|"]
    rows += [f"| {' | '.join(cells)} |" for result in results() for cells in _rows(result)]
    return "\n".join(rows) + "\n"


def _rows(result: Mapping[str, Any]) -> Iterator[list[str]]:
    for name, one in compared(result):
        words = f"{result['title']} (`{name}`)" if len(result["gives"]) > 1 else result["title"]
        note = f"; {result['note']}" if result.get("note") else ""
        published = f"{one.published:,f} {one.unit}".strip()
        yield [words, published, one.shown, cite(result["source"]) + note]


def replace_table(page: str) -> str:
    """Return a page with the table of now between its marks."""
    before, rest = page.split(START)
    _, after = rest.split(END)
    return before + START + table() + END + after


if __name__ == "__main__":
    PAGE.write_text(replace_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

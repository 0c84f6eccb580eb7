"""Write the tables of docs/validation.md: published answers beside wattif's.

    python docs/validation_table.py

replaces the tables in the page. The problems are those of tests/data/reference_cases.toml, stated
as tests/acceptance/test_reference_cases.py does; a test compares the page with a run of its own.
"""

from __future__ import annotations

import math
import re
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import wattif as wi

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).parent / "validation.md"
START, END = "<!-- tables: start -->\n", "<!-- tables: end -->\n"
DRAWS, SEED = 2**20, 412
RARE = 1e-5  # a probability that too few of the draws meet

_CASES = runpy.run_path(str(ROOT / "tests/acceptance/test_reference_cases.py"))

GROUPS = {  # heading -> how the identities of its cases begin
    "Supplements 1 and 2 to the GUM": ("gum_", "s2_"),
    "NIST Technical Note 1900 and Uncertainty Machine, NPL": ("tn1900_", "num_", "npl_"),
    "Test functions and engineering models": (
        *("ishigami", "sobol_", "linear_", "gaussian_", "otl_", "borehole_", "ot_"),
        "dakota_",
    ),
    "Probabilities of failure": ("pf_",),
}
_WORDS = {"mean": "mean", "sd": "standard deviation", "low": "shortest 95 %, low end"}
_WORDS["high"] = "shortest 95 %, high end"
_ENDS = {"low95": 0.025, "high95": 0.975, "low99": 0.005, "high99": 0.995}


class Row(NamedTuple):
    """A figure of a problem: as printed if it is, as computed apart from wattif, and wattif's."""

    case: str
    quantity: str
    published: str
    exact: float
    value: float
    error: float


def rows(identity: str, draws: int, seed: int) -> list[Row]:
    """Return the figures of a problem, from a run of this size."""
    case = _CASES["CASES"][identity]
    study = wi.load(_CASES["study_of"](case))
    tree = study.run(draws=draws, seed=seed, sampling="sobol")
    return [
        Row(identity, words, published, exact, *_CASES["look_up"](tree, *where))
        for words, published, exact, where in _asked(case)
    ]


Asked = tuple[str, str, float, tuple[str, str, str | float]]


def _asked(case: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield words, the printed figure, the exact one, and where a result has it."""
    exact = {_key(row): row["value"] for row in case["expect"]}
    printed = {
        row["quantity"].removeprefix("published:").removeprefix("mcm_"): row
        for row in case["expect"]
        if row["quantity"].startswith("published:")
    }
    for name, label in (("mean", "mean"), ("u", "sd")):
        if label in exact:
            figure = _printed(printed.get(name))
            yield _WORDS[label], figure, exact[label], ("summary", "output_value", label)
    for name, share in _ENDS.items():
        if name in printed and share in exact:
            place = ("percentiles", "output_value", 100.0 * share)
            yield f"{100 * share:g} % quantile", _printed(printed[name]), exact[share], place
    for end in ("low", "high"):
        found, figure = exact.get(f"shortest95_{end}", math.nan), printed.get(f"short95_{end}")
        if figure or not math.isnan(found):
            yield _WORDS[end], _printed(figure), found, ("summary", "output_value", f"hdi_{end}")
    for number, row in enumerate(case["expect"]):
        if "event" in row and row["value"] > RARE:
            figure = f"{row['published']:g}" if "published" in row else "—"
            event = row["event"].replace("<", r"\<")
            yield f"P({event})", figure, row["value"], ("summary", f"event_{number}", "mean")


def _key(row: Mapping[str, Any]) -> str | float:
    return row["p"] if row["quantity"] == "quantile" else row["quantity"]


def _printed(row: Mapping[str, Any] | None) -> str:
    """Return a figure with the digits that its source prints."""
    if row is None:
        return "—"
    decimals = max(0, round(-math.log10(2.0 * row["round_half"])))
    return f"{row['value']:.{decimals}f}"


def tables(draws: int, seed: int) -> str:
    """Return the tables of all groups."""
    return "\n".join(_table(heading, starts, draws, seed) for heading, starts in GROUPS.items())


def _table(heading: str, starts: tuple[str, ...], draws: int, seed: int) -> str:
    lines = [
        f"### {heading}\n",
        "| problem | figure | published | exact | wattif | error | source |",
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    for identity, case in _CASES["CASES"].items():
        if identity.startswith(starts):
            for number, row in enumerate(rows(identity, draws, seed)):
                told = [case["title"], _source(case)] if number == 0 else ["", ""]
                lines.append(f"| {' | '.join([told[0], *_cells(row), told[1]])} |")
    return "\n".join(lines) + "\n"


def _source(case: Mapping[str, Any]) -> str:
    """Return the source without what the data say about figures that the table has."""
    told = re.split(r"; published|; value recomputed|; suncal| \(u ", case["source"])
    return told[0].replace("|", "/")


def _cells(row: Row) -> list[str]:
    exact = "—" if math.isnan(row.exact) else f"{row.exact:.6g}"
    value = _supported(row.value, row.error)
    return [row.quantity, row.published, exact, value, f"{row.error:.1e}"]


def _supported(value: float, error: float) -> str:
    """Return a value to the digit that its error reaches, at most eight of them."""
    if error == 0.0 or value == 0.0:
        return f"{value:.6g}"
    digits = math.floor(math.log10(abs(value))) - math.floor(math.log10(error)) + 1
    return f"{value:.{min(max(digits, 1), 8)}g}"


def replace_tables(page: str, tables: str) -> str:
    """Return a page with other tables between its marks."""
    before, rest = page.split(START)
    _, after = rest.split(END)
    return before + START + tables + END + after


if __name__ == "__main__":
    told = replace_tables(PAGE.read_text(encoding="utf-8"), tables(DRAWS, SEED))
    PAGE.write_text(told, encoding="utf-8")

"""The page of published problems says what wattif answers."""

from __future__ import annotations

import math
import runpy
from functools import cache
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "validation.md").read_text(encoding="utf-8")
TABLE = runpy.run_path(str(DOCS / "validation_table.py"))
CASES = TABLE["_CASES"]["CASES"]
DRAWS = 2**16


def told():
    """Return the page's rows by problem: figure, published, exact, wattif, error."""
    found = {}
    titles = {case["title"]: identity for identity, case in CASES.items()}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 7 and (cells[0] in titles or not cells[0]):
            if cells[0]:
                rows = found.setdefault(titles[cells[0]], [])
            rows.append(cells[1:6])
    return found


TOLD = told()


@cache
def again(identity):
    return TABLE["rows"](identity, DRAWS, 7)


def test_every_problem_is_told_but_for_the_rarest():
    rare = {"pf_RP28", "pf_RP77", "pf_RP107", "pf_RP111"}  # probabilities of less than 1e-6
    assert set(TOLD) == set(CASES) - rare


@pytest.mark.parametrize("identity", TOLD)
def test_the_page_has_the_figures_of_the_data(identity):
    stated = [row[:3] for row in TOLD[identity]]
    exact = ["—" if math.isnan(row.exact) else f"{row.exact:.6g}" for row in again(identity)]
    words = [[row.quantity, row.published] for row in again(identity)]
    assert stated == [[*two, one] for two, one in zip(words, exact, strict=True)]


@pytest.mark.parametrize("identity", TOLD)
def test_the_page_agrees_with_another_run(identity):
    for (*_, value, error), row in zip(TOLD[identity], again(identity), strict=True):
        # Six standard errors, which 16 replicates know to 18 %, of both; and the page's digits.
        tolerance = 6.0 * math.hypot(float(error), row.error) + float(error)
        # A standard deviation divides by one less than the draws, whatever the sampling.
        rounding = 1e-7 * abs(row.value) + 1e-12
        assert abs(float(value) - row.value) <= tolerance + rounding + abs(row.value) / DRAWS, row


@pytest.mark.parametrize("identity", TOLD)
def test_what_the_page_tells_is_right(identity):
    for figure, _, exact, value, error in TOLD[identity]:
        if exact != "—":
            reference = {row.exact for row in again(identity) if f"{row.exact:.6g}" == exact}.pop()
            slack = 0.02 * abs(reference) if "end" in figure else 1e-4 * abs(reference)
            assert abs(float(value) - reference) <= 6.0 * float(error) + slack

"""Where a claim falls among the draws."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from scipy import stats

from wattif.analysis import audit_claims
from wattif.report import Contents, build_report
from wattif.report.claims import read_claims
from wattif.report.panels import read_grid, read_panels
from wattif.report.verdicts import judge, percentile_of
from wattif.results.answers import read_answers

GRID = [0.1, 1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0, 99.9]
LOGNORMAL, NORMAL = stats.lognorm(0.7, scale=3.0), stats.norm(-1, 2)


@pytest.mark.parametrize("family", [LOGNORMAL, NORMAL])
def test_percentiles_are_exact_for_lognormals_and_normals(family):
    percentiles = family.ppf(np.array(GRID) / 100)
    for value in family.ppf([0.002, 0.03, 0.2, 0.66, 0.97]):
        expected = 100 * family.cdf(value)
        # interpolation in the normal score is exact here but for rounding
        assert percentile_of(value, percentiles, GRID) == pytest.approx(expected, rel=1e-9)


def test_beyond_the_grid_a_claim_is_below_or_above_all():
    percentiles = LOGNORMAL.ppf(np.array(GRID) / 100)
    assert percentile_of(-math.inf, percentiles, GRID) == 0
    assert percentile_of(math.inf, percentiles, GRID) == 100
    assert math.isnan(percentile_of(math.nan, percentiles, GRID))
    assert math.isnan(percentile_of(1.0, [math.nan] * len(GRID), GRID))


def test_claims_are_judged_by_the_interval_of_the_run(tree):
    grid, claims = read_grid(tree), read_claims(tree)
    panels = read_panels(tree, read_answers(tree), claims)
    judged = judge(claims, panels, grid, 0.9)
    assert [one.verdict for one in judged] == ["overlaps", "overlaps", "below", "inside", "unknown"]
    draws = np.asarray(tree["prior"]["cost"].sel(system="old-town"))
    agree = np.mean((draws > 300) & (draws < 3000)), np.mean(draws > 400)
    for one, share in zip(judged, agree, strict=False):
        # the kept draws are all of this run's, and the grid is finer than a hundredth of them
        assert one.agreeing == pytest.approx(share, abs=0.005)


def test_a_claim_in_another_unit_than_the_results_is_not_placed(tree):
    other = tree.copy(deep=True)
    other["summary"]["cost"].attrs["units"] = "kUSD"
    assert all(math.isnan(claim.low) for claim in read_claims(other))


def test_the_table_has_the_verdicts_of_the_audit(tree):
    for language, words in (
        ("en", ("consistent", "doubtful", "inconsistent")),
        ("es", ("compatible", "dudosa", "incompatible")),
    ):
        page = build_report(tree, Contents(language, (), (), "bakery.nc"))
        table = page[page.index('<section id="claims">') :]
        cells = re.findall(r'<tr role="row" class="(?:inside|overlaps|below).*?</tr>', table, re.S)
        found = [next(w for w in sorted(words, key=len)[::-1] if w in cell) for cell in cells]
        expected = [audit.verdict for audit in audit_claims(tree) if audit.verdict != "untested"]
        english = ("consistent", "doubtful", "inconsistent")
        assert [english[words.index(word)] for word in found] == expected

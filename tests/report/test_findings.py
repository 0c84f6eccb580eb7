"""What was found, in sentences."""

from __future__ import annotations

import re

import numpy as np
import pytest

from wattif.report.claims import read_claims
from wattif.report.findings import read_findings
from wattif.report.numbers import Numbers
from wattif.report.panels import level_of_run, read_grid, read_levels, read_panels
from wattif.report.verdicts import judge
from wattif.results.answers import read_answers


@pytest.fixture(scope="module")
def findings(tree):
    grid, claims = read_grid(tree), read_claims(tree)
    levels = read_levels(grid)
    level = levels[level_of_run(tree, levels)]
    panels = read_panels(tree, read_answers(tree), claims)
    judged = judge(claims, panels, grid, level.share)
    return read_findings(tree, panels, judged, level, Numbers())


def _told(finding) -> list[str]:
    return [sentence.replace("\xa0", " ") for sentence in finding.sentences]


def test_the_highest_and_the_lowest_system_are_told(findings):
    cost = findings[0]
    assert cost.heading == "Cost of the flour"
    assert cost.number.replace("\xa0", " ") == "$850 to $17 k"
    assert cost.about == "medians, from Old town to Harbour"
    assert _told(cost) == [
        "Harbour has the highest: between $10 k and $29 k with 90 % probability, as likely above "
        "as below $17 k. It is the highest in nearly every draw.",
        "Old town has the lowest: between $270 and $2.7 k with 90 % probability, as likely above "
        "as below $850.",
    ]


def test_constants_are_given_and_lead_without_draws(findings):
    assert _told(findings[1]) == [
        "Station has the highest: 10, a given figure.",
        "Old town has the lowest: 6, a given figure.",
    ]


def test_events_have_probabilities_even_where_they_are_certain(findings, tree):
    high, low = _told(findings[2])
    assert findings[2].about == "probabilities, from Old town to Harbour"
    assert high == "Harbour has the highest: a probability of >99.9 %."
    share = re.search(r"a probability of (\d+) %", low)
    expected = tree["summary"]["dear"].sel(system="old-town", statistic="mean")
    assert int(share[1]) == round(100 * float(expected))


def test_the_share_of_leads_is_that_of_the_kept_draws(survey):
    grid = read_grid(survey)
    levels = read_levels(grid)
    panels = read_panels(survey, read_answers(survey, ["training_cost"]), [])
    found = read_findings(survey, panels, [], levels[level_of_run(survey, levels)], Numbers())
    kept = np.asarray(survey["prior"]["training_cost"])
    others = np.nanmax(np.delete(kept, 1, axis=-1), axis=-1)
    share = np.mean(kept[..., 1] > others)
    assert f"in {100 * share:.0f} % of the draws." in _told(found[0])[0]


def test_claims_that_do_not_fit_are_told(findings):
    assert findings[-1].number == "1 of 4 do not fit"
    assert _told(findings[-1]) == [
        "Harbour, Cost of the flour: < 2_000 USD published, $10 k to $29 k found."
    ]

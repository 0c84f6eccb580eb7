"""What matters most, in words and bars."""

from __future__ import annotations

import re

import pytest

from wattif.analysis import analyse_sensitivity
from wattif.report.numbers import Numbers
from wattif.report.panels import read_panels
from wattif.report.sensitivity import read_sensitivity
from wattif.results.answers import read_answers


@pytest.fixture(scope="module")
def movers(survey):
    shown = ["training_energy", "training_cost"]
    panels = read_panels(survey, read_answers(survey, shown), [])
    return read_sensitivity(survey, panels, Numbers())


def test_the_strongest_inputs_are_named_with_their_shares(survey, movers):
    first = movers[0].rows[0]
    assert (movers[0].label, first.system) == ("Training energy", "GPT-4")
    found = analyse_sensitivity(survey, "training_energy", "gpt-4")
    for part, effect in zip(first.parts, found.effects, strict=False):
        index = effect.first_order
        words = part.words.replace("\xa0", " ")
        assert words.startswith(effect.label)
        assert f"{100 * index.value:.0f} %" in words
        assert words.startswith(f"{effect.label} ~") == (index.error > 0.02)
        assert words.endswith("↑") == (effect.rank_correlation.value > 0.05)


def test_bars_lie_end_to_end(movers):
    for row in (row for one in movers for row in one.rows):
        ends = [0.0]
        for part in row.parts:
            assert float(part.start[:-1]) == pytest.approx(ends[-1], abs=0.02)  # two decimals
            ends.append(float(part.start[:-1]) + float(part.width[:-1]))
        assert ends[-1] <= 100.01


def test_what_only_moves_itself_is_left_out(movers):
    systems = [row.system for row in movers[0].rows]
    assert "Gemini 1.5 Pro" not in systems  # its energy is stated, not derived
    assert "Llama 3 70B" in systems


def test_a_study_that_cannot_be_read_has_a_report_without_the_section(tree):
    from wattif.report import Contents, build_report

    other = tree.copy(deep=True)
    other.attrs["resolved"] = '{"format": 999}'
    page = build_report(other, Contents())
    assert 'id="sensitivity"' not in page
    assert not re.search('href="#sensitivity"', page)

"""The serving study: sourced, and near what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

import wattif as wi
from wattif.language.explain import assumptions
from wattif.language.loader import load
from wattif.library import read_study

CONFIG = Path(__file__).parents[2] / "configs" / "serving.toml"


def test_the_packaged_study_is_the_one_in_configs():
    assert read_study("serving")[0] == CONFIG.read_text(encoding="utf-8")


def test_it_loads_without_a_remark():
    assert load(CONFIG).notices == ()


def test_every_figure_has_a_source_and_a_grade():
    for node in assumptions(load(CONFIG)):
        if node.name != "batch":  # what the scenarios set
            assert node.source, node.name
            assert node.grade, node.name


# Chip energy a token at 64 replies at once, in J, measured on H100 (ML.ENERGY): at the facility,
# a factor of 1.5 to 2.1 more; 1 J/token is 0.2778 kWh/Mtoken.
MEASURED = {"llama-8b": 0.116, "llama-70b": 0.80, "qwen3-235b": 2.39}


@pytest.mark.parametrize("system", MEASURED)
def test_energy_is_near_what_was_measured(system):
    tree = wi.scenario(wi.load(CONFIG).run(draws=2**14), "64")
    energy = tree["summary"]["energy_per_million_tokens"].sel(system=system)
    low, high = (energy.sel(statistic=end).item() for end in ("eti_low", "eti_high"))
    assert low < MEASURED[system] * 0.2778 * 2.1
    assert high > MEASURED[system] * 0.2778 * 1.5


def test_serving_many_at_once_is_cheaper_in_energy_and_money():
    tree = wi.load(CONFIG).run(draws=2**12)
    for name in ("energy_per_million_tokens", "cost_per_million_tokens"):
        medians = tree["summary"][name].sel(statistic="p50").values
        assert (medians[1:] < medians[:-1]).all(), name


def test_longer_replies_take_more_a_query_and_share_all_else():
    tree = wi.load(CONFIG).run(draws=2**12)
    energy = tree["summary"]["roofline_energy_per_query"].sel(statistic="p50")
    for system in ("llama-70b", "qwen3-235b"):
        assert (energy.sel(system=f"{system}-reasoning") > 3.0 * energy.sel(system=system)).all()

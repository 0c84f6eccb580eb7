"""Results of scenarios: one more dimension, on the same draws."""

from __future__ import annotations

import numpy as np
import pytest

import wattif as wi
from wattif.api import compare
from wattif.errors import ResultError
from wattif.results.scenarios import each, labels_of

STUDY = {
    "title": "Batches",
    "quantities": {
        "power": "8 to 11 kW",
        "batch": 1.0,
        "energy": {"formula": "power / batch", "label": "Energy"},
    },
    "scenarios": {
        "dimension": "batch_size",
        "labels": [1, 8, 32],
        "quantities": {"batch": [1.0, 8.0, 32.0]},
    },
}


@pytest.fixture(scope="module")
def tree():
    return wi.load(STUDY).run(draws=2**12)


def test_the_tables_have_one_more_dimension(tree):
    energy = tree["summary"]["energy"]
    assert energy.dims == ("batch_size", "system", "statistic")
    np.testing.assert_array_equal(energy["batch_size"].values, [1, 8, 32])
    assert tree["percentiles"]["energy"].dims[0] == "batch_size"
    assert "batch_size" not in tree["inputs"].dims


def test_all_scenarios_share_their_draws(tree):
    draws = tree["prior"]["energy"].values
    np.testing.assert_allclose(draws[0], 8.0 * draws[1], rtol=1e-15)
    np.testing.assert_allclose(draws[0], 32.0 * draws[2], rtol=1e-15)


def test_one_of_them_is_the_result_of_its_study(tree):
    alone = {key: value for key, value in STUDY.items() if key != "scenarios"}
    alone["quantities"] = {**STUDY["quantities"], "batch": 8.0}
    expected = wi.load(alone).run(draws=2**12)
    found = compare(wi.scenario(tree, "8"), expected)
    # the table of assumptions is that of the first scenario
    assert all(words.startswith("/inputs/") for words in found.differences)


def test_it_survives_the_disk_and_is_repeated(tree, tmp_path):
    path = wi.save_result(tree, tmp_path / "batches.nc")
    assert labels_of(wi.open_result(path)) == ["1", "8", "32"]
    assert wi.rerun(path).identical


def test_a_label_in_words_is_found():
    words = {**STUDY["scenarios"], "labels": ["small", "medium", "large"]}
    found = wi.load({**STUDY, "scenarios": words}).run(draws=2**10)
    assert labels_of(found) == ["small", "medium", "large"]
    assert wi.scenario(found, "large").attrs["title"] == "Batches, batch size large"


def test_what_reads_one_result_asks_which(tree):
    with pytest.raises(ResultError, match="runs over batch_size: choose one of 1, 8, 32"):
        wi.summary(tree)
    assert "Energy" in repr(wi.summary(wi.scenario(tree, "8")))
    with pytest.raises(ResultError, match="no scenario '9'; it has: 1, 8, 32"):
        wi.scenario(tree, "9")
    with pytest.raises(ResultError, match="no scenario '1'; it has none"):
        wi.scenario(wi.scenario(tree, "1"), "1")


def test_a_result_without_scenarios_is_one():
    plain = wi.load({"quantities": {"x": "1 to 2", "y": {"formula": "x"}}}).run(draws=2**10)
    assert each(plain) == [plain]


def test_until_judges_all_of_them():
    tree = wi.load(STUDY).run(draws=2**10, until=0.05)
    assert tree.attrs["until_reached"] == 1

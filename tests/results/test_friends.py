"""What other tools make of a result: ArviZ, xarray's own pictures."""

from __future__ import annotations

import numpy as np
import pytest

import wattif as wi

STUDY = {
    "title": "Two systems",
    "run": {"draws": 1024, "seed": 7},
    "quantities": {
        "price": {"value": "1 to 4 USD/hour", "label": {"en": "Price", "es": "Precio"}},
        "cost": {"formula": "price * hours", "unit": "USD", "label": "Cost of the run"},
    },
    "systems": {
        "first-one": {"label": {"en": "First", "es": "Primero"}, "quantities": {"hours": "3 hour"}},
        "second": {"quantities": {"hours": {"absent": "never published"}}},
    },
}


@pytest.fixture(scope="module")
def tree():
    return wi.load(STUDY).run()


@pytest.fixture
def pyplot():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


def test_arviz_walks_through_the_draws_system_by_system(tree):
    arviz = pytest.importorskip("arviz_base")
    prior = arviz.convert_to_datatree(tree)["prior"].to_dataset()
    found = {
        (name, place.get("system")): values
        for name, place, _, values in arviz.xarray_var_iter(prior, var_names=["price", "cost"])
    }
    assert found.keys() == {("price", None), ("cost", "first-one"), ("cost", "second")}
    stored = tree["prior"]["cost"].sel(system="first-one")
    np.testing.assert_array_equal(found["cost", "first-one"], stored)


def test_arviz_makes_a_table_of_the_draws(tree):
    arviz = pytest.importorskip("arviz_base")
    frame = arviz.dataset_to_dataframe(tree["prior"].to_dataset()[["price", "cost"]])
    assert "price" in frame.columns
    np.testing.assert_array_equal(np.sort(frame["price"]), np.sort(tree["prior"]["price"], None))


def test_xarray_draws_a_summary_by_itself(tree, pyplot):
    lines = tree["summary"]["cost"].sel(system="first-one").plot()
    stored = tree["summary"]["cost"].sel(system="first-one")
    np.testing.assert_array_equal(lines[0].get_ydata(), stored)
    assert pyplot.gca().get_ylabel() == "Cost of the run [USD]"


def test_xarray_draws_percentiles_of_all_systems_by_their_names(tree, pyplot):
    lines = tree["percentiles"]["cost"].plot(x="percentile", hue="system")
    assert [line.get_xdata()[0] for line in lines] == [0.1, 0.1]
    assert [text.get_text() for text in pyplot.gca().get_legend().get_texts()] == [
        "first-one",
        "second",
    ]

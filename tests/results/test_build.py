"""The tree says what was drawn, for every output, system and input."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray

import wattif as wi
from wattif.results.statistics import STATISTICS

STUDY = {
    "title": "A shared price",
    "run": {"draws": 65_536, "seed": 3, "sampling": "random"},
    "quantities": {
        "price": {"value": "1 to 4 USD/hour", "source": "a list", "grade": "B"},
        "cost": {"formula": "price * hours", "unit": "USD"},
        "loss": {"formula": "log(price / limit - 1)"},
        "limit": "2 USD/hour",
    },
    "systems": {
        "a": {"quantities": {"hours": "100 hour"}},
        "b": {"quantities": {"hours": {"value": "1 to 2 day", "source": "a guess", "grade": "C"}}},
        "c": {"quantities": {"hours": {"absent": "secret"}}},
    },
}


@pytest.fixture(scope="module")
def tree() -> xarray.DataTree:
    return wi.load(STUDY).run()


def test_every_group_is_there(tree):
    assert set(tree.children) == {
        *("summary", "summary_error", "replicates", "status", "counts"),
        *("percentiles", "percentiles_error", "density", "density_edges"),
        *("prior", "inputs", "claims", "correlations"),
    }
    assert tuple(tree["summary"]["statistic"].values) == STATISTICS


def test_the_summary_agrees_with_all_draws_being_kept(tree):
    # 2**16 draws, of which 2**14 are kept: a quarter of them must tell the same within its error.
    kept = tree["prior"]["cost"].sel(system="a").values.ravel()
    summary = tree["summary"]["cost"].sel(system="a")
    error = np.std(kept) / np.sqrt(kept.size)
    assert abs(summary.sel(statistic="mean") - kept.mean()) < 5 * error


def test_replicate_values_average_to_the_pooled_mean(tree):
    by_replicate = tree["replicates"]["cost"].sel(system="a", statistic="mean")
    pooled = tree["summary"]["cost"].sel(system="a", statistic="mean")
    assert float(by_replicate.mean()) == pytest.approx(float(pooled), rel=1e-12)
    error = tree["summary_error"]["cost"].sel(system="a", statistic="mean")
    assert float(error) == pytest.approx(float(by_replicate.std(ddof=1)) / 4, rel=1e-12)


def test_extremes_have_no_standard_error(tree):
    errors = tree["summary_error"]["cost"].sel(system="a", statistic=["min", "max"])
    assert np.isnan(errors).all()


def test_an_absent_system_is_nan_with_its_reason(tree):
    assert np.isnan(tree["summary"]["cost"].sel(system="c")).all()
    assert "secret" in str(tree["status"]["cost"].sel(system="c").item())
    assert tree["status"]["cost"].sel(system="a").item() == ""


def test_draws_that_are_not_finite_are_counted(tree):
    counts = tree["counts"]["loss"].sel(system="a")
    assert counts.sum() == 65_536
    share = float(counts.sel(kind="nan")) / 65_536
    assert share == pytest.approx(0.5, abs=0.01)  # P(price < 2) = 1/2, 5 standard errors


def test_systems_share_a_draw(tree):
    prior = tree["prior"]
    assert prior["price"].dims == ("chain", "draw")
    np.testing.assert_allclose(prior["cost"].sel(system="a"), 100 * prior["price"], rtol=1e-14)


def test_a_system_of_its_own_unit_is_reported_in_the_common_one(tree):
    hours = tree["prior"]["hours"]
    assert hours.attrs["units"] == "hour"
    own = hours.sel(system="b")
    assert 20 < float(own.median()) < 50
    np.testing.assert_allclose(
        tree["prior"]["cost"].sel(system="b"), own * tree["prior"]["price"], rtol=1e-12
    )


def test_the_inputs_say_what_was_assumed(tree):
    inputs = tree["inputs"].to_dataset()
    price = inputs.sel(quantity="price")
    assert price["family"] == "lognormal"
    assert price["source"] == "a list"
    assert price["grade"] == "B"
    assert price["dimension"] >= 0
    np.testing.assert_allclose(price["percentiles"].sel(percentile=[5, 95]), [1, 4], rtol=1e-12)
    assert set(json.loads(str(price["parameters"].item()))) == {"median", "sigma"}
    assert inputs.sel(quantity="a.hours")["kind"] == "constant"
    assert inputs.sel(quantity="a.hours")["dimension"] == -1
    assert inputs.sel(quantity="c.hours")["reading"] == "secret"


def test_an_open_end_of_a_truncation_is_null_in_the_parameters():
    study = {
        "title": "Cut at zero",
        "quantities": {
            "x": {"dist": "normal", "mean": 1, "sd": 2, "truncate": {"min": 0}},
            "y": {"formula": "2 * x"},
        },
    }
    tree = wi.load(study).run(draws=64)
    parameters = str(tree["inputs"]["parameters"].sel(quantity="x").item())
    assert json.loads(parameters)["truncate"] == [0.0, None]


def test_densities_hold_all_mass(tree):
    mass = tree["density"]["cost"].sel(system="a")
    assert float(mass.sum()) == pytest.approx(1.0, abs=1e-12)
    assert tree["density_edges"].sizes["edge"] == tree["density"].sizes["cell"] + 1


def test_the_root_says_how_the_run_was_made(tree):
    assert tree.attrs["seed"] == "3"
    assert tree.attrs["draws"] == 65_536
    assert {"numpy", "numba"} <= set(json.loads(tree.attrs["versions"]))
    assert json.loads(tree.attrs["resolved"])

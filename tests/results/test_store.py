"""A result is written whole or not at all, and only over a result of the same study."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray

import wattif as wi
from wattif.errors import ResultError
from wattif.results import store

STUDY = {
    "title": "Two systems",
    "run": {"draws": 4096, "seed": 7},
    "quantities": {
        "price": "1 to 4 USD/hour",
        "cost": {"formula": "price * hours", "unit": "USD", "label": "Cost of the run"},
    },
    "systems": {
        "first-one": {"label": "The first", "quantities": {"hours": "100 to 200 hour"}},
        "second": {"quantities": {"hours": {"absent": "never published"}}},
    },
    "claims": [{"quantity": "first-one.cost", "says": "200 to 300 USD", "source": "somebody"}],
}


@pytest.fixture(scope="module")
def tree() -> xarray.DataTree:
    return wi.load(STUDY).run()


def test_a_result_comes_back_as_it_was(tree, tmp_path):
    path = wi.save_result(tree, tmp_path / "deep" / "folder" / "result.nc")
    back = wi.open_result(path)
    assert back.equals(tree)
    assert dict(back.attrs) == dict(tree.attrs)
    assert back["summary"]["cost"].attrs == {"units": "USD", "long_name": "Cost of the run"}


def test_anyone_can_open_it_with_xarray_alone(tree, tmp_path):
    path = wi.save_result(tree, tmp_path / "result.nc")
    with xarray.open_datatree(path) as plain:
        low, high = plain["summary"]["cost"].sel(
            system="first-one", statistic=["eti_low", "eti_high"]
        )
        assert 0 < low < high
        assert "never published" in plain["status"]["cost"].sel(system="second").item()
        assert np.isnan(plain["summary"]["cost"].sel(system="second")).all()


def test_arviz_takes_the_prior_as_it_is(tree, tmp_path):
    arviz = pytest.importorskip("arviz_base")
    path = wi.save_result(tree, tmp_path / "result.nc")
    data = arviz.convert_to_datatree(xarray.open_datatree(path, engine="h5netcdf"))
    stacked = arviz.extract(data, group="prior", var_names=["price", "cost"])
    prior = tree["prior"].to_dataset()
    assert stacked.sizes["sample"] == prior.sizes["chain"] * prior.sizes["draw"]
    np.testing.assert_array_equal(stacked["price"].values, prior["price"].values.ravel())


def test_a_run_of_the_same_study_replaces_the_old_result(tree, tmp_path):
    path = wi.save_result(tree, tmp_path / "result.nc")
    again = wi.load(STUDY).run(seed=8)
    wi.save_result(again, path)
    assert wi.open_result(path).attrs["seed"] == "8"


def test_a_result_of_another_study_is_not_overwritten(tree, tmp_path):
    other = tree.copy()
    other.attrs["name"] = "another"
    path = wi.save_result(other, tmp_path / "result.nc")
    with pytest.raises(
        ResultError, match=r"holds a result of the study 'another'.*not overwritten"
    ):
        wi.save_result(tree, path)
    assert wi.open_result(path).attrs["name"] == "another"


def test_a_study_of_the_same_file_name_but_another_title_is_another(tree, tmp_path):
    path = wi.save_result(tree, tmp_path / "result.nc")
    other = tree.copy()
    other.attrs["title"] = "Something else"
    with pytest.raises(ResultError, match=r"\(Two systems\), not of '.*' \(Something else\)"):
        wi.save_result(other, path)


def test_a_foreign_file_is_not_overwritten(tree, tmp_path):
    path = tmp_path / "thesis.nc"
    path.write_text("years of work")
    with pytest.raises(ResultError, match="not a result of wattif, so it is not overwritten"):
        wi.save_result(tree, path)
    assert path.read_text() == "years of work"


def test_a_symbolic_link_is_not_followed(tree, tmp_path):
    (tmp_path / "link.nc").symlink_to(tmp_path / "elsewhere.nc")
    with pytest.raises(ResultError, match="symbolic link"):
        wi.save_result(tree, tmp_path / "link.nc")
    assert not (tmp_path / "elsewhere.nc").exists()


def test_a_folder_is_refused(tree, tmp_path):
    with pytest.raises(ResultError, match="is a folder"):
        wi.save_result(tree, tmp_path)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError("no space left on device")])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tree, tmp_path, monkeypatch, failure
):
    path = wi.save_result(tree, tmp_path / "result.nc")
    before = path.read_bytes()

    def half(tree: xarray.DataTree, target: Path) -> None:
        target.write_bytes(b"half a file")
        raise failure

    monkeypatch.setattr(store, "write_netcdf", half)
    with pytest.raises((KeyboardInterrupt, ResultError)):
        wi.save_result(tree, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_says_how_one_is_made(tmp_path):
    with pytest.raises(
        ResultError, match="no such file; a result is written by `wattif run STUDY`"
    ):
        wi.open_result(tmp_path / "nothing.nc")


@pytest.mark.parametrize("content", [b"", b"not netCDF", b"\x89HDF\r\n\x1a\n and then garbage"])
def test_a_file_that_is_no_result_is_refused(tmp_path, content):
    path = tmp_path / "file.nc"
    path.write_bytes(content)
    with pytest.raises(ResultError, match="not a result of wattif"):
        wi.open_result(path)


def test_another_netcdf_file_is_refused(tmp_path):
    path = tmp_path / "weather.nc"
    xarray.Dataset({"rain": ("day", [1.0, 2.0])}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(ResultError, match="not a result of wattif"):
        wi.open_result(path)


def test_a_newer_format_is_refused(tree, tmp_path):
    newer = tree.copy()
    newer.attrs["format_version"] = store.FORMAT_VERSION + 1
    path = wi.save_result(newer, tmp_path / "result.nc")
    with pytest.raises(ResultError, match=r"which this version cannot read.*run the study again"):
        wi.open_result(path)

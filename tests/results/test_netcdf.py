"""Files are what xarray itself would write: its way is the slow twin."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
import xarray

import wattif as wi
from wattif.results.netcdf import write_netcdf

MUCH = np.random.default_rng(1).normal(size=(4, 4096, 3))
MUCH[..., 1] = np.nan
ODD = {
    "/": xarray.Dataset(attrs={"text": "ü, 漢", "empty": "", "whole": 3, "part": 0.5}),
    "/alone": xarray.Dataset({"scalar": 4.0, "words": ("n", ["a", "", "ß" * 90])}),
    "/placed": xarray.Dataset(
        {"y": (("system", "draw"), np.arange(1200.0).reshape(3, 400), {"units": "m", "event": 1})},
        coords={
            "system": ["x", "y", "z"],
            "system_label": ("system", ["X", "Y", "Z"]),
            "draw": np.arange(400),
            "year": 2025,
        },
    ),
    "/much": xarray.Dataset({"z": (("chain", "draw", "system"), MUCH)}),
    "/none": xarray.Dataset({"gone": ("claim", np.zeros(0)), "text": ("claim", np.zeros(0, "U"))}),
    "/kinds": xarray.Dataset(
        {
            "small": ("k", np.array([1, -2], np.int8)),
            "bits": ("k", np.array([1, 2**64 - 1], np.uint64)),
            "single": ("k", np.array([np.nan, 2.0], np.float32)),
            "far": ("k", np.array([np.inf, -np.inf])),
        }
    ),
}
STUDY = {
    "title": "Two systems",
    "run": {"draws": 4096, "seed": 7},
    "quantities": {"price": "1 to 4 USD/hour", "cost": {"formula": "price * hours", "unit": "USD"}},
    "systems": {
        "first-one": {"label": "The first", "quantities": {"hours": "100 to 200 hour"}},
        "second": {"quantities": {"hours": {"absent": "never published"}}},
    },
}


TREES = {
    "odd": lambda: xarray.DataTree.from_dict(ODD),
    "result": lambda: wi.load(STUDY).run(),
}


@pytest.fixture(scope="module", params=TREES.values(), ids=TREES)
def tree(request):
    return request.param()


def read(path):
    with xarray.open_datatree(path, engine="h5netcdf") as tree:
        return tree.load()


def test_a_file_reads_like_the_one_that_xarray_writes(tree, tmp_path):
    write_netcdf(tree, tmp_path / "ours.nc")
    tree.to_netcdf(tmp_path / "twin.nc", engine="h5netcdf")
    ours, twin = read(tmp_path / "ours.nc"), read(tmp_path / "twin.nc")
    assert ours.identical(twin)
    for node in ours.subtree:
        other = twin[node.path]
        assert list(node.variables) == list(other.variables)
        for name, variable in node.variables.items():
            assert variable.dtype == other.variables[name].dtype
            for key in ("dtype", "_FillValue", "coordinates"):
                found, expected = (one.encoding.get(key) for one in (variable, other[name]))
                assert str(found) == str(expected)


def test_dimensions_are_what_netcdf_asks_for(tree, tmp_path):
    """As the C library reads them: scales, numbered, and attached to all that has them."""
    write_netcdf(tree, tmp_path / "ours.nc")
    numbers = []
    with h5py.File(tmp_path / "ours.nc") as file:
        for node in tree.subtree:
            for name, variable in node.to_dataset(inherit=False).variables.items():
                stored = file[node.path][name]
                if not stored.is_scale:
                    attached = [axis[0].name.rsplit("/", 1)[1] for axis in stored.dims]
                    assert attached == list(variable.dims)
            scales = [one for one in file[node.path].values() if getattr(one, "is_scale", False)]
            assert len(scales) == len(node.to_dataset(inherit=False).sizes)
            numbers += [int(scale.attrs["_Netcdf4Dimid"]) for scale in scales]
    assert sorted(numbers) == list(range(len(numbers)))


def test_of_a_system_without_answers_no_draws_are_stored(tmp_path):
    write_netcdf(xarray.DataTree.from_dict(ODD), tmp_path / "odd.nc")
    with h5py.File(tmp_path / "odd.nc") as file:
        assert file["much/z"].chunks == (4, 4096, 1)
        assert file["much/z"].id.get_num_chunks() == 2
        assert file["placed/y"].chunks is None
        assert file["kinds/small"].chunks is None

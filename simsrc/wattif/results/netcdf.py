"""Write a tree as netCDF 4: HDF5 with dimensions, by h5py alone.

``DataTree.to_netcdf`` says the same, but asks the file some forty questions for every variable that
it writes: 620 of 730 ms for a study of forty outputs, more than a million draws of it take. And
h5py's upper half takes half as long again as its lower one, which is called here.

The format is that of https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
("NetCDF-4 Format"): dimensions are HDF5 dimension scales, numbered in order of creation, which is
tracked. A dimension without coordinates is a scale that holds nothing, under a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from h5py import Group
    from h5py.h5d import DatasetID
    from h5py.h5g import GroupID
    from h5py.h5p import PropDCID
    from h5py.h5t import TypeID
    from xarray import Dataset, DataTree, Variable

_NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable.{:10d}"
_MUCH = 2**17  # bytes of kept draws


def write_netcdf(tree: DataTree, path: Path) -> None:
    """Write a tree of numbers and texts to a new file.

    Raises
    ------
    OSError
        If that fails.
    """
    import h5py

    made_by = f"version=2,h5py={h5py.__version__},hdf5={h5py.version.hdf5_version}"
    numbers = count()
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs["_NCProperties"] = np.bytes_(made_by)
        for node in tree.subtree:
            is_root = node.path == "/"
            group = file if is_root else file.create_group(node.path, track_order=True)
            _write_group(group, node.to_dataset(inherit=False), numbers)


def _write_group(group: Group, dataset: Dataset, numbers: Iterator[int]) -> None:
    from h5py import h5ds
    from xarray import conventions

    variables, attributes = conventions.encode_dataset_coordinates(dataset)
    _describe(group.id, attributes)
    stored = {name: _store(group.id, str(name), variables[name]) for name in variables}
    scales = {
        name: stored[name] if name in stored else _store_nothing(group.id, str(name), size)
        for name, size in dataset.sizes.items()
    }
    for name, scale in scales.items():
        _write_attribute(scale, "_Netcdf4Dimid", np.array(next(numbers), np.int32))
        label = str(name) if name in stored else _NO_VARIABLE.format(dataset.sizes[name])
        h5ds.set_scale(scale, label.encode())
    for name, variable in variables.items():
        for axis, dimension in enumerate(variable.dims if name not in scales else ()):
            h5ds.attach_scale(stored[name], scales[dimension], axis)


def _store_nothing(group: GroupID, name: str, size: int) -> DatasetID:
    return _create(group, name, np.dtype(">f4"), (size,), _settings())


def _store(group: GroupID, name: str, variable: Variable) -> DatasetID:
    """Store a variable's values and attributes."""
    if variable.encoding or variable.dtype.kind not in "fiuU":
        from xarray import conventions

        variable = conventions.encode_cf_variable(variable, name=name)
    values, attributes = variable.values, dict(variable.attrs)
    if values.dtype.kind == "f":  # what encode_cf_variable says of plain numbers
        attributes.setdefault("_FillValue", values.dtype.type(np.nan))
    if values.dtype.kind not in "fiu":
        values = values.astype(_text())
    nothing = attributes.get("_FillValue")
    settings = _settings() if nothing is None else _settings(values.dtype, nothing.tobytes())
    if values.nbytes > _MUCH and variable.dims[-1] == "system" and nothing is not None:
        stored = _store_by_system(group, name, values, settings.copy())
    else:
        stored = _create(group, name, values.dtype, values.shape, settings)
        _write(stored, values)
    _describe(stored, attributes)
    return stored


def _store_by_system(
    group: GroupID, name: str, values: NDArray[Any], settings: PropDCID
) -> DatasetID:
    """Store kept draws (..., system), but none of systems that have no answer.

    Nothing is packed: that would double the time of saving a result, for a sixth of its size.
    """
    settings.set_chunk((*values.shape[:-1], 1))
    stored = _create(group, name, values.dtype, values.shape, settings)
    for system in range(values.shape[-1]):
        part = values[..., system]
        if not np.isnan(part).all():  # what is not written reads as the fill value, NaN
            corner = (*[0] * (values.ndim - 1), system)
            stored.write_direct_chunk(corner, part.tobytes())
    return stored


def _create(
    group: GroupID, name: str, kind: np.dtype[Any], shape: tuple[int, ...], settings: PropDCID
) -> DatasetID:
    from h5py import h5d, h5s

    return h5d.create(group, name.encode(), _stored(kind), h5s.create_simple(shape), settings)


def _write(stored: DatasetID, values: NDArray[Any]) -> None:
    from h5py import h5s

    stored.write(h5s.ALL, h5s.ALL, np.asarray(values, order="C"))


@cache
def _settings(kind: np.dtype[Any] | None = None, nothing: bytes = b"") -> PropDCID:
    """Return how to create what is stored; ``nothing`` are the bytes of the fill value, if any.

    As bytes, since NaN is not equal to itself, and would not be found again.
    """
    from h5py import h5p

    settings = h5p.create(h5p.DATASET_CREATE)
    settings.set_obj_track_times(False)
    settings.set_attr_creation_order(h5p.CRT_ORDER_TRACKED | h5p.CRT_ORDER_INDEXED)
    if nothing:
        settings.set_fill_value(np.frombuffer(nothing, kind).reshape(()))
    return settings


@cache
def _text() -> np.dtype[Any]:
    from h5py import string_dtype

    text: np.dtype[Any] = np.dtype(string_dtype())
    return text


@cache
def _stored(kind: np.dtype[Any]) -> TypeID:
    """Return what HDF5 calls a type; texts have one of their own, see :func:`_text`."""
    from h5py import h5t

    return h5t.py_create(_text() if kind.kind == "O" else kind, logical=True)


def _describe(stored: GroupID | DatasetID, attributes: Mapping[Any, Any]) -> None:
    """Write new attributes: a text each, or a row of numbers, as netCDF has them."""
    for name, value in attributes.items():
        is_text = isinstance(value, str)
        values = np.array(value, _text()) if is_text else np.atleast_1d(value)
        _write_attribute(stored, str(name), values)


def _write_attribute(stored: GroupID | DatasetID, name: str, values: NDArray[Any]) -> None:
    from h5py import h5a, h5s

    space = h5s.create_simple(values.shape)
    h5a.create(stored, name.encode(), _stored(values.dtype), space).write(values)

"""A result on disk: one netCDF file, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from wattif.errors import ResultError
from wattif.results.files import whole_file
from wattif.results.netcdf import write_netcdf

if TYPE_CHECKING:
    from xarray import DataTree

FORMAT_VERSION = 1
LARGEST = 2**30  # bytes: fifty times a large study
GROUPS = (
    *("summary", "summary_error", "replicates", "status", "counts", "percentiles"),
    *("percentiles_error", "density", "density_edges", "prior", "inputs", "claims"),
    "correlations",
)


def save_result(tree: DataTree, path: str | os.PathLike[str]) -> Path:
    """Write a result to ``path`` and return it as a Path; folders are made as needed.

    The file appears under its name only when it is complete, so that an interruption leaves either
    the old file or the new one. A file that is not a result of the same study is never overwritten.

    Raises
    ------
    ResultError
        If something else lies at ``path``, or it cannot be written.
    """
    target = Path(path)
    check_target(target, tree.attrs["name"], tree.attrs["title"])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as file:
            write_netcdf(tree, file)
    except OSError as error:
        raise ResultError(f"{target}: cannot be written ({error.strerror or error})") from None
    return target


def open_result(path: str | os.PathLike[str]) -> DataTree:
    """Read a result file, whole, into memory.

    Raises
    ------
    ResultError
        If the file is missing, is not a result of wattif, or is of a newer format.
    """
    source = Path(path)
    if not source.is_file():
        raise ResultError(f"{source}: no such file; a result is written by `wattif run STUDY`")
    tree = _open(source)
    if tree is None or "format_version" not in tree.attrs:
        raise ResultError(
            f"{source}: not a result of wattif; expected a file written by `wattif run`"
        )
    version = int(tree.attrs["format_version"])
    if version > FORMAT_VERSION:
        raise ResultError(
            f"{source}: written in format {version}, which this version cannot read (it reads "
            f"up to {FORMAT_VERSION}); upgrade wattif or run the study again"
        )
    return tree


def _open(source: Path) -> DataTree | None:
    import xarray

    try:
        with xarray.open_datatree(source, engine="h5netcdf") as tree:
            _check_content(source, tree)  # before a file that promises terabytes gets them
            return tree.load()
    except (OSError, ValueError, KeyError, RuntimeError):
        return None  # not netCDF at all: the caller says so in one sentence


def _check_content(source: Path, tree: DataTree) -> None:
    missing = [name for name in GROUPS if name not in tree.children]
    if missing:
        raise ResultError(f"{source}: not a result of wattif, or not a whole one: no {missing[0]}")
    size = sum(group.to_dataset(inherit=False).nbytes for group in tree.subtree)
    if size > LARGEST:
        raise ResultError(
            f"{source}: says that it holds {size / 1e9:,.0f} GB, too large for a result of wattif"
        )


def check_target(target: Path, name: str, title: str) -> None:
    """Raise ResultError unless a result of the study may be written to ``target``.

    Two studies are the same if both their name, the file's, and their title are.
    """
    if target.is_symlink():
        raise ResultError(
            f"{target}: is a symbolic link, which is not followed; choose another --out"
        )
    if not target.exists():
        return
    if target.is_dir():
        raise ResultError(f"{target}: is a folder; give --out the name of a file")
    existing = _root_attributes(target)
    if "format_version" not in existing:
        raise ResultError(
            f"{target}: exists and is not a result of wattif, so it is not overwritten; "
            "move it away or choose another --out"
        )
    if (existing.get("name"), existing.get("title")) != (name, title):
        raise ResultError(
            f"{target}: holds a result of the study '{existing.get('name')}' "
            f"({existing.get('title')}), not of '{name}' ({title}), so it is not overwritten; "
            "choose another --out"
        )


def _root_attributes(target: Path) -> dict[str, object]:
    import h5netcdf

    try:
        with h5netcdf.File(target, "r") as file:
            return dict(file.attrs)
    except (OSError, ValueError, KeyError, RuntimeError):
        return {}


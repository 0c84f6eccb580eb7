"""Results of scenarios: joined along a dimension of their own, and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wattif.errors import ResultError

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

DIMENSION = "scenario_dimension"  # attribute of the root: the dimension's name
_ONCE = ("inputs", "claims", "correlations")  # of the first scenario: what the study says


def join(trees: Sequence[DataTree], dimension: str, labels: Sequence[str | float]) -> DataTree:
    """Return the results of all scenarios as one, whose tables have one more dimension, the first.

    ``inputs``, ``claims`` and ``correlations`` are those of the first scenario.
    """
    import xarray

    first = trees[0]
    groups: dict[str, Dataset] = {"/": first.to_dataset(inherit=False)}
    for name in first.children:
        parts = [tree.children[name].to_dataset(inherit=False) for tree in trees]
        if name in _ONCE:
            groups[f"/{name}"] = parts[0]
            continue
        joined = xarray.concat(
            parts, dim=dimension, data_vars="all", coords="minimal", compat="override", join="outer"
        )
        groups[f"/{name}"] = joined.assign_coords({dimension: list(labels)})
    tree = xarray.DataTree.from_dict(groups)
    tree.attrs[DIMENSION] = dimension
    return tree


def labels_of(tree: DataTree) -> list[str]:
    """Return the labels of a result's scenarios; none if it has none."""
    if DIMENSION not in tree.attrs:
        return []
    summary = tree.children["summary"].to_dataset()
    return [f"{label}" for label in summary[tree.attrs[DIMENSION]].values.tolist()]


def take(tree: DataTree, label: str) -> DataTree:
    """Return the result of one scenario.

    Raises
    ------
    ResultError
        If there is none of that label.
    """
    labels = labels_of(tree)
    if label not in labels:
        has = f"it has: {', '.join(labels)}" if labels else "it has none"
        raise ResultError(f"the result has no scenario '{label}'; {has}")
    dimension, place = str(tree.attrs[DIMENSION]), labels.index(label)
    import xarray

    groups = {"/": tree.to_dataset(inherit=False)} | {
        f"/{name}": _at(group.to_dataset(inherit=False), dimension, place)
        for name, group in tree.children.items()
    }
    taken = xarray.DataTree.from_dict(groups)
    del taken.attrs[DIMENSION]
    taken.attrs["title"] = f"{tree.attrs['title']}, {dimension.replace('_', ' ')} {label}"
    return taken


def _at(group: Dataset, dimension: str, place: int) -> Dataset:
    return group.isel({dimension: place}, drop=True) if dimension in group.dims else group


def one_of(tree: DataTree, label: str | None) -> DataTree:
    """Return the result of the scenario that was asked for, or the whole if there are none.

    Raises
    ------
    ResultError
        If there are scenarios and none was asked for, or none of that label.
    """
    if label is not None:
        return take(tree, label)
    if labels := labels_of(tree):
        dimension = tree.attrs[DIMENSION]
        raise ResultError(
            f"the result runs over {dimension}: choose one of {', '.join(labels)}, with --scenario or "
            "wattif.scenario(tree, label)"
        )
    return tree


def each(tree: DataTree) -> list[DataTree]:
    """Return the results of all scenarios, or the whole if there are none."""
    return [take(tree, label) for label in labels_of(tree)] or [tree]

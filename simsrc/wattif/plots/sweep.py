"""Results that run over something besides systems: years, scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wattif.errors import ResultError

if TYPE_CHECKING:
    from xarray import DataTree


def no_sweep(tree: DataTree) -> str:
    """Return why a picture of one answer a system cannot be drawn; "" if it can."""
    found = _dimensions(tree)
    advice = "draw a fan, or choose one with --scenario"
    return f"the result runs over '{found[0]}'; {advice}" if found else ""


def no_numeric_sweep(tree: DataTree) -> str:
    """Return why a result cannot be drawn along a number; "" if it can."""
    found = _dimensions(tree)
    if len(found) != 1:
        return "the result does not run over one number, such as the year"
    if tree["summary"][found[0]].dtype.kind not in "iuf":
        return f"the result runs over '{found[0]}', which is not a number"
    if tree["summary"].sizes[found[0]] < 2:
        return f"the result has one '{found[0]}' only"
    return ""


def swept_over(tree: DataTree) -> str:
    """Return the name of the numeric dimension that a result runs over.

    Raises
    ------
    ResultError
        If there is none.
    """
    if why := no_numeric_sweep(tree):
        raise ResultError(f"no fan can be drawn: {why}")
    return _dimensions(tree)[0]


def _dimensions(tree: DataTree) -> list[str]:
    """Return the dimensions of a result besides systems and statistics."""
    dims = tree["summary"].to_dataset().dims
    return [str(dim) for dim in dims if dim not in ("system", "statistic")]

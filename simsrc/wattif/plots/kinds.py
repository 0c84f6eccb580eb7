"""Every kind of picture that wattif can draw of a result.

To add one: its module with one function, an entry in ``KINDS``, a room of its words in every
language. Commands, documentation and tests find it here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matplotlib.figure import Figure

from wattif.plots.intervals import intervals

if TYPE_CHECKING:
    from xarray import DataTree

Draw = Callable[..., Figure]


@dataclass(frozen=True)
class Kind:
    """A kind of picture.

    ``draw(tree, quantities, systems, *, title, look)`` returns it; where it ``takes`` results, it
    is given several trees at once. ``why_not`` returns why it cannot be drawn of a result, "" if it
    can.
    """

    name: str
    summary: str
    draw: Draw
    why_not: Callable[[DataTree], str]
    takes: Literal["result", "results"] = "result"


def swept(tree: DataTree) -> str:
    """Refuse results with another dimension, such as years: most pictures have no room for it."""
    found = extra_dimensions(tree)
    return f"the result runs over {found[0]}; such a result can be drawn as a fan" if found else ""


def extra_dimensions(tree: DataTree) -> list[str]:
    """Return the dimensions of a result besides systems and statistics: scenarios, years."""
    dims = tree["summary"].to_dataset().dims
    return [str(dim) for dim in dims if dim not in ("system", "statistic")]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "intervals", "medians with their credible intervals, a row a system", intervals, swept
        ),
    )
}


def drawable(trees: Sequence[DataTree]) -> list[Kind]:
    """Return the kinds that can be drawn of these results."""
    return [
        kind
        for kind in KINDS.values()
        if not any(kind.why_not(tree) for tree in trees)
        and (kind.takes == "result" or len(trees) > 1)
    ]

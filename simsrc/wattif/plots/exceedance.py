"""Exceedance curves: the probability of more than x."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from wattif.plots.curves import Upwards, draw_curves
from wattif.plots.look import Look

if TYPE_CHECKING:
    from xarray import DataTree


def exceedance(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of exceedance curves: how probable more than each value is.

    Read off a budget: where a curve crosses 10 %, one outcome in ten is dearer.

    The arguments, and what is raised, are those of :func:`wattif.plots.intervals`.
    """
    upwards = Upwards(
        of=lambda p: 1 - p,
        kind="linear",
        limits=(0.0, 1.0),
        shown=(0.001, 0.999),
        words=look.say("exceedance.upwards"),
    )
    return draw_curves(tree, quantities, systems, title, look, upwards)

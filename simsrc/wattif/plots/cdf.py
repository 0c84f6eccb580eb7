"""Cumulative distributions: the probability of at most x."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from wattif.plots.curves import Upwards, draw_curves
from wattif.plots.look import Look

if TYPE_CHECKING:
    from xarray import DataTree


def cdf(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of cumulative distributions: how probable each value or less is.

    Steep is certain, flat is not: half of the probability lies below where a curve crosses 50 %.

    The arguments, and what is raised, are those of :func:`wattif.plots.intervals`.
    """
    upwards = Upwards(
        of=lambda p: p,
        kind="linear",
        limits=(0.0, 1.0),
        shown=(0.001, 0.999),
        words=look.say("cdf.upwards"),
    )
    return draw_curves(tree, quantities, systems, title, look, upwards)

"""Upper tails: the probability of more than x on a logarithmic scale, down to one in a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from wattif.plots.curves import Upwards, draw_curves
from wattif.plots.look import Look

if TYPE_CHECKING:
    from xarray import DataTree


def tail(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    *,
    title: str | None = None,
    look: Look = Look(),
) -> Figure:
    """Return the picture of exceedance curves whose rare ends can be read.

    The vertical axis is logarithmic and begins at the median, so that one outcome in a thousand
    can be read as well as one in ten. A straight line is a tail like a power's on a logarithmic
    axis, like an exponential's on a linear one.

    The arguments, and what is raised, are those of :func:`wattif.plots.intervals`.
    """
    upwards = Upwards(
        of=lambda p: 1 - p,
        kind="log",
        limits=(0.001, 0.5),
        shown=(0.5, 0.999),
        words=look.say("tail.upwards"),
    )
    return draw_curves(tree, quantities, systems, title, look, upwards)

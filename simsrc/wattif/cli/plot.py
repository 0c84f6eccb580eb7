"""``wattif plot``: draw the intervals of a result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from wattif.api import open_result
from wattif.cli.arguments import Out
from wattif.cli.terminal import show


def plot(
    result: Path,
    /,
    *,
    out: Out = None,
    quantity: Annotated[tuple[str, ...], Parameter(consume_multiple=False)] = (),
    system: Annotated[tuple[str, ...], Parameter(consume_multiple=False)] = (),
    title: str | None = None,
) -> None:
    """Draw the intervals of a result.

    Parameters
    ----------
    result
        A file that `wattif run` wrote.
    out
        The picture: .png, .svg or .pdf; beside the result, as PNG, unless given.
    quantity
        Only this quantity; may be given again, and sets the order.
    system
        Only this system; may be given again, and sets the order.
    title
        Over the picture; the study's own unless given.
    """
    tree = open_result(result)
    from wattif.plots import intervals, save_figure  # after a refusal that needs no matplotlib

    figure = intervals(tree, quantity, system, title=title)
    show(str(save_figure(figure, result.with_suffix(".png") if out is None else out)))

"""What the charts show, by quantity and system, scaled to the unit that is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from wattif.format import common_unit
from wattif.report.claims import Claim
from wattif.results.answers import Answer, Quantity

if TYPE_CHECKING:
    from xarray import DataTree

Array = NDArray[np.float64]
RowKind = Literal["spread", "constant", "event", "none"]

_MERGED = 3  # stored cells to a drawn one: some 65 are as smooth as a row is wide


@dataclass(frozen=True)
class Level:
    """An interval that the stored percentiles give: ``share`` of the draws between two of them."""

    share: float
    low: int
    high: int


@dataclass(frozen=True, eq=False)
class Row:
    """One answer as a chart shows it, its numbers in the panel's unit.

    ``percentiles`` and their ``errors`` stand on the result's grid; ``masses`` are the shares of
    the draws between the ``edges``; ``claims`` the bounds of what is claimed of it.
    """

    answer: Answer
    kind: RowKind
    percentiles: Array
    errors: Array
    edges: Array
    masses: Array
    claims: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Panel:
    """A quantity with a row a system; ``factor`` takes stored numbers to ``unit``."""

    quantity: Quantity
    unit: str
    factor: float
    rows: tuple[Row, ...]

    def extent(self, level: Level) -> list[float]:
        """Return the finite numbers that an axis must hold: ends, medians, claims."""
        shown = [row for row in self.rows if row.kind in ("spread", "constant")]
        ends = [row.percentiles[i] for row in shown for i in (level.low, level.high)]
        medians = [self.factor * row.answer.median for row in shown]
        claims = [end for row in shown for claim in row.claims for end in claim]
        return [float(x) for x in (*ends, *medians, *claims) if math.isfinite(x)]


def read_grid(tree: DataTree) -> list[float]:
    """Return the percentiles that a result holds."""
    return [float(p) for p in tree["percentiles"].to_dataset()["percentile"].values]


def read_levels(grid: Sequence[float]) -> list[Level]:
    """Return the equal-tailed intervals that a grid of percentiles gives, narrow ones first."""
    place = {percentile: index for index, percentile in enumerate(grid)}
    pairs = [(p, round(100 - p, 10)) for p in grid if p < 50]
    return [
        Level(round(high - low, 10) / 100, place[low], place[high])
        for low, high in reversed(pairs)
        if high in place
    ]


def level_of_run(tree: DataTree, levels: Sequence[Level]) -> int:
    """Return which of the levels is the run's own."""
    own = float(tree.attrs["interval"])
    return min(range(len(levels)), key=lambda i: abs(levels[i].share - own))


def read_panels(
    tree: DataTree, quantities: Sequence[Quantity], claims: Sequence[Claim]
) -> tuple[Panel, ...]:
    """Return what the charts show of these quantities."""
    return tuple(_panel(tree, quantity, claims) for quantity in quantities)


def _panel(tree: DataTree, quantity: Quantity, claims: Sequence[Claim]) -> Panel:
    medians = [answer.median for answer in quantity.answers]
    factor, unit = common_unit(medians, quantity.unit)
    about = [claim for claim in claims if claim.quantity == quantity.name]
    event = any(answer.is_event for answer in quantity.answers)
    rows = tuple(
        _row(tree, quantity.name, answer, _kind(answer, event), factor, about)
        for answer in quantity.answers
    )
    return Panel(quantity, unit, factor, rows)


def _kind(answer: Answer, event: bool) -> RowKind:
    """Return how an answer is shown; what is an event for one system is one for all."""
    if math.isnan(answer.median):
        return "none"
    if answer.is_event or (event and answer.median in (0, 1)):
        return "event"
    return "constant" if answer.constant else "spread"


def _row(
    tree: DataTree,
    name: str,
    answer: Answer,
    kind: RowKind,
    factor: float,
    claims: Sequence[Claim],
) -> Row:
    at = [str(key) for key in tree["summary"].to_dataset()["system"].values].index(answer.system)
    groups = ("percentiles", "percentiles_error", "density_edges", "density")
    grid, errors, edges, masses = (
        np.asarray(tree[group].to_dataset()[name].values[at], dtype=np.float64) for group in groups
    )
    edges, masses = _merge(edges, masses)
    bounds = tuple(
        (factor * claim.low, factor * claim.high)
        for claim in claims
        if claim.system == answer.system
    )
    return Row(answer, kind, factor * grid, factor * errors, factor * edges, masses, bounds)


def _merge(edges: Array, masses: Array) -> tuple[Array, Array]:
    """Return a coarser density; its first and last cells, the tails, are left as they are."""
    keep = np.r_[0, np.arange(1, len(edges) - 1, _MERGED), len(edges) - 2, len(edges) - 1]
    keep = np.unique(keep)
    return edges[keep], np.add.reduceat(masses, keep[:-1])

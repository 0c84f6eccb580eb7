"""Which assumptions move together: as it was asked for, and as the draws have it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.report.numbers import Numbers
from wattif.report.sources import Piece, split_links

if TYPE_CHECKING:
    from xarray import DataTree


@dataclass(frozen=True)
class Together:
    """Two assumptions that are correlated; ``achieved`` is "" where no output needs both."""

    first: str
    second: str
    measure: str
    asked: str
    achieved: str
    copula: str
    source: list[Piece]


def read_correlations(tree: DataTree, numbers: Numbers) -> list[Together]:
    """Return the correlations of a study."""
    table = tree["correlations"].to_dataset()
    rows = range(table.sizes.get("pair", 0))
    columns = {str(name): table[name].values for name in table.data_vars}
    return [_together({name: values[i] for name, values in columns.items()}, numbers) for i in rows]


def _together(row: dict[str, object], numbers: Numbers) -> Together:
    asked, achieved, error = (
        float(str(row[name])) for name in ("asked", "achieved", "achieved_error")
    )
    return Together(
        first=str(row["first"]),
        second=str(row["second"]),
        measure=numbers.say(f"report.measure_{row['measure']}"),
        asked=numbers.value(asked, "1", 0.0),
        achieved=numbers.value(achieved, "1", error) if not math.isnan(achieved) else "",
        copula=str(row["copula"]),
        source=split_links(str(row["source"])),
    )

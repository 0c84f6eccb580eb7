"""What each of several rival formulas would give, and how much hangs on which of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from wattif.cli.terminal import show, small, table
from wattif.format import common_unit, format_interval, format_percent, format_value

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.analysis.alternatives import Rivalry
    from wattif.language.model import Model


def show_rivalries(tree: DataTree, model: Model) -> None:
    """Print the alternatives of every output of a study that has some."""
    if not any((system, f"{name}_form") in model.needed for system, name in model.needed):
        return
    from wattif.analysis.alternatives import find_rivalries

    for rivalry in find_rivalries(tree):
        show("", table([_title(rivalry), "holds in", "median", "interval"], _rows(rivalry), "lrrr"))
        between = rivalry.between
        share = f"{100 * between.value:.0f} % ± {max(100 * between.error, 0.1):.1f} %"
        show(small(f"Which of them holds makes {share} of the variance; the rest lies within."))


def _title(rivalry: Rivalry) -> str:
    whose = "" if rivalry.system == "study" else f", {rivalry.system}"
    return f"{rivalry.label}{whose}, if it is"


def _rows(rivalry: Rivalry) -> list[list[str | Text]]:
    medians = [one.output.median.value for one in rivalry.alternatives]
    factor, unit = common_unit(medians, rivalry.unit)
    rows: list[list[str | Text]] = []
    for one in rivalry.alternatives:
        spread = one.output
        low, high = factor * spread.low.value, factor * spread.high.value
        errors = factor * spread.low.error, factor * spread.high.error
        rows.append(
            [
                f"  {one.stated}",
                format_percent(round(one.share, 3)),
                format_value(factor * spread.median.value, unit, factor * spread.median.error),
                format_interval(low, high, unit, errors),
            ]
        )
    return rows

"""``wattif compare``: two systems of a result, draw by draw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from wattif.analysis import Comparison, Estimate, Spread, compare_systems, output_systems
from wattif.api import open_result
from wattif.cli.terminal import heading, show, small, table
from wattif.errors import ResultError
from wattif.format import common_unit, format_interval, format_percent, format_value
from wattif.results.answers import read_answers
from wattif.results.scenarios import one_of

if TYPE_CHECKING:
    from xarray import DataTree


def compare(
    result: Path,
    first: str,
    second: str,
    /,
    *,
    quantity: Annotated[tuple[str, ...], Parameter(consume_multiple=False)] = (),
    scenario: str | None = None,
) -> None:
    """Compare two systems of a result, draw by draw.

    Parameters
    ----------
    result
        A file that `wattif run` wrote.
    first
        A system.
    second
        The system that it is compared with.
    quantity
        Only this quantity; may be given again, and sets the order.
    scenario
        Which one of the study's scenarios, by its label.
    """
    tree = one_of(open_result(result), scenario)
    found = [
        compare_systems(tree, name, first, second) for name in _names(tree, quantity, first, second)
    ]
    level = format_percent(found[0].ratio.level)
    headers = ["", "ratio", level, "difference", level, "lower in"]
    events = {quantity.label for quantity in read_answers(tree) if quantity.is_event}
    rows = [[each.label, *_cells(each, each.label in events)] for each in found]
    one, other = found[0].first, found[0].second
    show(heading(f"{one} against {other}"), "", table(headers, rows, "lrrrrr"))
    show(
        "",
        small(
            "Medians and intervals of paired draws: what both systems share is the same in both."
        ),
        small(f"lower in: the share of the draws in which {one} is below {other}."),
    )


def _names(tree: DataTree, quantities: tuple[str, ...], first: str, second: str) -> list[str]:
    """Return the quantities to compare: those asked for, or all that both systems have."""
    read_answers(tree, quantities, [first, second])  # refuses names that are unknown
    if quantities:
        return list(quantities)
    names = [quantity.name for quantity in read_answers(tree)]
    common = [n for n in names if {first, second} <= set(output_systems(tree, n))]
    if not common:
        raise ResultError(f"'{first}' and '{second}' have no quantity in common")
    return common


def _cells(one: Comparison, event: bool) -> list[str]:
    if one.equal.value == 1.0:
        return ["", "", "none", "", "equal"]
    if event:
        points = one.mean_difference
        words = f"{format_value(100 * points.value, '1', 100 * points.error)} points"
        return ["", "", words, "", _lower(one)]
    factor, unit = common_unit([one.difference.median.value], one.unit)
    meaningful = one.ratio.low.value > 0
    return [
        *(_spread(one.ratio, 1.0, "1") if meaningful else ["", ""]),
        *_spread(one.difference, factor, unit),
        _lower(one),
    ]


def _lower(one: Comparison) -> str:
    """Return how often the first is the lower one, and how often neither is, if ever."""
    lower = _percent(one.less)
    return f"{lower}, equal in {_percent(one.equal)}" if one.equal.value > 0 else lower


def _spread(spread: Spread, factor: float, unit: str) -> list[str]:
    median, low, high = spread.median, spread.low, spread.high
    errors = factor * low.error, factor * high.error
    return [
        format_value(factor * median.value, unit, factor * median.error),
        format_interval(factor * low.value, factor * high.value, unit, errors),
    ]


def _percent(share: Estimate) -> str:
    return f"{format_value(100 * share.value, '1', 100 * share.error)} %"

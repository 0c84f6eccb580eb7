"""What moves together: as stated, and as the draws turned out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from wattif.cli.terminal import show, small, table
from wattif.language.model import Correlation, Dependence, Model

_MOST = 20  # pairs in a table

if TYPE_CHECKING:
    from xarray import Dataset, DataTree


def show_stated(model: Model) -> None:
    """Print what a study correlates, if anything."""
    rows: list[list[str | Text]] = [
        [
            f"  {pair.first}",
            pair.second,
            _strength(pair, whole),
            _copula(whole),
            small(pair.source),
        ]
        for whole in model.dependences
        for pair in whole.pairs
    ]
    if rows:
        count = len(rows)
        del rows[_MOST:]
        show(table(["correlated", "with", "stated", "copula", "source"], rows, "lllww"), "")
        _show_rest(count)


def _show_rest(count: int) -> None:
    if count > _MOST:
        show(small(f"  and {count - _MOST:,} more pairs, which the result has"), "")


def _strength(pair: Correlation, whole: Dependence) -> str:
    stated = f"{pair.measure} {pair.value:g}"
    return f"{stated}, repaired: {pair.scores:.3g} of the scores" if whole.repaired else stated


def _copula(whole: Dependence) -> str:
    return f"student-t({whole.parameter:g})" if whole.copula == "student-t" else whole.copula


def show_achieved(tree: DataTree) -> None:
    """Print the correlations of a result with what was asked for, if there are any."""
    pairs = tree["correlations"].to_dataset()
    rows: list[list[str | Text]] = [
        [
            f"{pairs['first'].values[i]} with {pairs['second'].values[i]}",
            f"{pairs['measure'].values[i]} {pairs['asked'].values[i]:g}",
            _achieved(pairs, i),
        ]
        for i in range(min(pairs.sizes["pair"], _MOST))
    ]
    if rows:
        show("", table(["correlated", "asked", "achieved"], rows, "lrr"))
        _show_rest(pairs.sizes["pair"])


def _achieved(pairs: Dataset, i: int) -> str:
    value, error = (float(pairs[name].values[i]) for name in ("achieved", "achieved_error"))
    if math.isnan(value):
        return "not known"
    digits = max(2, min(6, 1 - math.floor(math.log10(error)))) if error > 0.0 else 3
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def correlations_as_json(tree: DataTree) -> list[dict[str, object]]:
    """Return the correlations of a result, asked for and achieved."""
    pairs = tree["correlations"].to_dataset()
    names = [str(name) for name in pairs.data_vars]
    return [
        {name: pairs[name].values[i].item() for name in names} for i in range(pairs.sizes["pair"])
    ]

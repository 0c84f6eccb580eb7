"""What every picture says around its drawing: its title, and the small print at its foot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wattif.format import format_count, format_percent
from wattif.plots.look import Look
from wattif.results.answers import Answer, Quantity, describe_draws, title_of

if TYPE_CHECKING:
    from xarray import DataTree

_SMALLEST = 5e-7  # errors below 0.0001 % are all one to who looks at a picture


def heading_of(tree: DataTree, title: str | None, look: Look) -> str:
    """Return the title of a picture: the given one, else the study's, "" if that has none.

    A study without a title goes by the name of its file, which is no heading.
    """
    if title is not None:
        return title
    own = title_of(tree, look.language)
    return "" if own == tree.attrs["name"] else own


def footer(tree: DataTree, shown: Sequence[Quantity], look: Look) -> str:
    """Return the small print: how many draws, of which kind, how certain the medians are."""
    parts = [
        f"{describe_draws(tree, look.language)}.",
        _error_words(shown, look),
        *_lost(shown, look),
        f"wattif\N{NO-BREAK SPACE}{tree.attrs['wattif_version']}",
    ]
    return " ".join(part for part in parts if part)


def why_empty(answer: Answer, look: Look) -> str:
    """Return why there is nothing to draw of an answer; "" if there is something."""
    if answer.absent:
        return look.say("pictures.absent", reason=answer.reason)
    return look.say("pictures.no_finite") if math.isnan(answer.median) else ""


def _error_words(shown: Sequence[Quantity], look: Look) -> str:
    answers = [answer for quantity in shown for answer in quantity.answers]
    relative = [
        a.errors["p50"] / abs(a.median) for a in answers if a.median and a.errors["p50"] > 0
    ]
    if not relative or not math.isfinite(max(relative)):
        return ""
    error = format_percent(round_up(max(*relative, _SMALLEST)), look.language)
    return look.say("pictures.median_error", error=error)


def round_up(fraction: float) -> float:
    """Return the least of ..., 0.01, 0.02, 0.05, 0.1, ... that is greater than a fraction."""
    power = math.floor(math.log10(fraction))
    steps = (float(f"{step}e{power}") for step in (1, 2, 5, 10))
    return next(step for step in steps if step > fraction)


def _lost(shown: Sequence[Quantity], look: Look) -> list[str]:
    lost = [(quantity.label, sum(a.lost for a in quantity.answers)) for quantity in shown]
    return [
        look.say("pictures.lost", count=format_count(count, look.language), quantity=label)
        for label, count in lost
        if count
    ]

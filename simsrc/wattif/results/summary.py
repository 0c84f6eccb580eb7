"""A result as a table for people: medians, intervals and errors, in units that fit.

The command line, notebooks and LaTeX all show this one table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.format import (
    NOT_A_NUMBER,
    common_scales,
    common_unit,
    format_interval,
    format_percent,
    format_value,
)
from wattif.format.scales import Scales
from wattif.results.answers import Answer, Quantity, describe_draws, read_answers, title_of
from wattif.wording import Language, Wording

if TYPE_CHECKING:
    from xarray import DataTree

_LEAST_ERROR = 1e-4  # a smaller error matters to nobody who reads two digits


@dataclass(frozen=True)
class Row:
    """One system's answer in words: median, interval, and the relative error of the worst of them.

    ``interval`` says so where there is none to show (a constant, a probability, nothing at all).
    ``reason`` is the number of the note that says why there is no answer, 0 if there is one.
    """

    system: str
    median: str
    interval: str
    error: str
    reason: int = 0


@dataclass(frozen=True)
class Block:
    """One quantity, with a row a system. ``system`` is "" in a study without systems."""

    quantity: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, repr=False)
class Summary:
    """The answers of a result as a table; what it shows by itself in a console or a notebook.

    ``level`` is that of the intervals ("90 %"), ``reasons`` are the notes under the table, by
    number from 1, and ``made`` says how the draws were made.
    """

    title: str
    level: str
    blocks: tuple[Block, ...]
    reasons: tuple[str, ...]
    made: str
    language: Language = "en"

    def __repr__(self) -> str:
        from wattif.results.render import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from wattif.results.render import as_html

        return as_html(self)


def summary(tree: DataTree, language: Language = "en") -> Summary:
    """Return the table of a result, the one that `wattif run` prints.

    Parameters
    ----------
    tree
        The result.
    language
        Of the words and labels, "en" or "es"; a study may lack labels in one of them.

    Raises
    ------
    ResultError
        If the language is not known.
    """
    reasons: list[str] = []
    quantities = read_answers(tree, language=language)
    return Summary(
        title=title_of(tree, language),
        level=format_percent(float(tree.attrs["interval"]), language),
        blocks=tuple(_block(quantity, reasons, Wording(language)) for quantity in quantities),
        reasons=tuple(reasons),
        made=f"{describe_draws(tree, language)}.",
        language=language,
    )


def _block(quantity: Quantity, reasons: list[str], say: Wording) -> Block:
    """Return the rows of a quantity, in one unit where one serves; reasons are added to."""
    answers = quantity.answers
    factor, unit = common_unit([answer.median for answer in answers], quantity.unit)
    shown = [factor * x for a in answers for x in (a.median, *a.interval)]
    scales = common_scales(shown, unit, say.language)
    rows = (_row(answer, factor, scales, reasons, say) for answer in answers)
    return Block(quantity.label, tuple(rows))


def _row(answer: Answer, factor: float, scales: Scales, reasons: list[str], say: Wording) -> Row:
    language = say.language
    if answer.absent:
        if answer.absent not in reasons:
            reasons.append(answer.absent)
        number = reasons.index(answer.absent) + 1
        words = f"{say('summary.absent')} [{number}]"
        return Row(answer.row, NOT_A_NUMBER, words, "", number)
    if answer.is_event:
        mean, error = answer.statistics["mean"], answer.errors["mean"]
        chance = format_value(100 * mean, "%", 100 * error, language)
        if mean in (0.0, 1.0):
            certain = say("summary.never" if mean == 0.0 else "summary.always")
            return Row(answer.row, chance, certain, "")
        worst = _small_percent(error / mean, language)
        return Row(answer.row, chance, say("summary.probability"), worst)
    median = format_value(factor * answer.median, scales, factor * answer.errors["p50"], language)
    if answer.constant:
        return Row(answer.row, median, say("summary.constant"), "")
    low, high = (factor * end for end in answer.interval)
    errors = factor * answer.interval_errors[0], factor * answer.interval_errors[1]
    interval = format_interval(low, high, scales, errors, language)
    return Row(answer.row, median, interval, _small_percent(answer.relative_error, language))


def _small_percent(fraction: float, language: Language) -> str:
    if math.isnan(fraction):
        return NOT_A_NUMBER
    if fraction < _LEAST_ERROR:
        return f"<{format_percent(_LEAST_ERROR, language)}"
    return format_percent(float(f"{fraction:.1g}"), language)

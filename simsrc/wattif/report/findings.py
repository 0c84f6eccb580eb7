"""What was found, in plain sentences made from the numbers.

An interval says "between 25 and 75 GWh with 90 % probability, as likely above as below 41 GWh": the
median is no "most likely" value, and is not called one. A constant is given, an event has a
probability, and what is absent has its reason. Among several systems the highest and the lowest
are told, and in how many of the draws they are so: all systems are compared on the same draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wattif.report.figure import interval_words, median_words
from wattif.report.numbers import Numbers
from wattif.report.panels import Level, Panel, Row
from wattif.report.verdicts import Judged

if TYPE_CHECKING:
    from xarray import DataTree

MOST = 5  # findings that a reader takes in at a glance
_MOST_CLAIMS = 3
_ALWAYS = 0.999  # of the kept draws, which are too few to tell more nines apart


@dataclass(frozen=True)
class Finding:
    """A heading, a number to remember with what it is, and sentences."""

    heading: str
    number: str
    about: str
    sentences: tuple[str, ...]


def read_findings(
    tree: DataTree,
    panels: Sequence[Panel],
    judged: Sequence[Judged],
    level: Level,
    numbers: Numbers,
) -> list[Finding]:
    """Return the findings about the first quantities that have answers, and about the claims."""
    known = [panel for panel in panels if any(row.kind != "none" for row in panel.rows)]
    found = [_finding(tree, panel, level, numbers) for panel in known[:MOST]]
    return [*found, *_claims_finding(judged, level, numbers)]


def sentence(row: Row, panel: Panel, level: Level, numbers: Numbers) -> str:
    """Return what is known of one answer, to follow a colon; without a full stop."""
    say, answer = numbers.say, row.answer
    middle = median_words(row, panel, numbers) if row.kind != "none" else ""
    match row.kind:
        case "none":
            message = "report.absent" if answer.absent else "report.no_finite"
            return say(message, reason=answer.reason)
        case "constant":
            return say("report.finding_constant", value=middle)
        case "event":
            return say("report.finding_event", probability=middle)
    at = [level.low, level.high]
    low, high = (float(x) for x in row.percentiles[at])
    errors = [float(x) for x in row.errors[at]]
    between = numbers.between(low, high, panel.unit, (errors[0], errors[1]))
    share = numbers.percent(level.share)
    return say("report.finding_interval", between=between, level=share, median=middle)


def _finding(tree: DataTree, panel: Panel, level: Level, numbers: Numbers) -> Finding:
    known = sorted((row for row in panel.rows if row.kind != "none"), key=_size)
    if len(known) == 1:
        return _single(known[0], panel, level, numbers)
    top, bottom = known[-1], known[0]
    words = [sentence(row, panel, level, numbers) for row in (top, bottom)]
    highest = numbers.say("report.highest", system=top.answer.label, words=words[0])
    lowest = numbers.say("report.lowest", system=bottom.answer.label, words=words[1])
    message = "report.from_to_events" if top.kind == "event" else "report.from_to"
    about = numbers.say(message, low=bottom.answer.label, high=top.answer.label)
    leads = _leads(tree, panel, top, numbers)
    sentences = (f"{highest} {leads}".rstrip(), lowest)
    return Finding(panel.quantity.label, _medians(bottom, top, panel, numbers), about, sentences)


def _single(row: Row, panel: Panel, level: Level, numbers: Numbers) -> Finding:
    words = sentence(row, panel, level, numbers)
    told = f"{words[:1].upper()}{words[1:]}."
    return Finding(panel.quantity.label, median_words(row, panel, numbers), row.answer.row, (told,))


def _medians(bottom: Row, top: Row, panel: Panel, numbers: Numbers) -> str:
    """Return the middle values from the lowest to the highest system."""
    if "event" in (bottom.kind, top.kind):
        ends = [median_words(row, panel, numbers) for row in (bottom, top)]
        return numbers.manner.to.join(ends)
    low, high = (panel.factor * row.answer.median for row in (bottom, top))
    errors = [panel.factor * row.answer.errors["p50"] for row in (bottom, top)]
    return numbers.interval(low, high, panel.unit, (errors[0], errors[1]))


def _size(row: Row) -> float:
    return row.answer.statistics["mean"] if row.kind == "event" else row.answer.median


def _leads(tree: DataTree, panel: Panel, top: Row, numbers: Numbers) -> str:
    """Say in how many of the kept draws a system is above all others; nothing if it is obvious."""
    others = [row for row in panel.rows if row is not top and row.kind != "none"]
    if all(row.kind != "spread" for row in (top, *others)):
        return ""
    systems = [row.answer.system for row in others]
    share, error = _share_above(tree, panel.quantity.name, top.answer.system, systems)
    if math.isnan(share):
        return ""
    if share > _ALWAYS:
        return numbers.say("report.leads_always")
    return numbers.say("report.leads", share=numbers.share(share, error))


def _share_above(
    tree: DataTree, name: str, system: str, others: Sequence[str]
) -> tuple[float, float]:
    """Return the share of the kept draws in which a system is above the others, and its error."""
    kept = tree["prior"][name]
    if kept.size == 0:
        return math.nan, math.nan
    rest = kept.sel(system=list(others)).max("system")
    shares = np.asarray((kept.sel(system=system) > rest).mean("draw"), dtype=np.float64)
    error = shares.std(ddof=1) / math.sqrt(shares.size) if shares.size > 1 else math.nan
    return float(shares.mean()), float(error)


def _claims_finding(judged: Sequence[Judged], level: Level, numbers: Numbers) -> list[Finding]:
    placed = [one for one in judged if one.verdict != "unknown"]
    if not placed:
        return []
    outside = [one for one in placed if one.verdict in ("below", "above")]
    say, count = numbers.say, numbers.count
    number = say("report.claims_number", outside=count(len(outside)), count=count(len(placed)))
    about = say("report.claims_about", level=numbers.percent(level.share))
    told = tuple(_claim_sentence(one, level, numbers) for one in outside[:_MOST_CLAIMS])
    return [Finding(say("report.claims_heading"), number, about, told)]


def _claim_sentence(one: Judged, level: Level, numbers: Numbers) -> str:
    """Return what is claimed beside what was found."""
    row, panel = one.row, one.panel
    where = ", ".join(filter(None, (row.answer.row, panel.quantity.label)))
    spread = row.kind == "spread"
    found = (
        interval_words(row, panel, level, numbers) if spread else median_words(row, panel, numbers)
    )
    return numbers.say("report.claims_sentence", where=where, says=one.claim.says, found=found)

"""The table of claims: what each says, what was found, and where the one lies in the other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wattif.analysis.audit import Verdict as Judgement
from wattif.report.claims import Claim
from wattif.report.figure import Span, interval_words, median_words, percent
from wattif.report.numbers import Numbers
from wattif.report.panels import Level
from wattif.report.sources import Piece, split_links
from wattif.report.verdicts import Judged, Verdict

_LEAST_WIDTH = 1.0  # percent of the strip: a single figure must be seen


@dataclass(frozen=True)
class ClaimRow:
    """A claim in words; ``span`` is where it lies on a strip of percentiles, if that is known.

    ``verdict`` is how it lies to the interval, ``judgement`` the word of an audit.
    """

    about: str
    system: str
    says: str
    source: list[Piece]
    note: list[Piece]
    median: str
    interval: str
    place: str
    agreeing: str
    verdict: Verdict
    judgement: str
    span: Span | None


def claim_rows(
    judged: Sequence[Judged],
    verdicts: Mapping[Claim, Judgement],
    grid: Sequence[float],
    level: Level,
    numbers: Numbers,
) -> list[ClaimRow]:
    """Return a row for each claim, with the verdict of an audit on it."""
    rows = (_claim_row(one, grid, level, numbers) for one in judged)
    words = (numbers.say(f"audit.{verdicts[one.claim]}") for one in judged)
    return [
        replace(row, judgement=word) if one.verdict != "unknown" else row
        for one, row, word in zip(judged, rows, words, strict=True)
    ]


def _claim_row(one: Judged, grid: Sequence[float], level: Level, numbers: Numbers) -> ClaimRow:
    row, panel, claim = one.row, one.panel, one.claim
    known = one.verdict != "unknown"
    bounded = known and claim.relation not in ("about", "exactly")
    agreeing = numbers.say("report.agree", share=numbers.share(one.agreeing)) if bounded else ""
    return ClaimRow(
        about=panel.quantity.label,
        system=row.answer.row,
        says=claim.says,
        source=split_links(claim.source),
        note=split_links(claim.note),
        median="" if row.kind == "none" else median_words(row, panel, numbers),
        interval=interval_words(row, panel, level, numbers),
        place=_place(one, grid, numbers) if known else "",
        agreeing=agreeing,
        verdict=one.verdict,
        judgement=numbers.say("report.verdict_unknown"),
        span=_span(one) if known else None,
    )


def _span(one: Judged) -> Span:
    start = min(one.low, 100 - _LEAST_WIDTH)
    return Span(percent(start), percent(max(one.high, start + _LEAST_WIDTH)))


def _place(one: Judged, grid: Sequence[float], numbers: Numbers) -> str:
    """Return the percentiles of a claim's bounds: "14 to 63", "under 0.1", "over 99.9"."""
    if math.isinf(one.claim.low):
        return numbers.say("report.place_to", high=_percentile(one.high, grid, numbers))
    if math.isinf(one.claim.high):
        return numbers.say("report.place_from", low=_percentile(one.low, grid, numbers))
    low, high = (_percentile(end, grid, numbers) for end in (one.low, one.high))
    return low if low == high else numbers.say("report.place_range", low=low, high=high)


def _percentile(percentile: float, grid: Sequence[float], numbers: Numbers) -> str:
    first, last = grid[0], grid[-1]
    if percentile < first:
        return numbers.say("report.place_below", percentile=numbers.plain(first, 1))
    if percentile > last:
        return numbers.say("report.place_above", percentile=numbers.plain(last, 1))
    return numbers.plain(percentile, 0 if 1 <= percentile <= 99 else 1)

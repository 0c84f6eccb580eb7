"""The numbers that travel with the page, for its script: JSON in a script element.

Every text is made here; the script places marks and exchanges texts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

import numpy as np

from wattif.report.axis import LOG_FROM
from wattif.report.figure import SHAPE_HEIGHT, SHAPE_WIDTH, interval_words, labels_of
from wattif.report.numbers import Numbers
from wattif.report.panels import Level, Panel, Row

_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}  # "</script>" ends no script
_MESSAGES = ("below", "no_log", "shown_level")


def make_payload(
    panels: Sequence[Panel],
    grid: Sequence[float],
    levels: Sequence[Level],
    own: int,
    numbers: Numbers,
) -> str:
    """Return the JSON of all panels; infinities are the strings that JavaScript's Number reads."""
    content = {
        "own": own,
        "levels": [[level.low, level.high, numbers.percent(level.share)] for level in levels],
        "percents": [numbers.percent(p / 100) for p in grid],
        "quartiles": [_place(grid, 25.0), _place(grid, 50.0), _place(grid, 75.0)],
        "decimal": numbers.manner.decimal,
        "group": numbers.manner.thousands,
        "groupedFrom": numbers.manner.grouped_from,
        "logFrom": LOG_FROM,
        "shape": [SHAPE_WIDTH, SHAPE_HEIGHT],
        "say": {name: _raw(numbers, name) for name in _MESSAGES},
        "panels": [_panel(panel, levels, numbers) for panel in panels],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def _raw(numbers: Numbers, name: str) -> str:
    """Return a message whose places the script fills in."""
    places = {place: f"{{{place}}}" for place in ("share", "value", "level", "system")}
    return numbers.say(f"report.{name}", **places)


def _place(grid: Sequence[float], percentile: float) -> int:
    return int(np.argmin(np.abs(np.asarray(grid) - percentile)))


def _panel(panel: Panel, levels: Sequence[Level], numbers: Numbers) -> dict[str, object]:
    labels = labels_of(panel, numbers)
    return {
        "first": labels.first,
        "scales": labels.scales,
        "rows": [_row(row, panel, levels, numbers) for row in panel.rows],
    }


def _row(row: Row, panel: Panel, levels: Sequence[Level], numbers: Numbers) -> dict[str, object]:
    content: dict[str, object] = {"system": row.answer.system, "kind": row.kind}
    if row.kind not in ("spread", "constant"):
        return content
    content |= {
        "claims": [_plain(claim) for claim in row.claims if not any(map(math.isnan, claim))]
    }
    if row.kind == "constant":
        return content | {"grid": _plain([panel.factor * row.answer.median])}
    errors = zip(row.percentiles, row.errors, strict=True)
    return content | {
        "grid": _plain(row.percentiles),
        "values": [numbers.value(float(x), panel.unit, float(e)) for x, e in errors],
        "intervals": [interval_words(row, panel, level, numbers) for level in levels],
        "edges": _plain(row.edges, 5),
        "masses": _plain(row.masses, 3),
    }


def _plain(values: Iterable[float], digits: int = 6) -> list[object]:
    return [_number(float(value), digits) for value in values]


def _number(value: float, digits: int) -> object:
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e6 else rounded

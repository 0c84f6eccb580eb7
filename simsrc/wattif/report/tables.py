"""The table beside a chart: the same answers in figures."""

from __future__ import annotations

from dataclasses import dataclass

from wattif.report.figure import interval_words, median_words
from wattif.report.numbers import Numbers
from wattif.report.panels import Level, Panel, Row


@dataclass(frozen=True)
class TableRow:
    """One answer: a cell a statistic, "" where there is none."""

    system: str
    label: str
    median: str
    interval: str
    mean: str
    sd: str
    error: str


def table_rows(panel: Panel, level: Level, numbers: Numbers) -> list[TableRow]:
    """Return a row for each system of a panel."""
    return [_table_row(row, panel, level, numbers) for row in panel.rows]


def _table_row(row: Row, panel: Panel, level: Level, numbers: Numbers) -> TableRow:
    interval = interval_words(row, panel, level, numbers)
    median = "" if row.kind == "none" else median_words(row, panel, numbers)
    answer = row.answer
    if row.kind != "spread":
        return TableRow(answer.system, answer.row, median, interval, "", "", "")

    def statistic(name: str) -> str:
        value, error = panel.factor * answer.statistics[name], panel.factor * answer.errors[name]
        return numbers.value(value, panel.unit, error)

    error = numbers.value(panel.factor * answer.errors["p50"], panel.unit)
    cells = (statistic("mean"), statistic("sd"), error)
    return TableRow(answer.system, answer.row, median, interval, *cells)

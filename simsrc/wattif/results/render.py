"""The table of a result as plain text and as HTML."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from wattif.language.describe import NO_MATH
from wattif.wording import Wording

if TYPE_CHECKING:
    from wattif.results.summary import Row, Summary

# currentColor and transparency follow the notebook's own colours, light or dark.
_TABLE = "border-collapse:collapse;margin:.5em 0"
_HEAD = "padding:.2em .8em;text-align:{side};border-bottom:1px solid currentColor"
_CELL = "padding:.1em .8em;text-align:{side};white-space:nowrap"
_SMALL = "font-size:.85em;opacity:.75"
_PLAIN = "background:none;"  # notebooks stripe the rows of tables


def headers(summary: Summary) -> tuple[str, str, str, str]:
    """Return what stands over the columns: systems, medians, intervals, errors."""
    say = Wording(summary.language)
    interval = say("summary.interval", level=summary.level)
    return "", say("summary.median"), interval, say("summary.error")


def notes(summary: Summary) -> tuple[str, ...]:
    """Return the reasons why answers are absent, numbered as in the table."""
    say = Wording(summary.language)
    found = enumerate(summary.reasons, 1)
    return tuple(say("summary.reason", number=n, reason=reason) for n, reason in found)


def lines(summary: Summary) -> list[tuple[str, Sequence[str]]]:
    """Return the lines of the table, each with its kind: "gap", "heading" or "row"."""
    found: list[tuple[str, Sequence[str]]] = []
    for block in summary.blocks:
        if len(block.rows) == 1:
            found.append(("row", (block.quantity, *_cells(block.rows[0]))))
            continue
        found += [("gap", [""] * 4), ("heading", (block.quantity, "", "", ""))]
        found += [("row", (f"  {row.system}", *_cells(row))) for row in block.rows]
    return found


def _cells(row: Row) -> tuple[str, str, str]:
    return row.median, row.interval, row.error


def as_text(summary: Summary) -> str:
    """Return the table as plain text."""
    rows = [headers(summary), *(cells for _, cells in lines(summary))]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    table = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    small = [summary.made, Wording(summary.language)("summary.meaning")]
    reasons = [*notes(summary), ""] if summary.reasons else []
    return "\n".join([summary.title, "", *table, "", *reasons, *small])


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    first, *others = zip(row, gaps, strict=True)
    return ["".join(first), *(gap + cell for cell, gap in others)]


def _width(text: str) -> int:
    """Return the columns that a text takes on a terminal: two for a wide letter, none for a mark."""
    marks = sum(unicodedata.combining(letter) > 0 for letter in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def as_html(summary: Summary) -> str:
    """Return the table as HTML that keeps to the colours of the page around it."""
    head = "".join(_cell("th", text, _HEAD, n) for n, text in enumerate(headers(summary)))
    body = "".join(_html_line(kind, cells) for kind, cells in lines(summary))
    meaning = Wording(summary.language)("summary.meaning")
    small = "<br>".join(escape(text) for text in (*notes(summary), summary.made, meaning))
    return (
        f'<div class="{NO_MATH}"><strong>{escape(summary.title)}</strong>'
        f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f'<div style="{_SMALL}">{small}</div></div>'
    )


def _html_line(kind: str, cells: Sequence[str]) -> str:
    if kind == "gap":
        return ""
    if kind == "heading":
        style = f"{_CELL.format(side='left')};padding-top:.7em"
        heading = f'<th colspan="4" scope="rowgroup" style="{style}">{escape(cells[0])}</th>'
        return f'<tr style="{_PLAIN}">{heading}</tr>'
    inside = "".join(_cell("td", text, _CELL, n) for n, text in enumerate(cells))
    return f'<tr style="{_PLAIN}">{inside}</tr>'


def _cell(tag: str, text: str, style: str, column: int) -> str:
    indent = ";padding-left:1.6em" if text.startswith("  ") else ""
    side = "right" if column else "left"
    return f'<{tag} style="{style.format(side=side)}{indent}">{escape(text.strip())}</{tag}>'

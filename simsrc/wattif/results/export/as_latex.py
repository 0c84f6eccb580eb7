"""A LaTeX table with booktabs rules: plain numbers, with the digits that their errors support."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from wattif import __version__
from wattif.errors import ResultError
from wattif.format import format_value
from wattif.results.export.request import Cell, Request
from wattif.results.export.tables import inputs_table
from wattif.results.render import headers, lines, notes
from wattif.results.summary import summary
from wattif.wording import Wording

_MARK = "% Written by wattif"
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    **{sign: f"\\{sign}" for sign in "_&%$#"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{sign: f"{{{sign}}}" for sign in "[]*"},  # \\ takes what follows for its own
    # what pdflatex has no letter for
    "\u2212": "$-$",
    "\u221e": r"$\infty$",
    "\u00d7": r"$\times$",
    "\u00b5": r"\textmu{}",
}
_POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def write_latex(request: Request, path: Path) -> None:
    r"""Write a table to be taken in by \input.

    Raises
    ------
    ResultError
        If draws are asked for: no page holds them.
    """
    if request.what == "draws":
        raise ResultError(
            "draws make no LaTeX table; expected summary or inputs, or csv, json, parquet, xlsx"
        )
    body = _summary(request) if request.what == "summary" else _inputs(request)
    head = [rf"{_MARK} {__version__} export; needs \usepackage{{booktabs}}.", r"\begin{table}"]
    text = "\n".join([*head, *body, r"\end{table}", ""])
    path.write_text(text, encoding="utf-8")


def _summary(request: Request) -> Iterator[str]:
    table = summary(request.tree, request.language)
    _, median, interval, _ = headers(table)
    caption = Wording(request.language)("summary.caption", level=table.level)
    yield from _start(f"{table.title}. {caption}", "lrr", ("", median, interval))
    for kind, cells in lines(table):
        if kind == "gap":
            yield r"    \addlinespace"
        elif kind == "heading":
            yield rf"    \multicolumn{{3}}{{l}}{{{escape(cells[0])}}} \\"
        else:
            yield _row(cells[:3])
    yield from _end([*notes(table), table.made])


def _inputs(request: Request) -> Iterator[str]:
    table, say = inputs_table(request), Wording(request.language)
    cells = {column.name: column.cells for column in table.columns}
    names = [say(f"summary.{name}") for name in ("quantity", "value", "source", "grade")]
    layout = r"p{.28\textwidth}p{.24\textwidth}p{.34\textwidth}l"
    yield from _start(summary(request.tree, request.language).title, layout, names)
    for row in range(len(cells["quantity"])):
        found = {name: str(column[row]) for name, column in cells.items()}
        label = found["label"] or found["name"]
        whose = f" ({found['system']})" if found["system"] else ""
        value = _value(found, cells["mean"][row], say("summary.absent"))
        yield _row((label + whose, value, found["source"], found["grade"]))
    yield from _end([])


def _value(found: Mapping[str, str], mean: Cell, absent: str) -> str:
    """Return what was stated of an input; a constant is its own mean."""
    if found["kind"] == "absent":
        return f"{absent}: {found['reading']}"
    if found["kind"] == "constant" and isinstance(mean, float):
        return format_value(mean, found["unit"], 0.0)
    return found["stated"] or found["reading"]


def _start(caption: str, layout: str, names: Sequence[str]) -> list[str]:
    return [
        r"  \centering",
        rf"  \caption{{{escape(caption)}}}",
        rf"  \begin{{tabular}}{{{layout}}}",
        r"    \toprule",
        _row(names),
        r"    \midrule",
    ]


def _row(cells: Sequence[str]) -> str:
    indent = r"\quad " if cells[0].startswith("  ") else ""
    return f"    {indent}{' & '.join(escape(cell) for cell in cells)} \\\\"


def _end(small: list[str]) -> list[str]:
    texts = [rf"  \par {escape(text)}" for text in small]
    below = [r"  \par\smallskip\footnotesize", *texts] if texts else []
    return [r"    \bottomrule", r"  \end{tabular}", *below]


def escape(text: str) -> str:
    """Return a text as LaTeX prints it: no character of it is a command, none ends the line."""
    line = " ".join(text.split())
    printable = "".join(sign for sign in line if unicodedata.category(sign) not in ("Cc", "Cf"))
    escaped = "".join(_SPECIAL.get(sign, sign) for sign in printable)
    return re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"$^{{{found[0].translate(_POWERS)}}}$", escaped)


def is_own_latex(path: Path) -> bool:
    """Tell whether a file starts as an export does."""
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK.encode()

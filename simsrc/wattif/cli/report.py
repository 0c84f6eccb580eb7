"""``wattif report``: a result as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from wattif.api import open_result
from wattif.cli.arguments import Out
from wattif.cli.terminal import show
from wattif.report import Contents, build_report, check_report, save_report
from wattif.results.scenarios import one_of
from wattif.wording import Language


def report(
    result: Path,
    /,
    *,
    out: Out = None,
    lang: Language = "en",
    quantity: Annotated[tuple[str, ...], Parameter(consume_multiple=False)] = (),
    system: Annotated[tuple[str, ...], Parameter(consume_multiple=False)] = (),
    scenario: str | None = None,
) -> None:
    """Write a result as one HTML file that can be mailed, read offline and printed.

    Parameters
    ----------
    result
        A file that `wattif run` wrote.
    out
        The report; beside the result, as .html or .es.html, unless given.
    lang
        Language of the report.
    quantity
        Only this quantity; may be given again, and sets the order.
    system
        Only this system; may be given again, and sets the order.
    scenario
        Which one of the study's scenarios, by its label.
    """
    tree = one_of(open_result(result), scenario)
    target = _beside(result, lang) if out is None else out
    name = str(tree.attrs["name"])
    check_report(target, name)
    html = build_report(tree, Contents(lang, quantity, system, result.name))
    show(str(save_report(html, target, name)))


def _beside(result: Path, language: Language) -> Path:
    return result.with_suffix(".html" if language == "en" else f".{language}.html")

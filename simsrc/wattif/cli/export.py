"""``wattif export``: a result as CSV, Excel, Parquet, JSON or LaTeX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from wattif.api import export as exported
from wattif.api import open_result
from wattif.cli.arguments import Out
from wattif.cli.terminal import show
from wattif.errors import ResultError
from wattif.results.export.export import suffix_of
from wattif.results.export.request import To, What
from wattif.results.scenarios import one_of
from wattif.wording import Language


def export(
    result: Path,
    /,
    *,
    to: To | None = None,
    what: What = "summary",
    out: Out = None,
    language: Annotated[Language, Parameter(name=["--language", "-l"])] = "en",
    scenario: str | None = None,
) -> None:
    """Write a result as CSV, Excel, Parquet, JSON or LaTeX.

    An earlier export in the same format is replaced; any other file is left alone.

    Parameters
    ----------
    result
        A file that `wattif run` wrote.
    to
        The format; that of the ending of --out, or csv, unless given.
    what
        The summary with its standard errors, the kept draws, or the inputs with their sources.
    out
        The file; beside the result, as RESULT-WHAT, unless given.
    language
        Of the labels.
    scenario
        Which one of the study's scenarios, by its label.
    """
    target = _beside(result, what, to or "csv") if out is None else out
    if to is not None and target.suffix.lower() != suffix_of(to):
        raise ResultError(
            f"{target}: --to {to} writes {suffix_of(to)}; change --out or leave out --to"
        )
    show(str(exported(one_of(open_result(result), scenario), target, what, language=language)))


def _beside(result: Path, what: What, to: To) -> Path:
    return result.with_name(f"{result.stem}-{what}{suffix_of(to)}")

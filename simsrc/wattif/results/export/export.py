"""Export a part of a result: choose the format, look at what lies there, write it whole."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from wattif.errors import ResultError
from wattif.results.export.as_csv import is_own_csv, write_csv
from wattif.results.export.as_excel import is_own_excel, write_excel
from wattif.results.export.as_json import is_own_json, write_json
from wattif.results.export.as_latex import is_own_latex, write_latex
from wattif.results.export.as_parquet import is_own_parquet, write_parquet
from wattif.results.export.request import WHATS, Format, Request, To, What
from wattif.results.files import whole_file
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

_FORMATS: dict[To, Format] = {
    "csv": Format(".csv", write_csv, is_own_csv),
    "xlsx": Format(".xlsx", write_excel, is_own_excel),
    "parquet": Format(".parquet", write_parquet, is_own_parquet),
    "json": Format(".json", write_json, is_own_json),
    "latex": Format(".tex", write_latex, is_own_latex),
}


def export(
    tree: DataTree,
    path: str | os.PathLike[str],
    what: What = "summary",
    *,
    language: Language = "en",
) -> Path:
    """Write a part of a result as CSV, Excel, Parquet, JSON or LaTeX, and return the path.

    The file appears only when it is complete. An earlier export in the same format is replaced;
    anything else that lies there is left alone and refused.

    Parameters
    ----------
    tree
        The result.
    path
        The file; its ending says the format: .csv, .xlsx, .parquet, .json or .tex.
    what
        "summary", a row a quantity and system, with standard errors; "draws", the kept draws;
        "inputs", what was assumed, with sources and grades.
    language
        Of the labels, "en" or "es".

    Raises
    ------
    ResultError
        If the format is not known or needs what is not installed, if something else lies at
        ``path``, or if it cannot be written.
    """
    target = Path(path)
    if what not in WHATS:
        raise ResultError(f"what is '{what}'; expected {_listed(WHATS)}{_near(what, WHATS)}")
    form = _format_of(target)
    _check_target(target, form)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as file:
            form.write(Request(tree, what, language), file)
    except OSError as error:
        raise ResultError(f"{target}: cannot be written ({error.strerror or error})") from None
    return target


def suffix_of(to: To) -> str:
    """Return the ending of a format's files."""
    return _FORMATS[to].suffix


def _format_of(target: Path) -> Format:
    by_suffix = {form.suffix: form for form in _FORMATS.values()}
    suffix = target.suffix.lower()
    if suffix not in by_suffix:
        found = f"ends in '{suffix}'" if suffix else "has no ending"
        expected = f"expected {_listed(by_suffix)}"
        raise ResultError(f"{target}: {found}; {expected}{_near(suffix, by_suffix)}")
    return by_suffix[suffix]


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


def _near(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _check_target(target: Path, form: Format) -> None:
    if target.is_symlink():
        raise ResultError(f"{target}: is a symbolic link, which is not followed; choose another")
    if target.is_dir():
        raise ResultError(f"{target}: is a folder; expected the name of a file")
    if target.exists() and not form.is_own(target):
        raise ResultError(
            f"{target}: exists and is not an earlier export of wattif, so it is not overwritten; "
            "move it away or choose another name"
        )

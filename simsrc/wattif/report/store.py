"""A report on disk: one HTML file, written whole or not at all, over nothing but its own kind."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

from wattif.errors import ResultError
from wattif.results.files import whole_file

MARK = "wattif-report"  # the name of the meta element that says whose report it is
_HEAD = 65_536  # characters in which that element stands


def save_report(html: str, path: str | os.PathLike[str], name: str) -> Path:
    """Write the report of a study to ``path`` and return it as a Path; folders are made as needed.

    Raises
    ------
    ResultError
        If something else lies at ``path``, or it cannot be written.
    """
    target = Path(path)
    check_report(target, name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as part:
            part.write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ResultError(f"{target}: cannot be written ({error.strerror or error})") from None
    return target


def check_report(target: Path, name: str) -> None:
    """Raise ResultError unless a report of the study may be written to ``target``."""
    if target.suffix.lower() not in (".html", ".htm"):
        raise ResultError(f"{target}: a report's name ends in .html")
    if target.is_symlink():
        raise ResultError(
            f"{target}: is a symbolic link, which is not followed; choose another --out"
        )
    if not target.exists():
        return
    if target.is_dir():
        raise ResultError(f"{target}: is a folder; give --out the name of a file")
    found = _study_of(target)
    if found is None:
        raise ResultError(
            f"{target}: exists and is not a report of wattif, so it is not overwritten; "
            "move it away or choose another --out"
        )
    if found != name:
        raise ResultError(
            f"{target}: holds a report of the study '{found}', not of '{name}', so it is not "
            "overwritten; choose another --out"
        )


class _Head(HTMLParser):
    """Finds the mark of a report."""

    study: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the content of the meta element that carries the mark."""
        found = dict(attrs)
        if tag == "meta" and found.get("name") == MARK and self.study is None:
            self.study = found.get("content") or ""


def _study_of(target: Path) -> str | None:
    head = _Head()
    try:
        with target.open(encoding="utf-8") as file:
            head.feed(file.read(_HEAD))
    except (OSError, UnicodeDecodeError):
        return None
    return head.study

"""Files that travel inside the report: the summary as CSV, the study as TOML."""

from __future__ import annotations

import base64
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wattif.results.export.as_csv import write_csv
from wattif.results.export.request import Request
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree


@dataclass(frozen=True)
class Download:
    """A file in the page: what it is (a message), its name, its ``data:`` address."""

    message: str
    name: str
    address: str


def make_downloads(tree: DataTree, language: Language) -> list[Download]:
    """Return the downloads of a report; no study where the result has no text of it.

    The summary is the very file that ``wattif export`` writes.
    """
    name = re.sub(r"[^\w.-]", "-", str(tree.attrs["name"])) or "study"
    table = _address("text/csv", _summary(tree, language))
    files = [Download("report.download_csv", f"{name}.csv", table)]
    if text := str(tree.attrs["study"]):
        study = _address("application/toml", text.encode("utf-8"))
        files.append(Download("report.download_toml", f"{name}.toml", study))
    return files


def _summary(tree: DataTree, language: Language) -> bytes:
    with tempfile.TemporaryDirectory(prefix="wattif-") as folder:
        path = Path(folder) / "summary.csv"
        write_csv(Request(tree, "summary", language), path)
        return path.read_bytes()


def _address(kind: str, content: bytes) -> str:
    encoded = base64.b64encode(content).decode("ascii")
    return f"data:{kind};charset=utf-8;base64,{encoded}"

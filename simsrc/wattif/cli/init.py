"""``wattif init``: a small commented study to begin with, and the schema for the editor."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from wattif.cli.terminal import note, show
from wattif.errors import ResultError

_SCHEMA = "wattif.schema.json"


def init(path: Path = Path("study.toml"), /) -> None:
    """Write a small study to begin with, and the schema that lets an editor check it.

    Nothing is ever overwritten.

    Parameters
    ----------
    path
        The study to write; study.toml unless given.
    """
    from wattif.language.schema import json_schema

    if path.suffix != ".toml":
        raise ResultError(f"{path}: a study's name ends in .toml")
    starter = files("wattif.cli").joinpath("starter.toml").read_text(encoding="utf-8")
    _write_new(path, starter)
    beside = path.parent / _SCHEMA
    also = ""
    if beside.exists():
        note(f"{beside} is there already and was left as it is; `wattif schema` prints the newest")
    else:
        _write_new(beside, json.dumps(json_schema(), indent=1) + "\n")
        also = f" and {beside}, by which an editor checks it"
    show(f"Wrote {path}{also}. Edit it, then:", f"  wattif check {path}", f"  wattif run {path}")


def _write_new(path: Path, text: str) -> None:
    """Write a file that must not exist; a link, even to nowhere, counts as existing."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ResultError(f"{path}: exists already, and is not overwritten; name another") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be written ({error.strerror or error})") from None

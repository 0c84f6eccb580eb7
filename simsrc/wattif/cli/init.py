"""``wattif init``: a study to begin with, small or packaged, and the schema for the editor."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from wattif.cli.terminal import note, show
from wattif.errors import ResultError
from wattif.language.complaints import nearest
from wattif.library import packaged_studies, read_study

_SCHEMA = "wattif.schema.json"
_SCHEMA_LINE = f"#:schema {_SCHEMA}\n"  # by which editors find it


def init(
    path: Path | None = None,
    /,
    *,
    packaged: Annotated[str | None, Parameter(name="--from")] = None,
) -> None:
    """Write a study to begin with, and the schema that lets an editor check it.

    Nothing is ever overwritten.

    Parameters
    ----------
    path
        The study to write; study.toml, or NAME.toml with --from NAME, unless given.
    packaged
        A packaged study to begin with, such as my-service (`wattif list studies`); a small
        commented one unless given.
    """
    from wattif.language.schema import json_schema

    text = _starter() if packaged is None else _packaged(packaged)
    path = path or Path(f"{packaged or 'study'}.toml")
    if path.suffix != ".toml":
        raise ResultError(f"{path}: a study's name ends in .toml")
    _write_new(path, text)
    beside = path.parent / _SCHEMA
    also = ""
    if beside.exists():
        note(f"{beside} is there already and was left as it is; `wattif schema` prints the newest")
    else:
        _write_new(beside, json.dumps(json_schema(), indent=1) + "\n")
        also = f" and {beside}, by which an editor checks it"
    show(f"Wrote {path}{also}. Edit it, then:", f"  wattif check {path}", f"  wattif run {path}")


def _starter() -> str:
    return files("wattif.cli").joinpath("starter.toml").read_text(encoding="utf-8")


def _packaged(name: str) -> str:
    """Return the text of a packaged study, with the line by which editors find the schema.

    Raises
    ------
    ResultError
        If there is none of that name.
    """
    known = packaged_studies()
    if name not in known:
        advice = nearest(name, known) or f"packaged studies: {', '.join(known)}"
        raise ResultError(f"--from {name}: there is no packaged study of that name; {advice}")
    return _SCHEMA_LINE + read_study(name)[0]


def _write_new(path: Path, text: str) -> None:
    """Write a file that must not exist; a link, even to nowhere, counts as existing."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ResultError(f"{path}: exists already, and is not overwritten; name another") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be written ({error.strerror or error})") from None

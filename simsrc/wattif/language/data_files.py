"""Data files of a study: found inside its folder and nowhere else, read once, kept with the result.

Whoever runs a study may not have written it. So a file is named by a plain path below the study's
folder; what leads out of it, or is no ordinary file, is refused before it is opened.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from wattif.distributions.base import Array
from wattif.distributions.steps import MOST_VALUES
from wattif.language.complaints import Complaint, RefusedError, found_words, nearest
from wattif.language.data_formats import ENDINGS, DataError, read_column
from wattif.language.positions import KeyPath

LARGEST = 100_000_000  # bytes of a file
_LONGEST = 255  # characters of a name
_HINT = 'name a file beside the study, or in a folder below it: file = "data/tokens.csv"'


class StoredDataError(ValueError):
    """Data of a stored study that cannot be read back."""


@dataclass(frozen=True, eq=False)
class Column:
    """Numbers of one column, and the SHA-256 of the file they stood in."""

    values: Array
    sha256: str


@dataclass
class DataShelf:
    """Where data come from: the study's ``folder``, or a ``stored`` study that brought them.

    ``folder`` is None for a study that is no file. ``taken`` has what was read, by (file, column).
    """

    folder: Path | None = None
    stored: Mapping[tuple[str, str], Column] | None = None
    taken: dict[tuple[str, str], Column] = field(default_factory=dict)

    def take(self, file: object, column: object, path: KeyPath, column_key: str) -> Column:
        """Return a column of a file, both as a study names them at ``path``."""
        name = _checked_name(file, (*path, "file"))
        if not isinstance(column, str):
            message = f"{column_key} is {found_words(column)}; expected the name of a column"
            raise RefusedError(Complaint((*path, column_key), message))
        if (name, column) not in self.taken:
            self.taken[name, column] = self._read(name, column, path, column_key)
        return self.taken[name, column]

    def _read(self, name: str, column: str, path: KeyPath, column_key: str) -> Column:
        if self.stored is not None:
            if (name, column) in self.stored:
                return self.stored[name, column]
            message = f"{name}, column {column}, is not among the data of this result"
            raise RefusedError(Complaint((*path, "file"), message))
        if self.folder is None:
            message = "a study that is no file has no folder to find a file in"
            hint = "give the numbers themselves: values = [...]"
            raise RefusedError(Complaint((*path, "file"), message, hint))
        content = _content(self.folder, name, (*path, "file"))
        try:
            values = read_column(name, content, column)
        except DataError as error:
            at = (*path, column_key if error.is_column else "file")
            raise RefusedError(Complaint(at, error.message, error.hint)) from None
        return Column(values, hashlib.sha256(content).hexdigest())

    def packed(self) -> list[dict[str, Any]]:
        """Return what was taken as plain data, bit for bit."""
        return [
            {
                "file": file,
                "column": name,
                "sha256": column.sha256,
                "float64": base64.b64encode(column.values.astype("<f8").tobytes()).decode(),
            }
            for (file, name), column in self.taken.items()
        ]


def unpacked(stored: object) -> dict[tuple[str, str], Column]:
    """Return the columns of a stored study.

    Raises
    ------
    StoredDataError
        If they are not what ``packed`` returns.
    """
    try:
        return {(one["file"], one["column"]): _unpacked(one) for one in stored}  # type: ignore[attr-defined]
    except (KeyError, TypeError, ValueError) as error:
        raise StoredDataError(f"data that cannot be read: {error}") from None


def _unpacked(one: Mapping[str, str]) -> Column:
    values = np.frombuffer(base64.b64decode(one["float64"], validate=True), "<f8")
    if not (0 < values.size <= MOST_VALUES and np.all(np.isfinite(values))):
        raise ValueError(f"{one['file']} has values that are none")
    return Column(values.astype(np.float64), str(one["sha256"]))


def _checked_name(name: object, at: KeyPath) -> str:
    """Return the name of a file, or refuse one that could mean anything but a file below here."""
    if not isinstance(name, str) or not name:
        message = f"file is {found_words(name) if name else 'empty'}; expected the name of a file"
        raise RefusedError(Complaint(at, message, _HINT))
    parts = name.split("/")
    why = ""
    if len(name) > _LONGEST:
        why = f"is a name of {len(name):,} characters"
    elif "\\" in name or ":" in name:
        why = "has a backslash or a colon in it; folders are separated by /"
    elif PurePosixPath(name).is_absolute():
        why = "is an absolute path"
    elif ".." in parts:
        why = "leads out of the study's folder"
    elif any(part.startswith((".", "~")) or part != part.strip() or not part for part in parts):
        why = "is hidden, or no plain name"
    elif re.search(r"[^ -~\u00a1-\U0010ffff]", name):
        why = "has characters that cannot be seen"
    if why:
        raise RefusedError(Complaint(at, f"file {found_words(name)[9:]} {why}", _HINT))
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        message = f"file {found_words(name)[9:]} is none of {', '.join(ENDINGS)}"
        raise RefusedError(Complaint(at, message))
    return name


def _content(folder: Path, name: str, at: KeyPath) -> bytes:
    """Return the bytes of a file below a folder."""
    shown = f'"{name}"'
    try:
        home = folder.resolve(strict=True)
        target = (home / name).resolve(strict=True)
    except FileNotFoundError:
        raise _missing(folder, name, at) from None
    except (OSError, RuntimeError, ValueError) as error:
        words = getattr(error, "strerror", None) or "its links go round in a circle"
        raise RefusedError(Complaint(at, f"file {shown} cannot be read: {words}")) from None
    if not target.is_relative_to(home):
        message = f"file {shown} is a link that leads out of the study's folder"
        raise RefusedError(Complaint(at, message, _HINT))
    try:
        # Without waiting for the other end, if it turned into a pipe; nor through a new link.
        handle = os.open(target, os.O_RDONLY | _FLAGS)
        with os.fdopen(handle, "rb") as stream:
            return _checked_content(stream.fileno(), stream.read, shown, at)
    except OSError as error:
        message = f"file {shown} cannot be read: {error.strerror or error}"
        raise RefusedError(Complaint(at, message)) from None


_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _checked_content(handle: int, read: Any, shown: str, at: KeyPath) -> bytes:
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(Complaint(at, f"file {shown} is no ordinary file", _HINT))
    if found.st_size > LARGEST:
        message = f"file {shown} is {found.st_size / 1e6:,.0f} MB large"
        hint = "keep the column that is needed, or a sample of its rows"
        raise RefusedError(Complaint(at, f"{message}; at most {LARGEST / 1e6:g} MB are read", hint))
    content: bytes = read(LARGEST + 1)
    return content


def _missing(folder: Path, name: str, at: KeyPath) -> RefusedError:
    place = folder / PurePosixPath(name).parent
    try:
        names = [one.name for one in place.iterdir() if one.suffix.lower() in ENDINGS]
    except OSError:
        names = []
    hint = nearest(PurePosixPath(name).name, names) or _HINT
    return RefusedError(Complaint(at, f'no file "{name}" in the folder of the study', hint))

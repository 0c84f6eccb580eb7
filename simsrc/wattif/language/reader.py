"""Read a study: bytes on disk, or a dict, to plain data, with every way to fail told in one place.

What is too large, nested too deeply or not text is refused before it is parsed, so that no file can
hang or crash the reader. tomli decides what the file says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import tomli

from wattif.errors import Problem, StudyError
from wattif.language.complaints import dotted, nearest
from wattif.language.positions import KeyPath, Positions

LARGEST = 1_000_000  # bytes: a thousand times a long study
DEEPEST_KEY = 20  # parts of a dotted key; tomli's time grows with a power of them
DEEPEST = 100  # tables and lists inside each other


@dataclass(frozen=True)
class Source:
    """A study as it was found: file name for messages, text ("" for a dict), and its data."""

    file: str
    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    @cached_property
    def positions(self) -> Positions:
        """Where keys and values stand in the text."""
        return Positions(self.text)


def read(path: str | os.PathLike[str]) -> Source:
    """Read a TOML file.

    Raises
    ------
    StudyError
        If there is no such file, or it is too large, not UTF-8, or not TOML.
    """
    file = _escaped(os.fspath(path))
    return read_text(_decode(_bytes(Path(path), file), file), file)


def read_text(text: str, file: str = "<study>") -> Source:
    """Read a study from TOML text; ``file`` names it in messages."""
    for check in (_hidden_characters, _excess):
        if problem := check(text):
            raise StudyError((problem,), file, text)
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        problem = Problem(
            f"not valid TOML: {_lower(error.msg)}",
            line=error.lineno,
            column=error.colno,
            hint=_toml_advice(text, error),
        )
        raise StudyError((problem,), file, text) from None
    except (ValueError, RecursionError) as error:  # not reached by what _excess lets through
        raise StudyError((Problem(f"not readable as TOML: {error}"),), file, text) from None
    return _checked(Source(file, text, data))


def read_mapping(mapping: Mapping[str, object]) -> Source:
    """Take a study from a mapping of the same shape as the file; its numbers may be numpy's."""
    try:
        data = _plain(mapping, 0)
    except _TooDeepError:
        raise StudyError((Problem(f"nested more than {DEEPEST} deep"),)) from None
    return _checked(Source("<study>", "", data))


def _bytes(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise _refusal(file, "is a folder; expected a TOML file")
        if path.exists() and not path.is_file():  # a device or pipe may never end
            raise _refusal(file, "is not a regular file; expected a TOML file")
        if path.stat().st_size > LARGEST:
            size = path.stat().st_size / 1e6
            raise _refusal(file, f"is {size:,.1f} MB large; a study may have {LARGEST / 1e6:g} MB")
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except FileNotFoundError:
        names = [p.name for p in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise _refusal(file, "no such file", nearest(path.name, names)) from None
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _refusal(file, f"cannot be read: {words}") from None


def _refusal(file: str, message: str, hint: str = "") -> StudyError:
    return StudyError((Problem(message, hint=hint),), file)


_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "UTF-8 with a byte order mark",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def _decode(content: bytes, file: str) -> str:
    hint = "save the file as UTF-8, without a byte order mark"
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            raise _refusal(file, f"is encoded as {name}; expected plain UTF-8", hint)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        found = f"byte 0x{content[error.start]:02x} is not UTF-8"
        raise StudyError((Problem(found, line=line, column=column, hint=hint),), file) from None


# Characters that reorder or hide text on a screen, and control characters other than tab and line
# ends: a reader would not see what the program sees.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _hidden_words(character: str) -> str:
    kind = "a control" if ord(character) < 0xA0 else "an invisible text-direction or line-breaking"
    return f"{kind} character, U+{ord(character):04X}, is not allowed anywhere in a study"


def _escaped(words: str) -> str:
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", words)


def _hidden_characters(text: str) -> Problem | None:
    if found := _HIDDEN.search(text):
        return _problem_at(text, found.start(), _hidden_words(found[0]), "remove it")
    return None


# Strings and comments, each to its end or to where TOML must give up anyway, so the scan is linear.
_OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|' + r"'''.*?(?:'''|\Z)|"
    r'"(?:\\.|[^"\\\n])*"?|' + r"'[^'\n]*'?|#[^\n]*",
    re.DOTALL,
)
_DOTTED = re.compile(r"[\w\-'. \t]+")
_LONG_NUMBER = re.compile(r"[\d_]{300,}")  # no float is that large, and int() refuses 4,300 digits


def _excess(text: str) -> Problem | None:
    """Find numbers too long, keys of too many parts and brackets too deep, without parsing."""
    bare = _OPAQUE.sub(lambda match: "'" * len(match[0]), text)
    if digits := _LONG_NUMBER.search(bare):
        return _problem_at(
            text, digits.start(), f"a number of {len(digits[0]):,} digits is too long"
        )
    for run in _DOTTED.finditer(bare):
        if (parts := run[0].count(".") + 1) > DEEPEST_KEY:
            words = f"a key of {parts:,} parts; at most {DEEPEST_KEY} are allowed"
            return _problem_at(text, run.start(), words)
    depth = 0
    for bracket in re.finditer(r"[\[{\]}]", bare):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        if depth > DEEPEST:
            return _problem_at(text, bracket.start(), f"nested more than {DEEPEST} deep")
    return None


def _problem_at(text: str, place: int, message: str, hint: str = "") -> Problem:
    line = text.count("\n", 0, place) + 1
    return Problem(message, line=line, column=place - text.rfind("\n", 0, place), hint=hint)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _toml_advice(text: str, error: tomli.TOMLDecodeError) -> str:
    if "Cannot declare" in error.msg or "Cannot overwrite" in error.msg:
        return "the same name is defined twice; rename or remove one of them"
    line = text.split("\n")[error.lineno - 1] if error.lineno <= text.count("\n") + 1 else ""
    if "=" in line and ("Invalid value" in error.msg or "Expected newline" in error.msg):
        return 'text stands between quotation marks: name = "20_000 to 30_000 USD"'
    return ""


def _checked(source: Source) -> Source:
    """Refuse hidden characters that an escape sequence or a dict brought in."""
    for path, text, is_key in _texts(source.data):
        if found := _HIDDEN.search(text):
            at = source.positions
            span = at.key(path) if is_key else at.value(path)
            name = "in a name, which may have ASCII letters, digits and '_': " if is_key else ""
            message = name + _hidden_words(found[0])
            problem = Problem(message, dotted(path), span.line, span.column, span.end, "remove it")
            raise StudyError((problem,), source.file, source.text)
    return source


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield every string with its path, and whether it is a key."""
    stack: list[tuple[KeyPath, Any]] = [((), data)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, str):
            yield path, value, False
        elif isinstance(value, dict):
            yield from (((*path, key), key, True) for key in value)
            stack += [((*path, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            stack += [((*path, place), item) for place, item in enumerate(value)]


class _TooDeepError(Exception):
    pass


def _plain(value: object, depth: int) -> Any:
    """Return value with mappings as dict, sequences as list and numbers as int or float."""
    if depth > DEEPEST:
        raise _TooDeepError
    if isinstance(value, Mapping):
        return {str(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else value

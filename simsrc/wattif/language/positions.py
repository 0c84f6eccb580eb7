"""Where things stand in a study's text: line and columns of every key, value and table header.

Needed only when something is wrong, so nothing is computed before somebody asks. The values of a
study never come from here: toml-rs points at things, tomli alone says what the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

KeyPath = tuple[str | int, ...]  # ("systems", "gpt-4", "uses", 0)


@dataclass(frozen=True)
class Span:
    """A stretch of one line: ``column`` counts from 1, ``end`` is one past; 0 is unknown."""

    line: int = 0
    column: int = 0
    end: int = 0


@dataclass(frozen=True)
class Entry:
    """Where a key and its value stand; ``raw`` is the value as it is written."""

    key: Span = Span()
    value: Span = Span()
    raw: str = ""


@dataclass(frozen=True)
class Positions:
    """Positions in a TOML text, found when first asked for. An empty text has none."""

    text: str = field(repr=False)

    def key(self, path: KeyPath) -> Span:
        """Return where a key stands, or the nearest table around it."""
        entry = self._nearest(path)
        return entry.key if entry.key.line else entry.value

    def value(self, path: KeyPath) -> Span:
        """Return where a value stands, or else its key, or the nearest table around it."""
        entry = self._nearest(path)
        return entry.value if entry.value.column else entry.key

    def inside(self, path: KeyPath, first: int, last: int) -> Span:
        """Return where characters ``first`` to ``last`` (from 1, included) of a string stand."""
        whole = self.value(path)
        raw = self._entries.get(path, Entry()).raw
        plain = raw[:1] in "\"'" and raw[:3] not in ('"""', "'''") and not set(raw) & {"\\", "\n"}
        if not (raw and plain and 0 < first <= last):
            return whole
        start = whole.column + first
        return Span(whole.line, min(start, whole.end), min(start + last - first + 1, whole.end))

    def _nearest(self, path: KeyPath) -> Entry:
        if path not in self._entries and (first := self._first_inside(path)):
            return first
        for length in range(len(path), 0, -1):
            entry = self._entries.get(path[:length], Entry())
            if entry.key.line or entry.value.line:
                return entry
        return Entry()

    def _first_inside(self, path: KeyPath) -> Entry | None:
        """Return the first key of a table that has no header, as in ``run.seed = 1``."""
        inside = (entry for at, entry in self._entries.items() if at[: len(path)] == path)
        return next(inside, None)

    @cached_property
    def _entries(self) -> dict[KeyPath, Entry]:
        return _scan(self.text) | dict(_toml_rs_entries(self.text))


def _toml_rs_entries(text: str) -> Iterator[tuple[KeyPath, Entry]]:
    try:
        from toml_rs import load_with_metadata

        nodes = load_with_metadata(text).meta["nodes"]
        lines = text.split("\n")
        yield from list(_walk(nodes, (), lines))
    except Exception:  # a young library, and only the caret hangs on it
        return


def _walk(nodes: Mapping[str, Any], path: KeyPath, lines: list[str]) -> Iterator[Any]:
    for key, node in nodes.items():
        if isinstance(node.get("key_raw"), str):  # else a table, whose keys may be called anything
            yield from _entry(node, (*path, key), lines)
        else:
            yield from _walk(node, (*path, key), lines)


def _entry(node: Mapping[str, Any], path: KeyPath, lines: list[str]) -> Iterator[Any]:
    yield (
        path,
        Entry(_span(node, "key", lines), _span(node, "value", lines), node.get("value_raw", "")),
    )
    value = node["value"]
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _entry(item, (*path, place), lines)
    elif isinstance(value, dict):
        yield from _walk(value, path, lines)


def _span(node: Mapping[str, Any], what: str, lines: list[str]) -> Span:
    line, columns = node.get(f"{what}_line", 0), node.get(f"{what}_col", 0)
    if not line or isinstance(line, tuple):  # a value over several lines has no one stretch
        return Span()
    first, last = columns if isinstance(columns, tuple) else (columns, columns)
    row = lines[line - 1].encode() if 0 < line <= len(lines) else b""
    return Span(line, _characters(row, first), _characters(row, last) + 1)


def _characters(row: bytes, column: int) -> int:
    """Return a column in characters; toml-rs counts bytes."""
    return len(row[:column].decode(errors="replace"))


_NAME = r"""(?:"[^"\\\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_PATH = rf"({_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)"
_LINE = re.compile(rf"[ \t]*(?:\[[ \t]*{_PATH}[ \t]*\][ \t]*(?:#.*)?\r?$|{_PATH}[ \t]*=)")


def _scan(text: str) -> dict[KeyPath, Entry]:
    """Return where headers ``[a.b]`` and keys at the start of a line stand.

    toml-rs leaves headers out; the keys serve where it is not to be had.
    """
    found: dict[KeyPath, Entry] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _LINE.match(line):
            group = match.lastindex or 0
            parts = tuple(part.strip("\"'") for part in re.findall(_NAME, match[group]))
            table, path = (parts, parts) if group == 1 else (table, (*table, *parts))
            span = Span(number, match.start(group) + 1, match.end(group) + 1)
            found.setdefault(path, Entry(span))
    return found

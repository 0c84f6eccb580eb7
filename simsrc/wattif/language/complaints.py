"""What is wrong with a study, collected as found and turned into one error with places.

A complaint names a key path; line and column are looked up only when it is certain that the study
is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from math import isfinite
from typing import Literal

from wattif.errors import Problem
from wattif.language.positions import KeyPath, Positions, Span

MOST = 100  # complaints of one kind: seeking near spellings for thousands would take minutes


@dataclass(frozen=True)
class Complaint:
    """One thing wrong at a key path.

    ``at`` says whether the key or its value is to blame. ``first`` and ``last`` are the characters
    of a string to point at, counted from 1; 0 for the whole of it.
    """

    path: KeyPath
    message: str
    hint: str = ""
    at: Literal["key", "value"] = "value"
    first: int = 0
    last: int = 0


class RefusedError(Exception):
    """A complaint on its way from where it is found to where complaints are collected."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.message)
        self.complaint = complaint


def problems(complaints: Iterable[Complaint], positions: Positions) -> tuple[Problem, ...]:
    """Return complaints with their places, each once, in the order of the file."""
    located = dict.fromkeys(_located(complaint, positions) for complaint in complaints)
    return tuple(sorted(located, key=lambda problem: (problem.line, problem.column)))


def _located(complaint: Complaint, positions: Positions) -> Problem:
    span = _span(complaint, positions)
    return Problem(
        message=complaint.message,
        key=dotted(complaint.path),
        line=span.line,
        column=span.column,
        end_column=span.end,
        hint=complaint.hint,
    )


def _span(complaint: Complaint, positions: Positions) -> Span:
    if complaint.at == "key":
        return positions.key(complaint.path)
    if complaint.first:
        return positions.inside(complaint.path, complaint.first, complaint.last)
    return positions.value(complaint.path)


def dotted(path: KeyPath) -> str:
    """Return a key path as one would write it: ``systems.gpt-4.uses[0]``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def _quoted(part: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_-]+", part):
        return part
    return ascii(part) if len(part) <= 40 else ascii(part[:40] + "...")


def found_words(value: object) -> str:
    """Return in words what was found in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        shown = value if len(value) <= 40 else value[:40] + "..."
        return f'the text "{shown}"'
    if isinstance(value, float):
        return f"{value:g}" + ("" if isfinite(value) else ", which is not finite")
    if isinstance(value, int):
        return f"{value:_}" if abs(value) < 10**20 else "a number of more than 20 digits"
    kinds = {dict: "a table", list: "a list", date: "a date", time: "a time"}
    words = (words for kind, words in kinds.items() if isinstance(value, kind))
    return next(words, f"a value of type {type(value).__name__}")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "did you mean 'price'?" for the nearest known spelling, or nothing."""
    spelling = nearest_spelling(name, known)
    return f"did you mean {spelling!r}?" if spelling else ""


def nearest_spelling(name: str, known: Iterable[str]) -> str:
    """Return the nearest known spelling, or nothing if none is near."""
    by_letters = {spelling.lower().replace("-", "_"): spelling for spelling in known}
    wanted = name[:100].lower().replace("-", "_")  # difflib is quadratic in the length
    close = get_close_matches(wanted, by_letters, n=1, cutoff=0.7)
    if not close and len(wanted) <= 3:  # where one letter is much of a name
        short = [spelling for spelling in by_letters if len(spelling) <= len(wanted) + 1]
        close = get_close_matches(wanted, short, n=1, cutoff=0.5)
    return by_letters[close[0]] if close else ""


def listed(words: Sequence[str], most: int = 8) -> str:
    """Return words as a list for a sentence, cut where it gets long."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more

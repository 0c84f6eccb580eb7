"""What every figure that ships with wattif must say: where it is from, and how good that is.

The tests hold the packaged files to these rules; each complaint says what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

_GRADES = 'grade = "A" (disclosed), "B" (estimated by a stated method) or "C" (a guess)'
_TEXTS = ("title", "description")
_STATED = ("value", "dist", "default")
_UNSEEN = re.compile(r"from memory|not seen")  # what a note says of a text that nobody opened


def source_complaints(sources: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is missing from a bibliography."""
    for key, entry in sources.items():
        for part, example in (
            ("title", 'title = "..."'),
            ("authors", 'authors = ["Family, Given"], or an organisation'),
            ("year", "year = 2024"),
        ):
            if not entry.get(part):
                yield f"sources.toml: {key} has no {part}: add {example}"
        if not any(entry.get(part) for part in ("arxiv", "doi", "url")):
            yield f"sources.toml: {key} has no locator: add arxiv, doi or url"


def figure_complaints(name: str, data: Mapping[str, Any], sources: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the figures of a data set."""
    known = list(sources)
    if not data.get("title"):
        yield f'{name}.toml: no title: add title = "..." at the top'
    for key, entry in data.items():
        if key in _TEXTS:
            continue
        if not isinstance(entry, Mapping) or not entry.get("quantities"):
            yield f"{name}.toml: {key} has no figures: add [{key}.quantities]"
            continue
        if not entry.get("label"):
            yield f'{name}.toml: {key} has no label: add label = "..."'
        for quantity, form in entry["quantities"].items():
            yield from _figure(f"{name}.toml: {key}.{quantity}", form, known)


def set_complaints(name: str, data: Mapping[str, Any], sources: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with an equation set: a formula needs a source, a default a grade."""
    known = list(sources)
    for key, form in data["quantities"].items():
        place = f"{name}.toml: {key}"
        if not {"en", "es"} <= dict(form.get("label", {})).keys():
            yield f'{place} needs a label in both languages: label = {{ en = "...", es = "..." }}'
        if not form.get("unit") and "value" not in form and "dist" not in form:
            yield f'{place} has no unit: add unit = "1" if it is a pure number'
        if "formula" in form:
            yield from _sourced(place, form, known)
        elif any(stated in form for stated in _STATED):
            yield from _figure(place, form, known)


def _figure(place: str, form: Any, known: list[str]) -> Iterator[str]:
    if not isinstance(form, Mapping):
        example = f'{{ value = {form!r}, source = "...", grade = "..." }}'
        yield f"{place} has no source: write {example}"
        return
    yield from _sourced(place, form, known)
    if form.get("grade") not in ("A", "B", "C"):
        yield f"{place} has no grade: add {_GRADES}"
    yield from _disclosed(place, form)
    if form.get("grade") == "C" and _is_constant(form) and not form.get("note"):
        yield f"{place} is a guess given as one number: add a note why, or write a range"
    undated = re.search(r"USD(?!_\d)", f"{form.get('value', '')} {form.get('unit', '')}")
    if undated and not re.search(r"\b(19|20)\d\d\b", form.get("note", "")):
        yield f'{place} is money without a year: write USD_2024, or note = "dollars of 2024"'


def _disclosed(place: str, form: Mapping[str, Any]) -> Iterator[str]:
    for part in ("source", "note"):
        unseen = _UNSEEN.search(str(form.get(part, "")))
        if unseen and form.get("grade") == "A":
            yield (
                f'{place} has grade A, but its {part} says "{unseen[0]}": write grade = "B", or '
                "look the figure up and say where it stands"
            )


def _is_constant(form: Mapping[str, Any]) -> bool:
    return "value" in form and " to " not in str(form["value"])


def _sourced(place: str, form: Mapping[str, Any], known: list[str]) -> Iterator[str]:
    source = form.get("source", "")
    if not source:
        yield f'{place} has no source: add source = "KEY", a key of library/sources.toml'
    for part in source.split("; ") if source else ():
        key = part.partition(": ")[0]
        if key not in known and key not in ("definition", "convention"):
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "add it there, with title and year"
            yield f"{place}: the source {key!r} is not in library/sources.toml; {hint}"

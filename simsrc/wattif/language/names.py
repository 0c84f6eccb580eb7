"""Which names quantities, systems, equation sets and data entries may have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wattif.language.complaints import Complaint, found_words
from wattif.language.functions import LONGEST_NAME, RESERVED, is_valid_name
from wattif.language.positions import KeyPath
from wattif.language.shape import Study

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def name_complaints(study: Study) -> Iterator[Complaint]:
    """Yield what is wrong with the names that a study gives."""
    yield from _quantities(study.quantities, ("quantities",))
    for key, system in study.systems.items():
        yield from _key("system", key, ("systems", key))
        yield from _quantities(system.quantities, ("systems", key, "quantities"))
    yield from _alike(study.systems)
    for key, equations in study.equations.items():
        yield from _key("equation set", key, ("equations", key))
        yield from quantity_name_complaints(equations.quantities, ("equations", key))
    for key, entries in study.data.items():
        yield from _key("data set", key, ("data", key))
        for name, entry in entries.items():
            yield from _key("data entry", name, ("data", key, name))
            yield from quantity_name_complaints(entry.quantities, ("data", key, name))


def quantity_name_complaints(quantities: Iterable[str], base: KeyPath) -> Iterator[Complaint]:
    """Yield what is wrong with the names of quantities in an equation set or a data entry."""
    yield from _quantities(quantities, (*base, "quantities"))


def in_formulas(system: str) -> str:
    """Return a system's key as formulas write it, where a hyphen would be a minus."""
    return system.replace("-", "_")


def _quantities(names: Iterable[str], base: KeyPath) -> Iterator[Complaint]:
    for name in names:
        path = (*base, name)
        if not is_valid_name(name):
            yield Complaint(path, _no_name("quantity", name), _name_advice(name), at="key")
        elif name in RESERVED:
            message = f"a quantity cannot be called {name!r}: that is {RESERVED[name]}"
            yield Complaint(path, message, f"rename it, for example {name}_value", at="key")


def _no_name(kind: str, name: str) -> str:
    joined = "" if kind == "quantity" else ", which '-' may join"
    if len(name) > LONGEST_NAME:
        return f"a {kind}'s name of {len(name):,} characters; at most {LONGEST_NAME} are allowed"
    article = "an" if kind[0] in "aeiou" else "a"
    found = found_words(name.encode("unicode_escape").decode())
    return f"{found} cannot name {article} {kind}; expected ASCII letters, digits and '_'{joined}"


def _name_advice(name: str) -> str:
    spelling = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")
    if is_valid_name(spelling):
        return f"did you mean {spelling!r}?"
    if is_valid_name(f"x_{spelling}"):
        return "a name starts with a letter"
    return ""


def _key(kind: str, key: str, path: KeyPath) -> Iterator[Complaint]:
    if not _KEY.fullmatch(key) or len(key) > LONGEST_NAME:
        yield Complaint(path, _no_name(kind, key), "a name starts with a letter", at="key")


def _alike(systems: Iterable[str]) -> Iterator[Complaint]:
    """Refuse keys that formulas, or a reader, could not tell apart."""
    first: dict[str, str] = {}
    for key in systems:
        other = first.setdefault(in_formulas(key).lower(), key)
        if other != key:
            message = f"systems {other!r} and {key!r} differ only by '-' and '_' or by case"
            hint = "rename one: formulas write '-' as '_'"
            yield Complaint(("systems", key), message, hint, at="key")

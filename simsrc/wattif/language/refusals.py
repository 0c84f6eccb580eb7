"""Say in our own words what pydantic found wrong with the shape of a study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from wattif.language.complaints import (
    MOST,
    Complaint,
    dotted,
    found_words,
    nearest,
    nearest_spelling,
)
from wattif.language.forms import (
    Absent,
    Alternatives,
    Declared,
    Dist,
    Formula,
    LongForm,
    Table,
    Value,
)
from wattif.language.positions import KeyPath
from wattif.language.shape import (
    Claim,
    Correlate,
    Entry,
    EquationSet,
    Run,
    Scenarios,
    Study,
    System,
)

_FORMS: Mapping[str, type[Table] | None] = {
    "value": Value,
    "dist": Dist,
    "formula": Formula,
    "absent": Absent,
    "alternatives": Alternatives,
    "<declared>": Declared,
    "<text>": None,
    "<number>": None,
}
_LISTS: Mapping[str, type[Table]] = {
    "systems": System,
    "equations": EquationSet,
    "claims": Claim,
    "correlate": Correlate,
}


def complaints_of(errors: Iterable[Any], base: KeyPath = ()) -> list[Complaint]:
    """Return complaints for pydantic's ``errors()``; ``base`` is where the data stand in the file.

    A key that is missing is left out where an unknown key of the same table was meant for it.
    """
    found = [_complaint(error, base) for error in islice(errors, MOST)]
    meant = {(*c.path[:-1], c.hint.split("'")[1]) for c in found if c.hint.startswith("did you")}
    return [c for c in found if not (" is missing" in c.message and c.path in meant)]


def _complaint(error: Mapping[str, Any], base: KeyPath) -> Complaint:
    path, table = _place(error["loc"])
    path = (*base, *path)
    kind = error["type"]
    if kind == "extra_forbidden":
        return unknown_key(path, table)
    if kind == "missing":
        return Complaint(path, f"{_name(path)} is missing{_purpose(table, path)}", at="key")
    if kind == "wattif":
        return Complaint(path, f"{_name(path)}: {error['ctx']['message']}", error["ctx"]["hint"])
    expected, hint = _expected(error)
    return Complaint(path, f"{_name(path)} is {found_words(error['input'])}; {expected}", hint)


def _name(path: KeyPath) -> str:
    return dotted(path[-2:]) if path and isinstance(path[-1], int) else dotted(path[-1:])


def _purpose(table: type[Table], path: KeyPath) -> str:
    field = table.model_fields.get(str(path[-1]))
    words = field.description if field and field.description else ""
    return f": {words[0].lower()}{words[1:].rstrip('.')}" if words else ""


def _place(loc: tuple[str | int, ...]) -> tuple[KeyPath, type[Table]]:
    """Return the key path of pydantic's location, without its marks of forms, and the table."""
    path: list[str | int] = []
    table: type[Table] = Study
    parts = list(loc)
    while parts:
        part = parts.pop(0)
        path.append(part)
        if table is Study and part in _LISTS and parts:
            table = _LISTS[str(part)]
            path.append(parts.pop(0))
        elif table is Study and part == "run":
            table = Run
        elif table is Study and part == "scenarios":
            table = Scenarios
        elif part == "quantities" and table is Scenarios and len(parts) > 1:
            path += [parts.pop(0), parts.pop(0)]
            table = _form(parts)
        elif table is Study and part == "data" and len(parts) > 1:
            table = Entry
            path += [parts.pop(0), parts.pop(0)]
        elif part == "quantities" and table in (Study, System, EquationSet, Entry) and parts:
            path.append(parts.pop(0))
            table = _form(parts)
        elif part == "default" and table is Declared:
            table = _form(parts)
        elif part == "alternatives" and table is Alternatives and parts:
            path.append(parts.pop(0))
            table = _form(parts)
    return tuple(path), table


def _form(parts: list[str | int]) -> type[Table]:
    mark = str(parts.pop(0)) if parts and parts[0] in _FORMS else ""
    return _FORMS.get(mark) or LongForm


def unknown_key(path: KeyPath, table: type[Table]) -> Complaint:
    """Return the complaint about a key that its table does not have (yet)."""
    key = str(path[-1])
    if key in table.later or table.meant.get(key) in table.later:
        return Complaint(path, f"{_name(path)} is not available yet in this version", at="key")
    meant = table.meant.get(key) or nearest_spelling(key, [*_keys(table), *table.later])
    if meant in table.later:
        return Complaint(path, f"unknown key {_name(path)}", f"{meant} is not available yet", "key")
    if meant:
        return Complaint(path, f"unknown key {_name(path)}", f"did you mean {meant!r}?", at="key")
    return Complaint(path, f"unknown key {_name(path)}", _elsewhere(key, table), at="key")


def _elsewhere(key: str, table: type[Table]) -> str:
    """Return where a key belongs that is unknown in this table, or what this table knows."""
    if key == "outputs":
        return "outputs are listed under [run], or in an equation set"
    if key in Run.model_fields and table is Study:
        return f"{key} stands under [run]"
    if key in ("constants", "outputs") and table is Study:
        return "quantities of every kind stand under [quantities]"
    if issubclass(table, LongForm):
        return f"a quantity may have {', '.join(_keys(LongForm))}"
    return f"known here: {', '.join(_keys(table))}"


def _keys(table: type[Table]) -> list[str]:
    every = (Value, Dist, Formula, Absent, Alternatives, Declared)
    forms = every if issubclass(table, LongForm) else (table,)
    fields = (field for form in forms for field in form.model_fields.items())
    return list(dict.fromkeys(field.alias or key for key, field in fields))


_TYPES = {
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a text between quotation marks",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "string_too_short": "a text that is not empty",
}
_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


def _expected(error: Mapping[str, Any]) -> tuple[str, str]:
    """Return what was expected, and advice."""
    kind, given = error["type"], error["input"]
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"expected {words} " + f"{error['ctx'][limit]:,}".removesuffix(".0"), ""
    if kind in ("too_short", "too_long"):
        words = "at least" if kind == "too_short" else "at most"
        limit = error["ctx"]["min_length" if kind == "too_short" else "max_length"]
        return f"found {error['ctx']['actual_length']}; expected {words} {limit}", ""
    if kind == "literal_error":
        allowed = re.findall("'([^']+)'", error["ctx"]["expected"])
        words = ", ".join(f'"{word}"' for word in allowed)
        return f"expected one of {words}", nearest(str(given), allowed)
    return f"expected {_TYPES.get(kind, 'something else')}", _advice(kind, given)


def _advice(kind: str, given: object) -> str:
    if kind == "int_type" and isinstance(given, float) and given.is_integer():
        return f"write it without a point or exponent: {int(given):_}"
    if kind in ("int_type", "float_type") and isinstance(given, str):
        return "write it without quotation marks"
    if kind == "tuple_type" and isinstance(given, str):
        return f'write ["{given}"]' if len(given) < 60 else ""
    return ""

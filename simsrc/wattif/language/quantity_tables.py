"""A table of quantities as written: each form one definition, or several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wattif.language import forms
from wattif.language.alternatives import expand
from wattif.language.complaints import MOST, Complaint, RefusedError
from wattif.language.definitions import Definition, Refused, Where, define


def read_definitions(
    table: Mapping[str, forms.AnyForm], where: Where
) -> tuple[dict[str, Definition], list[Complaint]]:
    """Return the definitions of a table of quantities, and what cannot be read in it."""
    found: dict[str, Definition] = {}
    complaints: list[Complaint] = []
    for name, form in table.items():
        here = replace(where, path=(*where.path, name))
        found[name] = Definition(name, here, Refused(), None, at=here.path)
        if len(complaints) < MOST:
            try:
                found |= {one.name: one for one in _definitions(name, form, here, table)}
            except RefusedError as error:
                complaints.append(error.complaint)
    return found, complaints


def _definitions(
    name: str, form: forms.AnyForm, where: Where, table: Mapping[str, forms.AnyForm]
) -> Iterator[Definition]:
    if not isinstance(form, forms.Alternatives):
        yield define(name, form, where)
        return
    for one in expand(name, form, where):
        if one.name in table and one.name != name:
            message = f"{name} has alternatives, and so needs the name {one.name} for itself"
            at = (*where.path[:-1], one.name)
            raise RefusedError(Complaint(at, message, "rename the other", at="key"))
        yield one

"""From plain data to the shape of a study, and that shape as JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from wattif.distributions import FAMILIES
from wattif.language.complaints import Complaint
from wattif.language.composites import COMPOSITES
from wattif.language.forms import Table
from wattif.language.functions import LONGEST_NAME, RESERVED
from wattif.language.names import name_complaints, quantity_name_complaints
from wattif.language.positions import KeyPath
from wattif.language.refusals import complaints_of
from wattif.language.shape import Entry, EquationSet, Study

SCHEMA_ID = "urn:wattif:study:1"


def read_study(data: Mapping[str, Any]) -> tuple[Study, list[Complaint]]:
    """Return the study in its shape and all that is wrong; an empty study if it has none."""
    try:
        study = Study.model_validate(data)
    except ValidationError as error:
        return Study(), complaints_of(error.errors(include_url=False))
    return study, list(name_complaints(study))


def read_equation_set(
    data: Mapping[str, Any], base: KeyPath
) -> tuple[EquationSet, list[Complaint]]:
    """Return an equation set in its shape and all that is wrong with it."""
    empty = EquationSet(quantities={})
    equations, complaints = _read_part(EquationSet, data, base, empty)
    return equations, complaints or list(quantity_name_complaints(equations.quantities, base))


def read_entry(data: Any, base: KeyPath) -> tuple[Entry, list[Complaint]]:
    """Return a data entry in its shape and all that is wrong with it."""
    entry, complaints = _read_part(Entry, data, base, Entry(quantities={}))
    return entry, complaints or list(quantity_name_complaints(entry.quantities, base))


Part = TypeVar("Part", bound=Table)


def _read_part(
    shape: type[Part], data: Any, base: KeyPath, empty: Part
) -> tuple[Part, list[Complaint]]:
    """Return a part of a study that stands at ``base``; an empty one if it is misshapen."""
    try:
        return shape.model_validate(data), []
    except ValidationError as error:
        found = [{**one, "loc": (*base, *one["loc"])} for one in error.errors(include_url=False)]
        return empty, complaints_of(found)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of study files, which editors check and complete by."""
    schema: dict[str, Any] = _plain(Study.model_json_schema())
    definitions = schema["$defs"]
    definitions["Dist"] = {"anyOf": list(_distributions(definitions["Dist"]))}
    for table in (schema, *(definitions[name] for name in ("System", "EquationSet", "Entry"))):
        table["properties"]["quantities"]["propertyNames"] = _QUANTITY_NAME
    for key in ("systems", "equations", "data"):
        schema["properties"][key]["propertyNames"] = _TABLE_NAME
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}


def _plain(schema: Any) -> Any:
    """Return a schema without null, which TOML lacks, and without pydantic's titles."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema if item != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _plain(value)
        for key, value in schema.items()
        if value is not None and not (key == "title" and isinstance(value, str))
    }
    if len(kept.get("anyOf", ())) == 1:
        (only,) = kept.pop("anyOf")
        return {**only, **kept}
    return kept


_QUANTITY_NAME = {
    "pattern": "^(?!__)[A-Za-z_][A-Za-z0-9_]*$",
    "maxLength": LONGEST_NAME,
    "not": {"enum": sorted(RESERVED)},
}
_TABLE_NAME = {"pattern": "^[A-Za-z][A-Za-z0-9_-]*$", "maxLength": LONGEST_NAME}
_NUMBER = {"type": "number"}
_NUMBERS = {"type": "array", "items": _NUMBER, "minItems": 1}
_PERCENTILE = r"^p[0-9]+(\.[0-9]+)?$"


def _distributions(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schema of a table with ``dist``, for each way to give each family."""
    common = {key: value for key, value in table["properties"].items() if key != "dist"}
    for family in FAMILIES.values():
        for form in family.forms:
            parameters = {name: _NUMBERS if name in form.lists else _NUMBER for name in form.names}
            schema: dict[str, Any] = {
                "type": "object",
                "description": family.summary,
                "properties": {"dist": {"const": family.name}, **parameters, **common},
                "required": ["dist", *form.required],
                "additionalProperties": False,
            }
            if form.percentiles:
                schema["patternProperties"] = {_PERCENTILE: _NUMBER}
            yield schema
    for composite in COMPOSITES.values():
        keys = {name: {"description": k.words, **k.schema} for name, k in composite.keys.items()}
        yield {
            "type": "object",
            "description": composite.summary,
            "properties": {"dist": {"const": composite.name}, **common, **keys},
            "required": ["dist", *composite.required],
            "additionalProperties": False,
        }
    yield {
        "type": "object",
        "description": "A family of scipy.stats, with its parameters by scipy's names.",
        "properties": {"dist": {"type": "string", "pattern": r"^scipy\.[a-z0-9_]+$"}, **common},
        "required": ["dist"],
        "additionalProperties": _NUMBER,
    }

"""The forms of a quantity in a study file: short ones, and the long ones with their keys.

As in :mod:`wattif.language.shape`, the texts under the fields are what an editor shows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from wattif.language.complaints import found_words, nearest
from wattif.language.labels import AnyLabel, Label, refusal

FORMS = (
    "value",
    "dist",
    "formula",
    "absent",
    "alternatives",
)  # a long form has exactly one of them


class Table(BaseModel):
    """A table of the file. ``later``: keys of later versions; ``meant``: key for a common error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )
    later: ClassVar[tuple[str, ...]] = ()
    meant: ClassVar[Mapping[str, str]] = {}


Names = Annotated[tuple[str, ...], Field(strict=False)]


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number; true and false are none."""
    if type(value) is int:
        return abs(value) < 10**300  # what a float holds
    return isinstance(value, float) and math.isfinite(value)


def _read_bounds(value: object) -> tuple[float, float]:
    expected = "expected two numbers, [0, 1], or one side, { min = 0 }"
    ends = _sides(value, expected) if isinstance(value, dict) else value
    if not (isinstance(ends, list) and len(ends) == 2):
        raise refusal(f"found {found_words(value)}; {expected}")
    if wrong := [end for end in ends if not is_number(end) and end is not None]:
        raise refusal(f"an end is {found_words(wrong[0])}; {expected}")
    low = -math.inf if ends[0] is None else float(ends[0])
    high = math.inf if ends[1] is None else float(ends[1])
    if not low < high:
        raise refusal(f"the lower end {low:g} is not below the upper end {high:g}")
    return low, high


def _sides(table: dict[str, object], expected: str) -> list[object]:
    """Return the two ends of a table of sides, None where it is open."""
    unknown = next((key for key in table if key not in ("min", "max")), "")
    if unknown or not table:
        meant = {"low": "min", "lower": "min", "high": "max", "upper": "max"}.get(unknown)
        hint = f"did you mean {meant!r}?" if meant else nearest(unknown, ("min", "max"))
        raise refusal(f"found {f'the key {unknown}' if unknown else 'nothing'}; {expected}", hint)
    return [table.get("min"), table.get("max")]


_END = {"type": "number"}
Bounds = Annotated[
    tuple[float, float],
    PlainValidator(_read_bounds),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": _END, "minItems": 2, "maxItems": 2},
                {
                    "type": "object",
                    "properties": {"min": _END, "max": _END},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]


def _read_stated(value: object) -> str | float:
    if isinstance(value, str):
        return value
    if is_number(value):
        return float(value)  # type: ignore[arg-type]
    raise refusal(
        f'found {found_words(value)}; expected a number or a text such as "20_000 to 30_000 USD"'
    )


Stated = Annotated[
    str | float, PlainValidator(_read_stated), WithJsonSchema({"type": ["string", "number"]})
]


class LongForm(Table):
    """What every long form of a quantity may say besides its value."""

    later: ClassVar[tuple[str, ...]] = ("from",)
    meant: ClassVar[Mapping[str, str]] = {
        "units": "unit",
        "distribution": "dist",
        "family": "dist",
        "expression": "formula",
        "equation": "formula",
        "reference": "source",
        "comment": "note",
        "bounds": "domain",
        "range": "domain",
        "title": "label",
    }

    unit: str | None = None
    """Unit of the numbers in this table, such as "USD/kWh"; without it they are pure numbers."""
    label: AnyLabel = Field(default_factory=Label)
    """Name for people, in tables and pictures: a text, or a table of texts by language."""
    source: str = ""
    """Where the figure comes from: free text, or a key of the bibliography."""
    grade: Literal["A", "B", "C"] | None = None
    """How good the source is: A disclosed, B estimated by a stated method, C a guess."""
    note: str = ""
    """A remark."""
    domain: Bounds | None = None
    """Range of possible values, in `unit`; "a to b" then becomes a logit-normal inside it."""


class Value(LongForm):
    """A quantity with a value: a constant, or "a to b"."""

    value: Stated
    """A number, or a text: "700 W", "20k to 30k USD (80 %)", "~ 6 within 5 to 10 W"."""
    truncate: Bounds | None = None
    """Values outside are never drawn."""


class Dist(LongForm):
    """A quantity with a distribution: its parameters, or percentiles, stand beside it."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any] = Field(init=False)

    dist: str
    """Family of the distribution."""
    truncate: Bounds | None = None
    """Values outside are never drawn; percentiles then describe what is drawn."""


class Formula(LongForm):
    """A quantity computed from others."""

    formula: str
    """An expression such as "gpu_count * power * duration"; units are checked through it."""


class Absent(LongForm):
    """A quantity that is not to be had; what needs it is reported as absent, with the reason."""

    absent: str = Field(min_length=1)
    """Why there is no value."""


class Alternatives(LongForm):
    """A quantity with rival definitions, of which each draw takes one."""

    alternatives: Annotated[tuple[Rival, ...], Field(strict=False, min_length=2, max_length=20)]
    """Rival formulas or values: texts, or tables with a formula, value or dist."""
    weights: Annotated[tuple[float, ...], Field(strict=False)] | None = None
    """How much each is believed; alike unless given."""


class Declared(LongForm):
    """A quantity that an equation set needs: the system or the study supplies it, or a default."""

    default: Default | None = None
    """Value where neither the system nor the study gives one: a value, text or long form."""


def _one_form(value: object) -> object:
    """Refuse what is no form of a quantity, before one of the forms is tried."""
    if isinstance(value, dict):
        found = [form for form in FORMS if form in value]
        if len(found) > 1:
            raise refusal(f"has both {' and '.join(found)}; expected exactly one of them")
        if not found:
            raise _no_form(value)
    return _short_or_table(value)


def _set_form(value: object) -> object:
    """Refuse what is no form in an equation set, which may also declare what it needs."""
    declares = isinstance(value, dict) and not any(form in value for form in FORMS)
    return value if declares else _one_form(value)


def _figure(value: object) -> object:
    """Refuse what is no figure: a data entry holds no formulas."""
    if isinstance(value, dict) and "formula" in value:
        hint = "put the formula into an equation set, or into [quantities]"
        raise refusal("found a formula; expected a figure, as in every data entry", hint)
    return _one_form(value)


def _no_form(table: dict[str, object]) -> PydanticCustomError:
    keys = [key for key in table if key not in LongForm.model_fields]
    if later := next((key for key in keys if key in LongForm.later), ""):
        return refusal(f"{later} is not available yet in this version")
    hints = (LongForm.meant.get(key) for key in keys)
    meant = next((f"did you mean {form!r}?" for form in hints if form in FORMS), "")
    near = next(filter(None, (nearest(key, FORMS) for key in keys)), "")
    if not (meant or near) and keys:
        near = 'parameters need a family: add dist = "normal", or another'
    return refusal(f"has none of {', '.join(FORMS)}; expected exactly one", meant or near)


def _short_or_table(value: object) -> object:
    if isinstance(value, str | dict) or is_number(value):
        return value
    raise refusal(
        f"found {found_words(value)}; expected a number, a text or a table",
        'for example 3, "20 to 30 USD", or { dist = "normal", mean = 3, sd = 1 }',
    )


def _tag(value: object) -> str:
    if isinstance(value, str):
        return "<text>"
    if isinstance(value, dict):
        return next((form for form in FORMS if form in value), "<declared>")
    return "<number>"


AnyForm = str | float | Value | Dist | Formula | Absent | Alternatives | Declared
Short = Annotated[str, Tag("<text>")] | Annotated[float, Tag("<number>")]
Stating = Short | Annotated[Value, Tag("value")] | Annotated[Dist, Tag("dist")]
Rivalling = Stating | Annotated[Formula, Tag("formula")]
Rival = Annotated[Rivalling, Discriminator(_tag), BeforeValidator(_one_form)]
Named = Annotated[Absent, Tag("absent")] | Annotated[Alternatives, Tag("alternatives")]
Defining = Rivalling | Named
Declaring = Defining | Annotated[Declared, Tag("<declared>")]
Default = Annotated[Stating, Discriminator(_tag), BeforeValidator(_one_form)]
StudyQuantities = dict[str, Annotated[Defining, Discriminator(_tag), BeforeValidator(_one_form)]]
Figures = dict[
    str,
    Annotated[
        Stating | Annotated[Absent, Tag("absent")],
        Discriminator(_tag),
        BeforeValidator(_figure),
    ],
]
ScenarioQuantities = dict[
    str,
    Annotated[
        tuple[Annotated[Defining, Discriminator(_tag), BeforeValidator(_one_form)], ...],
        Field(strict=False),
    ],
]
SetQuantities = dict[str, Annotated[Declaring, Discriminator(_tag), BeforeValidator(_set_form)]]

"""The shape of a study file: which tables and keys there are, and what may stand in them.

The one source of both the loader and the JSON Schema that editors use: the texts under the fields
are what an editor shows. What the values mean is the business of later steps. To add a key, add a
field; to announce one of a later version, add it to ``later`` of its table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from wattif.language.complaints import found_words
from wattif.language.forms import (
    Figures,
    Names,
    ScenarioQuantities,
    SetQuantities,
    StudyQuantities,
    Table,
    is_number,
)
from wattif.language.labels import AnyLabel, Label, refusal
from wattif.language.model import RunSettings

_DEFAULT = RunSettings()


def _read_strength(value: Any) -> float | tuple[tuple[float, ...], ...]:
    rows = value if isinstance(value, list) else [[value]]
    lists = all(isinstance(row, list) for row in rows)
    if not (lists and all(is_number(item) and abs(item) <= 1 for row in rows for item in row)):
        raise refusal(f"found {found_words(value)}; expected a number from -1 to 1, or a matrix")
    if not isinstance(value, list):
        return float(value)
    return tuple(tuple(float(item) for item in row) for row in rows)


def _read_share(value: Any) -> float:
    words = value.strip() if isinstance(value, str) else ""
    number = words.removesuffix("%").strip() if words.endswith("%") else None
    try:
        share = float(number) / 100.0 if number is not None else value
    except ValueError:
        share = value
    if not (is_number(share) and 0 < share < 1):
        expected = 'expected a fraction between 0 and 1, such as "0.1 %"'
        raise refusal(f"found {found_words(value)}; {expected}")
    return float(share)


Share = Annotated[
    float,
    PlainValidator(_read_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                {"type": "string", "pattern": r"^\s*[0-9.eE-]+\s*%\s*$"},
            ]
        }
    ),
]
_CORRELATION = {"type": "number", "minimum": -1, "maximum": 1}
_ROW = {"type": "array", "items": _CORRELATION, "minItems": 2}
Strength = Annotated[
    float | tuple[tuple[float, ...], ...],
    PlainValidator(_read_strength),
    WithJsonSchema({"anyOf": [_CORRELATION, {"type": "array", "items": _ROW, "minItems": 2}]}),
]


_NAME = {"type": "string"}
Entries = Annotated[
    tuple[str, ...],
    Field(strict=False),
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]


class Run(Table):
    """How to run the study."""

    later: ClassVar[tuple[str, ...]] = ("threads",)
    meant: ClassVar[Mapping[str, str]] = {"n": "draws", "samples": "draws", "sampler": "sampling"}

    draws: int = Field(_DEFAULT.draws, ge=1, le=2**40)
    """Draws in all; each replicate's share is rounded up to a power of two."""
    sampling: Literal["sobol", "latin-hypercube", "random"] = _DEFAULT.sampling
    """How points are chosen: "sobol" needs the fewest draws for the same accuracy."""
    seed: int = Field(_DEFAULT.seed, ge=0, le=2**64 - 1)
    """Of the random numbers; the same seed gives the same result, bit by bit."""
    interval: float = Field(_DEFAULT.interval, gt=0, lt=1)
    """Probability inside the credible intervals that are reported."""
    replicates: int = Field(_DEFAULT.replicates, ge=2, le=1024)
    """Independent randomisations, whose spread gives every number its error."""
    until: Share | None = None
    """Double the draws until the standard errors of the 5th, 50th and 95th percentiles of every
    output are below this fraction: "0.1 %"."""
    budget: int = Field(_DEFAULT.budget, ge=1, le=2**40)
    """Draws at most, while doubling for `until`."""
    outputs: Names | None = None
    """Quantities to report; without it those of the equation sets, and every formula."""


class System(Table):
    """One thing under study that has its own values for some quantities."""

    later: ClassVar[tuple[str, ...]] = ()
    meant: ClassVar[Mapping[str, str]] = {"use": "uses", "name": "label", "title": "label"}

    label: AnyLabel = Field(default_factory=Label)
    """Name for people: a text, or a table of texts by language."""
    description: str = ""
    """What it is."""
    uses: Names = ()
    """Equation sets that it uses: packaged ones, or those under [equations]."""
    from_: Entries = Field(default=(), alias="from")
    """Data entries that it takes figures from, such as "hardware.h100-sxm"."""
    quantities: StudyQuantities = Field(default_factory=dict)
    """Its own values. Each is drawn for this system alone."""


class EquationSet(Table):
    """A reusable group of quantity definitions."""

    title: AnyLabel = Field(default_factory=Label)
    """What it computes, in a line: a text, or a table of texts by language."""
    label: AnyLabel = Field(default_factory=Label)
    """Name for people: a text, or a table of texts by language."""
    description: str = ""
    """What it computes, and what it leaves out."""
    source: str = ""
    """Where the equations come from."""
    outputs: Names | None = None
    """Quantities to report; without it every one that has a formula."""
    quantities: SetQuantities
    """Formulas, defaults, and what has to be supplied."""


class Entry(Table):
    """Figures about one thing, such as a chip or a site, that whoever takes them shares."""

    meant: ClassVar[Mapping[str, str]] = {"name": "label", "title": "label"}

    label: AnyLabel = Field(default_factory=Label)
    """Name for people: a text, or a table of texts by language."""
    description: str = ""
    """What it is."""
    quantities: Figures
    """Its figures. Each is drawn once for all who take the entry."""


class Claim(Table):
    """A published figure that the study is asked to judge."""

    quantity: str
    """What the figure is about: "system.quantity"."""
    says: str
    """The figure: "5.4 to 7.7 GWh", "> 1.5e9 USD", "~ 0.34 Wh"."""
    source: str = ""
    """Who says so: free text, or a key of the bibliography."""
    note: str = ""
    """A remark."""


class Correlate(Table):
    """Quantities that move together: each keeps its own distribution."""

    meant: ClassVar[Mapping[str, str]] = {
        "spearman": "rank",
        "rho": "rank",
        "correlation": "rank",
        "tau": "kendall",
        "degrees": "df",
        "family": "copula",
        "between": "quantities",
        "of": "quantities",
    }

    quantities: Names
    """Two or more names: "price", for each system that has it, or "system.price"."""
    rank: Strength | None = None
    """Spearman's rank correlation: one number for all pairs, or a whole matrix."""
    kendall: Strength | None = None
    """Kendall's tau, instead of `rank`."""
    pearson: Strength | None = None
    """Correlation of the normal scores, instead of `rank`: not of the quantities themselves."""
    copula: Literal["gaussian", "student-t", "clayton", "gumbel", "frank"] = "gaussian"
    """How they depend: "student-t" in both tails, "clayton" in the lower, "gumbel" in the upper."""
    df: float | None = Field(None, ge=1, le=1e5)
    """Degrees of freedom of a "student-t" copula: the fewer, the more its tails go together."""
    repair: bool = False
    """Whether to take the nearest correlations that can be, where those stated cannot."""
    source: str = ""
    """Where the figure comes from."""
    note: str = ""
    """A remark."""


def _read_label(value: Any) -> str | float:
    if (isinstance(value, str) and value) or is_number(value):
        return value if isinstance(value, str) or type(value) is int else float(value)
    raise refusal(f"found {found_words(value)}; expected a number or a text")


ScenarioLabel = Annotated[
    str | float, PlainValidator(_read_label), WithJsonSchema({"type": ["string", "number"]})
]


class Scenarios(Table):
    """What changes from scenario to scenario."""

    meant: ClassVar[Mapping[str, str]] = {
        "name": "dimension",
        "values": "labels",
        "over": "dimension",
    }

    dimension: str
    """What the scenarios differ in: "year", "batch_size"; a dimension of the result."""
    labels: Annotated[tuple[ScenarioLabel, ...], Field(strict=False, min_length=2, max_length=200)]
    """One a scenario: numbers or texts."""
    quantities: Annotated[ScenarioQuantities, Field(min_length=1)]
    """What is replaced, "price" or "system.price": a list with one value a label."""


class Study(Table):
    """A study of uncertain quantities, for wattif."""

    later: ClassVar[tuple[str, ...]] = ("evidence",)
    meant: ClassVar[Mapping[str, str]] = {
        "parameters": "quantities",
        "inputs": "quantities",
        "variables": "quantities",
        "formulas": "quantities",
        "name": "title",
        "models": "systems",
        "sets": "equations",
        "correlation": "correlate",
        "correlations": "correlate",
    }

    title: AnyLabel = Field(default_factory=Label)
    """What the study is about, in a line: a text, or a table of texts by language."""
    description: str = ""
    """What it asks, and what it leaves out."""
    uses: Names = ()
    """Equation sets that every system uses."""
    from_: Entries = Field(default=(), alias="from")
    """Data entries that every system takes figures from, such as "sites.google-fleet"."""
    run: Run = Field(default_factory=lambda: Run.model_validate({}))
    """How to run it."""
    quantities: StudyQuantities = Field(default_factory=dict)
    """Shared quantities: each is drawn once, whoever uses it."""
    systems: dict[str, System] = Field(default_factory=dict)
    """The things under study; a study without any is a study of one."""
    equations: dict[str, EquationSet] = Field(default_factory=dict)
    """Equation sets that the study brings itself."""
    data: dict[str, dict[str, Entry]] = Field(default_factory=dict)
    """Data entries that the study brings itself, by set and entry."""
    claims: Annotated[tuple[Claim, ...], Field(strict=False)] = ()
    """Published figures to judge."""
    correlate: Annotated[tuple[Correlate, ...], Field(strict=False)] = ()
    """Quantities that move together."""
    scenarios: Scenarios | None = None
    """The study again and again, some quantities replaced: one more dimension of the result."""

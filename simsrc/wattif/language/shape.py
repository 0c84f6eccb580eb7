"""The shape of a study file: which tables and keys there are, and what may stand in them.

The one source of both the loader and the JSON Schema that editors use: the texts under the fields
are what an editor shows. What the values mean is the business of later steps. To add a key, add a
field; to announce one of a later version, add it to ``later`` of its table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from wattif.language.forms import Names, SetQuantities, StudyQuantities, Table
from wattif.language.model import RunSettings

_DEFAULT = RunSettings()


class Run(Table):
    """How to run the study."""

    later: ClassVar[tuple[str, ...]] = ("until", "budget", "threads")
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
    outputs: Names | None = None
    """Quantities to report; without it those of the equation sets, and every formula."""


class System(Table):
    """One thing under study that has its own values for some quantities."""

    later: ClassVar[tuple[str, ...]] = ("from", "alternatives")
    meant: ClassVar[Mapping[str, str]] = {"use": "uses", "name": "label", "title": "label"}

    label: str = ""
    """Name for people."""
    description: str = ""
    """What it is."""
    uses: Names = ()
    """Equation sets that it uses: packaged ones, or those under [equations]."""
    quantities: StudyQuantities = Field(default_factory=dict)
    """Its own values. Each is drawn for this system alone."""


class EquationSet(Table):
    """A reusable group of quantity definitions."""

    title: str = ""
    """What it computes, in a line."""
    label: str = ""
    """Name for people."""
    description: str = ""
    """What it computes, and what it leaves out."""
    source: str = ""
    """Where the equations come from."""
    outputs: Names | None = None
    """Quantities to report; without it every one that has a formula."""
    quantities: SetQuantities
    """Formulas, defaults, and what has to be supplied."""


class Claim(Table):
    """A published figure that the study is asked to judge."""

    quantity: str
    """What the figure is about: "system.quantity"."""
    says: str
    """The figure: "5.4 to 7.7 GWh", "> 1.5e9 USD", "~ 0.34 Wh"."""
    source: str = ""
    """Who says so."""
    note: str = ""
    """A remark."""


class Study(Table):
    """A study of uncertain quantities, for wattif."""

    later: ClassVar[tuple[str, ...]] = ("correlate", "evidence", "scenarios", "data")
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

    title: str = ""
    """What the study is about, in a line."""
    description: str = ""
    """What it asks, and what it leaves out."""
    uses: Names = ()
    """Equation sets that every system uses."""
    run: Run = Field(default_factory=lambda: Run.model_validate({}))
    """How to run it."""
    quantities: StudyQuantities = Field(default_factory=dict)
    """Shared quantities: each is drawn once, whoever uses it."""
    systems: dict[str, System] = Field(default_factory=dict)
    """The things under study; a study without any is a study of one."""
    equations: dict[str, EquationSet] = Field(default_factory=dict)
    """Equation sets that the study brings itself."""
    claims: Annotated[tuple[Claim, ...], Field(strict=False)] = ()
    """Published figures to judge."""

"""A study that has been read, resolved and checked: what the floors above are given.

Frozen data only. How it comes about is told in :mod:`wattif.language.loader`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from wattif.distributions.base import Distribution
from wattif.distributions.grid import Grid
from wattif.language.expression import Expression
from wattif.language.units import Unit

Sampling = Literal["sobol", "latin-hypercube", "random"]
CopulaKind = Literal["gaussian", "student-t", "clayton", "gumbel", "frank"]
Measure = Literal["rank", "kendall", "pearson"]


@dataclass(frozen=True)
class RunSettings:
    """How to run a study: the ``[run]`` table, with its defaults filled in.

    ``until`` is a fraction; with it, ``draws`` are those of the first round and ``budget`` the most
    of any.
    """

    draws: int = 1_048_576
    sampling: Sampling = "sobol"
    seed: int = 412
    interval: float = 0.90
    replicates: int = 16
    until: float | None = None
    budget: int = 2**30


@dataclass(frozen=True)
class Constant:
    """A value known exactly, in the quantity's unit."""

    value: float


@dataclass(frozen=True)
class Random:
    """A distribution of values in the quantity's unit.

    ``stated`` is the belief as the study says it ("20_000 to 30_000 GPU"), and ``reading`` what it
    was taken to mean ("lognormal with 5 % below 20,000 and 5 % above 30,000"). Where it is an
    "a to b", ``interval`` has the two ends, which hold a share ``level`` between them, with as much
    on either side; the family was then our choice and not the study's.
    """

    distribution: Distribution
    stated: str = ""
    reading: str = ""
    interval: tuple[float, float] | None = None
    level: float = 0.90


@dataclass(frozen=True)
class Conditional:
    """A distribution given other quantities, as seen by one system.

    ``expression`` is over those and over a :class:`~wattif.language.expression.Draw` of the
    ``standard`` distribution, or of a grid of distributions where a shape varies; its value is in
    the quantity's unit. ``stated`` and ``reading`` are as in :class:`Random`.
    """

    expression: Expression
    standard: Distribution | Grid
    stated: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Formula:
    """An expression over other quantities, as seen by one system.

    The factors that convert units are in the tree, so that its value, computed from the values of
    the named quantities each in its own unit, is in this quantity's unit.
    """

    expression: Expression
    text: str


@dataclass(frozen=True)
class Absent:
    """A quantity that is not to be had, and why.

    ``formula`` is the one that lacks something absent; "" where the study says there is no value.
    """

    reason: str
    formula: str = ""


Belief = Constant | Random | Conditional | Formula | Absent


@dataclass(frozen=True)
class Quantity:
    """One definition of a quantity, wherever it stands.

    ``key`` is its qualified name and keys its random stream: ``pue`` (shared),
    ``gpt-4.gpu_count`` (a system's own) or ``llm-training:pue`` (an equation set's).
    ``origin`` says in words where the definition came from ("system gpt-4", "[quantities]",
    "equation set llm-training"). ``label`` is the English name for people, or the only one;
    ``labels`` are those in other languages. ``references`` are the keys of the bibliography that
    its ``source`` cites.
    """

    key: str
    name: str
    unit: Unit
    belief: Belief
    origin: str
    system: str | None = None
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    source: str = ""
    grade: str = ""
    note: str = ""
    domain: tuple[float, float] | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class System:
    """One thing under study. The key of the only system of a study without systems is ``study``."""

    key: str
    label: str
    uses: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Claim:
    """A published figure or range about one quantity; bounds in that quantity's unit.

    ``relation`` "between": low to high. "above", "below": one finite bound. "about", "exactly":
    both bounds are the figure itself.
    """

    system: str
    quantity: str
    says: str
    relation: Literal["between", "above", "below", "about", "exactly"]
    low: float
    high: float
    unit: Unit
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Correlation:
    """How strongly two quantities, by their keys, are stated to move together.

    ``scores`` is the correlation of the scores of a Gaussian or Student's t copula that brings it
    about, after any repair; NaN for other copulas.
    """

    first: str
    second: str
    measure: Measure
    value: float
    scores: float = math.nan
    source: str = ""


@dataclass(frozen=True)
class Dependence:
    """Quantities, by their keys, that are drawn together through a copula.

    "gaussian" and "student-t" have the correlation ``matrix`` of their scores, the latter also its
    degrees of freedom in ``parameter``; the others couple two quantities by ``parameter``.
    """

    copula: CopulaKind
    keys: tuple[str, ...]
    pairs: tuple[Correlation, ...]
    matrix: tuple[tuple[float, ...], ...] = ()
    parameter: float = 0.0
    repaired: bool = False


@dataclass(frozen=True)
class Scenarios:
    """The models of all scenarios, one a label: in each, some ``quantities`` are replaced."""

    dimension: str
    labels: tuple[str | float, ...]
    quantities: tuple[str, ...]
    models: tuple[Model, ...]


@dataclass(frozen=True)
class Model:
    """A study, resolved and checked.

    ``table`` maps (system key, name) to the definition that the lookup rule chose, for every name
    that the system's outputs need and for every other name that is defined for it; ``needed`` are
    the former. ``outputs`` are the names to report for each system (absent ones included), those
    that claims are about among them. ``units`` gives every name in the table the one unit it is
    reported in, since two systems may state it in different ones. ``resolved`` is the whole study
    as plain data with equation sets and run settings taken in, which ``from_resolved`` of the
    loader turns into an equal model. ``notices`` are remarks worth a line. ``title`` is the English
    or only one, ``titles`` are those in other languages.
    """

    title: str
    name: str
    systems: tuple[System, ...]
    outputs: tuple[str, ...]
    table: Mapping[tuple[str, str], Quantity]
    units: Mapping[str, Unit]
    needed: frozenset[tuple[str, str]] = frozenset()
    run: RunSettings = RunSettings()
    description: str = ""
    claims: tuple[Claim, ...] = ()
    dependences: tuple[Dependence, ...] = ()
    notices: tuple[str, ...] = ()
    scenarios: Scenarios | None = None
    text: str = field(default="", repr=False, compare=False)
    path: str = field(default="", compare=False)
    resolved: Mapping[str, object] = field(default_factory=dict, repr=False)
    titles: Mapping[str, str] = field(default_factory=dict)

    def find(self, system: str, name: str) -> Quantity:
        """Return the definition of a name as the system sees it."""
        return self.table[system, name]

    def with_run(self, run: RunSettings) -> Model:
        """Return the model with other run settings, in ``resolved`` as well."""
        study = self.resolved["study"]
        assert isinstance(study, Mapping)  # the loader made it
        settings = {**study["run"], **asdict(run)}
        resolved = {**self.resolved, "study": {**study, "run": settings}}
        scenarios = self.scenarios
        if scenarios:
            models = tuple(one.with_run(run) for one in scenarios.models)
            scenarios = replace(scenarios, models=models)
        return replace(self, run=run, resolved=resolved, scenarios=scenarios)

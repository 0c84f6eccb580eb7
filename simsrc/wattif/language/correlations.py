"""Correlations as stated: which quantities each entry of ``[[correlate]]`` means, and how strongly.

A bare name stands for each system's own view of it, so one entry may tie a shared price to the
prices of ten systems, or two quantities to each other within each of ten systems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from wattif.language import shape
from wattif.language.complaints import MOST, Complaint, RefusedError, listed, nearest
from wattif.language.definitions import Definition
from wattif.language.given import Given
from wattif.language.lookup import stream_keys
from wattif.language.model import Absent, Belief, Constant, CopulaKind, Measure, Random
from wattif.language.positions import KeyPath
from wattif.language.resolution import World

_MOST_TOGETHER = 500  # quantities in an entry: their pairs are calibrated one by one
_MEASURES: tuple[Measure, ...] = ("rank", "kendall", "pearson")
PAIRS: tuple[CopulaKind, ...] = ("clayton", "gumbel", "frank")


@dataclass(frozen=True)
class Group:
    """Quantities, by their keys, that one entry ties together.

    ``strengths`` has every pair (i, j), i < j, of places in ``keys`` with its stated value.
    """

    number: int
    entry: shape.Correlate
    measure: Measure
    keys: tuple[str, ...]
    strengths: Mapping[tuple[int, int], float]

    @property
    def at(self) -> KeyPath:
        """Where its strength stands."""
        return ("correlate", self.number, self.measure)


@dataclass(frozen=True)
class Drawn:
    """What may be correlated: the beliefs of all definitions, by the keys of their streams."""

    world: World
    keys: Mapping[KeyPath, str]
    beliefs: Mapping[KeyPath, Belief]

    @cached_property
    def random(self) -> dict[str, Random]:
        """The beliefs that are drawn, by their keys."""
        found = ((key, self.beliefs.get(path)) for path, key in self.keys.items())
        return {key: belief for key, belief in found if isinstance(belief, Random)}


def read_groups(
    entries: Sequence[shape.Correlate], world: World, beliefs: Mapping[KeyPath, Belief]
) -> tuple[list[Group], Drawn, list[Complaint]]:
    """Return the groups of all entries, and what cannot be read in them."""
    drawn = Drawn(world, stream_keys(world.written), beliefs)
    groups: list[Group] = []
    complaints: list[Complaint] = []
    for number, entry in enumerate(entries):
        if len(complaints) == MOST:
            break
        try:
            measure = _check(number, entry)
            strengths = _strengths(number, entry, measure)
            for keys in _keys(number, entry, drawn):
                groups.append(Group(number, entry, measure, keys, strengths))
        except RefusedError as error:
            complaints.append(error.complaint)
    return groups, drawn, complaints


def _check(number: int, entry: shape.Correlate) -> Measure:
    """Return the measure of an entry, whose keys must go together."""
    at = ("correlate", number)
    stated = [measure for measure in _MEASURES if getattr(entry, measure) is not None]
    if len(stated) != 1:
        found = f"both {stated[0]} and {stated[1]}" if stated else "no strength"
        message = f"found {found}; expected one of rank, kendall, pearson"
        raise RefusedError(Complaint(at, message, "" if stated else "for example rank = 0.6"))
    names = entry.quantities
    twice = next((name for i, name in enumerate(names) if name in names[:i]), "")
    if len(names) < 2 or twice:
        found = f"{twice} twice" if twice else f"{len(names)} of them"
        message = f"quantities: found {found}; expected two or more"
        raise RefusedError(Complaint((*at, "quantities"), message))
    if len(names) > _MOST_TOGETHER:
        message = f"quantities: found {len(names)}; expected at most {_MOST_TOGETHER}"
        raise RefusedError(Complaint((*at, "quantities"), message))
    if entry.copula in PAIRS and len(names) > 2:
        message = f"a {entry.copula} copula ties two quantities, found {len(names)}"
        hint = 'copula = "gaussian" and "student-t" tie any number'
        raise RefusedError(Complaint((*at, "copula"), message, hint))
    if (entry.df is None) == (entry.copula == "student-t"):
        needs = "needs df, its degrees of freedom" if entry.df is None else "has no df"
        hint = "for example df = 4" if entry.df is None else 'df belongs to copula = "student-t"'
        key = "copula" if entry.df is None else "df"
        raise RefusedError(Complaint((*at, key), f"a {entry.copula} copula {needs}", hint))
    return stated[0]


def _strengths(
    number: int, entry: shape.Correlate, measure: Measure
) -> Mapping[tuple[int, int], float]:
    stated: shape.Strength = getattr(entry, measure)
    size = len(entry.quantities)
    pairs = list(combinations(range(size), 2))
    if isinstance(stated, float):
        return dict.fromkeys(pairs, stated)
    at = ("correlate", number, measure)
    if len(stated) != size or any(len(row) != size for row in stated):
        rows = f"{len(stated)} rows of {listed([str(len(row)) for row in stated])} numbers"
        message = f"{measure}: found {rows}; expected {size} rows of {size}"
        raise RefusedError(Complaint(at, message, "one row and one column a quantity"))
    for i in range(size):
        if stated[i][i] != 1.0:
            message = f"{measure}[{i}][{i}] is {stated[i][i]:g}; expected 1, itself with itself"
            raise RefusedError(Complaint(at, message))
    for i, j in pairs:
        if stated[i][j] != stated[j][i]:
            words = f"{measure}[{i}][{j}] is {stated[i][j]:g}, and {measure}[{j}][{i}]"
            message = f"{words} is {stated[j][i]:g}; expected the same"
            raise RefusedError(Complaint(at, message))
    return {(i, j): stated[i][j] for i, j in pairs}


def _keys(number: int, entry: shape.Correlate, drawn: Drawn) -> Iterator[tuple[str, ...]]:
    """Yield the keys that an entry means, once for each system that sees them differently."""
    found: dict[tuple[str, ...], None] = {}
    refused: Complaint | None = None
    for system in drawn.world.scopes:
        try:
            keys = (
                _key(("correlate", number, "quantities", i), name, system, drawn)
                for i, name in enumerate(entry.quantities)
            )
            found[tuple(keys)] = None
        except RefusedError as error:
            refused = refused or error.complaint
    for keys_of in found:
        if len(set(keys_of)) < len(keys_of):
            names = listed(list(entry.quantities))
            message = f"{names} are one and the same draw"
            raise RefusedError(Complaint(("correlate", number, "quantities"), message))
    if not found and refused:
        raise RefusedError(refused)
    yield from found


def _key(at: KeyPath, name: str, asking: str, drawn: Drawn) -> str:
    """Return the key of what a name means to a system."""
    world = drawn.world
    system, point, bare = name.partition(".")
    if not point:
        system, bare = asking, name
    system = world.by_formula_name.get(system, system)
    if system not in world.scopes:
        message = f"no system is called {system!r}"
        raise RefusedError(Complaint(at, message, nearest(system, world.scopes)))
    scope = world.scopes[system]
    definition = scope.find(bare)
    if definition is None:
        message = f"{bare!r} is not defined" + (f" in system {system}" if point else "")
        raise RefusedError(Complaint(at, message, nearest(bare, scope.seen)))
    belief = drawn.beliefs.get(definition.where.path)
    if not isinstance(belief, Random):
        raise RefusedError(Complaint(at, *_not_drawn(name, belief, definition)))
    return drawn.keys[definition.where.path]


def _not_drawn(name: str, belief: Belief | None, definition: Definition) -> tuple[str, str]:
    kinds = {Constant: "a constant", Absent: "absent"}
    formula = "given other quantities" if isinstance(definition.content, Given) else "a formula"
    kind = kinds.get(type(belief), formula)
    message = f"{name} is {kind} ({definition.where.words}); expected a distribution"
    hint = "correlate what it is computed from" if belief is None else ""
    return message, hint

"""The lookup rule: which definition of a name a system gets.

One list: the system's own value, the shared value, what a data entry says that the system takes,
then one that the whole study takes, an equation set's formula, an equation set's default. What a
better definition does not say (label, domain), the next one may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wattif.language.complaints import Complaint
from wattif.language.definitions import Definition, Interval, Range, Tree, domain_in
from wattif.language.entries import Taken
from wattif.language.given import Given
from wattif.language.labels import NO_LABEL, Label
from wattif.language.model import Random
from wattif.language.positions import KeyPath
from wattif.language.units import Unit

Definitions = Mapping[str, Definition]

ONLY = "study"  # key of the only system of a study without systems


@dataclass(frozen=True)
class Written:
    """All definitions of a study: shared, of each system, of each set and data entry in use."""

    shared: Definitions
    systems: Mapping[str, Definitions]
    sets: Mapping[str, Definitions]
    data: Mapping[str, Definitions] = field(default_factory=dict)

    def all(self) -> Iterator[Definition]:
        """Yield every definition."""
        taken_in = (*self.data.values(), *self.sets.values())
        for definitions in (self.shared, *self.systems.values(), *taken_in):
            yield from definitions.values()


@dataclass(frozen=True)
class Scope:
    """What one system sees: all definitions of each name, the best first.

    ``rivals`` are the best ones of a name where several sets, or several entries, give it.
    """

    system: str
    seen: Mapping[str, tuple[Definition, ...]]
    rivals: Mapping[str, tuple[Definition, ...]]

    def find(self, name: str) -> Definition | None:
        """Return the definition that holds, or None where a name is at most declared."""
        best = self.seen[name][0] if name in self.seen else None
        return best if best is not None and best.content is not None else None

    def label(self, name: str) -> Label:
        """Return the label of a name, in all its languages, from the best definition with one."""
        labels = (found.label for found in self.seen.get(name, ()))
        return next((label for label in labels if label.text), NO_LABEL)

    def unit(self, name: str) -> Unit | None:
        """Return the unit of a name, from the best definition that has one."""
        return next((found.unit for found in self.seen.get(name, ()) if found.unit), None)


def scope_of(system: str, sets: Sequence[str], taken: Taken, written: Written) -> Scope:
    """Return what a system sees that uses these sets and takes these data entries."""
    layers = [(0, written.systems.get(system, {})), (1, written.shared)]
    layers += [(2, written.data[name]) for name in taken.own]
    layers += [(3, written.data[name]) for name in taken.common if name not in taken.own]
    layers += [(4, written.sets[name]) for name in sets]
    ranked: dict[str, list[tuple[int, Definition]]] = {}
    for level, layer in layers:
        for name, definition in layer.items():
            rank = level + _rank_in_set(definition) if level == 4 else level
            ranked.setdefault(name, []).append((rank, definition))
    seen: dict[str, tuple[Definition, ...]] = {}
    rivals: dict[str, tuple[Definition, ...]] = {}
    for name, found in ranked.items():
        found.sort(key=lambda one: one[0])
        seen[name] = tuple(definition for _, definition in found)
        best = tuple(definition for rank, definition in found if rank == found[0][0])
        if len(best) > 1 and best[0].content is not None:
            rivals[name] = best
    return Scope(system, seen, rivals)


def _rank_in_set(definition: Definition) -> int:
    """Return 0 for a formula, 1 for a default, 2 for what is only declared."""
    if definition.content is None:
        return 2
    return 0 if isinstance(definition.content, Tree) else 1


def conflicts(scope: Scope) -> Iterator[Complaint]:
    """Yield the names that two sets or two data entries define differently, for one system.

    A formula goes before a default, so only two formulas or two defaults are in conflict; and a
    system's own entries go before those of the whole study.
    """
    for name, (best, *others) in scope.rivals.items():
        other = next((one for one in others if meaning(one) != meaning(best)), None)
        if other is not None:
            yield _conflict(name, best, other, scope.system)


def _conflict(name: str, a: Definition, b: Definition, system: str) -> Complaint:
    first, second = (f"{one.stated!r} ({one.where.words})" for one in (a, b))
    message = f"{name} is defined in two ways: {first} and {second}"
    at: KeyPath = ("from" if a.where.layer == "data" else "uses",)
    table = "[quantities]" if system == ONLY else f"[systems.{system}.quantities]"
    at = at if system == ONLY else ("systems", system, *at)
    return Complaint(at, message, f"settle it: give {name} a value or formula under {table}")


def meaning(definition: Definition) -> object:
    """Return what makes two definitions of a name the same."""
    unit = (definition.unit.scale, definition.unit.dimensions) if definition.unit else None
    match definition.content:
        case Tree(text):
            return "".join(text.split()), unit
        case Random(distribution):
            return distribution, unit
        case Given(reading=reading):
            return reading, unit
        case Interval() as interval:
            return interval, unit, definition.domain
        case other:
            return other, unit


def stream_keys(written: Written) -> dict[KeyPath, str]:
    """Return the qualified name of every definition, by its path.

    The same default in two sets is one draw, under the name of the set that comes first.
    """
    keys: dict[KeyPath, str] = {}
    first: dict[object, str] = {}
    for found in sorted(written.all(), key=lambda one: one.where.owner):
        shared = found.where.layer == "set" and not isinstance(found.content, Tree)
        same = (found.name, meaning(found)) if shared else found.where.path
        keys[found.where.path] = first.setdefault(same, found.key)
    return keys


def domains(scopes: Iterable[Scope]) -> tuple[dict[KeyPath, Range], list[Complaint]]:
    """Return the domain of every definition that has one, by its path, in its own unit.

    Its own, else what the other definitions that its systems see declare.
    """
    declared: dict[KeyPath, dict[Range, Definition]] = {}
    holding: dict[KeyPath, Definition] = {}
    for scope in scopes:
        for name, found in scope.seen.items():
            definition = scope.find(name)
            if definition is None:
                continue
            holding[definition.where.path] = definition
            sources = [definition] if definition.domain else found
            ranges = declared.setdefault(definition.where.path, {})
            for source in sources:
                if domain := domain_in(source, definition.unit):
                    ranges.setdefault(domain, source)
    chosen = {path: next(iter(ranges)) for path, ranges in declared.items() if ranges}
    torn = [path for path, ranges in declared.items() if len(ranges) > 1]
    return chosen, [_torn(holding[path], declared[path]) for path in torn]


def _torn(definition: Definition, ranges: Mapping[Range, Definition]) -> Complaint:
    words = [f"{low:g} to {high:g} ({of.where.words})" for (low, high), of in ranges.items()]
    message = f"{definition.name} has two domains: {words[0]} and {words[1]}"
    return Complaint(definition.where.path, message, "settle it: give domain = [a, b] here")

"""The lookup rule: which definition of a name a system gets.

One list: the system's own value, the shared value, an equation set's formula, an equation set's
default. What a better definition does not say (label, domain), the next one may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wattif.language.complaints import Complaint
from wattif.language.definitions import Definition, Interval, Range, Tree, domain_in
from wattif.language.given import Given
from wattif.language.labels import NO_LABEL, Label
from wattif.language.model import Random
from wattif.language.positions import KeyPath
from wattif.language.units import Unit

Definitions = Mapping[str, Definition]


@dataclass(frozen=True)
class Written:
    """All definitions of a study: shared ones, those of each system, those of each set in use."""

    shared: Definitions
    systems: Mapping[str, Definitions]
    sets: Mapping[str, Definitions]

    def all(self) -> Iterator[Definition]:
        """Yield every definition."""
        for definitions in (self.shared, *self.systems.values(), *self.sets.values()):
            yield from definitions.values()


@dataclass(frozen=True)
class Scope:
    """What one system sees: all definitions of each name, the best first."""

    system: str
    sets: tuple[str, ...]
    seen: Mapping[str, tuple[Definition, ...]]

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


def scope_of(system: str, sets: Sequence[str], written: Written) -> Scope:
    """Return what a system sees that uses these sets."""
    layers = [written.systems.get(system, {}), written.shared]
    layers += [written.sets[name] for name in sets]
    seen: dict[str, list[Definition]] = {}
    for layer in layers:
        for name, definition in layer.items():
            seen.setdefault(name, []).append(definition)
    ordered = {name: tuple(sorted(found, key=_rank)) for name, found in seen.items()}
    return Scope(system, tuple(sets), ordered)


def _rank(definition: Definition) -> int:
    if definition.where.layer != "set":
        return 0 if definition.where.layer == "system" else 1
    if definition.content is None:
        return 4
    return 2 if isinstance(definition.content, Tree) else 3


def conflicts(scope: Scope, at: KeyPath) -> Iterator[Complaint]:
    """Yield the names that two sets of a system define differently, unless the study settles it.

    A formula goes before a default, so only two formulas or two defaults are in conflict.
    """
    for name, found in scope.seen.items():
        best = [one for one in found if _rank(one) == _rank(found[0])]
        for other in best[1:]:
            if _rank(best[0]) in (2, 3) and meaning(other) != meaning(best[0]):
                yield _conflict(name, best[0], other, scope.system, at)
                break


def _conflict(name: str, a: Definition, b: Definition, system: str, at: KeyPath) -> Complaint:
    first, second = (f"{one.stated!r} ({one.where.words})" for one in (a, b))
    message = f"{name} is defined in two ways: {first} and {second}"
    table = "[quantities]" if at[0] == "uses" else f"[systems.{system}.quantities]"
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

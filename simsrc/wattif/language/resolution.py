"""What the outputs need: names followed, gaps and circles found, absence spread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from wattif.language.complaints import MOST, Complaint, listed, nearest, nearest_spelling
from wattif.language.definitions import Definition
from wattif.language.formulas import NameNode, names
from wattif.language.functions import CALLABLE
from wattif.language.graph import Graph, Place, explore, reachable
from wattif.language.lookup import Scope, Written
from wattif.language.model import Absent
from wattif.language.names import in_formulas
from wattif.language.positions import KeyPath

NOWHERE = "not defined for this system"


@dataclass(frozen=True)
class World:
    """All systems with what they see, and whether they have keys in the file."""

    scopes: Mapping[str, Scope]
    written: Written

    @cached_property
    def by_formula_name(self) -> dict[str, str]:
        """System keys by their spelling in formulas."""
        return {in_formulas(key): key for key in self.scopes}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name that anything defines or declares."""
        return frozenset(one.name for one in self.written.all())

    def find(self, place: Place) -> Definition | None:
        """Return the definition that holds at a place."""
        return self.scopes[place[0]].find(place[1])

    def needs(self, place: Place) -> Sequence[Place]:
        """Return what the formulas at a place name, systems by their keys."""
        definition = self.find(place)
        found = self.named(definition) if definition else ()
        return [(system or place[0], name) for system, name in found]

    def named(self, definition: Definition) -> list[tuple[str | None, str]]:
        """Return the (system key or None, name) of formulas; unknown systems are left out."""
        keys = self.by_formula_name
        found = (
            (node.system and keys[node.system], node.name)
            for _, tree in definition.formulas
            for node in names(tree)
            if node.system is None or node.system in keys
        )
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Resolution:
    """What came of it.

    ``order`` has the places that can be had or are absent, each after those it needs. ``absent``
    gives reasons. ``needed`` are the places that an output or a claim needs.
    """

    order: tuple[Place, ...]
    absent: Mapping[Place, str]
    needed: frozenset[Place]
    complaints: tuple[Complaint, ...]


def unknown_names(world: World) -> Iterator[Complaint]:
    """Yield the names in formulas that nothing in the study defines or declares."""
    for definition in world.written.all():
        for at, tree in definition.formulas:
            found = names(tree)
            hyphened = {last: first for first, last in _hyphened(found, world)}
            for node in found:
                if first := hyphened.get(node):
                    yield _hyphen(at, first, node)
                elif node in hyphened.values():
                    continue
                elif complaint := _unknown(definition, at, node, world):
                    yield complaint


def _hyphened(found: Sequence[NameNode], world: World) -> Iterator[tuple[NameNode, NameNode]]:
    """Yield the two parts of a system's name that a formula writes with its hyphen: my-sys.a."""
    for first, last in pairwise(found):
        touches = first.system is None and last.column == first.end_column + 1
        if touches and last.system and f"{first.name}_{last.system}" in world.by_formula_name:
            yield first, last


def _hyphen(at: KeyPath, first: NameNode, last: NameNode) -> Complaint:
    rest = f"{last.system}.{last.name}"
    message = f"'{first.name}-{rest}' would be a difference in a formula"
    hint = f"write {first.name}_{rest}"
    return Complaint(at, message, hint, first=first.column, last=last.end_column - 1)


def _unknown(definition: Definition, at: KeyPath, node: NameNode, world: World) -> Complaint | None:
    if node.system is not None and node.system not in world.by_formula_name:
        message, hint = f"no system is called {node.system!r}", _system_advice(node.system, world)
        last = node.column + len(node.system) - 1
    elif node.name not in world.known:
        message = f"{definition.name} needs {node.name!r}, which nothing defines"
        hint = _name_advice(node.name, world)
        last = node.end_column - 1
    else:
        return None
    return Complaint(at, message, hint, first=node.column, last=last)


def _system_advice(name: str, world: World) -> str:
    if list(world.scopes) == ["study"]:
        return "this study has no systems; write the quantity's name alone"
    return nearest(name, world.by_formula_name) or f"systems: {listed(list(world.by_formula_name))}"


def _name_advice(name: str, world: World) -> str:
    if name in world.by_formula_name:
        return f"{name} is a system; write {name}.quantity"
    if near := nearest_spelling(name, [*world.known, *CALLABLE]):
        return f"did you mean {near!r}?" if near in world.known else f"did you mean {near}(...)?"
    return "give it a value, under [quantities] or in a system"


def resolve(world: World, outputs: Sequence[str], claimed: Iterable[Place]) -> Resolution:
    """Follow the names from outputs and claims, then from all else that is defined."""
    roots = _roots(world, outputs) | dict.fromkeys(claimed)
    others = {(key, name): None for key, scope in world.scopes.items() for name in scope.seen}
    graph = explore([*roots, *others], world.needs)
    absent, broken = _fates(graph, world)

    def counts(place: Place) -> Sequence[Place]:
        """Return what a place needs; where it is absent, only why."""
        needs = graph.needs.get(place, ())
        return [need for need in needs if need in absent] if place in absent else needs

    needed = reachable(roots, counts)
    gaps = islice(_gaps(needed, roots, world), MOST)
    complaints = [*_circles(graph, needed, world), *gaps]
    order = tuple(place for place in graph.order if place not in broken)
    return Resolution(order, absent, frozenset(needed), tuple(complaints))


def _roots(world: World, outputs: Sequence[str]) -> dict[Place, None]:
    """Return the outputs of each system, but for those it has never heard of."""
    return {
        (key, name): None
        for name in outputs
        for key, scope in world.scopes.items()
        if name in scope.seen
    }


def _fates(graph: Graph, world: World) -> tuple[dict[Place, str], set[Place]]:
    """Return why places are absent, and the places that cannot be had for want of a definition."""
    absent: dict[Place, str] = {}
    causes: dict[Place, Place] = {}
    settled: set[Place] = set()
    for place in graph.order:
        definition = world.find(place)
        gone = next((need for need in graph.needs[place] if need in absent), None)
        if gone is not None:
            causes[place] = cause = causes.get(gone, gone)
            reason = absent[cause]
            absent[place] = f"needs {_seen_from(cause, place)}, which is absent: {reason}"
        elif definition is not None and isinstance(definition.content, Absent):
            absent[place] = definition.content.reason
        elif definition is not None and settled.issuperset(graph.needs[place]):
            settled.add(place)
    return absent, {p for p in graph.order if p not in settled and p not in absent}


def _seen_from(place: Place, asking: Place) -> str:
    return place[1] if place[0] == asking[0] else ".".join(place)


def _circles(graph: Graph, needed: Mapping[Place, Place], world: World) -> Iterator[Complaint]:
    """Yield the circles that matter: what an output needs, or what the study itself wrote.

    Of those that share a formula only the first.
    """
    told: set[KeyPath] = set()
    for circle in graph.circles:
        members = [found for place in circle if (found := world.find(place))]
        paths = {member.where.path for member in members}
        own = any(member.where.is_own for member in members)
        if told.isdisjoint(paths) and (own or any(place in needed for place in circle)):
            told |= paths
            yield _circle(circle, members)


def _circle(circle: tuple[Place, ...], members: Sequence[Definition]) -> Complaint:
    alone = len({place[0] for place in circle}) == 1
    words = [place[1] if alone else ".".join(place) for place in circle]
    first = min(range(len(words)), key=words.__getitem__)
    words = [*words[first:], *words[:first], words[first]]
    message = f"formulas need each other in a circle: {' -> '.join(_shortened(words))}"
    hint = "give one of them a value, or a formula that does not need the others"
    return Complaint(members[first].at, message, hint)


def _shortened(words: list[str]) -> list[str]:
    return words if len(words) <= 12 else [*words[:6], "...", *words[-5:]]


def _gaps(
    needed: Mapping[Place, Place], roots: Mapping[Place, None], world: World
) -> Iterator[Complaint]:
    """Yield what is needed and nowhere defined, one complaint for all systems that need it."""
    gaps: dict[tuple[str, str], list[Place]] = {}
    for place, needer in needed.items():
        if world.find(place) is None and place[1] in world.known:
            gaps.setdefault((place[1], "" if place in roots else needer[1]), []).append(place)
    for (name, who), places in gaps.items():
        yield _gap(name, needed[places[0]] if who else None, places, world)


def _gap(name: str, needer: Place | None, places: Sequence[Place], world: World) -> Complaint:
    systems = [system for system, _ in places]
    of_study = len(world.scopes) == 1 and "study" in world.scopes
    whom = "" if of_study else f" in system{'s' * (len(systems) > 1)} {listed(systems, 6)}"
    who = f"{needer[1]} needs {name!r}" if needer else f"{name!r} is an output"
    table = "[quantities]" if of_study else f"[systems.{systems[0]}.quantities]"
    unit = world.scopes[systems[0]].unit(name)
    in_unit = f" in {unit.text}" if unit and unit.text != "1" else ""
    hint = f'give it a value{in_unit} under {table}, or write {name} = {{ absent = "why" }}'
    message = f"{who}, which nothing defines{whom}"
    advice = _near_miss(name, world) or hint
    return Complaint(_gap_path(needer, systems[0], world), message, advice)


def _near_miss(name: str, world: World) -> str:
    """Return what to do where the study defines the name elsewhere, or misspells it."""
    for key, definitions in world.written.sets.items():
        if name in definitions and definitions[name].content is not None:
            return f"equation set {key} defines it: add {key} to uses"
    declared = {one.name for ones in world.written.sets.values() for one in ones.values()}
    own = [*world.written.shared, *(n for s in world.written.systems.values() for n in s)]
    spelling = nearest_spelling(name, [n for n in own if n not in declared])
    return f"the study defines {spelling!r}: did you mean {name!r}?" if spelling else ""


def _gap_path(needer: Place | None, system: str, world: World) -> KeyPath:
    definition = world.find(needer) if needer else None
    if definition is not None and definition.where.is_own:
        return definition.at
    return ("systems", system) if system in world.written.systems else ("uses",)

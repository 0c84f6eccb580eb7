"""The last step of loading: the model, put together from what the other steps found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from wattif.language.beliefs import reach_notice
from wattif.language.claims import ReadClaim
from wattif.language.complaints import listed
from wattif.language.definitions import Definition, Range, Tree
from wattif.language.dependence import notices
from wattif.language.entries import EntriesInUse
from wattif.language.given import Given
from wattif.language.graph import Place
from wattif.language.labels import NO_LABEL, Label
from wattif.language.lookup import stream_keys
from wattif.language.model import (
    Absent,
    Belief,
    Claim,
    Conditional,
    Dependence,
    Formula,
    Model,
    Quantity,
    Random,
    RunSettings,
    System,
)
from wattif.language.positions import KeyPath
from wattif.language.reader import Source
from wattif.language.resolution import NOWHERE, Resolution, World
from wattif.language.sets import SetsInUse
from wattif.language.shape import Study
from wattif.language.unit_check import UnitCheck
from wattif.language.units import DIMENSIONLESS
from wattif.library.bibliography import cite, near_miss, references

FORMAT = 1  # of resolved studies


@dataclass(frozen=True)
class Resolved:
    """A study after resolution: everything but units. Beliefs and domains are by path.

    ``data`` are the columns of numbers that were read, as plain data.
    """

    study: Study
    sets: SetsInUse
    entries: EntriesInUse
    world: World
    resolution: Resolution
    outputs: tuple[str, ...]
    claims: Sequence[ReadClaim]
    beliefs: Mapping[KeyPath, Belief]
    domains: Mapping[KeyPath, Range]
    dependences: tuple[Dependence, ...]
    data: tuple[Mapping[str, Any], ...] = ()


def assemble(
    resolved: Resolved,
    units: UnitCheck,
    claims: tuple[Claim, ...],
    source: Source,
    name: str,
    path: str,
) -> Model:
    """Return the model of a study that has passed every check."""
    study = resolved.study
    run = RunSettings(**study.run.model_dump(exclude={"outputs"}))
    return Model(
        title=study.title.text or name,
        titles=study.title.others,
        name=name,
        description=study.description,
        systems=_systems(resolved),
        outputs=resolved.outputs,
        table=dict(_table(resolved, units)),
        units={key: units.by_name.get(key, DIMENSIONLESS) for key in _names(resolved)},
        needed=resolved.resolution.needed,
        run=run,
        claims=claims,
        dependences=resolved.dependences,
        notices=tuple(_notices(resolved)),
        text=source.text,
        path=path,
        resolved=_stored(resolved, source, name, run),
    )


def _systems(resolved: Resolved) -> tuple[System, ...]:
    systems = resolved.study.systems
    return tuple(
        _system(key, systems[key].label if key in systems else NO_LABEL, sets)
        for key, sets in resolved.sets.systems.items()
    )


def _system(key: str, label: Label, sets: tuple[str, ...]) -> System:
    return System(key, label.text or key, sets, label.others)


def _names(resolved: Resolved) -> list[str]:
    names = (name for scope in resolved.world.scopes.values() for name in scope.seen)
    return list(dict.fromkeys([*names, *resolved.outputs]))


def _table(resolved: Resolved, units: UnitCheck) -> Iterator[tuple[Place, Quantity]]:
    """Yield every place with its quantity: systems in file order, outputs first."""
    keys = stream_keys(resolved.world.written)
    possible = set(resolved.resolution.order)
    for system, scope in resolved.world.scopes.items():
        for name in dict.fromkeys([*resolved.outputs, *scope.seen]):
            place = (system, name)
            definition = scope.find(name)
            if definition is not None and place in possible:
                key = keys[definition.where.path]
                yield place, _quantity(place, definition, key, resolved, units)
            elif name in resolved.outputs:
                unit = units.by_name.get(name, DIMENSIONLESS)
                yield place, Quantity(".".join(place), name, unit, Absent(NOWHERE), "", system)


def _quantity(
    place: Place, definition: Definition, key: str, resolved: Resolved, units: UnitCheck
) -> Quantity:
    where = definition.where
    named = units.by_name.get(definition.name, DIMENSIONLESS)
    label = resolved.world.scopes[place[0]].label(definition.name)
    return Quantity(
        key=key,
        name=definition.name,
        unit=units.units.get(place) or definition.unit or named,
        belief=_belief(place, definition, resolved, units),
        origin=where.words,
        system=where.owner if where.layer == "system" else None,
        label=label.text,
        labels=label.others,
        source=cite(definition.source),
        references=references(definition.source),
        grade=definition.grade,
        note=definition.note,
        domain=resolved.domains.get(where.path),
    )


def _belief(place: Place, definition: Definition, resolved: Resolved, units: UnitCheck) -> Belief:
    content = definition.content
    if place in resolved.resolution.absent:
        needs = definition.stated if isinstance(content, Tree | Given) else ""
        return Absent(resolved.resolution.absent[place], needs)
    if isinstance(content, Tree):
        return Formula(units.expressions[place], content.text)
    if isinstance(content, Given):
        expression = units.expressions[place]
        standard = units.grids.get(place) or content.recipe.standard()
        return Conditional(expression, standard, definition.stated, content.reading)
    return resolved.beliefs[definition.where.path]


def _notices(resolved: Resolved) -> Iterator[str]:
    """Yield what is worth a line though it is not wrong: nothing is ignored in silence."""
    yield from _unused(resolved)
    world = resolved.world
    needed = resolved.resolution.needed
    held = {one.where.path for one in map(world.find, needed) if one is not None}
    names = {name for _, name in needed}
    idle = [_named(one) for one in world.written.all() if _is_idle(one, held, names, resolved)]
    if idle:
        yield f"needed by no output, and so left out: {listed(idle)}"
    for definition in world.written.all():
        belief = resolved.beliefs.get(definition.where.path)
        if isinstance(belief, Random) and definition.where.path in held:
            domain = resolved.domains.get(definition.where.path)
            unit = definition.unit or DIMENSIONLESS
            if notice := reach_notice(_named(definition), belief, unit, domain):
                yield notice
    keys = stream_keys(world.written)
    yield from notices(resolved.dependences, frozenset(keys[path] for path in held))


def _unused(resolved: Resolved) -> Iterator[str]:
    """Yield what the study brings that nothing takes, and sources that are nearly a key."""
    for name in resolved.study.equations:
        if name not in resolved.sets.used:
            yield f"equation set {name} is used by no system: list it under uses"
    for name in resolved.study.data:
        for entry in resolved.study.data[name]:
            if f"{name}.{entry}" not in resolved.entries.entries:
                yield f"data {name}.{entry} is taken by no system: list it under from"
    for definition in resolved.world.written.all():
        if definition.where.is_own and (near := near_miss(definition.source)):
            yield f"{_named(definition)}: no source is called {definition.source!r}; {near!r} is"


def _named(definition: Definition) -> str:
    return definition.key.replace(":", ".")


def _is_idle(
    definition: Definition, held: Set[KeyPath], names: Set[str], resolved: Resolved
) -> bool:
    """Tell whether the study itself gives a value that nothing uses.

    What a set gives may be replaced by something better; that is what sets are for.
    """
    where = definition.where
    if where.layer != "set":
        return where.is_own and where.path not in held
    used = where.owner in resolved.sets.used and where.owner in resolved.study.equations
    return used and definition.content is not None and definition.name not in names


def _stored(resolved: Resolved, source: Source, name: str, run: RunSettings) -> dict[str, Any]:
    """Return the study as plain data from which the same model can be made anywhere."""
    written = source.data.get("run", {})
    return {
        "format": FORMAT,
        "name": name,
        "study": {**source.data, "run": {**written, **asdict(run)}},
        "sets": {
            key: {"sha256": packaged.sha256, "content": dict(packaged.content)}
            for key, packaged in resolved.sets.packaged.items()
        },
        "data": list(resolved.data),
        "entries": {
            key: {"sha256": packaged.sha256, "content": dict(packaged.content)}
            for key, packaged in resolved.entries.packaged.items()
        },
    }

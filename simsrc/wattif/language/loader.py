"""Load a study: the steps in order, each of which finds all that is wrong before the next is tried.

1. read         bytes to plain data                                   reader
2. shape        tables, keys, types, names                            schema
3. resolution   texts, distributions, lookup, outputs, circles        definitions to resolution
4. units        through every formula                                 unit_check
5. the model    what the floors above are given                       assembly
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from wattif.errors import Problem, StudyError
from wattif.language.assembly import FORMAT, Resolved, assemble
from wattif.language.beliefs import believe
from wattif.language.claims import finished, read_claims
from wattif.language.complaints import MOST, Complaint, RefusedError, problems
from wattif.language.correlations import read_groups
from wattif.language.data_files import DataShelf, StoredDataError, unpacked
from wattif.language.definitions import Definition, Where
from wattif.language.dependence import depend
from wattif.language.entries import EntriesInUse, EntryShelf, PackagedEntry, entries_in_use
from wattif.language.lookup import ONLY, Written, conflicts, domains, scope_of
from wattif.language.model import Belief, Claim, Model
from wattif.language.outputs import outputs_of
from wattif.language.positions import KeyPath
from wattif.language.quantity_tables import read_definitions
from wattif.language.reader import Source, read, read_mapping
from wattif.language.resolution import World, resolve, unknown_names
from wattif.language.scenarios import MovedPositions, gather, scenario_complaints, variants
from wattif.language.schema import read_study
from wattif.language.sets import PackagedSet, SetsInUse, Shelf, sets_in_use
from wattif.language.shape import Study
from wattif.language.unit_check import UnitCheck, check_units


def load(source: str | os.PathLike[str] | Mapping[str, object]) -> Model:
    """Read and check a study: a TOML file, or a mapping of the same shape.

    Raises
    ------
    StudyError
        With every problem found in the step that failed.
    """
    if isinstance(source, Mapping):
        return _load(read_mapping(source), ONLY, "", Shelves(Shelf(DataShelf())))
    shelves = Shelves(Shelf(DataShelf(Path(source).parent)))
    return _load(read(source), Path(source).stem, os.fspath(source), shelves)


def from_resolved(resolved: Mapping[str, Any]) -> Model:
    """Return the model of a resolved study, which brings its equation sets and data.

    Raises
    ------
    StudyError
        If it was resolved by another version, or does not hold a study.
    """
    if resolved.get("format") != FORMAT:
        message = f"a resolved study of format {resolved.get('format')!r}; expected {FORMAT}"
        raise StudyError((Problem(message),))
    try:
        name, study = resolved["name"], resolved["study"]
        sets = {
            key: PackagedSet(entry["content"], entry["sha256"])
            for key, entry in resolved["sets"].items()
        }
        entries = {
            key: PackagedEntry(entry["content"], entry["sha256"])
            for key, entry in resolved.get("entries", {}).items()  # none before there were any
        }
        data = DataShelf(stored=unpacked(resolved.get("data", [])))
    except (KeyError, TypeError, AttributeError, StoredDataError):
        raise StudyError((Problem("a resolved study with something missing"),)) from None
    return _load(read_mapping(study), name, "", Shelves(Shelf(data, sets), EntryShelf(entries)))


@dataclass(frozen=True)
class Shelves:
    """Where equation sets and data entries are taken from that a study does not bring."""

    sets: Shelf
    entries: EntryShelf = field(default_factory=EntryShelf)


def _load(source: Source, name: str, path: str, shelves: Shelves) -> Model:
    study, complaints = read_study(source.data)
    _stop(complaints, source)
    if study.scenarios:
        return _load_scenarios(study, source, name, path, shelves)
    resolved = _resolve(study, source, shelves)
    units, claims = _check_units(resolved, source)
    return assemble(resolved, units, claims, source, name, path)


def _load_scenarios(study: Study, source: Source, name: str, path: str, shelves: Shelves) -> Model:
    """Return the first scenario's model, with those of all."""
    _stop(scenario_complaints(study), source)
    models: list[Model] = []
    for variant in variants(source, study):
        part = Source(source.file, source.text, variant.data)
        part.__dict__["positions"] = MovedPositions(source.text, variant.moved)
        models.append(_load(part, name, path, shelves))
    scenarios, complaints = gather(study, models)
    _stop(complaints, source)
    last = models[-1].resolved  # by then all the data that any of them names have been read
    study_of_last = last["study"]
    assert isinstance(study_of_last, Mapping)  # assembly made it
    resolved = {**last, "study": {**source.data, "run": study_of_last["run"]}}
    return replace(models[0], scenarios=scenarios, resolved=resolved)


def _stop(complaints: Iterable[Complaint], source: Source) -> None:
    if found := problems(complaints, source.positions):
        raise StudyError(found, source.file, source.text)


def _resolve(study: Study, source: Source, shelves: Shelves) -> Resolved:
    systems = tuple(study.systems) or (ONLY,)
    used = sets_in_use(study, systems, shelves.sets)
    taken = entries_in_use(study, systems, shelves.entries)
    _stop([*used.complaints, *taken.complaints], source)
    written, complaints = _written(study, used, taken)
    scopes = {key: scope_of(key, used.systems[key], taken.systems[key], written) for key in systems}
    world = World(scopes, written)
    for scope in scopes.values():
        complaints += conflicts(scope)
    complaints += islice(unknown_names(world), MOST)
    beliefs, ranges, refusals = _beliefs(world, shelves.sets.data)
    claims, wrong_claims = read_claims(study.claims, world)
    places = [claim.place for claim in claims]
    outputs, wrong_outputs = outputs_of(study, world, used, (name for _, name in places))
    resolution = resolve(world, outputs, places)
    _stop(
        [*complaints, *refusals, *wrong_claims, *wrong_outputs, *resolution.complaints],
        source,
    )
    groups, drawn, complaints = read_groups(study.correlate, world, beliefs)
    _stop(complaints, source)
    dependences, complaints = depend(groups, drawn)
    _stop(complaints, source)
    data = shelves.sets.data.packed()
    return Resolved(
        *(study, used, taken, world, resolution, outputs, claims, beliefs, ranges),
        *(tuple(dependences), tuple(data)),
    )


def _written(study: Study, used: SetsInUse, taken: EntriesInUse) -> tuple[Written, list[Complaint]]:
    """Return all definitions of a study, its sets and data, and what cannot be read in them."""
    shared, complaints = read_definitions(study.quantities, Where(("quantities",), "shared"))
    systems: dict[str, Mapping[str, Definition]] = {}
    for key, system in study.systems.items():
        where = Where(("systems", key, "quantities"), "system", key)
        systems[key], found = read_definitions(system.quantities, where)
        complaints += found
    data: dict[str, Mapping[str, Definition]] = {}
    for name, entry in taken.entries.items():
        where = Where(("data", *name.split("."), "quantities"), "data", name)
        data[name], found = read_definitions(entry.quantities, where)
        complaints += found
    sets: dict[str, Mapping[str, Definition]] = {}
    for name, equations in used.sets.items():
        where = Where(("equations", name, "quantities"), "set", name)
        sets[name], found = read_definitions(equations.quantities, where)
        complaints += found
    return Written(shared, systems, sets, data), complaints


def _beliefs(
    world: World, data: DataShelf
) -> tuple[dict[KeyPath, Belief], Mapping[KeyPath, tuple[float, float]], list[Complaint]]:
    """Return what every definition states, by its path, with domains, and what is wrong."""
    ranges, complaints = domains(world.scopes.values())
    beliefs: dict[KeyPath, Belief] = {}
    for definition in world.written.all():
        path = definition.where.path
        try:
            belief = believe(definition, ranges.get(path) or definition.domain, data)
        except RefusedError as error:
            complaints.append(error.complaint)
            continue
        if belief is not None:
            beliefs[path] = belief
    return beliefs, ranges, complaints


def _check_units(resolved: Resolved, source: Source) -> tuple[UnitCheck, tuple[Claim, ...]]:
    units = check_units(
        resolved.world,
        resolved.beliefs,
        resolved.resolution.order,
        resolved.resolution.absent,
    )
    _stop(units.complaints, source)
    claims: list[Claim] = []
    complaints: list[Complaint] = []
    for claim in resolved.claims:
        try:
            claims.append(finished(claim, units.by_name.get(claim.place[1], claim.form.unit)))
        except RefusedError as error:
            complaints.append(error.complaint)
    _stop(complaints, source)
    return units, tuple(claims)

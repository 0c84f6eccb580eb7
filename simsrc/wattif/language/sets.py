"""The equation sets that a study uses: its own, and those that come with wattif."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wattif import library
from wattif.language.complaints import MOST, Complaint, nearest
from wattif.language.data_files import DataShelf
from wattif.language.positions import KeyPath
from wattif.language.schema import read_equation_set
from wattif.language.shape import EquationSet, Study


@dataclass(frozen=True)
class PackagedSet:
    """An equation set that came with wattif, and the hash of its text."""

    content: Mapping[str, Any]
    sha256: str


@dataclass
class SetsInUse:
    """Every equation set of the study's own, and every packaged one that it uses.

    ``systems`` has the sets of each system, each once, those of the whole study first.
    """

    sets: dict[str, EquationSet] = field(default_factory=dict)
    packaged: dict[str, PackagedSet] = field(default_factory=dict)
    systems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def used(self) -> tuple[str, ...]:
        """The sets that some system uses, in order of first use."""
        return tuple(dict.fromkeys(name for sets in self.systems.values() for name in sets))


class Shelf:
    """Where packaged sets are taken from: the package, or a stored study that brought them.

    ``data`` is where its columns of numbers are taken from.
    """

    def __init__(self, data: DataShelf, stored: Mapping[str, PackagedSet] | None = None) -> None:
        self.data = data
        self._stored = stored

    @property
    def names(self) -> tuple[str, ...]:
        """The sets that are on the shelf."""
        return library.equation_sets() if self._stored is None else tuple(self._stored)

    def take(self, name: str) -> PackagedSet:
        """Return a set that is on the shelf."""
        if self._stored is not None:
            return self._stored[name]
        text, content = library.read_set(name)
        return PackagedSet(content, hashlib.sha256(text.encode()).hexdigest())


def sets_in_use(study: Study, systems: tuple[str, ...], shelf: Shelf) -> SetsInUse:
    """Return the equation sets of a study, and what is wrong with them."""
    found = SetsInUse(sets=dict(study.equations))
    for name in study.equations:
        if name in shelf.names:
            message = f"equation set {name!r} would hide the one that comes with wattif"
            found.complaints.append(Complaint(("equations", name), message, "rename it", at="key"))
    for path, name in _uses(study):
        if len(found.complaints) >= MOST:
            break
        _take(name, path, shelf, found)
    for key in systems:
        own = study.systems[key].uses if key in study.systems else ()
        names = dict.fromkeys((*study.uses, *own))
        found.systems[key] = tuple(name for name in names if name in found.sets)
    return found


def _uses(study: Study) -> Iterator[tuple[KeyPath, str]]:
    for place, name in enumerate(study.uses):
        yield ("uses", place), name
    for key, system in study.systems.items():
        for place, name in enumerate(system.uses):
            yield ("systems", key, "uses", place), name


def _take(name: str, path: KeyPath, shelf: Shelf, found: SetsInUse) -> None:
    if name in found.sets:
        return
    if name not in shelf.names:
        known = [*found.sets, *shelf.names]
        message = f"no equation set is called {name!r}"
        hint = nearest(name, known) or f"known: {', '.join(dict.fromkeys(known))}"
        found.complaints.append(Complaint(path, message, hint))
        return
    packaged = shelf.take(name)
    base = ("equations", name)
    equations, complaints = read_equation_set(packaged.content, base)
    found.complaints += complaints
    found.sets[name] = equations
    found.packaged[name] = packaged

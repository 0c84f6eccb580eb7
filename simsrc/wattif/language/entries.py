"""The data entries that a study takes figures from: its own, and those that come with wattif."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wattif import library
from wattif.language.complaints import MOST, Complaint, listed, nearest, nearest_spelling
from wattif.language.positions import KeyPath
from wattif.language.schema import read_entry
from wattif.language.shape import Entry, Study

_TEXTS = ("title", "description")  # keys of a packaged data set that are no entries


@dataclass(frozen=True)
class PackagedEntry:
    """A data entry that came with wattif, and the hash of its content."""

    content: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class Taken:
    """The entries that a system takes: its own, and those of the whole study."""

    own: tuple[str, ...] = ()
    common: tuple[str, ...] = ()


@dataclass
class EntriesInUse:
    """Every data entry that some system takes, by "set.entry"."""

    entries: dict[str, Entry] = field(default_factory=dict)
    packaged: dict[str, PackagedEntry] = field(default_factory=dict)
    systems: dict[str, Taken] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)


class EntryShelf:
    """Where packaged entries are taken from: the package, or a stored study that brought them."""

    def __init__(self, stored: Mapping[str, PackagedEntry] | None = None) -> None:
        self._stored = stored

    @property
    def sets(self) -> tuple[str, ...]:
        """The data sets that are on the shelf."""
        if self._stored is None:
            return library.data_sets()
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self._stored))

    def entries(self, name: str) -> tuple[str, ...]:
        """Return the entries of a data set."""
        if self._stored is None:
            return tuple(entries_of(library.read_data(name)))
        return tuple(key.partition(".")[2] for key in self._stored if key.startswith(f"{name}."))

    def take(self, name: str, entry: str) -> PackagedEntry:
        """Return an entry that is on the shelf."""
        if self._stored is not None:
            return self._stored[f"{name}.{entry}"]
        content = library.read_data(name)[entry]
        return PackagedEntry(content, fingerprint(content))


def entries_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a packaged data set, without the texts about the set."""
    return {key: value for key, value in data.items() if key not in _TEXTS}


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry, as JSON with its keys in order."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def entries_in_use(study: Study, systems: tuple[str, ...], shelf: EntryShelf) -> EntriesInUse:
    """Return the data entries that a study takes, and what is wrong with them."""
    found = EntriesInUse()
    for name in study.data:
        if name in shelf.sets:
            message = f"data set {name!r} would hide the one that comes with wattif"
            found.complaints.append(Complaint(("data", name), message, "rename it", at="key"))
    for path, name in _uses(study):
        if len(found.complaints) >= MOST:
            break
        if name not in found.entries:
            _take(name, path, study, shelf, found)
    for key in systems:
        own = study.systems[key].from_ if key in study.systems else ()
        found.systems[key] = Taken(_known(own, found), _known(study.from_, found))
    return found


def _known(names: tuple[str, ...], found: EntriesInUse) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name in found.entries)


def _uses(study: Study) -> Iterator[tuple[KeyPath, str]]:
    for place, name in enumerate(study.from_):
        yield ("from", place), name
    for key, system in study.systems.items():
        for place, name in enumerate(system.from_):
            yield ("systems", key, "from", place), name


def _take(name: str, path: KeyPath, study: Study, shelf: EntryShelf, found: EntriesInUse) -> None:
    data_set, _, entry = name.partition(".")
    if data_set in study.data and entry in study.data[data_set]:
        found.entries[name] = study.data[data_set][entry]
    elif data_set in shelf.sets and entry in shelf.entries(data_set):
        packaged = shelf.take(data_set, entry)
        found.entries[name], complaints = read_entry(packaged.content, ("data", data_set, entry))
        found.packaged[name] = packaged
        found.complaints += complaints
    else:
        found.complaints.append(Complaint(path, *_unknown(data_set, entry, study, shelf)))


def _unknown(data_set: str, entry: str, study: Study, shelf: EntryShelf) -> tuple[str, str]:
    """Return what is wrong with the name of an entry, and advice."""
    sets = list(dict.fromkeys([*study.data, *shelf.sets]))
    if data_set not in sets:
        return f"no data set is called {data_set!r}", nearest(data_set, sets) or (
            f"known: {listed(sets)}" if sets else "this study has none under [data]"
        )
    known = list(study.data[data_set] if data_set in study.data else shelf.entries(data_set))
    if not entry:
        example = f"{data_set}.{known[0]}" if known else f"{data_set}.entry"
        return f"{data_set!r} is a whole data set; expected an entry of it", f"write {example!r}"
    near = nearest_spelling(entry, known)
    hint = f"did you mean '{data_set}.{near}'?" if near else f"known: {listed(known)}"
    return f"data set {data_set} has no entry {entry!r}", hint

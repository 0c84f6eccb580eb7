"""The works that a study cites, as BibTeX and as CSL-JSON for reference managers.

A source that names keys of the shared bibliography is those works, with authors, title and year.
Any other is free text: its entry has the text as it stands, as its note, and only web addresses,
DOIs and arXiv numbers in it get fields of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.analysis.lineage import stored_study
from wattif.library.bibliography import Reference, bibliography

if TYPE_CHECKING:
    from xarray import DataTree

_URL = re.compile(r"https?://[^\s,;()<>\"]+[^\s,;()<>\".]")
_ARXIV = re.compile(r"\barXiv:(\d{4}\.\d{4,5})", re.IGNORECASE)
_DOI = re.compile(r"\b(?:doi:|https?://doi\.org/)(10\.\d{4,9}/[^\s,;]+[^\s,;.])", re.IGNORECASE)
_SPECIAL = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_NONE = ("definition", "convention")  # begin a source that is no work
_WORDS, _LONGEST = 4, 40  # of the text in a key


@dataclass(frozen=True)
class Work:
    """A source, and what it is the source of.

    ``reference`` is its entry in the shared bibliography, if it has one; ``text`` the source as the
    study has it, if it has none.
    """

    key: str
    text: str
    used_for: tuple[str, ...]
    reference: Reference | None = None

    @property
    def address(self) -> str:
        """Its web address; "" if there is none."""
        if self.reference:
            return self.reference.url
        found = _URL.search(self.text)
        return found[0] if found else ""

    @property
    def arxiv(self) -> str:
        """Its arXiv number; "" if there is none."""
        if self.reference:
            return self.reference.arxiv
        found = _ARXIV.search(self.text)
        return found[1] if found else ""

    @property
    def doi(self) -> str:
        """Its DOI; "" if there is none."""
        if self.reference:
            return self.reference.doi
        found = _DOI.search(self.text)
        return found[1] if found else ""


def cited_works(tree: DataTree) -> tuple[Work, ...]:
    """Return the sources of all quantities that the outputs need, formulas too, each once.

    Raises
    ------
    ResultError
        If the study is one that this version cannot read.
    """
    model = stored_study(tree)
    texts: dict[str, dict[str, None]] = {}
    references: dict[str, dict[str, None]] = {}
    for place in model.table:
        quantity = model.table[place]
        if place not in model.needed or not quantity.source or quantity.source.startswith(_NONE):
            continue
        label = quantity.label or quantity.name.replace("_", " ")
        for key in quantity.references:
            references.setdefault(key, {})[label] = None
        if not quantity.references:
            texts.setdefault(quantity.source, {})[label] = None
    keys = _keys(texts, references)
    known = bibliography()
    return (
        *(Work(key, "", tuple(labels), known[key]) for key, labels in references.items()),
        *(Work(keys[text], text, tuple(labels)) for text, labels in texts.items()),
    )


def as_bibtex(works: Sequence[Work]) -> str:
    """Return works as entries of BibTeX."""
    return "\n".join(_entry(work) for work in works)


def as_csl(works: Sequence[Work]) -> list[dict[str, object]]:
    """Return works as items of CSL-JSON."""
    return [_item(work) for work in works]


def _keys(texts: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Return a key for each text, made of its first words; no two are the same."""
    keys: dict[str, str] = {}
    taken = set(others)
    for text in texts:
        base = key = _slug(text)
        number = 2
        while key in taken:
            key = f"{base}-{number}"
            number += 1
        taken.add(key)
        keys[text] = key
    return keys


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:_WORDS])[:_LONGEST] or "source"


def _entry(work: Work) -> str:
    fields = {**_described(work), "annote": _escaped("; ".join(work.used_for))}
    if work.arxiv:
        fields |= {"eprint": work.arxiv, "archiveprefix": "arXiv"}
    fields |= {name: value for name, value in (("doi", work.doi), ("url", work.address)) if value}
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{work.key},", *lines, "}", ""])


def _described(work: Work) -> dict[str, str]:
    """Return what a work is: authors, title and year, or just a note."""
    found = work.reference
    if found is None:
        return {"note": _escaped(work.text)}
    authors = [_escaped(name) for name in found.authors]
    names = (name if "," in name or name == "others" else f"{{{name}}}" for name in authors)
    fields = {
        "author": " and ".join(names),
        "title": f"{{{_escaped(found.title)}}}",
        "year": str(found.year),
    }
    note = _note(found)
    return {**fields, "note": _escaped(note)} if note else fields


def _note(found: Reference) -> str:
    """Return where a work appeared, and where it was read instead."""
    return "; ".join(filter(None, (found.where, found.via and f"via {found.via}")))


def _escaped(text: str) -> str:
    """Return a text that TeX prints as it stands; braces in it are balanced by being escaped."""
    return "".join(_SPECIAL.get(sign, sign) for sign in " ".join(text.split()))


def _item(work: Work) -> dict[str, object]:
    link = work.address or (f"https://arxiv.org/abs/{work.arxiv}" if work.arxiv else "")
    optional = {"DOI": work.doi, "URL": link}
    found = work.reference
    described: dict[str, object] = {"title": work.text}
    if found is not None:
        people = [_person(name) for name in found.authors]  # "others" too: who is left out shows
        issued = {"date-parts": [[found.year]]}
        described = {"title": found.title, "author": people, "issued": issued}
        optional["note"] = _note(found)
    return {
        "id": work.key,
        "type": "document",
        **described,
        "annote": "; ".join(work.used_for),
        **{name: value for name, value in optional.items() if value},
    }


def _person(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": name}

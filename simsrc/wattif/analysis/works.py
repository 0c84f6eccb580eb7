"""The works that a study cites, as BibTeX and as CSL-JSON for reference managers.

A source is free text, so an entry has the text as it stands, as its note; only web addresses, DOIs
and arXiv numbers in it get fields of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.analysis.lineage import stored_study

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
    """A source as the study has it, and what it is the source of."""

    key: str
    text: str
    used_for: tuple[str, ...]

    @property
    def address(self) -> str:
        """The first web address in it; "" if there is none."""
        found = _URL.search(self.text)
        return found[0] if found else ""

    @property
    def arxiv(self) -> str:
        """The first arXiv number in it; "" if there is none."""
        found = _ARXIV.search(self.text)
        return found[1] if found else ""

    @property
    def doi(self) -> str:
        """The first DOI in it; "" if there is none."""
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
    used: dict[str, dict[str, None]] = {}
    for place in model.table:
        quantity = model.table[place]
        if place in model.needed and quantity.source and not quantity.source.startswith(_NONE):
            label = quantity.label or quantity.name.replace("_", " ")
            used.setdefault(quantity.source, {})[label] = None
    keys = _keys(used)
    return tuple(Work(keys[text], text, tuple(labels)) for text, labels in used.items())


def as_bibtex(works: Sequence[Work]) -> str:
    """Return works as entries of BibTeX."""
    return "\n".join(_entry(work) for work in works)


def as_csl(works: Sequence[Work]) -> list[dict[str, str]]:
    """Return works as items of CSL-JSON."""
    return [_item(work) for work in works]


def _keys(texts: Iterable[str]) -> dict[str, str]:
    """Return a key for each text, made of its first words; no two are the same."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
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
    fields = {"note": _escaped(work.text), "annote": _escaped("; ".join(work.used_for))}
    if work.arxiv:
        fields |= {"eprint": work.arxiv, "archiveprefix": "arXiv"}
    fields |= {name: value for name, value in (("doi", work.doi), ("url", work.address)) if value}
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{work.key},", *lines, "}", ""])


def _escaped(text: str) -> str:
    """Return a text that TeX prints as it stands; braces in it are balanced by being escaped."""
    return "".join(_SPECIAL.get(sign, sign) for sign in " ".join(text.split()))


def _item(work: Work) -> dict[str, str]:
    link = work.address or (f"https://arxiv.org/abs/{work.arxiv}" if work.arxiv else "")
    optional = {"DOI": work.doi, "URL": link}
    return {
        "id": work.key,
        "type": "document",
        "title": work.text,
        "note": "; ".join(work.used_for),
        **{name: value for name, value in optional.items() if value},
    }

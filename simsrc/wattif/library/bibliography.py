"""The shared bibliography: what the keys under ``source`` stand for.

A source is written as a key of ``sources.toml``, as "key: where in it", as several of these parted
by ";", or as free text, which stays as it is. To add a source, add a table to ``sources.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

_LONGEST = 40  # of a key: seeking near spellings of long texts takes long


@dataclass(frozen=True)
class Reference:
    """One work: who says it, when, and where it is to be found.

    ``authors`` are "Family, Given", or the name of an organisation without a comma. ``via`` says
    where the work was read, if not at its own place.
    """

    key: str
    title: str
    authors: tuple[str, ...]
    year: int
    arxiv: str = ""
    doi: str = ""
    url: str = ""
    where: str = ""
    via: str = ""

    @property
    def citation(self) -> str:
        """Return it in short: "Cottier et al. 2024, arXiv:2405.21015"."""
        names = [author.partition(",")[0] for author in self.authors]
        several = len(names) > 2 or "others" in names
        who = f"{names[0]} et al." if several else " and ".join(names)
        return f"{who} {self.year}, {self._locator}"

    @property
    def _locator(self) -> str:
        if self.arxiv:
            return f"arXiv:{self.arxiv}"
        return f"doi:{self.doi}" if self.doi else self.title


@cache
def bibliography() -> Mapping[str, Reference]:
    """Return the shared bibliography, by key."""
    text = files("wattif.library").joinpath("sources.toml").read_text(encoding="utf-8")
    return {key: read_reference(key, entry) for key, entry in tomli.loads(text).items()}


def read_reference(key: str, entry: Mapping[str, Any]) -> Reference:
    """Return a reference from its table."""
    return Reference(key, **{**entry, "authors": tuple(entry["authors"])})


def cite(source: str) -> str:
    """Return a source with the keys in it replaced by citations."""
    return "; ".join(_cited(part) for part in source.split("; "))


def references(source: str) -> tuple[str, ...]:
    """Return the keys of the bibliography that a source names, each once."""
    found = (part.strip().partition(": ")[0] for part in source.split("; "))
    return tuple(dict.fromkeys(key for key in found if key in bibliography()))


def near_miss(source: str) -> str:
    """Return the key that a source seems to mean and does not name, or nothing."""
    key = source.partition(": ")[0]
    if " " in key or "-" not in key or len(key) > _LONGEST or key in bibliography():
        return ""
    return next(iter(get_close_matches(key, bibliography(), n=1, cutoff=0.8)), "")


def _cited(part: str) -> str:
    key, _, where = part.strip().partition(": ")
    if key not in bibliography():
        return part
    citation = bibliography()[key].citation
    return f"{citation} ({where})" if where else citation

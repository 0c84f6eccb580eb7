"""Data that ship with wattif: equation sets, figures and studies, as TOML with their sources.

To add an equation set or a study, put a file into ``sets/`` or ``studies/``: its name without
``.toml`` is what a study lists under ``uses``, or what the command line calls it. To add a chip, a
price, a site or a run, add a table to a file in ``data/``, and its source to ``sources.toml``. No
Python is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import tomli


def equation_sets() -> tuple[str, ...]:
    """Return the names of the packaged equation sets, in alphabetical order."""
    return _names("sets")


def read_set(name: str) -> tuple[str, dict[str, Any]]:
    """Return text and content of a packaged equation set; KeyError if there is none."""
    return _read("sets", name)


def packaged_studies() -> tuple[str, ...]:
    """Return the names of the packaged studies, in alphabetical order."""
    return _names("studies")


def read_study(name: str) -> tuple[str, dict[str, Any]]:
    """Return text and content of a packaged study; KeyError if there is none."""
    return _read("studies", name)


def data_sets() -> tuple[str, ...]:
    """Return the names of the packaged data sets, in alphabetical order."""
    return _names("data")


@cache  # a study takes many entries of few sets
def read_data(name: str) -> Mapping[str, Any]:
    """Return the content of a packaged data set; KeyError if there is none."""
    return _read("data", name)[1]


def _names(folder: str) -> tuple[str, ...]:
    place = files(__name__).joinpath(folder)
    if not place.is_dir():
        return ()
    found = (entry.name for entry in place.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def _read(folder: str, name: str) -> tuple[str, dict[str, Any]]:
    if name not in _names(folder):  # a name is looked up, never joined to a path unseen
        raise KeyError(name)
    text = files(__name__).joinpath(folder, f"{name}.toml").read_text(encoding="utf-8")
    return text, tomli.loads(text)

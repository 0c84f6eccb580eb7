"""Find the study that a word on the command line means: a file, or one that ships with wattif."""

from __future__ import annotations

import difflib
from importlib.resources import files
from pathlib import Path

from wattif.api import Study, load
from wattif.errors import Problem, StudyError
from wattif.library import packaged_studies


def load_study(word: str) -> Study:
    """Return the study of a path, or of the name of a packaged study; files go first.

    Raises
    ------
    StudyError
        If there is none, or it is wrong.
    """
    path = Path(word)
    if path.is_file():
        return load(path)
    name = word.removesuffix(".toml")
    if not path.exists() and name in packaged_studies():
        return load(packaged_path(name))
    raise StudyError((_not_found(path),), file=word)


def packaged_path(name: str) -> Path:
    """Return the file of a packaged study."""
    return Path(str(files("wattif.library").joinpath("studies", f"{name}.toml")))


def _not_found(path: Path) -> Problem:
    if path.is_dir():
        studies = sorted(entry.name for entry in path.glob("*.toml"))
        hint = f"name a study in it: {', '.join(studies[:5])}" if studies else "name a study file"
        return Problem(f"{path} is a folder; expected a study file", hint=hint)
    near = difflib.get_close_matches(str(path), _known(path), n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(near)}?" if near else ""
    return Problem(
        f"no such study: {path}", hint=advice or "wattif list studies; wattif init my.toml"
    )


def _known(path: Path) -> list[str]:
    """Return what might have been meant: studies beside the path, and the packaged ones."""
    try:
        beside = [str(path.parent / entry.name) for entry in path.parent.glob("*.toml")]
    except OSError:
        beside = []
    return [*beside, *packaged_studies()]

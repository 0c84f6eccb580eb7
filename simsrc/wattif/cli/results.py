"""The result that a word on the command line means: a stored one, or that of a study run now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wattif.api import open_result
from wattif.cli.compiling import announce_compiling
from wattif.cli.studies import load_study
from wattif.cli.terminal import progress_bar

if TYPE_CHECKING:
    from xarray import DataTree


def result_of(word: str, draws: int | None = None) -> DataTree:
    """Return a stored result, or run a study and return its result, which is not kept.

    Parameters
    ----------
    word
        A file that ends in .nc is a result; anything else is the path or name of a study.
    draws
        Draws of a study that is run; its own number if None.

    Raises
    ------
    ResultError, StudyError, RunError
        If there is no such result or study, or it cannot be run.
    """
    if Path(word).suffix == ".nc":
        return open_result(word)
    study = load_study(word)
    announce_compiling()
    with progress_bar(study.model.name) as progress:
        return study.run(draws=draws, progress=progress)

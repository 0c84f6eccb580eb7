"""wattif from Python: load a study, run it, keep and reopen its result, repeat it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wattif.language.model import Model, Sampling
from wattif.results.export import export
from wattif.results.scenarios import take as scenario
from wattif.results.store import open_result, save_result
from wattif.results.summary import Summary, summary

if TYPE_CHECKING:
    from xarray import DataTree, Variable

    from wattif.reshape import ShapeReport
    from wattif.simulate import Progress
    from wattif.stopping import Watch

__all__ = [
    "Agreement",
    "Study",
    "Summary",
    "export",
    "load",
    "open_result",
    "rerun",
    "save_result",
    "scenario",
    "shapes",
    "summary",
]

SHAPE_DRAWS = 2**18  # for each shape: three digits of an interval, in half a second


@dataclass(frozen=True, repr=False)
class Study:
    """A study that has been read and checked. ``model`` holds all that was found in it."""

    model: Model

    @property
    def title(self) -> str:
        """Title of the study."""
        return self.model.title

    def __repr__(self) -> str:
        from wattif.language.describe import as_text

        return as_text(self.model)

    def _repr_html_(self) -> str:
        from wattif.language.describe import as_html

        return as_html(self.model)

    def run(
        self,
        *,
        draws: int | None = None,
        seed: int | None = None,
        sampling: Sampling | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
        until: float | None = None,
        budget: int | None = None,
        watch: Watch | None = None,
    ) -> DataTree:
        """Simulate the study and return its result.

        Parameters
        ----------
        draws
            Draws in all; each replicate's share is rounded up to a power of two.
        seed
            Of the random numbers, 0 to 2**64 - 1. The same seed gives the same bits.
        sampling
            "sobol", "latin-hypercube" or "random".
        threads
            Workers; all available processors by default. The result does not depend on it.
        progress
            Called with (draws done, draws in all) as the run goes on.
        until
            Double the draws until the standard errors of the 5th, 50th and 95th percentiles of
            every output are below this fraction, with 95 % confidence.
        budget
            Draws at most, while doubling.
        watch
            Called with the :class:`~wattif.stopping.Judgement` of each round.

        Returns
        -------
        xarray.DataTree
            Groups ``summary``, ``summary_error``, ``replicates``, ``percentiles``, ``density``,
            ``prior``, ``inputs``, ``claims`` and others; see the documentation of the result.

        Raises
        ------
        StudyError
            If a setting makes no sense.
        RunError
            If the run cannot be carried through.
        """
        from wattif.simulate import simulate, with_settings
        from wattif.stopping import simulate_until

        model = with_settings(
            self.model, draws=draws, seed=seed, sampling=sampling, until=until, budget=budget
        )
        if model.run.until is None:
            return simulate(model, threads=threads, progress=progress)
        return simulate_until(model, threads=threads, progress=progress, watch=watch)


def load(source: str | os.PathLike[str] | Mapping[str, object]) -> Study:
    """Read and check a study: a TOML file, or a dict of the same shape.

    Raises
    ------
    StudyError
        With every problem found: place, what was found, what was expected, how to mend it.
    """
    from wattif.language import loader

    return Study(loader.load(source))


def shapes(
    study: Study,
    *,
    draws: int = SHAPE_DRAWS,
    seed: int | None = None,
    sampling: Sampling | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ShapeReport:
    """Read every "a to b" of a study as other families with the same ends; see what moves.

    Each shape is a run of so many draws, on the same points as the study as it was read.

    Raises
    ------
    StudyError
        If no output needs an "a to b", or a setting makes no sense.
    RunError
        If a run cannot be carried through.
    """
    from wattif.reshape import reshape
    from wattif.simulate import with_settings

    model = with_settings(study.model, draws=draws, seed=seed, sampling=sampling)
    return reshape(model, threads=threads, progress=progress)


@dataclass(frozen=True)
class Agreement:
    """How a repeated run compares with the stored one.

    ``differences`` says in words which arrays differ and by how much; ``largest`` is the greatest
    relative difference (0 if every bit agrees, infinite if shapes or names differ).
    """

    identical: bool
    largest: float
    differences: tuple[str, ...]


def rerun(
    path: str | os.PathLike[str], *, threads: int | None = None, progress: Progress | None = None
) -> Agreement:
    """Repeat the run that made a result, from the file alone, and compare every array.

    Raises
    ------
    ResultError
        If the file is not a result.
    """
    from wattif.language import loader
    from wattif.simulate import simulate

    stored = open_result(path)
    model = loader.from_resolved(json.loads(stored.attrs["resolved"]))
    return compare(stored, simulate(model, threads=threads, progress=progress))


def compare(stored: DataTree, repeated: DataTree) -> Agreement:
    """Compare every array of two results, bit by bit (NaN equals NaN)."""
    left, right = _arrays(stored), _arrays(repeated)
    words = [f"{name}: only in one of the results" for name in sorted(left.keys() ^ right.keys())]
    largest = float("inf") if words else 0.0
    for name in left.keys() & right.keys():
        difference = _difference(left[name], right[name])
        if difference > 0:
            words.append(f"{name}: differs by up to {difference:.1e} of its value")
            largest = max(largest, difference)
    return Agreement(not words, largest, tuple(sorted(words)))


def _arrays(tree: DataTree) -> dict[str, Variable]:
    return {
        f"{group.path.rstrip('/')}/{name}": variable
        for group in tree.subtree
        for name, variable in group.to_dataset(inherit=False).variables.items()
    }


def _difference(left: Variable, right: Variable) -> float:
    a, b = np.asarray(left.values), np.asarray(right.values)
    if a.shape != b.shape or (a.dtype.kind == "f") != (b.dtype.kind == "f"):
        return float("inf")
    if a.dtype.kind != "f":
        return 0.0 if np.array_equal(a.astype(str), b.astype(str)) else float("inf")
    if np.array_equal(a, b, equal_nan=True):
        return 0.0
    if not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return float("inf")
    scale = np.maximum(np.abs(a), np.abs(b))
    with np.errstate(invalid="ignore"):
        relative = np.abs(a - b) / np.where(scale > 0, scale, 1.0)
    return float(np.nanmax(relative))

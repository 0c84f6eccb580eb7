"""``wattif plot``: draw pictures of results."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter, validators

from wattif.api import open_result
from wattif.cli.arguments import Out
from wattif.cli.terminal import note, show
from wattif.errors import ResultError
from wattif.results.answers import check_names
from wattif.results.scenarios import take
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.plots import Kind, Look

Ending = Literal["png", "svg", "pdf"]
Style = Literal["light", "dark", "paper"]
Size = tuple[float, float]

_ALL = "all"


Names = Annotated[tuple[str, ...], Parameter(consume_multiple=False)]


def plot(
    result: Path,
    /,
    *more: Path,
    kind: Names = (),
    quantity: Names = (),
    system: Names = (),
    out: Out = None,
    format: Ending | None = None,
    style: Style = "light",
    lang: Language = "en",
    size: str | None = None,
    dpi: Annotated[int, Parameter(validator=validators.Number(gte=20, lte=1200))] = 200,
    title: str | None = None,
    scenario: str | None = None,
) -> None:
    """Draw pictures of results.

    Parameters
    ----------
    result
        A file that `wattif run` wrote.
    more
        Others, drawn likewise, or together where a kind compares results.
    kind
        What to draw; may be given again; "all" for all that can be drawn. The intervals unless
        given. `wattif list pictures` explains them.
    quantity
        Only this quantity; may be given again, and sets the order.
    system
        Only this system; may be given again, and sets the order.
    out
        The picture: .png, .svg or .pdf; or a folder for several. Beside the result unless given.
    format
        png, svg or pdf, where --out does not say; png unless given.
    style
        light, dark, or paper for print without colour.
    lang
        Language of words and numbers: en or es.
    size
        Width and height in inches, such as 8x5; what suits the content unless given.
    dpi
        Dots an inch of a PNG; 200 unless given.
    title
        Over the picture; the study's own unless given.
    scenario
        Which one of the study's scenarios, by its label; all of them, as a fan, unless given.
    """
    paths = [result, *more]
    trees = [open_result(path) for path in paths]
    if scenario is not None:
        trees = [take(tree, scenario) for tree in trees]
    from wattif.plots import Look  # after a refusal that needs no matplotlib

    asked = _Asked(kind, quantity, system, title, Look(style, lang, _inches(size)))
    for tree in trees:
        check_names(tree, quantity, system)
    jobs = list(_jobs(asked, paths, trees))
    targets = _targets(jobs, asked, out, format)
    written = [_draw(job, asked, t, dpi) for job, t in zip(jobs, targets, strict=True)]
    if not any(written):
        raise ResultError("nothing could be drawn")


def _inches(word: str | None) -> Size | None:
    """Return the size that a word says: 8x5, 8.5x11."""
    if word is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)", word)
    if not found:
        raise ResultError(f"--size '{word}': expected width and height in inches, such as 8x5")
    return float(found[1]), float(found[2])


@dataclass(frozen=True)
class _Asked:
    """What the user asked for."""

    kinds: tuple[str, ...]
    quantities: tuple[str, ...]
    systems: tuple[str, ...]
    title: str | None
    look: Look

    @property
    def everything(self) -> bool:
        """Whether whatever can be drawn is to be drawn, and the rest to be left out."""
        return _ALL in self.kinds


@dataclass(frozen=True, eq=False)
class _Job:
    """One picture: its kind, and the results that it is drawn of, from the first one's file."""

    kind: Kind
    path: Path
    trees: tuple[DataTree, ...]


def _jobs(asked: _Asked, paths: Sequence[Path], trees: Sequence[DataTree]) -> Iterator[_Job]:
    """Return the pictures to be drawn, in the order of kinds."""
    for kind in _kinds(asked, paths, trees):
        if kind.takes == "results":
            yield _Job(kind, paths[0], tuple(trees))
            continue
        for path, tree in zip(paths, trees, strict=True):
            yield _Job(kind, path, (tree,))


def _kinds(asked: _Asked, paths: Sequence[Path], trees: Sequence[DataTree]) -> list[Kind]:
    """Return the kinds asked for, once each.

    Raises
    ------
    ResultError
        If a kind is not known, or cannot be drawn of one of the results.
    """
    from wattif.plots.kinds import KINDS, drawable

    for name in asked.kinds:
        if name != _ALL and name not in KINDS:
            near = difflib.get_close_matches(name, KINDS, n=1)
            advice = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(KINDS)}"
            raise ResultError(f"there is no kind of picture '{name}'; {advice}")
    possible = drawable(trees)  # one after the other: some kinds take a while to tell
    if asked.everything:
        return list(possible)
    chosen = [KINDS[name] for name in dict.fromkeys(asked.kinds)] or list(islice(possible, 1))
    for kind in chosen:
        for path, tree in zip(paths, trees, strict=True):
            if why := kind.why_not(tree):
                raise ResultError(f"{path}: no picture of kind '{kind.name}': {why}")
    return chosen


def _draw(job: _Job, asked: _Asked, target: Path, dpi: int) -> bool:
    """Draw a picture, print where it is, and return True.

    One that was not asked for by name and cannot be drawn is noted, and that is all.
    """
    from wattif.plots import save_figure

    what = job.trees if job.kind.takes == "results" else job.trees[0]
    quantities, systems = asked.quantities, asked.systems
    try:
        figure = job.kind.draw(what, quantities, systems, title=asked.title, look=asked.look)
    except ResultError as error:
        if not asked.everything:
            raise
        note(f"no picture of kind '{job.kind.name}': {error}")
        return False
    show(str(save_figure(figure, target, dpi)))
    return True


def _targets(
    jobs: Sequence[_Job], asked: _Asked, out: Path | None, ending: Ending | None
) -> list[Path]:
    """Return where each picture goes.

    Raises
    ------
    ResultError
        If several are to go into one file, or its name and the format disagree.
    """
    suffix = f".{ending or 'png'}"
    if out is None or out.is_dir() or not out.suffix:
        if out is not None:
            _make_folder(out)
        named = len(jobs) > 1 or bool(asked.kinds)
        names = [f"{job.path.stem}-{job.kind.name}" if named else job.path.stem for job in jobs]
        return [
            (job.path.parent if out is None else out) / f"{name}{suffix}"
            for job, name in zip(jobs, names, strict=True)
        ]
    if len(jobs) > 1:
        raise ResultError(f"{out}: is one file for {len(jobs)} pictures; give --out a folder")
    if ending is not None and out.suffix.lower() != suffix:
        raise ResultError(f"{out}: does not end in {suffix}, the format asked for; leave one out")
    return [out]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultError(f"{folder}: cannot be made ({error.strerror or error})") from None

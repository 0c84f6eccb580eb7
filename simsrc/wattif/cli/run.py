"""``wattif run``: simulate a study, print its intervals, keep the result."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from wattif.api import save_result
from wattif.cli.answers import answers_as_json, show_answers
from wattif.cli.arguments import Out, Quiet, Sampling, Share, Whole
from wattif.cli.compiling import announce_compiling
from wattif.cli.correlations import correlations_as_json, show_achieved
from wattif.cli.rivals import show_rivalries
from wattif.cli.studies import load_study
from wattif.cli.terminal import note, progress_bar, show, show_json, small, warn
from wattif.format import format_percent
from wattif.language.model import Model, Random
from wattif.results.answers import read_answers
from wattif.results.scenarios import each
from wattif.results.store import check_target

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.stopping import Judgement


def run(
    study: str,
    /,
    *,
    draws: Whole = None,
    seed: Whole = None,
    sampling: Sampling | None = None,
    threads: Whole = None,
    until: Share = None,
    budget: Whole = None,
    out: Out = None,
    json: bool = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a study; print its intervals and keep the result.

    Parameters
    ----------
    study
        A TOML file, or the name of a packaged study.
    draws
        Draws in all, such as 1e6; each replicate's share is rounded up to a power of two.
    seed
        Of the random numbers, 0 to 2^64 - 1.
    sampling
        How the draws are chosen.
    threads
        Workers; all processors unless given. The result does not depend on it.
    until
        Double the draws until the 5th, 50th and 95th percentiles are known to this, such as 0.1%.
    budget
        Draws at most, while doubling; 2^30 unless given.
    out
        File for the result; results/<study>.nc unless given.
    json
        Print one JSON object instead of a table.
    quiet
        Print only the table, warnings and errors.
    """
    loaded = load_study(study)
    target = Path("results", f"{loaded.model.name}.nc") if out is None else out
    check_target(target, loaded.model.name, loaded.model.title)  # not after an hour
    if not quiet:
        _announce(loaded.model)
    with nullcontext() if quiet else progress_bar(loaded.model.name) as progress:
        tree = loaded.run(
            draws=draws,
            seed=seed,
            sampling=sampling,
            threads=threads,
            progress=progress,
            until=until,
            budget=budget,
            watch=None if quiet else _tell,
        )
    saved = save_result(tree, target)
    _warn(tree)
    if json:
        correlations = correlations_as_json(tree)
        show_json({**answers_as_json(tree), "correlations": correlations, "saved": str(saved)})
        return
    for number, part in enumerate(each(tree)):
        show(*[""] * (number > 0))
        show_answers(part)
    show_achieved(tree)
    if not loaded.model.scenarios:
        show_rivalries(tree, loaded.model)
    _conclude(tree)
    if readings := _readings(loaded.model):
        show(small(readings))
    show(f"Saved to {saved}")


def _announce(model: Model) -> None:
    """Say what was understood in a way worth knowing, and what will take time."""
    for text in model.notices:
        note(text)
    announce_compiling()


def _tell(judgement: Judgement) -> None:
    """Say how certain a round has made the answers."""
    note(f"{judgement.draws:,} draws: errors up to {format_percent(round_error(judgement.error))}")


def _conclude(tree: DataTree) -> None:
    """Say whether the answers are as certain as asked."""
    if "until" not in tree.attrs:
        return
    asked = format_percent(float(tree.attrs["until"]))
    worst = format_percent(round_error(float(tree.attrs["until_error"])))
    whose = f"{worst}, of {tree.attrs['until_worst']}" if tree.attrs["until_worst"] else worst
    if tree.attrs["until_reached"]:
        show(small(f"Asked were errors below {asked}; the largest is now {whose}."))
    else:
        warn(f"errors below {asked} were asked, but within the budget the largest is still {whose}")


def round_error(error: float) -> float:
    """Return an error to two digits: it is known no better."""
    return float(f"{error:.1e}")


def _warn(tree: DataTree) -> None:
    draws, asked = int(tree.attrs["draws"]), int(tree.attrs["draws_asked"])
    if draws != asked:
        note(
            f"{asked:,} draws asked, {draws:,} made: each of {tree.attrs['replicates']} replicates "
            "takes a power of two"
        )
    for quantity in (one for part in each(tree) for one in read_answers(part)):
        for answer in quantity.answers:
            if answer.lost:
                whose = f" of {answer.row}" if answer.row else ""
                warn(
                    f"{answer.lost:,} of {answer.draws:,} draws of '{quantity.name}'{whose} are "
                    "not finite; infinities count as the greatest or least, NaN is left out"
                )


def _readings(model: Model) -> str:
    """Say which families the intervals "a to b" became: the largest choice that is left to us."""
    beliefs = {q.key: q.belief for q in model.table.values()}
    families = Counter(
        belief.distribution.family
        for belief in beliefs.values()
        if isinstance(belief, Random) and belief.interval is not None
    )
    if not families:
        return ""
    counted = ", ".join(f"{family} ({count})" for family, count in families.most_common())
    return f'Intervals "a to b" were read as {counted}; `wattif check` shows each.'

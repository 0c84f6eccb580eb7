"""``wattif bench``: how fast this machine is, and how fast others are on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Annotated, Literal

from cyclopts import Parameter, validators
from rich.text import Text

from wattif.bench.contest import Contest, Score, enter_peers, enter_wattif, hold_contest
from wattif.bench.machine import describe_machine
from wattif.bench.peers import NUMPY, PEERS
from wattif.bench.report import contest_as_json
from wattif.bench.workload import DRAWN, OUTPUTS, QUANTITIES, STUDY
from wattif.cli.arguments import Whole
from wattif.cli.compiling import announce_compiling
from wattif.cli.tables import Rows
from wattif.cli.terminal import heading, progress_bar, show, show_json, small, table, warn
from wattif.engine.schedule import available_threads
from wattif.format import format_value
from wattif.simulate import FEWEST_TO_MERGE

_DRAWS = 2**21
_ROUNDS = 5
_SECONDS = 45.0  # for all rounds, so that the command ends within a minute


def bench(
    *,
    draws: Annotated[Whole, Parameter(validator=validators.Number(gte=4096, lte=2**32))] = None,
    rounds: Annotated[Whole, Parameter(validator=validators.Number(gte=1, lte=1000))] = None,
    threads: Annotated[
        tuple[int, ...],
        Parameter(consume_multiple=False, validator=validators.Number(gte=1, lte=1024)),
    ] = (),
    plot: Annotated[
        Path | None, Parameter(validator=validators.Path(ext=("png", "svg", "pdf")))
    ] = None,
    json: bool = False,
) -> None:
    """Time wattif on this machine, beside numpy and whatever peer is installed.

    One training run with twelve uncertain quantities and four answers is simulated by each in turn,
    in several rounds. Takes less than a minute unless more draws or rounds are asked for.

    Parameters
    ----------
    draws
        Draws in all, rounded up to a power of two; 2,097,152 unless given.
    rounds
        Timed rounds, of which the median counts; unless given 5, or as many as fit into 45 seconds.
    threads
        Workers of wattif; may be given again. One, and all processors, unless given.
    plot
        Picture to write: .png, .svg or .pdf.
    json
        Print one JSON object instead of a table.
    """
    announce_compiling()
    contest = _hold(
        2 ** ((draws or _DRAWS) - 1).bit_length(),
        rounds or _ROUNDS,
        threads,
        _SECONDS if rounds is None else math.inf,
    )
    if plot is not None:
        _draw(contest, plot)
    for score in contest.scores:
        for words in score.disagreements:
            warn(f"{score.name}: {words}")
    if json:
        show_json(contest_as_json(contest, contest.find(NUMPY)))
    else:
        _show(contest)


def _hold(draws: int, rounds: int, threads: Sequence[int], seconds: float) -> Contest:
    """Run wattif and the packaged peers against each other."""
    workers = sorted(set(threads or (1, available_threads())))
    peers, missing = enter_peers(PEERS, draws)
    with progress_bar("bench") as move:
        progress = None if move is None else lambda done, total: move(draws * done, draws * total)
        contestants = [*enter_wattif(draws, workers), *peers]
        contest = hold_contest(contestants, draws, rounds, seconds, progress)
    return replace(contest, skipped={**missing, **contest.skipped})


def _show(contest: Contest) -> None:
    show(heading(_title(contest)), "")
    show(_table(contest), "")
    show(small(f"{_machine_words()}."))
    show(small(f"{_how_timed(contest)} {_QUANTITIES}"))
    if contest.draws >= FEWEST_TO_MERGE:
        show(small(_MERGED))
    for name, reason in contest.skipped.items():
        show(small(f"{name}: not timed ({reason})."))


def _title(contest: Contest) -> str:
    return f"{STUDY['title']}, {contest.draws:,} draws"


def _table(contest: Contest) -> Rows:
    """Return a row a contestant, the medians of all rounds."""
    baseline = contest.find(NUMPY)
    rows = [_row(score, contest.draws, baseline) for score in contest.scores]
    measured = ["threads", "time", "draws/s", "quantities/s", "processor"]
    return table(["", *measured, f"times {baseline.name}"], rows, "lrrrrrr")


def _row(score: Score, draws: int, baseline: Score) -> list[str | Text]:
    return [
        score.name,
        score.threads,
        format_value(score.seconds, "s"),
        format_value(draws / score.seconds),
        format_value(QUANTITIES * draws / score.seconds),
        f"{format_value(score.processor_seconds / draws, 's')}/draw",
        f"{baseline.wall_ratio(score):.1f}",
    ]


_QUANTITIES = (
    f"Quantities: {DRAWN} drawn and {len(OUTPUTS)} computed a draw. "
    "Processor: of all threads together. A run of wattif ends with thirty percentiles, their "
    "errors and a result to save, which takes as long for few draws as for many."
)


_MERGED = (
    f"From {FEWEST_TO_MERGE:,} draws on, wattif writes the formulas anew and draws products as "
    "one: two quantities are left of these. The others draw what is written."
)


def _how_timed(contest: Contest) -> str:
    """Say how often, and against what yardstick."""
    rounds = len(contest.yardstick)
    uniform = median(lap.processor for lap in contest.yardstick) / contest.draws
    return (
        f"Medians of {rounds} interleaved round{'s' * (rounds > 1)}; numpy's fastest uniform took "
        f"{format_value(uniform, 's')} of processor time."
    )


def _machine_words() -> str:
    machine = describe_machine()
    versions = ", ".join(f"{name} {machine[name]}" for name in ("wattif", "numpy", "numba"))
    load = machine["load"]
    return (
        f"{machine['processor']}, {machine['cores']} cores, load {load}; "
        f"Python {machine['python']}, {versions}"
    )


def _draw(contest: Contest, path: Path) -> None:
    from wattif.plots import save_figure
    from wattif.plots.bench import Bar
    from wattif.plots.bench import bench as draw_bench

    bars = [
        Bar(_label(score), score.seconds / contest.draws, _whose(score)) for score in contest.scores
    ]
    footer = f"{_how_timed(contest)} {_machine_words()}."
    save_figure(draw_bench(bars, _title(contest), footer), path)


def _label(score: Score) -> str:
    return f"{score.name}, {score.threads} thread{'s' * (score.threads != '1')}"


def _whose(score: Score) -> Literal["wattif", "peer"]:
    return "wattif" if score.name.startswith("wattif") else "peer"

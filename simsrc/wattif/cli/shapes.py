"""``wattif shapes``: read every interval in other shapes, and see which outputs care."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from wattif import api
from wattif.cli.arguments import Quiet, Sampling, Whole
from wattif.cli.compiling import announce_compiling
from wattif.cli.studies import load_study
from wattif.cli.terminal import heading, progress_bar, show, show_json, small, table
from wattif.format import format_interval, format_percent, format_value

if TYPE_CHECKING:
    from wattif.reshape import Cause, Output, Remark, ShapeReport, Shift

SCHEMA_VERSION = 1
_NAMED = 3  # causes of an output
_LISTED = 6  # quantities in a remark
_ENDS = {"median": "", "low": " low", "high": " high"}


def shapes(
    study: str,
    /,
    *,
    draws: Whole = None,
    seed: Whole = None,
    sampling: Sampling | None = None,
    threads: Whole = None,
    json: bool = False,
    quiet: Quiet = False,
) -> None:
    """Read every interval in other shapes; show which outputs care.

    Every "a to b" of the study becomes a normal, a lognormal, a PERT, a log-uniform and a metalog
    with the same ends, all of them at once and one at a time, on the same draws.

    Parameters
    ----------
    study
        A TOML file, or the name of a packaged study.
    draws
        Draws for each shape; 2^18 unless given.
    seed
        Of the random numbers, 0 to 2^64 - 1.
    sampling
        How the draws are chosen.
    threads
        Workers; all processors unless given. The result does not depend on it.
    json
        Print one JSON object instead of tables.
    quiet
        Show no progress.
    """
    loaded = load_study(study)
    if not quiet:
        announce_compiling()
    with progress_bar(loaded.model.name) as progress:
        report = api.shapes(
            loaded,
            draws=api.SHAPE_DRAWS if draws is None else draws,
            seed=seed,
            sampling=sampling,
            threads=threads,
            progress=None if quiet else progress,
        )
    if json:
        show_json(_as_json(report))
        return
    _show(report)


def _show(report: ShapeReport) -> None:
    tried = [shape for shape in report.shapes if shape not in report.as_read]
    level = format_percent(report.level)
    headers = ["", "median", f"{level} interval", *tried]
    show(heading(report.title), "")
    show(table(headers, list(_rows(report, tried)), "lrr" + "r" * len(tried)), "")
    show(small(_legend(report)), "")
    caring = [output for output in report.outputs if output.cares]
    show(f"{len(caring)} of {len(report.outputs)} outputs care: {_CARES}.")
    if caring:
        rows = [_cause_row(output) for output in caring]
        show("", table(["", "most by", "", "because of, alone"], rows, "llrw"))
    if report.remarks:
        show("", *(small(text) for text in _remarks(report.remarks)))


_CARES = "something moves by more than a tenth of the interval's width"


def _rows(report: ShapeReport, tried: list[str]) -> Iterator[list[str | Text]]:
    """Yield a row a system under each quantity's name, or a row a quantity if there is one."""
    for _, group in groupby(report.outputs, key=lambda output: output.quantity):
        outputs = list(group)
        if not outputs[0].row:
            yield from ([o.label, *_cells(o, tried)] for o in outputs)
            continue
        yield [heading(outputs[0].label), *[""] * (2 + len(tried))]
        yield from ([f"  {o.row}", *_cells(o, tried)] for o in outputs)


def _cells(output: Output, tried: list[str]) -> list[str | Text]:
    moves: list[str | Text] = [_move(output.shifts[shape]) for shape in tried]
    if output.is_event:
        percent = format_value(100 * output.median, "1", 100 * output.errors[0])
        return [f"{percent} %", "probability", *moves]
    median = format_value(output.median, output.unit, output.errors[0])
    ends = output.errors[1], output.errors[2]
    return [median, format_interval(*output.interval, output.unit, (ends[0], ends[1])), *moves]


def _move(shift: Shift) -> Text:
    """Return the largest of three shifts, "high +14 %": bold where the output cares."""
    part, move, error = shift.largest
    if math.isnan(move):
        return Text("–", style="dim")  # noqa: RUF001
    if abs(move) < 0.005:
        return Text("<0.5 %", style="dim")
    digits = 0 if abs(move) >= 0.01 or error > 5e-4 else 1
    words = f"{part} {100 * move:+.{digits}f} %".replace("-", "−")  # noqa: RUF001
    return Text(words, style="bold" if shift.cares else "")


def _legend(report: ShapeReport) -> str:
    read = ""
    if report.as_read:
        read = f" {' and '.join(report.as_read)} is what they were read as."
    return (
        f'{len(report.intervals)} intervals "a to b", all of them read as each shape with the same '
        f"ends.{read}\nShown is what moves most of median, low and high end, over the width of "
        f"the interval as read.\n{report.draws:,} draws a shape in {report.replicates} replicates, "
        f"seed {report.seed}; errors of the shifts, of paired differences, are at most "
        f"{_percent(_largest_error(report))}."
    )


def _largest_error(report: ShapeReport) -> float:
    errors = (shift.largest[2] for output in report.outputs for shift in output.shifts.values())
    return max((error for error in errors if not math.isnan(error)), default=0.0)


def _percent(fraction: float) -> str:
    return format_percent(float(f"{fraction:.2g}"))


def _cause_row(output: Output) -> list[str | Text]:
    name = f"{output.label}, {output.row}" if output.row else output.label
    alone = [cause for cause in output.causes if cause.shape == output.worst][:_NAMED]
    words = ", ".join(_cause(cause) for cause in alone)
    return [name, output.worst, _move(output.shifts[output.worst]), words]


def _cause(cause: Cause) -> str:
    return f"{cause.key} {_move(cause.shift).plain}"


def _remarks(remarks: tuple[Remark, ...]) -> Iterator[str]:
    """Yield a line for each shape and kind of remark."""
    for (shape, is_refusal), group in groupby(
        sorted(remarks, key=lambda r: (r.shape, r.text.startswith("cannot"))),
        key=lambda r: (r.shape, r.text.startswith("cannot")),
    ):
        found = list(group)
        named = "; ".join(f"{r.key} {r.text}" for r in found[:_LISTED])
        more = f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        kept = " (left as read)" if is_refusal else ""
        yield f"as {shape}: {named}{more}{kept}"


def _as_json(report: ShapeReport) -> dict[str, object]:
    return {"schema_version": SCHEMA_VERSION, **asdict(report)}

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
from wattif.format import NOT_A_NUMBER, format_percent

if TYPE_CHECKING:
    from wattif.reshape import Output, Remark, ShapeReport, Shift

SCHEMA_VERSION = 1
MINUS = "\N{MINUS SIGN}"
_NAMED = 3  # causes of an output
_LISTED = 6  # quantities in a remark
_PARTS = {"median": "mid", "low": "low", "high": "high"}
_LEAST = 0.005  # of the width: a smaller shift is a dot


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
    show(heading(report.title), "")
    show(table(["", *tried], list(_rows(report, tried)), "w" + "r" * len(tried)), "")
    show(small(_legend(report)), "")
    caring = [output for output in report.outputs if output.cares]
    show(f"{len(caring)} of {len(report.outputs)} outputs care: {_CARES}.")
    if caring:
        rows = [_cause_row(output) for output in caring]
        show("", table(["", "most by", "", "because of, alone"], rows, "wlrw"))
    if report.remarks:
        show("", *(small(text) for text in _remarks(report.remarks)))


_CARES = "in some shape they move by more than a tenth of their interval"


def _rows(report: ShapeReport, tried: list[str]) -> Iterator[list[str | Text]]:
    """Yield a row a system under each quantity's name, or a row a quantity if there is one."""
    for _, group in groupby(report.outputs, key=lambda output: output.quantity):
        outputs = list(group)
        if not outputs[0].row:
            yield from ([o.label, *_moves(o, tried)] for o in outputs)
            continue
        yield [heading(outputs[0].label), *[""] * len(tried)]
        yield from ([f"  {o.row}", *_moves(o, tried)] for o in outputs)


def _moves(output: Output, tried: list[str]) -> list[str | Text]:
    return [_move(output.shifts[shape]) for shape in tried]


def _move(shift: Shift) -> Text:
    """Return the largest of three shifts, "high +14 %": bold where the output cares."""
    part, move, error = shift.largest
    if math.isnan(move):
        return Text(NOT_A_NUMBER, style="dim")
    if abs(move) < max(_LEAST, 2.0 * error):
        return Text("·", style="dim")
    sign = "+" if move > 0.0 else MINUS
    words = f"{_PARTS[part]} {sign}{100 * abs(move):.0f} %"
    return Text(words, style="bold" if shift.cares else "")


def _legend(report: ShapeReport) -> str:
    lines = [
        f'{len(report.intervals)} intervals "a to b", all at once, in other shapes with the same '
        "ends. Shown is what moves most: the low end, the middle (median) or the high end of an "
        f"output's {format_percent(report.level)} interval, as a share of its width; of a "
        "probability, points.",
        f"{report.draws:,} draws a shape in {report.replicates} replicates, seed {report.seed}; "
        "standard errors, from paired differences, are at most "
        f"{_percent(_largest_error(report))}.",
    ]
    if report.as_read:
        lines.insert(1, f"As {' and '.join(report.as_read)} nothing moves: so all were read.")
    return "\n".join(lines)


def _largest_error(report: ShapeReport) -> float:
    errors = (shift.largest[2] for output in report.outputs for shift in output.shifts.values())
    return max((error for error in errors if not math.isnan(error)), default=0.0)


def _percent(fraction: float) -> str:
    return format_percent(float(f"{fraction:.2g}"))


def _cause_row(output: Output) -> list[str | Text]:
    name = f"{output.label}, {output.row}" if output.row else output.label
    alone = [cause for cause in output.causes if cause.shape == output.worst][:_NAMED]
    words = ", ".join(
        f"{cause.key.removeprefix(f'{output.system}.')} {_move(cause.shift).plain}"
        for cause in alone
    )
    return [name, output.worst, _move(output.shifts[output.worst]), words]


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
        yield f"as {shape or 'any shape'}: {named}{more}{kept}"


def _as_json(report: ShapeReport) -> dict[str, object]:
    return {"schema_version": SCHEMA_VERSION, **asdict(report)}

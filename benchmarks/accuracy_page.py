"""The tables and the picture of :mod:`benchmarks.accuracy`, and what it is measured by."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.accuracy import (
    SCIPY,
    SOBOL,
    TARGET,
    TUNED,
    Accuracy,
    Line,
    draws_needed,
    seconds_needed,
)
from benchmarks.aims import Aim, format_number, markdown
from benchmarks.truth import STATISTICS, TRUTH
from wattif.format import format_value
from wattif.plots.key import line_entry
from wattif.plots.look import Look
from wattif.plots.sheet import Panel, Room, Sheet, make_sheet
from wattif.plots.style import styled
from wattif.plots.ticks import Scale, choose_limits

_WITHIN = f"{100 * TARGET:g} %"
_MEAN, _P95 = STATISTICS.index("mean"), STATISTICS.index("p95")


def aims(accuracy: Accuracy) -> list[Aim]:
    """Return what is asked: time to an accurate P95, and few draws to an accurate mean."""
    ours = accuracy.find(SOBOL)
    seconds = _seconds(ours, _P95)
    needed = draws_needed(ours, _P95)
    there = min(ours.points, key=lambda point: abs(math.log(point.draws / needed)))
    ratio = there.reported[_P95] / there.true[_P95]
    return [
        *(
            Aim(
                f"time to a P95 within {_WITHIN}, *{name}* over wattif's Sobol",
                "at least",
                60.0,
                _seconds(accuracy.find(name), _P95) / seconds,
            )
            for name in (TUNED, SCIPY)
        ),
        Aim(
            f"draws to a mean within {_WITHIN}, plain Monte Carlo over Sobol",
            "at least",
            1000.0,
            (TRUTH.spread[_MEAN] / TARGET) ** 2 / draws_needed(ours, _MEAN),
        ),
        Aim(
            f"reported error of the P95 over the true one, or the reverse, {there.draws:,} draws",
            "at most",
            1.2,
            max(ratio, 1 / ratio),
        ),
    ]


def _seconds(line: Line, statistic: int) -> float:
    return seconds_needed(line, draws_needed(line, statistic))


def render(accuracy: Accuracy) -> str:
    """Return the tables."""
    return "\n\n".join(
        [
            f"To a standard error of {_WITHIN}:",
            _costs(accuracy),
            "Relative errors. So many seeds tell the true one (200 know it to 5 %, 24 to 14 %); in"
            " brackets what wattif itself reports, of which 16 replicates know one to 18 %:",
            _errors(accuracy),
        ]
    )


def _costs(accuracy: Accuracy) -> str:
    head = ("", "draws, P95", "time, P95", "draws, mean", "time, mean")
    rows = []
    for line in accuracy.lines:
        cells = [line.name]
        for statistic in (_P95, _MEAN):
            draws = draws_needed(line, statistic)
            beyond = not line.points[0].draws <= draws <= line.points[-1].draws
            seconds = format_value(seconds_needed(line, draws), "s")
            cells += [f"{format_number(draws)}{' *' if beyond else ''}", seconds]
        rows.append(cells)
    return f"{markdown(head, rows, 'lrrrr')}\n\n\\* beyond what was run: drawn on from there."


def _errors(accuracy: Accuracy) -> str:
    rows = []
    for line in accuracy.lines:
        for number, point in enumerate(line.points):
            reported = point.reported or (math.nan,) * len(STATISTICS)
            cells = [_error(*pair) for pair in zip(point.true, reported, strict=True)]
            name = "" if number else line.name
            time = format_value(point.seconds, "s")
            rows.append((name, f"{point.draws:,}", str(point.seeds), time, *cells))
    return markdown(("", "draws", "seeds", "time", *STATISTICS), rows, "lrrrrrrr")


def _error(true: float, reported: float) -> str:
    return f"{true:.1e}" + (f" ({reported:.1e})" if reported > 0 else "")


def draw(accuracy: Accuracy, look: Look = Look()) -> Figure:
    """Return the picture: error against processor time, for the mean and the 95th percentile."""
    with styled(look):
        sheet = make_sheet(
            look,
            "What an accurate answer costs",
            [
                Panel(heading, "true relative error", "processor time")
                for heading in ("Mean", "95th percentile")
            ],
            Room(height=2.6, least=1.4, left=0.62),
            key=[line_entry(one.name, look.stroke(i)) for i, one in enumerate(accuracy.lines)],
            footer=f"Dotted: {_WITHIN}, and what it takes to get there. Further left is cheaper.",
        )
        for axes, statistic in zip(sheet.panels, (_MEAN, _P95), strict=True):
            _draw_panel(axes, accuracy, statistic, sheet, look)
    return sheet.figure


def _draw_panel(axes: Axes, accuracy: Accuracy, statistic: int, sheet: Sheet, look: Look) -> None:
    points = [point for line in accuracy.lines for point in line.points]
    times = [point.seconds for point in points]
    times += [_seconds(line, statistic) for line in accuracy.lines]
    errors = [point.true[statistic] for point in points] + [TARGET]
    Scale("log", choose_limits(min(times), max(times), "log"), sheet.width, "s").apply(axes)
    limits = choose_limits(min(errors), max(errors), "log")
    Scale("log", limits, sheet.height, "%", 100.0).apply_upwards(axes)
    axes.grid(color=look.palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axhline(TARGET, color=look.palette.muted, linestyle=":", linewidth=1.0)
    for number, line in enumerate(accuracy.lines):
        _draw_line(axes, line, statistic, number, look)


_MARKERS = "os^Dv"


def _draw_line(axes: Axes, line: Line, statistic: int, number: int, look: Look) -> None:
    stroke = look.stroke(number)
    axes.plot(
        [point.seconds for point in line.points],
        [point.true[statistic] for point in line.points],
        color=stroke.colour,
        linestyle=stroke.dashes,
        marker=_MARKERS[number],
        markersize=4.5,
        linewidth=1.6,
        gid=line.name,
    )
    draws = draws_needed(line, statistic)
    if draws > line.points[-1].draws:  # the way from there
        last = line.points[-1]
        axes.plot(
            [last.seconds, seconds_needed(line, draws)],
            [last.true[statistic], TARGET],
            color=stroke.colour,
            linestyle=":",
            linewidth=1.2,
        )

"""The picture of :mod:`benchmarks.comparison`: a bar for each who takes part."""

from __future__ import annotations

from matplotlib.figure import Figure

from benchmarks.comparison import Comparison
from wattif.plots.bench import Bar, bench
from wattif.plots.look import Look


def draw(comparison: Comparison, look: Look = Look()) -> Figure:
    """Return the picture of processor time a draw, at the middle size."""
    size = comparison.sizes[1]
    bars = [
        Bar(row.who, row.nanoseconds / 1e9, "wattif" if row.who.startswith("wattif") else "peer")
        for row in size.rows
    ]
    footer = (
        f"Processor time, medians of {size.rounds} interleaved rounds. wattif: a whole run, with"
        " the standard errors of all it reports."
    )
    return bench(bars, f"One training run, {size.draws:,} draws", footer, look)

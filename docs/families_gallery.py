"""Draw docs/families.svg, a small picture of every family's example.

    python docs/families_gallery.py

writes the file anew; a test tells when a family is missing in it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from wattif.distributions import FAMILIES, Distribution, Family, make
from wattif.plots.look import PALETTES
from wattif.plots.style import new_figure, save_figure

PICTURE = Path(__file__).parent / "families.svg"

_PALETTE = PALETTES["light"]
_COLUMNS = 5
_CELL = 2.24, 1.56  # inches
_HEAD = 0.36
_POINTS = 91
_LONGEST = 46  # letters of a line that fit over a picture
_WIDEST = 5.0  # of the middle half, on either side of the median: beyond, tails leave no body
_SETTINGS = {"font.size": 7.0, "svg.hashsalt": "wattif", "text.parse_math": False}


def gallery() -> Figure:
    """Return the picture: density and cumulative probability of each family's example."""
    rows = -(-len(FAMILIES) // _COLUMNS)
    width, height = _COLUMNS * _CELL[0], rows * _CELL[1] + _HEAD
    with mpl.rc_context(_SETTINGS):
        figure = new_figure(width, height)
        figure.set_label("wattif: families of distributions")
        _draw_key(figure, height)
        for place, family in enumerate(FAMILIES.values()):
            row, column = divmod(place, _COLUMNS)
            left = (column * _CELL[0] + 0.12) / width
            bottom = (height - _HEAD - (row + 1) * _CELL[1] + 0.34) / height
            box = (left, bottom, (_CELL[0] - 0.24) / width, 0.86 / height)
            _draw_family(figure.add_axes(box), family)
    return figure


def _draw_key(figure: Figure, height: float) -> None:
    figure.text(0.012, 1.0 - 0.2 / height, "The families, each by its example", size=12.0)
    handles = [
        Patch(facecolor=_PALETTE.accent_light, alpha=0.55, label="density, or probability"),
        Line2D([], [], color=_PALETTE.ink, linewidth=0.9, label="cumulative probability, 0 to 1"),
    ]
    figure.legend(
        handles=handles, loc="upper right", ncols=2, frameon=False, bbox_to_anchor=(0.995, 1.0)
    )


def _draw_family(axes: Axes, family: Family) -> None:
    stated = tomllib.loads("x = " + family.example)["x"]
    given = {name: value for name, value in stated.items() if name != "dist"}
    axes.set_gid(f"family-{family.name}")
    axes.set_title(family.name, size=8.5, loc="left", pad=13.0, weight="bold", color=_PALETTE.ink)
    words = ", ".join(f"{name} = {_written(value)}" for name, value in given.items())
    size = min(6.2, 6.2 * _LONGEST / len(words))
    axes.text(0.0, 1.05, words, transform=axes.transAxes, size=size, color=_PALETTE.muted)
    distribution = make(family.name, given)
    counts = distribution.shape().kind == "steps"
    draw = _draw_steps if counts else _draw_curve
    draw(axes, distribution)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=counts))
    _clear(axes)


def _written(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value)


def _draw_curve(axes: Axes, distribution: Distribution) -> None:
    x = _reach(distribution)
    density = np.diff(distribution.probability(x)) / np.diff(x)
    middle = (x[1:] + x[:-1]) / 2.0
    height = density / density.max()
    axes.fill_between(middle, height, color=_PALETTE.accent_light, alpha=0.55, linewidth=0.0)
    axes.plot(middle, height, color=_PALETTE.accent, linewidth=0.9)
    axes.plot(x, distribution.probability(x), color=_PALETTE.ink, linewidth=0.9)
    axes.set_xlim(x[0], x[-1])


def _reach(distribution: Distribution) -> np.ndarray:
    """Return the values to draw at: to the ends of the range where these are near, and beyond."""
    low, quarter, middle, three, high = distribution.quantile([0.003, 0.25, 0.5, 0.75, 0.997])
    span = three - quarter
    first, last = max(low, middle - _WIDEST * span), min(high, middle + _WIDEST * span)
    start, end = distribution.support
    if first - start < 0.25 * (last - first):
        first = start
    if end - last < 0.25 * (last - first):
        last = end
    margin = 0.05 * (last - first)
    return np.linspace(first - margin, last + margin, _POINTS)


def _draw_steps(axes: Axes, distribution: Distribution) -> None:
    shape = distribution.shape()
    values, cumulative = np.array(shape.values), np.array(shape.cumulative)
    probability = np.diff(cumulative, prepend=0.0)
    shown = probability > 2e-3 * probability.max()
    values, cumulative, probability = values[shown], cumulative[shown], probability[shown]
    height = probability / probability.max()
    axes.vlines(values, 0.0, height, color=_PALETTE.accent, linewidth=1.6)
    margin = 0.08 * (values[-1] - values[0])
    x = np.concatenate([[values[0] - margin], values, [values[-1] + margin]])
    y = np.concatenate([[0.0], cumulative, [cumulative[-1]]])
    axes.step(x, y, where="post", color=_PALETTE.ink, linewidth=0.9)
    axes.set_xlim(x[0], x[-1])


def _clear(axes: Axes) -> None:
    """Leave of the frame only the line that the values stand on."""
    axes.set_ylim(0.0, 1.06)
    axes.set_yticks([])
    axes.ticklabel_format(axis="x", useOffset=False, scilimits=(-4, 6))
    axes.tick_params(axis="x", length=2.0, width=0.6, pad=1.5, labelsize=6.2, colors=_PALETTE.muted)
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set_color(_PALETTE.muted)
    axes.spines["bottom"].set_linewidth(0.6)


_DIGITS = re.compile(r"([0-9][.][0-9]{2})[0-9]+")


def compact(svg: str) -> str:
    """Return a picture with the coordinates of its curves to a hundredth of a point."""
    return re.sub(r' d="[^"]*"', lambda path: _DIGITS.sub(r"\1", path[0]), svg)


if __name__ == "__main__":
    save_figure(gallery(), PICTURE)
    PICTURE.write_text(compact(PICTURE.read_text(encoding="utf-8")), encoding="utf-8")

"""A square of numbers, each cell coloured by its number: columns bear the numbers of their rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from wattif.plots.look import Look
from wattif.plots.sheet import Sheet
from wattif.plots.style import SMALL_SIZE, text_width

_LEAST_SIZE = 4.5  # points: smaller numbers are left out, and colour has to do
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])  # of red, green and blue in luminance (WCAG 2)


def numbered(labels: Sequence[str]) -> list[str]:
    """Return labels with their number, by which a column is known."""
    return [f"{label}  {number}" for number, label in enumerate(labels, 1)]


def draw_matrix(
    axes: Axes,
    sheet: Sheet,
    values: NDArray[np.float64],
    colour: Callable[[float], str],
    text: Callable[[float], str],
    look: Look,
) -> None:
    """Draw a square of ``values`` (n, n), row i at y = i; cells that are NaN stay empty."""
    count = len(values)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_xticks(range(count), [str(number) for number in range(1, count + 1)])
    axes.tick_params(axis="x", length=0, labelsize=SMALL_SIZE, labelcolor=look.palette.muted)
    axes.spines["bottom"].set_visible(False)
    cells = [(i, j) for i in range(count) for j in range(count) if np.isfinite(values[i, j])]
    for i, j in cells:
        fill = colour(float(values[i, j]))
        axes.add_patch(
            Rectangle((j - 0.48, i - 0.47), 0.96, 0.94, facecolor=fill, linewidth=0, gid="cell")
        )
    longest = max((text(float(values[cell])) for cell in cells), key=text_width, default="")
    size = min(SMALL_SIZE, 0.9 * sheet.width / count / max(text_width(longest, 1.0), 1e-9))
    if size >= _LEAST_SIZE:
        for i, j in cells:
            value = float(values[i, j])
            axes.text(
                j,
                i,
                text(value),
                fontsize=size,
                color=text_on(colour(value), look),
                horizontalalignment="center",
                verticalalignment="center",
                gid="value",
            )


def blend(share: float, colour: str, look: Look) -> str:
    """Return a colour that is ``share`` of this one over the ground."""
    ground, top = _rgb(look.palette.ground), _rgb(colour)
    return to_hex((ground + share * (top - ground)).tolist())


def text_on(fill: str, look: Look) -> str:
    """Return the colour of text that can be read on a fill: the ink or the ground."""
    palette = look.palette
    return max(palette.ink, palette.ground, key=lambda colour: _contrast(fill, colour))


def _contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = _rgb(colour)
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ _WEIGHTS)


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.asarray(to_rgb(colour), dtype=np.float64)

"""Where to write the names of lines: beside them, never over a line or another name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wattif.plots.style import SMALL_SIZE, text_width

Points = NDArray[np.float64]  # (n, 2), inches from the lower left corner of the panel
Place = tuple[float, float]
Box = tuple[float, float, float, float]  # left, low, right, high

_LINE = 0.12  # inches that a line of a name needs upwards
_BESIDE = 0.05  # from its line
_CLEAR = 0.035  # least distance from everything else
_AMPLE = 0.3  # more distance than this is no better
_STEP = 0.03  # inches between two points of a line that are looked at
_CANDIDATES = 24  # points of a line beside which its name may stand


def place_labels(
    lines: Sequence[Points], names: Sequence[str], size: tuple[float, float]
) -> list[Place] | None:
    """Return where each name starts, at half its height; None if one of them finds no place.

    Parameters
    ----------
    lines
        What is drawn, one a name.
    names
        What to write; may be of several lines.
    size
        Width and height of the panel in inches.
    """
    dense = [_resample(line, size) for line in lines]
    taken: list[Box] = []
    places: list[Place] = []
    for number, name in enumerate(names):
        others = np.concatenate([np.empty((0, 2)), *dense[:number], *dense[number + 1 :]])
        extent = text_width(name, SMALL_SIZE), _LINE * (name.count("\n") + 1)
        found = _best_box(dense[number], others, taken, extent, size)
        if found is None:
            return None
        taken.append(found)
        places.append((found[0], (found[1] + found[3]) / 2))
    return places


def _resample(line: Points, size: tuple[float, float]) -> Points:
    """Return points of a line at even distances, those inside the panel."""
    steps = np.r_[0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))]
    if steps[-1] == 0:
        return line[:1]
    at = np.linspace(0.0, steps[-1], max(2, round(steps[-1] / _STEP)))
    dense = np.column_stack([np.interp(at, steps, line[:, i]) for i in (0, 1)])
    inside = (dense >= 0).all(axis=1) & (dense <= size).all(axis=1)
    return np.asarray(dense[inside])


def _best_box(
    own: Points,
    others: Points,
    taken: Sequence[Box],
    extent: tuple[float, float],
    size: tuple[float, float],
) -> Box | None:
    """Return the box beside a line that is farthest from all else; the middle one among equals."""
    best, best_score = None, 0.0
    width, height = extent
    for share in np.linspace(0.02, 0.98, _CANDIDATES) if len(own) else ():
        x, y = own[round(share * (len(own) - 1))]
        for left in (x + _BESIDE, x - _BESIDE - width):
            for low in (y + 0.02, y - 0.02 - height, y - height / 2):
                box = (left, low, left + width, low + height)
                clear = _clearance(box, own, others, taken, size)
                score = min(clear, _AMPLE) - 0.02 * abs(share - 0.5)
                if clear >= _CLEAR and score > best_score:
                    best, best_score = box, score
    return best


def _clearance(
    box: Box,
    own: Points,
    others: Points,
    taken: Sequence[Box],
    size: tuple[float, float],
) -> float:
    """Return the distance of a box from what it must not touch; 0 where it must not be at all."""
    left, low, right, high = box
    if left < 0 or low < 0 or right > size[0] or high > size[1]:
        return 0.0
    if any(left < r and l < right and low < h and b < high for l, b, r, h in taken):  # noqa: E741
        return 0.0
    if _distance(box, own) < 0.015:
        return 0.0
    return min(_distance(box, others), _AMPLE)


def _distance(box: Box, points: Points) -> float:
    if not len(points):
        return np.inf
    gaps = np.maximum(np.array(box[:2]) - points, points - np.array(box[2:]))
    return float(np.hypot(*np.maximum(gaps, 0.0).T).min())

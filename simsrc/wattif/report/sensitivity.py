"""What matters most: which assumptions move each answer, from the kept draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wattif.analysis import Estimate, InputEffect, Sensitivity, analyse_sensitivity
from wattif.errors import ResultError
from wattif.report.figure import percent
from wattif.report.numbers import Numbers
from wattif.report.panels import Panel, Row

if TYPE_CHECKING:
    from xarray import DataTree

MOST = 4  # inputs that are named
_QUANTITIES, _SYSTEMS = 5, 8  # that are looked into: a fifth of a second each
_LEAST, _UNCERTAIN = 0.01, 0.02  # shares: the least that is told, the error from which it is "~"
_STEEP = 0.05  # rank correlation from which an answer is said to rise or fall with an input


@dataclass(frozen=True)
class Part:
    """An input's share of an answer's variance, as a stretch of a bar from 0 to 100 %."""

    words: str
    start: str
    width: str


@dataclass(frozen=True)
class Moved:
    """An answer and the inputs that move it, the strongest first; ``rest`` is what none explains.

    ``rest`` is "" if it is within the noise.
    """

    system: str
    parts: tuple[Part, ...]
    rest: str


@dataclass(frozen=True)
class Movers:
    """What moves a quantity, by system."""

    label: str
    rows: tuple[Moved, ...]


def read_sensitivity(tree: DataTree, panels: Sequence[Panel], numbers: Numbers) -> list[Movers]:
    """Return what moves the first quantities that vary, for the first systems."""
    varying = [panel for panel in panels if _varying(panel)]
    found = [_movers(tree, panel, numbers) for panel in varying[:_QUANTITIES]]
    return [movers for movers in found if movers.rows]


def _varying(panel: Panel) -> list[Row]:
    return [row for row in panel.rows if row.kind == "spread"][:_SYSTEMS]


def _movers(tree: DataTree, panel: Panel, numbers: Numbers) -> Movers:
    rows = (_moved(tree, panel, row, numbers) for row in _varying(panel))
    return Movers(panel.quantity.label, tuple(row for row in rows if row is not None))


def _moved(tree: DataTree, panel: Panel, row: Row, numbers: Numbers) -> Moved | None:
    """Return what moves an answer; None where that is not known, or it is the answer itself."""
    try:
        found = analyse_sensitivity(tree, panel.quantity.name, row.answer.system, numbers.language)
    except ResultError:  # a study of another version, or too few draws: the rest can be told
        return None
    shown = [e for e in found.effects if e.first_order.value > found.noise][:MOST]
    if [effect.label for effect in shown] in ([], [panel.quantity.label]):
        return None
    return Moved(row.answer.row, _parts(shown, numbers), _rest(found, numbers))


def _parts(shown: Sequence[InputEffect], numbers: Numbers) -> tuple[Part, ...]:
    ends = [0.0]
    for effect in shown:
        ends.append(min(ends[-1] + effect.first_order.value, 1.0))
    return tuple(
        Part(_words(effect, numbers), percent(100 * start), percent(100 * (end - start)))
        for effect, start, end in zip(shown, ends[:-1], ends[1:], strict=True)
    )


def _words(effect: InputEffect, numbers: Numbers) -> str:
    """Return "Duration of training 65 % ↑": its share, and whether the answer rises with it."""
    return f"{effect.label} {_share(effect.first_order, numbers)} {_arrow(effect)}".rstrip()


def _share(index: Estimate, numbers: Numbers) -> str:
    """Return a share in whole percent, marked where it is less certain than that."""
    if index.value < _LEAST:
        return f"<{numbers.percent(_LEAST)}"
    about = "~" if index.error > _UNCERTAIN else ""
    return about + numbers.percent(round(min(index.value, 1.0), 2))


def _arrow(effect: InputEffect) -> str:
    rank = effect.rank_correlation
    if abs(rank.value) < max(_STEEP, 3 * rank.error):
        return ""
    return "↑" if rank.value > 0 else "↓"


def _rest(found: Sensitivity, numbers: Numbers) -> str:
    if found.unexplained.value <= found.noise:
        return ""
    return numbers.say("report.jointly", share=_share(found.unexplained, numbers))

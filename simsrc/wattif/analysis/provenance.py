"""Where the figures of a result come from, and how much of its answers rests on which grade.

The share of a figure is its first-order index, as in :mod:`wattif.analysis.sensitivity`: the part
of an output's variance that would vanish if the figure were known. The share of a grade is the sum
of those of its figures. Constants have none: they are not uncertain to the study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.draws import label_for
from wattif.analysis.estimates import UNKNOWN, Array, Estimate, estimates
from wattif.analysis.lineage import stored_study
from wattif.analysis.sample import Sample, read_sample
from wattif.analysis.sensitivity import first_order
from wattif.errors import ResultError
from wattif.results.answers import read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.language.model import Model, Quantity

UNGRADED = ""
GRADES = ("A", "B", "C", UNGRADED)


@dataclass(frozen=True)
class Figure:
    """A stated figure, and the largest share of an output's variance that rests on it.

    ``stated`` is the figure as written, ``system`` whose it is ("" if it is shared), ``moves`` what
    it moves most; ``share`` is UNKNOWN for a constant and for what moves nothing that varies.
    """

    key: str
    label: str
    system: str
    stated: str
    source: str
    grade: str
    share: Estimate
    moves: str

    @property
    def owner(self) -> str:
        """Whose it is: a system, or the data entry or equation set that states it; "" if the study.

        A study of several systems takes figures of one name from several entries.
        """
        origin, colon, _ = self.key.partition(":")
        return self.system or (origin if colon else "")


@dataclass(frozen=True)
class Resting:
    """How much of one output's variance rests on each grade; ``jointly`` is what is left.

    ``grades`` has "A", "B", "C" and "" for figures without a grade, ``unsourced`` those without a
    source, whatever their grade.
    """

    label: str
    system: str
    grades: Mapping[str, Estimate]
    unsourced: Estimate
    jointly: Estimate


@dataclass(frozen=True)
class Provenance:
    """The figures of a result in the study's order, and what its varying outputs rest on."""

    figures: tuple[Figure, ...]
    resting: tuple[Resting, ...]

    def mean_share(self, grade: str) -> float:
        """Return the share of the variance on a grade, on average over the varying outputs."""
        return float(np.mean([one.grades[grade].value for one in self.resting] or [np.nan]))


def read_provenance(tree: DataTree, language: Language = "en") -> Provenance:
    """Return every figure that the outputs of a result rest on, and what rests on which grade.

    Raises
    ------
    ResultError
        If the study is one that this version cannot read.
    """
    model = stored_study(tree)
    stated = {q.key: q for q in _stated(model)}
    shares: dict[str, tuple[Estimate, str]] = {}
    resting: list[Resting] = []
    for found in read_answers(tree, language=language):
        for answer in found.answers:
            sample = _sample(tree, found.name, answer.system, language)
            if sample is None:
                continue
            indices = first_order(sample.y, sample.x, sample.replicate, sample.replicates)
            resting.append(_resting(found.label, answer.row, sample, indices, stated))
            _take_largest(
                shares, sample, indices, ", ".join(filter(None, (found.label, answer.row)))
            )
    figures = [_figure(model, q, shares, language) for q in stated.values()]
    return Provenance(tuple(figures), tuple(resting))


def _stated(model: Model) -> list[Quantity]:
    """Return the constants and beliefs that outputs need, each once, in the study's order."""
    from wattif.language.model import Conditional, Constant, Random

    needed = [model.table[place] for place in model.table if place in model.needed]
    return [q for q in needed if isinstance(q.belief, Constant | Random | Conditional)]


def _sample(tree: DataTree, name: str, system: str, language: Language) -> Sample | None:
    try:
        return read_sample(tree, name, system, language)
    except ResultError:  # absent, constant, or resting on nothing that varies
        return None


def _resting(
    label: str,
    system: str,
    sample: Sample,
    indices: Array,
    stated: Mapping[str, Quantity],
) -> Resting:
    figures = [stated[one.key] for one in sample.inputs]

    def share(chosen: Sequence[bool]) -> Estimate:
        return estimates(indices[:, np.array(chosen, dtype=bool)].sum(axis=1, keepdims=True))[0]

    return Resting(
        label,
        system,
        {grade: share([q.grade == grade for q in figures]) for grade in GRADES},
        share([not q.source for q in figures]),
        estimates(1 - indices.sum(axis=1, keepdims=True))[0],
    )


def _take_largest(
    shares: dict[str, tuple[Estimate, str]], sample: Sample, indices: Array, output: str
) -> None:
    """Keep, for each input, the largest of its shares so far and whose it is.

    That an output rests on itself where it is stated is no news.
    """
    for one, share in zip(sample.inputs, estimates(indices), strict=True):
        known = shares[one.key][0].value if one.key in shares else 0.0
        if share.value > known and one.key != sample.output.key:
            shares[one.key] = share, output


def _figure(
    model: Model,
    quantity: Quantity,
    shares: Mapping[str, tuple[Estimate, str]],
    language: Language,
) -> Figure:
    share, moves = shares.get(quantity.key, (UNKNOWN, ""))
    systems = {s.key: s.labels.get(language, s.label) for s in model.systems}
    owner = quantity.system or ""
    return Figure(
        key=quantity.key,
        label=label_for(model, quantity, owner or model.systems[0].key, language),
        system=systems.get(owner, "") if len(systems) > 1 else "",
        stated=_text(quantity),
        source=quantity.source,
        grade=quantity.grade,
        share=share,
        moves=moves,
    )


def _text(quantity: Quantity) -> str:
    from wattif.language.model import Conditional, Constant, Random

    unit = "" if quantity.unit.text in ("", "1") else f" {quantity.unit.text}"
    match quantity.belief:
        case Constant(value):
            return f"{value:.12g}{unit}"
        case Random(_, stated) | Conditional(_, _, stated):
            return stated
        case _:
            return ""

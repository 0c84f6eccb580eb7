"""Do all who are timed give the same answers? Nothing is worth timing that is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from wattif.api import load
from wattif.bench.workload import OUTPUTS, PROBABILITIES, STUDY, Answers, Summary
from wattif.compile import compile_model
from wattif.language.model import Model
from wattif.results.answers import Answer, read_answers

if TYPE_CHECKING:
    from xarray import DataTree

TOLERANCE = 6.0  # standard errors: once in 10^7 times by chance, over some 200 numbers compared

_REPLICATES = 64  # know their spread to 9 %, where 16 know it to 18 %
_EXACT_DRAWS = 2**22
_RANDOM_DRAWS = 2**20


@dataclass(frozen=True)
class Reference:
    """The right answers, their standard errors, and the spread: the error of one random draw.

    The spread of a statistic over the square root of n is its standard error for n random draws.
    """

    values: Answers
    errors: Answers
    spread: Answers


@cache
def make_reference() -> Reference:
    """Return the reference that wattif itself computes, with many scrambled Sobol points."""
    study = load({**STUDY, "run": {"outputs": list(OUTPUTS), "replicates": _REPLICATES}})
    exact = study.run(draws=_EXACT_DRAWS)
    return Reference(read_summaries(exact), _errors(exact), _measure_spread(study.model))


def _measure_spread(model: Model) -> Answers:
    """Return the errors that random draws leave if they are counted, as all peers count them."""
    from wattif.engine.sample import sample

    compiled = compile_model(model)
    found = sample(
        compiled.program,
        draws_per_replicate=_RANDOM_DRAWS // _REPLICATES,
        replicates=_REPLICATES,
        seed=0,
        sampling="random",
        interval=0.9,
        probabilities=PROBABILITIES,
        kept=0,
    ).by_replicate
    columns = [found.mean, found.sd, *np.moveaxis(found.quantiles, -1, 0)]
    spread = np.std(columns, axis=1, ddof=1) * math.sqrt(_RANDOM_DRAWS // _REPLICATES)
    number = {name: k for (_, name), k in compiled.places.items()}
    return {name: Summary(*map(float, spread[:, number[name]])) for name in OUTPUTS}


def find_disagreements(answers: Answers, draws: int, reference: Reference) -> tuple[str, ...]:
    """Return, in words, every statistic that is further off than chance allows."""
    return tuple(
        f"{output} {statistic}: {off:.1f} standard errors off"
        for output in OUTPUTS
        for statistic, off in _distances(output, answers[output], draws, reference)
        if not off <= TOLERANCE  # nor is NaN an answer
    )


def _distances(
    output: str, summary: Summary, draws: int, reference: Reference
) -> list[tuple[str, float]]:
    """Return by how many standard errors of ``draws`` random draws each statistic is off."""
    value, error, spread = (part[output] for part in _parts(reference))
    return [
        (statistic, abs(found - right) / math.hypot(one / math.sqrt(draws), own))
        for statistic, found, right, own, one in zip(
            Summary._fields, summary, value, error, spread, strict=True
        )
    ]


def _parts(reference: Reference) -> tuple[Answers, Answers, Answers]:
    return reference.values, reference.errors, reference.spread


def read_summaries(tree: DataTree) -> dict[str, Summary]:
    """Return the summaries of a result of the workload."""
    return {name: _pick(answer.statistics) for name, answer in _answers(tree).items()}


def _errors(tree: DataTree) -> dict[str, Summary]:
    return {name: _pick(answer.errors) for name, answer in _answers(tree).items()}


def _answers(tree: DataTree) -> dict[str, Answer]:
    return {quantity.name: quantity.answers[0] for quantity in read_answers(tree)}


def _pick(statistics: Mapping[str, float]) -> Summary:
    return Summary(*(statistics[name] for name in Summary._fields))

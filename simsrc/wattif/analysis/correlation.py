"""Rank correlations (Spearman 1904) between the inputs and outputs of a system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from wattif.analysis.draws import Draws, inputs_behind, kept_output
from wattif.analysis.estimates import Array, jackknife_error, leave_one_out_and_all
from wattif.analysis.ranks import correlation_of, gram_by_replicate, rank, standardise
from wattif.errors import ResultError
from wattif.results.answers import read_answers
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree


@dataclass(frozen=True, eq=False)
class Correlations:
    """Rank correlations (k, k) of the quantities of ``labels``, and their standard errors.

    Outputs come first, then inputs. NaN for what does not vary.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    outputs: int
    value: Array = field(repr=False)
    error: Array = field(repr=False)


def rank_correlations(
    tree: DataTree, system: str, quantities: Sequence[str] = (), language: Language = "en"
) -> Correlations:
    """Return the rank correlations of a system's outputs and of the inputs that they rest on.

    Parameters
    ----------
    tree
        The result.
    system
        Whose.
    quantities
        Outputs to take; all that the system has if empty.
    language
        Of the labels.

    Raises
    ------
    ResultError
        If there is no such system or output, or nothing varies.
    """
    outputs, inputs = _varying(tree, system, quantities, language)
    drawn = [*outputs, *inputs]
    if len(drawn) < 2:
        raise ResultError(
            f"'{system}' has fewer than two quantities that vary, so none are correlated; "
            "choose another system"
        )
    value, error = correlate(np.array([one.values for one in drawn]))
    keys, labels = zip(*((one.key, one.label) for one in drawn), strict=True)
    return Correlations(keys, labels, len(outputs), value, error)


def _varying(
    tree: DataTree, system: str, quantities: Sequence[str], language: Language
) -> tuple[list[Draws], list[Draws]]:
    """Return the outputs, and the inputs that are none of them."""
    found = read_answers(tree, quantities, [system])
    names = [one.name for one in found if not one.answers[0].absent]
    outputs = [kept_output(tree, name, system, language) for name in names]
    outputs = [one for one in outputs if not one.constant]
    known = {one.key for one in outputs}
    inputs = inputs_behind(tree, names, system, language)
    return outputs, [one for one in inputs if one.key not in known]


def correlate(values: Array) -> tuple[Array, Array]:
    """Return rank correlations (k, k) of draws (k, replicate, draw), and their standard errors."""
    count, draws = values.shape[1:]
    flat = values.reshape(len(values), -1)
    finite = np.isfinite(flat).all(axis=0)
    replicate = np.repeat(np.arange(count), draws)[finite]
    columns = np.column_stack([standardise(rank(row[finite])) for row in flat])
    gram = gram_by_replicate(columns, replicate, count)
    correlation = correlation_of(leave_one_out_and_all(gram))
    return correlation[-1], jackknife_error(correlation[:-1])

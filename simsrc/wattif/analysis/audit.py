"""Claims judged by one rule, stated in ``docs/claims.md``.

A claim is *inconsistent* if fewer than one draw in twenty reaches it, so that it lies outside the
90 % interval, even if its figures were rounded. It is *consistent* if it is likely (two draws in
three or more) or lies within the 90 % interval. In between it is *doubtful*. A claim that could
hardly fail is *vague*, whether it says too little or the study knows too little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from wattif.analysis.claims import ClaimCheck, all_claims
from wattif.analysis.conditions import Condition, conditions_alone, conditions_in_draws
from wattif.analysis.cumulative import read_cumulative
from wattif.analysis.estimates import UNKNOWN, Estimate
from wattif.analysis.measures import Measures, bounds, factor_of, measure
from wattif.errors import ResultError
from wattif.wording import Language

if TYPE_CHECKING:
    from xarray import DataTree

Verdict = Literal["consistent", "doubtful", "inconsistent", "vague", "untested"]
Reason = Literal["", "loose", "ignorant"]

LIKELY = 2 / 3  # "likely" on the scale of the IPCC (Mastrandrea et al. 2010)
INSIDE = 0.9  # share of a claim within the interval from which it lies within it
REACHED = 0.05  # share of the draws that must reach a claim: the interval's own tail
ROOM = 3.0  # factor beyond the interval, for each end, from which a true claim says little
WIDE = 30.0  # factor between the interval's ends from which a figure within it is not tested
_NOISE = 3  # standard errors


@dataclass(frozen=True)
class Audit:
    """A claim and the verdict on it.

    ``factor`` is the middle of the claim over the median. ``firm`` says whether other draws would
    have led to the same verdict. ``reason`` is why a claim is vague: "loose", it would hold of
    nearly anything; "ignorant", the study's own interval is too wide to test it. ``conditions`` are
    what would have to be true for a doubtful or inconsistent claim to hold.
    """

    check: ClaimCheck
    verdict: Verdict
    reason: Reason
    measures: Measures
    factor: Estimate
    firm: bool
    conditions: tuple[Condition, ...]


def audit_claims(
    tree: DataTree,
    quantities: Sequence[str] = (),
    systems: Sequence[str] = (),
    language: Language = "en",
) -> tuple[Audit, ...]:
    """Return the study's claims with the verdict on each, in the study's order.

    Parameters
    ----------
    tree
        The result.
    quantities, systems
        Only claims about these; all if empty.
    language
        Of the labels.

    Raises
    ------
    ResultError
        If there is no such quantity or system, or no claim.
    """
    checks = all_claims(tree, quantities, systems, language)
    if not checks:
        raise ResultError("the study makes no claim about this; claims stand under [[claims]]")
    return tuple(_audit(tree, check, language) for check in checks)


def by_source(audits: Iterable[Audit]) -> Mapping[str, Verdict | Literal["mixed"]]:
    """Return the verdict on each source from those on its claims.

    It is "mixed" where some are consistent and others are not, and "doubtful" where others differ.
    Claims that could not be tested, or are vague, count only where there are no others.
    """
    found: dict[str, set[Verdict]] = {}
    for audit in audits:
        found.setdefault(audit.check.source, set()).add(audit.verdict)
    return {source: _common(verdicts) for source, verdicts in found.items()}


def _common(verdicts: set[Verdict]) -> Verdict | Literal["mixed"]:
    tested = verdicts - {"untested", "vague"} or verdicts - {"untested"} or verdicts
    if len(tested) == 1:
        return next(iter(tested))
    return "mixed" if "consistent" in tested else "doubtful"


def _audit(tree: DataTree, check: ClaimCheck, language: Language) -> Audit:
    if check.answer.absent or math.isnan(check.answer.median):
        nothing = Measures(UNKNOWN, UNKNOWN, UNKNOWN, math.nan, math.nan)
        return Audit(check, "untested", "", nothing, UNKNOWN, True, ())
    measures = measure(check, read_cumulative(tree, check.quantity, check.system))
    verdict, reason = judge(measures)
    firm = all(judge(other)[0] == verdict for other in _shaken(measures))
    against = verdict in ("doubtful", "inconsistent")
    conditions = _conditions(tree, check, language) if against else ()
    return Audit(check, verdict, reason, measures, factor_of(check), firm, conditions)


def judge(measures: Measures) -> tuple[Verdict, Reason]:
    """Return the verdict that follows from what was measured, and why a claim is vague."""
    likely = measures.holds.value >= LIKELY
    if measures.reached.value < REACHED:
        return "inconsistent", ""
    if not likely and measures.inside.value < INSIDE:
        return "doubtful", ""
    if likely and measures.room >= ROOM:
        return "vague", "loose"
    if not likely and measures.width >= WIDE:
        return "vague", "ignorant"
    return "consistent", ""


def _shaken(measures: Measures) -> Iterator[Measures]:
    """Yield the measures as other draws might have given them."""
    for sign in (-1.0, 1.0):
        yield replace(measures, holds=_moved(measures.holds, sign))
        yield replace(measures, reached=_moved(measures.reached, sign))
        yield replace(measures, inside=_moved(measures.inside, sign))


def _moved(estimate: Estimate, sign: float) -> Estimate:
    """Return an estimate at the end of its noise."""
    return replace(estimate, value=estimate.value + sign * _NOISE * estimate.error)


def _conditions(tree: DataTree, check: ClaimCheck, language: Language) -> tuple[Condition, ...]:
    place = check.system, check.quantity
    if together := conditions_in_draws(tree, place, bounds(check), language):
        return together
    median = check.answer.median
    end = min(max(median, check.low), check.high)
    return conditions_alone(tree, place, end / median, language) if end * median > 0 else ()

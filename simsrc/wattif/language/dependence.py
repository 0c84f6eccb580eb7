"""From stated correlations to copulas: calibrated for their margins, joined, and possible.

Gaussian entries that share a quantity become one copula; a pair that nobody states depends through
the others only. All other copulas stand for themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from wattif.distributions.base import BeliefError
from wattif.distributions.calibration import pair_parameter, score_correlation
from wattif.distributions.correlation_matrix import (
    complete,
    is_feasible,
    nearest,
    refuse_infeasible,
)
from wattif.distributions.midranks import Midranks, midranks
from wattif.language.complaints import Complaint, RefusedError
from wattif.language.correlations import Drawn, Group
from wattif.language.model import Correlation, Dependence


def depend(groups: Sequence[Group], drawn: Drawn) -> tuple[list[Dependence], list[Complaint]]:
    """Return what the groups come to, and what is wrong with them."""
    found: list[Dependence] = []
    complaints = list(_overlaps(groups))
    if complaints:
        return found, complaints
    for cluster in _clusters(groups):
        try:
            found.append(_dependence(cluster, drawn))
        except RefusedError as error:
            complaints.append(error.complaint)
    return found, complaints


def _overlaps(groups: Sequence[Group]) -> Iterable[Complaint]:
    """Yield the quantities in several groups of which one cannot be joined with others."""
    first: dict[str, Group] = {}
    for group in groups:
        for key in group.keys:
            other = first.setdefault(key, group)
            if other is group or {group.entry.copula, other.entry.copula} == {"gaussian"}:
                continue
            copula = next(c for c in (group.entry.copula, other.entry.copula) if c != "gaussian")
            message = f"{key} is in two entries, and a {copula} copula joins no other"
            hint = "put all that move together into one entry, with a matrix"
            yield Complaint(("correlate", group.number, "quantities"), message, hint)
            return


def _clusters(groups: Sequence[Group]) -> list[list[Group]]:
    """Return groups that share a quantity together, in the order of the file."""
    clusters: list[list[Group]] = []
    for group in groups:
        touching = [
            cluster
            for cluster in clusters
            if any(set(one.keys) & set(group.keys) for one in cluster)
        ]
        joined = [one for cluster in touching for one in cluster] + [group]
        clusters = [cluster for cluster in clusters if cluster not in touching] + [joined]
    return clusters


def _dependence(cluster: Sequence[Group], drawn: Drawn) -> Dependence:
    keys = tuple(dict.fromkeys(key for group in cluster for key in group.keys))
    margins = {key: midranks(drawn.random[key].distribution) for key in keys}
    last = cluster[-1]
    if last.entry.copula in ("gaussian", "student-t"):
        return _elliptical(cluster, keys, margins)
    ((value),) = last.strengths.values()
    pair = (margins[keys[0]], margins[keys[1]])
    try:
        theta = pair_parameter(value, last.measure, last.entry.copula, pair)
    except BeliefError as error:
        raise RefusedError(Complaint(last.at, error.message, error.hint)) from None
    stated = Correlation(keys[0], keys[1], last.measure, value, source=last.entry.source)
    return Dependence(last.entry.copula, keys, (stated,), parameter=theta)


@dataclass(frozen=True)
class _Stated:
    """A stated correlation of two keys, and the group that states it."""

    group: Group
    value: float
    scores: float


def _elliptical(
    cluster: Sequence[Group], keys: tuple[str, ...], margins: dict[str, Midranks]
) -> Dependence:
    df = cluster[-1].entry.df or math.inf
    stated = _all_stated(cluster, margins, df)
    place = {key: i for i, key in enumerate(keys)}
    matrix = np.eye(len(keys))
    known = np.eye(len(keys), dtype=bool)
    for (a, b), one in stated.items():
        for i, j in ((place[a], place[b]), (place[b], place[a])):
            matrix[i, j], known[i, j] = one.scores, True
    if not known.all():
        matrix = complete(matrix, known)
    possible = is_feasible(matrix)
    if not possible:
        if not any(group.entry.repair for group in cluster):
            error = refuse_infeasible(matrix, keys, known)
            raise RefusedError(Complaint(cluster[-1].at, error.message, error.hint))
        matrix = nearest(matrix)
    pairs = tuple(
        Correlation(
            first=a,
            second=b,
            measure=one.group.measure,
            value=one.value,
            scores=float(matrix[place[a], place[b]]),
            source=one.group.entry.source,
        )
        for (a, b), one in stated.items()
    )
    return Dependence(
        copula=cluster[-1].entry.copula,
        keys=keys,
        pairs=pairs,
        matrix=tuple(tuple(float(r) for r in row) for row in matrix),
        parameter=df if math.isfinite(df) else 0.0,
        repaired=not possible,
    )


def _all_stated(
    cluster: Sequence[Group], margins: dict[str, Midranks], df: float
) -> dict[tuple[str, str], _Stated]:
    """Return every stated pair of keys, in one order of the two; refuse what contradicts."""
    stated: dict[tuple[str, str], _Stated] = {}
    for group in cluster:
        for (i, j), value in group.strengths.items():
            a, b = group.keys[i], group.keys[j]
            pair = (b, a) if (b, a) in stated else (a, b)
            known = stated.get(pair)
            if known and (known.value, known.group.measure) != (value, group.measure):
                both = f"{known.group.measure} = {known.value:g} and {group.measure} = {value:g}"
                message = f"{pair[0]} with {pair[1]} is stated twice: {both}"
                raise RefusedError(Complaint(group.at, message))
            try:
                scores = score_correlation(value, group.measure, df, (margins[a], margins[b]))
            except BeliefError as error:
                message = f"{a} with {b}: {error.message}"
                raise RefusedError(Complaint(group.at, message, error.hint)) from None
            stated[pair] = _Stated(group, value, scores)
    return stated


def notices(dependences: Iterable[Dependence], needed: frozenset[str]) -> Iterable[str]:
    """Yield what is worth a line: what was repaired, what has no effect."""
    for one in dependences:
        if one.repaired:
            yield f"correlations of {', '.join(one.keys)} could not be as stated, and were repaired"
        idle = [key for key in one.keys if key not in needed]
        if idle:
            yield f"correlated, but needed by no output: {', '.join(idle)}"

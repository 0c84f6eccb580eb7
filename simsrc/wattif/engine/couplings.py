"""Flatten the couplings of a program to plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wattif.distributions.normal import Normal
from wattif.engine.program import CopulaKind, Coupling
from wattif.engine.quantile_table import TERMS, build
from wattif.engine.tail_table import build_tail

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GAUSSIAN, STUDENT, CLAYTON, GUMBEL, FRANK = range(5)
_KINDS: dict[CopulaKind, int] = {
    "gaussian": GAUSSIAN,
    "student-t": STUDENT,
    "clayton": CLAYTON,
    "gumbel": GUMBEL,
    "frank": FRANK,
}


class Couplings(NamedTuple):
    """The C couplings of a program with D inputs, of M members in all.

    By input: ``slot`` (D,), its place among the members, or -1. By coupling: ``kind``,
    ``parameter`` and ``mixing`` (C,), as in :class:`~wattif.engine.program.Coupling`; its members
    are ``member[first[c] : first[c + 1]]``, and its factor, m x m, begins at ``factor_first[c]`` of
    ``factor``. ``tail_first`` (C + 1,): the rows of its scores' probabilities in ``tails``.
    ``normal`` holds the quantiles of the standard normal.
    """

    slot: Integers
    kind: Integers
    parameter: Floats
    mixing: Integers
    first: Integers
    member: Integers
    factor_first: Integers
    factor: Floats
    tail_first: Integers
    tails: Floats
    normal: Floats
    normal_begin: Floats
    normal_link: Integers


def flatten(couplings: Sequence[Coupling], inputs: int) -> Couplings:
    """Return the arrays of the couplings of a program with so many inputs."""
    members = [member for one in couplings for member in one.members]
    slot = np.full(inputs, -1, np.int64)
    slot[members] = np.arange(len(members))
    factors = [np.array(one.factor, np.float64).ravel() for one in couplings]
    tails = [_tail(one) for one in couplings]
    scored = any(len(tail) for tail in tails)
    normal = build(Normal(0.0, 1.0).shape()) if scored else None
    return Couplings(
        slot=slot,
        kind=np.array([_KINDS[one.kind] for one in couplings], np.int64),
        parameter=np.array([one.parameter for one in couplings], np.float64),
        mixing=np.array([one.mixing for one in couplings], np.int64),
        first=_offsets([len(one.members) for one in couplings]),
        member=np.array(members, np.int64),
        factor_first=_offsets([factor.size for factor in factors]),
        factor=np.concatenate([np.empty(0), *factors]),
        tail_first=_offsets([len(tail) for tail in tails]),
        tails=np.concatenate([np.empty((0, TERMS)), *tails]),
        normal=normal.coefficients if normal else np.empty((0, TERMS)),
        normal_begin=normal.begin if normal else np.empty(0),
        normal_link=normal.link if normal else np.empty(0, np.int64),
    )


def _tail(coupling: Coupling) -> Floats:
    if coupling.kind == "gaussian":
        return build_tail(np.inf)
    return build_tail(coupling.parameter) if coupling.kind == "student-t" else np.empty((0, TERMS))


def _offsets(sizes: Sequence[int]) -> Integers:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)

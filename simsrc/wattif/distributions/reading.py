"""Parameter values as a study gives them, to floats."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real

import numpy as np

from wattif.distributions.base import BeliefError
from wattif.distributions.checks import number
from wattif.distributions.truncated import check_bounds

_TRUTH = (bool, np.bool_)  # Python counts with them


def read_number(name: str, value: object) -> float:
    """Return a finite float, or refuse."""
    x = _read_real(name, value)
    if not math.isfinite(x):
        raise BeliefError(f"{name} must be a finite number, found {number(x)}", name)
    return x


def read_list(name: str, value: object) -> tuple[float, ...]:
    """Return a list's finite floats, or refuse."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BeliefError(f"{name} must be a list of numbers, found {_describe(value)}", name)
    if not value:
        raise BeliefError(f"{name} must not be empty", name)
    return tuple(read_number(f"{name}[{i}]", item) for i, item in enumerate(value))


def read_bounds(value: object) -> tuple[float, float]:
    """Return the two bounds of a truncation, infinite where open, or refuse."""
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        message = f"truncate must be two bounds, as in [0, 10], found {_describe(value)}"
        raise BeliefError(message, "truncate")
    low, high = (_read_real("truncate", bound) for bound in value)
    check_bounds(low, high)
    return low, high


def _read_real(name: str, value: object) -> float:
    if isinstance(value, _TRUTH) or not isinstance(value, Real):
        message = f"{name} must be a number, found {_describe(value)}"
        raise BeliefError(message, name.partition("[")[0], _advise(name, value))
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _describe(value: object) -> str:
    if isinstance(value, _TRUTH):
        return "true" if value else "false"
    if isinstance(value, Real):
        return number(float(value))
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:40] + "...")
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, Sequence):
        return f"a list of {len(value)}"
    return "nothing" if value is None else f"a {type(value).__name__}"


def _advise(name: str, value: object) -> str:
    if isinstance(value, str):
        return "parameters are plain numbers in the quantity's unit, without quotes"
    if isinstance(value, Mapping) and name.startswith("p"):
        return 'a percentile with a decimal point is written in quotes: "p2.5" = ...'
    return ""

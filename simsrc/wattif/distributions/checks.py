"""Conditions on parameters, each refused in the same words wherever it is broken."""

from __future__ import annotations

import math

from wattif.distributions.base import BeliefError


def number(value: float) -> str:
    """Return a value as messages show it."""
    return f"{value:.15g}"


def positive(name: str, value: float, hint: str = "") -> None:
    """Refuse a value that is not greater than 0."""
    if value <= 0.0:
        raise BeliefError(f"{name} must be greater than 0, found {number(value)}", name, hint)


def spread(name: str, value: float, centre: float) -> None:
    """Refuse a standard deviation that is not greater than 0; at 0 the quantity is constant."""
    positive(name, value, hint=constant_hint(centre) if value == 0.0 else "")


def constant_hint(value: float) -> str:
    """Return the advice for a quantity that cannot vary."""
    return f"without spread it is a constant: write value = {number(value)}"


def within(name: str, value: float, low: float, high: float, hint: str = "") -> None:
    """Refuse a value outside [low, high]."""
    if not low <= value <= high:
        found = f"found {number(value)}"
        if math.isinf(high):
            raise BeliefError(f"{name} must be at least {number(low)}, {found}", name, hint)
        expected = f"between {number(low)} and {number(high)}"
        raise BeliefError(f"{name} must be {expected}, {found}", name, hint)


def increasing(first: str, low: float, second: str, high: float) -> None:
    """Refuse two values of which the first is not the smaller."""
    too_far = math.isinf(high - low) and math.isfinite(low) and math.isfinite(high)
    if low < high and not too_far:
        return
    found = f"found {first} = {number(low)} and {second} = {number(high)}"
    if low < high:
        raise BeliefError(f"{first} and {second} are too far apart, {found}", first)
    hint = constant_hint(low) if low == high else f"exchange {first} and {second}"
    raise BeliefError(f"{first} must be less than {second}, {found}", first, hint)


def peaked(low: float, mode: float, high: float) -> None:
    """Refuse bounds that do not enclose a range, or a mode outside it."""
    increasing("min", low, "max", high)
    if not low <= mode <= high:
        found = f"found min = {number(low)}, mode = {number(mode)}, max = {number(high)}"
        raise BeliefError(f"mode must be between min and max, {found}", "mode")


def inside(name: str, value: float, low: float, high: float) -> None:
    """Refuse a value that is not between the ends of a range, both excluded."""
    if not low < value < high:
        expected = f"between min = {number(low)} and max = {number(high)}"
        raise BeliefError(f"{name} must be {expected}, found {number(value)}", name)

"""Beliefs inside beliefs: as plain tables, and with their weights."""

from __future__ import annotations

from wattif.distributions.base import BeliefError, Distribution, Stated
from wattif.distributions.steps import check_weights


def as_table(distribution: Distribution) -> Stated:
    """Return a belief as the table that would state it; of a constant, its value."""
    parameters = distribution.parameters
    if distribution.family == "constant":
        return parameters["value"]
    return {"dist": distribution.family, **parameters}


def as_tables(members: tuple[Distribution, ...]) -> Stated:
    """Return beliefs as tables."""
    return tuple(as_table(member) for member in members)


def check_members(
    family: str, members: tuple[Distribution, ...], weights: tuple[float, ...]
) -> None:
    """Refuse weights that are none, or are not one for each belief."""
    if len(members) != len(weights):
        found = f"found {len(members)} beliefs and {len(weights)} weights"
        raise BeliefError(f"{family} needs one weight for each belief, {found}", "weights")
    check_weights(weights)

"""All families, by their name in the study language.

To add one: a class with its canonical parameters in the module of its group, its forms and an
example in that module's ``FAMILIES``, and a row in the tests' table that names an independent
reference. A new group is one more module in the list below.
"""

from __future__ import annotations

from wattif.distributions import bounded, discrete, gamma, normal, student, uniform
from wattif.distributions.base import BeliefError
from wattif.distributions.family import Family
from wattif.distributions.names import nearest_family

FAMILIES: dict[str, Family] = {
    family.name: family
    for module in (uniform, normal, bounded, gamma, student, discrete)
    for family in module.FAMILIES
}

_PLANNED = frozenset({"mixture", "empirical", "metalog"})


def find_family(name: str) -> Family:
    """Return a family by its name."""
    if name in FAMILIES:
        return FAMILIES[name]
    if name in _PLANNED:
        raise BeliefError(f"family {name!r} is not available yet")
    if name == "constant":
        raise BeliefError("'constant' is no family", hint="write value = ... instead of dist")
    meant = nearest_family(name, FAMILIES)
    hint = f"did you mean {meant!r}?" if meant else ""
    raise BeliefError(f"unknown family {name!r}; known are {', '.join(FAMILIES)}", hint=hint)

"""All families, by their name in the study language.

To add one: a class with its canonical parameters in the module of its group, its forms and an
example in that module's ``FAMILIES``, and a row in the tests' table that names an independent
reference. A new group is one more module in the list below. Every name of scipy.stats is a family
too, with ``scipy.`` before it.
"""

from __future__ import annotations

from wattif.distributions import (
    bounded,
    counts,
    curvilinear,
    discrete,
    exceedances,
    extreme,
    gamma,
    half,
    inverse,
    kumaraswamy,
    location_scale,
    log_curve,
    max_entropy,
    metalog,
    normal,
    piecewise,
    ramps,
    skew_normal,
    squares,
    student,
    uniform,
    urn,
    von_mises,
)
from wattif.distributions.base import BeliefError
from wattif.distributions.family import Family
from wattif.distributions.names import nearest_family
from wattif.distributions.scipy_family import PREFIX, scipy_family

_MODULES = (
    *(uniform, normal, bounded, gamma, student),
    *(location_scale, skew_normal, log_curve, inverse, half, squares, extreme, exceedances),
    *(ramps, curvilinear, kumaraswamy, von_mises),
    *(metalog, piecewise, max_entropy),
    *(discrete, counts, urn),
)

FAMILIES: dict[str, Family] = {
    family.name: family for module in _MODULES for family in module.FAMILIES
}

# Made of other beliefs, or of data, in modules of their own; the study language reads them.
COMPOSITE = ("mixture", "zero-inflated", "censored", "pool", "empirical")


def find_family(name: str) -> Family:
    """Return a family by its name."""
    if name in FAMILIES:
        return FAMILIES[name]
    if name.startswith(PREFIX):
        return scipy_family(name)
    if name == "constant":
        raise BeliefError("'constant' is no family", hint="write value = ... instead of dist")
    if name in COMPOSITE:
        raise BeliefError(f"family {name!r} is made of other beliefs, not of parameters")
    known = (*FAMILIES, *COMPOSITE)
    meant = nearest_family(name, known)
    if meant:
        raise BeliefError(f"unknown family {name!r}", hint=f"did you mean {meant!r}?")
    raise BeliefError(f"unknown family {name!r}", hint=f"known are {', '.join(known)}")

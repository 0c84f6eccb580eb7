"""Which of a family's forms a set of parameter names is, or why it is none of them."""

from __future__ import annotations

from wattif.distributions.base import BeliefError
from wattif.distributions.family import Family, Form
from wattif.distributions.names import nearest_parameter
from wattif.distributions.percentiles import is_percentile

SHIFT = "shift"


def choose_form(family: Family, given: tuple[str, ...]) -> Form:
    """Return the form that takes exactly the given parameters."""
    percentiles = tuple(name for name in given if is_percentile(name))
    names = tuple(name for name in given if name not in percentiles)
    for name in names:
        if name not in family.names:
            raise _unknown(family, name)
    for form in family.forms:
        fits = set(form.required) <= set(names) <= set(form.names)
        if fits and form.takes(len(percentiles)):
            return form
    raise _misfit(family, names, percentiles)


def offers(family: Family) -> str:
    """Return what a family takes, in words: "mean and sd, or 2 percentiles"."""
    return ", or ".join(_describe(form) for form in family.forms)


def _describe(form: Form) -> str:
    needed = [*form.required, *_counted(form)]
    others = [name for name in form.optional if name != SHIFT]  # said once, in the documentation
    optional = f" (optional: {', '.join(others)})" if others else ""
    return _list(needed) + optional


def _counted(form: Form) -> list[str]:
    """Return how many percentiles a form takes, if any: "2 percentiles", "2 or more ..."."""
    count = f"{form.percentiles}{' or more' * form.or_more} percentiles"
    return [count] if form.percentiles else []


def _list(words: list[str] | tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _unknown(family: Family, name: str) -> BeliefError:
    hint = family.advice.get(name, "")
    if not hint:
        percentiles = ("p5", "p50", "p95") if family.percentiles else ()
        meant = nearest_parameter(name, (*family.names, *percentiles))
        hint = f"did you mean {meant!r}?" if meant else ""
    message = f"unknown parameter {name!r} of {family.name}; it takes {offers(family)}"
    return BeliefError(message, name, hint)


def _misfit(family: Family, names: tuple[str, ...], percentiles: tuple[str, ...]) -> BeliefError:
    """Return what is wrong with known names that make no form."""
    takes = f"it takes {offers(family)}"
    if not names and not percentiles:
        return BeliefError(f"{family.name} was given no parameters; {takes}")
    if percentiles:
        return _misfit_of_percentiles(family, names, percentiles)
    for i, first in enumerate(names):
        for second in names[:i]:
            if not any({first, second} <= set(form.names) for form in family.forms):
                message = f"{second} and {first} exclude each other in {family.name}; {takes}"
                return BeliefError(message, first)
    missing = min(
        (
            [*(name for name in form.required if name not in names), *_counted(form)]
            for form in family.forms
            if set(names) <= set(form.names)
        ),
        key=len,
    )
    message = f"{family.name} needs {_list(missing)} beside {_list(names)}; {takes}"
    return BeliefError(message)


def _misfit_of_percentiles(
    family: Family, names: tuple[str, ...], percentiles: tuple[str, ...]
) -> BeliefError:
    takes = f"it takes {offers(family)}"
    if not family.percentiles:
        message = f"{family.name} cannot be given by percentiles; {takes}"
        return BeliefError(message, percentiles[0])
    by_them = next(form for form in family.forms if form.percentiles)
    if not by_them.takes(len(percentiles)):
        found = f"found {len(percentiles)}: {_list(percentiles)}"
        exactly = "" if by_them.or_more else "exactly "
        message = f"{family.name} is fixed by {exactly}{_counted(by_them)[0]}, {found}"
        return BeliefError(message, percentiles[-1])
    beside = {name for form in family.forms if form.percentiles for name in form.names}
    alien = next(name for name in names if name not in beside)
    message = f"{family.name} cannot take {alien} beside {_list(percentiles)}; {takes}"
    return BeliefError(message, alien)

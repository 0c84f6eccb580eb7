"""Which of a family's forms a set of parameter names is, or why it is none of them."""

from __future__ import annotations

from collections.abc import Sequence

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
    alike: dict[tuple[tuple[str, ...], tuple[str, ...], bool], list[Form]] = {}
    for form in family.forms:
        others = tuple(name for name in form.optional if name != SHIFT)  # the documentation says it
        alike.setdefault((form.required, others, form.percentiles > 0), []).append(form)
    return ", or ".join(
        _describe(required, others, forms) for (required, others, _), forms in alike.items()
    )


def _describe(required: tuple[str, ...], others: tuple[str, ...], forms: Sequence[Form]) -> str:
    optional = f" (optional: {', '.join(others)})" if others else ""
    return listed([*required, *_counted(forms)]) + optional


def _counted(forms: Sequence[Form]) -> list[str]:
    """Return how many percentiles forms take, if any: "2 or 3 percentiles", "2 or more ..."."""
    counts = [
        f"{form.percentiles}{' or more' * form.or_more}" for form in forms if form.percentiles
    ]
    return [f"{' or '.join(counts)} percentile{'s' * (counts != ['1'])}"] if counts else []


def listed(words: Sequence[str]) -> str:
    """Return words as they stand in a sentence: "min, mode and max"."""
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
            [*(name for name in form.required if name not in names), *_counted([form])]
            for form in family.forms
            if set(names) <= set(form.names)
        ),
        key=len,
    )
    message = f"{family.name} needs {listed(missing)} beside {listed(names)}; {takes}"
    return BeliefError(message)


def _misfit_of_percentiles(
    family: Family, names: tuple[str, ...], percentiles: tuple[str, ...]
) -> BeliefError:
    takes = f"it takes {offers(family)}"
    if not family.percentiles:
        message = f"{family.name} cannot be given by percentiles; {takes}"
        return BeliefError(message, percentiles[0])
    fitting = [form for form in family.forms if form.takes(len(percentiles))]
    if not fitting:
        by_them = [form for form in family.forms if form.percentiles]
        exactly = "exactly " * (len(family.percentiles) == 1 and not by_them[0].or_more)
        found = f"found {len(percentiles)}: {listed(percentiles)}"
        message = f"{family.name} is fixed by {exactly}{_counted(_each(by_them))[0]}, {found}"
        return BeliefError(message, percentiles[-1])
    beside = {name for form in fitting for name in form.names}
    alien = next((name for name in names if name not in beside), "")
    if alien:
        message = f"{family.name} cannot take {alien} beside {listed(percentiles)}; {takes}"
        return BeliefError(message, alien)
    missing = min(
        ([name for name in form.required if name not in names] for form in fitting), key=len
    )
    message = f"{family.name} needs {listed(missing)} beside {listed([*names, *percentiles])}"
    return BeliefError(f"{message}; {takes}")


def _each(forms: Sequence[Form]) -> list[Form]:
    """Return one form for each number of percentiles, in increasing order."""
    return sorted({form.percentiles: form for form in forms}.values(), key=lambda f: f.percentiles)

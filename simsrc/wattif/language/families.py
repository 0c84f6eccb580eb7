"""Beliefs made of families: a table with ``dist``, or "a to b", to a distribution."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from wattif.distributions import FAMILIES, BeliefError, Distribution, interval, make
from wattif.distributions.families import find_family
from wattif.distributions.forms import listed as in_a_sentence
from wattif.distributions.interval import tails
from wattif.distributions.percentiles import is_percentile
from wattif.language import forms
from wattif.language.complaints import (
    Complaint,
    RefusedError,
    found_words,
    listed,
    nearest_spelling,
)
from wattif.language.model import Random
from wattif.language.positions import KeyPath

Range = tuple[float, float]
Parameters = Mapping[str, "float | list[float]"]

_PERCENTILE = re.compile(r"p\d+(\.\d+)?")


def read_distribution(form: forms.Dist, path: KeyPath) -> Random:
    """Return the belief that a table with ``dist`` states."""
    given = dict(form.__pydantic_extra__)
    try:
        find_family(form.dist)  # before its parameters, which need not be numbers
    except BeliefError as error:
        raise RefusedError(_blame(error, given, form.dist, path)) from None
    for key, value in given.items():
        _check_parameter(form.dist, key, value, (*path, key))
    try:
        distribution = make(form.dist, given, form.truncate)
    except BeliefError as error:
        raise RefusedError(_blame(error, given, form.dist, path)) from None
    return Random(distribution, _stated(form, given), _reading(distribution, given))


def read_interval(
    low: float, high: float, level: float, domain: Range | None, truncate: Range | None
) -> Random:
    """Return the belief that "a to b" states: as much lies below a as above b, ``level`` between.

    Raises
    ------
    BeliefError
        If there is no such distribution, as at low = 0.
    """
    distribution = interval(low, high, domain, level)
    if truncate is not None:
        ends: dict[str, float] = dict(zip(tails(level), (low, high), strict=True))
        if distribution.family == "logit-normal" and domain:
            ends |= {"min": domain[0], "max": domain[1]}
        distribution = make(distribution.family, ends, truncate)
    between = f" between {_figure(domain[0])} and {_figure(domain[1])}" if domain else ""
    kind = distribution.family + (between if distribution.family == "logit-normal" else "")
    outside = f"{tails(level)[0][1:]} %"
    reading = f"{kind} with {outside} below {_figure(low)} and {outside} above {_figure(high)}"
    return Random(
        distribution, reading=reading + truncation(truncate), interval=(low, high), level=level
    )


def read_peak(low: float, mode: float, high: float, truncate: Range | None) -> Random:
    """Return the belief that "~ m within a to b" states: a PERT with these bounds and this mode."""
    distribution = make("pert", {"min": low, "mode": mode, "max": high}, truncate)
    reading = f"pert from {_figure(low)} to {_figure(high)}, most likely {_figure(mode)}"
    return Random(distribution, reading=reading + truncation(truncate))


def _check_parameter(family: str, key: str, value: object, at: KeyPath) -> None:
    """Refuse what can be no parameter; whether the family takes it is for ``make`` to say."""
    parameters = FAMILIES[family].names if family in FAMILIES else ()
    if key in forms.LongForm.later and key not in parameters:
        message = f"{key} is not available yet in this version"
        raise RefusedError(Complaint(at, message, at="key"))
    check_other_key(parameters, key, at)
    if isinstance(value, dict) and _PERCENTILE.fullmatch(key):
        digits = next(iter(value), "5")
        hint = f'write the key in quotation marks: "{key}.{digits}" = ...'
        raise RefusedError(Complaint(at, f"{key} is a table; expected a number", hint, at="key"))
    numbers = value if isinstance(value, list) else [value]
    if not all(map(forms.is_number, numbers)):
        wrong = next(number for number in numbers if not forms.is_number(number))
        hint = 'write the number alone, and its unit as unit = "..."' * isinstance(wrong, str)
        message = f"{key} is {found_words(wrong)}; expected a finite number"
        raise RefusedError(Complaint(at, message, hint))


def check_other_key(parameters: Sequence[str], key: str, at: KeyPath) -> None:
    """Refuse a misspelt key that every quantity may have, such as ``untis``."""
    if key in parameters or _PERCENTILE.fullmatch(key):
        return
    common = [*forms.LongForm.model_fields, "truncate"]
    meant = forms.LongForm.meant.get(key) or nearest_spelling(key, [*parameters, *common])
    if meant in common:
        raise RefusedError(Complaint(at, f"unknown key {key}", f"did you mean {meant!r}?", "key"))


def _blame(error: BeliefError, given: Parameters, family: str, path: KeyPath) -> Complaint:
    """Point at the family, at the value of a parameter, or at a key that is none."""
    known = _names(family)
    if known is None:
        return Complaint((*path, "dist"), error.message, error.hint)
    if error.parameter not in given and error.parameter != "truncate":
        return Complaint(path, error.message, error.hint, at="key")
    at = error.parameter in known or _PERCENTILE.fullmatch(error.parameter)
    where = (*path, error.parameter)
    return Complaint(where, error.message, error.hint, at="value" if at else "key")


def _names(family: str) -> tuple[str, ...] | None:
    """Return what may stand beside ``dist``, percentiles aside; None if there is no such family."""
    try:
        return (*find_family(family).names, "truncate")
    except BeliefError:
        return None


def _stated(form: forms.Dist, given: Parameters) -> str:
    words = [f"{key} = {_written(value)}" for key, value in given.items()]
    return ", ".join([form.dist, *words]) + truncation(form.truncate)


def _written(value: float | list[float]) -> str:
    if isinstance(value, list):
        return "[" + listed([_figure(number) for number in value], 6) + "]"
    return _figure(value)


def _reading(distribution: Distribution, given: Parameters) -> str:
    """Return the distribution by its canonical parameters, and the percentiles it comes from."""
    words = [f"{key} = {_rounded(value)}" for key, value in distribution.parameters.items()]
    percentiles = [f"{key} = {_written(x)}" for key, x in given.items() if is_percentile(key)]
    met = f" with {in_a_sentence(percentiles)}" if percentiles else ""
    return f"{distribution.family}({', '.join(words)}){met}"


def _rounded(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + listed([_rounded(item) for item in value], 6) + "]"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def truncation(truncate: Range | None) -> str:
    """Return the words for bounds of truncation, none if there are none."""
    if truncate is None:
        return ""
    low, high = truncate
    if math.isinf(low):
        return f", truncated to at most {_figure(high)}"
    if math.isinf(high):
        return f", truncated to at least {_figure(low)}"
    return f", truncated to {_figure(low)} to {_figure(high)}"


def _figure(value: float) -> str:
    return f"{value:,.6g}" if abs(value) >= 1e15 else f"{value:,.10g}"

"""Beliefs made of other beliefs: mixtures, zero-inflated, censored, and pools of opinions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from wattif.distributions import BeliefError, Distribution
from wattif.distributions.censored import Censored
from wattif.distributions.mixture import MOST_PARTS, Mixture, ZeroInflated
from wattif.distributions.point import Point
from wattif.distributions.pool import METHODS, Pool
from wattif.distributions.truncated import Truncated
from wattif.language import forms, values
from wattif.language.complaints import Complaint, RefusedError, found_words, listed, nearest
from wattif.language.composites import COMPOSITES, check_keys
from wattif.language.data_files import DataShelf
from wattif.language.definitions import converted
from wattif.language.families import read_distribution, read_interval, read_peak, truncation
from wattif.language.model import Random
from wattif.language.positions import KeyPath
from wattif.language.refusals import complaints_of
from wattif.language.samples import read_sample
from wattif.language.units import Unit, describe, parse_unit, same_dimension

MOST_DEEP = 5
Range = tuple[float, float]


@dataclass(frozen=True)
class Setting:
    """What a belief inside another takes from the whole: unit, domain in it, and data files."""

    unit: Unit
    domain: Range | None
    shelf: DataShelf
    depth: int = 0


@dataclass(frozen=True)
class Inner:
    """A belief inside another, and the words for it."""

    distribution: Distribution
    words: str


def read_composite(form: forms.Dist, path: KeyPath, setting: Setting) -> Random:
    """Return the belief that a table with a composite family states.

    Raises
    ------
    RefusedError
        If its parameters, or a belief inside it, make no distribution.
    """
    given = dict(form.__pydantic_extra__)
    check_keys(form.dist, list(given), path)
    try:
        if form.dist == "empirical":
            inner = Inner(*read_sample(given, path, setting.shelf))
        else:
            inner = _READERS[form.dist](given, path, setting)
        if form.truncate is not None:
            inner = _truncated(inner, form.truncate)
    except BeliefError as error:
        at = (*path, error.parameter) if error.parameter in (*given, "truncate") else path
        raise RefusedError(Complaint(at, error.message, error.hint)) from None
    return Random(inner.distribution, reading=inner.words)


def _truncated(inner: Inner, bounds: Range) -> Inner:
    return Inner(Truncated(inner.distribution, *bounds), inner.words + truncation(bounds))


def _mixture(given: Mapping[str, Any], path: KeyPath, setting: Setting) -> Inner:
    members, weights = _members(given, path, setting)
    mixture = Mixture(tuple(one.distribution for one in members), weights)
    return Inner(mixture, f"mixture of {_weighted(members, weights)}")


def _zero_inflated(given: Mapping[str, Any], path: KeyPath, setting: Setting) -> Inner:
    p = _number(given["p"], (*path, "p"))
    inner = _inner(given["of"], (*path, "of"), setting)
    return Inner(ZeroInflated(p, inner.distribution), f"{_share(p)} exactly 0, else {inner.words}")


def _censored(given: Mapping[str, Any], path: KeyPath, setting: Setting) -> Inner:
    ends = {key: _number(given[key], (*path, key)) for key in ("min", "max") if key in given}
    if not ends:
        hint = "without a bound it is the belief itself"
        raise RefusedError(Complaint(path, "censored needs min or max, or both", hint, at="key"))
    inner = _inner(given["of"], (*path, "of"), setting)
    side = {"min": "below", "max": "above"}
    words = [f"what lies {side[key]} {end:,.10g} put on it" for key, end in ends.items()]
    return Inner(Censored(inner.distribution, **ends), f"{inner.words}, {' and '.join(words)}")


def _pool(given: Mapping[str, Any], path: KeyPath, setting: Setting) -> Inner:
    method = given["method"]
    if method == "linear":
        hint = 'write dist = "mixture", without method'
        message = "the linear pool is the mixture"
        raise RefusedError(Complaint((*path, "method"), message, hint))
    if method not in METHODS:
        expected = " or ".join(f'"{name}"' for name in METHODS)
        message = f"method is {found_words(method)}; expected {expected}"
        raise RefusedError(Complaint((*path, "method"), message, nearest(str(method), METHODS)))
    members, weights = _members(given, path, setting)
    pool = Pool(tuple(one.distribution for one in members), weights, method)
    kind = {"logarithmic": "logarithmic pool", "quantile": "average of the quantiles"}[method]
    return Inner(pool, f"{kind} of {_weighted(members, weights)}")


_READERS: dict[str, Callable[[Mapping[str, Any], KeyPath, Setting], Inner]] = {
    "mixture": _mixture,
    "zero-inflated": _zero_inflated,
    "censored": _censored,
    "pool": _pool,
}


def _members(
    given: Mapping[str, Any], path: KeyPath, setting: Setting
) -> tuple[list[Inner], tuple[float, ...]]:
    of = given["of"]
    if not (isinstance(of, list) and of):
        message = f"of is {found_words(of) if of else 'empty'}; expected a list of beliefs"
        raise RefusedError(Complaint((*path, "of"), message, 'for example ["2 to 4", "10 to 20"]'))
    if len(of) > MOST_PARTS:
        message = f"of has {len(of):,} beliefs; at most {MOST_PARTS} are taken"
        raise RefusedError(Complaint((*path, "of"), message))
    members = [_inner(one, (*path, "of", place), setting) for place, one in enumerate(of)]
    weights = given.get("weights", [1.0] * len(of))
    if not isinstance(weights, list):
        message = f"weights is {found_words(weights)}; expected a list of numbers"
        raise RefusedError(Complaint((*path, "weights"), message))
    read = [_number(one, (*path, "weights", place)) for place, one in enumerate(weights)]
    return members, tuple(read)


def _number(value: object, at: KeyPath) -> float:
    if forms.is_number(value):
        return float(value)  # type: ignore[arg-type]
    message = f"{at[-1] if isinstance(at[-1], str) else at[-2]} is {found_words(value)}"
    hint = "write the number alone, in the unit of the whole" * isinstance(value, str)
    raise RefusedError(Complaint(at, f"{message}; expected a finite number", hint))


def _inner(value: object, at: KeyPath, setting: Setting) -> Inner:
    """Return a belief inside another: a number, a text or a table."""
    if setting.depth >= MOST_DEEP:
        raise RefusedError(Complaint(at, f"beliefs inside beliefs, more than {MOST_DEEP} deep"))
    inside = replace(setting, depth=setting.depth + 1)
    if forms.is_number(value):
        return _constant(float(value))  # type: ignore[arg-type]
    if isinstance(value, str):
        return _text(value, at, inside, None)
    if isinstance(value, dict):
        return _table(value, at, inside)
    message = f"found {found_words(value)}; expected a number, a text or a table"
    raise RefusedError(
        Complaint(at, message, 'for example 3, "2 to 4", or { dist = "normal", ... }')
    )


def _constant(value: float) -> Inner:
    return Inner(Point(value), f"{value:,.10g}")


def _text(text: str, at: KeyPath, setting: Setting, truncate: Range | None) -> Inner:
    try:
        value = values.parse_value(text, setting.unit)
    except values.ValueFormError as error:
        last = max(error.column, error.end_column - 1)
        complaint = Complaint(at, error.message, error.hint, first=error.column, last=last)
        raise RefusedError(complaint) from None
    if not same_dimension(value.unit, setting.unit):
        message = f"found {describe(value.unit)}; expected {describe(setting.unit)}, as the whole"
        hint = f'write unit = "{value.unit.text}" beside dist, if that is the unit of the whole'
        raise RefusedError(Complaint(at, message, hint))
    low, high = (converted(end, value.unit, setting.unit) for end in (value.low, value.high))
    if value.kind == "constant":
        if truncate is not None:
            message = f"truncate has no meaning for a constant, {found_words(text)}"
            raise RefusedError(Complaint(at, message))
        return _constant(low)
    finite = (
        setting.domain if setting.domain and math.isfinite(sum(map(abs, setting.domain))) else None
    )
    mode = converted(value.mode, value.unit, setting.unit)
    try:
        if value.kind == "peaked":
            belief = read_peak(low, mode, high, truncate)
        else:
            belief = read_interval(low, high, value.level, finite, truncate)
    except BeliefError as error:
        raise RefusedError(Complaint(at, error.message, error.hint)) from None
    family = belief.distribution.family
    return Inner(belief.distribution, f"{low:,.6g} to {high:,.6g} ({family})")


def _table(table: dict[str, Any], at: KeyPath, setting: Setting) -> Inner:
    form = _form(table, at)
    inside = _in_own_unit(form, at, setting)
    if isinstance(form, forms.Value):
        if isinstance(form.value, str):
            return _text(form.value, (*at, "value"), inside, form.truncate)
        return _text(repr(form.value), (*at, "value"), inside, form.truncate)
    belief = (
        read_composite(form, at, inside) if form.dist in COMPOSITES else read_distribution(form, at)
    )
    return Inner(belief.distribution, belief.reading)


def _form(table: dict[str, Any], at: KeyPath) -> forms.Value | forms.Dist:
    found = [form for form in forms.FORMS if form in table]
    if len(found) != 1 or found[0] not in ("value", "dist"):
        message = f"a belief inside another has value or dist, found {listed(found) or 'neither'}"
        raise RefusedError(Complaint(at, message))
    try:
        if found[0] == "dist":
            return forms.Dist.model_validate(table)
        return forms.Value.model_validate(table)
    except ValidationError as error:
        errors = [{**e, "loc": ("quantities", "", found[0], *e["loc"])} for e in error.errors()]
        first = complaints_of(errors)[0]
        raise RefusedError(replace(first, path=(*at, *first.path[2:]))) from None


def _in_own_unit(form: forms.LongForm, at: KeyPath, setting: Setting) -> Setting:
    """Refuse a unit other than the whole's, and take a domain of its own."""
    if form.unit is not None and parse_unit(form.unit) != setting.unit:
        message = f"a belief inside another is in the unit of the whole, {setting.unit.text}"
        hint = f'leave unit out, and write the numbers in it; or a text, "2 to 4 {form.unit}"'
        raise RefusedError(Complaint((*at, "unit"), f"{message}; found {form.unit}", hint))
    return replace(setting, domain=form.domain or setting.domain)


def _weighted(members: list[Inner], weights: tuple[float, ...]) -> str:
    total = math.fsum(weights)
    if len(members) != len(weights) or not total > 0.0:
        return listed([one.words for one in members], 6)  # refused in a moment
    shares = zip(weights, members, strict=True)
    return listed([f"{_share(weight / total)} {one.words}" for weight, one in shares], 6)


def _share(p: float) -> str:
    return f"{100.0 * p:.4g} %"

"""From a definition to a belief: intervals become distributions, and domains are kept to."""

from __future__ import annotations

import math
from dataclasses import replace

from wattif.distributions import BeliefError, Distribution
from wattif.language.complaints import Complaint, RefusedError
from wattif.language.composites import Compound
from wattif.language.data_files import DataShelf
from wattif.language.definitions import Definition, Interval, Range
from wattif.language.families import read_interval, read_peak
from wattif.language.model import Absent, Belief, Constant, Random
from wattif.language.opinions import Setting, read_composite
from wattif.language.units import DIMENSIONLESS, Unit

_VISIBLE = 1e-3  # probability above 1 that is worth a remark
_STRAY = 1e-6  # probability outside its domain that is worth a remark


def believe(definition: Definition, domain: Range | None, shelf: DataShelf) -> Belief | None:
    """Return the belief that a definition states, None if it is a formula or states none.

    ``domain`` is in the definition's unit; data come from the ``shelf``.

    Raises
    ------
    RefusedError
        If a value lies outside the domain, or "a to b" makes no distribution.
    """
    content = definition.content
    if isinstance(content, Interval):
        return _read(definition, content, domain)
    if isinstance(content, Compound):
        setting = Setting(definition.unit or DIMENSIONLESS, domain, shelf)
        content = replace(
            read_composite(content.form, definition.at, setting), stated=definition.stated
        )
    if isinstance(content, Constant) and domain and not domain[0] <= content.value <= domain[1]:
        raise _outside(definition, domain, f"{content.value:g},")
    if isinstance(content, Random):
        if domain and _mass_outside(content.distribution, domain) > 0.5:
            raise _outside(definition, domain, f"{content.stated}; most of it is")
        return replace(content, stated=definition.stated)
    return content if isinstance(content, Constant | Absent) else None


def _read(definition: Definition, ends: Interval, domain: Range | None) -> Random:
    if domain and not domain[0] <= ends.low < ends.high <= domain[1]:
        raise _outside(definition, domain, f"{ends.low:g} to {ends.high:g},")
    finite = domain if domain and math.isfinite(domain[1] - domain[0]) else None
    try:
        belief = _read_ends(ends, finite)
    except BeliefError as error:
        if error.parameter == "truncate":
            at = (*definition.where.path, "truncate")
            raise RefusedError(Complaint(at, error.message, error.hint)) from None
        raise RefusedError(Complaint(definition.at, error.message, error.hint)) from None
    return replace(belief, stated=definition.stated)


def _read_ends(ends: Interval, domain: Range | None) -> Random:
    if ends.mode is not None:
        return read_peak(ends.low, ends.mode, ends.high, ends.truncate)
    return read_interval(ends.low, ends.high, ends.level, domain, ends.truncate)


def _outside(definition: Definition, domain: Range, found: str) -> RefusedError:
    message = f"{definition.name} is {found} outside its domain, {_range(domain)}"
    return RefusedError(Complaint(definition.at, message))


def _range(domain: Range) -> str:
    low, high = domain
    if math.isinf(high):
        return f"from {low:g} up"
    return f"up to {high:g}" if math.isinf(low) else f"{low:g} to {high:g}"


def reach_notice(name: str, random: Random, unit: Unit, domain: Range | None) -> str:
    """Return a remark if a belief reaches further than it seems meant to, else ""."""
    if domain is None:
        return _share_notice(name, random, unit)
    return _stray_notice(name, random.distribution, domain)


def _stray_notice(name: str, distribution: Distribution, domain: Range) -> str:
    """Return a remark if a distribution reaches beyond the domain of its quantity, else ""."""
    outside = _mass_outside(distribution, domain)
    if outside < _STRAY:
        return ""
    return (
        f"{name}: {100 * outside:.2g} % of its distribution lies outside its domain "
        f"{_range(domain)}; truncate = [a, b] would keep it inside"
    )


def _share_notice(name: str, random: Random, unit: Unit) -> str:
    """Return a remark if an interval within 0 and 1 became a lognormal that passes 1, else ""."""
    distribution = random.distribution
    if unit.dimensions or distribution.family != "lognormal" or random.interval is None:
        return ""
    one = 1.0 / unit.scale  # 100 where the unit is %
    above = float(distribution.probability(one, upper=True))
    if random.interval[1] > one or above < _VISIBLE:
        return ""
    return (
        f"{name}: {100 * above:.2g} % of its lognormal lies above 1; if it is a share, "
        "write domain = [0, 1]"
    )


def _mass_outside(distribution: Distribution, domain: Range) -> float:
    low, high = domain
    below = float(distribution.probability(low)) if math.isfinite(low) else 0.0
    above = float(distribution.probability(high, upper=True)) if math.isfinite(high) else 0.0
    return below + above

"""From a family and named parameters to a distribution, or to the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from wattif.distributions.base import BeliefError, Distribution
from wattif.distributions.checks import number
from wattif.distributions.families import find_family
from wattif.distributions.family import Form
from wattif.distributions.forms import choose_form, listed
from wattif.distributions.percentiles import (
    NoParent,
    Percentile,
    is_percentile,
    read_percentiles,
)
from wattif.distributions.reading import read_bounds, read_list, read_number
from wattif.distributions.truncated import Truncated

Value = float | Sequence[float]
Bounds = tuple[float, float]


def make(
    family: str,
    parameters: Mapping[str, Value],
    truncate: Bounds | None = None,
) -> Distribution:
    """Return the distribution that a family and its parameters describe.

    Percentiles come as parameters "p5", "p2.5", ... ``truncate`` is (low, high), infinite where
    open; with it, percentiles describe what is drawn, all else the parent. Raise
    :class:`BeliefError` on anything that is not exactly one distribution.
    """
    form = choose_form(find_family(family), tuple(parameters))
    values = {
        name: read_list(name, value) if name in form.lists else read_number(name, value)
        for name, value in parameters.items()
    }
    bounds = None if truncate is None else read_bounds(truncate)
    try:
        parent = _build(form, values, bounds)
    except NoParent as none:
        raise _no_parent(family, values, bounds, none.reach) from None
    except OverflowError:
        raise _beyond(family) from None
    except BeliefError as refused:
        if refused.parameter in ("", *form.names, *values):
            raise
        raise _beyond(family) from None  # derived from what was given, and out of range
    if not all(math.isfinite(x) for x in parent.parameters.values() if isinstance(x, float)):
        raise _beyond(family)
    return parent if bounds is None else Truncated(parent, *bounds)


def _build(
    form: Form, values: Mapping[str, float | tuple[float, ...]], bounds: Bounds | None
) -> Distribution:
    arguments = [values[name] for name in form.required]
    arguments += [values.get(name, default) for name, default in form.optional.items()]
    if not form.percentiles:
        return form.build(*arguments)
    points = _points(values)
    low, high = bounds or (-math.inf, math.inf)
    for point in points:
        if not low < point.x < high:
            expected = f"inside truncate = [{number(low)}, {number(high)}]"
            message = f"{point.name} must lie {expected}, found {number(point.x)}"
            raise BeliefError(message, point.name)
    return form.build(points, (low, high), *arguments)


def _points(values: Mapping[str, float | tuple[float, ...]]) -> tuple[Percentile, ...]:
    return read_percentiles(
        {
            name: value
            for name, value in values.items()
            if is_percentile(name) and isinstance(value, float)
        }
    )


def _no_parent(
    family: str,
    values: Mapping[str, float | tuple[float, ...]],
    bounds: Bounds | None,
    reach: str,
) -> BeliefError:
    points = _points(values)
    wanted = listed([f"{point.name} = {number(point.x)}" for point in points])
    if bounds is None:
        hint = "these percentiles are too far apart or too near for it: choose another family"
        at = points[(len(points) - 1) // 2] if reach else points[-1]
        return BeliefError(f"no {family} has {wanted}", at.name, reach or hint)
    low, high = bounds
    message = f"no {family} truncated to [{number(low)}, {number(high)}] has {wanted}"
    hint = "move the bounds away from the percentiles, or choose a family that lies between bounds"
    return BeliefError(message, "truncate", reach or hint)


def _beyond(family: str) -> BeliefError:
    return BeliefError(f"{family} with these parameters lies beyond floating-point numbers")

"""Beliefs made of data: the values of a sample, smoothed, or a family fitted to them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wattif.distributions import BeliefError, Distribution
from wattif.distributions.fitting import RECIPES, fit_sample
from wattif.distributions.sample import Empirical, Sample
from wattif.distributions.smooth import SCALES, Smooth, silverman
from wattif.language import forms
from wattif.language.complaints import Complaint, RefusedError, found_words, listed, nearest
from wattif.language.composites import SAMPLE_FORMS
from wattif.language.data_files import DataShelf
from wattif.language.positions import KeyPath

_OF_FORM = {
    "bandwidth": "smooth",
    "scale": "smooth",
    "min": "smooth",
    "max": "smooth",
    "family": "fit",
    "fit_uncertainty": "fit",
}


@dataclass(frozen=True)
class _Read:
    """A sample, and the words for it."""

    sample: Sample
    words: str


def read_sample(
    given: Mapping[str, Any], path: KeyPath, shelf: DataShelf
) -> tuple[Distribution, str]:
    """Return the belief that a table with ``dist = "empirical"`` states, and the words for it."""
    form = _choice(given, "form", SAMPLE_FORMS, path)
    for key, owner in _OF_FORM.items():
        if key in given and form != owner:
            hint = f'write form = "{owner}"'
            message = f'{key} has a meaning only for form = "{owner}"'
            raise RefusedError(Complaint((*path, key), message, hint, at="key"))
    read = _sample(given, path, shelf)
    if form == "smooth":
        return _smooth(given, path, read)
    if form == "fit":
        return _fit(given, path, read)
    return Empirical(read.sample), f"one of {read.words}"


def _choice(given: Mapping[str, Any], key: str, known: tuple[str, ...], path: KeyPath) -> str:
    value = given.get(key, known[0])
    if value in known:
        return str(value)
    expected = ", ".join(f'"{name}"' for name in known)
    message = f"{key} is {found_words(value)}; expected one of {expected}"
    raise RefusedError(Complaint((*path, key), message, nearest(str(value), known)))


def _sample(given: Mapping[str, Any], path: KeyPath, shelf: DataShelf) -> _Read:
    if ("values" in given) == ("file" in given):
        message = "a sample comes from values or from a file, and " + (
            "here are both" if "file" in given else "here is neither"
        )
        hint = 'write values = [3.1, 4.7], or file = "tokens.csv", column = "output"'
        raise RefusedError(Complaint(path, message, hint, at="key"))
    if "values" in given:
        for key in ("column", "weights_column"):
            if key in given:
                message = f"{key} has a meaning only with file"
                raise RefusedError(Complaint((*path, key), message, at="key"))
        values = _numbers(given, "values", path)
        words = f"{len(values):,} values: {listed([f'{x:,.6g}' for x in values], 6)}"
        return _Read(Sample(values, _weights(given, path, len(values))), words)
    return _from_file(given, path, shelf)


def _from_file(given: Mapping[str, Any], path: KeyPath, shelf: DataShelf) -> _Read:
    if "column" not in given:
        message = 'file needs column, the name of one of its columns: column = "output"'
        raise RefusedError(Complaint((*path, "file"), message))
    column = shelf.take(given["file"], given["column"], path, "column")
    values = tuple(column.values.tolist())
    weights = _weights(given, path, len(values))
    words = f"{len(values):,} values of {given['file']}, column {given['column']}"
    if "weights_column" in given:
        if "weights" in given:
            message = "weights and weights_column exclude each other"
            raise RefusedError(Complaint((*path, "weights"), message, at="key"))
        weighing = shelf.take(given["file"], given["weights_column"], path, "weights_column")
        weights = tuple(weighing.values.tolist())
        words += f", weighed by {given['weights_column']}"
    return _Read(Sample(values, weights), f"{words} (SHA-256 {column.sha256[:12]})")


def _weights(given: Mapping[str, Any], path: KeyPath, count: int) -> tuple[float, ...]:
    return _numbers(given, "weights", path) if "weights" in given else (1.0,) * count


def _numbers(given: Mapping[str, Any], key: str, path: KeyPath) -> tuple[float, ...]:
    values = given[key]
    if not (isinstance(values, list) and values):
        found = found_words(values) if values != [] else "empty"
        raise RefusedError(Complaint((*path, key), f"{key} is {found}; expected a list of numbers"))
    for place, value in enumerate(values):
        if not forms.is_number(value):
            message = f"{key} has {found_words(value)}; expected finite numbers"
            raise RefusedError(Complaint((*path, key, place), message))
    return tuple(map(float, values))


def _number(given: Mapping[str, Any], key: str, path: KeyPath, default: float) -> float:
    value = given.get(key, default)
    if key in given and not forms.is_number(value):
        message = f"{key} is {found_words(value)}; expected a finite number"
        raise RefusedError(Complaint((*path, key), message))
    return float(value)


def _smooth(given: Mapping[str, Any], path: KeyPath, read: _Read) -> tuple[Distribution, str]:
    scale = _choice(given, "scale", SCALES, path)
    low, high = (_number(given, key, path, end) for key, end in _OPEN.items())
    axis = read.sample.logarithms() if scale == "log" else read.sample
    width = _number(given, "bandwidth", path, silverman(axis))
    smooth = Smooth(read.sample, width, "log" if scale == "log" else "linear", low, high)
    rule = "" if "bandwidth" in given else ", by Silverman's rule"
    of = " of ln x" if scale == "log" else ""
    return smooth, f"{read.words}, smoothed by a normal kernel of sd {width:,.4g}{of}{rule}"


_OPEN = {"min": -math.inf, "max": math.inf}


def _fit(given: Mapping[str, Any], path: KeyPath, read: _Read) -> tuple[Distribution, str]:
    if "family" not in given:
        message = f'a fit needs a family: family = "lognormal", or one of {", ".join(RECIPES)}'
        raise RefusedError(Complaint((*path, "form"), message))
    family = _choice(given, "family", tuple(RECIPES), path)
    uncertain = given.get("fit_uncertainty", False)
    if not isinstance(uncertain, bool):
        message = f"fit_uncertainty is {found_words(uncertain)}; expected true or false"
        raise RefusedError(Complaint((*path, "fit_uncertainty"), message))
    fit = fit_sample(family, read.sample)
    errors = [f"{name} = {x:,.4g} ± {error:,.2g}" for name, (x, error) in fit.errors.items()]
    words = f"{family}({', '.join(errors)}) fitted to {read.words}"
    if not uncertain:
        return fit.distribution, words
    try:
        return fit.predictive(), f"{words}, the errors of the fit included"
    except BeliefError as error:
        message = f"too few values to say how sure the fit is: {error.message}"
        raise BeliefError(message, "fit_uncertainty") from None

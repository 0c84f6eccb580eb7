"""Families made of other beliefs, or of data: what the study language knows of them.

To add one: an entry in ``COMPOSITES`` and a reader in :mod:`wattif.language.opinions` or
:mod:`wattif.language.samples`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wattif.distributions.fitting import RECIPES
from wattif.distributions.pool import METHODS
from wattif.distributions.smooth import SCALES
from wattif.language import forms
from wattif.language.complaints import Complaint, RefusedError, listed, nearest_spelling
from wattif.language.families import truncation
from wattif.language.positions import KeyPath

SAMPLE_FORMS = ("ecdf", "smooth", "fit")


@dataclass(frozen=True)
class Key:
    """A parameter: what editors show of it, and its JSON Schema."""

    words: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Composite:
    """A family as the study language offers it. ``required`` names those keys it cannot lack."""

    name: str
    summary: str
    example: str
    keys: Mapping[str, Key]
    required: tuple[str, ...] = ()
    meant: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Compound:
    """A belief made of others, or of data: not yet a distribution."""

    form: forms.Dist


_NUMBER = {"type": "number"}
_NUMBERS = {"type": "array", "items": _NUMBER, "minItems": 1}
_TEXT = {"type": "string"}
_BELIEF = {
    "anyOf": [
        {"type": ["number", "string"]},
        {"$ref": "#/$defs/Value"},
        {"$ref": "#/$defs/Dist"},
    ]
}
_BELIEFS = {"type": "array", "items": _BELIEF, "minItems": 1}

_OF = Key('Beliefs: numbers, texts such as "2 to 4" in `unit`, or tables with dist.', _BELIEFS)
_OF_ONE = Key('A belief: a text such as "2 to 4" in `unit`, or a table with dist.', _BELIEF)
_WEIGHTS = Key("How much each counts, in proportion; without it all alike.", _NUMBERS)
_MEANT = {"probabilities": "weights", "members": "of", "components": "of", "beliefs": "of"}
_SAMPLE_MEANT = {
    "data": "values",
    "path": "file",
    "csv": "file",
    "variable": "column",
    "bw": "bandwidth",
    "kind": "form",
    "method": "form",
}

COMPOSITES: dict[str, Composite] = {
    one.name: one
    for one in (
        Composite(
            "mixture",
            "one of several beliefs, each with its probability (the linear pool of opinions)",
            '{ dist = "mixture", of = ["2 to 4", "10 to 20"], weights = [0.7, 0.3] }',
            {"of": _OF, "weights": _WEIGHTS},
            ("of",),
            _MEANT,
        ),
        Composite(
            "zero-inflated",
            "exactly 0 with probability p, else as another belief says",
            '{ dist = "zero-inflated", p = 0.3, of = "2 to 5" }',
            {"p": Key("Probability of exactly 0.", _NUMBER), "of": _OF_ONE},
            ("p", "of"),
            _MEANT,
        ),
        Composite(
            "censored",
            "another belief, with what lies beyond a bound put on the bound",
            '{ dist = "censored", of = { dist = "normal", mean = 3, sd = 2 }, min = 0 }',
            {
                "of": _OF_ONE,
                "min": Key("What lies below is put here.", _NUMBER),
                "max": Key("What lies above is put here.", _NUMBER),
            },
            ("of",),
            _MEANT,
        ),
        Composite(
            "pool",
            "one belief from several opinions of the same thing, narrower than their mixture",
            '{ dist = "pool", of = ["2 to 4", "3 to 8"], method = "logarithmic" }',
            {
                "of": _OF,
                "weights": _WEIGHTS,
                "method": Key("Densities multiplied, or quantiles averaged.", {"enum": [*METHODS]}),
            },
            ("of", "method"),
            _MEANT,
        ),
        Composite(
            "empirical",
            "as in a sample: its values, the values smoothed, or a family fitted to them",
            '{ dist = "empirical", values = [3.1, 4.7, 5.2, 8.8] }',
            {
                "values": Key("The sample, in `unit`.", _NUMBERS),
                "file": Key("A CSV, Parquet or netCDF file beside the study.", _TEXT),
                "column": Key("Which column of the file, or which variable.", _TEXT),
                "weights": Key("How much each value counts; without it all alike.", _NUMBERS),
                "weights_column": Key("Column of the file that weighs the values.", _TEXT),
                "form": Key(
                    "The values themselves, smoothed, or fitted.", {"enum": [*SAMPLE_FORMS]}
                ),
                "bandwidth": Key("Standard deviation of the smoothing kernel.", _NUMBER),
                "scale": Key("Axis on which the sample is smoothed.", {"enum": [*SCALES]}),
                "min": Key("Bound at which the smoothed sample is reflected.", _NUMBER),
                "max": Key("Bound at which the smoothed sample is reflected.", _NUMBER),
                "family": Key("Family to fit.", {"enum": [*RECIPES]}),
                "fit_uncertainty": Key(
                    "Whether the errors of the fit are part of the belief.", {"type": "boolean"}
                ),
            },
            (),
            _SAMPLE_MEANT,
        ),
    )
}


def in_words(form: forms.Dist) -> str:
    """Return a belief as the study says it."""
    given = (f"{key} = {_raw(value)}" for key, value in form.__pydantic_extra__.items())
    return ", ".join([form.dist, *given]) + truncation(form.truncate)


def _raw(value: object) -> str:
    if isinstance(value, list):
        return "[" + listed([_raw(one) for one in value], 6) + "]"
    if isinstance(value, dict):
        return str(value.get("dist", value.get("value", "a table")))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def check_keys(family: str, given: Sequence[str], path: KeyPath) -> None:
    """Refuse keys that a family does not have, and the lack of those it needs."""
    composite = COMPOSITES[family]
    for key in given:
        if key not in composite.keys:
            raise RefusedError(_unknown(composite, key, path))
    missing = [key for key in composite.required if key not in given]
    if missing:
        message = f"{family} needs {' and '.join(missing)}"
        raise RefusedError(Complaint(path, message, f"for example {composite.example}", at="key"))


def _unknown(composite: Composite, key: str, path: KeyPath) -> Complaint:
    common = [*forms.LongForm.model_fields, "truncate"]
    meant = composite.meant.get(key) or forms.LongForm.meant.get(key)
    meant = meant if meant in (*composite.keys, *common) else ""
    meant = meant or nearest_spelling(key, [*composite.keys, *common])
    hint = f"did you mean {meant!r}?" if meant else f"it takes {', '.join(composite.keys)}"
    return Complaint((*path, key), f"unknown key {key} of {composite.name}", hint, at="key")

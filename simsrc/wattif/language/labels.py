"""Texts for people: one text, or a table of texts by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError

from wattif.language.complaints import found_words, nearest
from wattif.wording import LANGUAGES

_NAMES = {"en": "English", "es": "Spanish"}


@dataclass(frozen=True)
class Label:
    """A text in English, or the only one there is, and ``others`` by language."""

    text: str = ""
    others: Mapping[str, str] = field(default_factory=dict, hash=False)


NO_LABEL = Label()


def read_label(value: object) -> Label:
    """Return the label that a text, or a table of texts by language, makes; or refuse it."""
    if isinstance(value, str):
        return Label(value)
    if not isinstance(value, dict):
        raise PydanticKnownError("string_type")
    for language, text in value.items():
        _check(language, text)
    if not value:
        raise refusal("found an empty table; expected texts by language", _example())
    first = value.get("en") or next(iter(value.values()))
    return Label(first, {key: text for key, text in value.items() if key != "en"})


def _check(language: str, text: object) -> None:
    """Refuse a language that is not known, and what is no text in it."""
    if language not in LANGUAGES:
        expected = " or ".join(f'"{key}" ({_NAMES[key]})' for key in LANGUAGES)
        hint = nearest(language, LANGUAGES) or _example()
        raise refusal(f"found the language {language[:40]!a}; expected {expected}", hint)
    if not isinstance(text, str) or not text:
        found = found_words(text) if text != "" else "an empty text"
        raise refusal(f"found {found} for {language}; expected a text between quotation marks")


def _example() -> str:
    return 'for example { en = "Training energy", es = "Energía de entrenamiento" }'


def refusal(message: str, hint: str = "") -> PydanticCustomError:
    """Return an error in our own words, for a validator to raise."""
    return PydanticCustomError("wattif", "{message}", {"message": message, "hint": hint})


_TEXTS = {
    language: {"type": "string", "minLength": 1, "description": f"The text in {_NAMES[language]}."}
    for language in LANGUAGES
}
AnyLabel = Annotated[
    Label,
    PlainValidator(read_label),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": _TEXTS,
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]

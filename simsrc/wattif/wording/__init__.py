"""What wattif says in pictures and reports, in the reader's language: one message catalogue.

A message is a line of ``LANGUAGE/ROOM.toml``, asked for as "room.name". To add one, add it to the
room in every language, with the same places to fill in; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

import tomli

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Wording:
    """The messages of one language: ``say("intervals.median")``."""

    language: Language = "en"

    def __call__(self, message: str, **values: object) -> str:
        """Return a message ("room.name") with its places filled in."""
        room, _, name = message.partition(".")
        return read_room(self.language, room)[name].format(**values)


@cache
def read_room(language: Language, room: str) -> dict[str, str]:
    """Return all messages of a room, by name."""
    text = (resources.files(__name__) / language / f"{room}.toml").read_text("utf-8")
    return tomli.loads(text)


def rooms(language: Language) -> list[str]:
    """Return the names of a language's rooms."""
    folder = resources.files(__name__) / language
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())

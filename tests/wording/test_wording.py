"""Every language says everything, with the same places to fill in."""

from __future__ import annotations

import string

import pytest

from wattif.wording import LANGUAGES, Wording, read_room, rooms

ROOMS = rooms("en")


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_rooms(language):
    assert rooms(language) == ROOMS


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_messages_and_places(language, room):
    english, other = read_room("en", room), read_room(language, room)
    assert other.keys() == english.keys()
    for name, text in english.items():
        assert _places(other[name]) == _places(text), f"{room}.{name}"


def test_a_message_is_filled_in():
    assert Wording("es")("pictures.absent", reason="nada") == "no disponible: nada"


def test_a_message_that_is_not_there_is_an_error_of_ours():
    with pytest.raises(KeyError):
        Wording()("intervals.nothing")

import pytest

from wattif.engine.remember import Remembered


def test_what_was_made_is_not_made_again():
    memory, made = Remembered(2), []

    def make(name):
        made.append(name)
        return name.upper()

    for name in ("a", "b", "a", "b"):
        assert memory.recall(name, lambda name=name: make(name)) == name.upper()
    assert made == ["a", "b"]


def test_what_was_asked_for_longest_ago_is_forgotten():
    memory, made = Remembered(2), []
    for name in ("a", "b", "a", "c", "a", "b"):
        memory.recall(name, lambda name=name: made.append(name) or name)
    assert made == ["a", "b", "c", "b"]


def test_an_error_is_not_kept():
    memory = Remembered(2)
    with pytest.raises(ZeroDivisionError):
        memory.recall("a", lambda: 1 / 0)
    assert memory.recall("a", lambda: 1) == 1

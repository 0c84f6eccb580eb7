"""Whatever is not a readable study file is refused in a moment, at its place."""

from __future__ import annotations

import time
from contextlib import suppress

import numpy as np
import pytest

from wattif.errors import StudyError
from wattif.language import positions, reader
from wattif.language.positions import Positions
from wattif.language.reader import read, read_mapping, read_text

# name: (bytes of the file, words of the refusal, line)
REFUSED = {
    "brackets": (b"a=" + b"[" * 50_000 + b"]" * 50_000, "nested more than 100 deep", 1),
    "tables": (b"a=" + b"{a=" * 5000 + b"1" + b"}" * 5000, "nested more than 100 deep", 1),
    "dotted key": (b"\n" + b".".join([b"a"] * 20_000) + b"=1", "a key of 20,000 parts", 2),
    "quoted dotted key": (b".".join([b'"a"'] * 5000) + b"=1", "a key of 5,000 parts", 1),
    "long integer": (b"a=1\nn=" + b"9" * 5000, "a number of 5,000 digits", 2),
    "utf-16": ("a = 1".encode("utf-16"), "UTF-16", 0),
    "byte order mark": (b"\xef\xbb\xbfa = 1", "byte order mark", 0),
    "latin-1": ("a = 1\nb = 'é'".encode("latin-1"), "byte 0xe9 is not UTF-8", 2),
    "huge": (b"#" + b"x" * 1_000_000, "1.0 MB large; a study may have 1 MB", 0),
    "nul": (b'a = "x\x00y"', "U+0000", 1),
    "escaped nul": (b'a = 1\nb = "x\\u0000y"', "U+0000", 2),
    "text turned round": ('a = "\u202e"'.encode(), "U+202E", 1),
    "text turned round in a comment": ("a = 1 # \u2067".encode(), "U+2067", 1),
    "escaped text turned round": (b'a = "\\u202e"', "U+202E", 1),
    "terminal escape": (b'a = "\\u001b[2J"', "U+001B", 1),
    "control in a key": (b'"a\\u0007b" = 1', "in a name", 1),
    "no quotes": (b"\na = GPU", "not valid TOML: invalid value", 2),
    "twice": (b"[a]\nx = 1\n[a]\n", "not valid TOML: cannot declare", 3),
    "string open": (b'a = "x\n', "not valid TOML", 1),
    "brackets after closed ones": (b"a = 1\n" + b"]" * 50 + b"[" * 200, "nested more than", 2),
}


@pytest.fixture
def file(tmp_path):
    """Return a function: bytes -> path of a file with them."""

    def write(content: bytes):
        path = tmp_path / "study.toml"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_at_its_place(name, file):
    content, words, line = REFUSED[name]
    start = time.process_time()
    with pytest.raises(StudyError) as caught:
        read(file(content))
    assert time.process_time() - start < 2
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.line == line
    shown = str(caught.value)
    assert len(shown) < 1000
    assert shown.isprintable() or set(filter(lambda c: not c.isprintable(), shown)) == {"\n"}


SLOW = {  # hard for a careless scan, and all within the limit of size
    "open strings": b"a='''" * 100_000,
    "escaped quotes": b'"""\\' * 200_000,
    "quotes": b'"' * 900_000,
    "a long word": b"a" * 900_000,
    "words": b"a " * 400_000,
    "points": b". " * 400_000,
    "brackets": b"[[a]]\n" * 100_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_no_file_takes_long(name, file):
    start = time.process_time()
    with suppress(StudyError):
        read(file(SLOW[name]))
    assert time.process_time() - start < 4  # 0.5 s on an idle machine


@pytest.mark.parametrize("path", ["/dev/zero", "/tmp", "nowhere/study.toml", "a\0b", ""])
def test_what_is_no_file_is_refused(path):
    with pytest.raises(StudyError) as caught:
        read(path)
    assert "\0" not in str(caught.value)


def test_a_misspelt_file_name_is_guessed(file):
    path = file(b"a = 1")
    with pytest.raises(StudyError) as caught:
        read(path.with_name("sudy.toml"))
    assert caught.value.problems[0].hint == "did you mean 'study.toml'?"


def test_toml_1_1_is_read():
    assert read_text("a = {\n  b = 1,\n}\n").data == {"a": {"b": 1}}


def test_brackets_and_points_in_strings_and_comments_do_not_count():
    text = "a = '" + "[" * 200 + "'\n# " + "{" * 200 + '\nb = """' + "x." * 100 + '\n"""\n'
    assert read_text(text).data["a"] == "[" * 200


def test_a_mapping_becomes_plain_data():
    data = {"a": (np.float64(1.5), np.int32(2)), "b": {"c": np.float32(0.5)}, "d": True}
    plain = read_mapping(data).data
    assert plain == {"a": [1.5, 2], "b": {"c": 0.5}, "d": True}
    assert [type(value) for value in plain["a"]] == [float, int]


def test_a_bottomless_mapping_is_refused():
    bottomless: dict[str, object] = {}
    bottomless["a"] = bottomless
    with pytest.raises(StudyError, match="nested more than 100 deep"):
        read_mapping(bottomless)


TEXT = """\
title = "é"
run.seed = 1
[systems.a-b]
label="éx"
x = [1, {a=1,
  b="two"}, "s"]
[systems."x y".quantities]
p = { dist = "normal", mean = 3 }
value = { value = 3, key_raw = 4 }
[[claims]]
q = "a"
[[claims]]
q = "b"
"""
# path: (line, first column, one past the last) of the key, of the value
PLACES = {
    ("title",): ((1, 1, 6), (1, 9, 12)),
    ("run", "seed"): ((2, 5, 9), (2, 12, 13)),
    ("run",): ((2, 5, 9), (2, 12, 13)),  # no header: the first key in it
    ("run", "draws"): ((0, 0, 0), (0, 0, 0)),
    ("systems", "a-b"): ((3, 2, 13), (3, 2, 13)),
    ("systems", "a-b", "label"): ((4, 1, 6), (4, 7, 11)),
    ("systems", "a-b", "x"): ((5, 1, 2), (5, 1, 2)),  # over two lines: the key
    ("systems", "a-b", "x", 0): ((5, 6, 7), (5, 6, 7)),
    ("systems", "a-b", "x", 1, "b"): ((6, 3, 4), (6, 5, 10)),
    ("systems", "a-b", "x", 2): ((6, 13, 16), (6, 13, 16)),
    ("systems", "x y", "quantities"): ((7, 2, 26), (7, 2, 26)),
    ("systems", "x y", "quantities", "p", "mean"): ((8, 24, 28), (8, 31, 32)),
    ("systems", "x y", "quantities", "p", "sd"): ((8, 1, 2), (8, 5, 34)),
    ("systems", "x y", "quantities", "value", "key_raw"): ((9, 22, 29), (9, 32, 33)),
    ("claims", 0): ((10, 1, 11), (10, 1, 11)),
    ("claims", 1, "q"): ((13, 1, 2), (13, 5, 8)),
    ("nowhere",): ((0, 0, 0), (0, 0, 0)),
}


@pytest.mark.parametrize("path", PLACES)
def test_keys_and_values_are_found(path):
    found = Positions(TEXT)
    key, value = found.key(path), found.value(path)
    assert ((key.line, key.column, key.end), (value.line, value.column, value.end)) == PLACES[path]


def test_characters_inside_a_string_are_found():
    span = Positions(TEXT).inside(("systems", "a-b", "label"), 2, 2)
    assert (span.line, span.column, span.end) == (4, 9, 10)


def test_without_toml_rs_keys_are_found_still(monkeypatch):
    monkeypatch.setattr(positions, "_toml_rs_entries", lambda text: iter(()))
    found = Positions(TEXT)
    assert found.key(("systems", "a-b", "label")).line == 4
    assert found.value(("systems", "x y", "quantities", "p", "mean")).line == 8


def test_a_failing_toml_rs_costs_the_caret_and_nothing_else(monkeypatch):
    import toml_rs

    monkeypatch.setattr(toml_rs, "load_with_metadata", None)
    assert positions.Positions(TEXT).key(("title",)).line == 1


def test_tomli_and_toml_rs_read_the_same(file):
    import toml_rs

    assert toml_rs.loads(TEXT) == reader.read_text(TEXT).data

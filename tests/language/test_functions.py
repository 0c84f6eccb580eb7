"""The table of functions, and the names that quantities may have."""

import numpy as np
import pytest

from wattif.language.functions import CALLABLE, FUNCTIONS, RESERVED, is_valid_name

VALUES = [
    ("add", (1.0, 2.0), 3.0),
    ("sub", (1.0, 2.0), -1.0),
    ("mul", (2.0, 3.0), 6.0),
    ("div", (1.0, 2.0), 0.5),
    ("pow", (2.0, 3.0), 8.0),
    ("neg", (2.0,), -2.0),
    ("lt", (1.0, 2.0), 1.0),
    ("le", (2.0, 2.0), 1.0),
    ("gt", (1.0, 2.0), 0.0),
    ("ge", (1.0, 2.0), 0.0),
    ("eq", (2.0, 2.0), 1.0),
    ("ne", (2.0, 2.0), 0.0),
    ("where", (1.0, 5.0, 7.0), 5.0),
    ("where", (0.0, 5.0, 7.0), 7.0),
    ("where", (np.nan, 5.0, 7.0), np.nan),
    ("where", (-0.1, 5.0, 7.0), 5.0),
    ("min", (3.0, 1.0, 2.0), 1.0),
    ("max", (3.0, 1.0, 5.0, 2.0), 5.0),
    ("clip", (5.0, 0.0, 1.0), 1.0),
    ("clip", (-5.0, 0.0, 1.0), 0.0),
    ("abs", (-2.0,), 2.0),
    ("exp", (0.0,), 1.0),
    ("log", (1.0,), 0.0),
    ("log10", (1000.0,), 3.0),
    ("sqrt", (9.0,), 3.0),
    ("sin", (0.0,), 0.0),
    ("cos", (0.0,), 1.0),
    ("tan", (0.0,), 0.0),
    ("atan2", (1.0, 0.0), np.pi / 2),
    ("floor", (-1.5,), -2.0),
]


@pytest.mark.parametrize(("name", "arguments", "value"), VALUES)
def test_functions_compute_what_they_say(name, arguments, value):
    np.testing.assert_array_equal(FUNCTIONS[name].evaluate(*map(np.float64, arguments)), value)


def test_every_function_is_tested():
    assert {name for name, _, _ in VALUES} == set(FUNCTIONS)


VALID = ["x", "_x", "gpu_count", "X9", "a" * 100]
INVALID = ["", "9x", "a-b", "a b", "a.b", "__x", "\N{GREEK SMALL LETTER PI}", "x\n", "a" * 101]


@pytest.mark.parametrize("name", VALID)
def test_names_are_plain_words(name):
    assert is_valid_name(name)


@pytest.mark.parametrize("name", INVALID)
def test_other_names_are_not(name):
    assert not is_valid_name(name)


def test_functions_constants_and_words_are_reserved():
    words = {"pi", "e", "if", "lambda", "True", "nan", "inf", "system", "draw"}
    assert words | set(CALLABLE) <= set(RESERVED)

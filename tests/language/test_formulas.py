"""Formulas: what they mean, and that nothing else gets through."""

import math
import re
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wattif.language.formulas import (
    CallNode,
    FormulaError,
    NameNode,
    Node,
    NumberNode,
    names,
    parse,
)
from wattif.language.functions import FUNCTIONS


def evaluate(node: Node, values: dict[str, float]) -> float:
    if isinstance(node, NumberNode):
        return node.value
    if isinstance(node, NameNode):
        return values[node.name]
    arguments = [np.float64(evaluate(argument, values)) for argument in node.arguments]
    with np.errstate(all="ignore"):
        return float(FUNCTIONS[node.function].evaluate(*arguments))


VALUES = [
    ("-x**2", -9.0),
    ("(-x)**2", 9.0),
    ("2**-1", 0.5),
    ("2**3**2", 512.0),
    ("-2**-x", -0.125),
    ("1/2*x", 1.5),
    ("x - 1 - 1", 1.0),
    ("x / 3 / 2", 0.5),
    ("+x", 3.0),
    ("- - x", 3.0),
    ("1_000.5e-1 + .5 + 5.", 105.55),
    ("299792458**6 * 0 + x", 3.0),
    ("1e18 * 10", 1e19),
    ("pi * x", 3 * math.pi),
    ("x > 2", 1.0),
    ("(x > 2) * (x < 3)", 0.0),
    ("x + 1 == 4", 1.0),
    ("x != 3", 0.0),
    ("where(x >= 3, 10, 20)", 10.0),
    ("min(x, 2, 5)", 2.0),
    ("max(x, y)", 4.0),
    ("clip(x, 0, 1)", 1.0),
    ("sqrt(x*x + y*y)", 5.0),
    ("atan2(0, x)", 0.0),
    ("floor(x / 2)", 1.0),
    ("exp(log(x))", 3.0),
    ("\t x ", 3.0),
    ("(((x)))", 3.0),
    ("+".join(["x"] * 99), 297.0),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_formulas_mean_what_they_mean_in_python(text, value):
    found = evaluate(parse(text), {"x": 3.0, "y": 4.0})
    assert found == pytest.approx(value, rel=1e-15)  # one rounding


REFUSED = [
    # attacks on evaluators
    ("__import__('os').system('touch PWNED')", 12, "''' is not used", ""),
    ("().__class__.__bases__[0].__subclasses__()", 23, "'[' is not used", ""),
    ("x.__class__", 3, "'__class__' cannot be a name", "do not start with '__'"),
    ("x.real.imag", 3, "a point joins a system and a quantity", "system.quantity"),
    ("x.y(2)", 3, "a point joins a system and a quantity", ""),
    ("x.__\N{FULLWIDTH LATIN SMALL LETTER C}lass__", 5, "'\\uff43' is not used", "ASCII"),
    ("f'{x.__class__}'", 2, "''' is not used", ""),
    ("'{0.__class__}'.format(x)", 1, "''' is not used", ""),
    ("(lambda: 1)()", 8, "':' is not used", ""),
    ("lambda", 1, "a word of the formula language", ""),
    ("(y := 1) + x", 4, "':=' is not used", ""),
    ("sum([i for i in range(10**9)])", 5, "'[' is not used", "not a list"),
    ("x[0]", 2, "'[' is not used", ""),
    ("{x}", 1, "'{' is not used", ""),
    ("x(2)", 1, "'x' is not a function", "for a product"),
    ("(x)(2)", 4, "an operator is missing before '('", ""),
    ("sin(x, out=x)", 11, "'=' is not used", "=="),
    ("max(*[1, 2])", 6, "'[' is not used", ""),
    ("max(*x)", 5, "missing after '(', before '*'", ""),
    ("max(**x)", 5, "missing after '(', before '**'", ""),
    ("'a' * 10**10", 1, "''' is not used", ""),
    ("open('/etc/hostname')", 6, "''' is not used", ""),
    ("await x", 1, "a word of the formula language", ""),
    ("x @ x", 3, "'@' is not used", ""),
    ("sqrt(-1 + 0j)", 11, "'0j' is neither", ""),
    ("1 << (1 << 34)", 3, "'<<' is not used", ""),
    ("9**9**9**9", 4, "infinite", ""),
    ("2**(2**33)", 1, "infinite", ""),
    ("1e999999999", 1, "too large a number", ""),
    ("9" * 5000, 1, "a number of 5000 characters", ""),
    ("(" * 5000 + "1" + ")" * 5000, 10_001, "10001 characters", "split"),
    ("(" * 101 + "1" + ")" * 101, 101, "more than 100 deep", "split"),
    ("-" * 20_000 + "1", 10_001, "20001 characters", "split"),
    ("-" * 9_000 + "1", 101, "more than 100 deep", "split"),
    ("x**" * 200 + "x", 304, "more than 100 deep", "split"),
    ("min(" * 101 + "x", 404, "more than 100 deep", "split"),
    ("+".join(["x"] * 50_000), 10_001, "99999 characters", "split"),
    ("+".join(["x"] * 102), 1, "more than 100 operations", "split"),
    ("min(" + ",".join(["-x"] * 3_000) + ")", 5003, "more than 5000 parts", "split"),
    ("x + 1\0", 6, "'\\x00' is not used", ""),
    ("x\nimport os", 2, "'\\n' is not used", "one line"),
    ("x # + 100", 3, "'#' is not used", "note"),
    ("a\u202eb", 2, "'\\u202e' is not used", ""),
    ("\N{CYRILLIC SMALL LETTER HA} + 1", 1, "is not used", "ASCII"),
    ("\N{ARABIC-INDIC DIGIT ONE} + x", 1, "is not used", "ASCII"),
    ("x \\ y", 3, "'\\' is not used", ""),
    ("x; y", 2, "';' is not used", ""),
    # habits from elsewhere
    ("1,5 * x", 2, "a comma outside", "1.5"),
    ("(1,5) * x", 3, "a comma outside", "1.5"),
    ("x^2", 2, "'^' is not used", "write **"),
    ("x // 2", 3, "'//' is not used", "floor(a / b)"),
    ("x % 2", 3, "'%' is not used", "0.01 *"),
    ("a < b < c", 7, "comparisons in a chain", "(a < b) * (b < c)"),
    ("a == b != c", 8, "comparisons in a chain", ""),
    ("a and b", 3, "missing before 'and'", "multiply the conditions"),
    ("a or b", 3, "missing before 'or'", "max("),
    ("not a", 1, "'not' is a word", "1 - "),
    ("not(a)", 1, "'not' is not used", "1 - "),
    ("a & b", 3, "'&' is not used", "multiply the conditions"),
    ("!a", 1, "'!' is not used", "1 - "),
    ("x if x > 0 else -x", 3, "missing before 'if'", "where(condition, a, b)"),
    ("x ? 1 : 2", 3, "'?' is not used", "where(condition, a, b)"),
    ("x = 2", 3, "'=' is not used", "=="),
    ("x <> 2", 3, "'<>' is not used", "!="),
    ("True", 1, "'True' is a word", "write 1"),
    ("2x", 1, "'2x' is neither a number nor a name", "2 * x"),
    ("30k * x", 1, "'30k' is neither", "30e3"),
    ("1.5M", 1, "'1.5M' is neither", "1.5e6"),
    ("0x10", 1, "'0x10' is neither", ""),
    ("1__0", 1, "'1__0' is neither", ""),
    ("x y", 3, "an operator is missing before 'y'", "*"),
    ("2(3)", 2, "an operator is missing before '('", "*"),
    ("1.2.3", 4, "an operator is missing before '.3'", ""),
    ("ln(x)", 1, "'ln' is not a function", "log(x)"),
    ("sqr(x)", 1, "'sqr' is not a function; known: where, min", "did you mean sqrt?"),
    ("5 $", 3, "'$' is not used", "unit"),
    ("3 \N{MULTIPLICATION SIGN} x", 3, "is not used", "write *"),
    # plain mistakes
    ("", 1, "empty", ""),
    ("  ", 3, "empty", ""),
    ("x +", 4, "breaks off after '+'", ""),
    ("* x", 1, "missing, before '*'", ""),
    ("()", 2, "missing after '(', before ')'", ""),
    ("(x", 1, "not closed", ""),
    ("max(x, y", 4, "not closed", ""),
    ("x)", 2, "closes nothing", ""),
    ("max(x, y,)", 10, "missing after ','", ""),
    ("sin", 1, "'sin' is a function", "sin(...)"),
    ("a.sin", 3, "'sin' is a function", ""),
    ("sin()", 1, "sin takes 1 argument, and 0 are given", ""),
    ("sin(x, y)", 1, "sin takes 1 argument, and 2 are given", ""),
    ("where(x, y)", 1, "where takes 3 arguments", ""),
    ("min(x)", 1, "min takes 2 or more arguments", ""),
    ("nan", 1, "'nan' is a word for no number", ""),
    ("e", 1, "mathematical constant", "exp(1)"),
    ("system", 1, "a dimension of the result", ""),
    ("1/0", 1, "infinite", ""),
    ("(-8)**(1/3)", 1, "not a number", ""),
    ("x" * 101, 1, "cannot be a name", "at most 100"),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), REFUSED, ids=lambda x: str(x)[:30])
def test_refusals_say_where_and_why(text, column, message, hint):
    started = time.perf_counter()
    with pytest.raises(FormulaError) as refusal:
        parse(text)
    assert time.perf_counter() - started < 1
    assert message in refusal.value.message
    assert hint in refusal.value.hint
    assert refusal.value.column == column
    assert refusal.value.end_column >= column


def test_names_come_in_reading_order_and_once():
    found = names(parse("b + a * max(c, b) - other.a / a"))
    assert [(name.system, name.name, name.column) for name in found] == [
        (None, "b", 1),
        (None, "a", 5),
        (None, "c", 13),
        ("other", "a", 21),
    ]


def test_numbers_are_folded_in_floats():
    assert parse("2 * 3 + sqrt(16)") == NumberNode(10.0, 1, 17)


def test_nodes_know_their_columns():
    tree = parse("a + (b * c)")
    assert isinstance(tree, CallNode)
    assert [(node.column, node.end_column) for node in (tree, *tree.arguments)] == [
        (1, 12),
        (1, 2),
        (5, 12),
    ]


OPERATORS = ["+", "-", "*", "/", "**"]
COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    comparison = st.tuples(inner, st.sampled_from(COMPARISONS), inner).map(" ".join)
    return st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(" ".join),
        comparison.map("where({}, 1.0, 0.0)".format),
        inner.map("({})".format),
        inner.map("-{}".format),
        st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})"),
    )


PYTHON = {"max": np.maximum, "where": lambda c, a, b: a if c else b, "real": np.float64}
EXPRESSIONS = st.recursive(st.sampled_from(["x", "y", "2.0", "3", "0.5"]), combined, max_leaves=12)


@settings(max_examples=300)
@given(EXPRESSIONS)
@example("-x ** -y ** 2")
def test_python_agrees_on_precedence(text):
    """Python evaluates the same text to the same value."""
    values = {"x": np.float64(1.25), "y": np.float64(-0.75)}
    tree = outcome_of(parse, text)
    if not isinstance(tree, FormulaError):  # a part is infinite or not a number
        floats = re.sub(r"[0-9.]+", r"real(\g<0>)", text)
        with np.errstate(all="ignore"):
            python = eval(floats, PYTHON, values)
        # numpy's powers of one number and of an array may differ in their last bit
        np.testing.assert_allclose(evaluate(tree, values), np.float64(python), rtol=1e-12)


@settings(max_examples=500, deadline=1000)
@given(st.one_of(st.text(max_size=200), st.text("xy.,()+-*/<>=! 01e_#'", max_size=300)))
def test_any_text_is_read_or_refused(text):
    outcome = outcome_of(parse, text)
    if isinstance(outcome, FormulaError):
        assert outcome.message.isprintable()
        assert 1 <= outcome.column <= outcome.end_column <= len(text) + 2


def outcome_of(read, text):
    try:
        return read(text)
    except FormulaError as refusal:
        return refusal

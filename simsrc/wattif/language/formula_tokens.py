"""Formula text to tokens; signs that formulas do not use are refused with what to write instead."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, NoReturn

LONGEST = 10_000  # characters of a formula
LONGEST_NUMBER = 400  # characters


class FormulaError(ValueError):
    """A formula that cannot be read; columns count from 1, ``end_column`` is one past the end."""

    def __init__(self, message: str, column: int, end_column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.end_column = end_column or column + 1
        self.hint = hint


class Token(NamedTuple):
    """A piece of a formula; the last one is an "end" without text."""

    kind: Literal["number", "name", "sign", "end"]
    text: str
    column: int

    @property
    def end_column(self) -> int:
        """Return the column behind the token."""
        return self.column + len(self.text)


def refuse(message: str, token: Token, hint: str = "") -> NoReturn:
    """Raise a FormulaError that points at a token."""
    raise FormulaError(message, token.column, token.end_column, hint)


NUMBER = re.compile(
    r"(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+)?"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIGN = re.compile(r"\*\*|//|<=|>=|==|!=|<>|:=|<<|>>|[!-/:-@\[-`{-~]")
_USED = {"+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", "(", ")", ",", "."}

_SIGN_ADVICE = {
    "^": "write ** for a power",
    "//": "write floor(a / b)",
    "%": "write 0.01 * for percent; a - b * floor(a / b) for a remainder",
    "=": "write == to compare; arguments have no names",
    "<>": "write !=",
    "&": "multiply the conditions: (a > 0) * (b > 0)",
    "|": "write max(a > 0, b > 0)",
    "!": "write 1 - (a > 0) for 'not'",
    "~": "write 1 - (a > 0) for 'not'",
    "?": "write where(condition, a, b)",
    "#": "write remarks in the quantity's note",
    "$": "a unit is written with the value of a quantity, not in a formula",
    "[": "a quantity is one number a draw, not a list",
    "{": "write round brackets",
}
_CHARACTER_ADVICE = {
    "\n": "write the formula on one line",
    "\N{MULTIPLICATION SIGN}": "write *",
    "\N{MIDDLE DOT}": "write *",
    "\N{DIVISION SIGN}": "write /",
    "\N{MINUS SIGN}": "write -",
    "\N{EN DASH}": "write -",
    "\N{SUPERSCRIPT TWO}": "write **2",
    "\N{SUPERSCRIPT THREE}": "write **3",
    "\N{LESS-THAN OR EQUAL TO}": "write <=",
    "\N{GREATER-THAN OR EQUAL TO}": "write >=",
    "\N{SQUARE ROOT}": "write sqrt(x)",
    "\N{GREEK SMALL LETTER PI}": "write pi",
}
_PLAIN = "formulas are written in ASCII letters, digits and signs"


def tokens(text: str) -> list[Token]:
    """Return the tokens of a formula."""
    if len(text) > LONGEST:
        message = f"the formula has {len(text)} characters; at most {LONGEST} are read"
        raise FormulaError(message, LONGEST + 1, len(text) + 1, "split it into several quantities")
    found = []
    place = 0
    while place < len(text):
        if text[place] in " \t":
            place += 1
            continue
        token = _token(text, place)
        found.append(token)
        place += len(token.text)
    return [*found, Token("end", "", len(text) + 1)]


def _token(text: str, place: int) -> Token:
    if match := NUMBER.match(text, place):
        return _number(text, match)
    if match := _NAME.match(text, place):
        return Token("name", match.group(), place + 1)
    if match := _SIGN.match(text, place):
        return _sign(Token("sign", match.group(), place + 1))
    hint = _CHARACTER_ADVICE.get(text[place], _PLAIN)
    raise FormulaError(f"the character {text[place]!a} is not used in formulas", place + 1, 0, hint)


def _number(text: str, match: re.Match[str]) -> Token:
    token = Token("number", match.group(), match.start() + 1)
    if len(token.text) > LONGEST_NUMBER:
        refuse(f"a number of {len(token.text)} characters; at most {LONGEST_NUMBER}", token)
    if tail := _NAME.match(text, match.end()):
        whole = Token("name", (token.text + tail.group())[:40], token.column)
        hint = product_hint(token.text, tail.group())
        refuse(f"'{whole.text}' is neither a number nor a name", whole, hint)
    return token


_SUFFIXES = {"k": "e3", "K": "e3", "M": "e6", "G": "e9", "B": "e9", "bn": "e9", "T": "e12"}


def product_hint(number: str, name: str) -> str:
    """Return what to write for a number that runs into a name: 30k, 2x."""
    if name in _SUFFIXES and "e" not in number.lower():
        return f"write {number}{_SUFFIXES[name]}"
    return f"write {number} * {name}" if len(name) < 40 else "write * for a product"


def _sign(token: Token) -> Token:
    if token.text not in _USED:
        hint = _SIGN_ADVICE.get(token.text, "")
        refuse(f"'{token.text}' is not used in formulas", token, hint)
    return token

"""The grammar of units: text to numbers and powers of names, and back; nothing is looked up.

    unit     = factor { ("*" | "/" | space) factor }
    factor   = (NAME | "%" | NUMBER | "(" unit ")") [ "**" exponent ]
    exponent = ["-"] NUMBER | "(" ["-"] NUMBER ["/" NUMBER] ")"

A space multiplies, but not after a "/", where readers disagree on what it means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

LONGEST = 100  # characters
DEEPEST = 8  # brackets
LARGEST_EXPONENT = 20
FINEST_EXPONENT = 10_000  # denominator: scaling laws have exponents such as 0.0762


class UnitError(ValueError):
    """A unit that cannot be read, or used so; ``column`` counts from 1 in its text."""

    def __init__(self, message: str, hint: str = "", column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.column = column


@dataclass(frozen=True)
class Factor:
    """A power of a name ("%" is one) or of a number, with its column in the text."""

    base: str | Fraction
    exponent: Fraction
    column: int


_TOKEN = re.compile(
    r"(?P<number>[0-9][0-9_]{0,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3}(?![0-9]))?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*|%)"
    r"|(?P<sign>\*\*|[*/()-])"
    r"|(?P<space>[ \t]+)"
)
_ADVICE = {
    "^": "write ** for a power: m**3",
    "·": "write * between units",
    "\N{MULTIPLICATION SIGN}": "write * between units",
    "⋅": "write * between units",
    "÷": "write / between units",
    "²": "write **2",
    "³": "write **3",
    "µ": "write u for micro: us",
    "μ": "write u for micro: us",
    "Ω": "write ohm",
    "°": "angles in rad, temperatures in K",
    "$": "write USD",
    "€": "write EUR",
    "£": "write GBP",
    "¥": "write JPY or CNY",
    ",": "write numbers without commas",
}


@lru_cache(maxsize=1024)
def factors(text: str) -> tuple[Factor, ...]:
    """Return the factors of a unit, in reading order."""
    if len(text) > LONGEST:
        raise UnitError(f"a unit of {len(text)} characters; at most {LONGEST} are read")
    return _Reader(text).read() if text.strip() else ()


def render(number: float, powers: Mapping[str, Fraction]) -> str:
    """Return the text of a number times powers of names, which reads back as the same factors."""
    above = [base + _exponent_text(e) for base, e in powers.items() if e > 0]
    below = ["/" + base + _exponent_text(-e) for base, e in powers.items() if e < 0]
    if number != 1 or not above:
        above.insert(0, repr(number).removesuffix(".0"))
    return "*".join(above) + "".join(below)


def _exponent_text(exponent: Fraction) -> str:
    if exponent == 1:
        return ""
    decimal = f"{float(exponent):g}"
    return f"**{decimal}" if Fraction(decimal) == exponent else f"**({exponent})"


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


class _Reader:
    """A recursive descent through the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.place = 0

    def read(self) -> tuple[Factor, ...]:
        product = self.product(0)
        if self.next.kind != "end":
            raise self.error(f"'{self.next.text}' is out of place in unit '{self.text}'")
        return product

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.next
        self.place += 1
        return token

    def takes(self, sign: str) -> bool:
        taken = self.next.text == sign
        self.place += taken
        return taken

    def error(self, message: str, hint: str = "") -> UnitError:
        return UnitError(message, hint, self.next.column)

    def product(self, depth: int) -> tuple[Factor, ...]:
        found = list(self.factor(depth))
        divided = False
        while self.next.kind != "end" and self.next.text not in (")", "-", "**"):
            if self.takes("/"):
                divided = True
                found += _raised(self.factor(depth), Fraction(-1))
            elif self.takes("*"):
                found += self.factor(depth)
            elif divided:
                hint = "write a/(b*c) or a/b*c, whichever is meant"
                raise self.error(f"a space after '/' is ambiguous in unit '{self.text}'", hint)
            else:
                found += self.factor(depth)
        if self.next.text == "-":
            hint = "write * for a product: GPU*hour"
            raise self.error(f"'-' is not used between units, in '{self.text}'", hint)
        return tuple(found)

    def factor(self, depth: int) -> tuple[Factor, ...]:
        token = self.next
        if self.takes("("):
            if depth == DEEPEST:
                raise self.error(f"unit '{self.text}' nests more than {DEEPEST} brackets")
            base = self.product(depth + 1)
            self.close()
        elif token.kind in ("name", "number"):
            self.place += 1
            name = token.kind == "name"
            base = (Factor(token.text if name else self.number(token), Fraction(1), token.column),)
        else:
            raise self.error(_missing(token, self.text))
        return _raised(base, self.exponent()) if self.takes("**") else base

    def close(self) -> None:
        if not self.takes(")"):
            raise self.error(f"a bracket is not closed in unit '{self.text}'")

    def number(self, token: _Token) -> Fraction:
        value = Fraction(token.text.replace("_", ""))
        if not value:
            raise UnitError(f"unit '{self.text}' contains a zero", "", token.column)
        return value

    def exponent(self) -> Fraction:
        if self.takes("("):
            exponent = self.signed_number()
            if self.takes("/"):
                exponent /= self.signed_number()
            self.close()
        else:
            exponent = self.signed_number()
        if exponent.denominator > FINEST_EXPONENT:
            raise self.error(f"the exponent {float(exponent):g} in unit '{self.text}' is too fine")
        return exponent

    def signed_number(self) -> Fraction:
        sign = -1 if self.takes("-") else 1
        if self.next.kind != "number":
            raise self.error(f"'**' in unit '{self.text}' must be followed by a number", "m**2")
        return sign * self.number(self.take())


def _missing(token: _Token, text: str) -> str:
    if token.kind == "end":
        return f"unit '{text}' breaks off"
    return f"unit '{text}' has no name or number before '{token.text}'"


def _raised(found: tuple[Factor, ...], exponent: Fraction) -> tuple[Factor, ...]:
    raised = tuple(Factor(f.base, f.exponent * exponent, f.column) for f in found)
    for factor in raised:
        if abs(factor.exponent) > LARGEST_EXPONENT:
            message = f"an exponent beyond {LARGEST_EXPONENT}"
            raise UnitError(message, "", factor.column)
    return raised


def _tokens(text: str) -> list[_Token]:
    found = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            message = f"{text[place]!a} is not used in units"
            raise UnitError(message, _ADVICE.get(text[place], ""), place + 1)
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup or "", match.group(), place + 1))
        place = match.end()
    return [*found, _Token("end", "", len(text) + 1)]

"""What short forms of values refuse, with what to write instead."""

from __future__ import annotations

import re
from typing import NoReturn

from wattif.language.formula_tokens import NUMBER

LONGEST = 200  # characters


class ValueFormError(ValueError):
    """A short form that cannot be read; columns as in ``FormulaError``."""

    def __init__(self, message: str, column: int = 1, hint: str = "", end_column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.end_column = end_column or column + 1
        self.hint = hint


def refuse(message: str, start: int, hint: str = "", width: int = 1) -> NoReturn:
    """Raise a ValueFormError about ``width`` characters from index ``start``."""
    raise ValueFormError(message, start + 1, hint, start + 1 + max(width, 1))


_FIGURE = 'a value is a number with a unit ("700 W") or a range ("5 to 10 GWh")'
_RANGE = "write a range as 5 to 10"
_CURRENCIES = {
    "$": "USD",
    "\N{EURO SIGN}": "EUR",
    "\N{POUND SIGN}": "GBP",
    "\N{YEN SIGN}": "JPY or CNY",
}
_RANGE_OF_NUMBERS = re.compile(r"[0-9][0-9_.]*(?:k|M|bn|tn)?( to [0-9][0-9_.]*(?:k|M|bn|tn)?)?")
_CHARACTERS = {
    "\N{EN DASH}": _RANGE + "; a negative number with -",
    "\N{EM DASH}": _RANGE,
    "\N{MINUS SIGN}": "write -",
    "\N{HORIZONTAL ELLIPSIS}": _RANGE,
    "\N{PLUS-MINUS SIGN}": 'write { dist = "normal", mean = 5, sd = 1 }',
    "\N{MULTIPLICATION SIGN}": "write 1.5e6",
    "\N{MIDDLE DOT}": "write * between units",
    "\N{ALMOST EQUAL TO}": "write ~ in a claim",
    "\N{LESS-THAN OR EQUAL TO}": "write <= in a claim",
    "\N{GREATER-THAN OR EQUAL TO}": "write >= in a claim",
    "\N{DEGREE SIGN}": "angles in rad, temperatures in K",
    "\N{MICRO SIGN}": "write u for micro: us",
    "\N{GREEK SMALL LETTER MU}": "write u for micro: us",
    "\N{SUPERSCRIPT TWO}": "write **2",
    "\N{SUPERSCRIPT THREE}": "write **3",
    "\N{NO-BREAK SPACE}": "write a plain space",
}


def check_characters(text: str) -> None:
    """Refuse texts that are empty, too long, or not plain ASCII."""
    if not text.strip():
        refuse("an empty value", 0, _FIGURE)
    if len(text) > LONGEST:
        refuse(f"a value of {len(text)} characters; at most {LONGEST} are read", LONGEST, _FIGURE)
    for start, character in enumerate(text):
        if character in _CURRENCIES:
            _refuse_currency(text, start)
        if not (" " <= character <= "~" or character == "\t"):
            hint = _CHARACTERS.get(character, "values are written in ASCII")
            refuse(f"the character {character!a} is not used in values", start, hint)


def _refuse_currency(text: str, start: int) -> NoReturn:
    """Refuse a currency sign: a dollar may be American, Canadian or Australian."""
    code = _CURRENCIES[text[start]]
    number = re.search(r"[0-9][0-9_.]*(?:(?:k|M|bn|tn)(?![A-Za-z]))?", text)
    plain = text.replace(text[start], "").strip()
    stated = plain if _RANGE_OF_NUMBERS.fullmatch(plain) else number[0] if number else "5"
    refuse(f"a currency sign, {text[start]!a}", start, f"write {stated} {code}")


def refuse_start(text: str, start: int) -> NoReturn:
    """Refuse the text where a number should start."""
    word, *_ = text.split() or [""]
    if not word:
        refuse("a number is missing", start, _RANGE)
    if word.lstrip("+-").lower() in ("nan", "inf", "infinity"):
        refuse(f"'{_short(word)}' is no number to compute with", start, _FIGURE, len(word))
    if word[0] in "<>~=":
        hint = "write the figure alone, or ~ 6 within 5 to 10; only a claim says > or ~ alone"
        refuse(f"'{word[0]}' before a value", start, hint)
    if word.lower() in ("between", "from"):
        refuse(f"'{word}' before a range", start, _RANGE, len(word))
    refuse(f"a number is expected, not '{_short(word)}'", start, _FIGURE, len(word))


_EXPONENT = "write 1e6 for 10 to the power of 6; calculations go into a formula"
_PLUS_MINUS = 'write { dist = "normal", mean = 5, sd = 1 }'
_RESTS = (
    (re.compile(r"\.+[ \t]*[0-9]"), "a range written with points", _RANGE),
    (re.compile(r","), "a comma in a number", "write 1_000 for thousands and 1.5 for a decimal"),
    (re.compile(r"[ \t]*\+/?-"), "a value with '+-'", _PLUS_MINUS),
    (re.compile(r"[ \t]*[*^/x]+[ \t]*[0-9]"), "a calculation", _EXPONENT),
    (re.compile(r"[ \t]+[0-9.]"), "two numbers without 'to'", "write 1_000, or 5 to 10"),
    (re.compile(r"[ \t]*to(?=[ \t0-9.]|$)"), "'to' without spaces around it", _RANGE),
    (re.compile(r"[ \t]+(TO|To|and|or|until)[ \t]"), "'{}' between two numbers", _RANGE),
    (re.compile(r"[ \t]+[eE][+-]?[0-9]"), "a space in a number", "write 5e6"),
)
_HYPHENED = re.compile(
    r"(?P<unit>[ \t]*%|[ \t]*[A-Za-z][A-Za-z/]*(?=[ \t]))?[ \t]*(?P<sign>-|\.\.+)[ \t]*"
    rf"(?P<high>{NUMBER.pattern}(?:(?:[kM]|bn|tn)(?![A-Za-z]))?)(?P<rest>.*)"
)
_GLUED = re.compile(r"([A-Za-z_]+)(.*)")
_ALONE = re.compile(r"[ \t]+([kM])[ \t]*$")
_BETWEEN = re.compile(r"[ \t]+([kKMGBT])[ \t]+([A-Za-z]\S*)")

# What touches a number and may have been meant as a suffix: the suffix, and the unit it could be.
_MEANT = {
    "K": ("k", "K", "kelvins"),
    "m": ("M", "m", "metres"),
    "G": ("bn", "", ""),
    "B": ("bn", "B", "bytes"),
    "b": ("bn", "bit", "bits"),
    "T": ("tn", "T", "teslas"),
    "t": ("tn", "t", "tonnes"),
    "mn": ("M", "", ""),
    "mln": ("M", "", ""),
    "MM": ("M", "", ""),
    "Mio": ("M", "", ""),
    "Bn": ("bn", "", ""),
    "bln": ("bn", "", ""),
    "Mrd": ("bn", "", ""),
    "Tn": ("tn", "", ""),
}
_SUFFIX_WORDS = {"k": "thousands", "M": "millions", "bn": "billions", "tn": "trillions"}


def check_rest(rest: str, number: re.Match[str]) -> None:
    """Refuse what follows a number unless it can be a unit."""
    start = number.end()
    for pattern, message, hint in _RESTS:
        if found := pattern.match(rest):
            refuse(message.format(*found.groups()), start, hint, found.end())
    if glued := _GLUED.match(rest):
        _refuse_glued(number.group(), glued, start)
    if alone := _ALONE.match(rest):
        message = f"a space before the suffix {alone[1]}"
        refuse(message, start, f"write {number.group()}{alone[1]}", alone.end(1))
    if between := _BETWEEN.match(rest):
        suffix = _MEANT.get(between[1], (between[1],))[0]
        hint = f"write {number.group()}{suffix} {_short(between[2])}"
        refuse(f"'{between[1]}' between a number and its unit", start + between.start(1), hint)


def check_hyphen(rest: str, low: str, start: int) -> None:
    """Refuse "10% - 20%" with the right form, the unit last."""
    found = _HYPHENED.match(rest)
    if found is None:
        return
    unit = found["rest"].strip() or (found["unit"] or "").strip()
    stated = f"write {low} to {found['high']} {unit}".rstrip()
    refuse(f"a range written with '{found['sign'][:2]}'", start, _short(stated), found.end("high"))


def _refuse_glued(number: str, glued: re.Match[str], start: int) -> NoReturn:
    """Refuse what touches its number: a unit, or a suffix that could as well be one."""
    word, rest = glued[1], _short(glued[2].rstrip())
    if word not in _MEANT:
        message = f"'{_short(glued[0])}' touches its number"
        refuse(message, start, f"write {number} {_short(glued[0])}", 1)
    suffix, unit, units = _MEANT[word]
    hint = f"write {number}{suffix}{rest} for {_SUFFIX_WORDS[suffix]}"
    if unit and not rest.startswith(" "):
        hint += f", {number} {unit}{rest} for {units}"
    refuse(f"the suffix {word} is not used", start, hint, len(word))


def refuse_within(within: re.Match[str]) -> NoReturn:
    """Refuse "6 within 5 to 10", which lacks its sign."""
    message = "'within' without a most likely value marked by ~"
    refuse(message, within.start(1), "write ~ 6 within 5 to 10", len(within[1]))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."

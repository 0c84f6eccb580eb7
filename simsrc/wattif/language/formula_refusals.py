"""What formulas refuse, with what to write instead."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NoReturn

from wattif.language.formula_tokens import Token, refuse
from wattif.language.functions import CALLABLE, LONGEST_NAME, RESERVED, is_valid_name

SPLIT = "split it into several quantities"
ATTRIBUTE = "write system.quantity"


def _short(token: Token) -> str:
    return token.text if len(token.text) <= 40 else token.text[:37] + "..."


_WHERE = "write where(condition, a, b)"
_WORD_ADVICE = {
    "if": _WHERE,
    "else": _WHERE,
    "and": "multiply the conditions: (a > 0) * (b > 0)",
    "or": "write max(a > 0, b > 0)",
    "not": "write 1 - (a > 0)",
    "True": "write 1",
    "true": "write 1",
    "False": "write 0",
    "false": "write 0",
    "e": "write exp(1), or exp(x) for a power of e",
}
_FUNCTION_ADVICE = {
    "ln": "write log(x)",
    "log2": "write log(x) / log(2)",
    "pow": "write a ** b",
    "ifelse": _WHERE,
    "iif": _WHERE,
    "minimum": "write min",
    "maximum": "write max",
    "sum": "write a + b",
    "mean": "write (a + b) / 2; the mean over draws is in every result",
    "round": "write floor(x + 0.5)",
    "ceil": "write -floor(-x)",
    "int": "write floor(x)",
}


def check_name(token: Token, system: Token | None) -> None:
    """Refuse names that no quantity can have."""
    for part in (token, system):
        if part and not is_valid_name(part.text):
            hint = f"names have at most {LONGEST_NAME} characters, and do not start with '__'"
            refuse(f"'{_short(part)}' cannot be a name", part, hint)
    if token.text in RESERVED:
        hint = f"write {token.text}(...)" if token.text in CALLABLE else ""
        hint = _WORD_ADVICE.get(token.text, hint)
        refuse(f"'{token.text}' is {RESERVED[token.text]}, not a quantity", token, hint)


def refuse_function(token: Token) -> NoReturn:
    """Refuse a call of something that is no function."""
    name = _short(token)
    if token.text in _WORD_ADVICE:
        refuse(f"'{name}' is not used in formulas", token, _WORD_ADVICE[token.text])
    close = get_close_matches(name, CALLABLE, n=1, cutoff=0.6)
    hint = f"did you mean {close[0]}?" if close else f"write {name} * (...) for a product"
    hint = _FUNCTION_ADVICE.get(token.text, hint)
    refuse(f"'{name}' is not a function; known: {', '.join(CALLABLE)}", token, hint)


def check_arity(token: Token, count: int) -> None:
    """Refuse too few or too many arguments."""
    function = CALLABLE[token.text]
    if count < function.least or (function.most is not None and count > function.most):
        wanted = f"{function.least}{' or more' if function.most is None else ''}"
        noun = "argument" if wanted == "1" else "arguments"
        refuse(f"{token.text} takes {wanted} {noun}, and {count} are given", token)


def refuse_operand(found: list[Token], place: int) -> NoReturn:
    """Refuse the token at a place where a value should stand."""
    token = found[place]
    before = f" after '{_short(found[place - 1])}'" if place else ""
    if token.kind == "end":
        refuse(f"the formula breaks off{before}", token)
    refuse(f"a number, a name or a bracket is missing{before}, before '{token.text}'", token)


def refuse_continuation(token: Token) -> NoReturn:
    """Refuse the token that follows a complete expression."""
    if token.text == ",":
        refuse("a comma outside a function's brackets", token, "write 1.5 with a point")
    if token.text == ")":
        refuse("this bracket closes nothing", token)
    if token.text == ".":
        refuse("a point after something that is no system", token, ATTRIBUTE)
    hint = _WORD_ADVICE.get(token.text, "write * for a product")
    refuse(f"an operator is missing before '{_short(token)}'", token, hint)

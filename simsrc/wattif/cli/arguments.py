"""Arguments that several commands take, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter, Token

_LARGEST = 2**64 - 1
_LARGE = 0.05  # a share that was probably meant as a percentage


def whole_number(_type: Any, tokens: Sequence[Token]) -> int:
    """Return the whole number that a word says: 1000000, 1_000_000, 1e6."""
    word = tokens[0].value
    try:
        number = Decimal(word.replace("_", ""))
        whole = number.is_finite() and number.adjusted() < 20 and number == int(number)
    except InvalidOperation:
        whole = False
    if not whole or not 0 <= number <= _LARGEST:
        raise ValueError(
            f"'{word}' is not a whole number from 0 to 2^64 - 1, such as 1e6 or 1_000_000"
        )
    return int(number)


def share(_type: Any, tokens: Sequence[Token]) -> float:
    """Return the fraction that a word says: 0.1%, 0.001."""
    word = tokens[0].value
    try:
        fraction = float(word.removesuffix("%")) / (100.0 if word.endswith("%") else 1.0)
    except ValueError:
        fraction = 0.0
    if not 0.0 < fraction < 1.0:
        raise ValueError(f"'{word}' is not a share between 0 and 100 %, such as 0.1% or 0.001")
    if fraction >= _LARGE and not word.endswith("%"):
        raise ValueError(
            f"'{word}' would be {100 * fraction:g} %; write {100 * fraction:g}% or {word}%"
        )
    return fraction


Share = Annotated[float | None, Parameter(converter=share)]
Whole = Annotated[int | None, Parameter(converter=whole_number)]
Sampling = Literal["sobol", "latin-hypercube", "random"]
Flag = bool
Out = Annotated[Path | None, Parameter(name=["--out", "-o"])]
Quiet = Annotated[bool, Parameter(name=["--quiet", "-q"])]

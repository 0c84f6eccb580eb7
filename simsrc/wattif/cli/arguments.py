"""Arguments that several commands take, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter, Token

_LARGEST = 2**64 - 1


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


Whole = Annotated[int | None, Parameter(converter=whole_number)]
Sampling = Literal["sobol", "latin-hypercube", "random"]
Flag = bool
Out = Annotated[Path | None, Parameter(name=["--out", "-o"])]
Quiet = Annotated[bool, Parameter(name=["--quiet", "-q"])]

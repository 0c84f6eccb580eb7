"""What wattif sets itself, beside what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Aim:
    """A number that ought to be at least, or at most, so large. ``unit`` follows it: " MB"."""

    what: str
    relation: Literal["at least", "at most"]
    bound: float
    found: float
    unit: str = ""

    @property
    def reached(self) -> bool:
        """Whether it is."""
        if self.relation == "at least":
            return self.found >= self.bound
        return self.found <= self.bound


def format_number(value: float) -> str:
    """Return a number with three significant digits, grouped: "1,230", "12.3", "0.0123"."""
    return f"{float(f'{value:.3g}'):,.10g}"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], columns: str) -> str:
    """Return a table; ``columns`` has a letter for each: "l" or "r"."""
    rules = ["---" if letter == "l" else "--:" for letter in columns]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rules, *rows))


def aims_table(aims: Sequence[Aim]) -> str:
    """Return the table of all aims."""
    rows = [
        (
            aim.what,
            f"{aim.relation} {format_number(aim.bound)}{aim.unit}",
            f"**{format_number(aim.found)}{aim.unit}**",
            "yes" if aim.reached else "no",
        )
        for aim in aims
    ]
    return markdown(("", "aim", "measured", "reached"), rows, "lrrl")

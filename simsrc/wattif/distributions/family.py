"""What the study language knows of a family: its name, its forms, an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wattif.distributions.base import Distribution


@dataclass(frozen=True)
class Form:
    """One set of parameters that fixes a distribution of a family.

    ``build`` is called with the values of ``required``, then of ``optional``, in their order here;
    they are finite floats, or tuples of them for the names in ``lists``. If the form takes
    ``percentiles``, that many (``or_more``) :class:`~wattif.distributions.percentiles.Percentile`
    in increasing order come first in one tuple, then the bounds of truncation (low, high), infinite
    where open. If it ``finds_shift``, it takes no ``shift`` in a family whose other forms do.
    """

    required: tuple[str, ...]
    build: Callable[..., Distribution]
    optional: Mapping[str, float] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    percentiles: int = 0
    or_more: bool = False
    finds_shift: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every parameter it takes, percentiles aside."""
        return (*self.required, *self.optional)

    def takes(self, percentiles: int) -> bool:
        """Return whether so many percentiles make a distribution of this form."""
        return percentiles == self.percentiles or (self.or_more and percentiles > self.percentiles)


@dataclass(frozen=True)
class Family:
    """A family of distributions, as the study language offers it.

    ``name`` is its TOML name, ``summary`` one line of what it is for, ``example`` one TOML value.
    ``advice`` answers parameters of other programs that have no equal here, by name.
    """

    name: str
    summary: str
    forms: tuple[Form, ...]
    example: str
    advice: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every parameter of any of its forms, percentiles aside, each once."""
        return tuple(dict.fromkeys(name for form in self.forms for name in form.names))

    @property
    def percentiles(self) -> tuple[int, ...]:
        """How many percentiles fix a distribution, in increasing order; empty if it takes none."""
        return tuple(sorted({form.percentiles for form in self.forms if form.percentiles}))

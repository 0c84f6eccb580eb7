"""How a picture looks and which language it speaks: the same choices for every kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from wattif.wording import Language, Wording

Style = Literal["light", "dark", "paper"]
STYLES: tuple[Style, ...] = get_args(Style)

Dashes = str | tuple[float, tuple[float, ...]]
_DASHES: tuple[Dashes, ...] = (
    "-",
    (0, (4, 1.5)),
    (0, (1, 1.2)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (9, 2)),
    (0, (3, 1.2, 1, 1.2, 1, 1.2)),
    (0, (1, 3)),
)


@dataclass(frozen=True)
class Palette:
    """The colours of a style, as matplotlib takes them.

    ``accent`` is for what matters, ``neutral`` for what it is compared with, ``series`` for systems
    in an order safe for colour-blind readers; position, shape or a label beside the line
    always carries the meaning too.
    """

    ground: str
    ink: str
    muted: str
    grid: str
    band: str
    accent: str
    accent_light: str
    neutral: str
    series: tuple[str, ...]


# Okabe and Ito's palette (2008); its yellow is left out, which vanishes on white.
_SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

PALETTES: dict[Style, Palette] = {
    "light": Palette(
        ground="#FFFFFF",
        ink="#1B2733",
        muted="#5F6B77",  # contrast 5.4:1 on white
        grid="#DFE4E8",
        band="#F4F6F8",
        accent="#0072B2",
        accent_light="#7DB8DB",
        neutral="#B4BDC5",
        series=_SERIES,
    ),
    "dark": Palette(
        ground="#14191F",
        ink="#E8EDF2",
        muted="#9BA8B4",  # contrast 7.3:1 on the ground
        grid="#2D3741",
        band="#1A2129",
        accent="#56B4E9",
        accent_light="#2F6F98",
        neutral="#56636F",
        series=("#56B4E9", "#E69F00", "#2FC39A", "#E08FBB", "#F0E442", "#7FA6FF", "#FFFFFF"),
    ),
    "paper": Palette(  # prints well without colour: darkness alone tells the parts apart
        ground="#FFFFFF",
        ink="#000000",
        muted="#4D4D4D",
        grid="#E3E3E3",
        band="#FFFFFF",
        accent="#1A1A1A",
        accent_light="#9A9A9A",
        neutral="#C8C8C8",
        series=("#000000", "#7A7A7A", "#B4B4B4"),  # more greys could not be told apart
    ),
}


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn: its colour and its dashes, as matplotlib takes them."""

    colour: str
    dashes: Dashes


@dataclass(frozen=True)
class Look:
    """Style and language of a picture, and its size in inches where it is not left to the kind."""

    style: Style = "light"
    language: Language = "en"
    size: tuple[float, float] | None = None

    @property
    def palette(self) -> Palette:
        """Colours of the style."""
        return PALETTES[self.style]

    def stroke(self, number: int) -> Stroke:
        """Return how the line of series ``number`` (0, 1, ...) is drawn: colours, then dashes."""
        colours, dashes = self.palette.series, _DASHES
        # Greys are hard to tell apart, so dashes change with each; colours come round first.
        step = number if len(colours) < len(dashes) else number // len(colours)
        return Stroke(colours[number % len(colours)], dashes[step % len(dashes)])

    @property
    def say(self) -> Wording:
        """Messages of the language."""
        return Wording(self.language)

"""The page has the colours of the pictures, and they can be read."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from wattif.plots.look import PALETTES

CSS = (resources.files("wattif.report") / "assets" / "report.css").read_text("utf-8")
NAMES = ("ground", "ink", "muted", "grid", "band", "accent", "accent-light")


def _colours(style: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[("light", "dark").index(style)]))
    assert len(blocks) == 2
    return found


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("style", ["light", "dark"])
def test_colours_are_those_of_the_pictures(style):
    palette = PALETTES[style]
    expected = {name: getattr(palette, name.replace("-", "_")) for name in NAMES}
    assert _colours(style) == expected | {"claim": palette.series[1]}


@pytest.mark.parametrize("style", ["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "band"])
def test_text_and_marks_stand_out(style, ground):
    colours = _colours(style)
    for text in ("ink", "muted", "accent"):  # WCAG 2.2, 1.4.3: 4.5:1 for text
        assert _contrast(colours[text], colours[ground]) >= 4.5
    assert _contrast(colours["claim"], colours[ground]) >= 3  # 1.4.11: 3:1 for what is drawn

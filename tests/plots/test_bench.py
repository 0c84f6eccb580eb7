"""The picture of times shows every time, true to scale, with its number."""

from __future__ import annotations

import pytest

from wattif.plots.bench import Bar, bench

BARS = [
    Bar("wattif, sobol, 1 thread", 7.2e-8, "wattif"),
    Bar("wattif, sobol, 16 threads", 6e-9, "wattif"),
    Bar("numpy", 5.5e-7, "peer"),
    Bar("a tool with quite a long name, as some of them have", 2.8e-6, "peer"),
]


@pytest.fixture(scope="module")
def picture():
    return bench(BARS, "One training run", "Five rounds.")


def panel(picture):
    return next(axes for axes in picture.axes if axes.patches)


def test_bars_start_at_zero_and_are_as_long_as_the_times(picture):
    bars = panel(picture).patches
    assert [bar.get_x() for bar in bars] == [0.0] * len(BARS)
    assert [bar.get_width() for bar in bars] == [bar.seconds for bar in BARS]


def test_every_bar_has_its_number_and_name(picture):
    axes = panel(picture)
    numbers = [text.get_text() for text in axes.texts if text.get_gid() == "value"]
    assert numbers == ["72 ns", "6.0 ns", "550 ns", "2.8 µs"]
    labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert labels == [bar.label for bar in BARS]


def test_colours_tell_whose_they_are(picture):
    colours = [bar.get_facecolor() for bar in panel(picture).patches]
    assert colours[0] == colours[1] != colours[2] == colours[3]


def test_numbers_stay_inside_the_panel(picture):
    picture.canvas.draw()
    axes = panel(picture)
    edge = axes.get_window_extent().x1
    assert all(text.get_window_extent().x1 <= edge for text in axes.texts)

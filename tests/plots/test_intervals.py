"""The picture of intervals shows the result's numbers, all of them, and no text over another."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from xarray import DataTree

from wattif.errors import ResultError
from wattif.format import format_value
from wattif.plots import intervals, save_figure
from wattif.plots.small_print import round_up
from wattif.plots.style import text_width, wrap
from wattif.plots.ticks import choose_kind, choose_limits

Build = Callable[..., DataTree]
LONG = "Experimental reasoning preview of the very large sparse mixture model, number"


def many_rows(build: Build) -> DataTree:
    """Twenty systems with long labels; a quantity over six decades, and a share."""
    generator = np.random.default_rng(7)
    middle = 10.0 ** np.linspace(-3, 3, 20)
    beliefs = {
        "energy": tuple((m * generator.uniform(0.2, 0.8), m * 3) for m in middle),
        "share": tuple((generator.uniform(0.1, 0.4), generator.uniform(0.5, 0.9)) for _ in middle),
    }
    systems = {f"s{i}": f"{LONG} {i}" for i in range(20)}
    labels = {"energy": ("Energy of a reply of a thousand tokens", "Wh"), "share": ("Share", "1")}
    return build(beliefs, systems, labels)


@pytest.fixture(scope="module")
def picture(tree: DataTree) -> Figure:
    return intervals(tree)


def figures(picture: Figure, tree: DataTree, build: Build) -> dict[str, Figure]:
    one = build({"x": ((2.0, 9.0),)}, {"a": "A"}, {"x": ("X", "1")})
    wild = {"x": ("never disclosed, for reasons of competition", (-3.0, 1e3), (5e-9, 6e-9), 0.0)}
    return {
        "seven by seven": picture,
        "one system": intervals(tree, systems=["gpt-4"]),
        "one quantity": intervals(tree, ["training_energy"]),
        "a constant": intervals(tree, ["accelerator_hours"], ["llama3-405b"]),
        "only absent": intervals(tree, ["hardware_cost"], ["gemini-1_5-pro"]),
        "twenty systems": intervals(many_rows(build)),
        "smallest": intervals(one, title="A title that is far too long for so small a page " * 3),
        "wild": intervals(build(wild, {k: k for k in "abcd"}, {"x": ("Profit", "USD/query")})),
    }


def texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Return every visible text with its extent in inches."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    found = figure.findobj(lambda a: isinstance(a, Text) and a.get_visible() and a.get_text())
    shown = [t for t in found if isinstance(t, Text)]
    boxes = ((t, Text.get_window_extent(t, renderer)) for t in shown)
    return [(t, Bbox(box.get_points() / figure.dpi)) for t, box in boxes]


def test_no_text_leaves_the_page_or_covers_another(
    picture: Figure, tree: DataTree, build: Build
) -> None:
    for name, figure in figures(picture, tree, build).items():
        width, height = figure.get_size_inches()
        found = texts(figure)
        assert found
        for text, box in found:
            inside = box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
            assert inside, (name, text.get_text(), box)
        for (a, first), (b, second) in combinations(found, 2):
            assert not first.overlaps(second), (name, a.get_text(), b.get_text())


def artist(axes: Any, gid: str) -> Any:
    return next(a for a in axes.get_children() if a.get_gid() == gid)


def test_the_drawn_bars_and_dots_are_the_numbers_of_the_result(
    tree: DataTree, picture: Figure
) -> None:
    panels = {axes.get_gid(): axes for axes in picture.axes}
    assert set(tree["summary"].data_vars) <= set(panels)
    for name, variable in tree["summary"].data_vars.items():
        rows = variable.dropna("system").to_series().unstack("statistic")
        rows = rows.reindex([s for s in variable["system"].values if s in rows.index])
        for gid, ends in (("interval", ["eti_low", "eti_high"]), ("half", ["p25", "p75"])):
            segments = np.array(artist(panels[name], gid).get_segments())
            np.testing.assert_array_equal(segments[:, :, 0], rows[ends])
        medians = rows["p50"][rows["min"] < rows["max"]]
        np.testing.assert_array_equal(artist(panels[name], "median").get_xdata(), medians)


def test_rows_are_in_the_order_of_the_systems_in_every_panel(
    tree: DataTree, picture: Figure
) -> None:
    panels = [axes for axes in picture.axes if axes.get_gid()]
    places = {tuple(artist(axes, "half").get_segments()[-1][0]) for axes in panels}
    labels = [[t.get_text() for t in axes.get_yticklabels()] for axes in panels]
    assert {round(place[1], 9) for place in places} == {6.14}  # the last of seven rows
    assert labels[0] == list(tree["summary"]["system_label"].values)
    assert labels[1] == []
    bottom, top = panels[0].get_ylim()
    assert bottom > top


def test_values_are_written_in_the_digits_that_their_errors_support(build: Build) -> None:
    systems, labels = {"a": "A", "b": "B"}, {"x": ("X", "GWh")}
    rough = build({"x": ((20.0, 80.0), (0.2, 0.9))}, systems, labels, relative_error=0.4)
    shown = [t.get_text() for t, _ in texts(intervals(rough)) if t.get_gid() == "value"]
    assert shown == [format_value(40.0, "GWh", 16.0), format_value(np.sqrt(0.18), "GWh", 0.17)]
    assert shown[0] == "~40 GWh"


def test_an_absent_cell_says_why(picture: Figure) -> None:
    found = [t.get_text() for t, _ in texts(picture) if t.get_gid() == "absent"]
    assert [" ".join(text.split()) for text in found] == [
        "not given: internal cost: the maker builds its own TPUs"
    ]


def test_the_axis_is_logarithmic_where_the_numbers_ask_for_it(
    tree: DataTree, picture: Figure
) -> None:
    scales = {axes.get_gid(): axes.get_xscale() for axes in picture.axes}
    assert scales["training_energy"] == "log"
    assert intervals(tree, ["training_energy"], ["gpt-4"]).axes[-1].get_xscale() == "linear"
    assert choose_kind(-1.0, 1e6) == "linear"
    assert choose_limits(1.0, 10.0, "linear")[0] == 0.0
    assert choose_limits(5.0, 5.0, "linear") == (2.5, 7.5)
    assert choose_limits(0.0, 0.0, "linear") == (-1.0, 1.0)


def test_ticks_are_humanised_and_at_least_two(picture: Figure) -> None:
    for axes in picture.axes:
        labels = [t.get_text() for t in axes.get_xticklabels()]
        if axes.get_gid():
            assert len(labels) >= 2
            assert not [label for label in labels if "e" in label or "10^" in label]
        if axes.get_gid() == "training_energy":
            assert {"1 GWh", "10 GWh"} <= set(labels)


def test_infinite_ends_are_arrows_at_the_edge(build: Build) -> None:
    tree = build({"x": ((1.0, 9.0), (2.0, 3.0))}, {"a": "A", "b": "B"}, {"x": ("X", "Wh")})
    tree["summary"]["x"].loc[{"system": "a", "statistic": ["eti_high", "p75", "p50"]}] = math.inf
    axes = next(axes for axes in intervals(tree).axes if axes.get_gid() == "x")
    assert artist(axes, "infinite").get_xdata() == [axes.get_xlim()[1]]
    assert artist(axes, "interval").get_segments()[0][1][0] == axes.get_xlim()[1]


def test_the_small_print_says_how_certain_the_medians_are(picture: Figure) -> None:
    words = picture.texts[-1].get_text().replace("\n", " ")
    assert words == (
        "1,048,576 scrambled Sobol draws in 16 replicates, seed 412. "
        "Monte Carlo error of the medians below 0.05 %. wattif\N{NO-BREAK SPACE}0.1.0"
    )
    assert [round_up(x) for x in (0.0004, 0.0005, 0.12, 0.99)] == [0.0005, 0.001, 0.2, 1.0]


def test_draws_that_were_lost_are_counted_in_the_small_print(build: Build) -> None:
    tree = build({"x": ((1.0, 9.0),)}, {"a": "A"}, {"x": ("Gain", "Wh")})
    tree["counts"]["x"].values[0] = [90, 7, 2, 1]
    assert "10 draws of Gain were not finite." in intervals(tree).texts[-1].get_text()


@pytest.mark.parametrize(
    ("quantities", "systems", "words"),
    [
        (["training_enrgy"], [], "no quantity 'training_enrgy'; did you mean 'training_energy'?"),
        ([], ["gpt4"], "no system 'gpt4'; did you mean 'gpt-4'?"),
        (["zzz"], [], "it has: hardware_cost,"),
    ],
)
def test_unknown_names_are_refused(
    tree: DataTree, quantities: list[str], systems: list[str], words: str
) -> None:
    with pytest.raises(ResultError) as caught:
        intervals(tree, quantities, systems)
    assert words in str(caught.value)


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_picture_is_the_same_bytes_each_time(tree: DataTree, tmp_path: Path, ending: str) -> None:
    paths = [tmp_path / f"{name}{ending}" for name in "ab"]
    for path in paths:
        save_figure(intervals(tree, ["query_cost"]), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert sorted(tmp_path.iterdir()) == paths  # and nothing else is left behind


def test_a_dollar_is_not_mathematics(build: Build, tmp_path: Path) -> None:
    tree = build({"x": ((1e6, 9e6),)}, {"a": "A"}, {"x": ("From $1 to $2", "USD")})
    assert save_figure(intervals(tree), tmp_path / "money.svg").stat().st_size > 0


def test_pictures_go_only_where_they_can(tree: DataTree, tmp_path: Path) -> None:
    figure = intervals(tree, ["query_cost"])
    with pytest.raises(ResultError, match=r"ends in one of \.png, \.svg, \.pdf"):
        save_figure(figure, tmp_path / "picture.gif")
    with pytest.raises(ResultError, match="cannot be written"):
        save_figure(figure, tmp_path / "nowhere" / "picture.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ResultError, match="is a folder"):
        save_figure(figure, tmp_path / "folder.png")


def test_text_is_broken_between_words_and_cut_short() -> None:
    room = text_width("Energy of training")
    assert wrap("Energy of training the model", room, lines=3) == "Energy of training\nthe model"
    cut = wrap("Energy of training the model and all the others", room)
    assert cut.startswith("Energy of training\n")
    assert cut.endswith("…")
    assert text_width(cut) <= room


def test_the_readers_own_settings_are_left_alone(tree: DataTree) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    intervals(tree, ["query_cost"])
    assert dict(mpl.rcParams) == before


def test_plotting_loads_neither_numba_nor_pyplot() -> None:
    code = (
        "import sys, wattif.plots, wattif.results.store, xarray;"
        "print([m for m in ('numba', 'matplotlib.pyplot', 'pint', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

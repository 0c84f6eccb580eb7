"""The pictures of analysis show its numbers: bars, brackets, bands and cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from xarray import DataTree

import wattif as wi
from wattif.analysis import (
    analyse_sensitivity,
    break_down,
    break_even,
    check_claims,
    compare_systems,
    find_swings,
    less_matrix,
    rank_correlations,
)
from wattif.api import load
from wattif.errors import ResultError
from wattif.plots import KINDS, Look
from wattif.plots.choice import choose_outputs
from wattif.plots.inputs import density
from wattif.plots.matrix import blend, text_on
from wattif.plots.scatter import trend
from wattif.wording import Language


@pytest.fixture(scope="module")
def books(cases: dict[str, DataTree]) -> DataTree:
    return cases["claims and sums"]


def draw(kind: str, tree: DataTree, *names: Any) -> Figure:
    return KINDS[kind].draw(tree, *names, look=Look())


def panel(figure: Figure, gid: str) -> Axes:
    return next(axes for axes in figure.axes if axes.get_gid() == gid)


def marked(axes: Axes, gid: str) -> list[Any]:
    return [artist for artist in axes.get_children() if artist.get_gid() == gid]


def ends(artist: Any) -> np.ndarray[Any, Any]:
    """Return where the lines of a collection begin and end, (lines, 2)."""
    return np.array([segment[:, 0] for segment in artist.get_segments()])


def words(axes: Axes, gid: str) -> list[str]:
    return [artist.get_text() for artist in marked(axes, gid)]


def test_bars_of_sensitivity_are_the_indices(books: DataTree) -> None:
    axes = panel(draw("sensitivity", books, ["power"], ["norte"]), "norte.power")
    found = analyse_sensitivity(books, "power", "norte")
    bars = [bar.get_width() for bar in marked(axes, "index")]
    shown = [effect.first_order.value for effect in found.effects]
    assert bars[: len(shown)] == pytest.approx(shown)
    whiskers = ends(marked(axes, "error")[0])[0]
    assert whiskers[1] - whiskers[0] == pytest.approx(4 * found.effects[0].first_order.error)
    assert axes.get_yticklabels()[0].get_text().startswith("Consumo")


def test_bars_of_a_tornado_reach_the_conditional_medians(books: DataTree) -> None:
    axes = panel(draw("tornado", books, ["power"], ["norte"]), "norte.power")
    widest = find_swings(books, "power", "norte").swings[0]
    bars = [marked(axes, gid)[0] for gid in ("low", "high")]
    tips = [bar.get_x() + bar.get_width() for bar in bars]
    assert tips == pytest.approx([widest.low.value, widest.high.value])
    assert words(axes, "input")[:2] == ["$0.080/kWh", "$0.20/kWh"]


def test_a_tornado_of_an_event_shows_its_probability(books: DataTree) -> None:
    axes = panel(draw("tornado", books, ["dear"], ["norte"]), "norte.dear")
    (line,) = marked(axes, "median")
    share = float(books["prior"]["dear"].sel(system="norte").mean())
    assert line.get_xdata()[0] == pytest.approx(share)


@pytest.mark.parametrize(("low", "least"), [(1.2, 0), (-8, -1)])
def test_a_tornado_names_no_negative_place_for_what_is_never_negative(
    low: float, least: float
) -> None:
    unit = "accelerator/query/day/person"  # a long one, for which the axis makes room
    uniform = {"dist": "uniform", "min": low, "max": 10}
    study = {"quantities": {"energy": {**uniform, "unit": unit}}, "run": {"outputs": ["energy"]}}
    axes = draw("tornado", load(study).run(draws=2**10)).axes[-1]
    assert axes.get_xlim()[0] < 0
    ticks = axes.get_xticks()
    assert len(ticks) == len(axes.get_xticklabels()) >= 2
    assert (min(ticks) < 0) == (least < 0)


def test_steps_of_a_total_end_at_its_median(books: DataTree) -> None:
    axes = panel(draw("breakdown", books, ["total"], ["norte"]), "norte")
    found = break_down(books, "total", "norte")
    steps = [bar.get_width() for bar in marked(axes, "part")]
    assert len(steps) == 3
    assert sum(steps) == pytest.approx(found.total.median.value)
    (whisker,) = marked(axes, "interval")
    assert ends(whisker)[0] == pytest.approx([found.total.low.value, found.total.high.value])


def test_totals_far_apart_are_shown_as_shares(simulated: Callable[..., DataTree]) -> None:
    axes = draw("breakdown", simulated(1.0, 1000.0)).axes[-1]
    assert axes.get_xlim() == (0, 1)
    assert words(axes, "share")[:2] == ["50 %", "50 %"]


@pytest.fixture(scope="module")
def simulated() -> Callable[..., DataTree]:
    """Return the function that runs systems of two equal parts, of these sizes."""
    import wattif as wi

    def run(*sizes: float) -> DataTree:
        doubled = {"formula": "1 * a", "unit": "USD"}
        systems = {
            f"s{n}": {"quantities": {"a": f"{size} to {2 * size} USD", "b": doubled}}
            for n, size in enumerate(sizes)
        }
        study = {
            "title": "T",
            "quantities": {"sum": {"formula": "a + b", "unit": "USD"}},
            "systems": systems,
            "run": {"draws": 4096, "outputs": ["sum", "b"]},
        }
        return wi.load(study).run()

    return run


def test_brackets_of_claims_are_their_bounds(books: DataTree) -> None:
    axes = panel(draw("claims", books), "total")
    brackets = [
        ends(artist)[0] for artist in marked(axes, "claim") if hasattr(artist, "get_segments")
    ]
    assert brackets[0] == pytest.approx([3000, axes.get_xlim()[1]])
    assert brackets[1] == pytest.approx([4000, 5000])
    above = check_claims(books)[0].within.value
    assert words(axes, "value")[0].startswith(f"consistent: true with {100 * above:.0f}"[:23])
    assert words(axes, "value")[2].endswith("of draws below")
    assert [label.get_text() for label in axes.get_yticklabels()][1] == "Sur\n4000 to 5000 USD"


def test_bands_of_a_break_even_cross_at_its_interval(books: DataTree) -> None:
    axes = panel(draw("breakeven", books, (), ["norte"]), "norte")
    found = break_even(books, "training_energy", "energy_per_query", "norte")
    (bar,) = marked(axes, "crossing")
    assert ends(bar)[0] == pytest.approx([found.crossing.low.value, found.crossing.high.value])
    (each,) = marked(axes, "each")
    uses, amounts = each.get_data()
    assert amounts / uses == pytest.approx([found.each.median.value] * 2)


def test_comparison_shows_ratio_and_matrix(books: DataTree) -> None:
    figure = draw("compare", books, ["total"], ["norte", "sur"])
    (bar,) = marked(panel(figure, "compare"), "interval")
    ratio = compare_systems(books, "total", "sur", "norte").ratio
    assert ends(bar)[0] == pytest.approx([ratio.low.value, ratio.high.value])
    shares = less_matrix(books, "total", ["norte", "sur"]).probability
    shown = words(panel(figure, "less"), "value")
    assert shown == [f"{100 * shares[0, 1]:.0f}", f"{100 * shares[1, 0]:.0f}"]


@pytest.mark.parametrize(
    ("language", "share"), [("en", "up to 33 % of the draws"), ("es", "el 33 % de las muestras")]
)
def test_comparison_tells_of_equal_draws(language: Language, share: str) -> None:
    uniform = {"dist": "uniform", "min": 0.0, "max": 3.0}
    systems = {
        name: {"quantities": {"cost": {"formula": f"min(x, {most})"}}}
        for name, most in (("a", 1), ("b", 2))
    }
    study = {"quantities": {"x": uniform}, "run": {"outputs": ["cost"]}, "systems": systems}
    tree = wi.load(study).run(draws=2**14)
    figure = KINDS["compare"].draw(tree, look=Look(language=language))
    small_print = " ".join(text.get_text() for text in figure.findobj(Text))
    assert share in " ".join(small_print.split())  # equal where x is below 1


def test_correlations_fill_the_lower_triangle(books: DataTree) -> None:
    axes = panel(draw("correlations", books, ["power"], ["norte"]), "norte")
    found = rank_correlations(books, "norte", ["power"])
    shown = words(axes, "value")
    assert len(shown) == 3
    assert shown[0] == f"{found.value[1, 0]:.2f}".removeprefix("0")


def test_scatter_shows_inputs_and_a_trend_along_them(books: DataTree) -> None:
    figure = draw("scatter", books, ["power"], ["norte"])
    axes = panel(figure, "norte.own_use")
    (line,) = marked(axes, "trend")
    assert np.all(np.diff(line.get_ydata()) > 0)
    x, y = trend(np.arange(100.0), 2 * np.arange(100.0))
    assert len(x) == 20
    np.testing.assert_allclose(y, 2 * x)


def test_assumptions_bear_range_grade_and_source(books: DataTree) -> None:
    axes = panel(draw("inputs", books, ["power"], ["norte"]), "inputs")
    cells = words(axes, "cell")
    assert "8.0 to 20 MWh" in cells
    assert "B" in cells
    assert any(cell.startswith("Informe anual") for cell in cells)
    assert not any("900" in cell for cell in cells)  # the fee is no part of the electricity


def test_density_of_few_values_is_their_shares() -> None:
    values, shares = density(np.array([1.0, 2.0, 2.0, 5.0]))
    assert values.tolist() == [1, 2, 5]
    assert shares.tolist() == [0.25, 0.5, 0.25]


def test_text_can_be_read_on_any_fill() -> None:
    for look in (Look("light"), Look("dark"), Look("paper")):
        for share in np.linspace(0, 1, 11):
            fill = blend(float(share), look.palette.accent, look)
            assert contrast(fill, text_on(fill, look)) > 3


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    from matplotlib.colors import to_rgb

    def luminance(colour: str) -> float:
        parts = np.array(to_rgb(colour))
        linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


REFUSALS: dict[str, tuple[tuple[Any, ...], str]] = {
    "breakeven": ((["total"],), "a break-even is of two quantities"),
    "breakdown": ((["power"],), "not a plain sum of quantities"),
    "compare": ((["total", "power"],), "in one quantity at a time"),
    "correlations": (((), ["norte", "sur"]), "of one system at a time"),
    "scatter": ((["total", "power"],), "of one output of one system"),
    "sensitivity": ((["totl"],), "did you mean 'total'"),
    "tornado": (((), ["nord"]), "no system 'nord'"),
    "claims": ((["power"],), "makes no claim about this"),
    "inputs": ((["totl"],), "did you mean 'total'"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_refusals_say_what_is_wrong(books: DataTree, kind: str) -> None:
    names, refusal = REFUSALS[kind]
    with pytest.raises(ResultError, match=refusal):
        draw(kind, books, *names)


def test_without_a_choice_the_first_system_is_shown(books: DataTree) -> None:
    assert {choice.answer.system for choice in choose_outputs(books)} == {"norte"}
    assert len(choose_outputs(books, ["total"])) == 3


def test_reasons_why_not_are_those_of_the_refusal(cases: dict[str, DataTree]) -> None:
    alone = cases["nothing but one quantity"]
    assert "plain sum" in KINDS["breakdown"].why_not(alone)
    assert "nothing to compare" in KINDS["compare"].why_not(alone)
    assert KINDS["tornado"].why_not(alone) == ""

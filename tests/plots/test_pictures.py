"""What the pictures of distributions draw are the result's own numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats
from xarray import DataTree

from wattif.errors import ResultError
from wattif.plots import (
    Look,
    cdf,
    convergence,
    density,
    efficiency,
    exceedance,
    fan,
    intervals,
    tail,
)
from wattif.plots.density import ridge
from wattif.plots.labels import place_labels

Cases = dict[str, DataTree]


def panel(figure: Figure, quantity: str) -> Axes:
    return next(axes for axes in figure.axes if axes.get_gid() == quantity)


def artists(axes: Axes, gid: str) -> list[Any]:
    return [artist for artist in axes.get_children() if artist.get_gid() == gid]


def said(axes: Axes, gid: str) -> list[str]:
    return [artist.get_text() for artist in artists(axes, gid)]


@pytest.mark.parametrize(
    ("draw", "of"), [(cdf, lambda p: p), (exceedance, lambda p: 1 - p), (tail, lambda p: 1 - p)]
)
def test_curves_pass_through_all_percentiles(draw: Any, of: Any, cases: Cases) -> None:
    tree = cases["few"]
    given = tree["percentiles"]["cost"].dropna("system", how="all")
    curves = artists(panel(draw(tree, ["cost"]), "cost"), "curve")
    assert len(curves) == given.sizes["system"] == 3
    for curve, row in zip(curves, given, strict=True):
        points = {tuple(point) for point in curve.get_xydata().tolist()}
        probabilities = of(row["percentile"].values / 100)
        assert points >= set(zip(row.values.tolist(), probabilities.tolist(), strict=True))
        assert np.all(np.diff(curve.get_xdata()) >= 0)
        assert len(set(np.sign(np.diff(curve.get_ydata()))) - {0}) == 1  # up or down, never both


def test_names_stand_beside_their_lines_or_all_in_the_key(cases: Cases) -> None:
    few = panel(exceedance(cases["few"], ["energy"]), "energy")
    assert sorted(said(few, "name")) == ["Cuatro", "Dos", "Uno"]
    twenty = exceedance(cases["twenty"], ["energy"])
    assert said(panel(twenty, "energy"), "name") == []
    key = next(axes for axes in twenty.axes if axes.get_label() == "key")
    assert len(key.texts) == 19  # and not the one that is absent


def test_lines_that_lie_on_each_other_share_their_names(cases: Cases) -> None:
    hours = panel(cdf(cases["few"], ["machine_hours"]), "machine_hours")
    assert "Uno\nDos\nCuatro" in said(hours, "name")


def test_a_name_keeps_off_every_line() -> None:
    falling = np.column_stack([np.linspace(0.5, 1.5, 40), np.linspace(2.0, 0.0, 40)])
    steep = falling + np.array([2.0, 0.0])
    places = place_labels([falling, steep], ["one", "two"], (5.0, 2.0))
    assert places is not None
    for (left, middle), line in zip(places, (falling, steep), strict=True):
        assert np.hypot(*(line - [left, middle]).T).min() < 0.6  # beside its own
    assert place_labels([falling], ["a name that is far longer than the panel"], (1.6, 2.0)) is None


def test_absent_systems_are_named_under_a_panel_of_curves(cases: Cases) -> None:
    figure = cdf(cases["few"], ["energy"])
    assert "not given: Tres" in [text.get_text() for text in figure.texts]


def test_what_happens_or_not_has_no_curve(cases: Cases) -> None:
    with pytest.raises(ResultError, match="its probability is drawn by 'intervals'"):
        cdf(cases["few"], ["dear"])


def test_an_event_is_drawn_as_its_probability_with_its_error(cases: Cases) -> None:
    tree = cases["few"]
    axes = panel(intervals(tree, ["dear"]), "dear")
    mean = tree["summary"]["dear"].sel(statistic="mean").values
    error = tree["summary_error"]["dear"].sel(statistic="mean").values
    (bars,), (whiskers,) = artists(axes, "probability"), artists(axes, "error")
    np.testing.assert_array_equal([s[1][0] for s in bars.get_segments()], mean)
    ends = np.array(whiskers.get_segments())[:, :, 0]
    np.testing.assert_allclose(ends, np.stack([mean - 2 * error, mean + 2 * error], axis=1))
    assert said(axes, "value")[0] == f"{100 * mean[0]:.0f} %"
    assert said(panel(density(tree, ["dear"]), "dear"), "instead")[0].startswith("probability: ")


def test_a_study_without_a_title_is_not_headed_by_its_file(cases: Cases) -> None:
    tree = cases["nothing but one quantity"]
    assert tree.attrs["title"] == tree.attrs["name"]
    drawn = [text.get_text() for text in intervals(tree).texts]
    assert tree.attrs["title"] not in drawn
    assert "Coste" in drawn
    assert "Mine" in [text.get_text() for text in intervals(tree, title="Mine").texts]


def test_ticks_say_what_they_leave_out(cases: Cases) -> None:
    figure = intervals(cases["few"], ["query_cost", "machine_hours"])
    assert {"per M queries", "hours"} <= {text.get_text() for text in figure.texts}


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_a_ridge_is_the_density_of_its_axis(kind: Any) -> None:
    shape = stats.lognorm(0.5)
    edges = shape.ppf(np.linspace(0.0005, 0.9995, 201))
    x, y = ridge(np.diff(shape.cdf(edges)), edges, 10**9, kind)
    expected = shape.pdf(x) * (x if kind == "log" else 1)
    inside = (shape.cdf(x) > 0.02) & (shape.cdf(x) < 0.98)
    np.testing.assert_allclose(y[inside], expected[inside], rtol=0.01)  # cells are 0.5 % each


def test_few_draws_are_joined_into_fewer_cells() -> None:
    mass, edges = np.full(200, 1 / 200), np.linspace(0.0, 1.0, 201)
    many, few = (len(ridge(mass, edges, draws, "linear")[0]) for draws in (10**6, 4096))
    assert many == 202
    assert 25 < few < 60


def test_values_with_a_probability_of_their_own_are_stems(cases: Cases) -> None:
    axes = panel(density(cases["wild"], ["count"]), "count")
    (stems,) = artists(axes, "atoms")
    places = [segment[0][0] for segment in stems.get_segments()]
    np.testing.assert_allclose(places, range(6), atol=0.03)  # cells are a 200th of 5 wide


def test_an_axis_of_long_numbers_is_thinned(cases: Cases) -> None:
    axes = panel(intervals(cases["wild"], look=Look(language="es")), "near")
    assert len(axes.get_xticklabels()) == 2


def test_a_panel_of_curves_without_any_says_why(cases: Cases) -> None:
    axes = panel(cdf(cases["wild"], ["never", "both"]), "never")
    assert said(axes, "absent") == ["no finite draws"]
    assert not axes.axison


def test_ridges_reach_as_high_as_each_other(cases: Cases) -> None:
    axes = panel(density(cases["few"], ["energy"]), "energy")
    tops = [line.get_ydata().min() % 1 for line in artists(axes, "ridge")]
    assert len(tops) == 3
    np.testing.assert_allclose(tops, tops[0])


def test_a_fan_is_the_summary_along_the_years(cases: Cases) -> None:
    tree = cases["years"]
    figure = fan(tree, ["cost"], ["s1"])
    axes = panel(figure, "cost")
    row = tree["summary"]["cost"].sel(system="s1")
    (median,) = artists(axes, "median")
    np.testing.assert_array_equal(median.get_ydata(), row.sel(statistic="p50"))
    outer = artists(axes, "band")[0].get_paths()[0].vertices[:, 1]
    assert outer.min() == row.sel(statistic="eti_low").min()
    assert outer.max() == row.sel(statistic="eti_high").max()
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == "2024"
    assert "2,024" not in labels


def test_a_fan_needs_one_number_to_run_over(cases: Cases) -> None:
    with pytest.raises(ResultError, match="does not run over one number"):
        fan(cases["few"])
    named = cases["years"].copy()
    summary = named["summary"].to_dataset()
    named["summary"] = summary.assign_coords(year=[f"plan {i}" for i in range(7)])
    with pytest.raises(ResultError, match="'year', which is not a number"):
        fan(named)
    with pytest.raises(ResultError, match="did you mean 'cost'"):
        fan(cases["years"], ["cots"])


def test_convergence_ends_at_the_final_estimate_and_its_error(cases: Cases) -> None:
    tree = cases["one"]
    axes = panel(convergence(tree, ["cost"]), "cost")
    (line,), (band,) = artists(axes, "running"), artists(axes, "band")
    draws, deviation = line.get_xdata(), line.get_ydata()
    assert draws[-1] == tree.attrs["draws"]
    assert deviation[-1] == 0
    last = band.get_paths()[0].vertices
    last = last[last[:, 0] == draws[-1]][:, 1]
    reach = stats.t(15).ppf(0.95) * 0.47 / 6  # six final standard errors are 0.47 of a row
    np.testing.assert_allclose([last.min(), last.max()], [-reach, reach])


def test_convergence_of_the_mean_of_replicates_by_hand(cases: Cases) -> None:
    tree = cases["one"]
    medians = tree["replicates"]["cost"].sel(system="s0", statistic="p50").values
    error = medians.std(ddof=1) / 4
    (line,) = artists(panel(convergence(tree, ["cost"]), "cost"), "running")
    expected = (medians[:5].mean() - medians.mean()) / error * 0.47 / 6
    assert line.get_ydata()[2] == pytest.approx(-expected)  # rows count downwards


def test_efficiency_shows_each_schemes_error_by_draws(schemes: list[DataTree]) -> None:
    axes = panel(efficiency(schemes, ["cost"]), "cost")
    for scheme in ("sobol", "random", "latin-hypercube"):
        (line,) = artists(axes, scheme)
        own = [tree for tree in schemes if tree.attrs["sampling"] == scheme]
        assert line.get_xdata().tolist() == [tree.attrs["draws"] for tree in own]
        place = {"system": "s0", "statistic": "p50"}
        relative = [
            float(t["summary_error"]["cost"].sel(place) / t["summary"]["cost"].sel(place))
            for t in own
        ]
        np.testing.assert_allclose(line.get_ydata(), relative)


def test_efficiency_compares_results_of_one_study(schemes: list[DataTree], cases: Cases) -> None:
    with pytest.raises(ResultError, match="give two or more of one study"):
        efficiency(schemes[:1])
    with pytest.raises(ResultError, match="not of 'Un servicio' and 'Cuatro servicios'"):
        efficiency([schemes[0], cases["few"]])
    with pytest.raises(ResultError, match="there is nothing to compare"):
        efficiency(schemes, ["machine_hours"])

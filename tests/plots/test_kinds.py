"""Every kind of picture, in every look, of results of every sort: nothing that one would not show.

A kind is covered by its entry in ``KINDS``; what it draws is tested in a module of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from xarray import DataTree

import wattif.plots
from wattif.errors import ResultError
from wattif.plots import KINDS, Kind, Look
from wattif.plots.look import STYLES
from wattif.wording import LANGUAGES, read_room, rooms

# Words and numbers decide the layout, colours do not: large results are drawn in two looks only.
EVERY_LOOK = [Look(style, language) for style in STYLES for language in LANGUAGES]
TWO_LOOKS = [Look("light", "en"), Look("paper", "es")]
LOOKS = {
    "few": EVERY_LOOK,
    "one": TWO_LOOKS,
    "twenty": TWO_LOOKS,
    "nothing but one quantity": TWO_LOOKS,
    "years": TWO_LOOKS,
    "wild": TWO_LOOKS,
    "claims and sums": EVERY_LOOK,
}
NUMBER_WORDS = {"bn", "tn", "per", "to", "hours", "hour", "queries", "query", "million", "billion"}

Cases = dict[str, DataTree]


def draw(kind: Kind, tree: DataTree, schemes: list[DataTree], look: Look) -> Figure:
    return kind.draw(schemes if kind.takes == "results" else tree, look=look)


def pictures(
    kind: Kind, case: str, cases: Cases, schemes: list[DataTree]
) -> Iterator[tuple[Look, Figure]]:
    """Draw a kind of a case in its looks; skip what the kind says that it cannot draw."""
    if kind.takes == "results" and case != "few":
        pytest.skip("drawn once of several results")
    if kind.takes == "result" and (why := kind.why_not(cases[case])):
        pytest.skip(why)
    for look in LOOKS[case]:
        yield look, draw(kind, cases[case], schemes, look)


def texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Return every visible text with its extent in inches."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    found = figure.findobj(lambda a: isinstance(a, Text) and a.get_visible() and a.get_text())
    shown = [t for t in found if isinstance(t, Text)]
    boxes = ((t, Text.get_window_extent(t, renderer)) for t in shown)
    return [(t, Bbox(box.get_points() / figure.dpi)) for t, box in boxes]


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-záéíóúñ]{2,}", text.lower()))


def said_by(language: str) -> set[str]:
    catalogue = (text for room in rooms("en") for text in read_room(language, room).values())
    return {word for text in catalogue for word in words(re.sub(r"\{.*?\}", " ", text))}


def in_the_study(tree: DataTree) -> set[str]:
    """Return the words that a study brings: title, labels, reasons, names, source."""
    return words(f"{tree.attrs.get('study', '')} {tree.attrs['resolved']}")


@pytest.mark.parametrize("case", LOOKS)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_picture_is_fit_to_be_shown(
    kind: Kind, case: str, cases: Cases, schemes: list[DataTree]
) -> None:
    for look, figure in pictures(kind, case, cases, schemes):
        found = texts(figure)
        check_no_text_leaves_the_page_or_covers_another(figure, found, look)
        check_no_frame_is_empty(figure)
        check_ticks_are_written_for_people(figure)
        if look.language == "es":
            study = in_the_study(schemes[0] if kind.takes == "results" else cases[case])
            check_nothing_is_said_in_english(found, study)


def check_no_text_leaves_the_page_or_covers_another(
    figure: Figure, found: list[tuple[Text, Bbox]], look: Look
) -> None:
    width, height = figure.get_size_inches()
    assert found
    for text, box in found:
        inside = box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
        assert inside, (look, text.get_text(), box)
    for (a, first), (b, second) in combinations(found, 2):
        assert not first.overlaps(second), (look, a.get_text(), b.get_text())


def check_no_frame_is_empty(figure: Figure) -> None:
    panels = [axes for axes in figure.axes if axes.get_gid()]
    assert panels
    for axes in panels:
        drawn = [artist for artist in axes.get_children() if artist.get_gid() and shows(artist)]
        assert drawn, axes.get_gid()


def shows(artist: Artist) -> bool:
    """Return whether an artist has anything to draw but NaN."""
    if isinstance(artist, Line2D):
        return bool(np.isfinite(np.asarray(artist.get_xydata())).all(axis=1).any())
    if isinstance(artist, Collection):
        return any(np.isfinite(path.vertices).any() for path in artist.get_paths())
    return True


def check_ticks_are_written_for_people(figure: Figure) -> None:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            assert axis.get_offset_text().get_text() == ""
            labels = [label.get_text() for label in axis.get_ticklabels()]
            assert not [text for text in labels if re.search(r"\d[eE][+-]?\d|10\^|−0$", text)]  # noqa: RUF001


def check_nothing_is_said_in_english(found: list[tuple[Text, Bbox]], study: set[str]) -> None:
    english = (said_by("en") | NUMBER_WORDS) - said_by("es") - study
    for text, _ in found:
        assert not words(text.get_text()) & english, text.get_text()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_can_be_drawn_of_some_result(kind: Kind, cases: Cases) -> None:
    assert not all(kind.why_not(tree) for tree in cases.values())


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_picture_takes_the_size_that_is_asked_for(
    kind: Kind, cases: Cases, schemes: list[DataTree]
) -> None:
    tree = next(tree for tree in cases.values() if not kind.why_not(tree))
    wide = draw(kind, tree, schemes, Look(size=(15.0, 12.5)))
    assert wide.get_size_inches() == pytest.approx((15.0, 12.5))
    check_no_text_leaves_the_page_or_covers_another(wide, texts(wide), Look())
    with pytest.raises(ResultError, match=r"2x1 inches is too small .* needs about \d"):
        draw(kind, tree, schemes, Look(size=(2.0, 1.0)))
    with pytest.raises(ResultError, match="sides lie between 0 and 100"):
        draw(kind, tree, schemes, Look(size=(400.0, 3.0)))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_is_public_and_has_its_words(kind: Kind) -> None:
    assert getattr(wattif.plots, kind.name) is kind.draw
    assert kind.name in wattif.plots.__all__
    assert kind.name in rooms("en")
    assert kind.summary[0].islower()
    assert not kind.summary.endswith(".")


def test_pictures_of_one_answer_a_system_refuse_what_runs_over_years(cases: Cases) -> None:
    assert KINDS["intervals"].why_not(cases["years"]) == (
        "the result runs over 'year'; draw a fan, or choose one with --scenario"
    )
    assert KINDS["fan"].why_not(cases["few"]) == (
        "the result does not run over one number, such as the year"
    )


def test_styles_differ_in_colour_and_not_in_words(cases: Cases) -> None:
    figures = [KINDS["intervals"].draw(cases["few"], look=Look(style)) for style in STYLES]
    grounds = {figure.get_facecolor() for figure in figures}
    said = {tuple(text.get_text() for text, _ in texts(figure)) for figure in figures}
    assert len(grounds) == 2  # paper is white, too
    assert len(said) == 1


def test_twenty_lines_can_be_told_apart_in_every_style() -> None:
    for style in STYLES:
        assert len({Look(style).stroke(number) for number in range(20)}) == 20

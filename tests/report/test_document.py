"""A report is one whole page that says what the result says, in the reader's language."""

# ruff: noqa: RUF001 - dashes are what people read

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest

from wattif.errors import ResultError
from wattif.report import Contents, build_report
from wattif.results.answers import read_answers

_EMPTY = {"meta", "br", "input", "link", "img", "hr"}


class _Outline(HTMLParser):
    """Checks that elements close in order, and keeps those that matter."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def _outline(page: str) -> _Outline:
    outline = _Outline()
    outline.feed(page)
    outline.close()
    assert outline.open == []
    return outline


def _elements(page: str, tag: str) -> list[dict[str, str | None]]:
    return [attributes for name, attributes in _outline(page).found if name == tag]


def test_the_page_is_well_formed_and_says_its_language(page, spanish):
    for text, language in ((page, "en"), (spanish, "es")):
        assert text.startswith("<!DOCTYPE html>")
        assert _elements(text, "html") == [{"lang": language}]
        assert len(_elements(text, "h1")) == len(_elements(text, "main")) == 1


def test_identifiers_are_unique_and_anchors_lead_somewhere(page):
    found = [attributes for _, attributes in _outline(page).found]
    identifiers = [attributes["id"] for attributes in found if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    anchors = [a["href"][1:] for a in _elements(page, "a") if a["href"].startswith("#")]
    assert set(anchors) <= set(identifiers)
    assert {a["aria-labelledby"] for a in found if "aria-labelledby" in a} <= set(identifiers)


def test_nothing_is_fetched_and_only_our_own_code_runs(page):
    tags = {tag for tag, _ in _outline(page).found}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "video", "audio"}
    for _, attributes in _outline(page).found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes
    assert "url(http" not in page
    assert "@import" not in page
    policy = next(m["content"] for m in _elements(page, "meta") if "http-equiv" in m)
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(text) == 1
        digest = base64.b64encode(hashlib.sha256(text[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_every_median_and_interval_of_the_result_is_on_the_page(tree, page, text_of, numbers_of):
    from wattif.format import format_interval, format_value

    words, panels = text_of(page), numbers_of(page)["panels"]
    for quantity, panel in zip(read_answers(tree), panels, strict=True):
        for answer, row in zip(quantity.answers, panel["rows"], strict=True):
            if row["kind"] != "spread":
                continue
            assert format_value(answer.median, quantity.unit, answer.errors["p50"]) in words
            ends = format_interval(*answer.interval, quantity.unit, answer.interval_errors)
            assert ends in words


def test_the_numbers_inside_are_the_percentiles_of_the_result(tree, page, numbers_of):
    inside = numbers_of(page)
    stored = tree["percentiles"]
    assert len(inside["percents"]) == stored["percentile"].size
    cost = inside["panels"][0]["rows"]
    for at in (0, 1):
        expected = stored["cost"].values[at]
        np.testing.assert_allclose(cost[at]["grid"], expected, rtol=1e-5)  # six digits are kept
        assert sum(cost[at]["masses"]) == pytest.approx(1, abs=5e-3)  # three digits are kept
    low, high, words = inside["levels"][inside["own"]]
    assert (inside["percents"][low], inside["percents"][high], words) == (
        "5\N{NO-BREAK SPACE}%",
        "95\N{NO-BREAK SPACE}%",
        "90\N{NO-BREAK SPACE}%",
    )


def test_levels_can_be_switched_from_a_tenth_to_all_but_a_five_hundredth(page, numbers_of):
    levels = numbers_of(page)["levels"]
    assert [levels[0][2], levels[-1][2]] == ["10\N{NO-BREAK SPACE}%", "99.8\N{NO-BREAK SPACE}%"]
    rows = numbers_of(page)["panels"][0]["rows"]
    assert all(len(row["intervals"]) == len(levels) for row in rows if row["kind"] == "spread")


def test_what_is_absent_has_its_reason(page, text_of):
    assert "not given: they do not say" in text_of(page)


def test_assumptions_stand_with_family_interval_unit_source_and_grade(page, text_of):
    words = text_of(page)
    assert (
        "Price of flour price all 2 to 4 USD/kg $2 to $4/kg lognormal USD/kg market, "
        "https://example.org/flour?a=1&b=2 . B"
    ) in words
    assert "All numbers rest on these 12 assumptions." in words
    assert "Without a source: 11." in words


def test_what_depends_on_other_quantities_and_what_moves_together_is_told(tree, page, text_of):
    words = text_of(page)
    assert "Mood mood all normal(mean = shift, sd = 1), in EUR – given others EUR" in words
    achieved = float(tree["correlations"]["achieved"][0])
    assert (
        f"price rent rank correlation 0.6 {achieved:.2f} gaussian https://example.org/rents"
    ) in words


def test_a_web_address_in_a_source_is_a_link(page):
    links = [a for a in _elements(page, "a") if a["href"].startswith("http")]
    assert links == [
        {"href": f"https://example.org/{page}", "rel": "noopener noreferrer", "target": "_blank"}
        for page in ("flour?a=1&b=2", "rents")
    ]


def test_the_report_tells_how_it_was_made_and_how_to_repeat_it(tree, page, text_of):
    words = text_of(page)
    assert "16,384 scrambled Sobol draws in 16 independent replicates, seed 7." in words
    assert "wattif rerun bakeries.nc" in words
    assert f"Made with wattif {tree.attrs['wattif_version']}, seed 7; numpy" in words


def test_spanish_has_commas_and_no_english_of_ours(page, spanish, text_of):
    words = text_of(spanish)
    assert "entre 270 $ y 2,7 k$ con una probabilidad del 90 %" in words
    assert "16 384 muestras de Sobol aleatorizadas" in words
    for english in ("draws", "credible", " to $", "interval of", "Without", "median,"):
        assert english in text_of(page) or english in (
            " to $",
            "interval of",
            "credible",
            "median,",
        )
        assert english not in words


def test_every_input_has_a_label_and_every_table_a_caption(page):
    assert page.count("<table") == len(re.findall(r"<caption\b", page)) > 0
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        headers = re.findall(r"<th\b[^>]*>", table)
        assert all('scope="col"' in header or 'scope="row"' in header for header in headers)
    for control in re.findall(r"<(?:input|select)[^>]*>", page):
        before = page[: page.index(control)]
        assert before.rfind("<label") > before.rfind("</label>"), control
    for plot in re.findall(r'<svg class="(?:plot|strip)"[^>]*>', page):
        assert 'role="img"' in plot
        assert re.search(r'aria-label="[^"]+"', plot)


def test_only_what_is_asked_for_is_shown_in_that_order(tree, numbers_of, text_of):
    page = build_report(tree, Contents(quantities=("profit", "cost"), systems=("harbour",)))
    panels = numbers_of(page)["panels"]
    assert [len(panel["rows"]) for panel in panels] == [1, 1]
    assert re.findall(r'<h3 id="figure-\d" dir="auto">(.*?)</h3>', page) == [
        "Profit",
        "Cost of the flour",
    ]
    assert "1 of 2 do not fit" in text_of(page)


def test_an_unknown_quantity_is_refused(tree):
    with pytest.raises(ResultError, match="no quantity 'costs'; did you mean 'cost'"):
        build_report(tree, Contents(quantities=("costs",)))


def test_the_flagship_report_is_small_in_both_languages(survey):
    for language in ("en", "es"):
        page = build_report(survey, Contents(language))
        assert len(page.encode()) < 400_000
        _outline(page)


def test_the_same_result_gives_the_same_bytes(tree, page):
    assert build_report(tree, Contents(file="bakeries.nc")) == page


def test_a_report_needs_neither_numba_nor_matplotlib(tree, tmp_path):
    from wattif.results.store import save_result

    saved = save_result(tree, tmp_path / "bakeries.nc")
    code = (
        "import sys; from wattif.cli import main; "
        f"assert main(['report', {str(saved)!r}]) == 0; "
        "print(sorted({'numba', 'matplotlib', 'scipy.stats'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"

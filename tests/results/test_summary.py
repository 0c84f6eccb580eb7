"""The table of a result: in a console, in a notebook, and on the command line the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html import unescape

import pytest

import wattif as wi
from wattif.cli import main

HOSTILE = "<script>alert('x')</script> & \"<b>\" $1 to $2"
STUDY = {
    "title": {"en": HOSTILE, "es": "Dos panaderías"},
    "run": {"draws": 4096, "seed": 7},
    "uses": ["bakery"],
    "quantities": {"price": "2 to 4 USD/kg"},
    "systems": {
        "old-town": {"label": HOSTILE, "quantities": {"flour": "100 to 900 kg"}},
        "harbour": {"quantities": {"flour": {"absent": "they <i>do not</i> say"}}},
    },
    "equations": {
        "bakery": {
            "quantities": {
                "cost": {"formula": "flour * price", "unit": "USD", "label": HOSTILE},
                "ovens": {"formula": "1 + 2", "unit": "1", "label": "Ovens"},
                "dear": {"formula": "price > 3 * price / price * unit_price", "label": "Dear"},
                "unit_price": "1 USD/kg",
            },
            "outputs": ["cost", "ovens", "dear"],
        }
    },
}


@pytest.fixture(scope="module")
def tree():
    return wi.load(STUDY).run()


def parsed(html):
    """Return the root of a piece of HTML, which is well-formed, and its texts."""
    root = ElementTree.fromstring(html.replace("<br>", "<br/>"))
    return root, [unescape(text) for text in root.itertext()]


def test_a_console_shows_the_very_table_of_the_command_line(tmp_path, capsys):
    study, result = tmp_path / "one.toml", tmp_path / "one.nc"
    study.write_text(
        'title = "One"\n[run]\ndraws = 1024\n[systems.a]\n[systems.b]\nlabel = "中文 é"\n'
        '[quantities]\nx = "1 to 2 GWh"\nn = { absent = "unknown" }\n'
        'y = { formula = "2 * x", label = "Twice", unit = "GWh" }\n'
        'z = { formula = "n + 1", label = "More" }\n'
    )
    assert main(["run", str(study), "--quiet", "--out", str(result)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(repr(wi.summary(wi.open_result(result))) + "\n")
    assert "[1] not given: needs n, which is absent: unknown" in out


def test_a_notebook_shows_the_same_words_escaped(tree):
    table = wi.summary(tree)
    root, texts = parsed(table._repr_html_())
    tags = {element.tag for element in root.iter()}
    assert tags <= {"div", "strong", "table", "thead", "tbody", "tr", "th", "td", "br"}
    shown = [text.strip() for text in texts]
    assert shown.count(HOSTILE) == 5  # title, quantity, and a system in three blocks
    for block in table.blocks:
        for row in block.rows:
            for cell in (row.median, row.interval, row.error):
                assert cell in shown or not cell
    assert any("they <i>do not</i> say" in text for text in texts)


def test_dollars_are_not_taken_for_formulas_by_a_notebook(tree):
    root, _ = parsed(wi.summary(tree)._repr_html_())
    assert "mathjax_ignore" in root.attrib["class"].split()


def test_no_colour_is_forced_on_a_dark_notebook(tree):
    html = wi.summary(tree)._repr_html_() + wi.load(STUDY)._repr_html_()
    styles = re.findall('style="([^"]*)"', html)
    assert styles
    assert not any("color:" in style or "#" in style for style in styles)


def test_a_probability_and_a_constant_are_named_as_such(tree):
    _, ovens, dear = wi.summary(tree).blocks
    assert {row.interval for row in ovens.rows} == {"constant"}
    assert {row.interval for row in dear.rows} == {"probability"}
    assert all(row.median.endswith(" %") for row in dear.rows)


def test_an_absent_answer_points_at_its_reason(tree):
    table = wi.summary(tree)
    row = table.blocks[0].rows[1]
    assert (row.median, row.interval, row.reason) == ("–", "not given [1]", 1)  # noqa: RUF001
    assert table.reasons[0].endswith("they <i>do not</i> say")


def test_the_table_speaks_spanish(tree):
    text = repr(wi.summary(tree, "es"))
    assert text.startswith("Dos panaderías\n")
    for words in ("mediana", "intervalo del 90 %", "[1] no disponible: ", "réplicas, semilla 7."):
        assert words in text
    with pytest.raises(wi.ResultError, match="no language 'fr'"):
        wi.summary(tree, "fr")


def test_prices_of_one_column_are_in_one_unit():
    prices = {"a": "1140e-6 USD/query", "b": "8.5e-6 USD/query"}
    study = {
        "quantities": {},
        "systems": {
            key: {"quantities": {"p": price, "q": {"formula": "p * 1", "unit": "USD/query"}}}
            for key, price in prices.items()
        },
    }
    (block,) = wi.summary(wi.load(study).run(draws=64)).blocks
    assert [row.median for row in block.rows] == ["$1,140 per M queries", "$8.5 per M queries"]


def test_a_summary_is_frozen(tree):
    with pytest.raises(AttributeError):
        wi.summary(tree).title = "another"

"""LaTeX tables that nothing in a study can break."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wattif as wi
from wattif.results.export.as_latex import escape

SPECIAL = {
    "_": r"\_",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
COMMANDS = re.compile(r"\\(?:[_&%$#{}]|text[a-z]+\{\})|\$(?:-|\\times|\\infty)\$|\$\^\{[-\d]+\}\$|\{[\[\]*]\}")


@pytest.mark.parametrize("sign", SPECIAL)
def test_every_special_character_is_escaped(sign):
    assert escape(f"a{sign}b") == f"a{SPECIAL[sign]}b"


@given(st.text(st.sampled_from("_&%$#{}~^\\[]*ab \n\t\0<>|−∞×µ⁻¹²é"), max_size=30))  # noqa: RUF001
def test_no_text_can_end_a_cell_or_a_line_or_start_a_command(text):
    rest = COMMANDS.sub("", escape(text))
    assert not set(rest) & set("_&%$#{}~^\\[]*\n\t\0"), (text, rest)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("2.1×10²⁵ FLOP", r"2.1$\times$10$^{25}$ FLOP"),
        ("−3.0 to 12 µg", r"$-$3.0 to 12 \textmu{}g"),
        ("5.0 m⁻²", "5.0 m$^{-2}$"),
        ("2.0 Wh to ∞", r"2.0 Wh to $\infty$"),
        ("[1] *", "{[}1{]} {*}"),  # after \\ they would be its argument and its star
        ("a\n\nb", "a b"),  # an empty line ends a paragraph, and with it the table
    ],
)
def test_what_has_a_meaning_of_its_own_in_latex_is_written_so(text, latex):
    assert escape(text) == latex


def rows_of(text):
    body = text.partition("\\midrule\n")[2].partition("    \\bottomrule")[0]
    return [line.strip() for line in body.splitlines()]


def test_the_table_says_what_the_summary_says(tree, tmp_path):
    text = wi.export(tree, tmp_path / "table.tex").read_text("utf-8")
    rows = rows_of(text)
    block = wi.summary(tree).blocks[0]
    for row in block.rows:
        cells = f"{escape(row.system)} & {escape(row.median)} & {escape(row.interval)}"
        assert rf"\quad {cells} \\" in rows
    assert text.startswith("% Written by wattif")
    for rule in (r"\toprule", r"\midrule", r"\bottomrule", r"\begin{tabular}{lrr}"):
        assert text.count(rule) == 1
    assert "siunitx" not in text


def test_every_row_has_as_many_cells_as_the_table_columns(tree, tmp_path):
    for what, columns in (("summary", 3), ("inputs", 4)):
        for row in rows_of(wi.export(tree, tmp_path / f"{what}.tex", what).read_text("utf-8")):
            if row == r"\addlinespace" or row.startswith(r"\multicolumn"):
                continue
            assert row.endswith(r" \\")
            assert len(re.findall(r"(?<!\\)&", row)) == columns - 1, row


def test_braces_are_balanced(tree, tmp_path):
    for what in ("summary", "inputs"):
        text = wi.export(tree, tmp_path / f"{what}.tex", what).read_text("utf-8")
        bare = re.sub(r"\\[\\{}]", "", text)
        assert bare.count("{") == bare.count("}")


def test_inputs_have_value_source_and_grade(tree, tmp_path):
    text = wi.export(tree, tmp_path / "inputs.tex", "inputs", language="es").read_text("utf-8")
    assert r"magnitud & valor & fuente & grado \\" in text
    assert r"price & 2 to 4 USD/kg & @SUM(1) second line & B \\" in text
    assert "no disponible: -they- do not say" in text


def test_draws_are_refused(tree, tmp_path):
    with pytest.raises(wi.ResultError, match="draws make no LaTeX table; expected summary or inp"):
        wi.export(tree, tmp_path / "draws.tex", "draws")
    assert not list(tmp_path.iterdir())

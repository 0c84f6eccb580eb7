"""A study at a glance."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import wattif as wi

HOSTILE = "<img src=x onerror=alert(1)> & \"'"
STUDY = {
    "title": HOSTILE,
    "run": {"draws": 2048, "seed": 3, "interval": 0.5},
    "systems": {
        "a": {"label": HOSTILE, "quantities": {"x": "1 to 2 GWh"}},
        "b": {"quantities": {"x": {"absent": "<i>unknown</i>"}}},
    },
    "quantities": {
        "n": {"dist": "normal", "mean": "m", "sd": 1},
        "m": "3",
        "y": {"formula": "n * x", "unit": "GWh"},
        "z": {"formula": "n * x / x"},
        "unused": "1 to 2",
    },
}


def test_a_study_shows_what_it_is_about():
    text = repr(wi.load(STUDY))
    assert text.splitlines()[0] == f"Study: {HOSTILE}"
    for words in (
        f"systems     {HOSTILE}, b",
        "quantities  2 distributions, 1 constant, 2 formulas, 1 absent",
        "outputs     y [GWh], z",
        "run         2,048 draws, sobol, 16 replicates, seed 3, 50 % intervals",
        "absent      y, z (b): needs x, which is absent: <i>unknown</i>",
    ):
        assert words in text


def test_a_reason_stands_with_just_the_outputs_and_systems_it_holds_for():
    gone = {"absent": "gone"}
    text = repr(
        wi.load(
            {
                "run": {"outputs": ["v", "w"]},
                "systems": {
                    "a": {"quantities": {"v": gone, "w": "1"}},
                    "b": {"quantities": {"v": "1", "w": gone}},
                },
            }
        )
    )
    assert "v (a): gone" in text
    assert "w (b): gone" in text


def test_a_study_without_systems_names_none():
    text = repr(wi.load({"quantities": {"x": {"formula": "1 + 1"}}}))
    assert "systems" not in text
    assert "absent" not in text


def test_a_notebook_shows_the_same_escaped():
    html = wi.load(STUDY)._repr_html_()
    root = ElementTree.fromstring(html.replace("<br>", "<br/>"))
    tags = {"div", "strong", "table", "tbody", "tr", "th", "td"}
    assert {element.tag for element in root.iter()} <= tags
    assert HOSTILE in "".join(root.itertext())

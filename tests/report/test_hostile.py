"""Whatever a study or a result says, it is text on the page and nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from wattif.report import Contents, build_report

ATTACKS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% include 'x' %}",
    "{system} {0} %s",
    "<!-- --> ]]> &lt;b&gt; &amp;",
    "javascript:alert(1)",
    "a\u202eb\u2066c\u2028d",
    "שלום عالم",
]
TEXTS = ("source", "note", "label", "stated", "family", "unit", "name", "grade", "reading")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, frozenset[str]]] = []
        self.links: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, frozenset(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.texts.append(data)


def _read(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    return tags


def _poison(tree, attack):
    """Return a copy of a result with every text for people replaced."""
    bad = tree.copy(deep=True)
    bad.attrs |= {"title": attack, "description": attack, "study": attack, "name": attack}
    bad.attrs["wattif_version"] = attack
    for group in ("inputs", "claims", "correlations"):
        data = bad[group].to_dataset()
        for name in [*TEXTS, "says", "first", "second", "copula"]:
            if name in data:
                data[name] = data[name].astype(object)
                data[name][:] = attack
        bad[group] = type(bad)(data)
    for group in ("summary", "status", "counts"):
        data = bad[group].to_dataset()
        data = data.assign_coords(system_label=("system", [attack] * data.sizes["system"]))
        for name in data.data_vars:
            data[name].attrs["long_name"] = attack
            if group == "status":
                data[name] = data[name].astype(object)
                data[name][2] = attack
        bad[group] = type(bad)(data)
    return bad


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_hostile_text_adds_no_element_attribute_or_link(tree, language, attack):
    innocent = _read(build_report(_poison(tree, "text"), Contents(language)))
    attacked = _read(build_report(_poison(tree, attack), Contents(language)))
    assert attacked.tags == innocent.tags
    web = [
        link for link in attacked.links if not link.startswith(("#", "data:text/csv", "data:app"))
    ]
    assert web == []
    assert any(attack in text for text in attacked.texts)


def test_the_json_inside_cannot_end_its_script(tree):
    from wattif.report.numbers import Numbers
    from wattif.report.panels import level_of_run, read_grid, read_levels, read_panels
    from wattif.report.payload import make_payload
    from wattif.results.answers import read_answers

    bad = _poison(tree, "</script>\u2028<!--&")
    grid = read_grid(bad)
    levels = read_levels(grid)
    panels = read_panels(bad, read_answers(bad), [])
    text = make_payload(panels, grid, levels, level_of_run(bad, levels), Numbers())
    assert not re.search("[<>&\u2028\u2029]", text)


def test_a_hostile_unit_is_text_too(tree):
    bad = tree.copy(deep=True)
    bad["summary"]["cost"].attrs["units"] = "<b>USD</b></script>"
    page = build_report(bad, Contents())
    assert "<b>USD" not in page
    assert page.count("</script>") == 2

"""The page in a real browser: nothing fails, nothing is fetched, and the switches work.

Skipped, with a word, where there is no Chromium with its driver, or no selenium.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wattif.report import Contents, build_report

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (BROWSER and DRIVER), reason="no Chromium with chromedriver on this machine"
    ),
]

PLACES = """
return [...document.querySelectorAll('figure .wide, figure .half, figure .dot, figure .pin,'
    + 'figure .claim, figure .grid line, figure .ticks text, figure .shape')].map(mark =>
    ['x', 'x1', 'x2', 'cx', 'd'].map(name => mark.getAttribute(name)).join(' ') + ' '
    + mark.textContent);
"""
CONTRASTS = """
const rgb = text => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const ground = element => {
    for (let e = element; e; e = e.parentElement) {
        const colour = rgb(getComputedStyle(e).backgroundColor);
        if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest('script, style')) continue;
    const style = getComputedStyle(element);
    const ink = rgb(element.closest('svg') ? style.fill : style.color);
    const [high, low] = [light(ink), light(ground(element))].sort((a, b) => b - a);
    found.push([(high + 0.05) / (low + 0.05), walker.currentNode.data.trim().slice(0, 40)]);
}
return found;
"""
UNNAMED = """
const named = e => (e.getAttribute('aria-label') || e.textContent || '').trim()
    || (e.labels && e.labels.length) || e.getAttribute('aria-labelledby');
return [...document.querySelectorAll('a, button, input, select, [tabindex], [role=img],'
    + '[role=slider], [role=region]')]
    .filter(e => e.checkVisibility() && e.tagName !== 'MAIN' && !named(e)).map(e => e.outerHTML);
"""


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    """Start a browser without a window that logs its console and every request."""
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in ("--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions"):
        options.add_argument(argument)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium has no sandbox for root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=DRIVER)
    browser = webdriver.Chrome(options=options, service=service)
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def files(tree: Any, survey: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the reports that are looked at."""
    folder = tmp_path_factory.mktemp("pages")
    hostile = tree.copy(deep=True)
    hostile["summary"]["cost"].attrs |= {"long_name": "x" * 400, "units": "<b>" * 40}
    hostile["summary"]["profit"].attrs["long_name"] = "</script><img src=x onerror=alert(1)>"
    hostile.attrs["title"] = "\u202e<img src='http://localhost/x'>" + "w" * 300
    pages = {
        "hostile": build_report(hostile, Contents()),
        "bakeries": build_report(tree, Contents()),
        "panaderías": build_report(tree, Contents("es")),
        "survey": build_report(survey, Contents()),
        "encuesta": build_report(survey, Contents("es")),
    }
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


def _open(driver: Any, path: Path, width: int = 1200, scheme: str = "light") -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    driver.get(path.as_uri())


def _set(driver: Any, name: str, value: object) -> None:
    driver.execute_script(
        "const control = document.forms[0].elements[arguments[0]];"
        "control.value = arguments[1];"
        "control.dispatchEvent(new Event('input', { bubbles: true }));",
        name,
        str(value),
    )


def _find(driver: Any, selector: str) -> Any:
    return driver.find_element("css selector", selector)


def _texts(driver: Any, selector: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())"
    return [text.replace("\xa0", " ") for text in driver.execute_script(script, selector)]


@pytest.mark.parametrize("name", ["bakeries", "encuesta", "hostile"])
def test_the_console_is_silent_and_nothing_is_fetched(driver, files, name):
    driver.get_log("performance")
    _open(driver, files[name])
    _set(driver, "level", 3)
    _set(driver, "scale", "log")
    assert driver.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    requests = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert set(requests) == {files[name].as_uri()}


@pytest.mark.parametrize("name", ["bakeries", "panaderías", "survey", "encuesta"])
def test_the_script_draws_what_was_written(driver, files, name):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    _open(driver, files[name])
    written = driver.execute_script(PLACES)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    _open(driver, files[name])
    drawn = driver.execute_script(PLACES)
    assert len(written) == len(drawn) > 20
    different = [pair for pair in zip(written, drawn, strict=True) if not _alike(*pair)]
    assert different == []


def _alike(one: str, other: str) -> bool:
    """Return whether two marks are the same, but for the digits that travel in the page."""
    step = 1 if "Z" in one else 0.011  # an outline's own; hundredths of a percent of the width
    pattern = r"[\d.]+|[^\d.]+"
    left, right = re.findall(pattern, one), re.findall(pattern, other)
    pairs = zip(left, right, strict=True)
    return all(a == b or abs(float(a) - float(b)) <= step for a, b in pairs)


def test_another_level_moves_the_bars_and_changes_the_words(driver, files, numbers_of):
    _open(driver, files["bakeries"])
    before = _find(driver, "figure .wide").get_attribute("x2")
    levels = numbers_of(files["bakeries"].read_text("utf-8"))
    rows = levels["panels"][0]["rows"]
    last = len(levels["levels"]) - 1
    _set(driver, "level", last)
    assert _find(driver, "figure .wide").get_attribute("x2") != before
    expected = rows[0]["intervals"][last].replace("\xa0", " ")
    assert _texts(driver, "figure .range")[0] == expected
    assert _texts(driver, "output[name=shown]") == ["99.8 %"]
    assert _texts(driver, "[data-level=interval]") == ["99.8 % interval"]


def test_another_scale_moves_the_ticks_and_says_where_it_cannot(driver, files):
    _open(driver, files["bakeries"])
    assert "$300" in _texts(driver, "figure[data-panel='0'] .ticks text")
    assert _texts(driver, "#no-log") == [""]
    _set(driver, "scale", "linear")
    assert _texts(driver, "figure[data-panel='0'] .ticks text") == ["$0", "$10 k", "$20 k", "$30 k"]
    _set(driver, "scale", "log")
    assert "$300" in _texts(driver, "figure[data-panel='0'] .ticks text")
    assert _texts(driver, "#no-log")[0].startswith("A logarithmic scale cannot show zero or less")


def test_one_quantity_or_some_systems_can_be_looked_at(driver, files):
    _open(driver, files["bakeries"])
    _set(driver, "quantity", 3)
    shown = "return [...document.querySelectorAll('figure')].map(f => f.checkVisibility())"
    assert driver.execute_script(shown) == [False, False, False, True]
    _set(driver, "quantity", 0)
    before = _texts(driver, "figure[data-panel='0'] .ticks text")
    _find(driver, "input[value='harbour']").click()
    assert _texts(driver, "figure[data-panel='0'] .row:not([hidden]) .name") == [
        "Old town",
        "Station",
    ]
    assert _texts(driver, "figure[data-panel='0'] .ticks text") != before
    for key in ("old-town", "station"):
        _find(driver, f"input[value='{key}']").click()
    assert driver.get_log("browser") == []


def test_percentiles_are_read_by_keyboard(driver, files, numbers_of):
    from selenium.webdriver.common.keys import Keys

    _open(driver, files["bakeries"])
    row = numbers_of(files["bakeries"].read_text("utf-8"))["panels"][0]["rows"][0]
    slider = _find(driver, "figure[data-panel='0'] [role=slider]")
    slider.send_keys(Keys.END)
    value = row["values"][-1].replace("\xa0", " ")
    words = f"99.9 % of the draws lie below {value}"
    assert _texts(driver, "figure[data-panel='0'] .read") == [f"Old town: {words}"]
    assert slider.get_attribute("aria-valuetext").replace("\xa0", " ") == words
    slider.send_keys(Keys.ARROW_LEFT)
    assert _texts(driver, "figure[data-panel='0'] .read")[0].startswith("Old town: 99.5 %")
    slider.send_keys(Keys.ARROW_DOWN)
    assert _texts(driver, "figure[data-panel='0'] .read")[0].startswith("Harbour: 50 %")


def test_percentiles_are_read_under_the_pointer(driver, files):
    _open(driver, files["bakeries"])
    plot = _find(driver, "figure[data-panel='0'] [role=slider]")
    driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", plot)
    width = plot.rect["width"]
    chain = webdriver.ActionChains(driver)
    chain.move_to_element_with_offset(plot, int(width / 2) - 2, 0).perform()
    assert _texts(driver, "figure[data-panel='0'] .read")[0].startswith("Old town: 99.9 %")
    chain.move_to_element_with_offset(plot, 2 - int(width / 2), 0).perform()
    assert _texts(driver, "figure[data-panel='0'] .read")[0].startswith("Old town: 0.1 %")


def test_the_tab_key_reaches_every_control_in_the_order_of_the_page(driver, files):
    from selenium.webdriver.common.keys import Keys

    _open(driver, files["bakeries"])
    reached = []
    for _ in range(80):
        driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(driver.switch_to.active_element.tag_name)
        if driver.execute_script("return document.activeElement.hasAttribute('download')"):
            break
    assert reached[0] == "a"  # past the contents
    assert reached.count("select") == 2
    assert reached.count("input") == 1 + 3
    assert reached.count("svg") == 2 + 3  # rows with percentiles: cost and profit
    assert reached.count("summary") == 4
    assert reached.count("button") == 8
    assert reached[-1] == "a"


def test_assumptions_are_sorted_by_a_click(driver, files):
    _open(driver, files["bakeries"])
    button = _find(driver, ".sortable th:first-child button")
    button.click()
    names = _texts(driver, ".sortable tbody th bdi")
    assert names == sorted(names, key=str.casefold)
    assert _find(driver, ".sortable th").get_attribute("aria-sort") == "ascending"
    button.click()
    assert _texts(driver, ".sortable tbody th bdi") == names[::-1]


@pytest.mark.parametrize("name", ["bakeries", "survey", "encuesta", "hostile"])
@pytest.mark.parametrize("width", [320, 360, 768, 1200])
def test_no_width_scrolls_sideways(driver, files, name, width):
    _open(driver, files[name], width)
    script = "return [document.documentElement.scrollWidth, innerWidth]"
    scrolled, inside = driver.execute_script(script)
    assert scrolled <= inside == width
    for summary in driver.find_elements("css selector", "summary"):
        driver.execute_script("arguments[0].parentElement.open = true", summary)
    assert driver.execute_script(script)[0] <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_all_text_can_be_read_and_all_controls_have_names(driver, files, scheme, width):
    _open(driver, files["survey"], width, scheme)
    contrasts = driver.execute_script(CONTRASTS)
    assert len(contrasts) > 300
    assert [found for found in contrasts if found[0] < 4.5] == []  # WCAG 2.2, 1.4.3
    assert driver.execute_script(UNNAMED) == []


def test_it_reads_without_script(driver, files):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    _open(driver, files["bakeries"])
    assert not _find(driver, "#switches").is_displayed()
    assert len(driver.find_elements("css selector", "figure svg.plot[role=img]")) == 10
    assert _find(driver, "figure .dot").is_displayed()
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_it_prints_whole_and_without_switches(driver, files):
    import base64

    _open(driver, files["survey"])
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(printed["data"]).startswith(b"%PDF")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not _find(driver, "#switches").is_displayed()
    assert _find(driver, ".findings").is_displayed()
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})

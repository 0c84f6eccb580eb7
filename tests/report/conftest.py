"""Small results with everything that a report shows: spreads, constants, events, gaps, claims."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest
from xarray import DataTree

import wattif as wi
from wattif.report import Contents, build_report

STUDY = {
    "title": "Two bakeries",
    "description": "What flour costs them.",
    "run": {"draws": 16_384, "seed": 7},
    "quantities": {
        "price": {
            "value": "2 to 4 USD/kg",
            "label": "Price of flour",
            "source": "market, https://example.org/flour?a=1&b=2.",
            "grade": "B",
        },
        "rent": {"value": "1 to 2 USD/kg", "label": "Rent"},
        "mood": {"dist": "normal", "mean": "shift", "sd": 1, "unit": "EUR", "label": "Mood"},
        "limit": "1_500 USD",
        "bonus": "0.2 EUR",
        "shift": {"dist": "normal", "mean": 0, "sd": 2, "unit": "EUR", "label": "Luck"},
    },
    "systems": {
        "old-town": {
            "label": "Old town",
            "uses": ["bakery"],
            "quantities": {"flour": "100 to 900 kg", "ovens": "3"},
        },
        "harbour": {
            "label": "Harbour",
            "uses": ["bakery"],
            "quantities": {"flour": "4_000 to 9_000 kg", "ovens": "4"},
        },
        "station": {
            "label": "Station",
            "uses": ["bakery"],
            "quantities": {"flour": {"absent": "they do not say"}, "ovens": "5"},
        },
    },
    "equations": {
        "bakery": {
            "quantities": {
                "cost": {
                    "formula": "flour * (price + 0 * rent)",
                    "unit": "USD",
                    "label": "Cost of the flour",
                },
                "capacity": {"formula": "ovens * 2", "unit": "1", "label": "Capacity"},
                "dear": {"formula": "cost > limit", "label": "Dearer than $1,500"},
                "profit": {
                    "formula": "shift + 0 * mood + ovens * bonus",
                    "unit": "EUR",
                    "label": "Profit",
                },
            }
        }
    },
    "correlate": [
        {"quantities": ["price", "rent"], "rank": 0.6, "source": "https://example.org/rents"}
    ],
    "claims": [
        {"quantity": "old-town.cost", "says": "300 to 3_000 USD", "source": "their site"},
        {"quantity": "old-town.cost", "says": "> 400 USD", "source": "a rumour"},
        {"quantity": "harbour.cost", "says": "< 2_000 USD", "note": "said in 2019"},
        {"quantity": "harbour.cost", "says": "~ 18_000 USD"},
        {"quantity": "station.cost", "says": "5 USD"},
    ],
}


@pytest.fixture(scope="session")
def tree() -> DataTree:
    """Return the result of two bakeries, and of a third that does not say."""
    return wi.load(STUDY).run()


@pytest.fixture(scope="session")
def survey() -> DataTree:
    """Return a short run of the flagship study."""
    from wattif.library import packaged_studies

    assert "survey-2025b" in packaged_studies()
    from wattif.cli.studies import packaged_path

    return wi.load(packaged_path("survey-2025b")).run(draws=16_384)


@pytest.fixture(scope="session")
def page(tree: DataTree) -> str:
    """Return the English report of the bakeries."""
    return build_report(tree, Contents(file="bakeries.nc"))


@pytest.fixture(scope="session")
def spanish(tree: DataTree) -> str:
    """Return the Spanish report of the bakeries."""
    return build_report(tree, Contents("es", file="bakeries.nc"))


@pytest.fixture(scope="session")
def text_of() -> Callable[[str], str]:
    """Return the function that gives the words of a page as they are read, without its code."""

    def read(page: str) -> str:
        shown = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
        words = html.unescape(re.sub(r"<[^>]*>", " ", shown))
        return re.sub(r"\s+", " ", words)  # ties count as spaces

    return read


@pytest.fixture(scope="session")
def numbers_of() -> Callable[[str], dict]:
    """Return the function that gives the JSON inside a page."""

    def read(page: str) -> dict:
        found = re.search(r'<script type="application/json" id="numbers">(.*?)</script>', page)
        assert found
        return json.loads(found[1])

    return read

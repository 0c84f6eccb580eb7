"""A result with everything in it that is hard to write down."""

from __future__ import annotations

import pytest

import wattif as wi

HOSTILE = r'=cmd|"/C calc"!A0, _ & % $ # { } ~ ^ \ <b> [1] * é'
STUDY = {
    "title": {"en": HOSTILE, "es": "Dos panaderías"},
    "run": {"draws": 1024, "seed": 7},
    "uses": ["bakery"],
    "quantities": {
        "price": {"value": "2 to 4 USD/kg", "source": "@SUM(1)\nsecond line", "grade": "B"},
        "loss": {"value": "-3 to 4 USD", "label": {"en": "Loss", "es": "Pérdida"}},
    },
    "systems": {
        "old-town": {"label": HOSTILE, "quantities": {"flour": "100 to 900 kg"}},
        "harbour": {"quantities": {"flour": {"absent": "-they- do not say"}}},
    },
    "equations": {
        "bakery": {
            "quantities": {
                "cost": {
                    "formula": "flour * price + loss",
                    "unit": "USD",
                    "label": {"en": "+Cost", "es": "Coste"},
                },
                "ovens": {"formula": "1 + 2"},
                "often": {"formula": "1 / (loss / loss - 1)"},
            },
            "outputs": ["cost", "ovens", "often"],
        }
    },
}


@pytest.fixture(scope="session")
def hostile():
    """Return a text that every format has to write with care."""
    return HOSTILE


@pytest.fixture(scope="package")
def tree():
    return wi.load(STUDY).run()


@pytest.fixture(scope="package")
def alone():
    """Return the result of a study without systems."""
    return wi.load(
        {
            "title": "One",
            "run": {"draws": 256},
            "quantities": {"x": "1 to 2 m", "y": {"formula": "x**2", "unit": "m**2"}},
        }
    ).run()

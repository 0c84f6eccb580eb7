"""Published Monte Carlo intervals come out: Epoch AI's relative uncertainty of training costs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from wattif.api import load

PAGE = Path(__file__).parents[2] / "docs" / "validation-llm.md"
SD = 1 / (2 * 1.6448536269514722)  # of a normal whose 5 % and 95 % are 1 apart

# Factors over their central values, as in the notebook: 90 % intervals, lognormal. Utilisation, the
# trend and the age are normal there. Accelerator-hours come from count and time, or from compute
# where those are unknown: for 15 of 47 models in the version that can be seen; 0.37 is what the
# printed intervals rest on.
INPUTS: Mapping[str, Any] = {
    "count": "0.8 to 1.25",
    "time": "0.5 to 2",
    "compute": {"dist": "lognormal", "median": 1, "sigma": 2 * math.log(3) * SD},
    "peak": "0.5 to 2",
    "mfu": {"dist": "normal", "mean": 0.375, "sd": 0.55 * SD, "truncate": {"min": 0}},
    "unknown": {"dist": "bernoulli", "p": 0.37},
    "server": "1.3 to 2.1",
    "network": "1.07 to 1.32",
    "trend": {"dist": "normal", "mean": 0.14, "sd": 0.08 * SD},
    "age": {"dist": "normal", "mean": 0, "sd": 240 / 365.25 * SD},
    "power_price": "0.6 to 1.7",
    "overhead": "0.05 to 0.16",
}
KINDS = {
    "GPU": {"price": "0.5 to 2", "load": "0.56 to 1"},
    "TPU": {"price": "0.25 to 4", "load": "0.3 to 0.62"},
}
FORMULAS = {
    "acquisition": "count * price * server * network",
    "hours": "where(unknown, compute / (peak * mfu / 0.375), count * time)",
    "rate": "server * network * price * 10 ** (-trend * age) * trend",
    "capital": "rate * hours",
    "energy": "hours * load * power_price * (1 + overhead)",
}
# what was printed
PUBLISHED = {
    ("GPU", "acquisition"): (0.46, 2.1),
    ("TPU", "acquisition"): (0.23, 4.2),
    ("GPU", "capital"): (0.27, 4.0),
    ("TPU", "capital"): (0.16, 6.6),
    ("GPU", "energy"): (0.31, 3.6),
    ("TPU", "energy"): (0.31, 3.6),
}


@pytest.fixture(scope="module")
def intervals() -> dict[tuple[str, str], tuple[float, float]]:
    """Return the ends over the median, by kind of hardware and quantity."""
    systems = {kind: {"label": kind, "quantities": own} for kind, own in KINDS.items()}
    formulas = {key: {"formula": text} for key, text in FORMULAS.items()}
    study = {"quantities": {**INPUTS, **formulas}, "systems": systems, "run": {"draws": 2**18}}
    summary = load(study).run()["summary"]
    found = {}
    for kind, name in PUBLISHED:
        ends = [
            float(summary[name].sel(system=kind, statistic=one).item())
            for one in ("eti_low", "eti_high", "p50")
        ]
        found[kind, name] = (ends[0] / ends[2], ends[1] / ends[2])
    return found


@pytest.mark.parametrize(("kind", "name"), PUBLISHED)
def test_a_published_interval_comes_out(
    intervals: dict[tuple[str, str], tuple[float, float]], kind: str, name: str
) -> None:
    # 10,000 samples know such an end to 1.6 % (of which three), and two digits were printed
    assert intervals[kind, name] == pytest.approx(PUBLISHED[kind, name], rel=0.05)


def test_the_page_shows_these_intervals(
    intervals: dict[tuple[str, str], tuple[float, float]],
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+), ([GT]PU) \| .*? \| ([\d.]+) to ([\d.]+) \|$", page, re.MULTILINE)
    names = {"acquisition": "acquisition", "hardware": "capital", "energy": "energy"}
    assert len(rows) == len(PUBLISHED)
    for name, kind, low, high in rows:
        found = intervals[kind, names[name]]
        # two or three digits, of which the last may turn with the draws
        assert (float(low), float(high)) == pytest.approx(found, rel=0.02), (name, kind)

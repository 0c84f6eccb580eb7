"""``wattif compare`` prints paired ratios, differences and probabilities."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import wattif as wi

Wattif = Callable[..., Any]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = {
        "title": "Two plants",
        "run": {"draws": 16_384, "outputs": ["cost", "use", "idle"]},
        "quantities": {
            "price": "50 to 90 USD/MWh",
            "cost": {"formula": "use * price", "unit": "USD", "label": "Cost"},
        },
        "systems": {
            "north": {"label": "North", "quantities": {"use": "1 to 2 MWh", "idle": "1 MWh"}},
            "south": {
                "label": "South",
                "quantities": {"use": "2 to 4 MWh", "idle": {"absent": "never measured"}},
            },
        },
    }
    return wi.save_result(wi.load(study).run(), tmp_path_factory.mktemp("compare") / "plants.nc")


def test_systems_are_compared_in_all_that_both_have(wattif: Wattif, result: Path) -> None:
    said = wattif("compare", result, "north", "south")
    assert said.code == 0
    assert "North against South" in said.out
    assert "Cost" in said.out
    assert "idle" not in said.out
    # Both ranges are a factor of 2 wide: their ratio is lognormal with median 1/2 and sigma 0.298.
    (line,) = [line for line in said.out.splitlines() if line.startswith("Cost")]
    assert "0.50" in line
    assert "0.31 to 0.82" in line
    assert "99 %" in line


def test_one_quantity_may_be_asked_for(wattif: Wattif, result: Path) -> None:
    said = wattif("compare", result, "north", "south", "--quantity", "use")
    assert "MWh" in said.out
    assert "Cost" not in said.out


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("north", "soth"), "no system 'soth'; did you mean 'south'?"),
        (("north", "north"), "'north' is compared with itself; name two systems"),
        (("north", "south", "--quantity", "idle"), "South: idle is not given: never measured"),
    ],
)
def test_refusals_say_what_is_wrong(
    wattif: Wattif, result: Path, words: tuple[str, ...], refusal: str
) -> None:
    said = wattif("compare", result, *words)
    assert said.code == 2
    assert refusal in said.err


def test_events_are_compared_by_their_chances_and_what_is_equal_is_called_so(
    wattif: Wattif, tmp_path: Path
) -> None:
    normal = {"dist": "normal", "mean": 0.0, "sd": 1.0}
    systems = {
        key: {"quantities": {"over": {"formula": f"x > {bound}"}, "same": {"formula": "2 * x"}}}
        for key, bound in (("a", 1.0), ("b", 2.0))
    }
    tree = wi.load({"quantities": {"x": normal}, "systems": systems}).run(draws=2**14)
    said = wattif("compare", wi.save_result(tree, tmp_path / "over.nc"), "a", "b").out.splitlines()
    (over,) = [line for line in said if line.startswith("over")]
    assert "13.6 points" in over  # 15.87 % less 2.28 %
    assert "0 %, equal in 86 %" in over  # all but 13.6 % of the draws
    (same,) = [line for line in said if line.startswith("same")]
    assert same.split()[1:] == ["none", "equal"]


def test_the_share_of_equal_draws_is_told(wattif: Wattif, tmp_path: Path) -> None:
    uniform = {"dist": "uniform", "min": 0.0, "max": 3.0}
    systems = {
        "a": {"quantities": {"cost": {"formula": "min(x, 1)"}}},
        "b": {"quantities": {"cost": {"formula": "min(x, 2)"}}},
    }
    study = {"quantities": {"x": uniform}, "run": {"outputs": ["cost"]}, "systems": systems}
    path = wi.save_result(wi.load(study).run(draws=2**14), tmp_path / "tie.nc")
    (line,) = [x for x in wattif("compare", path, "a", "b").out.splitlines() if x[:4] == "cost"]
    assert "67 %, equal in 33 %" in line  # equal where x is below 1

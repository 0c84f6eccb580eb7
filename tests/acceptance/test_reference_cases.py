"""Published uncertainty problems, against values that were computed apart from this package.

To add a case, add it to ``tests/data/reference_cases.toml``; its head says what the fields mean.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

import wattif as wi

DATA = Path(__file__).parents[1] / "data" / "reference_cases.toml"
CASES = {case["id"]: case for case in tomllib.loads(DATA.read_text())["case"]}

SEED = 412
Z = 5.0  # 6e-7 false alarms an assertion, and the seed is fixed
RARE = 1e-5  # below it 2^20 draws would test nothing

PRINTED = {  # printed figure -> (table of the result, its label)
    "mean": ("summary", "mean"),
    "mcm_mean": ("summary", "mean"),
    "u": ("summary", "sd"),
    "mcm_u": ("summary", "sd"),
    "mcm_short95_low": ("summary", "hdi_low"),
    "mcm_short95_high": ("summary", "hdi_high"),
    "low95": ("percentiles", 2.5),
    "high95": ("percentiles", 97.5),
    "low99": ("percentiles", 0.5),
    "high99": ("percentiles", 99.5),
}


def study_of(case):
    """Return the case as a study: inputs, definitions, the output, and an output for each event."""
    quantities = dict(case["inputs"])
    for name, formula in case.get("definitions", {}).items():
        quantities[name] = {"formula": formula}
    quantities["output_value"] = {"formula": case["model"]}
    for row, (relation, bound) in events(case).items():
        quantities[f"event_{row}"] = {"formula": f"output_value {relation} {bound}"}
    outputs = [name for name in quantities if name.startswith(("output_", "event_"))]
    return {
        "title": case["title"],
        "run": {"interval": 0.95, "outputs": outputs},
        "quantities": quantities,
        "correlate": [
            {"quantities": [first, second], "pearson": r}
            for first, second, r in case.get("correlation", [])
        ],
    }


def events(case):
    """Return the events of a case by the number of their row: relation and bound."""
    found = {}
    for number, row in enumerate(case["expect"]):
        if "event" in row:
            _, relation, bound = row["event"].split()
            found[number] = (relation, bound)
    return found


@cache
def run(identity):
    case = CASES[identity]
    rare = any(row["value"] < RARE for row in case["expect"] if "event" in row)
    draws = 2**23 if rare else 2**20
    return draws, wi.load(study_of(case)).run(draws=draws, seed=SEED, sampling="random")


def look_up(tree, table, output, label):
    """Return a reported number of the only system and its Monte Carlo standard error."""
    dimension = "percentile" if table == "percentiles" else "statistic"
    values, errors = (tree[group][output] for group in (table, f"{table}_error"))
    if dimension == "percentile":
        place = int(np.argmin(np.abs(values[dimension].values - label)))
        assert values[dimension].values[place] == pytest.approx(label, abs=1e-9)
    else:
        place = values[dimension].values.tolist().index(label)
    pick = {dimension: place}
    return values.isel(pick).item(), errors.isel(pick).item()


def estimate(tree, number, row):
    """Return estimate and reported standard error for a row of a case."""
    if row["quantity"] == "quantile":
        return look_up(tree, "percentiles", "output_value", 100 * row["p"])
    if "event" in row:
        return look_up(tree, "summary", f"event_{number}", "mean")
    return look_up(tree, "summary", "output_value", row["quantity"])


def exact_rows(identity):
    """Yield (row, estimate, reported error, true error) of every row with a reference value."""
    draws, tree = run(identity)
    for number, row in enumerate(CASES[identity]["expect"]):
        if row["quantity"] in ("mean", "sd", "quantile", "probability"):
            value, reported = estimate(tree, number, row)
            # Where no error could be derived, the run's own serves.
            error = row["mc_se1"] / sqrt(draws) if "mc_se1" in row else reported
            yield row, value, reported, error


def test_every_case_is_run():
    assert len(CASES) == 56


def test_the_correlated_cases_are_stated_as_they_are():
    assert sum("correlation" in case for case in CASES.values()) == 5


@pytest.mark.parametrize("identity", CASES)
def test_reference_values_are_met(identity):
    misses = [
        f"{row}: {value!r}, {(value - row['value']) / error:.2f} standard errors off"
        for row, value, _, error in exact_rows(identity)
        if not abs(value - row["value"]) <= Z * error + row["ref_err"]
    ]
    assert not misses, "\n".join(misses)


@pytest.mark.parametrize("identity", CASES)
def test_printed_figures_are_near(identity):
    """Printed figures carry their authors' Monte Carlo noise, and up to 7 % of error."""
    draws, tree = run(identity)
    for number, row in enumerate(CASES[identity]["expect"]):
        if row["quantity"].startswith("published:"):
            table, label = PRINTED[row["quantity"].removeprefix("published:")]
            value, error = look_up(tree, table, "output_value", label)
            assert abs(value - row["value"]) <= Z * error + 10 * row["round_half"], row
        elif "published" in row:
            value, _ = estimate(tree, number, row)
            noise = Z * row["mc_se1"] / sqrt(draws)
            assert abs(value - row["published"]) <= noise + 0.1 * row["published"], row


def shortest_rows():
    found = {
        identity: {
            row["quantity"].removeprefix("shortest95_"): row
            for row in case["expect"]
            if row["quantity"].startswith("shortest95_")
        }
        for identity, case in CASES.items()
    }
    return {identity: rows for identity, rows in found.items() if rows}


@pytest.mark.parametrize(("identity", "rows"), shortest_rows().items())
def test_shortest_interval_has_the_width(identity, rows):
    draws, tree = run(identity)
    low, _ = look_up(tree, "summary", "output_value", "hdi_low")
    high, _ = look_up(tree, "summary", "output_value", "hdi_high")
    width = rows["width"]
    assert abs(high - low - width["value"]) <= Z * width["mc_se1"] / sqrt(draws) + width["ref_err"]
    for end, value in (("low", low), ("high", high)):
        if end in rows:  # 2 % of the width: six times the noise of an end at 2^20 draws
            assert abs(value - rows[end]["value"]) <= 0.02 * width["value"]


SAMPLERS = {  # the same models in plain numpy: an independent measure of coverage
    "gum_9_4_r0_x0.0": lambda z: (0.005 * z[0]) ** 2 + (0.005 * z[1]) ** 2,
    "gum_9_4_r0_x0.05": lambda z: (0.05 + 0.005 * z[0]) ** 2 + (0.005 * z[1]) ** 2,
    "gum_9_4_r0.9_x0.0": lambda z: (
        (0.005 * z[0]) ** 2 + (0.005 * (0.9 * z[0] + sqrt(0.19) * z[1])) ** 2
    ),
}


@pytest.mark.parametrize("identity", SAMPLERS)
def test_intervals_hold_what_they_say(identity):
    draws, tree = run(identity)
    y = SAMPLERS[identity](np.random.default_rng(7).standard_normal((2, draws)))
    for kind in ("hdi", "eti"):
        low, _ = look_up(tree, "summary", "output_value", f"{kind}_low")
        high, _ = look_up(tree, "summary", "output_value", f"{kind}_high")
        inside = np.mean((y >= low) & (y <= high))
        # twice the variance: both the interval and the measure are random
        assert abs(inside - 0.95) <= Z * sqrt(2 * 0.95 * 0.05 / draws)


def test_errors_are_neither_too_large_nor_too_small():
    """Over all rows, z-scores look standard normal and reported errors match the derived ones."""
    rows = [row for identity in CASES for row in exact_rows(identity)]
    rows = [r for r in rows if "mc_se1" in r[0] and r[0]["ref_err"] < 0.2 * r[3]]
    z = np.array([(value - row["value"]) / error for row, value, _, error in rows])
    ratio = np.array([reported / error for row, _, reported, error in rows if not is_rare(row)])
    assert len(z) > 200
    # wider than 1/sqrt(rows): the rows of a case are correlated
    assert abs(z.mean()) < 0.25
    assert 0.8 < z.std() < 1.2
    assert 0.9 < ratio.mean() < 1.1


def is_rare(row):
    return "event" in row and row["value"] < RARE


def test_events_are_understood():
    """The small event parser takes every event of the file; nothing is left to chance."""
    for case in CASES.values():
        for relation, bound in events(case).values():
            assert relation in ("<", "<=", ">")
            assert re.fullmatch(r"-?\d+(\.\d+)?", bound)

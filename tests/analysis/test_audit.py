"""Claims get the verdicts of the stated rule, by all draws, and say what would have to be true."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from xarray import DataTree

from wattif.analysis import Audit, audit_claims, by_source
from wattif.analysis.audit import judge
from wattif.analysis.cumulative import read_cumulative
from wattif.analysis.estimates import Estimate
from wattif.analysis.measures import Measures
from wattif.api import load
from wattif.errors import ResultError

Run = Callable[..., DataTree]

# "20 to 80 MWh" is lognormal: median 40, sigma ln(4) / 2 / 1.645.
SIGMA = math.log(4) / 2 / stats.norm.ppf(0.95)


def audited(simulate: Run, belief: Any, *claims: str, **rest: Any) -> tuple[Audit, ...]:
    """Return the audit of claims about one quantity."""
    stated = [{"quantity": "x", "says": says, "source": "a paper"} for says in claims]
    return audit_claims(simulate({"x": belief}, claims=stated, run={"outputs": ["x"]}, **rest))


# Claims about "20 to 80 MWh", and about things that are known exactly.
VERDICTS = {
    # figures: within the 90 % interval or not
    "~ 41 MWh": "consistent",
    "25 MWh": "consistent",
    "75 MWh": "consistent",
    "0.04 GWh": "consistent",
    "7 MWh": "inconsistent",
    "300 MWh": "inconsistent",
    # ranges: within it, around it, across an end, outside
    "30 to 35 MWh": "consistent",
    "15 to 100 MWh": "consistent",
    "60 to 200 MWh": "doubtful",
    "5 to 15 MWh": "inconsistent",
    "90 to 200 MWh": "inconsistent",
    # bounds: likely, as likely as not, unlikely
    "> 20 MWh": "consistent",
    "< 70 MWh": "consistent",
    "> 40 MWh": "doubtful",
    "> 90 MWh": "inconsistent",
    "< 10 MWh": "inconsistent",
    # what nearly anything would satisfy
    "> 1 MWh": "vague",
    "> 0 MWh": "vague",
    "< 1 GWh": "vague",
    "1 to 1000 MWh": "vague",
    "0 to 400 MWh": "vague",
}


@pytest.fixture(scope="module")
def judged(simulate: Run) -> dict[str, Audit]:
    found = audited(simulate, "20 to 80 MWh", *VERDICTS)
    return {audit.check.says: audit for audit in found}


@pytest.mark.parametrize(("says", "verdict"), VERDICTS.items())
def test_the_rule_gives_the_verdict(judged: dict[str, Audit], says: str, verdict: str) -> None:
    assert judged[says].verdict == verdict
    assert judged[says].firm


EXACT = {
    ("30.84e6 hour", "30.84e6 hour"): "consistent",
    ("30.84e6 hour", "7.7e6 hour"): "inconsistent",
    ("1287.06 MWh", "~ 1.3 GWh"): "consistent",  # 1 % off: a rounded figure
    ("1897 t", "1900 t"): "consistent",
    ("62.4476 t", "62.44 t"): "consistent",  # truncated instead of rounded
    ("2.788e6 hour", "2.788 million hour"): "consistent",
    ("16_384 GPU", "49_152 GPU"): "inconsistent",
    ("0 GPU", "> 0 GPU"): "inconsistent",
    ("0 GPU", ">= 0 GPU"): "consistent",
    ("0 GPU", "1 GPU"): "inconsistent",
    ("5 GPU", "> 5 GPU"): "doubtful",  # 5 may have been rounded
    ("-20 day", "> 0 day"): "inconsistent",
    ("-20 day", "> -25 day"): "consistent",
    ("-20 day", "> -100 day"): "vague",
    ("-20 day", "< 0 day"): "vague",
    ("41 GWh", "> 1.3 GWh"): "vague",
    ("1.31 GWh", "1.0 to 1.3 GWh"): "doubtful",
}


@pytest.mark.parametrize(("known", "verdict"), EXACT.items())
def test_what_is_known_exactly_is_judged_up_to_rounding(
    simulate: Run, known: tuple[str, str], verdict: str
) -> None:
    (audit,) = audited(simulate, known[0], known[1])
    assert audit.verdict == verdict
    assert audit.firm


def test_a_figure_within_an_interval_that_says_nothing_is_not_tested(simulate: Run) -> None:
    wide, far, likely = audited(simulate, "1 to 100 Wh", "~ 10 Wh", "1000 Wh", "> 2 Wh")
    assert (wide.verdict, wide.reason) == ("vague", "ignorant")
    assert far.verdict == "inconsistent"
    assert likely.verdict == "consistent"


def test_probability_and_factor_are_those_of_the_distribution(judged: dict[str, Audit]) -> None:
    law = stats.lognorm(SIGMA, scale=40)
    for says, truth in (
        ("> 40 MWh", 0.5),
        ("< 70 MWh", law.cdf(70)),
        ("60 to 200 MWh", law.cdf(200) - law.cdf(60)),
        ("5 to 15 MWh", law.cdf(15) - law.cdf(5)),
    ):
        holds = judged[says].measures.holds
        assert holds.value == pytest.approx(truth, abs=5 * holds.error)
        assert 0 < holds.error < 0.005
    factor = judged["300 MWh"].factor
    # A lone factor's median has no error but that of its table, some 1e-9.
    assert factor.value == pytest.approx(7.5, rel=1e-8, abs=5 * factor.error)
    assert judged["5 to 15 MWh"].factor.value == pytest.approx(math.sqrt(75) / 40, rel=0.01)


def test_a_verdict_within_the_noise_says_so(simulate: Run) -> None:
    threshold = stats.lognorm(SIGMA, scale=40).ppf(1 / 3)  # likely, by a hair
    rough = audited(
        simulate,
        "20 to 80 MWh",
        f"> {threshold:.6g} MWh",
        "> 25 MWh",
    )
    assert [audit.firm for audit in rough] == [False, True]


def measures(**changed: float) -> Measures:
    """Return measures of a claim that is consistent, but for what is changed."""
    known = {"holds": 0.9, "reached": 0.9, "inside": 0.0, "room": 1.0, "width": 4.0} | changed
    exact = {name: Estimate(known[name], 0.0) for name in ("holds", "reached", "inside")}
    return Measures(**exact, room=known["room"], width=known["width"])


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, ("consistent", "")),
        ({"holds": 0.01, "reached": 0.049}, ("inconsistent", "")),
        ({"holds": 0.05, "reached": 0.05}, ("doubtful", "")),
        ({"holds": 0.66}, ("doubtful", "")),
        ({"holds": 0.67}, ("consistent", "")),
        ({"holds": 0.1, "inside": 0.9}, ("consistent", "")),
        ({"holds": 0.1, "inside": 1.0, "width": 31.0}, ("vague", "ignorant")),
        ({"room": 3.0}, ("vague", "loose")),
        ({"room": 3.0, "holds": 0.3}, ("doubtful", "")),
    ],
)
def test_thresholds_stand_where_the_page_says(
    changed: dict[str, float], verdict: tuple[str, str]
) -> None:
    assert judge(measures(**changed)) == verdict


def test_counts_and_events_are_read_value_by_value(simulate: Run) -> None:
    belief = {"dist": "discrete", "values": [1, 2, 6], "weights": [0.2, 0.3, 0.5]}
    two, above, at_least = audited(simulate, belief, "2 to 2.5", "> 2", ">= 2")
    for audit, truth in ((two, 0.3), (above, 0.5), (at_least, 0.8)):
        assert audit.measures.holds.value == pytest.approx(truth, abs=0.01)


LAWS = {
    "lognormal": ("20 to 80 MWh", stats.lognorm(SIGMA, scale=40)),
    "normal": ({"dist": "normal", "mean": 0, "sd": 1, "unit": "MWh"}, stats.norm()),
    "uniform": ({"dist": "uniform", "min": 1, "max": 3, "unit": "MWh"}, stats.uniform(1, 2)),
    "kinked": (
        {"dist": "triangular", "min": 1.08, "mode": 1.12, "max": 1.25},
        stats.triang(0.04 / 0.17, 1.08, 0.17),
    ),
}


@pytest.mark.parametrize(("belief", "law"), LAWS.values(), ids=LAWS)
def test_all_draws_count_and_not_those_kept(belief: Any, law: Any) -> None:
    study = {"title": "T", "quantities": {"x": belief}, "run": {"outputs": ["x"]}}
    found = read_cumulative(load(study).run(draws=2**20, threads=1), "x", "study")
    for probability in np.linspace(0.002, 0.998, 101):
        share = found.split(-math.inf, float(law.ppf(probability)))[1]
        # 16,384 draws at random would be off by 0.004 in the middle; a kink inside a cell by 2e-5
        assert share.value == pytest.approx(probability, abs=2e-5)
        assert share.error < 2e-4


@pytest.fixture(scope="module")
def energy(simulate: Run) -> DataTree:
    """Return an energy that is count times time times power, and claims about it."""
    quantities = {
        "count": {"value": "20_000 to 30_000 GPU", "label": "Accelerators", "grade": "C"},
        "time": "90 to 100 day",
        "power": "0.4 kW",
        "energy": {"formula": "count * time * power", "unit": "GWh", "label": "Energy"},
        "nothing": {"formula": "unknown * 2", "unit": "GWh"},
        "unknown": {"absent": "nobody has said", "unit": "GWh"},
    }
    claims = [
        {"quantity": "energy", "says": "2.2 to 2.8 GWh", "source": "one"},
        {"quantity": "energy", "says": "> 24 GWh", "source": "one"},
        {"quantity": "energy", "says": "~ 22.6 GWh", "source": "two"},
        {"quantity": "nothing", "says": "3 GWh", "source": "three"},
        {"quantity": "energy", "says": "< 27 GWh", "source": "two"},
        {"quantity": "energy", "says": "> 100 GWh", "source": "two"},
        {"quantity": "energy", "says": "> 1 GWh", "source": "four"},
        {"quantity": "energy", "says": "< 30 GWh", "source": "four"},
    ]
    return simulate(quantities, claims=claims)


def test_what_never_holds_says_what_one_assumption_would_have_to_be(energy: DataTree) -> None:
    audit = audit_claims(energy)[0]
    assert audit.verdict == "inconsistent"
    assert [condition.how for condition in audit.conditions] == ["alone"] * 3
    count, time, power = audit.conditions  # the least unlikely first, constants last
    assert [count.label, time.label, power.label] == ["Accelerators", "time", "power"]
    factor = 2.8 / audit.check.answer.median
    for condition in audit.conditions:
        # the factor is that of the medians; the steps of the search are 0.2 % wide
        assert condition.needed.value == pytest.approx(factor * condition.usual, rel=1e-3)
    assert (count.place, time.place) == pytest.approx((0, 0), abs=1e-6)
    assert math.isnan(power.place)


def test_what_holds_now_and_then_says_what_is_different_then(energy: DataTree) -> None:
    audit = audit_claims(energy)[1]
    assert audit.verdict == "doubtful"
    count = audit.conditions[0]
    assert (count.how, count.label) == ("together", "Accelerators")
    draws = energy["prior"]
    chosen = draws["count"].values[draws["energy"].values[..., 0] > 24]
    assert count.needed.value == pytest.approx(np.median(chosen))
    assert count.needed.value > count.usual
    assert 0.5 < count.place < 1


def test_agreeing_claims_need_nothing(energy: DataTree) -> None:
    assert audit_claims(energy)[2].conditions == ()


def test_what_the_study_has_no_figure_for_is_not_tested(energy: DataTree) -> None:
    untested = audit_claims(energy)[3]
    assert untested.verdict == "untested"
    assert untested.check.answer.reason == "nobody has said"


def test_a_source_is_judged_by_its_claims(energy: DataTree) -> None:
    assert by_source(audit_claims(energy)) == {
        "one": "doubtful",  # inconsistent and doubtful
        "two": "mixed",
        "three": "untested",
        "four": "consistent",  # and vague, which does not count
    }


def test_a_study_without_claims_is_refused(simulate: Run) -> None:
    tree = simulate({"x": "1 to 2 USD"}, run={"outputs": ["x"]})
    with pytest.raises(ResultError, match=r"no claim about this; claims stand under \[\[claims\]"):
        audit_claims(tree)

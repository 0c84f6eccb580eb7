"""From a file or a dict to a model, and from a resolved study back to the same model."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from wattif.distributions import make
from wattif.errors import StudyError
from wattif.language.explain import assumptions, explain
from wattif.language.loader import from_resolved, load
from wattif.language.model import Constant, Formula, Random, RunSettings

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.toml"))


def formula(text, **more):
    return {"formula": text, **more}


def belief(form, **study):
    """Return what a form of x is taken to mean."""
    return load({"quantities": {"x": form, "y": formula("x")}, **study}).find("study", "x").belief


# short form, long form
SAME = [
    ("700 W", {"value": "700 W"}),
    ("700 W", {"value": 700, "unit": "W"}),
    ("700 W", {"value": "700", "unit": "W"}),
    ("0.7 kW", {"value": "700 W", "unit": "kW"}),
    ("30 to 50 USD", {"value": "30 to 50", "unit": "USD"}),
    ("30 to 50 USD", {"value": "30 to 50 USD"}),
    ("30 to 50 USD", {"value": "30 to 50 USD", "unit": "USD"}),
    ("30k to 50k USD", {"value": "30k to 50k", "unit": "USD"}),
    (3, "3"),
    (3, {"value": 3.0}),
    ("30 %", {"value": 30, "unit": "%"}),
]


@pytest.mark.parametrize(("short", "long"), SAME)
def test_short_and_long_forms_mean_the_same(short, long):
    assert belief(short) == belief(long)


# a form, the family it becomes, its 5th and 95th percentile
READINGS = [
    ("20 to 30 GPU", "lognormal", 20, 30),
    ("-2 to 3", "normal", -2, 3),
    ({"value": "0.9 to 0.999", "domain": [0, 1]}, "logit-normal", 0.9, 0.999),
    ({"value": "20 to 30", "domain": {"min": 0}}, "lognormal", 20, 30),
    ({"value": "20 to 30", "truncate": [10, 40]}, "lognormal", 20, 30),
    ({"value": "0.2 to 0.3", "domain": [0, 1], "truncate": {"max": 0.5}}, "logit-normal", 0.2, 0.3),
    ({"dist": "lognormal", "p5": 20, "p95": 30}, "lognormal", 20, 30),
    ({"dist": "normal", "p5": 20, "p95": 30, "truncate": {"min": 0}}, "normal", 20, 30),
    ({"dist": "uniform", "min": 0, "max": 100, "unit": "W"}, "uniform", 5, 95),
]


@pytest.mark.parametrize(("form", "family", "low", "high"), READINGS)
def test_a_belief_has_the_percentiles_it_states(form, family, low, high):
    found = belief(form)
    assert isinstance(found, Random)
    assert found.distribution.family == family
    ends = [found.distribution.quantile(0.05), found.distribution.quantile(0.05, upper=True)]
    np.testing.assert_allclose(ends, [low, high], rtol=1e-9)
    assert found.stated
    assert found.reading.startswith(family)


def test_an_interval_says_what_it_was_taken_to_mean():
    found = belief("20_000 to 30_000 GPU")
    assert found.stated == "20_000 to 30_000 GPU"
    assert found.reading == "lognormal with 5 % below 20,000 and 5 % above 30,000"
    assert (found.interval, found.level) == ((20_000, 30_000), 0.90)


def test_only_an_interval_has_ends():
    assert belief({"value": "0.2 to 0.3 kW", "unit": "W"}).interval == (200, 300)
    assert belief({"value": "2 to 3", "truncate": [1, 4]}).interval == (2, 3)
    assert belief({"dist": "lognormal", "p5": 20, "p95": 30}).interval is None


# form -> stated, reading
SHORT_FORMS = [
    (
        "5 to 10 GWh (80 %)",
        "5 to 10 GWh (80 %)",
        "lognormal with 10 % below 5 and 10 % above 10",
    ),
    (
        {"value": "-2k to 3k (95%)", "unit": "USD"},
        "-2k to 3k USD (95%)",
        "normal with 2.5 % below -2,000 and 2.5 % above 3,000",
    ),
    (
        {"value": "0.5 to 0.9 (50 %)", "domain": [0, 1]},
        "0.5 to 0.9 (50 %)",
        "logit-normal between 0 and 1 with 25 % below 0.5 and 25 % above 0.9",
    ),
    (
        {"value": "2 to 3 (80 %)", "truncate": [1, 4]},
        "2 to 3 (80 %)",
        "lognormal with 10 % below 2 and 10 % above 3, truncated to 1 to 4",
    ),
    (
        {"value": "~ 6 within 5 to 10 kWh", "unit": "Wh"},
        "~ 6 within 5 to 10 kWh",
        "pert from 5,000 to 10,000, most likely 6,000",
    ),
    (
        {"value": "~ 6 within 5 to 10", "unit": "Wh", "truncate": {"max": 9}},
        "~ 6 within 5 to 10 Wh",
        "pert from 5 to 10, most likely 6, truncated to at most 9",
    ),
]


@pytest.mark.parametrize(("form", "stated", "reading"), SHORT_FORMS)
def test_a_short_form_says_what_it_was_taken_to_mean(form, stated, reading):
    found = belief(form)
    assert (found.stated, found.reading) == (stated, reading)


def test_a_level_fixes_the_percentiles_of_what_is_drawn():
    for form in ("2 to 3 (80 %)", {"value": "2 to 3 (80 %)", "truncate": [1, 4]}):
        found = belief(form).distribution
        np.testing.assert_allclose(found.quantile([0.1, 0.9]), [2, 3], rtol=1e-9)


def test_a_most_likely_value_makes_a_pert():
    assert belief("~ 6 within 5 to 10").distribution == make(
        "pert", {"min": 5, "mode": 6, "max": 10}
    )


def test_a_range_from_0_has_no_family_at_any_level():
    with pytest.raises(StudyError) as refused:
        belief("0 to 5 (80 %)")
    (problem,) = refused.value.problems
    assert problem.message.startswith("an interval that starts at 0")
    assert 'dist = "uniform"' in problem.hint


def test_what_is_most_likely_keeps_to_the_domain():
    with pytest.raises(StudyError) as refused:
        belief({"value": "~ 0.6 within 0.5 to 1.2", "domain": [0, 1]})
    (problem,) = refused.value.problems
    assert problem.message == "x is 0.5 to 1.2, outside its domain, 0 to 1"


def test_percentiles_are_told_beside_the_parameters():
    found = belief({"dist": "lognormal", "p5": 2, "p50": 3, "p95": 8})
    assert found.reading.startswith("lognormal(median = 1.")
    assert found.reading.endswith(") with p5 = 2, p50 = 3 and p95 = 8")


def test_a_family_says_its_parameters():
    found = belief({"dist": "normal", "mean": 1, "sd": 0.1, "unit": "m", "truncate": {"min": 0}})
    assert found.stated == "normal, mean = 1, sd = 0.1, truncated to at least 0, in m"
    assert found.reading.startswith("normal(mean = 1, sd = 0.1")


def test_a_study_without_systems_is_a_study_of_one():
    model = load({"quantities": {"x": "1 to 2", "y": formula("x")}})
    assert [system.key for system in model.systems] == ["study"]
    assert model.find("study", "x").key == "x"
    assert model.title == model.name == "study"


def test_a_file_gives_its_name_and_text(tmp_path):
    path = tmp_path / "my-study.toml"
    path.write_text('[quantities]\nx = 3\ny = { formula = "x" }\n')
    model = load(path)
    assert (model.name, model.path, model.text) == ("my-study", str(path), path.read_text())
    assert load(str(path)) == model


def test_run_settings_are_read_and_have_defaults():
    quantities = {"y": formula("1")}
    assert load({"quantities": quantities}).run == RunSettings()
    run = {"draws": 100, "sampling": "random", "seed": 2**64 - 1, "interval": 0.5, "replicates": 4}
    assert load({"quantities": quantities, "run": run}).run == RunSettings(**run)


# quantities and outputs asked for -> outputs
OUTPUTS = [
    ({}, ("y", "z", "w")),
    ({"run": {"outputs": ["x", "w"]}}, ("x", "w")),
    ({"claims": [{"quantity": "x", "says": "3"}]}, ("y", "z", "w", "x")),
    ({"run": {"outputs": ["w"]}, "claims": [{"quantity": "z", "says": "3"}]}, ("w", "z")),
]


@pytest.mark.parametrize(("more", "outputs"), OUTPUTS)
def test_outputs_are_those_listed_else_every_formula(more, outputs):
    study = {
        "uses": ["listed", "open"],
        "quantities": {"x": "1 to 2", "w": formula("x")},
        "equations": {
            "listed": {"outputs": ["y"], "quantities": {"y": formula("h"), "h": formula("x")}},
            "open": {"quantities": {"z": formula("x")}},
        },
    }
    assert load(study | more).outputs == outputs


def test_nothing_to_report_is_refused():
    with pytest.raises(StudyError, match="nothing to report: the study has no formula"):
        load({"quantities": {"x": "1 to 2"}})
    with pytest.raises(StudyError, match="the study is empty"):
        load({})


# what it says -> relation, bounds in MWh
CLAIMS = {
    "5.4 to 7.7 GWh": ("between", 5400, 7700),
    "> 1.5 GWh": ("above", 1500, np.inf),
    "< 3 GWh": ("below", -np.inf, 3000),
    "~ 34 MWh": ("about", 34, 34),
    "2 GWh": ("exactly", 2000, 2000),
}


@pytest.mark.parametrize("says", CLAIMS)
def test_a_claim_is_in_the_unit_of_its_quantity(says):
    study = {
        "quantities": {"y": formula("x", unit="MWh")},
        "systems": {"a-b": {"quantities": {"x": "1 GWh"}}},
        "claims": [{"quantity": "a-b.y", "says": says, "source": "press", "note": "n"}],
    }
    (claim,) = load(study).claims
    relation, low, high = CLAIMS[says]
    assert (claim.system, claim.quantity, claim.says) == ("a-b", "y", says)
    assert (claim.relation, claim.unit.text) == (relation, "MWh")
    assert (claim.low, claim.high) == pytest.approx((low, high))
    assert (claim.source, claim.note) == ("press", "n")


def test_what_a_better_definition_leaves_out_the_next_one_says():
    study = {
        "uses": ["s"],
        "quantities": {"x": {"value": "3 m", "source": "own"}},
        "equations": {
            "s": {"quantities": {"x": {"unit": "m", "label": "Length"}, "y": formula("x")}}
        },
    }
    found = load(study).find("study", "x")
    assert (found.label, found.source) == ("Length", "own")


def test_one_name_has_one_dimension():
    study = {
        "quantities": {"y": formula("x")},
        "systems": {"a": {"quantities": {"x": "1 m"}}, "b": {"quantities": {"x": "1 USD"}}},
    }
    with pytest.raises(StudyError, match=r"x is in USD \[money\]; expected a unit like m"):
        load(study)
    study["systems"]["b"]["quantities"]["x"] = "1 km"
    assert load(study).units["x"].text == "m"


def test_a_formula_without_unit_takes_the_one_that_its_set_declares():
    study = {
        "uses": ["s"],
        "quantities": {"n": "3 GPU", "t": "2 day", "gpu_hours": formula("n * t")},
        "equations": {"s": {"quantities": {"gpu_hours": {"unit": "hour"}}}},
    }
    assert load(study).find("study", "gpu_hours").unit.text == "hour"


# Resolved studies


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_a_resolved_study_makes_the_same_model(path):
    model = load(path)
    again = from_resolved(json.loads(json.dumps(model.resolved)))
    assert again == model
    assert again.resolved == model.resolved


def test_a_resolved_study_brings_its_sets(monkeypatch):
    from wattif import library

    model = load(CONFIGS[0].with_name("survey-2025b.toml"))
    monkeypatch.setattr(library, "equation_sets", lambda: ())
    assert from_resolved(model.resolved) == model
    assert set(model.resolved["sets"]) == {"llm-training", "llm-inference"}
    assert all(len(entry["sha256"]) == 64 for entry in model.resolved["sets"].values())


def test_a_set_of_the_study_does_not_hide_a_packaged_one():
    sets = {"llm-training": {"quantities": {"y": formula("1")}}}
    with pytest.raises(StudyError, match="would hide the one that comes with wattif"):
        load({"uses": ["llm-training"], "equations": sets})


def test_other_run_settings_are_part_of_what_is_resolved():
    model = load({"quantities": {"y": formula("1")}})
    changed = model.with_run(replace(model.run, seed=7))
    assert from_resolved(changed.resolved) == changed
    assert changed.run.seed == 7


def test_a_resolved_study_of_another_format_is_refused():
    with pytest.raises(StudyError, match="expected 1"):
        from_resolved({"format": 2})
    with pytest.raises(StudyError, match="something missing"):
        from_resolved({"format": 1})


# Size


def doublings(count):
    chain = {f"y{i}": formula(f"y{i - 1} + y{i - 1}") for i in range(1, count + 1)}
    return {"quantities": {"y0": "1 to 2 GPU", **chain}}


BIG = {
    "sixty doublings": doublings(60),
    "a chain of five thousand": doublings(5000),
    "two thousand quantities": {
        "quantities": {f"x{i}": f"{i + 1} to {i + 2} USD/kWh" for i in range(1000)}
        | {f"y{i}": formula(f"x{i} * 2") for i in range(1000)}
    },
    "absence through five thousand": {
        "quantities": doublings(5000)["quantities"] | {"y0": {"absent": "x"}}
    },
    "a thousand systems in a row": {
        "systems": {f"s{k}": {"quantities": {"x": formula(f"s{k + 1}.x + 1")}} for k in range(1000)}
        | {"s1000": {"quantities": {"x": "1 to 2"}}}
    },
}


@pytest.mark.parametrize("name", BIG)
def test_a_large_study_is_loaded_in_a_moment(name):
    load({"quantities": {"x": "1 to 2", "y": formula("x")}})  # imports
    start = time.process_time()
    assert load(BIG[name]).table
    assert time.process_time() - start < 3  # 0.1 to 0.5 s on an idle machine


WRONG = {
    "a thousand circles": {
        "quantities": {f"y{i}": formula("+".join(f"y{j}" for j in range(40))) for i in range(40)}
    },
    "names": {"quantities": {f"y{i}": formula(f"z{i} + 1") for i in range(2000)}},
    "units": {"quantities": {f"y{i}": f"{i} to {i + 1} qqq{i}" for i in range(2000)}},
    "keys": {"quantities": {f"y{i}": {"value": 1, f"k{i}": 1} for i in range(2000)}},
    "outputs": {
        "quantities": {f"y{i}": formula("1") for i in range(1000)},
        "run": {"outputs": [f"z{i}" for i in range(2000)]},
    },
    "claims": {
        "quantities": {f"y{i}": formula("1") for i in range(1000)},
        "claims": [{"quantity": f"z{i}", "says": "1"} for i in range(2000)],
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_very_many_problems_are_told_in_a_moment(name):
    start = time.process_time()
    with pytest.raises(StudyError) as caught:
        load(WRONG[name])
    assert time.process_time() - start < 5
    assert len(str(caught.value)) < 5000


# Explanations


SERVICE = {
    "quantities": {
        "price": {"value": "0.1 to 0.2 USD/kWh", "source": "a survey", "grade": "B"},
        "cost": formula("energy * price", unit="USD", label="Cost"),
        "energy": formula("power * time", unit="kWh"),
        "time": "10 hour",
        "both": formula("cost + energy * price", unit="USD"),
    },
    "systems": {
        "a": {"quantities": {"power": "3 kW"}},
        "b": {"quantities": {"power": {"absent": "secret"}}},
    },
}


def test_a_quantity_is_explained_down_to_stated_values():
    cost = explain(load(SERVICE), "a", "cost")
    assert (cost.kind, cost.stated, cost.unit, cost.label) == (
        "formula",
        "energy * price",
        "USD",
        "Cost",
    )
    energy, price = cost.children
    assert (energy.name, energy.stated, energy.range) == ("energy", "power * time", None)
    assert [child.stated for child in energy.children] == ["3 kW", "10 hour"]
    assert (price.kind, price.source, price.grade) == ("random", "a survey", "B")
    assert price.reading == "lognormal with 5 % below 0.1 and 5 % above 0.2"
    assert price.range == pytest.approx((0.1, 0.2))
    assert price.origin == "[quantities]"


def test_a_quantity_is_explained_once():
    cost, energy, price = explain(load(SERVICE), "a", "both").children
    assert not cost.repeated
    assert energy.repeated
    assert energy.children == ()
    assert price.repeated


def test_a_shared_value_is_explained_once_whichever_system_needs_it():
    study = {
        "quantities": {"price": "2 to 3"},
        "systems": {
            "my-sys": {"quantities": {"a": formula("2 * price")}},
            "other": {"quantities": {"b": formula("my_sys.a + price")}},
        },
    }
    ours, price = explain(load(study), "other", "b").children
    assert not ours.children[0].repeated
    assert price.repeated


def test_an_absent_quantity_is_explained_by_its_cause():
    cost = explain(load(SERVICE), "b", "cost")
    assert (cost.kind, cost.stated) == ("absent", "needs power, which is absent: secret")


def test_a_long_chain_is_explained():
    node = explain(load(doublings(3000)), "study", "y3000")
    for _ in range(3000):
        (node,) = node.children
    assert node.stated == "1 to 2 GPU"


@pytest.mark.parametrize(
    ("system", "name", "hint"),
    [("A", "cost", "'a'"), ("zzz", "cost", "systems: a, b"), ("a", "cots", "'cost'")],
)
def test_what_is_not_there_is_not_explained(system, name, hint):
    with pytest.raises(StudyError) as caught:
        explain(load(SERVICE), system, name)
    assert hint in caught.value.problems[0].hint


def test_assumptions_are_the_stated_values_that_an_output_needs():
    found = [(one.system, one.name, one.kind) for one in assumptions(load(SERVICE))]
    assert sorted(found) == [
        ("a", "power", "constant"),
        ("a", "price", "random"),
        ("a", "time", "constant"),
        ("b", "power", "absent"),
    ]


def test_loading_needs_no_heavy_library():
    code = (
        "import sys; from wattif.language.loader import load;"
        "load({'quantities': {'x': '1 to 2 USD', 'y': {'formula': 'x'}}});"
        "heavy = {'numba', 'xarray', 'pint', 'matplotlib', 'scipy.stats', 'toml_rs'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    source = Path(__file__).parents[2] / "simsrc"
    run = [sys.executable, "-c", code]
    found = subprocess.run(run, capture_output=True, text=True, check=True, cwd=source)
    assert found.stdout.strip() == "[]"


def test_constants_and_formulas_keep_what_was_written():
    model = load({"quantities": {"x": "3 GPU", "y": formula("x * 2")}})
    assert model.find("study", "x").belief == Constant(3.0)
    found = model.find("study", "y").belief
    assert isinstance(found, Formula)
    assert found.text == "x * 2"


@pytest.mark.parametrize(
    ("belief", "noticed"),
    [
        ("0.8 to 0.99", True),
        ("80 % to 99 %", True),
        ("0.1 to 0.2", False),  # its lognormal stays far below 1
        ("0.8 to 1.2", False),  # says itself that it passes 1
        ("0.8 to 0.99 (80 %)", True),
        ("0.8 to 0.99 GWh", False),
        ({"value": "0.8 to 0.99", "domain": [0, 1]}, False),
    ],
)
def test_a_share_that_would_pass_1_is_remarked_on(belief, noticed):
    unit = "GWh" if "GWh" in str(belief) else "1"
    data = {"quantities": {"u": belief, "c": {"formula": "2 * u", "unit": unit}}}
    notices = load(data).notices
    assert any("lies above 1; if it is a share" in notice for notice in notices) == noticed


def test_an_interval_without_quotation_marks_is_told_how_to_be_written(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("[quantities]\na = 20 to 30 kWh\n")
    with pytest.raises(StudyError) as refused:
        load(path)
    assert "text stands between quotation marks" in str(refused.value)


# distribution, key to blame
SCIPY = [
    ({"dist": "scipy.nakagami", "nu": -2}, "quantities.x.nu"),
    ({"dist": "scipy.nakagami", "nn": 2}, "quantities.x.nn"),
    ({"dist": "scipy.nakagami", "nu": 2, "scale": -1}, "quantities.x.scale"),
    ({"dist": "scipy.nakagamy", "nu": 2}, "quantities.x.dist"),
    ({"dist": "quirk", "nu": 2}, "quantities.x.dist"),
]


@pytest.mark.parametrize(("form", "blamed"), SCIPY)
def test_parameters_of_any_family_are_pointed_at(form, blamed):
    with pytest.raises(StudyError) as caught:
        belief(form)
    assert caught.value.problems[0].key == blamed


@pytest.mark.parametrize(("wrong", "right"), [("aa", "a"), ("xb", "x"), ("pua", "pue")])
def test_short_names_have_a_nearest_spelling(wrong, right):
    with pytest.raises(StudyError) as caught:
        load({"quantities": {right: 3, "total": formula(f"2 * {wrong}")}})
    assert caught.value.problems[0].hint == f"did you mean {right!r}?"

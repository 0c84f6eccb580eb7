"""The lookup rule: who supplies a name to a system, who shares a draw, what absence reaches."""

from __future__ import annotations

import numpy as np
import pytest

from wattif.errors import StudyError
from wattif.language.loader import load
from wattif.language.model import Absent, Constant, Formula, Random


def formula(text, **more):
    return {"formula": text, **more}


def equations(**sets):
    return {name: {"quantities": quantities} for name, quantities in sets.items()}


def refusal(study):
    with pytest.raises(StudyError) as caught:
        load(study)
    return caught.value.problems


def origins(study, name):
    model = load(study)
    return {system.key: model.find(system.key, name).origin for system in model.systems}


# Four places that define x, best first: each alone, and each beside all that are worse.
LAYERS = {
    "system s": {"systems": {"s": {"quantities": {"x": 1}}}},
    "[quantities]": {"quantities": {"x": 2, "y": formula("x")}},
    "equation set derived": {"equations": equations(derived={"x": formula("2 + 1")})},
    "equation set assumed": {"equations": equations(assumed={"x": "4 to 5"})},
}


def layered(*origins):
    study = {
        "uses": ["derived", "assumed"],
        "quantities": {"y": formula("x")},
        "systems": {"s": {}},
        "equations": equations(derived={}, assumed={}),
    }
    for origin in origins:
        for table, entries in LAYERS[origin].items():
            study[table] = study[table] | entries
    return study


@pytest.mark.parametrize("best", range(4))
def test_a_name_comes_from_the_first_layer_that_has_it(best):
    assert origins(layered(*list(LAYERS)[best:]), "x") == {"s": list(LAYERS)[best]}
    assert origins(layered(list(LAYERS)[best]), "x") == {"s": list(LAYERS)[best]}


def test_a_disclosed_number_replaces_the_formula_and_stays_an_output():
    study = {
        "uses": ["work"],
        "systems": {
            "derived": {"quantities": {"n": 3, "t": "2 hour"}},
            "disclosed": {"quantities": {"gpu_hours": "7 hour"}},
        },
        "equations": equations(
            work={
                "gpu_hours": formula("n * t", unit="hour", label="GPU-hours"),
                "n": {"unit": "GPU"},
                "t": {"unit": "hour"},
            }
        ),
    }
    model = load(study)
    assert model.outputs == ("gpu_hours",)
    assert isinstance(model.find("derived", "gpu_hours").belief, Formula)
    assert model.find("disclosed", "gpu_hours").belief == Constant(7.0)
    assert model.find("disclosed", "gpu_hours").label == "GPU-hours"
    assert ("disclosed", "n") not in model.table


SHARING = {
    "uses": ["s"],
    "quantities": {"shared": "1 to 2", "y": formula("shared + own + assumed")},
    "systems": {"a-1": {"quantities": {"own": "3 to 4"}}, "b": {"quantities": {"own": "3 to 4"}}},
    "equations": equations(s={"assumed": "5 to 6"}),
}


def test_shared_values_and_defaults_are_one_draw_and_own_values_are_not():
    model = load(SHARING)
    keys = {
        name: {model.find(system, name).key for system in ("a-1", "b")}
        for name in ("shared", "own", "assumed")
    }
    assert keys == {"shared": {"shared"}, "own": {"a-1.own", "b.own"}, "assumed": {"s:assumed"}}


def test_the_same_default_in_two_sets_is_one_draw():
    study = {
        "uses": ["s"],
        "systems": {"a": {"uses": ["r"]}, "b": {}},
        "equations": equations(s={"u": "3 to 4 m", "y": formula("u")}, r={"u": "3 to 4 m"}),
    }
    model = load(study)
    assert model.find("a", "u").key == model.find("b", "u").key == "r:u"


def test_a_shared_formula_sees_the_asking_system():
    study = {
        "quantities": {"y": formula("x * 2")},
        "systems": {"a": {"quantities": {"x": "2 hour"}}, "b": {"quantities": {"x": "3 day"}}},
    }
    model = load(study)
    assert [model.find(key, "y").unit.text for key in ("a", "b")] == ["hour", "day"]
    assert model.units["y"].text == "hour"


def test_a_formula_names_another_system_with_underscores():
    study = {
        "systems": {
            "gpt-4": {"quantities": {"cost": "2 USD"}},
            "other": {"quantities": {"ratio": formula("cost / gpt_4.cost"), "cost": "3 USD"}},
        },
        "run": {"outputs": ["ratio"]},
    }
    belief = load(study).find("other", "ratio").belief
    assert {name.system for name in belief.expression.arguments} == {None, "gpt-4"}


TWO_SETS = {
    "uses": ["one", "two"],
    "quantities": {"k": 1},
    "equations": equations(one={"x": 3, "y": formula("x")}, two={"x": 4, "y": formula("x")}),
}


def test_two_defaults_are_a_conflict_and_the_same_formula_twice_is_not():
    (problem,) = refusal(TWO_SETS)
    assert problem.message == (
        "x is defined in two ways: '3' (equation set one) and '4' (equation set two)"
    )
    assert problem.hint == "settle it: give x a value or formula under [quantities]"


def test_two_formulas_are_a_conflict():
    sets = equations(one={"x": formula("k * 2")}, two={"x": formula("k + 2")})
    (problem,) = refusal(TWO_SETS | {"equations": sets})
    assert "x is defined in two ways" in problem.message


@pytest.mark.parametrize(
    "settled",
    [
        {"quantities": {"x": 5}},
        {"systems": {"s": {"quantities": {"x": 5}}}},
        {"systems": {"s": {"quantities": {"x": formula("2 * 3")}}}},
    ],
)
def test_the_study_settles_a_conflict(settled):
    model = load(TWO_SETS | settled)
    assert model.find(model.systems[0].key, "x").origin in ("[quantities]", "system s")


def test_sets_of_different_systems_may_differ():
    study = {
        "systems": {"a": {"uses": ["one"]}, "b": {"uses": ["two"]}},
        "equations": TWO_SETS["equations"],
    }
    model = load(study)
    assert model.find("a", "x").belief == Constant(3.0)
    assert model.find("b", "x").belief == Constant(4.0)


def test_a_formula_of_one_set_supplies_what_another_declares():
    study = {
        "uses": ["needs", "gives"],
        "equations": equations(
            needs={"y": formula("x"), "x": {"unit": "hour"}},
            gives={"x": formula("k"), "k": "2 day"},
        ),
    }
    assert load(study).find("study", "x").origin == "equation set gives"


# Absence


ABSENT = {
    "quantities": {
        "cost": formula("energy * price", unit="USD"),
        "energy": formula("power * time", unit="kWh"),
        "time": "1 hour",
        "price": "0.1 USD/kWh",
    },
    "systems": {
        "open": {"quantities": {"power": "3 kW"}},
        "closed": {"quantities": {"power": {"absent": "not disclosed"}}},
    },
}


def test_absence_spreads_with_its_cause():
    model = load(ABSENT)
    reason = "needs power, which is absent: not disclosed"
    assert model.find("closed", "power").belief == Absent("not disclosed")
    assert model.find("closed", "energy").belief == Absent(reason, "power * time")
    assert model.find("closed", "cost").belief == Absent(reason, "energy * price")
    assert isinstance(model.find("open", "cost").belief, Formula)
    assert model.units["cost"].text == "USD"


def test_absence_spreads_across_systems():
    study = {
        **ABSENT,
        "run": {"outputs": ["gap"]},
        "quantities": {**ABSENT["quantities"], "gap": formula("cost - closed.cost")},
    }
    belief = load(study).find("open", "gap").belief
    assert belief.reason == "needs closed.power, which is absent: not disclosed"


def test_what_only_an_absent_quantity_needs_is_not_missed():
    study = {
        "quantities": {"cost": formula("count * price")},
        "systems": {
            "a": {"quantities": {"count": {"absent": "secret"}}},
            "b": {"quantities": {"count": 2, "price": 3}},
        },
    }
    assert isinstance(load(study).find("a", "cost").belief, Absent)


def test_a_name_that_nothing_defines_is_missed_beside_an_absent_one():
    study = {"quantities": {"a": {"absent": "secret"}, "y": formula("a * nothing")}}
    (problem,) = refusal(study)
    assert problem.message == "y needs 'nothing', which nothing defines"


def test_an_output_that_a_system_never_heard_of_is_absent_there():
    study = {"systems": {"a": {"quantities": {"x": formula("2")}}, "b": {"quantities": {"z": 3}}}}
    model = load(study)
    assert model.outputs == ("x",)
    assert model.find("b", "x").belief == Absent("not defined for this system")


def test_an_output_that_is_declared_and_not_supplied_is_missed():
    study = {
        "uses": ["s"],
        "run": {"outputs": ["n"]},
        "equations": equations(s={"n": {"unit": "GPU"}}),
    }
    (problem,) = refusal(study)
    assert problem.message == "'n' is an output, which nothing defines"
    assert "give it a value in GPU under [quantities]" in problem.hint


def test_one_gap_in_many_systems_is_one_problem():
    systems = {f"s{number}": {} for number in range(20)}
    study = {
        "uses": ["s"],
        "systems": systems,
        "equations": equations(s={"y": formula("n"), "n": {"unit": "GPU"}}),
    }
    (problem,) = refusal(study)
    assert "in systems s0, s1, s2, s3, s4, s5 and 14 more" in problem.message


# Circles

CIRCLES = {
    "two": ({"a": formula("b + 1"), "b": formula("a + 1")}, "a -> b -> a"),
    "one": ({"a": formula("2 * a")}, "a -> a"),
    "long": (
        {f"x{n}": formula(f"x{(n + 1) % 40}") for n in range(40)},
        "x0 -> x1 -> x2 -> x3 -> x4 -> x5 -> ... -> x36 -> x37 -> x38 -> x39 -> x0",
    ),
    "beside an output": ({"y": formula("1"), "a": formula("b"), "b": formula("a")}, "a -> b -> a"),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_is_named(name):
    quantities, words = CIRCLES[name]
    (problem,) = refusal({"quantities": quantities})
    assert problem.message == f"formulas need each other in a circle: {words}"


def test_a_circle_that_every_system_has_is_told_once():
    study = {"quantities": CIRCLES["two"][0], "systems": {"s": {}, "t": {}}}
    assert len(refusal(study)) == 1


def test_a_circle_of_a_set_is_settled_by_a_value():
    sets = equations(s={"a": formula("b + 1"), "b": formula("a - 1"), "y": formula("a * b")})
    assert "circle" in refusal({"uses": ["s"], "equations": sets})[0].message
    model = load({"uses": ["s"], "equations": sets, "quantities": {"b": 3}})
    assert isinstance(model.find("study", "a").belief, Formula)


# Domains


def read(quantity, **declared):
    sets = equations(s={"x": {"unit": "1", **declared}, "y": formula("x")})
    return load({"uses": ["s"], "equations": sets, "quantities": {"x": quantity}}).find(
        "study", "x"
    )


def test_a_set_declares_the_domain_of_a_shared_value():
    found = read("0.3 to 0.5", domain=[0, 1])
    assert isinstance(found.belief, Random)
    assert found.belief.distribution.family == "logit-normal"
    assert found.belief.reading == (
        "logit-normal between 0 and 1 with 5 % below 0.3 and 5 % above 0.5"
    )


# domain, quantity -> domain in the quantity's unit
DOMAINS = [
    ([0, 1], "30 to 50 %", (0.0, 100.0)),
    ([0, 1], {"value": "30 to 50", "unit": "%"}, (0.0, 100.0)),
    (None, {"value": "30 to 50 %", "domain": [0, 1]}, (0.0, 100.0)),
    (None, {"value": "30 to 50", "unit": "%", "domain": [0, 90]}, (0.0, 90.0)),
    ([0, 1], {"value": "30 to 50 %", "domain": {"max": 0.8}}, (-np.inf, 80.0)),
]


@pytest.mark.parametrize(("declared", "quantity", "domain"), DOMAINS)
def test_a_domain_is_converted_to_the_unit_of_the_value(declared, quantity, domain):
    more = {"domain": declared} if declared else {}
    assert read(quantity, **more).domain == domain


def test_a_domain_without_a_unit_is_in_that_of_the_quantity():
    study = {
        "quantities": {"x": {"value": "2 to 3 USD", "domain": [0, 9]}, "y": formula("x")},
    }
    assert load(study).find("study", "x").domain == (0.0, 9.0)


def test_a_truncation_is_in_the_unit_of_the_quantity():
    study = {"quantities": {"x": {"value": "2 to 3 %", "truncate": [0, 0.1]}, "y": formula("x")}}
    reading = load(study).find("study", "x").belief.reading
    assert reading == "lognormal with 5 % below 2 and 5 % above 3, truncated to 0 to 10"


@pytest.mark.parametrize("value", [1.5, "1.5", "0.5 to 1.5", "150 %", {"value": -0.1}])
def test_a_value_outside_its_domain_is_refused(value):
    with pytest.raises(StudyError, match="outside its domain, 0 to 1"):
        read(value, domain=[0, 1])


def test_a_distribution_that_strays_from_its_domain_is_remarked_on():
    study = {
        "quantities": {
            "x": {"dist": "normal", "mean": 0.9, "sd": 0.1, "domain": [0, 1]},
            "y": formula("x"),
        }
    }
    (notice,) = load(study).notices
    assert notice.startswith("x: 16 % of its distribution lies outside its domain 0 to 1")


def test_two_domains_for_a_shared_value_are_a_conflict_unless_it_has_its_own():
    sets = equations(s={"u": {"domain": [0, 1]}}, r={"u": {"domain": [0, 2]}})
    study = {"uses": ["s", "r"], "equations": sets}
    (problem,) = refusal({**study, "quantities": {"u": "0.1 to 0.2", "y": formula("u")}})
    assert "u has two domains" in problem.message
    own = {"value": "0.1 to 0.2", "domain": [0, 3]}
    model = load({**study, "quantities": {"u": own, "y": formula("u")}})
    assert model.find("study", "u").domain == (0.0, 3.0)


# What is left out


def test_what_no_output_needs_is_left_out_with_a_notice():
    study = {
        "quantities": {"x": 1, "idle": "2 to 3", "y": formula("x")},
        "systems": {"a": {"quantities": {"x": 2, "lonely": 3}}, "b": {"quantities": {"x": 4}}},
        "equations": equations(unused={"q": 1}),
    }
    model = load(study)
    assert model.notices == (
        "equation set unused is used by no system: list it under uses",
        "needed by no output, and so left out: x, idle, a.lonely",
    )
    assert ("a", "idle") in model.table
    assert ("a", "idle") not in model.needed


def test_a_default_that_is_replaced_is_no_news():
    study = {
        "uses": ["s"],
        "quantities": {"x": 1},
        "equations": equations(s={"x": "2 to 3", "y": formula("x")}),
    }
    assert load(study).notices == ()

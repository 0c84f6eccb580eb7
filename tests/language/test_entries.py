"""Data entries: who takes their figures, who shares the draw, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from wattif import library
from wattif.errors import StudyError
from wattif.language.entries import entries_of, fingerprint
from wattif.language.loader import from_resolved, load
from wattif.language.model import Absent, Constant, Random

CHIPS = {
    "title": "Chips",
    "fast": {"quantities": {"tdp": "700 W", "price": "30_000 to 40_000 USD"}},
    "slow": {"quantities": {"tdp": "400 W", "memory": "40 GB"}},
}
SITES = {
    "title": "Sites",
    "north": {"quantities": {"pue": {"value": "1.05 to 1.2", "source": "report", "grade": "A"}}},
    "south": {"quantities": {"pue": {"absent": "not published"}}},
}
SETS = {"chips": CHIPS, "sites": SITES}


@pytest.fixture(autouse=True)
def packaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "data_sets", lambda: tuple(SETS))
    monkeypatch.setattr(library, "read_data", SETS.__getitem__)


def study(**more):
    energy = {"formula": "tdp * pue", "unit": "W"}
    return {"quantities": {"energy": energy}, "from": ["chips.fast", "sites.north"], **more}


def refusal(data):
    with pytest.raises(StudyError) as caught:
        load(data)
    (problem,) = caught.value.problems
    return problem


def test_an_entry_supplies_what_the_study_does_not_say():
    model = load(study())
    tdp, pue = model.find("study", "tdp"), model.find("study", "pue")
    assert tdp.belief == Constant(700.0)
    assert (tdp.key, tdp.origin) == ("chips.fast:tdp", "data chips.fast")
    assert isinstance(pue.belief, Random)
    assert (pue.source, pue.grade) == ("report", "A")


def test_one_entry_may_be_written_without_a_list():
    assert load(
        study(**{"from": "chips.fast", "quantities": {"tdp": "1 W", "y": {"formula": "tdp"}}})
    )


# places that give tdp, best first, and the value there
LAYERS = (
    {"systems": {"s": {"quantities": {"tdp": "1 W"}}}},
    {"quantities": {"tdp": "2 W"}},
    {"systems": {"s": {"from": "chips.fast"}}},
    {"from": "chips.slow"},
    {"equations": {"e": {"quantities": {"tdp": {"formula": "2 * half", "unit": "W"}}}}},
)
ORIGINS = ("system s", "[quantities]", "data chips.fast", "data chips.slow", "equation set e")


@pytest.mark.parametrize("best", range(len(LAYERS)))
def test_entries_stand_between_the_shared_value_and_the_equation_set(best):
    data = {
        "uses": ["e"],
        "quantities": {"y": {"formula": "tdp", "unit": "W"}, "half": "5 W"},
        "systems": {"s": {}},
        "equations": {"e": {"quantities": {}}},
    }
    for layer in LAYERS[best:]:
        for table, content in layer.items():
            if table == "systems":
                data["systems"] = {"s": data["systems"]["s"] | content["s"]}
            elif table == "from":
                data["from"] = content
            else:
                data[table] = data[table] | content
    assert load(data).find("s", "tdp").origin == ORIGINS[best]


def test_systems_that_take_one_entry_share_its_draws():
    data = {
        "quantities": {"cost": {"formula": "2 * price", "unit": "USD"}},
        "systems": {"a": {"from": "chips.fast"}, "b": {"from": ["chips.fast"]}},
    }
    model = load(data)
    assert model.find("a", "price").key == model.find("b", "price").key == "chips.fast:price"
    from wattif.api import load as load_study

    draws = load_study(data).run(draws=1024, sampling="random")["prior"]["cost"].to_numpy()
    assert np.array_equal(draws[..., 0], draws[..., 1])


def test_what_an_entry_gives_and_nothing_uses_is_no_matter_of_remark():
    assert load(study()).notices == ()


def test_an_absence_in_an_entry_spreads_with_its_reason():
    model = load(study(**{"from": ["chips.fast", "sites.south"]}))
    belief = model.find("study", "energy").belief
    assert isinstance(belief, Absent)
    assert "not published" in belief.reason


def test_entries_that_disagree_are_refused_until_the_study_settles_it():
    both = ["chips.fast", "chips.slow", "sites.north"]
    problem = refusal(study(**{"from": both}))
    assert problem.key == "from"
    expected = "tdp is defined in two ways: '700 W' (data chips.fast) and '400 W' (data chips.slow)"
    assert problem.message == expected
    assert problem.hint == "settle it: give tdp a value or formula under [quantities]"
    assert load(study(quantities={**study()["quantities"], "tdp": "550 W"}, **{"from": both}))


def test_a_conflict_of_a_system_is_told_at_the_system():
    data = study(systems={"s": {"from": ["chips.fast", "chips.slow"]}})
    problem = refusal(data)
    assert problem.key == "systems.s.from"
    assert "[systems.s.quantities]" in problem.hint


UNKNOWN = {
    "chip.fast": ("no data set is called 'chip'", "did you mean 'chips'?"),
    "machines.fast": ("no data set is called 'machines'", "known: chips, sites"),
    "chips.fats": ("data set chips has no entry 'fats'", "did you mean 'chips.fast'?"),
    "sites.equator": ("data set sites has no entry 'equator'", "known: north, south"),
    "chips": ("'chips' is a whole data set; expected an entry of it", "write 'chips.fast'"),
    "chips.title": ("data set chips has no entry 'title'", "known: fast, slow"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_entry_that_is_not_there_is_refused_with_the_nearest(name):
    problem = refusal(study(**{"from": ["sites.north", name]}))
    assert (problem.message, problem.hint) == UNKNOWN[name]
    assert problem.key == "from[1]"


def test_a_study_may_bring_entries_of_its_own():
    own = {"mine": {"x1": {"label": "X1", "quantities": {"tdp": "900 W"}}}}
    model = load(study(data=own, **{"from": ["mine.x1", "sites.north"]}))
    assert model.find("study", "tdp").origin == "data mine.x1"
    assert "mine.x1" not in model.resolved["entries"]  # it is in the study already


def test_own_entries_that_no_system_takes_are_remarked_on():
    own = {"mine": {"x1": {"quantities": {"tdp": "900 W"}}}}
    assert load(study(data=own)).notices == (
        "data mine.x1 is taken by no system: list it under from",
    )


def test_a_data_set_of_the_study_does_not_hide_a_packaged_one():
    problem = refusal(study(data={"chips": {"x": {"quantities": {"tdp": "9 W"}}}}))
    assert problem.message == "data set 'chips' would hide the one that comes with wattif"


MISSHAPEN = {
    "formula": (
        {"quantities": {"x": {"formula": "2 * y"}}},
        "x: found a formula; expected a figure, as in every data entry",
    ),
    "no figures": ({"label": "X"}, "quantities is missing"),
    "unknown key": ({"quantities": {"x": {"value": 1, "sauce": "y"}}}, "unknown key sauce"),
    "unknown text": ({"quantities": {}, "maker": "y"}, "unknown key maker"),
    "bad name": ({"quantities": {"a-b": 1}}, "cannot name a quantity"),
}


@pytest.mark.parametrize("case", MISSHAPEN)
def test_a_misshapen_entry_is_refused_at_its_place(case):
    entry, message = MISSHAPEN[case]
    problem = refusal(study(data={"mine": {"one": entry}}))
    assert message in problem.message
    assert problem.key.startswith("data.mine.one")


def test_a_key_of_a_system_is_offered_by_the_name_that_files_use():
    assert refusal(study(systems={"s": {"form": "x"}})).hint == "did you mean 'from'?"


def test_a_resolved_study_brings_its_entries(monkeypatch):
    model = load(study())
    stored = model.resolved["entries"]["chips.fast"]
    assert stored["content"] == CHIPS["fast"]
    assert stored["sha256"] == fingerprint(CHIPS["fast"])
    monkeypatch.setattr(library, "data_sets", lambda: ())
    assert from_resolved(model.resolved) == model


def test_a_resolved_study_of_before_there_were_entries_is_read():
    model = load({"quantities": {"x": "1 to 2", "y": {"formula": "x"}}})
    older = {key: value for key, value in model.resolved.items() if key != "entries"}
    assert from_resolved(older) == model


def test_the_texts_about_a_data_set_are_no_entries():
    assert list(entries_of(CHIPS)) == ["fast", "slow"]

"""Beliefs made of beliefs, as a study states them."""
# ruff: noqa: E501 - one case a line

from __future__ import annotations

import json
import tomllib

import numpy as np
import pytest

from wattif.distributions import interval, make
from wattif.distributions.mixture import Mixture
from wattif.errors import StudyError
from wattif.language.composites import COMPOSITES
from wattif.language.loader import load
from wattif.language.model import Random

FAR = {"dist": "mixture", "of": ["2 to 4", "10 to 20"], "weights": [0.7, 0.3]}


def quantity(form, **others):
    model = load({"quantities": {"x": form, "y": {"formula": "x"}, **others}})
    belief = model.find("study", "x").belief
    assert isinstance(belief, Random)
    return belief


def refusal(form):
    with pytest.raises(StudyError) as refused:
        load({"quantities": {"x": form, "y": {"formula": "x"}}})
    (problem,) = refused.value.problems
    return problem


def test_the_example_of_the_design():
    belief = quantity(FAR)
    assert belief.distribution == Mixture((interval(2, 4), interval(10, 20)), (0.7, 0.3))
    assert belief.stated == "mixture, of = [2 to 4, 10 to 20], weights = [0.7, 0.3]"
    assert belief.reading == "mixture of 70 % 2 to 4 (lognormal), 30 % 10 to 20 (lognormal)"


def test_weights_are_equal_unless_given():
    assert (
        quantity({"dist": "mixture", "of": ["2 to 4", 7]}).reading
        == "mixture of 50 % 2 to 4 (lognormal), 50 % 7"
    )


def test_texts_inherit_the_unit_and_may_bring_their_own():
    members = ["2 to 4", "10_000 to 20_000 W", "5 kW", {"value": "1 to 2", "unit": "kW"}]
    belief = quantity({"dist": "mixture", "of": members, "unit": "kW"})
    pooled = belief.distribution
    assert pooled.members[:2] == (interval(2, 4), interval(10, 20))
    assert pooled.members[2].mean == 5.0
    assert pooled.members[3] == interval(1, 2)
    assert belief.stated.endswith("in kW")


def test_a_domain_makes_logit_normals_of_the_texts():
    share = {"dist": "mixture", "of": ["0.2 to 0.4", "0.5 to 0.9"], "domain": [0, 1]}
    members = quantity(share).distribution.members
    assert [member.family for member in members] == ["logit-normal"] * 2


def test_the_domain_of_an_equation_set_counts_too():
    study = {
        "equations": {"s": {"quantities": {"x": {"domain": [0, 1]}, "y": {"formula": "2 * x"}}}},
        "uses": ["s"],
        "quantities": {"x": {"dist": "mixture", "of": ["0.2 to 0.4", "0.5 to 0.9"]}},
    }
    distribution = load(study).find("study", "x").belief.distribution
    assert distribution.members[0].family == "logit-normal"
    assert distribution.support == (0.0, 1.0)


def test_beliefs_nest():
    inner = {"dist": "zero-inflated", "p": 0.5, "of": {"dist": "normal", "mean": 3, "sd": 1}}
    belief = quantity({"dist": "mixture", "of": [inner, {**FAR, "truncate": {"max": 15}}]})
    assert belief.distribution.probability(0.0) > 0.25
    assert belief.reading == (
        "mixture of 50 % 50 % exactly 0, else normal(mean = 3, sd = 1), 50 % mixture of 70 % 2 to 4 "
        "(lognormal), 30 % 10 to 20 (lognormal), truncated to at most 15"
    )


def test_readings():
    normal = {"dist": "normal", "mean": 1, "sd": 2}
    cases = {
        "normal(mean = 1, sd = 2), what lies below 0 put on it": {
            "dist": "censored",
            "of": normal,
            "min": 0,
        },
        "30 % exactly 0, else 2 to 5 (lognormal)": {
            "dist": "zero-inflated",
            "p": 0.3,
            "of": "2 to 5",
        },
        "logarithmic pool of 50 % 2 to 4 (lognormal), 50 % 3 to 8 (lognormal)": {
            "dist": "pool",
            "of": ["2 to 4", "3 to 8"],
            "method": "logarithmic",
        },
        "average of the quantiles of 25 % 2 to 4 (lognormal), 75 % 3 to 8 (lognormal)": {
            "dist": "pool",
            "of": ["2 to 4", "3 to 8"],
            "weights": [1, 3],
            "method": "quantile",
        },
    }
    for reading, form in cases.items():
        assert quantity(form).reading == reading


def test_truncation_describes_the_whole():
    belief = quantity({**FAR, "truncate": [3, 12]})
    assert belief.distribution.support == (3.0, 12.0)
    assert belief.reading.endswith(", truncated to 3 to 12")


def test_a_result_stores_what_it_is_made_of():
    import wattif as wi

    tree = wi.load(
        {"quantities": {"x": {**FAR, "truncate": {"min": 1}}, "y": {"formula": "x"}}}
    ).run(draws=256)
    stored = json.loads(str(tree["inputs"]["parameters"].sel(quantity="x").values))
    assert [one["dist"] for one in stored["of"]] == ["lognormal", "lognormal"]
    assert stored["weights"] == [0.7, 0.3]
    assert stored["truncate"] == [1.0, None]
    assert str(tree["inputs"]["family"].sel(quantity="x").values) == "mixture"


def test_a_value_of_its_own_is_drawn_exactly():
    import wattif as wi

    form = {"dist": "mixture", "of": ["2 to 4", 3.3], "weights": [1, 1]}
    tree = wi.load({"quantities": {"x": form, "y": {"formula": "x == 3.3"}}}).run(draws=2**12)
    # A Sobol net of 2^8 points in each replicate: the share is right to a point or two.
    assert float(tree["summary"]["y"].sel(statistic="mean").values[0]) == pytest.approx(
        0.5, abs=0.01
    )


@pytest.mark.parametrize("name", COMPOSITES)
def test_the_examples_are_beliefs(name):
    example = tomllib.loads("x = " + COMPOSITES[name].example)["x"]
    assert quantity(example).distribution.sd > 0.0


NORMAL = {"dist": "normal", "mean": 1, "sd": 2}
REFUSED = [
    ({"dist": "mixture"}, "mixture needs of", "x"),
    ({"dist": "mixture", "of": "2 to 4"}, 'of is the text "2 to 4"; expected a list of beliefs', "x.of"),
    ({"dist": "mixture", "of": []}, "of is empty; expected a list of beliefs", "x.of"),
    ({"dist": "mixture", "of": ["2 to 4", True]}, "found true; expected a number, a text or a table", "x.of[1]"),
    ({"dist": "mixture", "of": ["2 to 4", "2-4"]}, "a range written with '-'", "x.of[1]"),
    ({"dist": "mixture", "of": ["2 to 4", "0 to 4"]}, "an interval that starts at 0 could be lognormal or normal, and fits neither", "x.of[1]"),
    ({"dist": "mixture", "of": ["2 to 4", "1 to 3 kW"]}, "found kW [power]; expected 1 [pure number], as the whole", "x.of[1]"),
    ({"dist": "mixture", "of": ["2 to 4", {"formula": "a"}]}, "a belief inside another has value or dist, found formula", "x.of[1]"),
    ({"dist": "mixture", "of": ["2 to 4", {"mean": 3}]}, "a belief inside another has value or dist, found neither", "x.of[1]"),
    ({"dist": "mixture", "of": ["2 to 4", {**NORMAL, "unit": "kW"}], "unit": "MW"}, "a belief inside another is in the unit of the whole, MW; found kW", "x.of[1].unit"),
    ({"dist": "mixture", "of": ["2 to 4", {**NORMAL, "sd": -2}]}, "sd must be greater than 0, found -2", "x.of[1].sd"),
    ({"dist": "mixture", "of": ["2 to 4", {**NORMAL, "label": 3}]}, "label is 3; expected a text between quotation marks", "x.of[1].label"),
    ({"dist": "mixture", "of": ["2 to 4", {"value": "3", "truncate": [1, 2]}]}, 'truncate has no meaning for a constant, the text "3"', "x.of[1].value"),
    ({**FAR, "weights": [1]}, "mixture needs one weight for each belief, found 2 beliefs and 1 weights", "x.weights"),
    ({**FAR, "weights": [1, -1]}, "weights must not be negative, found -1", "x.weights"),
    ({**FAR, "weights": [0, 0]}, "weights must add up to more than 0, found 0", "x.weights"),
    ({**FAR, "weights": [1, "a"]}, 'weights is the text "a"; expected a finite number', "x.weights[1]"),
    ({**FAR, "weights": 3}, "weights is 3; expected a list of numbers", "x.weights"),
    ({**FAR, "weigths": [1, 2]}, "unknown key weigths of mixture", "x.weigths"),
    ({**FAR, "untis": "kW"}, "unknown key untis of mixture", "x.untis"),
    ({**FAR, "mean": 3}, "unknown key mean of mixture", "x.mean"),
    ({**FAR, "truncate": [-9, -5]}, None, "x.truncate"),
    ({"dist": "zero-inflated", "of": "2 to 4"}, "zero-inflated needs p", "x"),
    ({"dist": "zero-inflated", "p": 2, "of": "2 to 4"}, "p must lie between 0 and 1, both excluded, found 2", "x.p"),
    ({"dist": "censored", "of": "2 to 4"}, "censored needs min or max, or both", "x"),
    ({"dist": "censored", "of": NORMAL, "min": "0 kW"}, 'min is the text "0 kW"; expected a finite number', "x.min"),
    ({"dist": "pool", "of": ["2 to 4"]}, "pool needs method", "x"),
    ({"dist": "pool", "of": ["2 to 4"], "method": "linear"}, "the linear pool is the mixture", "x.method"),
    ({"dist": "pool", "of": ["2 to 4"], "method": "quantiles"}, 'method is the text "quantiles"; expected "logarithmic" or "quantile"', "x.method"),
    ({"dist": "pool", "of": ["2 to 4", {"dist": "poisson", "mean": 3}], "method": "quantile"}, "of[1] takes separate values, which have no density to pool", "x.of"),
    ({"dist": "pool", "of": ["1 to 2", "1e6 to 2e6"], "method": "logarithmic"}, "the opinions lie too far apart: where one is possible another is not", "x.of"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "message", "key"), REFUSED)
def test_refusals(form, message, key):
    problem = refusal(form)
    assert problem.key == "quantities." + key
    assert message is None or problem.message == message


HINTS = [
    ({"dist": "pool", "of": ["2 to 4"], "method": "linear"}, 'write dist = "mixture", without method'),
    ({**FAR, "weigths": [1, 2]}, "did you mean 'weights'?"),
    ({**FAR, "probabilities": [1, 2]}, "did you mean 'weights'?"),
    ({**FAR, "unti": "kW"}, "did you mean 'unit'?"),
    ({"dist": "linear-pool", "of": ["2 to 4"]}, "did you mean 'mixture'?"),
    ({"dist": "mixture", "of": ["1 to 3 kW"]}, 'write unit = "kW" beside dist, if that is the unit of the whole'),
]  # fmt: skip


@pytest.mark.parametrize(("form", "hint"), HINTS)
def test_hints(form, hint):
    assert refusal(form).hint == hint


def test_a_place_in_the_file_is_pointed_at(tmp_path):
    study = tmp_path / "s.toml"
    study.write_text(
        '[quantities]\nx = { dist = "mixture", of = [\n  "2 to 4",\n  { dist = "mixture", of = [3, "5 two 6"] },\n] }\ny = { formula = "x" }\n'
    )
    with pytest.raises(StudyError) as refused:
        load(study)
    assert refused.value.problems[0].key == "quantities.x.of[1].of[1]"
    assert refused.value.problems[0].line == 4


def test_depth_is_limited():
    form = "2 to 4"
    for _ in range(6):
        form = {"dist": "mixture", "of": [form, 1]}
    assert refusal(form).message == "beliefs inside beliefs, more than 5 deep"


def test_width_is_limited():
    assert (
        refusal({"dist": "mixture", "of": ["2 to 4"] * 257}).message
        == "of has 257 beliefs; at most 256 are taken"
    )


def test_a_mixture_can_be_correlated():
    import wattif as wi

    study = {
        "quantities": {
            "x": FAR,
            "z": {"dist": "zero-inflated", "p": 0.2, "of": "2 to 5"},
            "y": {"formula": "x + z"},
        },
        "correlate": [{"quantities": ["x", "z"], "rank": 0.6}],
    }
    tree = wi.load(study).run(draws=2**14)
    from scipy import stats

    kept = tree["prior"]
    found = stats.spearmanr(np.ravel(kept["x"].values), np.ravel(kept["z"].values)).statistic
    assert found == pytest.approx(0.6, abs=0.02)  # 2^14 draws: a standard error of 0.006


def test_equal_parameters_share_a_table():
    one, other = quantity(FAR).distribution, quantity(dict(FAR)).distribution
    assert one.shape().key == other.shape().key
    assert make("normal", {"mean": 0, "sd": 1}).shape().key != one.shape().key

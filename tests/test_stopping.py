"""Running until the answers are as certain as asked."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import stats

import wattif as wi
from wattif.api import compare
from wattif.errors import StudyError
from wattif.stopping import judge

STUDY = {
    "run": {"draws": 2**10, "sampling": "random"},
    "quantities": {
        "price": "10 to 20 USD",
        "count": "3 to 9",
        "cost": {"formula": "price * count"},
        "dear": {"formula": "cost > budget"},
        "budget": "120 USD",
    },
}


def study(**run):
    return wi.load({**STUDY, "run": {**STUDY["run"], **run}})


def test_it_stops_at_the_first_round_that_is_good_enough():
    seen = []
    tree = study(until=0.004).run(watch=seen.append)
    errors = [one.error for one in seen]
    assert [one.draws for one in seen] == [2**10 << step for step in range(len(seen))]
    assert all(error > 0.004 for error in errors[:-1])
    assert errors[-1] <= 0.004
    assert tree.attrs["until_reached"] == 1
    assert tree.attrs["until_error"] == errors[-1]
    assert len(seen) > 2


def test_the_result_is_that_of_one_run_with_as_many_draws():
    doubled = study(until="0.4 %").run()
    at_once = study().run(draws=int(doubled.attrs["draws"]))
    assert compare(doubled, at_once).identical
    assert json.loads(doubled.attrs["resolved"]) == json.loads(at_once.attrs["resolved"])


def test_the_budget_ends_it_and_says_so():
    tree = study(until=1e-6, budget=2**12).run()
    assert tree.attrs["draws"] == 2**12
    assert tree.attrs["until_reached"] == 0
    assert tree.attrs["until_error"] > 1e-6
    assert tree.attrs["until_worst"]


def test_the_error_is_the_upper_limit_of_the_worst_statistic():
    tree = study().run()
    limit = math.sqrt(15.0 / stats.chi2(15).ppf(0.05))
    summary, error = tree["summary"].to_dataset(), tree["summary_error"].to_dataset()
    expected = []
    for name in ("cost", "dear"):
        low, high = (summary[name].sel(statistic=end).item() for end in ("eti_low", "eti_high"))
        for statistic in ("mean",) if name == "dear" else ("p5", "p50", "p95"):
            scale = max(abs(summary[name].sel(statistic=statistic).item()), high - low)
            expected.append(limit * error[name].sel(statistic=statistic).item() / scale)
    assert judge(tree).error == pytest.approx(max(expected), rel=1e-12)


def test_what_lies_about_zero_is_judged_by_its_width():
    quantities = {"x": {"dist": "normal", "mean": 0.0, "sd": 1.0}, "y": {"formula": "2 * x"}}
    tree = wi.load({"quantities": quantities}).run(draws=2**14, sampling="random")
    median_error = tree["summary_error"]["y"].sel(statistic="p50").item()
    assert judge(tree).error < 10.0 * median_error  # and not that over a median of nearly 0


def test_a_study_without_uncertainty_is_certain_at_once():
    tree = wi.load({"quantities": {"x": 3.0, "y": {"formula": "2 * x"}}}).run(until=0.001)
    assert tree.attrs["until_reached"] == 1


def test_the_limit_covers_the_true_error():
    """In 19 of 20 runs the judged limit is above the true standard error of the estimate."""
    coin = {"dist": "bernoulli", "p": 0.5}
    model = wi.load({"quantities": {"x": coin, "happens": {"formula": "x > 0"}}})
    true = 0.5 / math.sqrt(2**10) / 1.0  # of the mean of 2^10 coins, over the interval's width
    limits = [
        judge(model.run(draws=2**10, sampling="random", seed=seed)).error for seed in range(200)
    ]
    covered = np.mean(np.array(limits) >= true)
    # 0.95 and three binomial errors of 0.015; the scale is the width, which is 1 for a coin
    assert 0.905 <= covered <= 0.995


def test_what_is_infinite_is_not_taken_for_certain():
    quantities = {
        "a": {"dist": "uniform", "min": 0.0, "max": 1.0},
        "b": "1 to 100",
        "y": {"formula": "b / where(a > 0.9, 0, 1)"},
    }
    tree = wi.load({"quantities": quantities}).run(draws=2**12, sampling="random")
    found = judge(tree)  # the 95th percentile is infinite, the others are not
    assert found.statistic in ("p5", "p50")
    assert found.error > 0.01


def test_what_is_absent_is_not_judged():
    quantities = {"x": {"absent": "nobody knows"}, "y": {"formula": "2 * x"}}
    found = judge(wi.load({"quantities": quantities}).run(draws=2**10))
    assert (found.error, found.quantity) == (0.0, "")


def test_progress_never_falls_and_ends_where_it_said():
    seen = []
    study(until=0.03).run(progress=lambda done, total: seen.append((done, total)))
    done = [one for one, _ in seen]
    assert done == sorted(done)
    assert seen[-1][0] <= seen[-1][1]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"until": 0.0}, "expected a fraction between 0 and 1"),
        ({"until": "5"}, 'found the text "5"; expected a fraction between 0 and 1'),
        ({"until": "a %"}, 'found the text "a %"'),
        ({"until": True}, "found true"),
    ],
)
def test_nonsense_in_a_study_is_refused(run, words):
    with pytest.raises(StudyError, match=words):
        study(**run)


def test_nonsense_from_python_is_refused():
    with pytest.raises(StudyError, match="until is 2; expected a fraction"):
        study().run(until=2)
    with pytest.raises(StudyError, match=r"until is '0\.1%'; expected a fraction"):
        study().run(until="0.1%")
    with pytest.raises(StudyError, match="budget is 8; expected at least the 1,024 draws"):
        study().run(until=0.1, budget=8)
    with pytest.raises(StudyError, match="budget is -5; expected a whole number"):
        study().run(budget=-5)

"""A contest times those who can run, and says why the others were not timed."""

from __future__ import annotations

import math

import pytest

from wattif.bench.contest import Contestant, Score, enter_peers, enter_wattif, hold_contest
from wattif.bench.machine import describe_machine
from wattif.bench.peers import NUMPY, PEERS
from wattif.bench.report import contest_as_json
from wattif.bench.timing import Lap
from wattif.bench.workload import QUANTITIES
from wattif.errors import StudyError

DRAWS = 2**14


def broken():
    raise AttributeError("module 'numpy' has no attribute 'float'")


@pytest.fixture(scope="module")
def contest():
    peers, missing = enter_peers({NUMPY: PEERS[NUMPY]}, DRAWS)
    assert not missing
    contestants = [*enter_wattif(DRAWS, [1, 2], ["sobol"]), *peers, Contestant("old", "1", broken)]
    return hold_contest(contestants, DRAWS, rounds=2, seconds=math.inf)


def test_all_who_can_run_are_timed_and_agree(contest):
    assert [(s.name, s.threads) for s in contest.scores] == [
        ("wattif, sobol", "1"),
        ("wattif, sobol", "2"),
        ("numpy", "1"),
    ]
    assert all(len(score.laps) == 2 and not score.disagreements for score in contest.scores)
    assert len(contest.yardstick) == 2


def test_who_fails_is_skipped_with_the_reason(contest):
    assert contest.skipped == {"old": "AttributeError: module 'numpy' has no attribute 'float'"}


def test_a_refusal_of_wattif_ends_the_contest():
    with pytest.raises(StudyError, match="threads"):
        hold_contest(enter_wattif(DRAWS, [0]), DRAWS, rounds=1, seconds=math.inf)


def test_a_peer_that_is_not_installed_is_missing_with_the_reason():
    entered, missing = enter_peers({"nobody": "wattif.bench.peers.with_nobody"}, DRAWS)
    assert entered == []
    assert missing == {"nobody": "No module named 'wattif.bench.peers.with_nobody'"}


def test_the_first_stands_in_for_a_baseline_that_could_not_run(contest):
    assert contest.find("old") is contest.scores[0]


def test_ratios_are_medians_of_rounds():
    slow = Score("a", "1", (Lap(2.0, 4.0), Lap(9.0, 6.0), Lap(4.0, 8.0)), ())
    fast = Score("b", "1", (Lap(1.0, 1.0), Lap(3.0, 2.0), Lap(1.0, 1.0)), ())
    assert slow.wall_ratio(fast) == pytest.approx(3.0)
    assert slow.processor_ratio(fast.laps) == pytest.approx(4.0)
    assert (slow.seconds, slow.processor_seconds) == (4.0, 6.0)


def test_json_says_all_that_was_measured(contest):
    content = contest_as_json(contest, contest.find(NUMPY))
    first = content["scores"][0]
    assert first["draws_a_second"] == pytest.approx(DRAWS / first["seconds"])
    assert first["quantities_a_second"] == pytest.approx(QUANTITIES * first["draws_a_second"])
    assert content["scores"][2]["speed"] == 1.0
    assert content["skipped"] == contest.skipped


def test_the_machine_is_described():
    machine = describe_machine()
    assert machine["cores"] >= 1
    assert {"processor", "load", "system", "python", "wattif", "numpy", "numba"} <= machine.keys()

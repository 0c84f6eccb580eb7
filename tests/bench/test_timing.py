"""Rounds are interleaved, end in time, and ratios are taken round by round."""

from __future__ import annotations

from time import sleep

import pytest

from wattif.bench.timing import median_ratio, time_call, time_rounds


def test_each_round_starts_with_another_task():
    order = []
    tasks = {name: lambda name=name: order.append(name) for name in "abc"}
    laps = time_rounds(tasks, rounds=3, seconds=60)
    assert "".join(order) == "abc" + "bca" + "cab"
    assert {name: len(times) for name, times in laps.items()} == {"a": 3, "b": 3, "c": 3}


def test_no_round_begins_that_would_end_too_late():
    laps = time_rounds({"nap": lambda: sleep(0.05)}, rounds=100, seconds=0.12)
    assert 1 <= len(laps["nap"]) <= 2


def test_one_round_is_always_made():
    assert len(time_rounds({"a": lambda: None}, rounds=5, seconds=-1.0)["a"]) == 1


def test_progress_counts_calls():
    seen = []
    time_rounds({"a": int, "b": int}, 2, 60, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_sleeping_takes_time_but_no_processor():
    lap = time_call(lambda: sleep(0.05))
    assert lap.wall >= 0.05
    assert lap.processor < 0.04


def test_ratios_are_taken_round_by_round():
    assert median_ratio([2.0, 30.0, 400.0], [1.0, 10.0, 100.0]) == pytest.approx(3.0)

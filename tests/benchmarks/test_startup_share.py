"""The share of a command that is not imports can be measured."""

from __future__ import annotations

from benchmarks.startup import SURVEY, measure_share


def test_imports_and_ours_are_parts_of_the_whole():
    share = measure_share(["run", SURVEY, "--draws", "1024", "--quiet"])
    assert share.imports > 0
    assert share.ours > 0
    assert share.imports + share.ours < share.wall

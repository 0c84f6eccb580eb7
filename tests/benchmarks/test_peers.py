"""Every peer that is installed gives the right answers; the comparison says what it measured."""

from __future__ import annotations

import json
import sys

import pytest
from benchmarks.peers import PEERS, __main__

from wattif.bench import peers
from wattif.bench.agreement import find_disagreements, make_reference
from wattif.bench.peers import load_peers

DRAWS = 2**14
ONLY = ["numpy, tuned", "scipy, Sobol points"]


@pytest.mark.filterwarnings("default")  # what other tools warn of is not ours to mend
@pytest.mark.parametrize("peer", sorted(PEERS.keys() - peers.PEERS.keys()))
def test_every_peer_agrees(peer):
    found, missing = load_peers({peer: PEERS[peer]})
    if missing:
        pytest.skip(f"{peer}: {missing[peer]}")
    assert find_disagreements(found[peer](DRAWS, 3), DRAWS, make_reference()) == ()


def test_the_program_in_cpp_leaves_subnormal_numbers_alone():
    """A library linked for fast maths would change the arithmetic of the whole process."""
    _, missing = load_peers({"C++": PEERS["C++, streaming"]})
    if missing:
        pytest.skip(missing["C++"])
    assert float("1e-310") * 0.5 > 0.0


def test_the_comparison_prints_a_line_for_each(monkeypatch, capsys):
    words = ["--draws", str(DRAWS), "--rounds", "1"]
    words += [word for name in ONLY for word in ("--only", name)]
    monkeypatch.setattr(sys, "argv", ["peers", *words])
    __main__.main()
    lines = capsys.readouterr().out.splitlines()
    for name in ("wattif, sobol", "wattif, random", *ONLY):
        assert any(line.startswith(name) and line.endswith("agree") for line in lines)


def test_the_comparison_as_json(monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["peers", "--draws", "1e4", "--rounds", "1", "--json", "--only", ONLY[0]]
    )
    __main__.main()
    content = json.loads(capsys.readouterr().out)
    assert content["draws"] == DRAWS
    assert content["baseline"] == "wattif, sobol"
    assert len(content["scores"]) == 4

"""Answers are checked against each other, and a wrong one is noticed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import wattif as wi
from wattif.bench.agreement import find_disagreements, make_reference, read_summaries
from wattif.bench.peers import PEERS, load_peers
from wattif.bench.workload import OUTPUTS, STUDY

DRAWS = 2**16
CONFIG = Path(__file__).parents[2] / "configs" / "training-run.toml"
PUBLISHED = {"gpu_hours": 6.5755e7, "cloud_cost": 1.4371e8, "energy": 3.0578e7}
AMORTISED = {"mean": 57_394_759.3, "p5": 32_914_676.0, "p50": 54_475_411.0, "p95": 91_839_295.0}


@pytest.fixture(scope="module")
def reference():
    return make_reference()


def test_the_reference_agrees_with_another_program(reference):
    values, errors = reference.values, reference.errors
    for name, mean in PUBLISHED.items():
        assert values[name].mean == pytest.approx(mean, rel=1e-4)  # five digits are published
    for statistic, truth in AMORTISED.items():
        value, error = (getattr(of["amortised_cost"], statistic) for of in (values, errors))
        assert abs(value - truth) < 5 * error


@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube", "random"])
def test_every_scheme_agrees(reference, sampling):
    answers = read_summaries(wi.load(STUDY).run(draws=DRAWS, sampling=sampling, seed=3))
    assert find_disagreements(answers, DRAWS, reference) == ()


@pytest.mark.filterwarnings("default")  # what other tools warn of is not ours to mend
@pytest.mark.parametrize("peer", PEERS)
def test_every_peer_agrees(reference, peer):
    found, missing = load_peers({peer: PEERS[peer]})
    if missing:
        pytest.skip(missing[peer])
    assert find_disagreements(found[peer](DRAWS, 3), DRAWS, reference) == ()


@pytest.mark.parametrize("statistic", ["mean", "sd", "p5", "p50", "p95"])
def test_a_wrong_answer_is_noticed(reference, statistic):
    energy = reference.values["energy"]
    wrong = energy._replace(**{statistic: 1.05 * getattr(energy, statistic)})
    words = find_disagreements({**reference.values, "energy": wrong}, DRAWS, reference)
    assert len(words) == 1
    assert words[0].startswith(f"energy {statistic}: ")


def test_no_answer_is_a_wrong_answer(reference):
    energy = reference.values["energy"]._replace(mean=float("nan"))
    words = find_disagreements({**reference.values, "energy": energy}, DRAWS, reference)
    assert words == ("energy mean: nan standard errors off",)


def test_the_workload_is_the_committed_study():
    """Same beliefs, digit by digit; formulas may be written differently and are run instead."""
    committed = tomllib.loads(CONFIG.read_text())["quantities"]
    for name, belief in STUDY["quantities"].items():
        if name not in OUTPUTS:
            assert belief == committed[name]


def test_the_workload_answers_like_the_committed_study():
    ours = read_summaries(wi.load(STUDY).run(draws=DRAWS))["amortised_cost"]
    answers = wi.load(CONFIG).run(draws=DRAWS)["summary"].to_dataset()["amortised_cost"]
    assert ours.mean == pytest.approx(float(answers.sel(statistic="mean").item()), rel=1e-12)

"""What a run promises about its bits, whatever the machine does meanwhile."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from time import sleep

import numpy as np
import pytest

import wattif as wi
from wattif.compile import compile_model
from wattif.engine.sample import sample
from wattif.engine.schedule import Schedule
from wattif.simulate import simulate

SAMPLINGS = ("random", "latin-hypercube", "sobol")

STUDY = {
    "title": "Two services on one price list",
    "quantities": {
        "price": {"dist": "lognormal", "p5": 10, "p95": 15},
        "share": {"dist": "beta", "alpha": 12, "beta": 4},
        "load": {"dist": "triangular", "min": 1, "mode": 2, "max": 5},
        "cost": {"formula": "price * share"},
        "bill": {"formula": "cost * load * size"},
        "nothing": {"formula": "price - price"},
        "between": {"formula": "small.cost - large.cost"},
        "cheap": {"formula": "cost < 8"},
    },
    "systems": {
        "small": {"quantities": {"size": {"dist": "uniform", "min": 1, "max": 2}}},
        "large": {"quantities": {"size": {"dist": "gamma", "shape": 3, "scale": 2}}},
    },
}


@cache
def run(sampling="sobol", draws=2**18, seed=412, threads=None):
    return wi.load(STUDY).run(draws=draws, seed=seed, sampling=sampling, threads=threads)


def values(tree, name, statistics=("mean", "sd", "min", "max", "p5", "p95")):
    return tree["summary"][name].sel(statistic=list(statistics)).values


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_a_quantity_minus_itself_is_exactly_zero(sampling):
    assert not values(run(sampling), "nothing").any()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_systems_share_every_draw_of_a_shared_quantity(sampling):
    tree = run(sampling)
    assert not values(tree, "between").any()
    cost = tree["summary"]["cost"]
    assert cost.sel(system="small").equals(
        cost.sel(system="large").assign_coords(cost.sel(system="small").coords)
    )


def test_systems_draw_their_own_quantities_apart():
    own = {"dist": "uniform", "min": 0, "max": 1}
    study = {
        "quantities": {"gap": {"formula": "abs(a.size - b.size)"}},
        "systems": {"a": {"quantities": {"size": own}}, "b": {"quantities": {"size": own}}},
    }
    tree = wi.load(study).run(draws=2**16, sampling="sobol")
    gap = tree["summary"]["gap"].sel(statistic="mean").values
    assert gap == pytest.approx([1 / 3, 1 / 3], abs=1e-3)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_an_unused_quantity_changes_no_bit(sampling, arrays):
    extra = {"unused": {"dist": "normal", "mean": 0, "sd": 1}}
    longer = STUDY | {"quantities": extra | STUDY["quantities"]}
    before = arrays(run(sampling))
    after = arrays(wi.load(longer).run(draws=2**18, seed=412, sampling=sampling))
    compared = [name for name in before if not name.startswith("/inputs/")]
    assert len(compared) > 20
    assert {name: after[name] for name in compared} == {name: before[name] for name in compared}


def test_an_unused_quantity_is_not_among_the_inputs():
    extra = {"unused": {"dist": "normal", "mean": 0, "sd": 1}}
    longer = STUDY | {"quantities": extra | STUDY["quantities"]}
    before = run()["inputs"].to_dataset()
    after = wi.load(longer).run(draws=2**10)["inputs"].to_dataset()
    assert after.identical(before)


def test_a_further_output_changes_no_draw_of_random_sampling():
    """Streams belong to names, so a new input moves nobody's draws (Sobol dimensions may)."""
    extra = {"first": {"formula": "tax * price"}, "tax": {"dist": "uniform", "min": 0, "max": 1}}
    longer = STUDY | {"quantities": extra | STUDY["quantities"]}
    tree = wi.load(longer).run(draws=2**18, seed=412, sampling="random")
    for name in ("price", "share", "load", "size", "bill"):
        assert np.array_equal(tree["prior"][name], run("random")["prior"][name])


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_threads_do_not_change_a_bit(sampling, arrays):
    once = arrays(run(sampling, threads=1))
    for threads in (2, 3, 7):
        assert arrays(run(sampling, threads=threads)) == once


class Shuffled(Schedule):
    """Starts tasks in another order, and some of them late."""

    def __init__(self, seed):
        self._random = Random(seed)

    def order(self, tasks):
        shuffled = list(tasks)
        self._random.shuffle(shuffled)
        return shuffled

    def begin(self, task):
        sleep(0.02 * ((task.replicate + task.segment) % 3))


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_the_order_of_work_does_not_change_a_bit(sampling, arrays):
    """Two replicates of 2^20 draws: each is several tasks, whose results are merged."""
    study = STUDY | {"run": {"replicates": 2, "sampling": sampling, "draws": 2**21}}
    model = wi.load(study).model
    once = arrays(simulate(model, threads=1))
    for seed, threads in enumerate((2, 3, 7)):
        assert arrays(simulate(model, threads=threads, schedule=Shuffled(seed))) == once


def test_a_saved_result_is_repeated_bit_by_bit(tmp_path):
    path = wi.save_result(run(), tmp_path / "y.nc")
    agreement = wi.rerun(path)
    assert agreement.identical
    assert agreement.differences == ()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_the_same_seed_gives_the_same_bits(sampling, arrays):
    again = wi.load(STUDY).run(draws=2**18, seed=412, sampling=sampling)
    assert arrays(again) == arrays(run(sampling))


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_another_seed_gives_other_draws(sampling):
    for seed in (0, 413, 2**64 - 1):
        other = run(sampling, seed=seed)
        assert not np.isin(other["prior"]["price"], run(sampling)["prior"]["price"]).any()
        assert (values(other, "bill", ["mean"]) != values(run(sampling), "bill", ["mean"])).all()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_extending_a_run_keeps_what_it_kept(sampling):
    shorter, longer = run(sampling), run(sampling, draws=2**20)
    assert set(shorter["prior"].data_vars) == set(longer["prior"].data_vars)
    for name, kept in shorter["prior"].data_vars.items():
        assert np.array_equal(kept, longer["prior"][name])
    for name in shorter["replicates"].data_vars:
        before, after = (tree["replicates"][name] for tree in (shorter, longer))
        assert (after.sel(statistic="min") <= before.sel(statistic="min")).all()
        assert (after.sel(statistic="max") >= before.sel(statistic="max")).all()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_a_point_set_is_the_start_of_a_larger_one(sampling):
    shorter, longer = (kept_draws(sampling, each) for each in (2**11, 2**13))
    assert shorter.shape[-1] == 2**11
    assert np.array_equal(shorter, longer[..., : 2**11])


def kept_draws(sampling, each):
    """Return every draw of every input, replicates apart, draws last."""
    program = compile_model(wi.load(STUDY).model).program
    statistics = sample(
        program,
        draws_per_replicate=each,
        replicates=4,
        seed=1,
        sampling=sampling,
        interval=0.9,
        probabilities=(0.5,),
        kept=each,
    )
    return statistics.kept_inputs


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_replicates_differ(sampling):
    prior = run(sampling)["prior"]["price"].values
    assert len(np.unique(prior)) == prior.size


HASHED = """
import sys, hashlib, json
import wattif as wi
tree = wi.load(json.loads(sys.argv[1])).run(draws=2**16, sampling="sobol")
digest = hashlib.sha256()
for group in sorted(tree.subtree, key=lambda g: g.path):
    for name in sorted(group.to_dataset(inherit=False).variables):
        values = group[name].values
        digest.update(name.encode())
        binary = values.dtype.kind in "fiub"
        digest.update(values.tobytes() if binary else repr(values.tolist()).encode())
print(digest.hexdigest())
"""


def test_the_environment_does_not_change_a_bit(start, tmp_path):
    environments = [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1", "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "random", "NUMBA_NUM_THREADS": "2", "OMP_NUM_THREADS": "7"},
    ]
    command = ["-c", HASHED, json.dumps(STUDY)]
    started = [start(command, tmp_path, environment) for environment in environments]
    outputs = [process.communicate(timeout=120) for process in started]
    assert all(process.returncode == 0 for process in started), outputs
    assert len({out for out, _ in outputs}) == 1


def test_nothing_is_cached_beside_an_untrusted_study(start, tmp_path):
    """Numba unpickles its cache, so the cache must not lie where a study comes from."""
    process = start(["-c", HASHED, json.dumps(STUDY)], tmp_path)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert not list(tmp_path.rglob("*"))

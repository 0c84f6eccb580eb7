import _thread
import dataclasses
import re
import threading
import time
import tracemalloc

import numba
import numpy as np
import pytest
from scipy import special

from wattif.distributions.base import Shape
from wattif.engine import job
from wattif.engine.program import Input, Op, Program
from wattif.engine.sample import sample
from wattif.engine.schedule import Schedule, Task, run_tasks
from wattif.engine.sobol import MAX_DIMENSIONS
from wattif.errors import RunError

needs_jit = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many draws for Python")

SAMPLINGS = ("sobol", "latin-hypercube", "random")
UNIFORM = Shape("uniform")
LOGNORMAL = Shape(
    "table",
    exponential=True,
    location=1.0,
    scale=0.5,
    key=("normal",),
    quantile=lambda p, upper: -special.ndtri(p) if upper else special.ndtri(p),
)
STEPS = Shape("steps", values=(0.0, 1.0, 5.0), cumulative=(0.5, 0.75, 1.0))


@pytest.fixture
def program(make_program):
    """Return a program whose outputs are smooth, zero-inflated, discrete, NaN and infinite."""
    return make_program(
        [UNIFORM, LOGNORMAL, STEPS],
        [
            *((Op.DRAW, 0, 0), (Op.DRAW, 1, 1), (Op.DRAW, 2, 2)),
            *((Op.MUL, 3, 0, 1), (Op.OUTPUT, 0, 3), (Op.OUTPUT, 1, 2)),
            *((Op.SUB, 3, 3, -1), (Op.LOG, 4, 3), (Op.OUTPUT, 2, 4)),
            *((Op.DIV, 4, 1, 2), (Op.OUTPUT, 3, 4), (Op.OUTPUT, 4, -2)),
        ],
        [0.5, 3.25],
    )


def run(program, **changes):
    settings = {
        "draws_per_replicate": 256,
        "replicates": 4,
        "seed": 1,
        "sampling": "sobol",
        "interval": 0.9,
        "probabilities": (0.05, 0.5, 0.95),
        "kept": 256,
        "threads": 2,
    }
    return sample(program, **(settings | changes))


def arrays(statistics):
    """Return every array and number of a result, by name."""
    found = {}
    parts = {"": statistics, "binning.": statistics.binning}
    parts |= {"pooled.": statistics.pooled, "by_replicate.": statistics.by_replicate}
    for prefix, part in parts.items():
        for field in dataclasses.fields(part):
            value = getattr(part, field.name)
            if isinstance(value, np.ndarray | int | float):
                found[prefix + field.name] = value
    return found


def assert_same_bits(one, other):
    expected = arrays(other)
    for name, value in arrays(one).items():
        np.testing.assert_array_equal(value, expected.pop(name), err_msg=name)
    assert not expected


class Shuffled(Schedule):
    """Starts tasks in a random order, and lets some of them wait."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def order(self, tasks):
        tasks = list(tasks)
        return [tasks[i] for i in self.rng.permutation(len(tasks))]

    def begin(self, task):
        time.sleep(1e-3 * (sum(task) % 3))


def check_summary(summary, draws):
    """Compare a summary with all draws (..., K, n), which numpy reduces."""
    finite = np.where(np.isfinite(draws), draws, np.nan)
    np.testing.assert_array_equal(summary.finite, np.isfinite(draws).sum(axis=-1))
    np.testing.assert_array_equal(summary.nan, np.isnan(draws).sum(axis=-1))
    np.testing.assert_array_equal(summary.negative_infinite, (draws == -np.inf).sum(axis=-1))
    np.testing.assert_array_equal(summary.positive_infinite, (draws == np.inf).sum(axis=-1))
    np.testing.assert_array_equal(summary.minimum, np.nanmin(finite, axis=-1))
    np.testing.assert_array_equal(summary.maximum, np.nanmax(finite, axis=-1))
    np.testing.assert_allclose(summary.mean, np.nanmean(finite, axis=-1), rtol=1e-13)
    np.testing.assert_allclose(summary.sd, np.nanstd(finite, axis=-1, ddof=1), rtol=1e-13)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_statistics_are_those_of_the_draws(program, sampling):
    statistics = run(program, sampling=sampling)
    draws = statistics.kept_outputs
    check_summary(statistics.by_replicate, draws)
    check_summary(statistics.pooled, draws.transpose(1, 0, 2).reshape(draws.shape[1], -1))
    assert statistics.histogram.sum() == (~np.isnan(draws)).sum()


def test_draws_are_those_of_the_formulas(program):
    statistics = run(program)
    a, b, c = statistics.kept_inputs.transpose(1, 0, 2)
    with np.errstate(all="ignore"):
        expected = [a * b, c, np.log(a * b - 0.5), b / c, np.full(a.shape, 3.25)]
    np.testing.assert_allclose(statistics.kept_outputs.transpose(1, 0, 2), expected, rtol=1e-14)


def test_a_constant_is_exact(program):
    for summary in (run(program).pooled, run(program).by_replicate):
        assert (summary.quantiles[..., 4, :] == 3.25).all()
        assert (summary.hdi[..., 4, :] == 3.25).all()
        assert (summary.mean[..., 4] == 3.25).all()
        assert (summary.sd[..., 4] == 0.0).all()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_threads_and_schedules_do_not_change_a_bit(program, sampling, monkeypatch):
    size = 16 if numba.config.DISABLE_JIT else 1 << 15
    monkeypatch.setattr(job, "SEGMENT", 1 << 13)
    settings = {"draws_per_replicate": size, "kept": 16, "sampling": sampling}
    once = run(program, threads=1, **settings)
    assert once.passes > 0  # so that these are compared, too
    for seed, threads in enumerate((2, 3, 7)):
        assert_same_bits(run(program, threads=threads, **settings), once)
        assert_same_bits(run(program, threads=threads, schedule=Shuffled(seed), **settings), once)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_a_longer_run_begins_with_the_shorter_one(program, sampling):
    short = run(program, draws_per_replicate=64, kept=64, sampling=sampling)
    long = run(program, sampling=sampling)
    np.testing.assert_array_equal(long.kept_inputs[:, :, :64], short.kept_inputs)
    np.testing.assert_array_equal(long.kept_outputs[:, :, :64], short.kept_outputs)
    np.testing.assert_array_equal(long.binning.centre, short.binning.centre)
    np.testing.assert_array_equal(long.binning.scale, short.binning.scale)


@needs_jit
@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_blocks_do_not_show_in_the_draws(program, sampling):
    short = run(program, draws_per_replicate=1 << 12, kept=1 << 12, sampling=sampling)
    long = run(program, draws_per_replicate=1 << 14, kept=1 << 14, sampling=sampling)
    np.testing.assert_array_equal(long.kept_inputs[:, :, : 1 << 12], short.kept_inputs)
    few = run(program, draws_per_replicate=1 << 14, kept=1 << 13, sampling=sampling)
    np.testing.assert_array_equal(long.kept_outputs[:, :, : 1 << 13], few.kept_outputs)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_seeds_and_replicates_have_their_own_draws(program, sampling):
    one, other = run(program, sampling=sampling), run(program, sampling=sampling, seed=2)
    draws = np.concatenate([one.kept_inputs, other.kept_inputs])[:, :2].ravel()
    assert np.unique(draws).size == draws.size


@pytest.mark.parametrize("sampling", ["sobol", "latin-hypercube"])
def test_every_stratum_has_its_draw(program, sampling):
    u = run(program, sampling=sampling, draws_per_replicate=64, kept=64).kept_inputs[:, 0]
    layer = u if sampling == "sobol" else u[:, 32:]
    strata = np.sort(np.floor(layer * layer.shape[1]))
    np.testing.assert_array_equal(strata, np.broadcast_to(np.arange(layer.shape[1]), layer.shape))


@pytest.mark.parametrize("sampling", ["random", "latin-hypercube"])
def test_another_quantity_does_not_change_the_draws_of_the_first(make_program, sampling):
    code = [(Op.DRAW, 0, 0), (Op.OUTPUT, 0, 0)]
    alone = run(make_program([UNIFORM], code), sampling=sampling)
    program = make_program([UNIFORM, UNIFORM], [(Op.DRAW, 1, 1), *code])
    swapped = dataclasses.replace(
        program, inputs=(Input("before", UNIFORM), program.inputs[0]), code=program.code[[0, 1, 2]]
    )
    swapped.code[:2, 2] = 0, 1
    np.testing.assert_array_equal(run(swapped, sampling=sampling).kept_outputs, alone.kept_outputs)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_a_single_draw_is_enough(program, sampling):
    statistics = run(program, draws_per_replicate=1, kept=1, sampling=sampling)
    np.testing.assert_array_equal(
        statistics.by_replicate.quantiles[:, 0, :], statistics.kept_outputs[:, 0].repeat(3, axis=1)
    )
    assert np.isnan(statistics.by_replicate.sd).all()


def test_a_program_may_draw_nothing(make_program):
    statistics = run(make_program([], [(Op.EXP, 0, -1), (Op.OUTPUT, 0, 0)], [0.0]), kept=0)
    assert statistics.pooled.mean == 1.0
    assert statistics.kept_inputs.shape == (4, 0, 0)
    assert statistics.kept_outputs.shape == (4, 1, 0)


def test_too_many_quantities_for_sobol_points_are_refused():
    inputs = tuple(Input(f"x{j}", UNIFORM) for j in range(MAX_DIMENSIONS + 1))
    program = Program(inputs, (), np.zeros((0, 5), np.int32), np.zeros(0), 1)
    with pytest.raises(RunError, match='sampling = "random"'):
        run(program)


@pytest.mark.parametrize(
    ("name", "value"), [("draws_per_replicate", 100), ("kept", 3), ("kept", 512)]
)
def test_what_is_no_power_of_two_is_refused(program, name, value):
    with pytest.raises(ValueError, match=name):
        run(program, **{name: value})


def test_progress_is_told_on_the_main_thread(program):
    told = []

    def progress(done, total):
        told.append((done, total))
        assert threading.current_thread() is threading.main_thread()

    statistics = run(program, progress=progress)
    passes = statistics.passes + 1
    assert told == [
        (256 * (4 * one + replicate), 1024 * (one + 1))
        for one in range(passes)
        for replicate in range(1, 5)
    ]


class Interrupting(Schedule):
    """Interrupts the main thread when the third task starts, as Ctrl-C would."""

    def __init__(self):
        self.begun = 0

    def begin(self, task):
        self.begun += 1
        if self.begun == 3:
            _thread.interrupt_main()
        if self.begun >= 3:
            time.sleep(0.1)


def test_an_interrupt_drops_what_is_left(program):
    schedule = Interrupting()
    with pytest.raises(KeyboardInterrupt):
        run(program, replicates=100, draws_per_replicate=1, kept=1, schedule=schedule)
    assert schedule.begun < 10


def test_an_error_in_a_task_is_raised():
    def work(task):
        raise MemoryError

    with pytest.raises(MemoryError):
        run_tasks([Task(0, 0, 0, 1)] * 9, work, lambda task, result: None, 2, Schedule())


def test_few_tasks_are_under_way_at_once():
    started, collected, most = 0, 0, 0

    def tasks():
        nonlocal started, most
        for segment in range(100):
            started += 1
            most = max(most, started - collected)
            yield Task(0, segment, 0, 1)

    def collect(task, result):
        nonlocal collected
        assert result == task.segment == collected
        collected += 1

    run_tasks(tasks(), lambda task: task.segment, collect, 3, Schedule())
    assert collected == 100
    assert most <= 3 * 3


@needs_jit
def test_memory_does_not_grow_with_draws(program):
    def peak(draws):
        tracemalloc.start()
        run(program, draws_per_replicate=draws, kept=0, threads=1)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1 << 12)
    assert peak(1 << 21) < 1.1 * peak(1 << 17)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"replicates": 1}, "replicates: 1 tell no error; there have to be 2 or more"),
        ({"interval": 0.0}, "interval: 0.0 is not between 0 and 1"),
        ({"interval": np.nan}, "interval: nan is not between 0 and 1"),
        ({"probabilities": (0.5, 0.05)}, "probabilities: they do not increase, from 0 to 1"),
        ({"probabilities": (0.5, 1.5)}, "probabilities: they do not increase, from 0 to 1"),
        ({"probabilities": (np.nan,)}, "probabilities: they do not increase, from 0 to 1"),
    ],
)
def test_what_makes_no_sense_is_refused(program, changes, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        run(program, **changes)


@pytest.mark.parametrize("factor", [0.2, 0.3, 0.7])
def test_what_is_constant_but_for_rounding_is_no_trouble(make_program, factor):
    """The formula x f / x 7 takes two or three neighbouring floats, closer than bins can be."""
    code = [(Op.DRAW, 0, 0), (Op.MUL, 1, 0, -1), (Op.DIV, 1, 1, 0), (Op.MUL, 1, 1, -2)]
    program = make_program([LOGNORMAL], [*code, (Op.OUTPUT, 0, 1)], [factor, 7.0])
    found = run(program, draws_per_replicate=1024, kept=1024)  # warnings are errors here
    values = np.unique(found.kept_outputs)
    assert values.size > 1
    assert np.isin(found.pooled.quantiles, values).all()

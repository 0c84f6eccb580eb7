"""Load, run, repeat: the Python interface, and the settings of a run."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import wattif as wi
from wattif import api, simulate
from wattif.errors import ResultError, StudyError
from wattif.language.model import RunSettings

STUDY = {
    "title": "A product",
    "run": {"draws": 4096},
    "quantities": {"a": "1 to 2", "b": "3 to 4", "c": {"formula": "a * b"}},
}


def test_the_public_names_are_all_there_and_no_others():
    public = {name for name in dir(wi) if not name.startswith("_")}
    assert public == set(wi.__all__)
    assert all(getattr(wi, name) for name in wi.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'simulate_all'"):
        wi.simulate_all  # noqa: B018


def test_importing_wattif_loads_nothing_heavy():
    code = "import sys, wattif; print([m for m in ('numpy', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_rerun_agrees_in_every_bit(tmp_path):
    path = wi.save_result(wi.load(STUDY).run(), tmp_path / "result.nc")
    agreement = wi.rerun(path, threads=2)
    assert agreement == wi.Agreement(identical=True, largest=0.0, differences=())


def test_a_rerun_notices_one_changed_bit(tmp_path):
    tree = wi.load(STUDY).run()
    values = tree["summary"]["c"].values
    values[0, 0] = np.nextafter(values[0, 0], np.inf)
    agreement = wi.rerun(wi.save_result(tree, tmp_path / "result.nc"))
    assert not agreement.identical
    assert agreement.largest < 1e-15
    assert agreement.differences[0].startswith("/summary/c: differs by up to")


def test_a_rerun_of_what_is_no_result_is_refused(tmp_path):
    with pytest.raises(ResultError, match="no such file"):
        wi.rerun(tmp_path / "nothing.nc")


def test_results_of_other_shapes_differ_entirely():
    small, large = wi.load(STUDY).run(draws=64), wi.load(STUDY).run()
    assert api.compare(small, large).largest == np.inf


def test_settings_given_to_run_win_over_the_study():
    tree = wi.load(STUDY).run(draws=512, seed=9, sampling="random")
    assert (tree.attrs["draws"], tree.attrs["seed"], tree.attrs["sampling"]) == (512, "9", "random")


def test_the_share_of_a_replicate_is_rounded_up_to_a_power_of_two():
    assert simulate.draws_per_replicate(RunSettings(draws=1_048_576)) == 65_536
    assert simulate.draws_per_replicate(RunSettings(draws=1_000_000)) == 65_536
    assert simulate.draws_per_replicate(RunSettings(draws=1)) == 1
    tree = wi.load(STUDY).run(draws=1000)
    assert (tree.attrs["draws"], tree.attrs["draws_asked"]) == (1024, 1000)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"draws": 0}, "draws is 0; expected a whole number from 1 to 1,099,511,627,776"),
        ({"draws": 10**15}, "expected a whole number from 1 to"),
        ({"draws": 1.5}, "draws is 1.5; expected a whole number"),
        ({"draws": True}, "draws is True; expected a whole number"),
        ({"seed": -1}, "seed is -1; expected a whole number from 0 to"),
        ({"seed": 2**64}, "seed is 18446744073709551616; expected a whole number from 0"),
        ({"seed": "1"}, "seed is '1'; expected a whole number"),
        ({"sampling": "sobel"}, "sampling is 'sobel'; expected one of"),
        ({"threads": 0}, "threads is 0; expected a whole number from 1"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(setting, words):
    with pytest.raises(StudyError) as refused:
        wi.load(STUDY).run(**setting)
    assert words in str(refused.value)


def test_the_largest_seed_is_taken_exactly():
    tree = wi.load(STUDY).run(draws=64, seed=2**64 - 1)
    assert tree.attrs["seed"] == "18446744073709551615"


def test_progress_runs_to_the_end():
    seen: list[tuple[int, int]] = []
    wi.load(STUDY).run(progress=lambda done, total: seen.append((done, total)))
    done, total = seen[-1]
    assert done == total >= 4096  # more where a second pass refines the quantiles
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)

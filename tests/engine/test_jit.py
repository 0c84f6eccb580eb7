"""Machine code on disk: used again, never stale, never taken from strangers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from wattif.engine import jit as module
from wattif.engine.jit import jit

CALLEE = "from wattif.engine.jit import jit\n\n@jit\ndef tenfold(x):\n    return {factor} * x\n"
CALLER = """
from wattif.engine.callee import tenfold
from wattif.engine.jit import jit

@jit
def answer(x):
    return tenfold(x) + 0
"""
PROCESS = """
from wattif.engine.caller import answer
from wattif.engine.jit import kernels_are_cached

known, value = kernels_are_cached(), answer(1)
print(known, value, sum(answer.stats.cache_hits.values()) if hasattr(answer, "stats") else 0)
"""


@pytest.fixture
def engine(tmp_path):
    """Return the folder of an engine that has nothing but jit.py, a kernel, and its callee."""
    folder = tmp_path / "source" / "wattif" / "engine"
    folder.mkdir(parents=True)
    for empty in (folder, folder.parent):
        (empty / "__init__.py").touch()
    shutil.copy(module.__file__, folder / "jit.py")
    (folder / "callee.py").write_text(CALLEE.format(factor=10))
    (folder / "caller.py").write_text(CALLER)
    return folder


def run(engine, cache, **environment):
    """Return what a fresh process prints: kernels_are_cached(), the answer, loads from disk."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROCESS],
        cwd=engine.parents[1],
        env=inherited | {"WATTIF_CACHE_DIR": str(cache)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_second_process_loads_and_an_edited_callee_recompiles(engine, tmp_path):
    cache = tmp_path / "cache"
    assert run(engine, cache) == ["False", "10", "0"]
    assert run(engine, cache) == ["True", "10", "1"]
    (engine / "callee.py").write_text(CALLEE.format(factor=20))  # which numba alone does not see
    assert run(engine, cache) == ["False", "20", "0"]


def test_without_a_usable_folder_kernels_compile_all_the_same(engine, tmp_path):
    occupied = tmp_path / "occupied"
    occupied.touch()
    assert run(engine, occupied / "cache") == ["False", "10", "0"]


def test_a_relative_folder_is_not_used(engine):
    assert run(engine, "cache") == ["False", "10", "0"]
    assert not (engine.parents[1] / "cache").exists()


def test_kernels_run_as_python(engine, tmp_path):
    cache = tmp_path / "cache"
    assert run(engine, cache, NUMBA_DISABLE_JIT="1") == ["False", "10", "0"]
    assert not cache.exists()


def test_a_new_folder_is_private(tmp_path):
    folder = tmp_path / "a" / "kernels"
    assert module._prepare(folder)
    assert os.name == "nt" or folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_folder_that_others_can_write_to_is_refused(tmp_path):
    tmp_path.chmod(0o777)
    assert not module._prepare(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such owners")
def test_a_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert not module._prepare(tmp_path)


def test_any_source_version_or_processor_changes_the_fingerprint(tmp_path, monkeypatch):
    source = tmp_path / "kernel.py"
    source.write_text("a")
    prints = {module._fingerprint([source])}
    source.write_text("b")
    prints.add(module._fingerprint([source]))
    for owner, name in [(numba, "__version__"), (module.llvmlite, "__version__")]:
        monkeypatch.setattr(owner, name, "0")
        prints.add(module._fingerprint([source]))
    monkeypatch.setattr(np, "__version__", "0")
    prints.add(module._fingerprint([source]))
    monkeypatch.setattr(module, "cpu_name", lambda: "abacus")
    prints.add(module._fingerprint([source]))
    assert len(prints) == 6


def test_the_folder_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("WATTIF_CACHE_DIR", str(tmp_path))
    assert module._cache_root() == tmp_path
    monkeypatch.setenv("WATTIF_CACHE_DIR", "")
    assert module._cache_root().name == "wattif"


def test_numba_keeps_its_own_folder_for_everybody_else(monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", "elsewhere")

    @jit
    def unused(x):
        return x

    assert numba.config.CACHE_DIR == "elsewhere"
    assert unused(3) == 3
    assert not Path("elsewhere").exists()


def test_a_kernel_divides_like_numpy():
    @jit
    def reciprocal(x):
        return x[0] / x[1]

    with np.errstate(divide="ignore"):  # only heard of where the kernel runs as Python
        assert reciprocal(np.array([1.0, 0.0])) == np.inf

"""C++ by hand, ``streaming.cpp``: compiled for this processor when there is a compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from wattif.bench.workload import OUTPUTS, Summary

_SOURCE = Path(__file__).with_name("streaming.cpp")
_BLOCK = 512  # as in the source
# Only fast-math gives the vector versions of exp, log, sin and cos. The linker must not hear of it:
# it would make the library switch off subnormal numbers for the whole process when it is loaded.
_COMPILE = ("-O3", "-march=native", "-ffast-math", "-std=c++17", "-fPIC", "-c")
_COMPILERS = ("g++", "clang++", "c++")


def _compile() -> ctypes.CDLL:
    """Return the program as a library; ImportError, as for other peers, where it cannot be had."""
    compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if compiler is None:
        raise ImportError(f"no C++ compiler: {', '.join(_COMPILERS)}")
    with tempfile.TemporaryDirectory() as folder:
        made, library = str(Path(folder, "streaming.o")), str(Path(folder, "streaming.so"))
        _call(compiler, *_COMPILE, str(_SOURCE), "-o", made)
        _call(compiler, "-shared", made, "-o", library, "-lm")
        return ctypes.CDLL(library)  # the file may go once it is loaded


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ImportError(f"{command[0]} failed: {done.stderr.strip()[:200]}")


_LIBRARY = _compile()
_LIBRARY.run.argtypes = [ctypes.c_int64, ctypes.c_uint32, ctypes.c_void_p]
_LIBRARY.run.restype = None


def run(draws: int, seed: int) -> dict[str, Summary]:
    """Return the summaries of the four outputs; ``draws`` is a multiple of 512."""
    if draws % _BLOCK:
        raise ValueError(f"draws: {draws:,} is not a multiple of {_BLOCK:,}")
    answers = np.empty((len(OUTPUTS), len(Summary._fields)))
    _LIBRARY.run(draws, seed, answers.ctypes.data)
    return {name: Summary(*map(float, answers[i])) for i, name in enumerate(OUTPUTS)}

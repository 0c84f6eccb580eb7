"""Compile the engine's kernels with numba, once, and keep their machine code on disk.

To add a kernel: write ``@jit`` over a function of numbers and arrays, and nothing else. It runs
without the GIL, divides like numpy (x / 0 is infinite) and is ordinary Python under
``NUMBA_DISABLE_JIT=1``. Keep words that wrap as ``np.uint32`` or ``np.uint64`` throughout, so that
both ways agree.

The machine code goes to ``wattif/kernels-<hash>`` in the user's cache folder, or in the absolute
folder that ``WATTIF_CACHE_DIR`` names. numba does not notice an edited callee in another file, so
the hash covers the source of the whole engine, and the versions and the processor that the code was
made for. The files are pickles: they are only taken from a folder that nobody else can write to.
Without such a folder every process compiles for itself.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy as np
import platformdirs
from llvmlite.binding import get_host_cpu_name

Kernel = Callable[..., Any]


def cpu_name() -> str:
    """Return the processor that kernels are compiled for, by LLVM's name: "znver3"."""
    return str(get_host_cpu_name())


def _cache_root() -> Path:
    named = os.environ.get("WATTIF_CACHE_DIR")
    return Path(named) if named else platformdirs.user_cache_path("wattif", appauthor=False)


def _fingerprint(sources: list[Path]) -> str:
    """Return the hash of all that decides what machine code the sources become."""
    digest = hashlib.blake2b(digest_size=8)
    parts = [numba.__version__, llvmlite.__version__, np.__version__, cpu_name()]
    for part in [*(part.encode() for part in parts), *(path.read_bytes() for path in sources)]:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _prepare(folder: Path) -> bool:
    """Make the folder if need be; return whether it is writable, and by this user alone."""
    if not folder.is_absolute():  # would depend on the working folder, which may be anybody's
        return False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        status = folder.stat()
    except OSError:
        return False
    return os.name == "nt" or (status.st_uid == os.getuid() and not status.st_mode & 0o022)


def _cache_folder() -> Path | None:
    """Return the folder of this engine's machine code, or None if there can be none."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    if numba.config.DISABLE_JIT or not sources:  # no sources: imported from an archive
        return None
    folder = _cache_root() / f"kernels-{_fingerprint(sources)}"
    return folder if _prepare(folder) else None


_FOLDER = _cache_folder()


def jit(function: Kernel) -> Kernel:
    """Return the function, compiled to machine code when it is first called."""
    restored = numba.config.CACHE_DIR
    # numba reads this while it decorates; other packages keep their own caches.
    numba.config.CACHE_DIR = str(_FOLDER or "")
    try:
        decorate = numba.njit(nogil=True, error_model="numpy", cache=_FOLDER is not None)
        kernel: Kernel = decorate(function)
    finally:
        numba.config.CACHE_DIR = restored
    return kernel


def kernels_are_cached() -> bool:
    """Return whether any machine code of this engine is on disk; else the first run compiles."""
    return _FOLDER is not None and any(_FOLDER.rglob("*.nbc"))

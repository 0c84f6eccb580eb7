"""Describe the machine that a time was taken on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from wattif import __version__
from wattif.engine.schedule import available_threads

_PACKAGES = ("numpy", "scipy", "numba")
_CPU_INFO = Path("/proc/cpuinfo")


def describe_machine() -> dict[str, str | int | float]:
    """Return processor, cores, load and versions.

    ``load`` is how many processes wanted a processor over the last minute, NaN where the system
    does not tell: times taken while it is near the number of cores are those of a busy machine.
    """
    return {
        "processor": _processor(),
        "cores": available_threads(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else float("nan"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "wattif": __version__,
        **{name: version(name) for name in _PACKAGES},
    }


def _processor() -> str:
    """Return what the processor calls itself, and the architecture that LLVM takes it for."""
    from wattif.engine.jit import cpu_name

    return f"{_marketing_name()} ({cpu_name()})"


def _marketing_name() -> str:
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()

"""Every benchmark runs: here once and small, which is to notice when one has rotted."""

from __future__ import annotations

import importlib
from pathlib import Path

import benchmarks

for path in sorted(Path(benchmarks.__file__).parent.glob("test_*.py")):
    module = importlib.import_module(f"benchmarks.{path.stem}")
    named = {name: value for name, value in vars(module).items() if name.startswith("test_")}
    globals().update(named, folder=getattr(module, "folder", None) or globals().get("folder"))

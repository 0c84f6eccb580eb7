"""wattif: a Monte Carlo uncertainty simulator.

``wi.load(path).run()`` reads a study and returns its credible intervals as an xarray.DataTree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wattif.errors import ResultError, RunError, StudyError, WattifError

if TYPE_CHECKING:
    from wattif.api import (
        Agreement,
        Study,
        Summary,
        export,
        load,
        open_result,
        rerun,
        save_result,
        scenario,
        shapes,
        summary,
    )

__version__ = "0.1.0"

__all__ = [
    "Agreement",
    "ResultError",
    "RunError",
    "Study",
    "StudyError",
    "Summary",
    "WattifError",
    "export",
    "load",
    "open_result",
    "rerun",
    "save_result",
    "scenario",
    "shapes",
    "summary",
]


def __getattr__(name: str) -> object:
    """Import the public functions when they are first asked for: `import wattif` stays instant."""
    if name in __all__:
        from wattif import api

        return getattr(api, name)
    raise AttributeError(f"module 'wattif' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

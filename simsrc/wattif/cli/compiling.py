"""Say beforehand when the engine will have to compile itself."""

from __future__ import annotations

from wattif.cli.terminal import note

_SECONDS = 20  # measured on two cores of an AMD EPYC of 2021


def announce_compiling() -> None:
    """Print a note if no machine code of the engine is on disk."""
    from wattif.engine.jit import kernels_are_cached

    if not kernels_are_cached():
        note(f"compiling the sampler once, about {_SECONDS} s; later runs start at once")

"""Small studies with known answers, run through the real engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from xarray import DataTree

import wattif as wi

DRAWS = 16_384  # all are kept

Run = Callable[..., DataTree]


def run(
    quantities: dict[str, Any], *, seed: int = 412, sampling: str = "sobol", **rest: Any
) -> DataTree:
    """Return the result of a study of these quantities and, in ``rest``, its other tables."""
    study = {"title": "A study with a known answer", "quantities": quantities, **rest}
    return wi.load(study).run(draws=DRAWS, seed=seed, sampling=sampling, threads=1)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def simulate() -> Run:
    """Return the function that runs a study."""
    return run

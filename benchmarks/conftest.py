"""What ``pytest benchmarks`` adds: the full scale."""

from __future__ import annotations

import pytest

from benchmarks.scale import FULL, Scale


@pytest.fixture(scope="session")
def scale() -> Scale:
    return FULL

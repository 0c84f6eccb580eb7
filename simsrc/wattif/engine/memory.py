"""Hand out memory that begins with a cache line."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LINE = 64  # bytes


def aligned_zeros(shape: int | tuple[int, ...], kind: DTypeLike = np.float64) -> NDArray[Any]:
    """Return zeros that begin with a cache line.

    numpy's begin anywhere, and then half of the vectors that kernels load and store cross a line:
    that costs a polynomial of degree 7 a fifth of its time.
    """
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    memory = np.zeros(size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size].view(kind).reshape(shape)


def aligned(values: NDArray[Any]) -> NDArray[Any]:
    """Return a copy that begins with a cache line."""
    copy = aligned_zeros(values.shape, values.dtype)
    copy[...] = values
    return copy

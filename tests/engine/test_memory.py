import numpy as np
import pytest

from wattif.engine.memory import LINE, aligned, aligned_zeros


@pytest.mark.parametrize("kind", [np.float64, np.uint16, np.uint64])
@pytest.mark.parametrize("shape", [1, 1000, (3, 5), (2, 4, 8), 0, (0, 7)])
def test_memory_begins_with_a_cache_line(shape, kind):
    held = [aligned_zeros(shape, kind) for _ in range(20)]  # no chance that all begin so anyway
    for values in held:
        assert values.shape == np.empty(shape).shape
        assert values.dtype == kind
        assert values.flags.c_contiguous
        assert values.flags.writeable
        assert not values.any()
        assert values.size == 0 or values.ctypes.data % LINE == 0


def test_a_copy_has_the_values_and_a_memory_of_its_own():
    values = np.arange(12.0)[1:].reshape(11, 1)
    copy = aligned(values)
    np.testing.assert_array_equal(copy, values)
    assert copy.ctypes.data % LINE == 0
    copy[0] = 99.0
    assert values[0, 0] == 1.0

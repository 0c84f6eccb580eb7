"""What is said in LLVM's terms, against exact fractions."""

from fractions import Fraction

import numba
import numpy as np

from wattif.engine.llvm import fma


@numba.njit
def in_a_loop(a, b, c, y):
    for i in range(a.size):
        y[i] = fma(a[i], b[i], c[i])


@numba.njit
def one(a, b, c):
    return fma(a, b, c)


def test_a_product_and_a_sum_have_the_same_bits_in_vectors_and_alone():
    generator = np.random.default_rng(2)
    a, b, c = generator.normal(size=(3, 1001))
    y = np.empty(a.size)
    in_a_loop(a, b, c, y)
    assert [one(*given) for given in zip(a, b, c, strict=True)] == y.tolist()
    exact = [Fraction(p) * Fraction(q) + Fraction(r) for p, q, r in zip(a, b, c, strict=True)]
    # Rounded once, or twice where the processor cannot do better: half a unit each.
    largest = np.maximum(np.abs(a * b), np.abs(y))
    errors = [abs(float(got - value)) for got, value in zip(map(Fraction, y), exact, strict=True)]
    assert np.all(errors <= np.spacing(largest))

"""Load draws from all over a block, four at a time, and perhaps multiply them.

The compiler would load a place and a draw and store that, one draw after the other. What is written
here in LLVM's own terms loads four places at once and stores four draws: 0.25 instead of 0.34 ns a
draw, and with a product 0.35 instead of 0.46.
"""
# mypy: allow-untyped-defs

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from wattif.engine.jit import jit
from wattif.engine.llvm import FOUR, INDEX, addresses, load, store

_PLACE_BITS = 16


@jit
def restore_order(flat, place, rows, row):
    """Fill a row with the draws ``flat`` (n,) in the order of their points, ``place`` (n,).

    n is a multiple of four here.
    """
    start = row * rows.shape[1]
    for i in range(0, place.size, 4):
        _restore_four(flat, place, rows, i, start + i)


@jit
def multiply_in_order(flat, place, rows, factor, scale, row):
    """Fill a row with the draws in the order of their points, times the row ``factor`` and a scale.

    0.15 ns a draw less than to do one after the other.
    """
    by, start = factor * rows.shape[1], row * rows.shape[1]
    for i in range(0, place.size, 4):
        _multiply_four(flat, place, rows, scale, i, by + i, start + i)


@intrinsic
def _restore_four(context, flat, place, rows, first, at):
    """Fill ``rows.flat[at : at + 4]`` with four draws, from draw ``first`` on."""
    signature = types.void(flat, place, rows, first, at)

    def generate(context, builder, signature, arguments):
        flat, place, rows, first, at = addresses(context, builder, signature.args, arguments)
        store(builder, _gather(builder, flat, place, first), builder.gep(rows, [at]))
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def _multiply_four(context, flat, place, rows, scale, first, by, at):
    """Fill ``rows.flat[at : at + 4]`` with four draws, times ``rows.flat[by : by + 4]``."""
    signature = types.void(flat, place, rows, types.float64, first, by, at)

    def generate(context, builder, signature, arguments):
        flat, place, rows, scale, *numbers = addresses(context, builder, signature.args, arguments)
        first, by, at = numbers
        product = builder.fmul(
            load(builder, builder.gep(rows, [by])), _gather(builder, flat, place, first)
        )
        scales = ir.Constant(FOUR, ir.Undefined)
        for draw in range(4):
            scales = builder.insert_element(scales, scale, ir.Constant(INDEX, draw))
        store(builder, builder.fmul(product, scales), builder.gep(rows, [at]))
        return context.get_dummy_value()

    return signature, generate


def _gather(builder: Any, flat: Any, place: Any, first: Any) -> Any:
    """Return four draws from draw ``first`` on."""
    places = load(builder, builder.gep(place, [first]), INDEX)
    draws = ir.Constant(FOUR, ir.Undefined)
    for draw in range(4):  # the first is the lowest: all machines of numba's are little-endian
        one = builder.lshr(places, ir.Constant(INDEX, _PLACE_BITS * draw))
        one = builder.and_(one, ir.Constant(INDEX, (1 << _PLACE_BITS) - 1))
        value = builder.load(builder.gep(flat, [one]))
        draws = builder.insert_element(draws, value, ir.Constant(INDEX, draw))
    return draws


if numba.config.DISABLE_JIT:

    def restore_order(flat, place, rows, row):
        """Fill a row, without the compiler."""
        rows[row, : place.size] = flat[place]

    def multiply_in_order(flat, place, rows, factor, scale, row):
        """Fill a row, without the compiler."""
        rows[row, : place.size] = rows[factor, : place.size] * flat[place] * scale

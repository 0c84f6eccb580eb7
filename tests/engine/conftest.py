from collections.abc import Callable, Sequence

import numpy as np
import pytest

from wattif.distributions.base import Shape
from wattif.engine.program import Input, Op, Output, Program

Instruction = tuple[int, ...]


def build_program(
    shapes: Sequence[Shape], code: Sequence[Instruction], constants: Sequence[float] = ()
) -> Program:
    """Return a program; instructions may leave out operands that they do not use."""
    rows = np.array([(*row, 0, 0, 0)[:5] for row in code], np.int32)
    outputs = [row for row in rows if row[0] == Op.OUTPUT]
    return Program(
        inputs=tuple(Input(f"x{j}", shape) for j, shape in enumerate(shapes)),
        outputs=tuple(Output("", f"y{k}") for k in range(len(outputs))),
        code=rows,
        constants=np.array(constants, np.float64),
        registers=1 + max((int(row[1]) for row in rows if row[0] != Op.OUTPUT), default=0),
    )


@pytest.fixture(scope="session")
def make_program() -> Callable[..., Program]:
    return build_program

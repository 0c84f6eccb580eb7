"""What limits a draw: the stages of the block pipeline, by what it costs to leave them out.

The program of the workload is run in four parts, each with one stage more. Differences between them
are what the stages cost where they run, with the caches and the branch predictor as they then are;
kernels that are called by themselves, on the same block over and over, look faster than they are.

To follow a change of the engine: the parts are :func:`_parts`, and :func:`_run` is all that is
called.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

import numpy as np

import wattif as wi
from benchmarks.aims import Aim, format_number, markdown
from benchmarks.scale import Scale
from benchmarks.scaling import FEW
from wattif.bench.contest import SCHEMES
from wattif.bench.timing import time_rounds
from wattif.bench.workload import STUDY
from wattif.compile import compile_model, compile_to_integrate
from wattif.distributions.base import Shape
from wattif.engine.program import Op, Program
from wattif.engine.sample import sample
from wattif.language.model import Sampling
from wattif.results.statistics import percentiles

_REPLICATES = 16
_INTERVAL = 0.90
_WANTED = tuple(p / 100 for p in percentiles(_INTERVAL))
_PLAIN = Shape("uniform", low=0.0, high=1.0)


@dataclass(frozen=True)
class Stage:
    """Nanoseconds that a stage adds to a draw of the whole workload; ``what`` is done in it."""

    name: str
    what: str
    nanoseconds: float


@dataclass(frozen=True)
class Stages:
    """All stages, in the order in which a block goes through them."""

    rows: tuple[Stage, ...]


@dataclass(frozen=True)
class _Part:
    """A program, a scheme, and whether quantiles are wanted: they may need another pass."""

    program: Program
    sampling: Sampling
    probabilities: tuple[float, ...] = ()


def measure(scale: Scale) -> Stages:
    """Return the stages of the workload on Sobol points, and the points of other schemes."""
    model = wi.load(STUDY).model
    program = compile_model(model).program
    integrated = {
        name: _Part(compile_to_integrate(model, merge).program, "sobol", _WANTED)
        for name, merge in (("all", False), ("merged", True))
    }
    parts = _parts(program) | integrated
    cost = _cost(parts, 4 * scale.draws, scale.rounds)
    outputs = len(program.outputs)
    output = (cost["whole"] - cost["formulas"]) / (outputs - 1)  # the other parts have one
    operations = sum(op not in (Op.DRAW, Op.OUTPUT) for op in program.code[:, 0])
    inputs = len(program.inputs)
    return Stages(
        (
            *(
                Stage(f"points, {scheme}", f"{inputs} uniforms", cost[scheme] - output)
                for scheme in SCHEMES
            ),
            Stage("inversion", f"{inputs} quantile functions", cost["inversion"] - cost["sobol"]),
            Stage("formulas", f"{operations} operations", cost["formulas"] - cost["inversion"]),
            Stage("reduction", f"moments and bins of {outputs} outputs", outputs * output),
            Stage("refinement", "a closer look at quantiles", cost["refined"] - cost["whole"]),
            Stage("implied", "what is left, instead of outputs", cost["all"] - cost["refined"]),
            Stage("merged", "products drawn as one", cost["merged"] - cost["all"]),
        )
    )


def _parts(program: Program) -> Mapping[str, _Part]:
    """Return programs with ever more stages; all but the last two report one quantity."""
    uniforms = tuple(replace(one, shape=_PLAIN) for one in program.inputs)
    draws = _pick(program, {Op.DRAW})
    last = int(program.code[program.code[:, 0] == Op.OUTPUT][-1, 2])
    plain = _reporting_one(replace(program, inputs=uniforms, code=draws), int(draws[-1, 1]))
    formulas = _pick(program, set(Op) - {Op.OUTPUT})
    return {
        **{scheme: _Part(plain, scheme) for scheme in SCHEMES},
        "inversion": _Part(
            _reporting_one(replace(program, code=draws), int(draws[-1, 1])), "sobol"
        ),
        "formulas": _Part(_reporting_one(replace(program, code=formulas), last), "sobol"),
        "whole": _Part(program, "sobol"),
        "refined": _Part(program, "sobol", _WANTED),
    }


def _pick(program: Program, operations: set[Op]) -> np.ndarray:
    return program.code[np.isin(program.code[:, 0], list(operations))]


def _reporting_one(program: Program, register: int) -> Program:
    report = np.array([[Op.OUTPUT, 0, register, 0, 0]], np.int32)
    return replace(program, code=np.vstack([program.code, report]), outputs=program.outputs[:1])


def _cost(parts: Mapping[str, _Part], draws: int, rounds: int) -> dict[str, float]:
    """Return nanoseconds a draw above the start of each part."""
    sizes = (FEW, draws)
    tasks = {
        f"{name} {size}": partial(_run, part, size)
        for name, part in parts.items()
        for size in sizes
    }
    for name in parts:
        tasks[f"{name} {FEW}"]()
    laps = time_rounds(tasks, rounds, math.inf)
    return {
        name: 1e9
        * median(
            b.processor - a.processor
            for a, b in zip(*(laps[f"{name} {size}"] for size in sizes), strict=True)
        )
        / (draws - FEW)
        for name in parts
    }


def _run(part: _Part, draws: int) -> None:
    sample(
        part.program,
        draws_per_replicate=draws // _REPLICATES,
        replicates=_REPLICATES,
        seed=1,
        sampling=part.sampling,
        interval=_INTERVAL,
        probabilities=part.probabilities,
        kept=0,
        threads=1,
    )


def aims(stages: Stages) -> list[Aim]:
    """Return nothing: only the sum is asked to be small."""
    return []


def render(stages: Stages) -> str:
    """Return the table."""
    rows = [(s.name, s.what, format_number(round(s.nanoseconds, 1))) for s in stages.rows]
    return markdown(("stage", "", "ns a draw"), rows, "llr")

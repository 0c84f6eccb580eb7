"""How time grows with draws, quantities and outputs, and what a quantity costs in a real study.

Studies that differ in one number only are run with few draws, which takes what a run spends before
its first draw, and with many. Processor time of one thread, medians of interleaved rounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import wattif as wi
from benchmarks.aims import Aim, format_number, markdown
from benchmarks.scale import Scale
from benchmarks.studies import of_outputs, of_quantities
from wattif.bench.timing import time_rounds
from wattif.bench.workload import STUDY
from wattif.compile import compile_model
from wattif.engine.program import Op
from wattif.language.model import Formula

SURVEY = Path(__file__).parents[1] / "configs" / "survey-2025b.toml"
FEW = 2**12
QUANTITIES = (12, 25, 50, 100, 200, 400)
OUTPUTS = (4, 12, 25, 50, 100, 200)
_DOUBLINGS = 4
_TWICE = 2.05  # 2, and what rounds differ by


@dataclass(frozen=True)
class Cost:
    """Seconds of a run of ``FEW`` draws, and those that ``draws`` take above it.

    The latter are those between the two runs, and the share that ``FEW`` draws would add to them.
    """

    draws: int
    start: float
    above: float

    @property
    def nanoseconds(self) -> float:
        """Time of a draw above the start."""
        return 1e9 * self.above / self.draws


@dataclass(frozen=True)
class Step:
    """The cost of so many draws, quantities or outputs."""

    count: int
    cost: Cost


@dataclass(frozen=True)
class PerQuantity:
    """A study whose draws are shared out.

    ``quantities``: drawn ones and those that have a formula, as a user would count them, of which
    ``outputs`` are reported; ``instructions``: what it is compiled to, a draw or an operation each.
    """

    study: str
    quantities: int
    outputs: int
    instructions: int
    cost: Cost


@dataclass(frozen=True)
class Scaling:
    """Three series, each from few to many, and two studies."""

    draws: tuple[Step, ...]
    quantities: tuple[Step, ...]
    outputs: tuple[Step, ...]
    training_run: PerQuantity
    survey: PerQuantity


def measure(scale: Scale) -> Scaling:
    """Return all costs, measured side by side."""
    sizes = [2**i * scale.draws for i in range(_DOUBLINGS)]
    run, survey = wi.load(STUDY), wi.load(SURVEY)
    cases = {
        "run": (run, sizes),
        "survey": (survey, sizes[:1]),
        **{f"quantities {n}": (wi.load(of_quantities(n)), sizes[:1]) for n in QUANTITIES},
        **{f"outputs {n}": (wi.load(of_outputs(n)), sizes[:1]) for n in OUTPUTS},
    }
    costs = measure_costs(cases, scale.rounds)
    return Scaling(
        tuple(Step(size, costs["run", size]) for size in sizes),
        tuple(Step(n, costs[f"quantities {n}", sizes[0]]) for n in QUANTITIES),
        tuple(Step(n, costs[f"outputs {n}", sizes[0]]) for n in OUTPUTS),
        _share_out("training run", run, costs["run", sizes[0]]),
        _share_out("survey", survey, costs["survey", sizes[0]]),
    )


Cases = Mapping[str, tuple[wi.Study, Sequence[int]]]


def measure_costs(cases: Cases, rounds: int) -> dict[tuple[str, int], Cost]:
    """Return the cost of each study at each of its numbers of draws."""
    tasks: dict[str, Callable[[], object]] = {}
    for name, (study, sizes) in cases.items():
        for draws in (FEW, *sizes):
            tasks[f"{name} {draws}"] = partial(study.run, draws=draws, threads=1)
        tasks[f"{name} {FEW}"]()
    laps = time_rounds(tasks, rounds, math.inf)
    found = {}
    for name, (_, sizes) in cases.items():
        starts = [lap.processor for lap in laps[f"{name} {FEW}"]]
        for draws in sizes:
            whole = [lap.processor for lap in laps[f"{name} {draws}"]]
            between = median(b - a for a, b in zip(starts, whole, strict=True))
            above = between * draws / (draws - FEW)
            found[name, draws] = Cost(draws, median(starts), above)
    return found


def _share_out(name: str, study: wi.Study, cost: Cost) -> PerQuantity:
    model = study.model
    program = compile_model(model).program
    computed = sum(isinstance(model.find(*place).belief, Formula) for place in model.needed)
    instructions = sum(op not in (Op.OUTPUT, Op.COUPLE) for op in program.code[:, 0])
    quantities = len(program.inputs) + computed
    return PerQuantity(name, quantities, len(program.outputs), int(instructions), cost)


def doubling(first: Step, last: Step) -> float:
    """Return by how much the time above the start grows whenever the count doubles."""
    times = last.cost.above / first.cost.above
    if not 0 < times < math.inf:  # of too few draws to tell
        return math.nan
    return float(2 ** (math.log(times) / math.log(last.count / first.count)))


def aims(scaling: Scaling) -> list[Aim]:
    """Return what is asked: growth in proportion at most, whatever grows."""
    series = {
        "draws": scaling.draws,
        "quantities": scaling.quantities,
        "outputs": scaling.outputs,
    }
    growth = [
        Aim(
            f"time above the start for twice the {name}, on average",
            "at most",
            _TWICE,
            doubling(*ends),
        )
        for name, steps in series.items()
        for ends in [(steps[0], steps[-1])]
    ]
    ratio = _each(scaling.survey) / _each(scaling.training_run)
    return [*growth, Aim("a quantity of the survey over one of the run", "at most", 1.3, ratio)]


def _each(study: PerQuantity) -> float:
    """Return nanoseconds a draw and quantity."""
    return study.cost.nanoseconds / study.quantities


def render(scaling: Scaling) -> str:
    """Return the tables."""
    draws = scaling.quantities[0].cost.draws
    return "\n\n".join(
        [
            f"The training run, by draws: a start of {_milliseconds(scaling.draws[0].cost)} ms.",
            _series("draws", scaling.draws),
            f"12 to 400 lognormal quantities in four sums; {draws:,} draws.",
            _series("quantities", scaling.quantities),
            f"4 to 200 products of three of twelve lognormal quantities; {draws:,} draws.",
            _series("outputs", scaling.outputs),
            "Per quantity. Counted are those that are drawn and those that have a formula; and the"
            " instructions to which both are compiled.",
            _studies((scaling.training_run, scaling.survey)),
        ]
    )


def _series(what: str, steps: Sequence[Step]) -> str:
    head = (what, "start, ms", "above, ms", "above, ns a draw", f"for twice the {what}")
    rows = []
    for before, step in zip((None, *steps), steps, strict=False):
        growth = "" if before is None else f"{doubling(before, step):.2f}"
        cost = step.cost
        above = (format_number(1e3 * cost.above), format_number(cost.nanoseconds))
        rows.append((f"{step.count:,}", _milliseconds(cost), *above, growth))
    return markdown(head, rows, "rrrrr")


def _studies(studies: Sequence[PerQuantity]) -> str:
    head = (
        "",
        "quantities",
        "reported",
        "instructions",
        "ns a draw",
        "per quantity",
        "per instruction",
    )
    rows = [
        (
            one.study,
            f"{one.quantities:,}",
            f"{one.outputs:,}",
            f"{one.instructions:,}",
            format_number(one.cost.nanoseconds),
            format_number(_each(one)),
            format_number(one.cost.nanoseconds / one.instructions),
        )
        for one in studies
    ]
    return markdown(head, rows, "lrrrrrr")


def _milliseconds(cost: Cost) -> str:
    return format_number(1e3 * cost.start)

"""The conductor: a model becomes a program, the program statistics, the statistics a result."""

from __future__ import annotations

import importlib.metadata
import json
import math
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from wattif import __version__
from wattif.compile import Compiled, compile_to_integrate
from wattif.errors import Problem, StudyError
from wattif.language.model import Model, RunSettings, Scenarios
from wattif.results.build import build_tree
from wattif.results.scenarios import join
from wattif.results.statistics import percentiles
from wattif.results.store import FORMAT_VERSION

if TYPE_CHECKING:
    from xarray import DataTree

    from wattif.engine.schedule import Schedule
    from wattif.engine.statistics import Statistics

Progress = Callable[[int, int], None]

FEWEST_TO_MERGE = 2**23  # draws, which take as long as the distributions of products
KEPT = 2**14  # draws kept for plots and sensitivity, over all replicates
MOST_DRAWS = 2**40  # about a day of two processors for the smallest studies
_SAMPLINGS = ("sobol", "latin-hypercube", "random")
_PACKAGES = ("numpy", "scipy", "numba", "xarray", "h5netcdf")


def simulate(
    model: Model,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    schedule: Schedule | None = None,
) -> DataTree:
    """Run a model as its ``run`` settings say and return the result.

    Parameters
    ----------
    threads
        Workers; all processors this process may use by default. The result does not depend on it.
    progress
        Called with (draws done, draws in all) as the run goes on.
    schedule
        Order in which the engine works through its tasks; the result does not depend on it either.

    Raises
    ------
    StudyError
        If the settings make no sense.
    RunError
        If the run cannot be carried through.
    """
    if model.scenarios:
        return _simulate_scenarios(model, model.scenarios, threads, progress, schedule)
    return as_tree(model, *measure(model, threads=threads, progress=progress, schedule=schedule))


def _simulate_scenarios(
    model: Model,
    scenarios: Scenarios,
    threads: int | None,
    progress: Progress | None,
    schedule: Schedule | None,
) -> DataTree:
    """Run the scenarios one after the other, on the same draws, and join their results."""
    trees: list[DataTree] = []
    count = len(scenarios.models)
    for number, one in enumerate(scenarios.models):

        def passed_on(done: int, total: int, number: int = number) -> None:
            if progress:
                progress(number * total + done, count * total)

        trees.append(simulate(one, threads=threads, progress=passed_on, schedule=schedule))
    tree = join(trees, scenarios.dimension, scenarios.labels)
    tree.attrs["resolved"] = json.dumps(model.resolved)
    return tree


def measure(
    model: Model,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    schedule: Schedule | None = None,
) -> tuple[Compiled, Statistics]:
    """Run a model as :func:`simulate` does, and return what was run and what the engine found."""
    from wattif.engine.sample import sample  # numba is loaded when there is something to run

    _check(model.run, threads)
    each = draws_per_replicate(model.run)
    compiled = compile_to_integrate(model, merge=each * model.run.replicates >= FEWEST_TO_MERGE)
    statistics = sample(
        compiled.program,
        draws_per_replicate=each,
        replicates=model.run.replicates,
        seed=model.run.seed,
        sampling=model.run.sampling,
        interval=model.run.interval,
        probabilities=tuple(p / 100 for p in percentiles(model.run.interval)),
        kept=min(each, _power_of_two(KEPT / model.run.replicates)),
        threads=threads,
        progress=progress,
        schedule=schedule,
    )
    return compiled, statistics


def as_tree(model: Model, compiled: Compiled, statistics: Statistics) -> DataTree:
    """Return the result of a run, from what the engine found."""
    input_keys = tuple(drawn.key for drawn in compiled.program.inputs)
    places = {
        f"{system}.{name}" if system else name: number
        for (system, name), number in compiled.places.items()
    }
    integrated = {
        name: statistics.factors[number]
        for name, number in places.items()
        if statistics.factors[number]
    }
    implied = [name for name, number in places.items() if statistics.implied[number]]
    attributes = _attributes(model, statistics)
    attributes |= {"integrated": json.dumps(integrated), "implied": json.dumps(implied)}
    return build_tree(model, compiled.places, input_keys, statistics, attributes)


def draws_per_replicate(run: RunSettings) -> int:
    """Return the draws of one replicate: the asked share, rounded up to a power of two."""
    return _power_of_two(run.draws / run.replicates)


def with_settings(
    model: Model,
    *,
    draws: int | None = None,
    seed: int | None = None,
    sampling: str | None = None,
    until: float | None = None,
    budget: int | None = None,
) -> Model:
    """Return the model with some of its run settings replaced; None leaves one as it is."""
    changes = {
        "draws": draws,
        "seed": seed,
        "sampling": sampling,
        "until": until,
        "budget": budget,
    }
    given = {name: value for name, value in changes.items() if value is not None}
    run = replace(model.run, **given)  # type: ignore[arg-type]
    _check(run, None)
    return model.with_run(run)


def _power_of_two(least: float) -> int:
    return 1 << max(0, math.ceil(math.log2(least)))


def _check(run: RunSettings, threads: int | None) -> None:
    problems = [
        *_whole("draws", run.draws, 1, MOST_DRAWS),
        *_whole("seed", run.seed, 0, 2**64 - 1),
        *_whole("replicates", run.replicates, 2, 1024),
        *_whole("threads", 1 if threads is None else threads, 1, 1024),
        *_whole("budget", run.budget, 1, MOST_DRAWS),
    ]
    if run.until is not None and not (_is_fraction(run.until) and 0 < run.until < 1):
        problems.append(_problem("until", "a fraction between 0 and 1", run.until))
    elif run.until is not None and not problems and run.budget < run.draws:
        least = f"at least the {run.draws:,} draws of the first round"
        problems.append(_problem("budget", least, run.budget))
    if run.sampling not in _SAMPLINGS:
        words = ", ".join(f'"{name}"' for name in _SAMPLINGS)
        problems.append(_problem("sampling", f"one of {words}", run.sampling))
    if not 0 < run.interval < 1:
        problems.append(_problem("interval", "a number between 0 and 1", run.interval))
    if problems:
        raise StudyError(tuple(problems), file="run settings")


def _is_fraction(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(name: str, value: object, least: int, most: int) -> list[Problem]:
    if type(value) is int and least <= value <= most:  # True is not 1
        return []
    return [_problem(name, f"a whole number from {least:,} to {most:,}", value)]


def _problem(name: str, expected: str, found: object) -> Problem:
    return Problem(f"{name} is {found!r}; expected {expected}", key=f"run.{name}")


def _attributes(model: Model, statistics: Statistics) -> dict[str, object]:
    """Return how the run was made: all that a repetition needs, and what may make it differ."""
    from wattif.engine.jit import cpu_name

    return {
        "Conventions": "CF-1.12",
        "format_version": FORMAT_VERSION,
        "title": model.title,
        **{f"title_{language}": text for language, text in model.titles.items()},
        "name": model.name,
        "description": model.description,
        "study": model.text,
        "resolved": json.dumps(model.resolved),
        "seed": str(model.run.seed),  # netCDF has no 64-bit unsigned attribute everywhere
        "sampling": model.run.sampling,
        "draws": statistics.draws * statistics.replicates,
        "draws_asked": model.run.draws,
        "replicates": model.run.replicates,
        "block": statistics.block,
        "refinement_passes": statistics.passes,
        "interval": model.run.interval,
        "wattif_version": __version__,
        "versions": json.dumps(_versions()),
        "platform": json.dumps(
            {"machine": platform.machine(), "cpu": cpu_name(), "python": platform.python_version()}
        ),
    }


@cache
def _versions() -> dict[str, str]:
    """Return the versions of the packages that a result may depend on.

    Most are loaded, and say so at once; to look one up takes 2 ms.
    """
    return {
        name: getattr(sys.modules.get(name), "__version__", None)
        or importlib.metadata.version(name)
        for name in _PACKAGES
    }

"""The conductor: a run for each shape on the same draws, then one interval at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from wattif.distributions import BeliefError, Distribution
from wattif.errors import Problem, StudyError
from wattif.format import format_percent
from wattif.language.model import Model
from wattif.reshape.alone import causes
from wattif.reshape.alternatives import (
    SHAPES,
    Stated,
    read_as,
    settled_intervals,
    stated_intervals,
    with_distributions,
)
from wattif.reshape.moves import numbers_of, shifts
from wattif.reshape.report import Cause, Output, Remark, ShapeReport, Shift
from wattif.results.answers import Answer, read_answers
from wattif.results.answers import Quantity as Answered
from wattif.simulate import Progress, as_tree, measure

if TYPE_CHECKING:
    from wattif.compile import Compiled
    from wattif.engine.statistics import Statistics

Readings = Mapping[str, Mapping[str, Distribution]]  # by shape, then by the quantity's key

_VISIBLE = 1e-3  # probability below 0 that is worth a remark


def reshape(
    model: Model, *, threads: int | None = None, progress: Progress | None = None
) -> ShapeReport:
    """Read every "a to b" of a model in other shapes, and return how its outputs move.

    Raises
    ------
    StudyError
        If no output needs an "a to b".
    RunError
        If a run cannot be carried through.
    """
    stated = stated_intervals(model)
    if not stated:
        message = 'no output needs an interval "a to b", whose shape could be another'
        raise StudyError((Problem(message),), model.path or model.name)
    readings, remarks = _read(stated)
    compiled, found = measure(model, threads=threads, progress=_part(progress, 0, readings))
    others = {
        shape: _measure(model, readings, shape, threads, progress)
        for shape in readings
        if readings[shape]
    }
    return ShapeReport(
        name=model.name,
        title=model.title,
        level=model.run.interval,
        intervals=tuple(one.key for one in stated),
        shapes=tuple(readings),
        as_read=tuple(shape for shape in readings if shape not in others),
        outputs=_outputs(model, compiled, found, others, stated, readings),
        remarks=(*remarks, *_settled(model)),
        draws=found.draws * found.replicates,
        draws_alone=found.kept_inputs.shape[0] * found.kept_inputs.shape[2],
        replicates=found.replicates,
        sampling=model.run.sampling,
        seed=model.run.seed,
    )


def _outputs(
    model: Model,
    compiled: Compiled,
    found: Statistics,
    others: Mapping[str, Statistics],
    stated: tuple[Stated, ...],
    readings: Readings,
) -> tuple[Output, ...]:
    """Return how the outputs move from what was found to what was found in other shapes."""
    level = model.run.interval
    answers = tuple(_shown(read_answers(as_tree(model, compiled, found)), compiled.places))
    events = frozenset(k for k, _, answer in answers if answer.is_event)
    before = numbers_of(found, level, events)
    moves = {
        shape: shifts(before, numbers_of(other, level, events), before.widths())
        for shape, other in others.items()
    }
    read = {one.key: one.read for one in stated}
    reasons = causes(compiled.program, found.kept_inputs, level, events, read, readings)
    return tuple(_output(*one, moves, reasons) for one in answers)


def _settled(model: Model) -> Iterator[Remark]:
    for key in settled_intervals(model):
        yield Remark("", key, "stays: it decides another's shape")


def _read(stated: tuple[Stated, ...]) -> tuple[Readings, tuple[Remark, ...]]:
    """Return the other distributions by shape and key, and what cannot be or surprises.

    A shape that no interval can have is left out.
    """
    readings: dict[str, Mapping[str, Distribution]] = {}
    remarks: list[Remark] = []
    for shape in SHAPES:
        possible: dict[str, Distribution] = {}
        for one in stated:
            try:
                possible[one.key] = read_as(shape, one)
            except BeliefError as error:
                remarks.append(Remark(shape, one.key, f"cannot be: {error.message}"))
        if possible:
            read = {one.key: one.read for one in stated}
            readings[shape] = {key: d for key, d in possible.items() if d != read[key]}
            remarks += _reaching_below(shape, stated, readings[shape])
    return readings, tuple(remarks)


def _reaching_below(
    shape: str, stated: tuple[Stated, ...], readings: Mapping[str, Distribution]
) -> Iterator[Remark]:
    for one in stated:
        if one.low > 0.0 and one.key in readings:
            below = float(readings[one.key].probability(0.0))
            if below > _VISIBLE:
                yield Remark(shape, one.key, f"{format_percent(float(f'{below:.2g}'))} below 0")


def _measure(
    model: Model,
    readings: Readings,
    shape: str,
    threads: int | None,
    progress: Progress | None,
) -> Statistics:
    """Return what a run finds with all intervals in a shape."""
    other = with_distributions(model, readings[shape])
    part = 1 + [name for name in readings if readings[name]].index(shape)
    return measure(other, threads=threads, progress=_part(progress, part, readings))[1]


def _part(progress: Progress | None, part: int, readings: Readings) -> Progress | None:
    """Return the progress of one run as a part of that of all."""
    if progress is None:
        return None
    runs = 1 + sum(1 for others in readings.values() if others)
    return lambda done, total: progress(part * total + done, runs * total)


def _shown(
    answered: tuple[Answered, ...], places: Mapping[tuple[str, str], int]
) -> Iterator[tuple[int, Answered, Answer]]:
    """Yield the answers that could move, each with the number of its output."""
    for quantity in answered:
        for answer in quantity.answers:
            if not answer.absent and not answer.constant:
                yield places[answer.system, quantity.name], quantity, answer


def _output(
    k: int,
    quantity: Answered,
    answer: Answer,
    moves: Mapping[str, tuple[Shift, ...]],
    reasons: Mapping[int, list[Cause]],
) -> Output:
    errors = answer.errors
    return Output(
        quantity=quantity.name,
        label=quantity.label,
        unit=quantity.unit,
        system=answer.system,
        row=answer.row,
        is_event=answer.is_event,
        median=answer.statistics["mean" if answer.is_event else "p50"],
        interval=answer.interval,
        errors=(errors["p50"], errors["eti_low"], errors["eti_high"]),
        shifts={shape: shifts[k] for shape, shifts in moves.items()},
        causes=tuple(sorted(reasons[k], key=lambda cause: -cause.shift.size)),
    )
